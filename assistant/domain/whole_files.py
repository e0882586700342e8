"""Files that are replaced as a whole: a crash, a kill or a power cut leaves the old one or the new one.

On Windows a virus scanner or a backup tool may hold one of them; it lets go within moments."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from assistant.domain.errors import AssistantError, DiskFullError, StoreUnavailableError

_TRIES, _REST_S = 20, 0.1
_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file, readable by its owner only, and wait until its bytes are on the disk. One writer at a time. Raises OSError."""
    fresh = path.with_name(f"{path.name}.new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    rename_patiently(fresh, path)


def write_chosen(path: Path, pieces: Iterable[bytes]) -> None:
    """Replace a file where the user wants one, or make it, with the rights that the system gives new files. An error of `pieces` goes
    through and leaves what was there. Raises DiskFullError; StoreUnavailableError (store "export")."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        rename_patiently(unfinished, path)
    except OSError as error:
        raise storing_failure(error, path, "export") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def rename_patiently(source: Path, target: Path) -> None:
    """Raises OSError."""
    for attempt in range(_TRIES):
        try:
            source.replace(target)
            return
        except PermissionError:
            if attempt == _TRIES - 1:
                raise
            time.sleep(_REST_S)


def read_patiently(path: Path) -> bytes:
    """Raises FileNotFoundError (at once), OSError."""
    for attempt in range(_TRIES):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise
        except OSError:
            if attempt == _TRIES - 1:
                raise
            time.sleep(_REST_S)
    raise AssertionError


def storing_failure(error: OSError, path: Path, store: str) -> AssistantError:
    """What to raise when a store's file could not be read or written."""
    if error.errno in _FULL:
        return DiskFullError(path=str(path), needed_bytes=0, free_bytes=0)
    return StoreUnavailableError(store=store, reason=error.strerror or type(error).__name__)
