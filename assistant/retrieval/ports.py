"""What retrieval needs of others and offers to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.models.ports import FloatMatrix


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk as the catalog gives it out. rowid is its key in the keyword index, chunk_id in the vector index."""

    rowid: int
    chunk_id: str
    file_id: int
    folder_id: int
    note: str
    note_path: str
    title: str
    ordinal: int
    text: str
    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Limits a search. Empty tuples mean no limit. notes: (folder_id, note) pairs."""

    folder_ids: tuple[int, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()


class ChunkStore(Protocol):
    """The catalog, as retrieval sees it. Safe to call from any engine thread."""

    def chunks_by_rowid(self, rowids: Sequence[int]) -> dict[int, StoredChunk]: ...

    def chunks_by_id(self, chunk_ids: Sequence[str]) -> dict[str, StoredChunk]: ...

    def neighbours(self, file_id: int, first_ordinal: int, last_ordinal: int) -> list[StoredChunk]:
        """Chunks of a file with first <= ordinal <= last, in order."""
        ...


class VectorIndex(Protocol):
    """Vectors by chunk id. Similarity is cosine (a dot product of unit rows): higher is better."""

    def upsert(self, chunk_ids: Sequence[str], vectors: FloatMatrix) -> None: ...

    def delete(self, chunk_ids: Iterable[str]) -> None: ...

    def query(self, vector: FloatMatrix, top: int) -> list[tuple[str, float]]:
        """vector: shape (dim,). Returns up to `top` (chunk id, similarity), best first."""
        ...

    def count(self) -> int: ...
