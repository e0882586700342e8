"""The layout of conversations.sqlite and the steps from each released layout to the next."""

from __future__ import annotations

import sqlite3

# Step n turns layout n into layout n + 1; step 0 starts from an empty file. A released step never changes.
_STEPS: tuple[str, ...] = (
    """
    CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        is_renamed INTEGER NOT NULL DEFAULT 0,
        created_at_s REAL NOT NULL,
        changed_at_s REAL NOT NULL,
        -- Clocks jump; the order of conversations must not. Higher is newer.
        change_number INTEGER NOT NULL,
        is_deleted INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX conversations_by_change ON conversations (change_number);
    CREATE TABLE turns (
        -- Ids are never reused and grow, so they are the order of the turns as well.
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        question TEXT NOT NULL,
        answer TEXT NOT NULL,
        search_text TEXT NOT NULL,
        state TEXT NOT NULL,
        asked_at_s REAL NOT NULL,
        feedback INTEGER NOT NULL DEFAULT 0,
        error TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX turns_by_conversation ON turns (conversation_id, id);
    CREATE INDEX turns_running ON turns (state) WHERE state = 'running';
    """,
    """
    -- The turn before, in the same conversation; 0 for a first one. Turns with the same one before are branches of the conversation.
    ALTER TABLE turns ADD COLUMN parent_id INTEGER NOT NULL DEFAULT 0;
    -- Of the turns after the same one, the one that is looked at.
    ALTER TABLE turns ADD COLUMN is_chosen INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE turns ADD COLUMN feedback_reasons TEXT NOT NULL DEFAULT '';
    ALTER TABLE turns ADD COLUMN feedback_text TEXT NOT NULL DEFAULT '';
    UPDATE turns SET parent_id = coalesce(
        (SELECT max(id) FROM turns b WHERE b.conversation_id = turns.conversation_id AND b.id < turns.id), 0
    );
    CREATE INDEX turns_by_parent ON turns (conversation_id, parent_id);
    ALTER TABLE conversations ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
    -- What is typed and not sent. Conversation 0: of a chat that has not begun.
    CREATE TABLE drafts (
        conversation_id INTEGER PRIMARY KEY,
        text TEXT NOT NULL
    ) STRICT;
    """,
)

WITH_BRANCHES = 2
"""The first layout whose turns know the turn before them."""

NEWEST = len(_STEPS)


def layout_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate_one(connection: sqlite3.Connection) -> None:
    """Take the next step, in one transaction together with the new layout number."""
    layout = layout_of(connection)
    statements = _STEPS[layout]
    connection.executescript(f"BEGIN IMMEDIATE;\n{statements}\nPRAGMA user_version = {layout + 1};\nCOMMIT;")
