"""Deleting a conversation in two steps: it is hidden at once, and gone for good when its Undo is long over.

In between the engine may have been restarted: what can still be brought back on screen must not be lost by that.
"""

from __future__ import annotations

import sqlite3

KEPT_S = 600
"""Longer than Undo is offered anywhere, so that no restart takes it away; short, so that deleted means gone at the next start."""
_CLOCK_S = 60
"""What a clock may have been set back by meanwhile."""


def mark_deleted(db: sqlite3.Connection, conversation_id: int, now_s: float) -> bool:
    """Hide a conversation. False: there is none of this number. The column holds when it was deleted; 0 means it is not."""
    return _mark(db, conversation_id, max(1, int(now_s)))


def mark_restored(db: sqlite3.Connection, conversation_id: int) -> bool:
    return _mark(db, conversation_id, 0)


def _mark(db: sqlite3.Connection, conversation_id: int, mark: int) -> bool:
    query = "UPDATE conversations SET is_deleted = ? WHERE id = ?"
    return bool(db.execute(query, (mark, conversation_id)).rowcount)


def remove_deleted(db: sqlite3.Connection, now_s: float) -> None:
    """Remove for good what was deleted a while ago, or at a time that this clock does not reach: an earlier Elephant wrote only 1."""
    db.execute(
        "DELETE FROM conversations WHERE is_deleted AND is_deleted NOT BETWEEN ? AND ?",
        (int(now_s) - KEPT_S, int(now_s) + _CLOCK_S),
    )
