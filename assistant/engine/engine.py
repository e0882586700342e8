"""The engine's composition root: makes every part, hands each its collaborators, and closes them in the right order.

Used by the engine process for the window and, in the same way, by the headless commands.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from assistant import __version__
from assistant.chat.answering import Answerer, AnswerTools
from assistant.chat.conversations import ConversationStore, OpenReport
from assistant.chat.draft import Draft
from assistant.chat.events import ChatEvent, EvidenceFound, PhaseChanged, TextAdded
from assistant.chat.forgetting import ForgottenNote
from assistant.chat.ports import AnswerLimits, ChatChoice
from assistant.chat.prompt_texts import PromptLibrary
from assistant.chat.restoring import summary_of
from assistant.chat.trials import Tried, try_models
from assistant.documents.splitting import SPLITTER_VERSION
from assistant.domain.answers import Answer, AskScope, Passage
from assistant.domain.errors import AssistantError, BadRequestError, Cancelled, StoreUnavailableError
from assistant.domain.library import FileInfo, FolderInfo, IndexedChunk, IndexProgress, LibraryCounts, Renewal
from assistant.domain.order import ResultOrder
from assistant.domain.reading import RelatedNote
from assistant.domain.search import FilterKey, SearchExplanation, Understood
from assistant.domain.sentences import text_language
from assistant.engine.chats import Export
from assistant.engine.clearing import CHATS, EVERYTHING, Clearing, stored_parts
from assistant.engine.data_version import refuse_newer
from assistant.engine.follow_ups import choose_questions, follow_up_questions, worth_asking_about
from assistant.engine.generations import Chosen, Generations
from assistant.engine.index_room import IndexRoom
from assistant.engine.link_web import LinkWeb
from assistant.engine.model_desk import ModelDesk
from assistant.engine.model_room import ModelRoom
from assistant.engine.paths import DataPaths, OwnerLock, size_bytes
from assistant.engine.read_only import REASON, remove_leftover_copies, throw_away, usable
from assistant.engine.settings_store import SettingsStore
from assistant.engine.shelves import shelf_with
from assistant.engine.sources import Sources
from assistant.engine.suggestions import suggest_questions
from assistant.ipc import engine_messages as m
from assistant.ipc.supervisor import Health
from assistant.ipc.wire import error_message
from assistant.library.library import Library
from assistant.models.ports import Embedder
from assistant.retrieval.ports import Scope
from assistant.retrieval.retriever import Retrieved
from assistant.retrieval.terms import is_filler

log = logging.getLogger(__name__)

BACKUP_EVERY_S = 3600.0
FIRST_BACKUP_S = 120.0
"""For what the process before this one did not back up because it was killed."""

SWITCH_PATIENCE_S = 10.0
LOOK_FOR_MODELS_EVERY_S = 5.0
"""While one is missing: its disk may be away, or somebody copies it into the folder."""


FOLLOWED_TURNS, FOLLOWED_CHUNKS, MOST_FOLLOW_UPS_TRIED = 40, 60, 8
"""How far is looked for questions to ask next: back in the chat, into a note, and how many are tried on the index."""


class EngineListener:
    """Hears what happens unasked. Called on the engine's threads; must be quick."""

    def on_progress(self, progress: IndexProgress, counts: LibraryCounts, renewal: Renewal | None) -> None: ...

    def on_folders(self, folders: tuple[FolderInfo, ...], counts: LibraryCounts) -> None: ...

    def on_health(self, health: Health) -> None: ...

    def on_models(self, chat_model: str, title: str, embedder: str) -> None: ...


@dataclass(frozen=True, slots=True)
class IndexReport:
    """left_out: files that somebody might miss. meaning: whether search by meaning is on."""

    files: int
    indexed: int
    skipped: int
    failed: tuple[FileInfo, ...]
    left_out: tuple[FileInfo, ...]
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
        self.settings = SettingsStore(paths.settings)
        self.conversations = ConversationStore(paths.conversations, paths.backups)
        self.shelf = shelf_with(paths, self.settings)
        self.models = ModelRoom(self.shelf, paths, self.settings, model, self._on_health)
        self._prompts = PromptLibrary(own=self._own_prompts)
        self._generations: Generations[IndexRoom] = Generations(
            paths.index, SPLITTER_VERSION, self._open_room, self.models.embedder_named, self._on_switched
        )
        self._generations.open(self._chosen_embedder(), start=index)
        self.sources = Sources(self, self._title_of)
        self.desk = ModelDesk(self.shelf, self.models, self.settings, self._models_changed, self._compare)
        self._backup_timer: threading.Timer | None = None
        self._model_timer: threading.Timer | None = None
        self._closed = False
        if watch:
            self.shelf.tidy()
            self._schedule_backup(FIRST_BACKUP_S)
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
            StoreUnavailableError: a store cannot be opened and there is no backup, or a newer Elephant has worked here ("newer").

        In a data folder that cannot be written (`read_only`) it only looks, whatever was asked for. A copy of one is thrown away when
        it cannot be opened, too.
        """
        paths = usable(paths)
        watch, index = watch and not paths.is_read_only, index and not paths.is_read_only
        lock = paths.lock or OwnerLock(paths)
        try:
            paths.make()
            if paths.lock is None:
                lock.take(patience_s)
            refuse_newer(paths)
            return cls(paths, lock, model, listener or EngineListener(), watch=watch, index=index)
        except BaseException:
            lock.release()
            throw_away(paths)
            raise

    def close(self) -> None:
        """Stop in order: no new work, indexing, models, stores. Whatever was not finished goes on at the next start."""
        if self._closed:
            return
        self._closed = True
        if self._model_timer is not None:
            self._model_timer.cancel()
        if self._backup_timer is not None:
            self._backup_timer.cancel()
            self._backup()  # first: what follows may take longer than this process is given
        self._generations.close()
        self.models.close()
        self.conversations.close()
        self._lock.release()
        throw_away(self.paths)

    # ---- library ------------------------------------------------------------------------------------------------------

    @property
    def _index(self) -> IndexRoom:
        """The index that answers now. What takes longer than a look holds a lease on it."""
        return self._generations.active

    @property
    def library(self) -> Library:
        return self._index.library

    def must_be_writable(self) -> None:
        """Raises StoreUnavailableError, reason "read-only"."""
        if self.paths.is_read_only:
            raise StoreUnavailableError(store="data", reason=REASON)

    def add_folder(self, path: str) -> tuple[FolderInfo, bool]:
        folder, already = self.library.add_folder(path)
        self._generations.reopen_next()
        return folder, already

    def remove_folder(self, folder_id: int) -> None:
        self.library.remove_folder(folder_id)
        self._generations.reopen_next()

    def forget_note(self, folder_id: int, note: str) -> int:
        """Leave no word of a note in the index, in conversations and their backups, and do not read it again unless `retry` asks for it.
        Returns how many answers went with it. The file is not touched. Raises BadRequestError; StoreUnavailableError, store "backup", if a
        backup could not be changed: the note is not forgotten then."""
        forgotten = ForgottenNote(folder_id, note, self.library.texts_of(folder_id, note))
        # The answers first: they are found by the texts, which the index does not have any more when it has forgotten them. What fails
        # or is cut short here can be asked for once more.
        answers = self.conversations.forget_note(
            forgotten, lambda question: self._prompts.texts(text_language(question)).forgotten
        )
        for room in self._generations.rooms():
            with contextlib.suppress(BadRequestError):  # the one being built may not have come to it
                room.forget_note(folder_id, note)
        self._generations.remove_unopened()
        self._generations.reopen_next()
        remove_leftover_copies()
        return answers

    def clear(self, what: str) -> m.Cleared:
        """Take the chats, the index or everything away for good. Raises as Clearing.clear, and StoreUnavailableError, reason "read-only"."""
        self.must_be_writable()
        cleared = Clearing(self.paths, self.conversations, self.settings, self._generations).clear(what)
        if what == CHATS:
            for room in self._generations.rooms():
                room.answerer.forget_earlier()
        else:
            self._on_switched()
        if what == EVERYTHING:
            self._models_changed()
        return cleared

    def stored(self) -> m.StoredReport:
        return m.StoredReport(stored_parts(self.paths))

    def retry(self, folder_id: int, note: str, password: str = "") -> None:
        """Read a failed, skipped or forgotten note again. The password is kept in memory until we end. Raises BadRequestError."""
        self.library.retry(folder_id, note, password)
        for room in self._generations.rooms()[1:]:
            with contextlib.suppress(AssistantError):  # it may not have come to it
                room.library.retry(folder_id, note, password)
        self.conversations.remember_note(folder_id, note)

    def pause(self, paused: bool) -> None:
        """Reading and embedding rest, also for an index that is being built beside the one in use."""
        for room in self._generations.rooms():
            room.library.pause(paused)

    def cancel_renewal(self) -> None:
        """Keep the embedder in use and forget the index that was being built for another. Raises BadRequestError."""
        self.settings.change({"embedder": self._generations.cancel()})
        self._models_changed()

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
        self._finish_renewal(on_progress, cancelled)
        counts = self.library.counts()
        return IndexReport(
            files=counts.notes + counts.skipped,
            indexed=counts.ready + counts.keyword_ready,
            skipped=counts.skipped,
            failed=report.failed,
            left_out=report.left_out,
            chunks=counts.chunks,
            seconds=report.seconds,
            meaning=self.models.embedder is not None,
        )

    def _finish_renewal(
        self, on_progress: Callable[[IndexProgress, LibraryCounts], None], cancelled: threading.Event
    ) -> None:
        """Wait for an index that is being built beside the one in use. Raises what keeps it from being complete, Cancelled."""
        for room in self._generations.rooms()[1:]:
            counts = room.library.counts
            room.library.run_until_ready(lambda progress, counts=counts: on_progress(progress, counts()), cancelled)  # type: ignore[misc]
        until = time.monotonic() + SWITCH_PATIENCE_S  # a folder that is away keeps the old one in use
        while self._generations.renewal() is not None and time.monotonic() < until:
            if cancelled.wait(0.05):
                raise Cancelled

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
        order: ResultOrder = ResultOrder.BEST,
    ) -> Retrieved:
        """Passages for a query, best first. Words answer alone while the meaning leg is away. The rest as Retriever.retrieve."""
        with self._generations.lease() as index:
            return index.retriever.retrieve(
                query,
                top=top,
                scope=Scope(folder_ids=tuple(folder_ids)),
                cancelled=cancelled,
                unfinished=unfinished,
                exact_phrases=exact_phrases,
                order=order,
            )

    def unread_named(self, understood: Understood, folder_ids: Sequence[int], limit: int) -> list[FileInfo]:
        """Notes without a text as yet, or that could not be read, whose path has the words of a query and which pass its filters."""
        words = [word for word in understood.words.casefold().split() if not is_filler(word)]
        if not words and not understood.filters:
            return []
        with self._generations.lease() as index:
            scope = Scope(folder_ids=tuple(folder_ids), filters=understood.filters)
            named = index.scopes.unread_within(scope, words, limit)
            return [file for folder_id, note in named if (file := index.library.file(folder_id, note)) is not None]

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
        with self._generations.lease() as index:
            return index.explain(query, top, scope, note, cancelled, unfinished=unfinished)

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
        after_turn: int = 0,
        asked: AskScope = AskScope(),  # noqa: B008 (frozen)
    ) -> Iterator[ChatEvent]:
        """Answer within a conversation and store the turn. Raises as Answerer.answer."""
        scope = Scope(folder_ids=tuple(folder_ids), places=asked.places)
        with self._generations.lease() as index:
            yield from index.answerer.answer(
                question, conversation_id, scope, cancelled, replace_turn, after_turn, asked
            )

    def ask_once(self, question: str, printer: Any, cancelled: threading.Event) -> Answer:
        """Answer without storing anything. printer: hears phases, the quote and the text as they come, or None."""
        draft = Draft()
        with self._generations.lease() as index:
            for event in index.answerer.stream_once(question, Scope(), draft, cancelled):
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

    def suggest_follow_ups(self, turn_id: int, count: int, cancelled: threading.Event) -> list[str]:
        """What to ask after a turn: only questions that the notes answer, by a search and a look at what it finds for each."""
        turn = self.conversations.turn(turn_id)
        earlier = self.conversations.recent_turns(turn.conversation_id, turn_id, FOLLOWED_TURNS)
        asked = [one.question for one in (*earlier, turn)]
        limits = self.current()
        with self._generations.lease() as index:

            def is_answered(question: str, passage: Passage) -> bool:
                retrieved = index.retriever.retrieve(question, top=limits.passages, cancelled=cancelled)
                is_found = any(one.note == passage.note for one in retrieved.passages)
                return is_found and not index.evidence.find(question, retrieved, limits.caution, cancelled).weak

            chunks_of = partial(_chunks_of, index.library)
            candidates = follow_up_questions(asked, worth_asking_about(turn.answer), chunks_of)
            return choose_questions(candidates, is_answered, count, MOST_FOLLOW_UPS_TRIED)

    def embedded_texts(self) -> list[str]:
        """The exact text that was embedded for every chunk."""
        return self._index.embedded_texts()

    # ---- models -------------------------------------------------------------------------------------------------------

    def _compare(
        self, question: str, choices: Sequence[ChatChoice], folder_ids: Sequence[int], cancelled: threading.Event
    ) -> Iterator[tuple[int, ChatEvent | Tried]]:
        """One question by several models, for the desk."""
        with self._generations.lease() as index:
            yield from try_models(
                index.answerer.tools,
                self.conversations,
                question,
                choices,
                Scope(folder_ids=tuple(folder_ids)),
                cancelled,
            )

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
            self._generations.reopen()
            self._on_folders()
        if any(getattr(before, name) != getattr(after, name) for name in ModelRoom.SETTINGS):
            self._models_changed()

    def shipped_prompts(self) -> dict[str, str]:
        """What the model is told by language, where the user has no text of his own."""
        return self._prompts.shipped()

    # ---- state --------------------------------------------------------------------------------------------------------

    def status(self) -> m.StatusReport:
        library = self.library
        parts = {
            "engine": Health("engine", "running"),
            "model": self.models.health,
            "vectors": self._index.vector_health,
            "reader": self._index.reader_health,
        }
        reranker, real = self.models.reranker, self.paths.real
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
                "index": size_bytes(real.index),
                "conversations": size_bytes(real.conversations),
                "backups": size_bytes(real.backups),
                "models": size_bytes(real.models),
                "logs": size_bytes(real.logs),
            },
            exact_search=self._index.is_exact,
            last_scan_s=library.last_scan_s,
            renewal=self._generations.renewal(),
            reranker=reranker.name if reranker else "",
            index_bytes=self._index.sizes_bytes(real.index),
            reasons=tuple(library.reasons()),
            troubles=tuple(error_message(trouble) for trouble in library.troubles),
        )

    def welcome(self) -> m.Welcome:
        return m.Welcome(
            version=__version__,
            data_dir=str(self.paths.original or self.paths.root),
            status=self.status(),
            settings=self.settings.settings,
            setting_problems=self.settings.problems,
            restored_from_backup=_loss(self.conversations.report),
            restored=summary_of(restored) if (restored := self.conversations.report.restored) else None,
            read_only=self.paths.is_read_only,
        )

    # ---- conversations ------------------------------------------------------------------------------------------------

    def backups(self) -> m.BackupsListed:
        store = self.conversations
        return m.BackupsListed(tuple(store.backups()), *store.counts())

    def export(self, path: Path, form: str, ids: Sequence[int] = ()) -> m.Exported:
        """Write conversations into a file; () for all. Raises as chats.Export."""
        export = Export(self.conversations, ids)
        export.write(path, form)
        return m.Exported(str(path), export.conversations, export.turns)

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
        with_text: bool = False,
    ) -> Any:
        return self._index.draw_page(folder_id, note, page, width_px, quote, around, cancelled, with_text)

    def draw_image(
        self, folder_id: int, note: str, target: str, max_width_px: int, cancelled: threading.Event | None = None
    ) -> str:
        return self._index.draw_image(folder_id, note, target, max_width_px, cancelled)

    @property
    def links(self) -> LinkWeb:
        return self._index.links

    def related(
        self, folder_id: int, note: str, limit: int, cancelled: threading.Event | None = None
    ) -> list[RelatedNote]:
        """As IndexRoom.related."""
        with self._generations.lease() as index:
            return index.related(folder_id, note, limit, cancelled)

    def _title_of(self, folder_id: int, note: str) -> str:
        info = self.library.file(folder_id, note)
        return info.title if info is not None else ""

    # ---- inside -------------------------------------------------------------------------------------------------------

    def _open_room(self, generation: Path, embedder: Embedder | None) -> IndexRoom:
        room = IndexRoom(
            self.paths,
            generation,
            self.settings.settings,
            embedder,
            watch=self._watch,
            reranker=lambda: self.models.reranker,
            on_progress=self._on_progress,
            on_folders=self._on_folders,
            on_health=lambda health: self._on_health(health) if self._generations.is_active(room) else None,
        )
        room.answerer = self._make_answerer(room, embedder)
        return room

    def _on_switched(self) -> None:
        self._on_folders()
        self._on_progress()
        self._listener.on_models(self.models.chat_name, self.models.chat_title, self.models.embedder_name)

    def _chosen_embedder(self) -> Chosen:
        embedder = self.models.embedder
        if embedder is None:
            return Chosen()
        try:
            return Chosen(self.models.embedder_name, embedder.info().id, embedder)
        except AssistantError as error:
            log.warning("the embedder does not say who it is: %s", error.kind)
            return Chosen(self.models.embedder_name, "", embedder)

    def _models_changed(self) -> None:
        before = self.models.embedder_name
        self.models.choose()
        if self.models.embedder_name != before:
            self._generations.reopen(self._chosen_embedder())
            self._on_folders()
        self.library.wake()
        self._listener.on_models(self.models.chat_name, self.models.chat_title, self.models.embedder_name)

    def _make_answerer(self, room: IndexRoom, embedder: Embedder | None) -> Answerer:
        return Answerer(
            AnswerTools(
                retriever=room.retriever,
                evidence=room.evidence,
                models=self.models,
                limits=self,
                prompts=self._prompts,
                embedder=embedder,
            ),
            self.conversations,
        )

    def current(self) -> AnswerLimits:
        """LimitsSource: the settings that shape an answer, as they are now."""
        settings = self.settings.settings
        return AnswerLimits(settings.passages, settings.answer_tokens, settings.caution, settings.temperature)

    def _own_prompts(self) -> dict[str, str]:
        settings = self.settings.settings
        return {"en": settings.system_prompt_en, "zh": settings.system_prompt_zh}

    def _on_progress(self) -> None:
        library = self.library
        self._listener.on_progress(library.progress(), library.counts(), self._generations.renewal())

    def _on_folders(self) -> None:
        library = self.library
        self._listener.on_folders(tuple(library.folders()), library.counts())

    def _on_health(self, health: Health) -> None:
        self._listener.on_health(health)

    def _schedule_backup(self, wait_s: float = BACKUP_EVERY_S) -> None:
        self._backup_timer = threading.Timer(wait_s, self._backup)
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
            self.conversations.backup_if_changed()
        except Exception:
            log.exception("the backup of conversations failed")
        if not self._closed:
            self._schedule_backup()


def _chunks_of(library: Library, folder_id: int, note: str) -> list[IndexedChunk]:
    """The first chunks of a note; none of one that is gone."""
    try:
        return library.chunks_of(folder_id, note, limit=FOLLOWED_CHUNKS)[1]
    except BadRequestError:
        return []


def _loss(report: OpenReport) -> str:
    """What a damaged conversations file cost, for the window to say; "" if nothing was wrong."""
    if report.restored is not None:
        return report.restored.path.name
    return "empty" if report.moved_aside is not None else ""
