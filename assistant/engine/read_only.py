"""A data folder that cannot be written, or that an open window owns: what is in it is opened from a private copy, which is thrown away
at the end.

Everything reads and searches as it always does, stores that need a write-ahead log or a migration included. What the index process
would write has no place, so nothing is indexed, and the chats of the session are not kept; whoever shows this says so.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.domain.errors import DataFolderBusyError, StoreUnavailableError
from assistant.engine.paths import LOCK_NAME, DataPaths, OwnerLock

log = logging.getLogger(__name__)

PREFIX = "elephant-read-only-"
REASON = "read-only"
_UNWRITABLE = {errno.EROFS, errno.EACCES, errno.EPERM}
_SMALL_FILES = ("*.json", "*.json.old", "settings.toml", "index/*.json")
_STORES = ("conversations.sqlite", "index/*/catalog.sqlite")
_BESIDE_STORES = ("conversations.sqlite?*", "index/*/catalog.sqlite?*")
_OF_THE_MOMENT = ("-shm", ".distrust")
"""A copy has no readers to share memory with, and damage seen in the original does not shut the copy."""
_UNTIL_LOCKED_S = 60.0


def is_read_only(folder: Path) -> bool:
    """Whether a folder is there and takes no file. A full disk is another matter."""
    if not folder.is_dir():
        return False
    # Not by `tempfile`: on Windows it tries thousands of names where none may be made.
    trial = folder / f".writable-{os.getpid()}"
    try:
        trial.touch()
    except OSError as error:
        return error.errno in _UNWRITABLE
    with suppress(OSError):  # somebody may hold it for a moment, which says nothing about the folder
        trial.unlink()
    return False


def usable(paths: DataPaths) -> DataPaths:
    """These paths, or those of a copy if nothing can be written there.

    Raises StoreUnavailableError, reason "read-only": there is no room for a copy either."""
    if paths.is_read_only or not is_read_only(paths.root):
        return paths
    copied = _copied(paths, _copy_file, (*_SMALL_FILES, *_STORES, *_BESIDE_STORES))
    log.info("the data folder cannot be written; a copy is used")
    return copied


def snapshot(paths: DataPaths) -> DataPaths:
    """The paths of a copy of a folder that another engine is writing to, as of one moment for each store.

    Raises StoreUnavailableError, reason "read-only": there is no room for a copy."""
    return _copied(paths, _copy_live, (*_SMALL_FILES, *_STORES))


def _copied(paths: DataPaths, copy_file: Callable[[Path, Path], None], patterns: Sequence[str]) -> DataPaths:
    remove_leftover_copies()
    copied = replace(paths, original=paths.root)
    try:
        copied = _owned_folder(copied)
        for pattern in patterns:
            for file in paths.root.glob(pattern):
                if not file.name.endswith(_OF_THE_MOMENT):
                    target = copied.root / file.relative_to(paths.root)
                    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                    copy_file(file, target)
    except BaseException as error:
        if copied.lock is not None:
            throw_away(copied)
        if isinstance(error, (OSError, sqlite3.Error)):
            raise StoreUnavailableError(str(error), store="data", reason=REASON) from error
        raise
    return copied


def _owned_folder(paths: DataPaths) -> DataPaths:
    """A fresh folder, locked before anything lies in it."""
    while True:
        root = Path(tempfile.mkdtemp(prefix=PREFIX))
        owned = replace(paths, root=root, lock=OwnerLock(DataPaths(root)))
        assert owned.lock is not None
        try:
            owned.lock.take(0.0)
            return owned
        except DataFolderBusyError:
            pass  # another command looks whether it is a leftover, and removes it
        except BaseException:
            throw_away(owned)
            raise


def _copy_file(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)


def _copy_live(source: Path, target: Path) -> None:
    if source.suffix == ".sqlite":
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
    else:
        _copy_file(source, target)


def throw_away(paths: DataPaths) -> None:
    """Remove a copy, when nothing uses it any more."""
    if paths.is_read_only:
        if paths.lock is not None:
            paths.lock.release()
        shutil.rmtree(paths.root, ignore_errors=True)


def remove_leftover_copies() -> None:
    """Copies of runs that were killed. One that is in use has a locked lock."""
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        if folder.is_symlink() or _is_just_made(folder):
            continue
        lock = FileLock(str(folder / LOCK_NAME))
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            continue
        shutil.rmtree(folder, ignore_errors=True)  # while it is ours: nobody can begin to use it
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)  # Windows does not remove a file that is open


def _is_just_made(folder: Path) -> bool:
    """Whether somebody may be about to lock it."""
    try:
        return not (folder / LOCK_NAME).exists() and time.time() - folder.stat().st_mtime < _UNTIL_LOCKED_S
    except OSError:
        return True
