"""Taking every word of a note out of the conversations and out of their backups.

An answer that was given passages of the note may hold its words anywhere, so the whole answer goes; the question is the person's own and
stays, with one sentence in place of the answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.chat.backups import is_sound, list_backups
from assistant.chat.turn_codec import decode_answer, encode_answer
from assistant.domain.answers import Answer
from assistant.domain.errors import StoreUnavailableError


@dataclass(frozen=True, slots=True)
class ForgottenNote:
    """note: its path below the folder. texts: of its chunks; an answer may have used them when the note bore another name."""

    folder_id: int
    note: str
    texts: frozenset[str]


def is_used(answer: Answer, forgotten: ForgottenNote) -> bool:
    """Whether an answer was given anything of the note."""
    places = {(passage.folder_id, passage.note) for passage in answer.passages}
    if answer.quote is not None:
        places |= {(part.folder_id, part.note) for part in answer.quote.parts}
    places |= {(citation.folder_id, citation.note) for citation in answer.citations}
    if (forgotten.folder_id, forgotten.note) in places:
        return True
    return any(text in passage.text for passage in answer.passages for text in forgotten.texts if text.strip())


def forget_in(connection: sqlite3.Connection, forgotten: ForgottenNote, instead_of: Callable[[str], str]) -> int:
    """Redact every answer that used the note. instead_of: the sentence that stands in its place, by the question. Returns how many."""
    found = [
        (turn_id, question)
        for turn_id, question, stored in connection.execute("SELECT id, question, answer FROM turns").fetchall()
        if is_used(decode_answer(stored), forgotten)
    ]
    for turn_id, question in found:
        text = instead_of(question)
        connection.execute(
            "UPDATE turns SET answer = ?, search_text = fold(question) WHERE id = ?",
            (encode_answer(Answer(text=text)), turn_id),
        )
    return len(found)


def forget_in_backups(
    folder: Path, forget: Callable[[sqlite3.Connection], int], open_store: Callable[[Path], sqlite3.Connection]
) -> None:
    """Redact every backup, one after the other: a copy is changed and checked before it takes the backup's place.

    A backup that cannot be read is of no use to anybody and may hold the words all the same: it is removed. Raises StoreUnavailableError.
    """
    for info in list_backups(folder):
        if not is_sound(info.path):
            info.path.unlink()
            continue
        fresh = info.path.with_suffix(".part")
        try:
            fresh.write_bytes(info.path.read_bytes())
            with closing(open_store(fresh)) as copy:
                copy.execute("PRAGMA journal_mode = DELETE")
                if not forget(copy):
                    continue
                copy.execute("VACUUM")
            if not is_sound(fresh):
                raise StoreUnavailableError(store="backup", reason="copy differs")
            fresh.replace(info.path)
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailableError(store="backup", reason=str(error)) from error
        finally:
            fresh.unlink(missing_ok=True)
