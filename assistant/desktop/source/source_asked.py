"""What a note was opened for: the words in it, or all of it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.desktop.source.source_history import Source
from assistant.domain.answers import Citation, Passage

AROUND_CHARS = 200


def source_words(source: Source) -> str:
    """The words of a note that a source stands for."""
    return source.quote if isinstance(source, Citation) else source.text


def note_source(folder_id: int, note: str) -> Passage:
    """A note by itself, without words in it."""
    return Passage(folder_id, note, "", note.rsplit("/", 1)[-1], "", 0, 0, 0.0)


def is_within(source: Source, passage: Passage) -> bool:
    """Whether a passage holds something of what a source stands for."""
    same_note = (passage.folder_id, passage.note) == (source.folder_id, source.note)
    return same_note and passage.start < source.end and source.start < passage.end


def words_around(source: Source, passages: Sequence[Passage]) -> tuple[str, str]:
    """What stood before and behind a source when it was found, from the passage that holds it."""
    for passage in passages:
        if is_within(source, passage) and passage.start <= source.start and source.end <= passage.end:
            first, last = source.start - passage.start, source.end - passage.start
            return passage.text[max(0, first - AROUND_CHARS) : first], passage.text[last : last + AROUND_CHARS]
    return "", ""


def other_passages(source: Source | None, passages: Sequence[Passage]) -> list[Passage]:
    """The other passages of an answer, if what is shown belongs to that answer."""
    if source is None:
        return []
    over = [passage for passage in passages if is_within(source, passage)]
    return [passage for passage in passages if passage not in over] if over else []
