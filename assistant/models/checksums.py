"""SHA-256 of model files, computed once for each state of a file and remembered beside the models.

A 5 GB file takes ten seconds and more to hash, so the result is kept for as long as the file's size and modification time stay.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from assistant.domain.errors import Cancelled

CHECKSUMS_NAME = ".checksums.json"
log = logging.getLogger(__name__)

_STEP_BYTES = 4 * 2**20


class _Known(msgspec.Struct, frozen=True):
    size: int
    mtime_ns: int
    sha256: str


def _always(_done: int, _total: int) -> bool:
    return True


class Checksums:
    """The remembered checksums of one models folder. Losing its file costs time, nothing else.

    Thread and process: any; the last writer wins, and what another one knew is computed again.
    """

    def __init__(self, store: Path) -> None:
        self._store = store

    def known(self, file: Path) -> str | None:
        """The checksum if it is remembered and the file has not changed since."""
        state = _state(file)
        found = self._load().get(_key(file))
        return found.sha256 if found and state == (found.size, found.mtime_ns) else None

    def sha256(self, file: Path, keep_going: Callable[[int, int], bool] = _always) -> str:
        """The checksum, computed if need be. keep_going hears bytes done and in all, and stops it by returning False.

        Raises Cancelled, OSError.
        """
        remembered = self.known(file)
        if remembered:
            return remembered
        before = _state(file)
        found = file_sha256(file, keep_going)
        if before == _state(file):
            self.remember(file, found)
        return found

    def remember(self, file: Path, sha256: str) -> None:
        size, mtime_ns = _state(file)
        entries = self._load()
        entries[_key(file)] = _Known(size, mtime_ns, sha256)
        keep(self._store, msgspec.json.format(msgspec.json.encode(entries)))

    def _load(self) -> dict[str, _Known]:
        try:
            return msgspec.json.decode(self._store.read_bytes(), type=dict[str, _Known])
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            return {}


def file_sha256(file: Path, keep_going: Callable[[int, int], bool] = _always) -> str:
    """Hash a file in steps. Raises Cancelled, OSError."""
    total = file.stat().st_size
    digest = hashlib.sha256()
    done = 0
    with file.open("rb") as stream:
        while data := stream.read(_STEP_BYTES):
            digest.update(data)
            done += len(data)
            if not keep_going(done, total):
                raise Cancelled
    return digest.hexdigest()


def keep(path: Path, data: bytes) -> None:
    """Write a record that is only worth time or comfort; a folder that cannot be written does without."""
    try:
        write_atomically(path, data)
    except OSError as error:
        log.info("%s could not be written: %s", path.name, error.strerror)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a small file so that a reader, or a crash, sees the old one or the new one whole. Its folder is made, but not what that lies
    in: a disk that is away must not be found in its own way when it comes back."""
    path.parent.mkdir(exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)


def _key(file: Path) -> str:
    return str(file.resolve())


def _state(file: Path) -> tuple[int, int]:
    info = file.stat()
    return info.st_size, info.st_mtime_ns
