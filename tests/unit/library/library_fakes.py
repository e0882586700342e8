"""Collaborators for the library's tests that keep the contracts of library/ports.py and need nothing but the standard library
and NumPy. The keyword index is the real one."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from assistant.domain.documents import Chunk, Document, NoteFormat, ReasonCode
from assistant.domain.errors import AssistantError, NoteMissingError, NoteUnreadableError
from assistant.domain.models import EmbedderInfo
from assistant.library.catalog import Catalog
from assistant.library.library import Collaborators, Library, LibraryOptions
from assistant.library.reconcile import Changes, Reconciler
from assistant.library.scanner import ScanTimes
from assistant.models.ports import FloatMatrix
from assistant.retrieval.keyword import KeywordIndex

DIM = 8


class FakeReader:
    """Text files only. `bad`: file name to the reason it fails with."""

    def __init__(self) -> None:
        self.read_names: list[str] = []
        self.bad: dict[str, ReasonCode] = {}
        self.passwords: dict[str, str] = {}
        self.before_read: Callable[[Path], None] = lambda path: None

    def read(self, path: Path, *, password: str = "", cancelled: threading.Event | None = None) -> Document:
        self.before_read(path)
        self.read_names.append(path.name)
        if path.name in self.passwords and password != self.passwords[path.name]:
            raise NoteUnreadableError(reason=ReasonCode.ENCRYPTED.value)
        if path.name in self.bad:
            raise NoteUnreadableError(reason=self.bad[path.name].value)
        try:
            body = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise NoteMissingError(path=str(path)) from error
        if b"\x00" in body:
            raise NoteUnreadableError(reason=ReasonCode.NOT_TEXT.value)
        text = body.decode("utf-8", "replace")
        first = text.partition("\n")[0]
        return Document(text, NoteFormat.MARKDOWN, title=first[2:] if first.startswith("# ") else "")

    def close(self) -> None:
        pass


class ParagraphSplitter:
    """A chunk for each paragraph, under the last line that began with a hash."""

    version = "paragraphs-1"

    def __init__(self) -> None:
        self.on_split: Callable[[], None] = lambda: None

    def split(
        self, document: Document, *, title: str, window_tokens: int, count_tokens: Callable[[Sequence[str]], list[int]]
    ) -> list[Chunk]:
        self.on_split()
        chunks: list[Chunk] = []
        heading: tuple[str, ...] = ()
        start = 0
        for part in document.text.split("\n\n"):
            if part.startswith("#"):
                heading = (part.partition("\n")[0].lstrip("# "),)
            if part.strip():
                chunks.append(Chunk(len(chunks), part, start, start + len(part), heading))
            start += len(part) + 2
        count_tokens([chunk.text for chunk in chunks])
        return chunks

    def embedding_text(self, title: str, chunk: Chunk) -> str:
        return "\n".join((title, *chunk.heading_path, chunk.text))


class HashingEmbedder:
    """A unit vector from the text's hash: the same text, the same vector. Counts what it was asked to embed."""

    def __init__(self) -> None:
        self.embedded: list[str] = []
        self.failures: list[AssistantError] = []
        self.info_failure: AssistantError | None = None

    def info(self) -> EmbedderInfo:
        if self.info_failure is not None:
            raise self.info_failure
        return EmbedderInfo("hashing-1", "hashing", DIM, 512)

    def embed_passages(self, texts: Sequence[str], cancelled: threading.Event | None = None) -> FloatMatrix:
        if self.failures:
            raise self.failures.pop(0)
        self.embedded += texts
        return np.stack([vector_of(text) for text in texts]) if texts else np.zeros((0, DIM), np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if self.info_failure is not None:
            raise self.info_failure
        return [len(text) // 4 + 3 for text in texts]


def vector_of(text: str) -> FloatMatrix:
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=DIM * 2).digest()
    vector = np.frombuffer(digest, np.int16).astype(np.float32)
    unit: FloatMatrix = vector / np.linalg.norm(vector)
    return unit


class DictIndex:
    """A vector index that keeps what it is told. `failure` is raised while it is set."""

    def __init__(self) -> None:
        self.vectors: dict[str, FloatMatrix] = {}
        self.upserts: list[int] = []  # how many vectors each call brought
        self.calls = 0
        self.failure: AssistantError | None = None

    def upsert(self, chunk_ids: Sequence[str], vectors: FloatMatrix) -> None:
        self.calls += 1
        if self.failure is not None:
            raise self.failure
        self.upserts.append(len(chunk_ids))
        self.vectors |= dict(zip(chunk_ids, vectors, strict=True))

    def delete(self, chunk_ids: Iterable[str]) -> None:
        self.calls += 1
        if self.failure is not None:
            raise self.failure
        for chunk_id in chunk_ids:
            self.vectors.pop(chunk_id, None)


class Bench:
    """A library over a notes folder in `base`, with everything within reach. `options` override the quick defaults."""

    def __init__(self, base: Path, **options: object) -> None:
        self.notes = base / "notes"
        self.data = base / "data"
        self.notes.mkdir(parents=True, exist_ok=True)
        self.data.mkdir(parents=True, exist_ok=True)
        self.options = options
        self.index = DictIndex()
        self.embedder = HashingEmbedder()
        self.reader = FakeReader()
        self.splitter = ParagraphSplitter()
        self.news: list[str] = []
        self.attention_told = 0
        self.library = self.open()

    def open(self, *, embedder: HashingEmbedder | None = None) -> Library:
        values: dict[str, object] = {
            "suffixes": frozenset({".md", ".txt"}),
            "reader_version": "fake-1",
            "watch": False,
            "settle_s": 0.0,
            "quiet_s": 0.05,
            "longest_s": 0.5,
            "least_free_bytes": 0,
            "times": ScanTimes(heartbeat_s=0.05),
        }
        self.library = Library(
            self.data,
            Catalog(self.data / "index" / "catalog.sqlite", KeywordIndex()),
            Collaborators(self.reader, self.splitter, embedder or self.embedder, self.index),
            LibraryOptions(**(values | self.options)),  # type: ignore[arg-type]
            on_progress=lambda: self.news.append("progress"),
            on_folders=self._on_folders,
        )
        self.library.start()
        return self.library

    def _on_folders(self) -> None:
        self.attention_told = sum(folder.attention for folder in self.library.folders())
        self.news.append("folders")

    def reopen(self, **options: object) -> Library:
        self.library.close()
        self.options |= options
        return self.open()

    def write(self, name: str, text: str) -> Path:
        path = self.notes / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def add(self) -> int:
        folder, _ = self.library.add_folder(str(self.notes))
        self.settle()
        return folder.id

    def settle(self, timeout_s: float = 20.0) -> None:
        """Compare now, then until nothing is left to do."""
        self.library.rescan(wait=True)
        assert self.library.wait_until_idle(timeout_s), self.library.why_busy()

    def check_every_content(self) -> None:
        """What the rolling check does within a day."""
        scanner = self.library._scan()
        for folder in self.library.catalog.files.folders():
            for _ in range(1 + self.library.counts().notes):
                scanner._check_some_contents(folder, folder.raw)
        self.settle()

    def look_without_memory(self) -> Changes:
        """What a comparison finds that remembers nothing of the ones before it. The library must be idle and not watch."""
        forgetful = Reconciler(self.library.catalog, self.library._reconciler.rules)
        total = Changes()
        for folder in self.library.catalog.files.folders():
            found = forgetful.run(folder)
            for name in Changes.__slots__:
                setattr(total, name, getattr(total, name) + getattr(found, name))
        return total

    def states(self) -> dict[str, str]:
        rows = self.rows("SELECT note, state FROM files ORDER BY note")
        return {str(note): str(state) for note, state in rows}

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with self.library.catalog.database.read() as db:
            return db.execute(query, values).fetchall()

    def found(self, query: str) -> set[str]:
        """Notes a keyword search finds."""
        with self.library.catalog.database.read() as db:
            hits = KeywordIndex().search(db, query, 1000)
        chunks = self.library.catalog.chunks.chunks_by_rowid([hit.rowid for hit in hits.hits])
        return {chunk.note for chunk in chunks.values()}


def picture(bench: Bench) -> dict[str, object]:
    """Everything about the index that must not depend on how it came about."""
    chunks = bench.rows(
        """SELECT f.note, f.own_title, c.ordinal, c.text, c.headings, c.start_at, c.end_at, c.meaning, c.embedded, v.vector
        FROM chunks c JOIN files f ON f.id = c.file_id LEFT JOIN vectors v ON v.chunk = c.id ORDER BY f.note, c.ordinal"""
    )
    keywords = bench.rows(
        """SELECT f.note, c.ordinal, k.title, k.headings, k.body FROM keyword k JOIN chunks c ON c.id = k.rowid
        JOIN files f ON f.id = c.file_id ORDER BY f.note, c.ordinal"""
    )
    stored = {
        str(chunk_id): np.frombuffer(vector, np.float16)  # type: ignore[call-overload]
        for chunk_id, vector in bench.rows("SELECT c.chunk_id, v.vector FROM chunks c JOIN vectors v ON v.chunk = c.id")
    }
    told = bench.index.vectors
    return {
        "files": bench.rows("SELECT note, raw, size, state, reason, chunks, embedded, hash FROM files ORDER BY note"),
        "chunks": chunks,
        "keywords": keywords,
        "keyword entries": bench.rows("SELECT count(*) FROM keyword_docsize")[0][0],
        "vectors": bench.rows("SELECT count(*) FROM vectors")[0][0],
        "index holds the catalog's vectors": told.keys() == stored.keys()
        and all(np.array_equal(told[chunk_id], vector) for chunk_id, vector in stored.items()),
    }
