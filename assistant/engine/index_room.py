"""Everything that stands on one index generation: catalog, keyword and vector search, readers, and the library above them.

A change of embedder or of the rules closes this and opens another; the conversations and the models do not notice.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.chat.answering import Answerer
from assistant.chat.ports import Evidence
from assistant.documents.reading import READER_VERSION, SUPPORTED_SUFFIXES
from assistant.documents.splitting import SPLITTER_VERSION, embedding_text, split_document
from assistant.domain.documents import Chunk, Document
from assistant.domain.errors import AssistantError, BadRequestError, NoteMissingError
from assistant.domain.library import FileInfo
from assistant.domain.reading import RelatedNote
from assistant.domain.search import SearchExplanation, Verdict
from assistant.domain.settings import Settings
from assistant.engine.attachments import image_targets
from assistant.engine.catalog_scopes import CatalogScopes
from assistant.engine.link_web import LinkWeb
from assistant.engine.paths import DataPaths, size_bytes
from assistant.engine.suggestions import NoteOutline
from assistant.ipc.reader_messages import PageRendered
from assistant.ipc.supervisor import Health
from assistant.library.catalog import Catalog
from assistant.library.generation import catalog_path
from assistant.library.library import Collaborators, Library, LibraryOptions
from assistant.library.reader_pool import PoolLimits, ReaderPool
from assistant.library.scanner import ScanTimes
from assistant.models.ports import Embedder, Reranker
from assistant.retrieval.abstention import is_weak
from assistant.retrieval.evidence import QuoteFinder
from assistant.retrieval.explaining import SearchExplainer
from assistant.retrieval.keyword import CatalogKeywords, KeywordIndex
from assistant.retrieval.ports import Scope
from assistant.retrieval.related import RelatedFinder
from assistant.retrieval.related_words import SharedWordsFinder
from assistant.retrieval.retriever import Retrieved, Retriever
from assistant.retrieval.vector_client import VectorClient, vector_supervisor
from assistant.retrieval.vectors import GuardedVectors

OUTLINES = 40


class DocumentSplitter:
    """Implements the library's Splitter by the documents room."""

    version = SPLITTER_VERSION

    def split(
        self, document: Document, *, title: str, window_tokens: int, count_tokens: Callable[[Sequence[str]], list[int]]
    ) -> list[Chunk]:
        return split_document(document, title=title, window_tokens=window_tokens, count_tokens=count_tokens)

    def embedding_text(self, title: str, chunk: Chunk) -> str:
        return embedding_text(title, chunk)


class EvidenceJudge:
    """Implements chat's EvidenceFinder by the retrieval room."""

    def __init__(self, quotes: QuoteFinder) -> None:
        self._quotes = quotes

    def find(self, question: str, found: Retrieved, caution: str, cancelled: threading.Event) -> Evidence:
        # Filters and the like are no part of what is asked.
        asked = found.understood
        quote = self._quotes.best_sentences(asked.words or question, found.passages, cancelled, asked.dates)
        return Evidence(quote, is_weak(found, quote, caution))


class IndexRoom:
    """Owns one generation's stores, its vector process, its readers and its threads. Thread: any."""

    SETTINGS = ("ignore_patterns", "largest_note_mb", "reader_time_limit_s", "reader_memory_mb", "rescan_minutes")
    """The settings that need the room to be opened anew."""

    def __init__(
        self,
        paths: DataPaths,
        generation: Path,
        settings: Settings,
        embedder: Embedder | None,
        *,
        watch: bool,
        reranker: Callable[[], Reranker | None] = lambda: None,
        on_progress: Callable[[], None],
        on_folders: Callable[[], None],
        on_health: Callable[[Health], None],
    ) -> None:
        """generation: the folder of this index, which must be there. Nothing runs before `start`. `answerer` is set by whoever makes us."""
        self.answerer: Answerer
        index = KeywordIndex()
        self._catalog = Catalog(catalog_path(generation), index)
        self.scopes = scopes = CatalogScopes(self._catalog)
        keywords = CatalogKeywords(index, self._catalog.database.read, scopes)
        self._chroma_folder = generation / "chroma"
        self._supervisor = vector_supervisor(self._chroma_folder, paths.log("vectors"), self._vector_health_changed)
        self._on_health = on_health
        self._forgetting = generation / "forgetting"
        self._is_started = False
        self._vectors = GuardedVectors(
            VectorClient(self._supervisor) if embedder else None, self._catalog.chunks, renewal_mark=self._forgetting
        )
        limits = PoolLimits(
            time_limit_s=settings.reader_time_limit_s,
            memory_bytes=settings.reader_memory_mb * 1_000_000,
            max_bytes=settings.largest_note_mb * 1_000_000,
        )
        self._viewer = ReaderPool(limits=limits)
        self._readers = ReaderPool(limits=limits)
        self.library = Library(
            paths.root,
            self._catalog,
            Collaborators(self._readers, DocumentSplitter(), embedder, self._vectors if embedder else None),
            LibraryOptions(
                suffixes=SUPPORTED_SUFFIXES,
                reader_version=READER_VERSION,
                patterns=settings.ignore_patterns,
                largest_note_bytes=settings.largest_note_mb * 1_000_000,
                watch=watch,
                times=ScanTimes(rescan_s=settings.rescan_minutes * 60.0),
            ),
            on_progress=on_progress,
            on_folders=on_folders,
        )
        self.retriever = Retriever(keywords, self._vectors, self._catalog.chunks, embedder, scopes, reranker=reranker)
        self._explainer = SearchExplainer(self.retriever, keywords, self._vectors, self._catalog.chunks, scopes)
        self.links = LinkWeb(self._catalog)
        by_words = SharedWordsFinder(keywords, self._catalog.chunks)
        self._related = RelatedFinder(self._catalog.chunks, self._catalog.chunks, self._vectors, by_words)
        self.evidence = EvidenceJudge(QuoteFinder(keywords, embedder))

    def start(self) -> None:
        self._is_started = True
        if self._forgetting.exists():  # a kill may have come between
            with contextlib.suppress(
                AssistantError
            ):  # a full disk keeps nobody from starting; the words are not found any more
                self._catalog.chunks.forget_traces()
        self.library.start()
        self._vectors.start()

    def close(self) -> None:
        """Indexing first, then who it writes to."""
        self._vectors.stop()
        self.library.close()
        self._viewer.close()
        self._supervisor.stop()

    @property
    def is_exact(self) -> bool:
        return self._vectors.is_exact

    @property
    def vector_health(self) -> Health:
        return self._supervisor.health

    @property
    def reader_health(self) -> Health:
        return Health("reader", "running" if self._readers.pids else "resting")

    def sizes_bytes(self, index: Path) -> dict[str, int]:
        """What of this index lies where below a folder of indexes: words, vectors and states in the catalog, and the index made over
        the vectors."""
        path = self._catalog.database.path
        catalog = index / path.parent.name / path.name
        parts = (catalog, catalog.with_name(catalog.name + "-wal"), catalog.with_name(catalog.name + "-shm"))
        return {"catalog": sum(map(size_bytes, parts)), "vectors": size_bytes(catalog.parent / "chroma")}

    def restart_vectors(self) -> None:
        self._supervisor.reset()
        self._vectors.process_ended()

    def forget_note(self, folder_id: int, note: str) -> None:
        """As Library.forget_note. Its vectors go, too: in the background, and at once where nothing runs there."""
        with self._vectors.renewed("a note was forgotten"):
            self.library.forget_note(folder_id, note)
        if not self._is_started:
            shutil.rmtree(self._chroma_folder, ignore_errors=True)
        self.answerer.forget_earlier()

    def read_source(
        self, folder_id: int, note: str, password: str = "", cancelled: threading.Event | None = None
    ) -> Document:
        """As Library.read_source, by a reader of the viewer's own: a person must not wait behind indexing."""
        path = self.library.resolve(folder_id, note)
        return self._viewer.read(path, password=password or self.library.password(folder_id, note), cancelled=cancelled)

    def draw_page(
        self,
        folder_id: int,
        note: str,
        page: int,
        width_px: int,
        quote: str,
        around: tuple[str, str],
        cancelled: threading.Event | None = None,
        with_text: bool = False,
    ) -> PageRendered:
        path = self.library.resolve(folder_id, note)
        password = self.library.password(folder_id, note)
        return self._viewer.draw_page(
            path,
            page,
            width_px=width_px,
            quote=quote,
            around=around,
            password=password,
            cancelled=cancelled,
            with_text=with_text,
        )

    def draw_image(
        self, folder_id: int, note: str, target: str, max_width_px: int, cancelled: threading.Event | None = None
    ) -> str:
        """An image that a note shows, as a base64 PNG; only from within the note's own folder."""
        for place in image_targets(note, target):
            with contextlib.suppress(NoteMissingError):
                path = self.library.resolve_beside(folder_id, note, place)
                return self._viewer.draw_image(path, max_width_px, cancelled).png
        raise NoteMissingError(path=target)

    def related(
        self, folder_id: int, note: str, limit: int, cancelled: threading.Event | None = None
    ) -> list[RelatedNote]:
        """As RelatedFinder.find. Raises BadRequestError."""
        row = self._catalog.files.by_note(folder_id, note)
        if row is None:
            raise BadRequestError(reason="no such note")
        return self._related.find(self._catalog.chunks.ids_of(row.id), limit, cancelled)

    def embedded_texts(self) -> list[str]:
        """The exact text that was embedded for every chunk, for comparisons with the bare embedder."""
        with self._catalog.database.read() as connection:
            rows: list[Any] = connection.execute(
                """SELECT files.own_title, chunks.ordinal, chunks.text, chunks.start_at, chunks.end_at, chunks.headings, chunks.page
                FROM chunks JOIN files ON files.id = chunks.file_id WHERE chunks.embedded = 1"""
            ).fetchall()
        return [
            embedding_text(title, Chunk(ordinal, text, start, end, tuple(json.loads(headings or "[]")), page))
            for title, ordinal, text, start, end, headings, page in rows
        ]

    def explain(
        self,
        query: str,
        top: int,
        scope: Scope,
        note: tuple[int, str] | None,
        cancelled: threading.Event | None = None,
        *,
        unfinished: bool = False,
    ) -> SearchExplanation:
        """As SearchExplainer.explain, with the state of the note."""
        found = self._explainer.explain(query, top, scope, note, cancelled, unfinished=unfinished)
        if note is None or found.note is None:
            return found
        file = self.library.file(*note)
        return replace(found, note=replace(found.note, file=file, verdict=_verdict(found.note.verdict, file)))

    def outlines(self) -> Iterator[NoteOutline]:
        """Titles and headings of the newest notes."""
        with self._catalog.database.read() as connection:
            rows: list[Any] = connection.execute(
                """SELECT files.own_title, files.note, chunks.headings
                FROM (SELECT id, own_title, note, mtime_ns FROM files WHERE chunks > 0 ORDER BY mtime_ns DESC, id LIMIT ?) AS files
                JOIN chunks ON chunks.file_id = files.id AND chunks.ordinal < 6
                ORDER BY files.mtime_ns DESC, files.id, chunks.ordinal""",
                (OUTLINES,),
            ).fetchall()
        found: dict[tuple[str, str], dict[str, None]] = {}
        for own_title, note, headings in rows:
            found.setdefault((own_title, note), {}).update(dict.fromkeys(json.loads(headings) if headings else []))
        for (own_title, note), seen in found.items():
            yield NoteOutline(own_title or PurePosixPath(note).stem, tuple(seen))

    def _vector_health_changed(self, health: Health) -> None:
        if health.state in {"restarting", "broken", "stopped"}:
            self._vectors.process_ended()
        self._on_health(health)


def _verdict(of_search: Verdict, file: FileInfo | None) -> Verdict:
    """What the state of a note says of its place, before what the search says."""
    if file is None:
        return Verdict.UNKNOWN_NOTE
    if not file.chunks:
        return Verdict.NOT_READ
    if of_search is Verdict.OUTRANKED and file.embedded < file.chunks:
        return Verdict.NO_MEANING_YET
    return of_search
