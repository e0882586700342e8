"""How well neighbours are found after a large part of a library was replaced: Chroma left alone, and Chroma as it is guarded here.

Chroma never reclaims replaced rows, and past 15-20 % of them some live ones are no longer reached (FACTS, I 7662).
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.models.ports import FloatMatrix
from assistant.retrieval.exact import ExactIndex
from assistant.retrieval.ports import HalfMatrix
from assistant.retrieval.vector_client import VectorClient, vector_supervisor
from assistant.retrieval.vectors import GuardedVectors

DIM, CENTRES, TOP, QUERIES, ROUNDS = 384, 200, 10, 200, 12


@dataclass(frozen=True, slots=True)
class Churned:
    """recall: share of the ten nearest by exact search that are found, with nothing rebuilt and as guarded. is_rebuilt: the guard saw need
    for it."""

    chunks: int
    replaced: int
    recall_alone: float
    recall_guarded: float
    is_rebuilt: bool


def measure_churn(folder: Path, chunks: int, share: float) -> Churned:
    """Replace `share` of `chunks` random vectors in twelve rounds, as edits do, in two indexes of their own below `folder`."""
    alone, replaced, _ = _churned(folder / "alone", chunks, share, is_guarded=False)
    guarded, _, is_rebuilt = _churned(folder / "guarded", chunks, share, is_guarded=True)
    return Churned(chunks, replaced, alone, guarded, is_rebuilt)


def _churned(folder: Path, chunks: int, share: float, *, is_guarded: bool) -> tuple[float, int, bool]:
    numbers = np.random.default_rng(11)
    centres = numbers.normal(size=(CENTRES, DIM)).astype(np.float32)
    source = _Rows(centres, numbers)
    source.add(chunks)
    folder.mkdir(parents=True)
    supervisor = vector_supervisor(folder / "chroma", folder / "vectors.log", lambda _health: None)
    client = VectorClient(supervisor)
    vectors = GuardedVectors(client, source)
    try:
        vectors.ensure()
        replaced, is_rebuilt = 0, False
        for _ in range(ROUNDS):
            some = round(chunks * share / ROUNDS)
            vectors.delete(source.remove(some))
            ids, rows = source.add(some)
            vectors.upsert(ids, rows)
            replaced += some
            if is_guarded and not vectors.check():
                is_rebuilt = True
                vectors.ensure()
        return _recall(client, source, numbers), replaced, is_rebuilt
    finally:
        supervisor.stop()


def _recall(client: VectorClient, source: _Rows, numbers: np.random.Generator) -> float:
    exact = ExactIndex()
    exact.load(source)
    found = 0
    for query in source.make(QUERIES, numbers):
        right = {chunk_id for chunk_id, _ in exact.query(query, TOP)}
        found += len(right & {chunk_id for chunk_id, _ in client.query(query, TOP)})
    return found / (QUERIES * TOP)


class _Rows:
    """A VectorSource of random vectors around some centres."""

    def __init__(self, centres: FloatMatrix, numbers: np.random.Generator) -> None:
        self._centres = centres
        self._numbers = numbers
        self._chooser = random.Random(3)  # noqa: S311 (not for secrets)
        self._rows: dict[str, HalfMatrix] = {}
        self._made = 0

    def make(self, count: int, numbers: np.random.Generator) -> FloatMatrix:
        rows = self._centres[numbers.integers(CENTRES, size=count)] + numbers.normal(0, 0.6, (count, DIM))
        unit: FloatMatrix = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def add(self, count: int) -> tuple[list[str], FloatMatrix]:
        rows = self.make(count, self._numbers)
        ids = [f"chunk{number}" for number in range(self._made, self._made + count)]
        self._made += count
        self._rows |= dict(zip(ids, rows.astype(np.float16), strict=True))
        return ids, rows

    def remove(self, count: int) -> list[str]:
        ids = self._chooser.sample(sorted(self._rows), count)
        for chunk_id in ids:
            del self._rows[chunk_id]
        return ids

    def count(self) -> int:
        return len(self._rows)

    def batches(self, size: int = 4096) -> Iterator[tuple[list[str], HalfMatrix]]:
        ids = list(self._rows)
        for first in range(0, len(ids), size):
            yield self.vectors_of(ids[first : first + size])

    def vectors_of(self, chunk_ids: Collection[str]) -> tuple[list[str], HalfMatrix]:
        ids = list(chunk_ids)
        return ids, np.stack([self._rows[chunk_id] for chunk_id in ids])
