"""Ranked chunks become passages: neighbours that touch are shown as one stretch of their note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.domain.answers import Passage
from assistant.retrieval.fusion import FusedHit
from assistant.retrieval.ports import StoredChunk
from assistant.retrieval.terms import words

LONGEST_PASSAGE_CHARS = 1600
"""Two chunks. On the development sets the gold quote stands among the first five passages in 0.967 of the cases without joining, 0.974
with this limit and 0.960 with 2400, where the place gets lost in its passage (first 400 words count)."""

MOST_OF_ONE_NOTE = 3
"""Passages of one note before the other notes have had their turn."""

_CHINESE_CHARS_COUNT = 4

_LONG_WORD = 20
_MOST_COMPARED = 2
_TWINS_DIFFER = 0.05
"""Share of the words in which two passages may differ and still be one and the same to a reader."""


@dataclass(frozen=True, slots=True)
class RankedChunk:
    """twins: chunks of other notes that say the same, filled in when passages are made. named_in: the note whose passage led here."""

    chunk: StoredChunk
    hit: FusedHit
    twins: list[StoredChunk] = field(default_factory=list)
    named_in: str = ""


def group_neighbours(ranked: Sequence[RankedChunk], top: int) -> list[list[RankedChunk]]:
    """The chunks of the best `top` passages, best first; within one, best first.

    A chunk joins a better-ranked passage of its note if the two touch or overlap and the whole stays short; a passage's text is
    always an exact slice of its document, so chunks with unknown text between them stay apart. What says the same as a better-ranked
    passage, almost word for word, is left out, and is named there as its twin.
    """
    groups: list[list[RankedChunk]] = []
    for item in ranked:
        home = next((group for group in groups if _fits(group, item.chunk)), None)
        if home is not None:
            home.append(item)
        else:
            groups.append([item])
    # Twins are looked for among what may be shown, and some more to fill the gaps: every one is compared with every other.
    near = _without_twins(groups[: _MOST_COMPARED * top])
    return _many_notes_first([*near, *groups[_MOST_COMPARED * top :]], top)


def _without_twins(groups: Sequence[list[RankedChunk]]) -> list[list[RankedChunk]]:
    """Copies of a note, and of what stands in every note, would fill the list with one and the same text."""
    kept: list[tuple[list[RankedChunk], str, set[str]]] = []
    for group in groups:
        text = "\n".join(item.chunk.text for item in group)
        pieces = _pieces(text)
        twin = next((first for first, known, held in kept if _say_the_same(known, held, text, pieces)), None)
        if twin is None:
            kept.append((group, text, pieces))
        else:
            twin[0].twins.extend(item.chunk for item in group if item.chunk.file_id != twin[0].chunk.file_id)
    return [group for group, _, _ in kept]


def _pieces(text: str) -> set[str]:
    """What tells most different texts apart at little cost: their words, or pairs where nothing is parted by spaces."""
    found = text.casefold().split()
    return set(found) if len(found) * _LONG_WORD > len(text) else {text[i : i + 2] for i in range(len(text) - 1)}


def _say_the_same(one: str, held: set[str], other: str, pieces: set[str]) -> bool:
    """Nearly all words are the same, and every number: two versions of a plan that differ in its budget are not twins."""
    least = (1 - 2 * _TWINS_DIFFER) * max(len(held), len(pieces))
    if min(len(held), len(pieces)) < least or len(held & pieces) < least:
        return False
    left, right = Counter(words(one)), Counter(words(other))
    differing = (left - right) + (right - left)
    return differing.total() <= _TWINS_DIFFER * max(left.total(), right.total()) and not any(
        character.isdigit() for word in differing for character in word
    )


def _many_notes_first(groups: Sequence[list[RankedChunk]], top: int) -> list[list[RankedChunk]]:
    """The best `top` groups, of which no note has more than its share as long as other notes have any; best first."""
    chosen: list[int] = []
    spare: list[int] = []
    seen: dict[int, int] = {}
    for place, group in enumerate(groups):
        file_id = group[0].chunk.file_id
        seen[file_id] = seen.get(file_id, 0) + 1
        (chosen if seen[file_id] <= MOST_OF_ONE_NOTE else spare).append(place)
    return [groups[place] for place in sorted((chosen + spare)[:top])]


def _fits(group: Sequence[RankedChunk], chunk: StoredChunk) -> bool:
    head = group[0].chunk
    if head.file_id != chunk.file_id or head.page != chunk.page:
        return False  # a passage names one page, and a quote from it must stand there
    if chunk.start > max(item.chunk.end for item in group) or chunk.end < min(item.chunk.start for item in group):
        return False
    return _width(chunk.text) + sum(_width(item.chunk.text) for item in group) <= LONGEST_PASSAGE_CHARS


def _width(text: str) -> int:
    """Length in Latin characters' worth: a Chinese one is worth a word."""
    if text.isascii():
        return len(text)
    return len(text) + (_CHINESE_CHARS_COUNT - 1) * sum(character >= "\u2e80" for character in text)


def passage_of(group: Sequence[RankedChunk]) -> Passage:
    """group: chunks that touch, the best one first."""
    best = group[0]
    in_order = sorted(group, key=lambda item: item.chunk.start)
    text, end = "", in_order[0].chunk.start
    for item in in_order:
        text += item.chunk.text[max(0, end - item.chunk.start) :]
        end = max(end, item.chunk.end)
    text = text.rstrip()  # a chunk ends with the white space before the next one
    end = in_order[0].chunk.start + len(text)
    similarities = [item.hit.similarity for item in group if item.hit.similarity is not None]
    return Passage(
        folder_id=best.chunk.folder_id,
        note=best.chunk.note,
        note_path=best.chunk.note_path,
        title=best.chunk.title,
        text=text,
        start=in_order[0].chunk.start,
        end=end,
        score=best.hit.score,
        heading_path=in_order[0].chunk.heading_path,
        page=in_order[0].chunk.page,
        chunk_ids=tuple(item.chunk.chunk_id for item in in_order),
        keyword_rank=min((item.hit.keyword_rank for item in group if item.hit.keyword_rank), default=None),
        vector_rank=min((item.hit.vector_rank for item in group if item.hit.vector_rank), default=None),
        coverage=max(item.hit.coverage for item in group),
        similarity=max(similarities, default=None),
        headings=tuple(dict.fromkeys(heading for item in in_order for heading in item.chunk.heading_path)),
        also_in=tuple(dict.fromkeys(twin.note for twin in best.twins)),
        named_in=best.named_in,
    )
