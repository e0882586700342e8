"""The engine's composition root: makes every part, hands each its collaborators, and closes them in the right order.

Used by the engine process for the window and, in the same way, by the headless commands.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import __version__
from assistant.chat.answering import Answerer, AnswerTools
from assistant.chat.conversations import ConversationStore, OpenReport
from assistant.chat.draft import Draft
from assistant.chat.events import ChatEvent, EvidenceFound, PhaseChanged, TextAdded
from assistant.chat.ports import AnswerLimits
from assistant.chat.prompt_texts import PromptLibrary
from assistant.domain.answers import Answer
from assistant.domain.errors import AssistantError, BadRequestError, StoreUnavailableError
from assistant.domain.library import FolderInfo, IndexProgress, LibraryCounts
from assistant.domain.search import FilterKey, SearchExplanation
from assistant.engine.index_room import IndexRoom
from assistant.engine.model_room import ModelRoom
from assistant.engine.paths import DataPaths, OwnerLock, size_bytes
from assistant.engine.read_only import REASON, throw_away, usable
from assistant.engine.settings_store import SettingsStore
from assistant.engine.sources import Sources
from assistant.engine.suggestions import suggest_questions
from assistant.ipc import engine_messages as m
from assistant.ipc.supervisor import Health
from assistant.library.library import Library
from assistant.models.shelf import Shelf
from assistant.retrieval.ports import Scope
from assistant.retrieval.retriever import Retrieved

log = logging.getLogger(__name__)

BACKUP_EVERY_S = 3600.0
LOOK_FOR_MODELS_EVERY_S = 5.0
"""While one is missing: its disk may be away, or somebody copies it into the folder."""


class EngineListener:
    """Hears what happens unasked. Called on the engine's threads; must be quick."""

    def on_progress(self, progress: IndexProgress, counts: LibraryCounts) -> None: ...

    def on_folders(self, folders: tuple[FolderInfo, ...], counts: LibraryCounts) -> None: ...

    def on_health(self, health: Health) -> None: ...

    def on_models(self, chat_model: str, title: str, embedder: str) -> None: ...


@dataclass(frozen=True, slots=True)
class IndexReport:
    """failed: (note, reason code). meaning: whether search by meaning is on."""

    files: int
    indexed: int
    skipped: int
    failed: tuple[tuple[str, str], ...]
    chunks: int
    seconds: float
    meaning: bool


class Engine:
    """Owns the stores, the child processes and the indexing threads of one data folder. Thread: any."""

    def __init__(
        self, paths: DataPaths, lock: OwnerLock, model: str, listener: EngineListener, *, watch: bool, index: bool
    ) -> None:
        self.paths = paths
        self._lock = lock
        self._listener = listener
        self._watch = watch
        self._indexes = index
        self.settings = SettingsStore(paths.settings)
        self.conversations = ConversationStore(paths.conversations, paths.backups)
        self.shelf = Shelf(paths.models)
        self.models = ModelRoom(self.shelf, paths, self.settings, model, self._on_health)
        self._prompts = PromptLibrary()
        self._index_lock = threading.Lock()
        self._open_index()
        self.sources = Sources(self, self._title_of)
        self._backup_timer: threading.Timer | None = None
        self._model_timer: threading.Timer | None = None
        self._closed = False
        if watch:
            self._schedule_backup()
            self._look_for_models()

    @classmethod
    def open(
        cls,
        paths: DataPaths,
        *,
        model: str = "",
        listener: EngineListener | None = None,
        watch: bool = True,
        index: bool = True,
        patience_s: float = 0.0,
    ) -> Engine:
        """Take the data folder and start everything.

        Args:
            model: a chat model to use instead of the chosen one: a name on the shelf or the path of a GGUF file.
            watch: follow changes in the folders; headless commands compare once instead.
            index: False only looks at the index as it stands: nothing is compared, read or embedded, and exact search answers.
            patience_s: how long to wait for a predecessor that is just ending.

        Raises:
            DataFolderBusyError: another Elephant owns the folder.
            StoreUnavailableError: a store cannot be opened and there is no backup.

        In a data folder that cannot be written (`read_only`) it only looks, whatever was asked for.
        """
        paths = usable(paths)
        watch, index = watch and not paths.is_read_only, index and not paths.is_read_only
        paths.make()
        lock = OwnerLock(paths)
        lock.take(patience_s)
        try:
            return cls(paths, lock, model, listener or EngineListener(), watch=watch, index=index)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Stop in order: no new work, indexing, models, stores. Whatever was not finished goes on at the next start."""
        if self._closed:
            return
        self._closed = True
        if self._backup_timer is not None:
            self._backup_timer.cancel()
        if self._model_timer is not None:
            self._model_timer.cancel()
        self._index.close()
        self.models.close()
        self.conversations.close()
        self._lock.release()
        throw_away(self.paths)

    # ---- library ------------------------------------------------------------------------------------------------------

    @property
    def library(self) -> Library:
        return self._index.library

    def must_be_writable(self) -> None:
        """Raises StoreUnavailableError, reason "read-only"."""
        if self.paths.is_read_only:
            raise StoreUnavailableError(store="data", reason=REASON)

    def add_folder(self, path: str) -> tuple[FolderInfo, bool]:
        folder, already = self.library.add_folder(path)
        return folder, already

    def index_folder(
        self,
        folder: Path,
        on_progress: Callable[[IndexProgress, LibraryCounts], None],
        cancelled: threading.Event,
    ) -> IndexReport:
        """Add a folder if it is new and index until everything is ready. Raises FolderUnavailableError, Cancelled, and what keeps
        indexing from ending."""
        self.must_be_writable()
        library = self.library
        info, already = library.add_folder(str(folder))
        if already:
            library.rescan(info.id, wait=True, cancelled=cancelled)
        report = library.run_until_ready(lambda progress: on_progress(progress, library.counts()), cancelled)
        counts = report.counts
        return IndexReport(
            files=counts.notes + counts.skipped,
            indexed=counts.ready + counts.keyword_ready,
            skipped=counts.skipped,
            failed=report.failed,
            chunks=counts.chunks,
            seconds=report.seconds,
            meaning=self.models.embedder is not None,
        )

    # ---- questions ----------------------------------------------------------------------------------------------------

    def search(
        self,
        query: str,
        top: int,
        *,
        folder_ids: Sequence[int] = (),
        cancelled: threading.Event | None = None,
        unfinished: bool = False,
        exact_phrases: bool = True,
    ) -> Retrieved:
        """Passages for a query, best first. Words answer alone while the meaning leg is away. The rest as Retriever.retrieve."""
        return self._index.retriever.retrieve(
            query,
            top=top,
            scope=Scope(folder_ids=tuple(folder_ids)),
            cancelled=cancelled,
            unfinished=unfinished,
            exact_phrases=exact_phrases,
        )

    def explain(
        self,
        query: str,
        top: int,
        *,
        folder_ids: Sequence[int] = (),
        note: tuple[int, str] | None = None,
        cancelled: threading.Event | None = None,
        unfinished: bool = False,
    ) -> SearchExplanation:
        """The same search with the reason for every place, and for the place of one note. note: (folder_id, path)."""
        scope = Scope(folder_ids=tuple(folder_ids))
        return self._index.explain(query, top, scope, note, cancelled, unfinished=unfinished)

    def filter_values(self, key: str, beginning: str, limit: int) -> list[str]:
        """What the value of a filter may be, most used first; [] for a key whose values are not listed."""
        if key not in set(FilterKey):
            raise BadRequestError(reason=f"no filter is called {key}")
        return self._index.scopes.values(FilterKey(key), beginning, limit)

    def ask(
        self,
        question: str,
        conversation_id: int,
        replace_turn: int,
        folder_ids: Sequence[int],
        cancelled: threading.Event,
    ) -> Iterator[ChatEvent]:
        """Answer within a conversation and store the turn. Raises as Answerer.answer."""
        scope = Scope(folder_ids=tuple(folder_ids))
        yield from self._answerer.answer(question, conversation_id, scope, cancelled, replace_turn)

    def ask_once(self, question: str, printer: Any, cancelled: threading.Event) -> Answer:
        """Answer without storing anything. printer: hears phases, the quote and the text as they come, or None."""
        draft = Draft()
        for event in self._answerer.stream_once(question, Scope(), draft, cancelled):
            if printer is None:
                continue
            if isinstance(event, PhaseChanged):
                printer.on_phase(event.phase)
            elif isinstance(event, EvidenceFound) and event.quote is not None and not event.weak:
                for quote in event.quote.parts:
                    place = f"{quote.note}, page {quote.page}" if quote.page else quote.note
                    printer.on_quote(quote.text, place)
            elif isinstance(event, TextAdded):
                printer.on_text(event.text)
        return draft.answer()

    def suggest_questions(self, count: int, language: str) -> list[str]:
        return suggest_questions(self._index.outlines(), count, language)

    def embedded_texts(self) -> list[str]:
        """The exact text that was embedded for every chunk."""
        return self._index.embedded_texts()

    # ---- models -------------------------------------------------------------------------------------------------------

    def pull_model(self, name: str, on_progress: Callable[[str, int, int], None], cancelled: threading.Event) -> None:
        self.shelf.pull(name, on_progress, cancelled)
        self._models_changed()

    def add_model(self, path: str) -> None:
        self.shelf.add(Path(path))
        self._models_changed()

    def remove_model(self, name: str) -> None:
        self.shelf.remove(name)
        self._models_changed()

    def use_model(self, name: str) -> None:
        """Make a model on the shelf the chat model. Raises BadRequestError for one that is not there."""
        if name and name not in {entry.name for entry in self.shelf.entries() if entry.installed}:
            raise BadRequestError(reason=f"no model is called {name}")
        self.settings.change({"chat_model": name})
        self._models_changed()

    def restart_part(self, part: str) -> None:
        if part == "model":
            self.models.restart()
        elif part == "vectors":
            self._index.restart_vectors()
        else:
            raise BadRequestError(reason=f"no part is called {part}")
        self.library.wake()

    def change_settings(self, values: dict[str, Any]) -> None:
        before = self.settings.settings
        after = self.settings.change(values)
        if any(getattr(before, name) != getattr(after, name) for name in IndexRoom.SETTINGS):
            self._reopen_index()
        if before.chat_model != after.chat_model or before.embedder != after.embedder:
            self._models_changed()

    # ---- state --------------------------------------------------------------------------------------------------------

    def status(self) -> m.StatusReport:
        library = self.library
        parts = {
            "engine": Health("engine", "running"),
            "model": self.models.health,
            "vectors": self._index.vector_health,
        }
        return m.StatusReport(
            folders=tuple(library.folders()),
            counts=library.counts(),
            progress=library.progress(),
            chat_model=self.models.chat_name,
            chat_model_title=self.models.chat_title,
            embedder=self.models.embedder_name,
            parts=tuple(
                m.PartHealth(part, health.state, health.crashes, health.reason) for part, health in parts.items()
            ),
            sizes_bytes={
                "index": size_bytes(self.paths.index),
                "conversations": size_bytes(self.paths.conversations),
                "backups": size_bytes(self.paths.backups),
                "models": size_bytes(self.paths.models),
            },
            exact_search=self._index.is_exact,
            last_scan_s=library.last_scan_s,
        )

    def welcome(self) -> m.Welcome:
        return m.Welcome(
            version=__version__,
            data_dir=str(self.paths.original or self.paths.root),
            status=self.status(),
            settings=self.settings.settings,
            setting_problems=self.settings.problems,
            restored_from_backup=_loss(self.conversations.report),
            read_only=self.paths.is_read_only,
        )

    # ---- NoteSource, for the source viewer ----------------------------------------------------------------------------

    def resolve(self, folder_id: int, note: str) -> Path:
        path: Path = self.library.resolve(folder_id, note)
        return path

    def read_source(
        self, folder_id: int, note: str, password: str = "", cancelled: threading.Event | None = None
    ) -> Any:
        return self._index.read_source(folder_id, note, password, cancelled)

    def draw_page(
        self,
        folder_id: int,
        note: str,
        page: int,
        width_px: int,
        quote: str,
        around: tuple[str, str],
        cancelled: threading.Event | None = None,
    ) -> Any:
        return self._index.draw_page(folder_id, note, page, width_px, quote, around, cancelled)

    def draw_image(
        self, folder_id: int, note: str, target: str, max_width_px: int, cancelled: threading.Event | None = None
    ) -> str:
        return self._index.draw_image(folder_id, note, target, max_width_px, cancelled)

    def _title_of(self, folder_id: int, note: str) -> str:
        info = self.library.file(folder_id, note)
        return info.title if info is not None else ""

    # ---- inside -------------------------------------------------------------------------------------------------------

    def _open_index(self) -> None:
        self._index = IndexRoom(
            self.paths,
            self.settings.settings,
            self.models.embedder,
            watch=self._watch,
            reranker=lambda: self.models.reranker,
            on_progress=self._on_progress,
            on_folders=self._on_folders,
            on_health=self._on_health,
        )
        self._answerer = self._make_answerer()
        if self._indexes:
            self._index.start()  # last: from here on it calls back

    def _reopen_index(self) -> None:
        """Another embedder or other rules: the library closes and opens again; what is already indexed stays."""
        with self._index_lock:
            self._index.close()
            self._open_index()
        self._on_folders()

    def _models_changed(self) -> None:
        before = self.models.embedder_name
        self.models.choose()
        if self.models.embedder_name != before:
            self._reopen_index()
        self.library.wake()
        self._listener.on_models(self.models.chat_name, self.models.chat_title, self.models.embedder_name)

    def _make_answerer(self) -> Answerer:
        return Answerer(
            AnswerTools(
                retriever=self._index.retriever,
                evidence=self._index.evidence,
                models=self.models,
                limits=self,
                prompts=self._prompts,
                embedder=self.models.embedder,
            ),
            self.conversations,
        )

    def current(self) -> AnswerLimits:
        """LimitsSource: the settings that shape an answer, as they are now."""
        settings = self.settings.settings
        return AnswerLimits(settings.passages, settings.answer_tokens, settings.caution)

    def _on_progress(self) -> None:
        library = self.library
        self._listener.on_progress(library.progress(), library.counts())

    def _on_folders(self) -> None:
        library = self.library
        self._listener.on_folders(tuple(library.folders()), library.counts())

    def _on_health(self, health: Health) -> None:
        self._listener.on_health(health)

    def _schedule_backup(self) -> None:
        self._backup_timer = threading.Timer(BACKUP_EVERY_S, self._backup)
        self._backup_timer.daemon = True
        self._backup_timer.start()

    def _look_for_models(self) -> None:
        try:
            if self.models.are_found():
                self._models_changed()
        except AssistantError as error:
            log.info("the models could not be looked for: %s", error.kind)
        if not self._closed and not (self.models.embedder_name and self.models.chat_name):
            self._model_timer = threading.Timer(LOOK_FOR_MODELS_EVERY_S, self._look_for_models)
            self._model_timer.daemon = True
            self._model_timer.start()

    def _backup(self) -> None:
        try:
            self.conversations.backup()
        except Exception:
            log.exception("the backup of conversations failed")
        if not self._closed:
            self._schedule_backup()


def _loss(report: OpenReport) -> str:
    """What a damaged conversations file cost, for the window to say; "" if nothing was wrong."""
    if report.moved_aside is None:
        return ""
    return "empty" if report.restored is None else report.restored.path.name
