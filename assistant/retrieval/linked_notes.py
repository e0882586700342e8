"""The second search: what the best passages name may be a note of its own, and hold the other half of the answer.

"When was the man who played Lex Luthor born?" finds the note on the film; that names the actor, and his note has the date, but not one
word of the question. Links between notes are named in the text too, so they are followed in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.retrieval.passages import RankedChunk
from assistant.retrieval.ports import StoredChunk
from assistant.retrieval.titles import NoteKey, TitleIndex

SOURCES = 2
"""The passages whose names are followed."""

NAMED_PLACE = 4
"""How many passages stand before the one from a note they name. Measured: docs/decisions/0301."""

MOST_NAMED = 24


def notes_named(groups: Sequence[list[RankedChunk]], titles: TitleIndex) -> dict[NoteKey, StoredChunk]:
    """Notes whose title stands in one of the first passages, other than these passages' own, each with the chunk that names it; those that
    are named first come first."""
    sources = [item.chunk for group in groups[:SOURCES] for item in group]
    named: dict[NoteKey, StoredChunk] = {}
    for source in sources:
        for key in titles.named_in(source.text):
            named.setdefault(key, source)
    # Minutes of one meeting are all called alike, and each has its own title in its first line.
    own = {(source.folder_id, source.note) for source in sources} | {
        key for source in sources for key in titles.named_in(source.title)
    }
    for key in own:
        named.pop(key, None)
    return dict(list(named.items())[:MOST_NAMED])


def insert_named(
    groups: Sequence[list[RankedChunk]], found: list[RankedChunk], named: dict[NoteKey, StoredChunk]
) -> list[list[RankedChunk]]:
    """The groups with the named note's passage as the fifth, no better in score than the one before it."""
    head = found[0]
    key = (head.chunk.folder_id, head.chunk.note)
    if any((group[0].chunk.folder_id, group[0].chunk.note) == key for group in groups[: NAMED_PLACE + 1]):
        return list(groups)
    before = groups[:NAMED_PLACE]
    after = [
        group
        for group in groups[NAMED_PLACE:]
        if group[0].chunk.chunk_id not in {item.chunk.chunk_id for item in found}
    ]
    score = min([head.hit.score, *(group[0].hit.score for group in before)])
    score = max([score, *(group[0].hit.score for group in after[:1])])
    ranked = replace(head, hit=replace(head.hit, score=score), named_in=named[key].note)
    return [*before, [ranked, *found[1:]], *after]
