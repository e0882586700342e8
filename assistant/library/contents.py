"""Looking at a file's bytes without being led astray: no link is followed, nothing but a plain file is opened."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from assistant.library.file_table import Identity

_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ContentMark:
    """What a content is known by again without a word of it."""

    size: int
    hash: bytes


def identity_of(path: Path) -> Identity | None:
    """What a scan would see of a plain file; None for anything else. Raises OSError."""
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        return None
    return Identity.of(status.st_size, status.st_mtime_ns, status.st_ino)


def content_hash(path: Path) -> bytes:
    """BLAKE2b of the content. Raises OSError, also for a link and for what is no plain file."""
    # O_NONBLOCK: opening a FIFO would wait for a writer for ever.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    with os.fdopen(handle, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("not a plain file")
        digest = hashlib.blake2b(digest_size=20)
        while block := file.read(_BLOCK):
            digest.update(block)
        return digest.digest()


def mark_of(path: Path, identity: Identity | None = None) -> ContentMark | None:
    """Of a plain file's content; None if it cannot be read, or is written meanwhile. identity: what it must be still."""
    try:
        before = identity or identity_of(path)
        digest = content_hash(path)
        if before is None or identity_of(path) != before:
            return None
    except OSError:
        return None
    return ContentMark(before.size, digest)


def is_certainly_gone(root: str, raw: str) -> bool:
    """Whether no file bears this path below the root any more (a folder may, and what a link leads to is no file of ours).

    Not being allowed to look is not being gone."""
    path = Path(root)
    *above, name = raw.split("/")
    try:
        for part in above:
            path /= part
            if not stat.S_ISDIR(path.lstat().st_mode):
                return True
        return stat.S_ISDIR((path / name).lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
