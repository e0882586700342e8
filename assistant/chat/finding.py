"""Looking for words in past conversations: which ones have them, and where."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from dataclasses import replace

from assistant.chat.turn_codec import decode_answer, printable
from assistant.domain.answers import Conversation

SNIPPET_CHARS = 160
LEAD_CHARS = 24
_MOST_WORDS = 20


def fold(text: str) -> str:
    """Text as it is compared when searching: full-width as half-width, without case."""
    return unicodedata.normalize("NFKC", text).casefold()


def query_words(query: str) -> list[str]:
    return fold(printable(query)).split()[:_MOST_WORDS]


def matching(words: list[str]) -> tuple[str, list[str]]:
    """What a row `c` of conversations must fulfil: each word stands in its title, a question or an answer of any branch. Words are parts
    of words too, so that Chinese is found without a dictionary."""
    each = (
        "AND (instr(fold(title), ?) OR EXISTS "
        "(SELECT 1 FROM turns WHERE conversation_id = c.id AND instr(search_text, ?)))"
    )
    return " ".join(each for _ in words), [value for word in words for value in (word, word)]


def with_place(db: sqlite3.Connection, conversation: Conversation, words: list[str]) -> Conversation:
    """The conversation with the words around what was found: in the newest of the turns that have the most of the words."""
    has = " + ".join("(instr(search_text, ?) > 0)" for _ in words)
    row = db.execute(
        f"SELECT id, question, answer, {has} AS hits FROM turns WHERE conversation_id = ? AND hits > 0 "
        "ORDER BY hits DESC, id DESC LIMIT 1",
        (*words, conversation.id),
    ).fetchone()
    if row is None:
        return conversation
    turn_id, question, stored, _ = row
    answer = decode_answer(stored)
    texts = (question, answer.text, answer.quote.all_text if answer.quote else "")
    best = max(texts, key=lambda text: sum(word in fold(text) for word in words))
    return replace(conversation, found=_snippet(best, words), found_turn=turn_id)


def _snippet(text: str, words: list[str]) -> str:
    line = " ".join(text.split())
    # Folding may change lengths, so the place is looked for in the text as it stands; one that is written otherwise is shown from its start.
    places = [found.start() for word in words if (found := re.search(re.escape(word), line, re.IGNORECASE))]
    start = max(0, min(places, default=0) - LEAD_CHARS)
    if start:
        start = line.find(" ", start, start + LEAD_CHARS) + 1 or start
    end = start + SNIPPET_CHARS
    return ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")
