"""Looking into backups of the conversations, and putting one back in such a way that it can be undone."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import zip_longest
from pathlib import Path

from assistant.chat import conversation_schema as schema
from assistant.chat.backups import BackupInfo, is_sound, list_backups, open_read_only, row_counts, write_backup
from assistant.domain.answers import BackupSummary
from assistant.domain.errors import BadRequestError, StoreUnavailableError

_KIND = re.compile(r"conversations-\d+-(before-[a-z]+)")
_KINDS = {"before-layout": "before-upgrade", "before-restore": "before-restore"}


def summaries(folder: Path) -> list[BackupSummary]:
    """Every backup with what is in it, newest first."""
    return [summary_of(info) for info in list_backups(folder)]


def summary_of(info: BackupInfo) -> BackupSummary:
    """What is in a backup. It is read only; the full check is made when it is put back."""
    match = _KIND.match(info.path.name)
    kind = _KINDS.get(match[1], "") if match else ""
    try:
        size_bytes = info.path.stat().st_size
    except OSError:
        size_bytes = 0
    try:
        with closing(open_read_only(info.path)) as backup:
            conversations, turns, newest_at_s = contents(backup)
    except sqlite3.Error:
        return BackupSummary(info.number, info.made_at_s, size_bytes, kind=kind, is_sound=False)
    return BackupSummary(info.number, info.made_at_s, size_bytes, conversations, turns, newest_at_s, kind)


def contents(connection: sqlite3.Connection) -> tuple[int, int, float]:
    """Conversations and turns that are not deleted, and when the newest conversation changed."""
    if not row_counts(connection)[0]:
        return 0, 0, 0.0
    conversations, newest = connection.execute(
        "SELECT count(*), coalesce(max(changed_at_s), 0) FROM conversations WHERE NOT is_deleted"
    ).fetchone()
    turns = connection.execute(
        "SELECT count(*) FROM turns t JOIN conversations c ON c.id = t.conversation_id WHERE NOT c.is_deleted"
    ).fetchone()[0]
    return conversations, turns, newest


def usable_backup(folder: Path, number: int) -> BackupInfo:
    """The backup of this number, after its full check.

    Raises:
        BadRequestError: there is none of this number (reason "no such backup").
        StoreUnavailableError: it is damaged, or of a newer Elephant (store "backup", reason "damaged" or "newer").
    """
    info = next((info for info in list_backups(folder) if info.number == number), None)
    if info is None:
        raise BadRequestError(reason="no such backup")
    if not is_sound(info.path):
        raise StoreUnavailableError(store="backup", reason="damaged")
    with closing(open_read_only(info.path)) as backup:
        if schema.layout_of(backup) > schema.NEWEST:
            raise StoreUnavailableError(store="backup", reason="newer")
    return info


def put_back(present: sqlite3.Connection, info: BackupInfo, folder: Path) -> BackupInfo:
    """Replace all that is behind `present` by a backup, after backing that up. Returns the backup of what was there.

    SQLite copies in one transaction, so a kill in the middle leaves what was there before. Older backups are kept this time: the one
    that is put back may be the oldest.
    """
    undo = write_backup(present, folder, keep=len(list_backups(folder)) + 1, label="before-restore")
    with closing(open_read_only(info.path)) as backup:
        backup.backup(present)
    return undo


def is_backed_up(present: sqlite3.Connection, backups: Sequence[BackupInfo]) -> bool:
    """Whether the newest backup holds the same rows as `present`. A look at every row; a second for some ten thousand turns."""
    if not backups:
        return row_counts(present) == (0, 0)
    try:
        with closing(open_read_only(backups[0].path)) as backup:
            if schema.layout_of(backup) != schema.layout_of(present) or row_counts(backup) != row_counts(present):
                return False
            return all(_same_rows(present, backup, table) for table in ("conversations", "turns", "drafts"))
    except sqlite3.Error:
        return False


def _same_rows(first: sqlite3.Connection, second: sqlite3.Connection, table: str) -> bool:
    query = f"SELECT * FROM {table} ORDER BY 1"
    nothing = object()
    pairs = zip_longest(first.execute(query), second.execute(query), fillvalue=nothing)
    return all(one == other for one, other in pairs)
