"""Taking everything out of the conversations' store, with nothing of it left in its file, its backups or beside them."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from assistant.chat.backups import list_backups, remove_unfinished

BESIDE = ("damaged-*", "restoring*")
"""Copies of the file that something left: one that was damaged, one that was being put back."""


def remove_backups(store: Path, folder: Path) -> int:
    """Every backup and every copy beside the store. Returns how many backups there were. Raises OSError; the newest backup goes last."""
    backups = list_backups(folder)
    for backup in reversed(backups):
        backup.path.unlink(missing_ok=True)
    remove_unfinished(folder)
    for pattern in BESIDE:
        for left in store.parent.glob(f"{store.stem}.{pattern}"):
            left.unlink(missing_ok=True)
    return len(backups)


def empty_tables(db: sqlite3.Connection) -> None:
    """Delete every row, whatever tables there are; numbers go on where they were. Inside the caller's transaction."""
    db.execute("PRAGMA defer_foreign_keys = ON")
    for _schema, name, kind, *_rest in db.execute("PRAGMA main.table_list").fetchall():
        # What a full-text index consists of is its own business: it follows by triggers.
        if kind == "table" and not name.startswith("sqlite_"):
            db.execute(f'DELETE FROM "{name}"')


def shrink(db: sqlite3.Connection) -> None:
    """Take the holes out of the file. What was deleted is overwritten already, so that a disk without room for it costs nothing."""
    with suppress(sqlite3.OperationalError):
        db.execute("VACUUM")
