"""What is typed in a chat and not sent, kept beside the conversations. Conversation 0: a chat that has not begun."""

from __future__ import annotations

import sqlite3

from assistant.chat.turn_codec import printable


def save_draft(db: sqlite3.Connection, conversation_id: int, text: str) -> None:
    """An empty text leaves nothing. One of a conversation that is gone is not kept."""
    db.execute("DELETE FROM drafts WHERE conversation_id = ?", (conversation_id,))
    if text.strip():
        db.execute(
            "INSERT INTO drafts (conversation_id, text) SELECT ?1, ?2 "
            "WHERE ?1 = 0 OR EXISTS (SELECT 1 FROM conversations WHERE id = ?1)",
            (conversation_id, printable(text)),
        )


def draft_of(db: sqlite3.Connection, conversation_id: int) -> str:
    row = db.execute("SELECT text FROM drafts WHERE conversation_id = ?", (conversation_id,)).fetchone()
    return row[0] if row else ""


def drop_sent(db: sqlite3.Connection, conversation_id: int, question: str) -> None:
    """A draft that is asked is no draft any more; another question leaves it where it is."""
    if draft_of(db, conversation_id).strip() == question.strip():
        db.execute("DELETE FROM drafts WHERE conversation_id = ?", (conversation_id,))


def drop_lost(db: sqlite3.Connection) -> None:
    """Drafts of conversations that are gone."""
    db.execute(
        "DELETE FROM drafts WHERE conversation_id <> 0 AND conversation_id NOT IN (SELECT id FROM conversations)"
    )
