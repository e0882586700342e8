"""Notes that are like a note, by the vectors that are there: nothing is embedded for it. A note without vectors is left to another way.

Some passages of the note are compared with all others; the nearest pair of each other note says why it is related.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from assistant.domain.answers import Passage
from assistant.domain.errors import Cancelled
from assistant.domain.reading import RelatedNote
from assistant.retrieval.ports import ChunkStore, StoredChunk, VectorSearch, VectorSource

PROBES = 12
"""How many passages of the note are compared; of a longer note those in even steps. Each is one query of the vector index."""

NEIGHBOURS = 24
LEAST_SIMILARITY = 0.42
"""Of centred vectors of the starter embedder. Among the sample notes what is below has nothing in common that a reader would see."""

SHORTEST_CHARS = 30
"""A heading alone resembles every other note that has such a heading."""


class RelatedSearch(Protocol):
    """Another way to tell which notes are like the note of some chunks."""

    def find(
        self, chunk_ids: Sequence[str], limit: int, cancelled: threading.Event | None = None
    ) -> list[RelatedNote]: ...


class RelatedFinder:
    """Thread: any."""

    def __init__(
        self, chunks: ChunkStore, vectors: VectorSource, search: VectorSearch, instead: RelatedSearch | None = None
    ) -> None:
        """instead: asked for notes that have no vectors."""
        self._instead = instead
        self._chunks = chunks
        self._vectors = vectors
        self._search = search

    def find(self, chunk_ids: Sequence[str], limit: int, cancelled: threading.Event | None = None) -> list[RelatedNote]:
        """The notes nearest to the note of these chunks, nearest first. Raises Cancelled."""
        own = self._chunks.chunks_by_id(list(chunk_ids))
        probes = probes_of(own.values(), PROBES)
        if not probes:
            return []
        ids, matrix = self._vectors.vectors_of([chunk.chunk_id for chunk in probes])
        if not ids:
            return self._instead.find(chunk_ids, limit, cancelled) if self._instead is not None else []
        pairs: dict[str, tuple[float, str]] = {}
        for probe, vector in zip(ids, matrix.astype(np.float32), strict=True):
            if cancelled is not None and cancelled.is_set():
                raise Cancelled
            for other, similarity in self._search.query(vector, NEIGHBOURS):
                if other not in own and similarity >= max(LEAST_SIMILARITY, pairs.get(other, (0.0, ""))[0]):
                    pairs[other] = (similarity, probe)
        return self._best_of_each_note(pairs, own, limit)

    def _best_of_each_note(
        self, pairs: dict[str, tuple[float, str]], own: dict[str, StoredChunk], limit: int
    ) -> list[RelatedNote]:
        ranked = sorted(pairs, key=lambda one: (-pairs[one][0], one))
        others = self._chunks.chunks_by_id(ranked)
        home = {(chunk.folder_id, chunk.note) for chunk in own.values()}
        found: dict[tuple[int, str], RelatedNote] = {}
        for chunk_id in ranked:
            chunk = others.get(chunk_id)
            if chunk is None or (chunk.folder_id, chunk.note) in home or len(chunk.text.strip()) < SHORTEST_CHARS:
                continue
            similarity, probe = pairs[chunk_id]
            found.setdefault(
                (chunk.folder_id, chunk.note),
                RelatedNote(_near(chunk, similarity), _near(own[probe], similarity)),
            )
            if len(found) >= limit:
                break
        return list(found.values())


def probes_of(chunks: Iterable[StoredChunk], most: int) -> list[StoredChunk]:
    """Passages that stand for a note, in its order."""
    long = [chunk for chunk in chunks if len(chunk.text.strip()) >= SHORTEST_CHARS]
    long.sort(key=lambda chunk: chunk.ordinal)
    if len(long) <= most:
        return long
    return [long[round(place)] for place in np.linspace(0, len(long) - 1, most)]


def passage_of(chunk: StoredChunk, score: float) -> Passage:
    return Passage(
        chunk.folder_id,
        chunk.note,
        chunk.note_path,
        chunk.title,
        chunk.text,
        chunk.start,
        chunk.end,
        score,
        heading_path=chunk.heading_path,
        page=chunk.page,
    )


def _near(chunk: StoredChunk, similarity: float) -> Passage:
    return replace(passage_of(chunk, max(0.0, min(1.0, similarity))), similarity=similarity)
