"""Taking every word of a note out of the conversations and out of their backups.

An answer that was given passages of the note may hold its words anywhere, so the whole answer goes, and with it what a model wrote later
in the same branch of the conversation, because it had read that answer. So does what the person wrote about the answer. The question is
the person's own and stays, with one sentence in place of the answer.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.chat import conversation_schema as schema
from assistant.chat.backups import is_damaged, is_sound, list_backups, remove_unfinished
from assistant.chat.turn_codec import decode_answer, encode_answer
from assistant.domain.answers import Answer, TurnState
from assistant.domain.errors import StoreUnavailableError
from assistant.domain.whole_files import rename_patiently


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
    places |= set(answer.scope.notes)
    if (forgotten.folder_id, forgotten.note) in places:
        return True
    # A chunk ends with the white space before the next one; a passage does not.
    texts = [text for text in map(str.strip, forgotten.texts) if text]
    return any(text in passage.text for passage in answer.passages for text in texts)


def forget_in(
    connection: sqlite3.Connection, forgotten: ForgottenNote, instead_of: Callable[[str], str]
) -> frozenset[int]:
    """Redact every answer that used the note. instead_of: the sentence that stands in its place, by the question. Returns the turns."""
    has_branches = schema.layout_of(connection) >= schema.WITH_BRANCHES
    found: dict[int, str] = {}
    told: set[int] = set()  # turns after which it is known
    newest: dict[int, int] = {}
    before = "parent_id" if has_branches else "0"
    rows = connection.execute(f"SELECT id, conversation_id, {before}, question, answer, state FROM turns ORDER BY id")
    for turn_id, conversation_id, parent_id, question, stored, state in rows.fetchall():
        answer = decode_answer(stored)
        is_told = (parent_id if has_branches else newest.get(conversation_id, 0)) in told
        newest[conversation_id] = turn_id
        has_read_it = is_told and (answer.model or state == TurnState.RUNNING)
        if has_read_it or is_used(answer, forgotten):
            is_told = True
            found[turn_id] = question
        if is_told:
            told.add(turn_id)
    words = ", feedback_reasons = '', feedback_text = ''" if has_branches else ""
    for turn_id, question in found.items():
        connection.execute(
            f"UPDATE turns SET answer = ?, search_text = fold(question){words} WHERE id = ?",
            (encode_answer(Answer(text=instead_of(question))), turn_id),
        )
    return frozenset(found)


def forget_in_backups(
    folder: Path, forget: Callable[[sqlite3.Connection], object], open_store: Callable[[Path], sqlite3.Connection]
) -> None:
    """Redact every backup, one after the other: a copy is changed and checked before it takes the backup's place.

    A damaged backup is of no use to anybody and may hold the words all the same: it is removed. Raises StoreUnavailableError, after all
    the others are done, if one could not be changed.
    """
    failed: Exception | None = None
    for info in list_backups(folder):
        try:
            _forget_in_backup(info.path, forget, open_store)
        except (sqlite3.Error, OSError, StoreUnavailableError) as error:
            failed = failed or error
    try:
        remove_unfinished(folder)
    except OSError as error:
        failed = failed or error
    if failed is not None:
        raise StoreUnavailableError(str(failed), store="backup", reason="not-changed") from failed


def _forget_in_backup(
    path: Path, forget: Callable[[sqlite3.Connection], object], open_store: Callable[[Path], sqlite3.Connection]
) -> None:
    if is_damaged(path):
        path.unlink()
        return
    fresh = path.with_suffix(".part")
    fresh.write_bytes(path.read_bytes())
    with closing(open_store(fresh)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
        if not forget(copy):
            return  # what is left of the copy is removed with all that is unfinished
        copy.execute("VACUUM")
    if not is_sound(fresh):
        raise StoreUnavailableError(store="backup", reason="copy differs")
    made = path.stat()
    os.utime(fresh, ns=(made.st_atime_ns, made.st_mtime_ns))  # a backup's date is its file's
    rename_patiently(fresh, path)
