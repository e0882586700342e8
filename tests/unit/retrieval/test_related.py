"""Related notes come from the vectors that are there, each with the pair of passages that is nearest."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence

import numpy as np
import pytest

from assistant.domain.errors import Cancelled
from assistant.retrieval.exact import ExactIndex
from assistant.retrieval.ports import StoredChunk
from assistant.retrieval.related import PROBES, RelatedFinder

LONG = "Words enough that this is more than a heading."


class Chunks:
    """Chunks by id, each with a vector."""

    def __init__(self) -> None:
        self.chunks: dict[str, StoredChunk] = {}
        self.vectors: dict[str, np.ndarray] = {}
        self.queries = 0

    def put(self, note: str, *vectors: tuple[float, ...], text: str = LONG) -> list[str]:
        ids = []
        for ordinal, vector in enumerate(vectors):
            chunk_id = f"{note}-{ordinal}"
            row = len(self.chunks)
            whole = f"{text} {chunk_id}"
            self.chunks[chunk_id] = StoredChunk(
                row, chunk_id, 1, 1, note, f"/{note}", note, ordinal, whole, 0, len(whole)
            )
            made = np.array(vector, np.float32)
            self.vectors[chunk_id] = made / np.linalg.norm(made)
            ids.append(chunk_id)
        return ids

    def chunks_by_id(self, chunk_ids: Sequence[str]) -> dict[str, StoredChunk]:
        return {one: self.chunks[one] for one in chunk_ids if one in self.chunks}

    def vectors_of(self, chunk_ids: Collection[str]) -> tuple[list[str], np.ndarray]:
        ids = [one for one in chunk_ids if one in self.vectors]
        return ids, np.array([self.vectors[one] for one in ids], np.float16).reshape(len(ids), -1 if ids else 0)

    def query(self, vector: np.ndarray, top: int, within: object = None) -> list[tuple[str, float]]:
        self.queries += 1
        index = ExactIndex()
        index.upsert(list(self.vectors), np.stack(list(self.vectors.values())))
        return index.query(vector, top)


@pytest.fixture
def store() -> Chunks:
    return Chunks()


@pytest.fixture
def finder(store: Chunks) -> RelatedFinder:
    return RelatedFinder(store, store, store)  # type: ignore[arg-type]


def test_the_nearest_pair_says_why_a_note_is_related(store: Chunks, finder: RelatedFinder):
    own = store.put("own.md", (1, 0, 0), (0, 1, 0))
    store.put("near.md", (0.1, 1, 0), (0, 0, 1))
    store.put("nearer.md", (1, 0.05, 0))
    found = finder.find(own, 5)
    assert [(one.passage.note, one.own.text[-8:]) for one in found] == [
        ("nearer.md", "own.md-0"),
        ("near.md", "own.md-1"),
    ]
    assert found[0].passage.text.endswith("nearer.md-0")
    assert found[0].passage.score == pytest.approx(1, abs=0.01)


def test_what_is_far_is_not_related(store: Chunks, finder: RelatedFinder):
    own = store.put("own.md", (1, 0, 0))
    store.put("far.md", (0.1, 1, 0))
    assert finder.find(own, 5) == []


def test_a_heading_alone_is_no_reason(store: Chunks, finder: RelatedFinder):
    own = store.put("own.md", (1, 0, 0))
    store.put("other.md", (1, 0, 0), text="Notes")
    assert finder.find(own, 5) == []


def test_each_note_is_named_once_and_no_more_than_wanted(store: Chunks, finder: RelatedFinder):
    own = store.put("own.md", (1, 0, 0))
    for number in range(4):
        store.put(f"{number}.md", (1, number / 10, 0), (1, 0.01, 0))
    assert [one.passage.note for one in finder.find(own, 3)] == ["0.md", "1.md", "2.md"]


def test_a_long_note_asks_only_so_many_questions(store: Chunks, finder: RelatedFinder):
    own = store.put("own.md", *((1, number / 100, 0) for number in range(90)))
    finder.find(own, 3)
    assert store.queries == PROBES


def test_a_note_without_vectors_has_none(store: Chunks, finder: RelatedFinder):
    own = store.put("own.md", (1, 0, 0))
    store.vectors.clear()
    assert finder.find(own, 3) == []


def test_it_can_be_stopped(store: Chunks, finder: RelatedFinder):
    own = store.put("own.md", (1, 0, 0))
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        finder.find(own, 3, stop)
