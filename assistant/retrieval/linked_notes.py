"""The second search: what the best passages name may be a note of its own, and hold the other half of the answer.

"When was the man who played Lex Luthor born?" finds the note on the film; that names the actor, and his note has the date, but not one
word of the question. Links between notes are named in the text too, so they are followed in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.retrieval.passages import RankedChunk
from assistant.retrieval.ports import ChunkStore, KeywordSearch, Scope, StoredChunk
from assistant.retrieval.terms import fold, is_filler, is_paired, words

SOURCES = 2
"""The passages whose names are followed."""

NAMED_PLACE = 4
"""How many passages stand before the one from a note they name. Measured: docs/decisions/0301."""

MOST_NAMED = 24
_SHORTEST_LATIN, _SHORTEST_PAIRED = 4, 2
_ASIDE = re.compile(r"\s*[(（\[【,，:：].*", re.DOTALL)


def notes_named(
    groups: Sequence[list[RankedChunk]], keywords: KeywordSearch, store: ChunkStore, scope: Scope
) -> dict[tuple[int, str], StoredChunk]:
    """Notes whose title stands in one of the first passages, other than these passages' own, each with the chunk that names it; those that
    are named first come first."""
    found: dict[tuple[int, str], StoredChunk] = {}
    own = {(group[0].chunk.folder_id, group[0].chunk.note) for group in groups[:SOURCES]}
    for group in groups[:SOURCES]:
        for item in group:
            for _place, chunk in sorted(_named_in(item.chunk, keywords, store, scope), key=lambda one: one[0]):
                key = (chunk.folder_id, chunk.note)
                if key not in own:
                    found.setdefault(key, item.chunk)
    return dict(list(found.items())[:MOST_NAMED])


def insert_named(
    groups: Sequence[list[RankedChunk]], found: list[RankedChunk], named: dict[tuple[int, str], StoredChunk]
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


def _named_in(
    source: StoredChunk, keywords: KeywordSearch, store: ChunkStore, scope: Scope
) -> list[tuple[int, StoredChunk]]:
    """Chunks, one of each note that is named, and where."""
    text, folded = f" {' '.join(words(source.text))} ", fold(source.text)
    titled = store.chunks_by_rowid(keywords.titled(source.text, scope))
    found = []
    for chunk in titled.values():
        title = _ASIDE.sub("", chunk.title)
        name = words(title)
        # Where words are written without spaces, a name may stand anywhere.
        is_there = fold(title) in folded if any(map(is_paired, name)) else f" {' '.join(name)} " in text
        if is_there and _is_telling(name):
            found.append((folded.find(fold(title)), chunk))
    return found


def _is_telling(name: Sequence[str]) -> bool:
    """A title such as "Notes" or "To do" stands in many texts without meaning the note."""
    telling = [word for word in name if not is_filler(word)]
    letters = sum(len(word) for word in telling)
    return letters >= (_SHORTEST_PAIRED if any(map(is_paired, telling)) else _SHORTEST_LATIN)
