"""What retrieval needs of others and offers to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.domain.errors import StoreUnavailableError
from assistant.domain.order import ResultOrder
from assistant.domain.search import QueryFilter, QueryWord
from assistant.models.ports import FloatMatrix

HalfMatrix = npt.NDArray[np.float16]


class LateAnswerError(StoreUnavailableError):
    """The vector process is busy or stalled. What it says is right all the same once it speaks. Fields as its parent."""

    kind = (
        "late-answer"  # its own: error_class would otherwise make every StoreUnavailableError off the wire one of these
    )


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk as the catalog gives it out. rowid is its key in the keyword index, chunk_id in the vector index. day: the one that its note's
    name or front matter gives it, as a proleptic ordinal. changed_at_s: the file's, Unix seconds."""

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
    day: int | None = None
    changed_at_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Scope:
    """Limits a search. Empty tuples mean no limit. notes: (folder_id, note) pairs. filters: all of them must hold. places: (folder_id,
    note), (folder_id, folder ending with `/`) or (folder_id, "") for all of one; in any of them."""

    folder_ids: tuple[int, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    filters: tuple[QueryFilter, ...] = ()
    places: tuple[tuple[int, str], ...] = ()

    def __bool__(self) -> bool:
        """True if it limits anything."""
        return bool(self.folder_ids or self.notes or self.filters or self.places)


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Limits a keyword search to the rows of a sub-query that yields rowids. prepare: to be called with the connection first."""

    sql: str
    parameters: tuple[object, ...] = ()
    prepare: Callable[[sqlite3.Connection], None] = lambda _connection: None


@dataclass(frozen=True, slots=True)
class KeywordHit:
    """score: BM25, higher is better, comparable within one query only. coverage: share of the query's terms that the chunk (with
    its title and headings) holds, each weighed by its rarity; within [0, 1]. phrases: share of the quoted phrases it holds."""

    rowid: int
    score: float
    coverage: float
    phrases: float = 0.0


@dataclass(frozen=True, slots=True)
class KeywordAnswer:
    """What the keyword leg found, best first, and the words it looked for."""

    hits: tuple[KeywordHit, ...] = ()
    words: tuple[QueryWord, ...] = ()

    @property
    def dominance(self) -> float:
        """Share of the most telling word in the weight of all: near 1 for a name or a code with little beside it, small for a sentence."""
        whole = sum(word.weight for word in self.words)
        return max(word.weight for word in self.words) / whole if whole else 0.0


class KeywordSearch(Protocol):
    """The keyword leg over the catalog. Safe to call from any engine thread."""

    def search(
        self, query: str, top: int, scope: Scope, *, unfinished: bool = False, spellings: Sequence[str] = ()
    ) -> KeywordAnswer:
        """spellings: phrases that find a chunk, too, such as another way to write a date; they do not count as words of the query."""
        ...

    def words(self, query: str) -> tuple[QueryWord, ...]:
        """The words of a query that are looked for, in order."""
        ...

    def rank_of(
        self, query: str, scope: Scope, score: float, *, unfinished: bool = False, spellings: Sequence[str] = ()
    ) -> int:
        """The place from 1 of a chunk with this score among all that the query finds."""
        ...


class Scopes(Protocol):
    """What a Scope means in the catalog. Safe to call from any engine thread."""

    def rows_within(self, scope: Scope) -> RowFilter:
        """A sub-query that yields the rowids of the scope's chunks."""
        ...

    def chunk_ids_within(self, scope: Scope) -> list[str]: ...

    def newest_within(self, scope: Scope, limit: int, order: ResultOrder = ResultOrder.NEWEST) -> list[str]:
        """The first chunk of each note, newest note first."""
        ...

    def failed_filters(self, filters: tuple[QueryFilter, ...], folder_id: int, note: str) -> tuple[QueryFilter, ...]:
        """Those of the filters that keep this note out."""
        ...


class TitleSource(Protocol):
    """The titles of all notes. Safe to call from any engine thread."""

    def version(self) -> int:
        """Another number whenever anything may have changed. Costs nothing."""
        ...

    def titles(self) -> Iterator[tuple[int, str, str]]:
        """folder_id, note and title of every note that has been read."""
        ...


class ChunkStore(TitleSource, Protocol):
    """The catalog, as retrieval sees it. Safe to call from any engine thread."""

    def chunks_by_rowid(self, rowids: Sequence[int]) -> dict[int, StoredChunk]: ...

    def chunks_by_id(self, chunk_ids: Sequence[str]) -> dict[str, StoredChunk]: ...

    def chunk_count(self) -> int:
        """All chunks, with and without a vector."""
        ...

    def count(self) -> int:
        """Chunks with a vector."""
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

    def vectors_of(self, chunk_ids: Collection[str]) -> tuple[list[str], HalfMatrix]:
        """Those of these chunks that have one."""
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
