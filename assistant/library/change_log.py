"""Which notes came, changed, were renamed and went of late.

News, not truth: it may be lost with the catalog, which holds it as a table of its own that is made when first needed, so that no layout
changes for it. It keeps a month or MOST_KEPT entries, and nothing of what was there when a folder was added, for that is no news.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence

from assistant.domain.changes import ChangeKind, NoteChange
from assistant.domain.library import FileInfo
from assistant.library.database import Database

MOST_KEPT = 5000
LONGEST_S = 31 * 86400.0
ONE_SITTING_S = 3600.0
"""Saving a note again and again is one change."""

_TABLE = """CREATE TABLE IF NOT EXISTS changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_s REAL NOT NULL,
    folder_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    note TEXT NOT NULL,
    was TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL
)"""


class ChangeLog:
    """Every writing method is one transaction, or joins the one that is open. Thread: any."""

    def __init__(
        self,
        database: Database,
        file: Callable[[int, str], FileInfo | None],
        now: Callable[[], float] = time.time,
    ) -> None:
        """file: how a note of a folder stands now."""
        self._database = database
        self._file = file
        self._now = now

    # ---- writing ---------------------------------------------------------------------------------------------------------

    def add(self, kind: ChangeKind, file_ids: Sequence[int], was: str = "") -> None:
        """These files, as their rows are now: removed ones before their rows go, renamed ones after theirs were changed."""
        if not file_ids:
            return
        now = self._now()
        with self._database.write() as db:
            db.execute(_TABLE)
            for file_id in file_ids:
                if kind is ChangeKind.CHANGED and self._touch(db, file_id, now):
                    continue
                db.execute(
                    """INSERT INTO changes(at_s, folder_id, key, note, was, kind)
                    SELECT ?, folder_id, key, note, ?, ? FROM files WHERE id = ?""",
                    (now, was, kind, file_id),
                )
            db.execute(
                "DELETE FROM changes WHERE at_s < ? OR seq <= (SELECT max(seq) FROM changes) - ?",
                (now - LONGEST_S, MOST_KEPT),
            )

    def _touch(self, db: sqlite3.Connection, file_id: int, now: float) -> bool:
        """Whether the note came or changed a short while ago, and that is now."""
        touched = db.execute(
            """UPDATE changes SET at_s = ? WHERE key = (SELECT key FROM files WHERE id = ?) AND at_s > ? AND kind IN (?, ?)""",
            (now, file_id, now - ONE_SITTING_S, ChangeKind.CHANGED, ChangeKind.ADDED),
        )
        return touched.rowcount > 0

    def forget(self, file_id: int) -> None:
        """Every entry of a note, under each name that it had, also those of other notes that bore one of them."""
        with self._database.write() as db:
            if not _is_there(db):
                return
            row = db.execute("SELECT folder_id, key, note FROM files WHERE id = ?", (file_id,)).fetchone()
            if row is None:
                return
            folder_id, key, note = row
            names = {note}
            for pair in db.execute("SELECT note, was FROM changes WHERE key = ?", (key,)):
                names.update(filter(None, pair))
            db.execute("DELETE FROM changes WHERE key = ?", (key,))
            db.executemany(
                "DELETE FROM changes WHERE folder_id = ? AND (note = ? OR was = ?)",
                [(folder_id, name, name) for name in names],
            )

    def forget_folder(self, folder_id: int) -> None:
        with self._database.write() as db:
            if _is_there(db):
                db.execute("DELETE FROM changes WHERE folder_id = ?", (folder_id,))

    def rehome(self, folder_id: int, new_id: int, prefix: str) -> None:
        """The entries of a folder become those of another, below a sub-folder of it."""
        before = f"{prefix}/" if prefix else ""
        with self._database.write() as db:
            if _is_there(db):
                db.execute(
                    """UPDATE changes SET folder_id = ?, note = ? || note, was = CASE was WHEN '' THEN '' ELSE ? || was END
                    WHERE folder_id = ?""",
                    (new_id, before, before, folder_id),
                )

    # ---- reading ---------------------------------------------------------------------------------------------------------

    def since(self, at_s: float, limit: int = 500) -> tuple[list[NoteChange], int]:
        """What became of each note from a moment on, the latest first, and of how many notes there is news in all."""
        with self._database.read() as db:
            if not _is_there(db):
                return [], 0
            rows = db.execute(
                "SELECT at_s, folder_id, key, note, was, kind FROM changes WHERE at_s >= ? ORDER BY at_s DESC, seq DESC",
                (at_s,),
            ).fetchall()
        by_note: dict[str, list[tuple[float, int, str, str, ChangeKind]]] = {}
        for when_s, folder_id, key, note, was, kind in rows:
            by_note.setdefault(key, []).append((when_s, folder_id, note, was, ChangeKind(kind)))
        return [self._summed(news) for news in list(by_note.values())[:limit]], len(by_note)

    def _summed(self, news: Sequence[tuple[float, int, str, str, ChangeKind]]) -> NoteChange:
        """news: of one note, the latest first."""
        at_s, folder_id, note, _, last = news[0]
        kinds = {kind for *_, kind in news}
        was = ""
        kind = ChangeKind.CHANGED
        if last is ChangeKind.REMOVED:
            kind = last
        elif ChangeKind.ADDED in kinds:
            kind = ChangeKind.ADDED
        elif ChangeKind.RENAMED in kinds:
            kind = ChangeKind.RENAMED
            was = next(before for *_, before, one in reversed(news) if one is ChangeKind.RENAMED)
        file = self._file(folder_id, note) if kind is not ChangeKind.REMOVED else None
        return NoteChange(at_s, folder_id, note, kind, was if was != note else "", file)


def _is_there(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'changes'").fetchone() is not None
