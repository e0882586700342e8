"""Conversations as files for people (Markdown) and for programs (JSON), with the note, the quote and the page of every citation.

People get the branch that is looked at, programs all of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.domain.answers import Citation, Conversation, Turn, TurnState
from assistant.domain.errors import BadRequestError
from assistant.domain.whole_files import write_chosen

FORMATS = ("md", "json")
JSON_VERSION = 2
"""2: turns of every branch, each with its id, that of the turn before it and whether it is in the branch that is looked at."""
Opened = tuple[Conversation, Sequence[Turn]]
EveryTurn = Callable[[int], Sequence[Turn]]

_STATES = {
    TurnState.STOPPED: "stopped",
    TurnState.FAILED: "failed",
    TurnState.CUT: "cut off when the program ended",
    TurnState.RUNNING: "being written",
}


def pieces(conversations: Iterable[Opened], form: str, every_turn: EveryTurn | None = None) -> Iterator[str]:
    """The text of an export, a conversation at a time. every_turn: of a conversation's branches, by its id; None if there is only the one
    that is given. Raises BadRequestError for a format that there is not."""
    if form not in FORMATS:
        raise BadRequestError(reason=f"no format is called {form}")
    return _markdown(conversations) if form == "md" else _json(conversations, every_turn)


def write_export(path: Path, conversations: Iterable[Opened], form: str, every_turn: EveryTurn | None = None) -> None:
    """Write an export as a whole or not at all. A file that is there is replaced. every_turn: as in pieces.

    Raises:
        BadRequestError: no such format.
        DiskFullError; StoreUnavailableError (store "export"): it cannot be written there.
    """
    text = pieces(conversations, form, every_turn)
    write_chosen(path, (piece.encode() for piece in text))


def values_of(conversation: Conversation, branch: Sequence[Turn], turns: Sequence[Turn]) -> dict[str, Any]:
    """A conversation as plain values: all its turns, and which of them are in the branch that is looked at."""
    shown = {turn.id for turn in branch}
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created": _stamp(conversation.created_at_s),
        "changed": _stamp(conversation.changed_at_s),
        "pinned": conversation.is_pinned,
        "turns": [_turn_values(turn) | {"shown": turn.id in shown} for turn in turns],
    }


def _turn_values(turn: Turn) -> dict[str, Any]:
    answer = turn.answer
    return {
        "id": turn.id,
        "parent": turn.parent_id or None,
        "question": turn.question,
        "asked": _stamp(turn.asked_at_s),
        "state": turn.state.value,
        "answer": answer.text,
        "refused": answer.refused,
        "model": answer.model,
        "quotes": [
            {"note": quote.note, "quote": quote.text, "page": quote.page, "start": quote.start, "end": quote.end}
            for quote in (answer.quote.parts if answer.quote else ())
        ],
        "citations": [
            {
                "number": citation.number,
                "sentence": citation.sentence,
                "note": citation.note,
                "quote": citation.quote,
                "page": citation.page,
                "start": citation.start,
                "end": citation.end,
            }
            for citation in answer.citations
        ],
        "unsupported": [
            answer.text[check.start : check.end] for check in answer.sentences if check.support.value == "unsupported"
        ],
        "feedback": turn.feedback,
        "feedback_reasons": list(turn.feedback_reasons),
        "feedback_text": turn.feedback_text,
    }


def _json(conversations: Iterable[Opened], every_turn: EveryTurn | None) -> Iterator[str]:
    yield f'{{"elephant_conversations": {JSON_VERSION}, "conversations": ['
    comma = "\n"
    for conversation, branch in conversations:
        turns = every_turn(conversation.id) if every_turn is not None else branch
        yield comma + json.dumps(values_of(conversation, branch, turns), ensure_ascii=False)
        comma = ",\n"
    yield "\n]}\n"


def _markdown(conversations: Iterable[Opened]) -> Iterator[str]:
    between = ""
    for conversation, turns in conversations:
        yield between + _conversation_text(conversation, turns)
        between = "\n---\n\n"


def _conversation_text(conversation: Conversation, turns: Sequence[Turn]) -> str:
    parts = [f"# {_one_line(conversation.title)}", f"*{_day(conversation.created_at_s)}*"]
    for turn in turns:
        parts += [f"## {_one_line(turn.question)}", *_answer_parts(turn)]
    if any(len(turn.siblings) > 1 for turn in turns):
        parts.append("*(This chat has other branches, which are not here. A JSON export holds all of them.)*")
    return "\n\n".join(parts) + "\n"


def _answer_parts(turn: Turn) -> Iterator[str]:
    """Quote, answer, sources: as they stand in the window."""
    answer = turn.answer
    for quote in answer.quote.parts if answer.quote else ():
        yield _quoted(quote.text) + f">\n> — {_place(quote.note, quote.page)}"
    if answer.text:
        yield answer.text.strip()
    if turn.state in _STATES:
        yield f"*({_STATES[turn.state]})*"
    if answer.citations:
        first = {citation.number: citation for citation in reversed(answer.citations)}
        yield "\n".join(_source_line(first[number]) for number in sorted(first))


def _source_line(citation: Citation) -> str:
    return f"{citation.number}. {_place(citation.note, citation.page)}: “{_one_line(citation.quote)}”"


def _place(note: str, page: int | None) -> str:
    return f"{_one_line(note)}, page {page}" if page else _one_line(note)


def _quoted(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.splitlines())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _day(at_s: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at_s))


def _stamp(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).isoformat(timespec="seconds")
