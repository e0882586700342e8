"""What an error of SQLite says about a file. A disk that is full, away or slow says nothing about it."""

from __future__ import annotations

import sqlite3


def is_damage(error: sqlite3.Error) -> bool:
    return _primary(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def is_full_disk(error: sqlite3.Error) -> bool:
    return _primary(error) == sqlite3.SQLITE_FULL


def _primary(error: sqlite3.Error) -> int:
    """Extended codes keep the primary one in their low byte."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF
