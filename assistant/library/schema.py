"""The catalog's tables, and how one version becomes the next.

A step is a list of statements and is applied in one transaction together with the new version number, so a kill in the middle
leaves the old layout. The catalog can be rebuilt from the notes; migrations only spare people that wait.
"""

from __future__ import annotations

import sqlite3

from assistant.domain.errors import StoreUnavailableError

SCHEMA_VERSION = 2

_FIRST = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # raw: the path as the operating system spells it (bytes, may be no UTF-8); path: the same, clean, for people and the wire.
    """CREATE TABLE folders (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL,
        raw BLOB NOT NULL UNIQUE,
        is_file INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL,
        device INTEGER NOT NULL DEFAULT 0,
        others INTEGER NOT NULL DEFAULT 0
    )""",
    # One row a note, and one a skipped file or folder. key: random, stable over renames; chunk ids are made from it.
    # gone: 0 is there, 1 vanished and its removal waits for a yes, 2 vanished and the user said to keep it for now.
    """CREATE TABLE files (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        folder_id INTEGER NOT NULL REFERENCES folders(id) ON DELETE CASCADE,
        note TEXT NOT NULL,
        raw BLOB NOT NULL,
        parent TEXT NOT NULL,
        is_folder INTEGER NOT NULL DEFAULT 0,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        hash BLOB,
        state TEXT NOT NULL,
        reason TEXT NOT NULL DEFAULT '',
        reason_detail TEXT NOT NULL DEFAULT '',
        own_title TEXT NOT NULL DEFAULT '',
        format TEXT NOT NULL DEFAULT '',
        shape TEXT NOT NULL DEFAULT '',
        chunks INTEGER NOT NULL DEFAULT 0,
        embedded INTEGER NOT NULL DEFAULT 0,
        weight INTEGER NOT NULL DEFAULT 0,
        asked INTEGER NOT NULL DEFAULT 0,
        gone INTEGER NOT NULL DEFAULT 0,
        checked_s REAL NOT NULL DEFAULT 0,
        UNIQUE (folder_id, raw),
        UNIQUE (folder_id, note)
    )""",
    "CREATE INDEX files_tree ON files(folder_id, parent, state)",
    "CREATE INDEX files_inode ON files(inode)",
    "CREATE INDEX files_counts ON files(folder_id, state, gone, is_folder, chunks, embedded)",
    "CREATE INDEX files_queue ON files(asked DESC, weight, mtime_ns DESC) WHERE state = 'queued'",
    "CREATE INDEX files_backlog ON files(asked DESC, mtime_ns DESC) WHERE embedded < chunks",
    "CREATE INDEX files_checked ON files(folder_id, checked_s)",
    """CREATE TABLE chunks (
        id INTEGER PRIMARY KEY,
        chunk_id TEXT NOT NULL UNIQUE,
        file_id INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
        ordinal INTEGER NOT NULL,
        text TEXT NOT NULL,
        headings TEXT NOT NULL,
        page INTEGER,
        start_at INTEGER NOT NULL,
        end_at INTEGER NOT NULL,
        meaning BLOB NOT NULL,
        embedded INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX chunks_file ON chunks(file_id, ordinal)",
    # meaning: hash of the exact text that is embedded; equal text elsewhere has the same vector.
    "CREATE INDEX chunks_meaning ON chunks(meaning)",
    "CREATE TABLE vectors (chunk INTEGER PRIMARY KEY REFERENCES chunks(id) ON DELETE CASCADE, vector BLOB NOT NULL)",
    # What the vector index has not been told yet; written in the transaction that made it necessary, so no kill can lose it.
    "CREATE TABLE untold (seq INTEGER PRIMARY KEY AUTOINCREMENT, chunk_id TEXT NOT NULL UNIQUE)",
)

# named_day, own_day: the day that a note's name and its front matter give it, as a proleptic ordinal; NULL without one.
# tag: folded, for looking up; shown: as it was first written.
_TAGS_AND_DAYS = (
    "ALTER TABLE files ADD COLUMN named_day INTEGER",
    "ALTER TABLE files ADD COLUMN own_day INTEGER",
    """CREATE TABLE tags (
        file_id INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
        tag TEXT NOT NULL,
        shown TEXT NOT NULL,
        PRIMARY KEY (file_id, tag)
    ) WITHOUT ROWID""",
    "CREATE INDEX tags_tag ON tags(tag)",
    "UPDATE files SET shape = shape || '-untagged' WHERE shape != ''",  # every note is read once more; nothing is embedded again
)

_STEPS: tuple[tuple[str, ...], ...] = (_FIRST, _TAGS_AND_DAYS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database to SCHEMA_VERSION. Raises StoreUnavailableError, reason "newer", if a newer Elephant made it."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise StoreUnavailableError(store="catalog", reason="newer")
    for number in range(version, SCHEMA_VERSION):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in _STEPS[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
