"""What a person does with models: looking at the shelf, getting, adding, choosing, taking away, and trying two on one question.

Nothing here leaves a model in use that has not been loaded once: one that fails says why, and the old one stays.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil

from assistant.chat.events import ChatEvent
from assistant.chat.ports import ChatChoice
from assistant.chat.trials import Tried
from assistant.domain.errors import (
    AssistantError,
    BadRequestError,
    ModelUnavailableError,
    ProcessBrokenError,
    ProcessDiedError,
)
from assistant.domain.models import ModelRole, ShelfEntry
from assistant.engine.model_room import ModelRoom
from assistant.engine.settings_store import SettingsStore
from assistant.ipc import engine_messages as m
from assistant.models.file_fetcher import Speed
from assistant.models.model_check import free_memory_bytes
from assistant.models.shelf import Shelf

log = logging.getLogger(__name__)

OnProgress = Callable[[m.PullProgress], object]
Trial = Callable[[str, Sequence[ChatChoice], Sequence[int], threading.Event], Iterator[tuple[int, ChatEvent | Tried]]]
"""Answers a question once by each of several models: (question, models, folder ids, cancelled)."""


class ModelDesk:
    """Thread: any."""

    def __init__(
        self,
        shelf: Shelf,
        models: ModelRoom,
        settings: SettingsStore,
        on_changed: Callable[[], None],
        trial: Trial,
    ) -> None:
        """on_changed: another model may be in use now, or none."""
        self._shelf = shelf
        self._models = models
        self._settings = settings
        self._on_changed = on_changed
        self._trial = trial

    def listed(self, *, added: str = "", known_as: str = "") -> m.ModelsListed:
        models = self._models
        return m.ModelsListed(
            tuple(self._shelf.entries()),
            models.chat_name,
            models.embedder_name,
            models.reranker.name if models.reranker else "",
            memory_free_bytes=free_memory_bytes(),
            memory_total_bytes=int(psutil.virtual_memory().total),
            disk_free_bytes=self._shelf.free_bytes(),
            mirror=self._settings.settings.model_mirror,
            added=added,
            known_as=known_as,
        )

    # ---- getting and adding ------------------------------------------------------------------------------------------

    def pull(self, name: str, on_progress: OnProgress, cancelled: threading.Event) -> m.ModelsListed:
        """Raises DownloadError, DiskFullError, Cancelled, BadRequestError."""
        self._shelf.pull(name, _with_speed(on_progress), cancelled)
        self._on_changed()
        return self.listed()

    def drop(self, name: str) -> m.ModelsListed:
        """Raises BadRequestError; ModelUnavailableError, reason "fetching"."""
        self._shelf.drop(name)
        return self.listed()

    def inspect(self, path: str, on_progress: OnProgress, cancelled: threading.Event) -> m.ModelInspected:
        """Raises ModelUnavailableError, Cancelled."""
        told = _with_speed(on_progress)

        def keep_going(done: int, total: int) -> bool:
            told("checking", done, total)
            return not cancelled.is_set()

        entry, known_as = self._shelf.inspect(Path(path), keep_going)
        return m.ModelInspected(
            entry, known_as, self._shelf.free_bytes(), free_memory_bytes(), int(psutil.virtual_memory().total)
        )

    def add(self, path: str, copy: bool, on_progress: OnProgress, cancelled: threading.Event) -> m.ModelsListed:
        """Raises ModelUnavailableError, DiskFullError, Cancelled."""
        entry = self._shelf.add(Path(path), copy=copy, progress=_with_speed(on_progress), cancelled=cancelled)
        self._on_changed()
        return self.listed(added=entry.name)

    def remove(self, name: str) -> m.ModelsListed:
        """Raises BadRequestError, ModelUnavailableError (reason "not-removable")."""
        entry = self._shelf.named(name)
        if entry is None:
            raise BadRequestError(reason=f"no model is called {name}")
        if name == self._models.chat_name:
            self._models.let_go_of_chat()  # a file that is in use cannot be deleted everywhere
        self._shelf.remove(name)
        self._on_changed()
        return self.listed()

    # ---- choosing ----------------------------------------------------------------------------------------------------

    def use(self, name: str, cancelled: threading.Event) -> None:
        """Load a model on the shelf and make it the chat model, or the embedder if it is one; "" for the best there is.

        Raises BadRequestError for one that is not there; ModelUnavailableError, Cancelled: the one in use stays in use.
        """
        entry = self._shelf.named(name)
        if name and (entry is None or not entry.installed):
            raise BadRequestError(reason=f"no model is called {name}")
        is_embedder = entry is not None and entry.role is ModelRole.EMBEDDER
        if entry is not None and name not in {self._models.chat_name, self._models.embedder_name}:
            self._load(entry, cancelled)
        self._settings.change({"embedder" if is_embedder else "chat_model": name})
        self._on_changed()

    def _load(self, entry: ShelfEntry, cancelled: threading.Event) -> None:
        try:
            self._models.try_to_load(entry, cancelled)
        except AssistantError as error:
            self._restore_later()
            if isinstance(error, (ProcessDiedError, ProcessBrokenError)):
                raise ModelUnavailableError(model=entry.title, reason="crashed-loading") from error
            if isinstance(error, ModelUnavailableError):
                named = {**error.fields, "model": entry.title}
                raise ModelUnavailableError(error.detail, **named) from error
            raise

    # ---- side by side ------------------------------------------------------------------------------------------------

    def compare(
        self, question: str, names: Sequence[str], folder_ids: Sequence[int], cancelled: threading.Event
    ) -> Iterator[tuple[int, ChatEvent | Tried]]:
        """Answer one question by each model in turn, from the same evidence; nothing is stored, and what is in use stays in use.

        Raises BadRequestError (a model is not there, or no chat model), and what the search for evidence raises.
        """
        choices = [self._models.chat_choice(name) for name in names]
        try:
            yield from self._trial(question, choices, folder_ids, cancelled)
        finally:
            self._restore_later()

    def _restore_later(self) -> None:
        """In the background: whoever asked is not to wait for it, nor is the next question."""
        threading.Thread(target=self._restore, name="restore-model", daemon=True).start()

    def _restore(self) -> None:
        """Have the model in use in memory again."""
        chosen = self._models.chosen()
        try:
            if chosen is None:
                self._models.let_go_of_chat()
            else:
                self._models.warm_up()
        except AssistantError as error:
            log.info("the model in use was not loaded again: %s", error.kind)  # the next question says why


def _with_speed(on_progress: OnProgress) -> Callable[[str, int, int], None]:
    speed = Speed()

    def told(stage: str, done: int, total: int) -> None:
        bytes_a_second, left_s = speed.at(stage, done, total)
        on_progress(m.PullProgress(stage, done, total, bytes_a_second, left_s))

    return told
