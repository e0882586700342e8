"""A catalog in memory and an embedder without a model, which keep the contracts of the real ones."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.domain.models import EmbedderInfo
from assistant.domain.order import ResultOrder
from assistant.domain.search import FilterKey, QueryFilter
from assistant.models.ports import FloatMatrix
from assistant.retrieval.exact import ExactIndex
from assistant.retrieval.keyword import CatalogKeywords, KeywordIndex
from assistant.retrieval.ports import HalfMatrix, RowFilter, Scope, StoredChunk
from assistant.retrieval.terms import words

DIM = 64


@dataclass(frozen=True)
class Entry:
    rowid: int
    title: str
    heading_path: tuple[str, ...]
    text: str


class HashingEmbedder:
    """Bags of hashed words, so that texts with common words are near each other; all rows have unit length."""

    def __init__(self, synonyms: dict[str, str] | None = None) -> None:
        self._synonyms = synonyms or {}
        self.calls = 0
        self.error: Exception | None = None

    def info(self) -> EmbedderInfo:
        return EmbedderInfo("hashing", "hashing", DIM, 512)

    def embed_passages(self, texts: Sequence[str], cancelled: threading.Event | None = None) -> FloatMatrix:
        self.calls += 1
        if self.error is not None:
            raise self.error
        rows = np.zeros((len(texts), DIM), np.float32)
        for row, text in enumerate(texts):
            for word in [self._synonyms.get(word, word) for word in words(text)] or ["nothing"]:
                digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
                rows[row, digest[0] % DIM] += 1.0
                rows[row, digest[1] % DIM] -= 1.0
            if not rows[row].any():
                rows[row, 0] = 1.0
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    embed_queries = embed_passages

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(words(text)) + 2 for text in texts]


class ExactSearch(ExactIndex):
    """The vector leg while Chroma is away: exact search answers."""

    is_exact = True


class MemoryCatalog:
    """Implements ChunkStore, Scopes and VectorSource over an in-memory keyword index."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self.index = KeywordIndex()
        self.index.create(self.connection)
        self.chunks: dict[int, StoredChunk] = {}
        self.vectors: dict[str, FloatMatrix] = {}
        self.keywords = CatalogKeywords(self.index, self.read, self)

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        yield self.connection

    def add_note(self, note: str, *texts: str, gap: int = 0, folder_id: int = 1, title: str = "") -> list[StoredChunk]:
        start, added = 0, []
        for ordinal, text in enumerate(texts):
            rowid = len(self.chunks) + 1
            chunk = StoredChunk(
                rowid, f"chunk-{rowid}", hash_of(note), folder_id, note, f"/notes/{note}", title or note, ordinal, text,
                start, start + len(text),
            )  # fmt: skip
            start = chunk.end + gap
            self.chunks[rowid] = chunk
            self.index.add(self.connection, [Entry(rowid, chunk.title, (), text)])
            added.append(chunk)
        return added

    def embed_all(self, embedder: HashingEmbedder) -> None:
        chunks = list(self.chunks.values())
        rows = embedder.embed_passages([chunk.text for chunk in chunks])
        self.vectors = {chunk.chunk_id: row for chunk, row in zip(chunks, rows, strict=True)}

    def chunks_by_rowid(self, rowids: Sequence[int]) -> dict[int, StoredChunk]:
        return {rowid: self.chunks[rowid] for rowid in rowids if rowid in self.chunks}

    def chunks_by_id(self, chunk_ids: Sequence[str]) -> dict[str, StoredChunk]:
        wanted = set(chunk_ids)
        return {chunk.chunk_id: chunk for chunk in self.chunks.values() if chunk.chunk_id in wanted}

    def rows_within(self, scope: Scope) -> RowFilter:
        rows = [rowid for rowid, chunk in self.chunks.items() if _inside(chunk, scope)]
        return RowFilter(f"VALUES {','.join(f'({row})' for row in rows) or '(-1)'}")

    def chunk_ids_within(self, scope: Scope) -> list[str]:
        return [chunk.chunk_id for chunk in self.chunks.values() if _inside(chunk, scope)]

    def newest_within(self, scope: Scope, limit: int, _order: ResultOrder = ResultOrder.NEWEST) -> list[str]:
        firsts = [chunk for chunk in self.chunks.values() if chunk.ordinal == 0 and _inside(chunk, scope)]
        return [chunk.chunk_id for chunk in firsts][:limit]

    def failed_filters(self, filters: tuple[QueryFilter, ...], folder_id: int, note: str) -> tuple[QueryFilter, ...]:
        chunks = [chunk for chunk in self.chunks.values() if (chunk.folder_id, chunk.note) == (folder_id, note)]
        return tuple(one for one in filters if not any(_passes(chunk, one) for chunk in chunks))

    def version(self) -> int:
        return len(self.chunks)

    def titles(self) -> Iterator[tuple[int, str, str]]:
        for chunk in self.chunks.values():
            if chunk.ordinal == 0:
                yield chunk.folder_id, chunk.note, chunk.title

    def chunk_count(self) -> int:
        return len(self.chunks)

    def count(self) -> int:
        return len(self.vectors)

    def batches(self, size: int = 4096) -> Iterator[tuple[list[str], HalfMatrix]]:
        ids = list(self.vectors)
        for first in range(0, len(ids), size):
            part = ids[first : first + size]
            yield part, np.stack([self.vectors[chunk_id] for chunk_id in part]).astype(np.float16)

    def vectors_of(self, chunk_ids: Collection[str]) -> tuple[list[str], HalfMatrix]:
        ids = [chunk_id for chunk_id in chunk_ids if chunk_id in self.vectors]
        rows = [self.vectors[chunk_id] for chunk_id in ids]
        return ids, np.stack(rows).astype(np.float16) if rows else np.zeros((0, 0), np.float16)


def _inside(chunk: StoredChunk, scope: Scope) -> bool:
    return (
        (not scope.folder_ids or chunk.folder_id in scope.folder_ids)
        and (not scope.notes or (chunk.folder_id, chunk.note) in scope.notes)
        and all(_passes(chunk, one) for one in scope.filters)
    )


def _passes(chunk: StoredChunk, one: QueryFilter) -> bool:
    """Folders and titles only: what the filters mean in a catalog is tested on a real one."""
    where = chunk.note.rpartition("/")[0] if one.key is FilterKey.FOLDER else chunk.title
    return (one.value.casefold() in where.casefold()) is not one.excludes


def hash_of(note: str) -> int:
    return int.from_bytes(hashlib.blake2b(note.encode(), digest_size=4).digest(), "big")
