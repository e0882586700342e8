"""Which models are in use, and the one process that runs them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from msgspec.structs import replace

from assistant.chat.ports import ChatChoice
from assistant.domain.errors import AssistantError, BadRequestError
from assistant.domain.models import Backends, ModelRole, ShelfEntry
from assistant.engine.paths import DataPaths
from assistant.engine.settings_store import SettingsStore
from assistant.ipc.model_messages import ModelChoice
from assistant.ipc.supervisor import Health
from assistant.models.client import ChatClient, EmbedderClient, RerankerClient, describe_backends, model_supervisor
from assistant.models.load_record import LOAD_RECORD_NAME, LoadRecord
from assistant.models.ports import Embedder, Reranker
from assistant.models.shelf import Shelf

KILLED = "exit code -9"
"""How a death by signal 9 reads: somebody killed the process; it did not crash by itself."""


class ModelRoom:
    """Implements chat's ChatModelSource. Owns the model process. Thread: any."""

    SETTINGS = ("chat_model", "embedder", "threads", "context_tokens", "gpu")
    """The settings that need `choose` to be called again."""

    def __init__(
        self,
        shelf: Shelf,
        paths: DataPaths,
        settings: SettingsStore,
        override: str,
        on_health: Callable[[Health], None],
    ) -> None:
        """override: a chat model for this run only, by name or path."""
        self._shelf = shelf
        self._settings = settings
        self._override = override
        self._lock = threading.Lock()
        self._record = LoadRecord(paths.models / LOAD_RECORD_NAME)
        self._on_health = on_health
        self._supervisor = model_supervisor(paths.models, paths.log("model"), self._health_changed, restart=True)
        self._embedder: EmbedderClient | None = None
        self._reranker: RerankerClient | None = None
        self._chat: ChatChoice | None = None
        self.chat_name = self.chat_title = self.embedder_name = ""
        self.choose()

    @classmethod
    def standalone(cls, paths: DataPaths) -> ModelRoom:
        """For a look from outside: no window hears of its health."""
        return cls(Shelf(paths.models), paths, SettingsStore(paths.settings), "", lambda _health: None)

    def __enter__(self) -> ModelRoom:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def embedder(self) -> Embedder | None:
        """None if none is installed: then only words are searched."""
        return self._embedder

    @property
    def reranker(self) -> Reranker | None:
        """None if the user added none: then what search finds keeps its order."""
        return self._reranker

    def chosen(self) -> ChatChoice | None:
        return self._chat

    def backends(self) -> Backends:
        """What llama.cpp computes on, with the settings as they are. Raises as every request to the model process."""
        return describe_backends(self._supervisor, with_gpu=self._settings.settings.gpu != "off")

    @property
    def health(self) -> Health:
        return self._supervisor.health

    def are_found(self) -> bool:
        """Whether a model that was missing is there now. Looks at files, so it takes a moment."""
        settings = self._settings.settings
        is_embedder_new = not self.embedder_name and self._entry(settings.embedder, ModelRole.EMBEDDER) is not None
        return is_embedder_new or (not self.chat_name and self._entry(settings.chat_model, ModelRole.CHAT) is not None)

    def choose(self) -> None:
        """Look at the shelf and the settings again. Raises ModelUnavailableError if the model asked for on the command line is not
        there; one that is only gone from the settings is passed over."""
        settings = self._settings.settings
        with self._lock:
            embedder = self._entry(settings.embedder, ModelRole.EMBEDDER)
            if embedder is None:
                self._embedder, self.embedder_name = None, ""
            else:
                choice = self._shelf.choice(embedder.name, ModelRole.EMBEDDER, threads=settings.threads)
                if embedder.name != self.embedder_name or self._embedder is None:
                    self._embedder, self.embedder_name = EmbedderClient(self._supervisor, choice), embedder.name
                else:
                    self._embedder.open_by(choice)  # an index holds on to it
            self._choose_reranker()
            chat = None if self._override else self._entry(settings.chat_model, ModelRole.CHAT)
            name = self._override or (chat.name if chat else "")
            if not name:
                self._chat, self.chat_name, self.chat_title = None, "", ""
                return
            choice = self._shelf.choice(
                name, ModelRole.CHAT, threads=settings.threads, context_tokens=settings.context_tokens
            )
            choice = replace(choice, use_gpu=settings.gpu != "off")
            chat = self._shelf.find(name)
            self.chat_name = chat.name if chat else Path(choice.path).stem
            self.chat_title = chat.title if chat else Path(choice.path).stem
            self._chat = ChatChoice(ChatClient(self._supervisor, choice), chat.languages if chat else ())

    def embedder_named(self, name: str) -> Embedder | None:
        """An embedder on the shelf, for an index that was made with it; None if it is not installed any more."""
        entry = self._shelf.find(name)
        if entry is None or entry.role is not ModelRole.EMBEDDER or not entry.installed:
            return None
        choice = self._shelf.choice(entry.name, ModelRole.EMBEDDER, threads=self._settings.settings.threads)
        return EmbedderClient(self._supervisor, choice)

    def chat_choice(self, name: str) -> ChatChoice:
        """A chat model on the shelf, for a question that is not stored. Raises BadRequestError."""
        entry = self._shelf.named(name)
        if entry is None or entry.role is not ModelRole.CHAT or not entry.installed:
            raise BadRequestError(reason=f"no chat model is called {name}")
        return ChatChoice(ChatClient(self._supervisor, self._model_choice(entry)), entry.languages)

    def try_to_load(self, entry: ShelfEntry, cancelled: threading.Event) -> None:
        """Have a model of the shelf in memory once. Raises ModelUnavailableError, ProcessDiedError, ProcessBrokenError, Cancelled."""
        choice = self._model_choice(entry)
        if entry.role is ModelRole.EMBEDDER:
            EmbedderClient(self._supervisor, choice).embed_queries(["elephant"], cancelled)
        elif entry.role is ModelRole.CHAT:
            ChatClient(self._supervisor, choice).load(cancelled)

    def warm_up(self) -> None:
        """Have the chat model in use in memory again. Raises as `try_to_load`."""
        entry = self._shelf.find(self.chat_name)
        if entry is not None:
            self.try_to_load(entry, threading.Event())

    def let_go_of_chat(self) -> None:
        """Have no chat model in memory until one is needed."""
        if self._chat is not None and self._supervisor.pid is not None:
            with contextlib.suppress(AssistantError):  # a process that is gone holds none
                ChatClient(self._supervisor, ModelChoice("")).unload()

    def _model_choice(self, entry: ShelfEntry) -> ModelChoice:
        settings = self._settings.settings
        context_tokens = settings.context_tokens if entry.role is ModelRole.CHAT else 0
        return self._shelf.choice(entry.name, entry.role, threads=settings.threads, context_tokens=context_tokens)

    def _choose_reranker(self) -> None:
        """There is no setting: one that was added is used, and the way not to use it is to take it off the shelf."""
        best = self._shelf.best(ModelRole.RERANKER)
        if best is None:
            self._reranker = None
            return
        choice = self._shelf.choice(best.name, ModelRole.RERANKER, threads=self._settings.settings.threads)
        self._reranker = RerankerClient(self._supervisor, choice, best.name)

    def restart(self) -> None:
        """Start the process again after its breaker opened."""
        self._supervisor.reset()

    def close(self) -> None:
        self._supervisor.stop()

    def _health_changed(self, health: Health) -> None:
        """Called before a new process is started, so that it finds a forgiven record."""
        if health.reason == KILLED:
            self._record.forgive()
        self._on_health(health)

    def _entry(self, wanted: str, role: ModelRole) -> ShelfEntry | None:
        entry = self._shelf.find(wanted) if wanted else None
        if entry is not None and entry.role is role and entry.installed:
            return entry
        best = self._shelf.best(role)
        return best if best is not None and best.installed else None
