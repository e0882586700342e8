"""Whether a folder is as it was, to the byte."""

from __future__ import annotations

import hashlib
from pathlib import Path


def folder_hash(root: Path) -> str:
    """Of all names, kinds and contents below a folder."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        digest.update(f"{path.relative_to(root)}\0{path.is_dir()}\0".encode("utf-8", "surrogateescape"))
        if path.is_file():
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
