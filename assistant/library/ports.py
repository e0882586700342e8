"""What the library needs of others, as small protocols. The real things and the tests' fakes both keep them."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.domain.documents import Chunk, Document
from assistant.domain.models import EmbedderInfo
from assistant.models.ports import FloatMatrix


@dataclass(frozen=True, slots=True)
class KeywordText:
    """A chunk as the keyword index takes it."""

    rowid: int
    title: str
    heading_path: tuple[str, ...]
    text: str


class KeywordTables(Protocol):
    """The keyword index's tables inside the catalog. Every method runs in the catalog's open transaction, on its connection."""

    @property
    def version(self) -> str:
        """Another one makes other terms of the same text."""
        ...

    def create(self, connection: sqlite3.Connection) -> None: ...

    def clear(self, connection: sqlite3.Connection) -> None: ...

    def add(self, connection: sqlite3.Connection, texts: Iterable[KeywordText]) -> None: ...

    def remove(self, connection: sqlite3.Connection, rowids: Sequence[int]) -> None:
        """Called while the chunks' rows still stand."""
        ...

    def compact(self, connection: sqlite3.Connection) -> None:
        """Leave nothing of removed chunks on disk; may take seconds."""
        ...


class NoteReader(Protocol):
    """Turns a file into a Document, somewhere where it can do no harm.

    Raises: NoteUnreadableError (reason: a ReasonCode value), NoteMissingError, ProcessDiedError and ProcessBrokenError when no
    reader can be started at all, Cancelled.
    """

    def read(self, path: Path, *, password: str = "", cancelled: threading.Event | None = None) -> Document: ...

    def close(self) -> None: ...


class Splitter(Protocol):
    """A Document becomes chunks that fit the embedder's window."""

    version: str

    def split(
        self, document: Document, *, title: str, window_tokens: int, count_tokens: Callable[[Sequence[str]], list[int]]
    ) -> list[Chunk]: ...

    def embedding_text(self, title: str, chunk: Chunk) -> str:
        """The exact text that is embedded for a chunk."""
        ...


class PassageEmbedder(Protocol):
    """The part of models.ports.Embedder that indexing uses; raises as it does."""

    def info(self) -> EmbedderInfo: ...

    def embed_passages(self, texts: Sequence[str], cancelled: threading.Event | None = None) -> FloatMatrix: ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]: ...


class VectorSink(Protocol):
    """The part of retrieval.ports.VectorIndex that indexing writes to.

    Raises ProcessDiedError (may be tried again), ProcessBrokenError or StoreUnavailableError (exact search answers meanwhile).
    """

    def upsert(self, chunk_ids: Sequence[str], vectors: FloatMatrix) -> None: ...

    def delete(self, chunk_ids: Iterable[str]) -> None: ...
