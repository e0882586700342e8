"""Notes that share telling words with a note: what is like it while nobody has read its meaning, or nobody can.

The rarest words of some of its passages are looked for, and the passages that hold several of them are the answer; the words themselves say
why. As the finder by meaning, it names each note once.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence, Set

from assistant.domain.errors import Cancelled
from assistant.domain.reading import RelatedNote
from assistant.retrieval.ports import ChunkStore, KeywordSearch, Scope, StoredChunk
from assistant.retrieval.related import SHORTEST_CHARS, passage_of, probes_of
from assistant.retrieval.terms import is_across_words, phrase_words, words

PROBES = 6
"""How many passages of the note are asked about; each is one query of the keyword index."""

TELLING_WORDS = 10
TOLD_WORDS = 24
"""What is asked for are the rarest; those that are told may be some more, so that a Chinese word of several pairs is whole."""

NEIGHBOURS = 40
LEAST_SHARED = 3
"""Two notes in one language share two rare words by chance; Chinese is counted in pairs of characters, three of which are one longer word."""

LEAST_COVERAGE = 0.25
FEW_CHUNKS = 8
"""What so few hold is telling in the smallest library; in a larger one, what a quarter of all hold is not."""

MOST_SHOWN = 5
_RUN = re.compile(r"(?P<chinese>[\u2e80-\u9fff\uf900-\ufaff]+)|[^\W\u2e80-\u9fff\uf900-\ufaff]+")


class SharedWordsFinder:
    """Thread: any."""

    def __init__(self, keywords: KeywordSearch, chunks: ChunkStore) -> None:
        self._keywords = keywords
        self._chunks = chunks

    def find(self, chunk_ids: Sequence[str], limit: int, cancelled: threading.Event | None = None) -> list[RelatedNote]:
        """The notes that share most with the note of these chunks, those first. [] where nothing telling is shared. Raises Cancelled."""
        own = self._chunks.chunks_by_id(list(chunk_ids))
        most = max(FEW_CHUNKS, self._chunks.chunk_count() // 4) + len(own)  # a long note holds its own words often
        found: dict[tuple[int, str], RelatedNote] = {}
        for probe in probes_of(own.values(), PROBES):
            if cancelled is not None and cancelled.is_set():
                raise Cancelled
            for related in self._like(probe, most):
                key = (related.passage.folder_id, related.passage.note)
                if key != (probe.folder_id, probe.note) and (
                    key not in found or found[key].passage.score < related.passage.score
                ):
                    found[key] = related
        return sorted(found.values(), key=lambda one: (-one.passage.score, one.passage.note))[:limit]

    def _like(self, probe: StoredChunk, most: int) -> Iterable[RelatedNote]:
        telling = self._telling(probe, most)
        asked = set(telling[:TELLING_WORDS])
        if len(asked) < LEAST_SHARED:
            return
        hits = self._keywords.search(" ".join(asked), NEIGHBOURS, Scope()).hits
        stored = self._chunks.chunks_by_rowid([hit.rowid for hit in hits])
        for hit in hits:
            chunk = stored.get(hit.rowid)
            if chunk is None or hit.coverage < LEAST_COVERAGE or len(chunk.text.strip()) < SHORTEST_CHARS:
                continue
            text = f"{chunk.title}\n{chunk.text}"
            shared = set(telling).intersection(words(text))
            if len(shared & asked) >= LEAST_SHARED:
                score = min(1.0, hit.coverage)
                yield RelatedNote(passage_of(chunk, score), passage_of(probe, score), as_written(text, shared))

    def _telling(self, probe: StoredChunk, most: int) -> list[str]:
        """The words of a passage that others hold as well, but not more chunks than this, rarest first."""
        asked = self._keywords.words(f"{probe.title}\n{probe.text}")
        known = [
            word for word in asked if 1 < word.chunks <= most and len(word.word) > 1 and not is_across_words(word.word)
        ]
        known.sort(key=lambda word: (-word.weight, word.word))
        return [word.word for word in known[:TOLD_WORDS]]


def as_written(text: str, shared: Set[str]) -> tuple[str, ...]:
    """The shared words as a text writes them, in its order; pairs of Chinese characters that overlap in one piece."""
    found: dict[str, str] = {}
    for run in _RUN.finditer(text):
        pieces = _chinese_pieces(run[0], shared) if run["chinese"] else [run[0]] if _holds(run[0], shared) else []
        for piece in pieces:
            found.setdefault(piece.casefold(), piece)
    return tuple(found.values())[:MOST_SHOWN]


def _chinese_pieces(run: str, shared: Set[str]) -> list[str]:
    pieces: list[str] = []
    end = 0
    for at in range(len(run) - 1):
        if _holds(run[at : at + 2], shared):
            if pieces and at < end:
                pieces[-1] += run[at + 1]
            else:
                pieces.append(run[at : at + 2])
            end = at + 2
    return pieces


def _holds(word: str, shared: Set[str]) -> bool:
    return not shared.isdisjoint(phrase_words(word))
