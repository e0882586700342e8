"""One embedded Chroma index. The only module of Elephant that touches chromadb; lives in the vector process alone.

Chroma is given ids and vectors and nothing else: no text, no metadata, no embedding function. WORKAROUND(chroma 7692, 7090, 7662)
until embedded Chroma is crash-safe and releases the interpreter lock: see docs/decisions/0302.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.domain.errors import StoreUnavailableError
from assistant.models.ports import FloatMatrix

log = logging.getLogger(__name__)

_COLLECTION = "chunks"
_LARGEST_BATCH = 2000
_PAGE = 20_000
# Chroma's own shape but for a wider search: recall at 50 is measured by tests/slow/retrieval.
_SHAPE: Any = {"hnsw": {"space": "cosine", "ef_construction": 100, "ef_search": 200, "max_neighbors": 16}}
_SAME = 0.01
"""Distance below which two vectors count as one: float16 rounding stays far below, another text's vector far above."""


def chroma_version() -> str:
    """Without importing Chroma, which takes a second."""
    from importlib.metadata import version

    return version("chromadb")


class ChromaIndex:
    """Thread: one at a time. Every method may raise StoreUnavailableError; a torn index may end the process instead."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        self.folder = folder
        with _translated():
            self._client: Any = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
            self._collection = self._client.get_or_create_collection(
                _COLLECTION,
                configuration=_SHAPE,
                embedding_function=None,
            )
            # Before any write: else the first read after unpersisted writes makes the next write replay them.
            self._collection.count()
            self._batch = max(1, min(_LARGEST_BATCH, self._client.get_max_batch_size()))

    def count(self) -> int:
        with _translated():
            return int(self._collection.count())

    def upsert(self, ids: Sequence[str], vectors: FloatMatrix) -> None:
        with _translated():
            for first in range(0, len(ids), self._batch):
                last = first + self._batch
                self._collection.upsert(ids=list(ids[first:last]), embeddings=vectors[first:last])

    def delete(self, ids: Sequence[str]) -> int:
        """Returns how many there were."""
        with _translated():
            before = self._collection.count()
            for first in range(0, len(ids), self._batch):
                self._collection.delete(ids=list(ids[first : first + self._batch]))
            return int(before - self._collection.count())

    def known(self, ids: Sequence[str]) -> int:
        """How many of these ids there are."""
        with _translated():
            return sum(
                len(self._collection.get(ids=list(ids[first : first + self._batch]), include=[])["ids"])
                for first in range(0, len(ids), self._batch)
            )

    def query(self, vector: FloatMatrix, top: int) -> list[tuple[str, float]]:
        with _translated():
            wanted = min(top, self._collection.count())
            if wanted <= 0:
                return []
            found = self._collection.query(
                query_embeddings=vector[np.newaxis, :], n_results=wanted, include=["distances"]
            )
        distances = (found["distances"] or [[]])[0]
        return [
            (chunk_id, 1.0 - float(distance)) for chunk_id, distance in zip(found["ids"][0], distances, strict=True)
        ]

    def ids(self) -> list[str]:
        found: list[str] = []
        with _translated():
            while page := self._collection.get(limit=_PAGE, offset=len(found), include=[])["ids"]:
                found += page
        return found

    def lost(self, ids: Sequence[str], vectors: FloatMatrix) -> int:
        """How many of these, if they are there at all, do not find themselves by their own vector. Another chunk with the same
        vector is as good."""
        with _translated():
            there = set(self._collection.get(ids=list(ids), include=[])["ids"]) if len(ids) else set()
        missed = 0
        for chunk_id, vector in zip(ids, vectors, strict=True):
            if chunk_id not in there:
                continue
            hits = self.query(vector, 5)
            is_there = any(hit == chunk_id for hit, _ in hits)
            is_same = bool(hits) and 1.0 - hits[0][1] < _SAME
            missed += not (is_same and (is_there or 1.0 - hits[-1][1] < _SAME))
        return missed

    def held(self, ids: Sequence[str], vectors: FloatMatrix) -> list[int]:
        """The places of those that are there with this very vector."""
        places = {chunk_id: place for place, chunk_id in enumerate(ids)}
        same: list[int] = []
        for first in range(0, len(ids), self._batch):
            with _translated():
                found = self._collection.get(ids=list(ids[first : first + self._batch]), include=["embeddings"])
            if not found["ids"]:
                continue
            there = np.asarray(found["embeddings"], dtype=np.float32).reshape(len(found["ids"]), -1)
            at = [places[chunk_id] for chunk_id in found["ids"]]
            given = vectors[at]
            with np.errstate(all="ignore"):  # damage may have made any number of it
                cosine = (there * given).sum(1) / np.sqrt((there * there).sum(1) * (given * given).sum(1))
            same += [place for place, is_same in zip(at, cosine > 1.0 - _SAME, strict=True) if is_same]
        return same

    def sample(self, most: int, seed: int) -> tuple[list[str], FloatMatrix]:
        """Random ids with their vectors as Chroma remembers them."""
        everything = self.ids()
        chosen = np.random.default_rng(seed).permutation(len(everything))[:most]
        with _translated():
            found = self._collection.get(ids=[everything[place] for place in chosen], include=["embeddings"])
        vectors = np.asarray(found["embeddings"], dtype=np.float32).reshape(len(found["ids"]), -1)
        return list(found["ids"]), vectors

    def close(self) -> None:
        with _translated():
            self._client.close()


class _translated:  # noqa: N801 (reads as a clause: `with _translated():`)
    """Chroma raises nearly anything, also types of its Rust side; all of it means that the store cannot be used."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        # PanicException is no Exception: it is what Rust's panics become.
        if error is None or isinstance(error, (StoreUnavailableError, KeyboardInterrupt, SystemExit, MemoryError)):
            return
        raise StoreUnavailableError(type(error).__name__, store="vectors", reason="chroma") from error
