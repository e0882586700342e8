"""Exact vector search with NumPy: the yardstick, the fallback while Chroma is away, and the way a narrow scope is searched."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence

import numpy as np

from assistant.domain.errors import BadRequestError
from assistant.models.ports import FloatMatrix
from assistant.retrieval.ports import HalfMatrix, VectorSource


class ExactIndex:
    """Keeps every vector in memory and compares with all of them. Implements VectorIndex.

    Thread: any; one at a time, a query over 100,000 vectors takes some 50 ms.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: list[str] = []
        self._rows: dict[str, int] = {}
        self._matrix: FloatMatrix = np.zeros((0, 0), np.float32)

    def load(self, source: VectorSource) -> None:
        """Replace everything by what the source holds. Changes made meanwhile wait, and are then applied on top."""
        self.load_batches(source.batches())

    def load_batches(self, batches: Iterable[tuple[Sequence[str], HalfMatrix]]) -> None:
        with self._lock:
            self._ids, self._rows = [], {}
            self._matrix = np.zeros((0, 0), np.float32)
            for chunk_ids, vectors in batches:
                self._put(chunk_ids, vectors)

    def upsert(self, chunk_ids: Sequence[str], vectors: FloatMatrix) -> None:
        """Raises BadRequestError for a vector that is not finite, or of another dimension than the others."""
        check_vectors(vectors)
        with self._lock:
            # Rounded as the catalog stores them, so that an answer does not depend on where a vector came from.
            self._put(chunk_ids, vectors.astype(np.float16))

    def delete(self, chunk_ids: Iterable[str]) -> None:
        """Unknown ids are ignored."""
        with self._lock:
            for chunk_id in chunk_ids:
                row = self._rows.pop(chunk_id, None)
                if row is None:
                    continue
                last = len(self._ids) - 1
                if row != last:
                    self._matrix[row] = self._matrix[last]
                    self._ids[row] = self._ids[last]
                    self._rows[self._ids[row]] = row
                self._ids.pop()

    def query(self, vector: FloatMatrix, top: int, within: Collection[str] | None = None) -> list[tuple[str, float]]:
        """Best first. within: compare only with these ids. Ties are broken by id, so that an answer never depends on the order
        of writing."""
        check_vectors(vector)
        with self._lock:
            if not self._ids or top <= 0:
                return []
            if within is not None:
                rows = np.array(sorted(self._rows[i] for i in within if i in self._rows), np.intp)
                ids = [self._ids[row] for row in rows]
                matrix = self._matrix[rows]
            else:
                ids, matrix = self._ids, self._matrix[: len(self._ids)]
            if vector.shape != (matrix.shape[1],):
                raise BadRequestError(reason="a vector of another dimension")
            return _best(ids, matrix, vector, top)

    def count(self) -> int:
        with self._lock:
            return len(self._ids)

    def _put(self, chunk_ids: Sequence[str], vectors: HalfMatrix) -> None:
        if len(chunk_ids) != len(vectors):
            raise BadRequestError(reason="as many ids as vectors are needed")
        if not len(vectors):
            return
        if self._ids and vectors.shape[1] != self._matrix.shape[1]:
            raise BadRequestError(reason="a vector of another dimension")
        self._make_room(len(vectors), vectors.shape[1])
        for chunk_id, vector in zip(chunk_ids, vectors, strict=True):
            row = self._rows.setdefault(chunk_id, len(self._ids))
            if row == len(self._ids):
                self._ids.append(chunk_id)
            self._matrix[row] = vector

    def _make_room(self, more: int, dim: int) -> None:
        needed = len(self._ids) + more
        if self._ids and needed <= len(self._matrix):
            return
        bigger: FloatMatrix = np.zeros((max(1024, needed, len(self._ids) * 3 // 2), dim), np.float32)
        if self._ids:
            bigger[: len(self._ids)] = self._matrix[: len(self._ids)]
        self._matrix = bigger


def check_vectors(vectors: FloatMatrix) -> None:
    """Raises BadRequestError unless every number is finite: Chroma takes NaN and then answers nonsense."""
    if not np.isfinite(vectors).all():
        raise BadRequestError(reason="a vector is not finite")


def _best(ids: Sequence[str], matrix: FloatMatrix, vector: FloatMatrix, top: int) -> list[tuple[str, float]]:
    if not len(matrix):
        return []
    similarity = matrix @ vector
    top = min(top, len(similarity))
    threshold = np.partition(similarity, len(similarity) - top)[len(similarity) - top]
    candidates: list[int] = np.flatnonzero(similarity >= threshold).tolist()
    ranked = sorted(((ids[row], float(similarity[row])) for row in candidates), key=lambda hit: (-hit[1], hit[0]))
    return ranked[:top]
