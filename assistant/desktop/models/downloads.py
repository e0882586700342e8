"""The downloads of models: one for each name, shown by any number of boxes, and going on when all of them are gone.

A first run gives way to the chat, and another language makes another window. What is being fetched must then still be seen, paused and
stopped, and nobody else may be offered to throw it away.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.models.starters import missing_starters
from assistant.domain.errors import AssistantError, Cancelled
from assistant.ipc.engine_messages import DropPull, ModelsListed, PullModel, PullProgress

STARTER = "starter"


class Download(QObject):
    """Paused is only stopped: what has come is kept by the engine, also over a restart.

    Attributes, to be read only:
        progress: while it runs; None before anything is known. error: why the last attempt ended, None if it was stopped.
        is_given_up: it was stopped, and what had come is thrown away.
        kept_bytes of total_bytes: what has come, or what an earlier attempt has left.

    Signals:
        changed: something of it is different.
        run_changed: it has begun or ended.
        pulled(ModelsListed): it is on the shelf, or what had come of it is thrown away.
    """

    changed = Signal()
    run_changed = Signal()
    pulled = Signal(object)

    def __init__(
        self, client: EngineClient, name: str, parent: QObject, rival: Callable[[str], Download | None]
    ) -> None:
        """rival: the running download of another name that fetches the same, if there is one."""
        super().__init__(parent)
        self._client = client
        self._name = name
        self._rival = rival
        self._request_id = 0
        self.is_given_up = False
        self.is_running = False
        self.is_ending = False
        self.progress: PullProgress | None = None
        self.error: AssistantError | None = None
        self.kept_bytes = self.total_bytes = 0

    @property
    def has_rival(self) -> bool:
        return self._rival(self._name) is not None

    def set_kept(self, kept_bytes: int, total_bytes: int) -> None:
        """How much of it an earlier attempt has left here."""
        if self.is_running:
            return
        self.kept_bytes, self.total_bytes = kept_bytes, total_bytes
        if kept_bytes:
            self.error = None
        self.changed.emit()

    def start(self) -> None:
        if self.is_running:
            return
        self.is_running, self.is_ending, self.is_given_up = True, False, False
        self.progress = self.error = None
        self._request_id = self._client.request(
            PullModel(self._name), self._on_done, self._on_failed, self._on_progress
        )
        self._tell_run()

    def pause(self) -> None:
        if self.is_running:
            self.is_ending = True
            self._client.cancel(self._request_id)
            self.changed.emit()

    def stop(self) -> None:
        """Pause, and throw away what has come."""
        self.is_given_up = True
        self.pause()

    def discard(self) -> None:
        """Throw away what an earlier attempt has left; nothing that another download goes on with."""
        if not self.is_running and not self.has_rival:
            self._client.request(DropPull(self._name), self._on_dropped, self._on_not_dropped)

    def _on_progress(self, progress: object) -> None:
        if not isinstance(progress, PullProgress):
            return
        self.progress = progress
        if progress.stage == "fetching":
            self.kept_bytes, self.total_bytes = progress.done_bytes, progress.total_bytes
        self.changed.emit()

    def _on_done(self, listed: object) -> None:
        self.kept_bytes = 0
        self._end(None)
        if isinstance(listed, ModelsListed):
            self.pulled.emit(listed)

    def _on_failed(self, error: AssistantError) -> None:
        self._end(None if isinstance(error, Cancelled) else error)
        if self.is_given_up and not self.has_rival:
            self.kept_bytes = 0
            self.discard()
            self.changed.emit()

    def _end(self, error: AssistantError | None) -> None:
        self.is_running = self.is_ending = False
        self.progress, self.error = None, error
        self._tell_run()

    def _tell_run(self) -> None:
        self.changed.emit()
        self.run_changed.emit()

    def _on_dropped(self, listed: object) -> None:
        if not self.is_running:
            self.error = None
            self.changed.emit()
        if isinstance(listed, ModelsListed):
            self.pulled.emit(listed)

    def _on_not_dropped(self, error: AssistantError) -> None:
        if not self.is_running:
            self.error = error
            self.changed.emit()


class Downloads(QObject):
    """All downloads of one engine. Whatever the engine says of the shelf, it learns what earlier attempts have left.

    Signals:
        moved: one of them has begun, ended, or come further.
    """

    moved = Signal()

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._all: dict[str, Download] = {}
        self._starter_names: frozenset[str] = frozenset()
        client.finished.connect(self._on_finished)

    def of(self, name: str) -> Download:
        """name: of a model on the shelf, or "starter" for the starter set."""
        if name not in self._all:
            self._all[name] = made = Download(self._client, name, self, self._rival_of)
            made.changed.connect(self.moved)
            made.run_changed.connect(self._on_run_changed)
        return self._all[name]

    @property
    def running(self) -> tuple[Download, ...]:
        return tuple(download for download in self._all.values() if download.is_running)

    def _on_finished(self, _request_id: int, event: object) -> None:
        if not isinstance(event, ModelsListed):
            return
        self._starter_names = frozenset(entry.name for entry in event.entries if entry.is_starter)
        for entry in event.entries:
            if not entry.is_user:
                self.of(entry.name).set_kept(entry.partial_bytes, entry.fetch_bytes)
        missing = missing_starters(event.entries)
        kept = sum(entry.partial_bytes for entry in missing)
        self.of(STARTER).set_kept(kept, sum(entry.fetch_bytes for entry in missing))

    def _rival_of(self, name: str) -> Download | None:
        rivals = self._starter_names if name == STARTER else {STARTER} if name in self._starter_names else ()
        return next((self._all[rival] for rival in rivals if rival in self._all and self._all[rival].is_running), None)

    def _on_run_changed(self) -> None:
        """Whoever would fetch the same may or may not be discarded now."""
        for download in tuple(self._all.values()):
            if not download.is_running:
                download.changed.emit()
