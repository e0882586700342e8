"""What retrieval needs of others and offers to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.domain.errors import StoreUnavailableError
from assistant.models.ports import FloatMatrix

HalfMatrix = npt.NDArray[np.float16]


class LateAnswerError(StoreUnavailableError):
    """The vector process is busy or stalled. What it says is right all the same once it speaks. Fields as its parent."""

    kind = (
        "late-answer"  # its own: error_class would otherwise make every StoreUnavailableError off the wire one of these
    )


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

    def __bool__(self) -> bool:
        """True if it limits anything."""
        return bool(self.folder_ids or self.notes)


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Limits a keyword search to the rows of a sub-query that yields rowids."""

    sql: str
    parameters: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class KeywordHit:
    """score: BM25, higher is better, comparable within one query only. coverage: share of the query's terms that the chunk (with
    its title and headings) holds, each weighed by its rarity; within [0, 1]. phrases: share of the quoted phrases it holds."""

    rowid: int
    score: float
    coverage: float
    phrases: float = 0.0


class KeywordSearch(Protocol):
    """The keyword leg over the catalog. Safe to call from any engine thread."""

    def search(self, query: str, top: int, scope: Scope, *, unfinished: bool = False) -> list[KeywordHit]: ...

    def rarity(self, query: str) -> dict[str, float]:
        """How telling each word of the query is (inverse document frequency)."""
        ...

    def widened(self, query: str) -> dict[str, tuple[str, ...]]:
        """The other words that count as a word of the query, for those that have any."""
        ...


class Scopes(Protocol):
    """What a Scope means in the catalog. Safe to call from any engine thread."""

    def rows_within(self, scope: Scope) -> RowFilter:
        """A sub-query that yields the rowids of the scope's chunks."""
        ...

    def chunk_ids_within(self, scope: Scope) -> list[str]: ...


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


class VectorSource(Protocol):
    """Where the vectors really live: the catalog. Safe to call from any engine thread."""

    def count(self) -> int: ...

    def batches(self, size: int = 4096) -> Iterator[tuple[list[str], HalfMatrix]]:
        """Every vector once, as ids and a float16 matrix."""
        ...


class VectorSearch(Protocol):
    """The vector leg. Always answers rightly, by whatever means are there."""

    def query(self, vector: FloatMatrix, top: int, within: Collection[str] | None = None) -> list[tuple[str, float]]:
        """As VectorIndex.query. within: compare only with these chunk ids."""
        ...

    @property
    def is_exact(self) -> bool:
        """True while exact search answers because Chroma is away, doubtful or being rebuilt."""
        ...
