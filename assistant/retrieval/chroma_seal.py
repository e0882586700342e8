"""What a closed index looked like, file by file, so that damage at rest is noticed before Chroma opens it.

Chroma reads damaged files without a word, or dies of them, and a probe of some chunks misses damage to others. Every byte is compared instead:
54 MB, which is 20,000 chunks, take some 70 ms.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from assistant.domain.whole_files import write_whole

_NAME = "seal.json"


def seal(root: Path, index: Path) -> None:
    """Remember the files of an index that nothing writes to at the moment. Raises OSError."""
    files = {name: [path.stat().st_size, _digest(path)] for name, path in _files(index).items()}
    write_whole(root / _NAME, json.dumps({"folder": index.name, "files": files}).encode())


def is_sealed(root: Path, index: Path) -> bool:
    return _sealed(root, index) is not None


def changed_file(root: Path, index: Path) -> str:
    """The name of a file that is not what it was when the index was sealed, or is missing or new; "" if there is none."""
    sealed = _sealed(root, index)
    if sealed is None:
        return ""
    found = _files(index)
    for name in sorted(sealed.keys() | found.keys()):
        path = found.get(name)
        # The size first: a file that grew to hundreds of gigabytes of nothing is not to be read.
        if path is None or name not in sealed or path.stat().st_size != sealed[name][0]:
            return Path(name).name
    for name, path in found.items():
        if _digest(path) != sealed[name][1]:
            return path.name
    return ""


def _sealed(root: Path, index: Path) -> dict[str, tuple[int, str]] | None:
    try:
        body = json.loads((root / _NAME).read_text("utf-8"))
        if body["folder"] != index.name:
            return None
        return {str(name): (int(size), str(digest)) for name, (size, digest) in body["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _files(index: Path) -> dict[str, Path]:
    return {path.relative_to(index).as_posix(): path for path in index.rglob("*") if path.is_file()}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
