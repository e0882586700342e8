"""Backups of a SQLite file: whole, verified, numbered, and the newest few kept.

A backup is written under another name first and renamed when it has been checked, so one that is there is one that can be used.
Numbers, not dates, order them: a clock may jump.
"""

from __future__ import annotations

import errno
import re
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.errors import DiskFullError, StoreUnavailableError
from assistant.domain.sqlite_errors import is_damage, is_full_disk

_NAME = re.compile(r"conversations-(\d{6,})-.*\.sqlite$")
_COUNTED = ("conversations", "turns")


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """made_at_s: Unix seconds, by the file's own time."""

    path: Path
    number: int
    made_at_s: float


def list_backups(folder: Path) -> list[BackupInfo]:
    """Backups in a folder, newest first. A folder that is not there has none."""
    found = []
    for path in folder.glob("conversations-*.sqlite"):
        match = _NAME.match(path.name)
        if match:
            found.append(BackupInfo(path, int(match[1]), path.stat().st_mtime))
    return sorted(found, key=lambda info: info.number, reverse=True)


def write_backup(source: sqlite3.Connection, folder: Path, *, keep: int, label: str = "") -> BackupInfo:
    """Copy the database behind `source` into `folder`, check the copy, then drop all but the newest `keep`.

    The caller holds the lock of `source`, so that its row counts cannot move meanwhile.

    Raises:
        DiskFullError: there is no room for it.
        StoreUnavailableError: the copy is not equal to its source, or cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(OSError):
        remove_unfinished(folder)
    earlier = list_backups(folder)
    number = earlier[0].number + 1 if earlier else 1
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    target = folder / f"conversations-{number:06d}-{label or stamp}.sqlite"
    unfinished = target.with_suffix(".part")
    try:
        _copy(source, unfinished)
        if not is_sound(unfinished) or _counts_of(unfinished) != row_counts(source):
            raise StoreUnavailableError(store="backup", reason="copy differs")
        unfinished.replace(target)
    except (sqlite3.Error, OSError) as error:
        is_full = is_full_disk(error) if isinstance(error, sqlite3.Error) else error.errno == errno.ENOSPC
        if is_full:
            raise DiskFullError(path=str(folder), needed_bytes=0, free_bytes=0) from error
        raise StoreUnavailableError(store="backup", reason=str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)
    for old in list_backups(folder)[keep:]:
        old.path.unlink(missing_ok=True)
    return BackupInfo(target, number, target.stat().st_mtime)


def remove_unfinished(folder: Path) -> None:
    """What a kill has left of a backup that was being written: a copy of every conversation that nobody would look for. Raises OSError."""
    for left in folder.glob("conversations-*.part*"):
        left.unlink(missing_ok=True)


def is_damaged(path: Path) -> bool:
    """True if the file can be read and is no sound database. Raises sqlite3.Error if it cannot be read now."""
    try:
        with closing(open_read_only(path)) as connection:
            return [row[0] for row in connection.execute("PRAGMA integrity_check")] != ["ok"]
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return True
        raise


def is_sound(path: Path) -> bool:
    """True if the file opens as SQLite and passes its full integrity check."""
    try:
        return not is_damaged(path)
    except sqlite3.Error:
        return False


def copy_newest_sound(folder: Path, target: Path) -> BackupInfo | None:
    """Put the newest backup that passes its check at `target`, which must not exist. None if there is no such backup."""
    for info in list_backups(folder):
        if not is_sound(info.path):
            continue
        unfinished = target.with_suffix(".restoring")
        with closing(open_read_only(info.path)) as source:
            _copy(source, unfinished)
        unfinished.replace(target)
        return info
    return None


def row_counts(connection: sqlite3.Connection) -> tuple[int, ...]:
    """Rows of each table that holds something of the user's. A table that an older layout lacks counts as empty."""
    known = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    # The names are ours, from the constant above.
    return tuple(
        int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) if table in known else 0
        for table in _COUNTED
    )


def _copy(source: sqlite3.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        # The copy inherits write-ahead logging; without it the backup is one self-contained file.
        copy.execute("PRAGMA journal_mode = DELETE")


def _counts_of(path: Path) -> tuple[int, ...]:
    with closing(open_read_only(path)) as connection:
        return row_counts(connection)


def open_read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
