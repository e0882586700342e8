"""The only object of the window that knows there is an engine process.

It turns what arrives on the link's threads into signals on the UI thread, ends every request exactly once, and says Hello again
whenever the engine has come back. What an error means in words is left to `words`.
"""

from __future__ import annotations

import inspect
import threading
import weakref
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from assistant.domain.errors import AssistantError, ProcessDiedError
from assistant.ipc.engine_messages import (
    EngineEvent,
    EngineRequest,
    Failed,
    FoldersChanged,
    Hello,
    IndexMoved,
    ModelChanged,
    PartHealth,
    Welcome,
)
from assistant.ipc.wire import error_from

ENGINE_PART = "engine"
_GIVEN_UP = frozenset({"stopped", "broken"})
_LOST = frozenset({"restarting", *_GIVEN_UP})


class LinkListener(Protocol):
    """What a link calls, on any thread."""

    def on_event(self, request_id: int, body: EngineEvent, last: bool) -> None: ...

    def on_failure(self, request_id: int, error: AssistantError) -> None: ...

    def on_health(self, health: PartHealth) -> None: ...


class EngineLink(Protocol):
    """The way to the engine. Restarting it is the link's business; it tells of it through `on_health`.

    A link reports PartHealth("engine", "running") each time a fresh engine can take requests, the first time too.
    """

    def start(self, listener: LinkListener) -> None: ...

    def send(self, body: EngineRequest) -> int: ...

    def cancel(self, request_id: int) -> None: ...

    def restart(self) -> None:
        """Try again although the breaker is open."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Event:
    request_id: int
    body: EngineEvent
    last: bool


@dataclass(frozen=True, slots=True)
class _Failure:
    request_id: int
    error: AssistantError


@dataclass(frozen=True, slots=True)
class _Callbacks:
    on_done: Callable[[], Callable[[Any], object] | None]
    on_failed: Callable[[], Callable[[Any], object] | None]
    on_event: Callable[[], Callable[[Any], object] | None]


class EngineClient(QObject):
    """Owns the link. Lives on the UI thread; every signal is emitted there.

    Signals:
        event_arrived(request id, event): on the way. A `Failed` message passes here too, before `failed`, for its partial turn.
        finished(request id, last event) or failed(request id, AssistantError): exactly one of them ends a request.
        noticed(notice): IndexMoved, FoldersChanged, ModelChanged or PartHealth; nobody asked.
        health_changed(PartHealth): of any part, the engine included.
        welcomed(Welcome): the engine is there, at the start and after each restart: ask again for whatever is on screen.
    """

    event_arrived = Signal(int, object)
    finished = Signal(int, object)
    failed = Signal(int, object)
    noticed = Signal(object)
    health_changed = Signal(object)
    welcomed = Signal(object)

    _woken = Signal()

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._inbox: deque[_Event | _Failure | PartHealth] = deque()
        self._inbox_lock = threading.Lock()
        self._wake_posted = False
        self._live: dict[int, _Callbacks | None] = {}
        self._next_local_id = -1
        self._closed = False
        self._health: dict[str, PartHealth] = {}
        self._welcome: Welcome | None = None
        self._hello_id = 0
        self._woken.connect(self._drain, Qt.ConnectionType.QueuedConnection)

    # ---- what panes call -------------------------------------------------------------------------------------------------

    @property
    def welcome(self) -> Welcome | None:
        """The newest Welcome, its status kept up to date; None until the engine has answered for the first time."""
        return self._welcome

    @property
    def is_ready(self) -> bool:
        """True while an engine is there that has answered Hello."""
        health = self._health.get(ENGINE_PART)
        return self._welcome is not None and (health is None or health.state not in _LOST)

    @property
    def is_given_up(self) -> bool:
        """True while the engine is not there and is not being started again by itself."""
        health = self._health.get(ENGINE_PART)
        return health is not None and health.state in _GIVEN_UP

    @property
    def is_waiting(self) -> bool:
        """True while a request has not ended."""
        return bool(self._live)

    def health(self, part: str) -> PartHealth | None:
        return self._health.get(part)

    def start(self) -> None:
        self._link.start(self)

    def send(self, body: EngineRequest) -> int:
        """Send a request; its events come by the signals. Never raises: what cannot be sent fails through `failed`."""
        return self._send(body, None)

    def request(
        self,
        body: EngineRequest,
        on_done: Callable[[Any], object] | None = None,
        on_failed: Callable[[AssistantError], object] | None = None,
        on_event: Callable[[Any], object] | None = None,
    ) -> int:
        """Send a request and hand its last event, its failure and its events on the way to bound methods.

        They are held weakly: a pane that is gone is not called. The signals are emitted as well.
        """
        return self._send(body, _Callbacks(_weak(on_done), _weak(on_failed), _weak(on_event)))

    def cancel(self, request_id: int) -> None:
        """Ask for a stop. The request still ends by `finished` or `failed`."""
        if request_id in self._live and not self._closed:
            self._link.cancel(request_id)

    def forget(self, request_id: int) -> None:
        """Cancel a request and drop everything that may still come for it: a newer one has taken its place."""
        if request_id not in self._live:
            return
        del self._live[request_id]
        if request_id > 0:
            self._link.cancel(request_id)

    def say_hello(self) -> None:
        """Ask the engine how everything stands; `welcomed` follows."""
        self._hello_id = self.send(Hello())

    def restart_engine(self) -> None:
        """Try again after the breaker has opened."""
        self._link.restart()

    def close(self) -> None:
        """End the engine in order. Nothing is emitted afterwards."""
        if not self._closed:
            self._closed = True
            self._live.clear()
            self._link.close()

    # ---- what the link calls, on any thread ------------------------------------------------------------------------------

    def on_event(self, request_id: int, body: EngineEvent, last: bool) -> None:
        self._post(_Event(request_id, body, last))

    def on_failure(self, request_id: int, error: AssistantError) -> None:
        self._post(_Failure(request_id, error))

    def on_health(self, health: PartHealth) -> None:
        self._post(health)

    def _post(self, item: _Event | _Failure | PartHealth) -> None:
        # One wake-up for a whole burst: a token stream must not put one event per token into the window's queue.
        with self._inbox_lock:
            self._inbox.append(item)
            if self._wake_posted:
                return
            self._wake_posted = True
        self._woken.emit()

    # ---- on the UI thread ------------------------------------------------------------------------------------------------

    def _send(self, body: EngineRequest, callbacks: _Callbacks | None) -> int:
        try:
            request_id = self._link.send(body)
        except AssistantError as error:
            request_id = self._next_local_id
            self._next_local_id -= 1
            self._post(_Failure(request_id, error))
        self._live[request_id] = callbacks
        return request_id

    @Slot()
    def _drain(self) -> None:
        with self._inbox_lock:
            self._wake_posted = False
            items = list(self._inbox)
            self._inbox.clear()
        for item in items:
            if self._closed:
                return
            self._deliver(item)

    def _deliver(self, item: _Event | _Failure | PartHealth) -> None:
        if isinstance(item, PartHealth):
            self._take_health(item)
        elif isinstance(item, _Failure):
            self._fail(item.request_id, item.error)
        elif item.request_id == 0:
            self._take_notice(item.body)
        elif item.request_id in self._live:
            self._take_event(item)

    def _take_event(self, item: _Event) -> None:
        if isinstance(item.body, Failed):
            self._tell_event(item)
            self._fail(item.request_id, error_from(item.body.error))
        elif item.last:
            self._finish(item.request_id, item.body)
        else:
            self._tell_event(item)

    def _tell_event(self, item: _Event) -> None:
        callbacks = self._live.get(item.request_id)
        self.event_arrived.emit(item.request_id, item.body)
        if callbacks is not None:
            _call(callbacks.on_event, item.body)

    def _finish(self, request_id: int, body: EngineEvent) -> None:
        callbacks = self._live.pop(request_id)
        if isinstance(body, Welcome) and request_id == self._hello_id:
            self._take_welcome(body)
        self.finished.emit(request_id, body)
        if callbacks is not None:
            _call(callbacks.on_done, body)

    def _fail(self, request_id: int, error: AssistantError) -> None:
        if request_id not in self._live:
            return
        callbacks = self._live.pop(request_id)
        self.failed.emit(request_id, error)
        if callbacks is not None:
            _call(callbacks.on_failed, error)

    def _take_notice(self, body: EngineEvent) -> None:
        if isinstance(body, PartHealth):
            self._take_health(body)
        else:
            self._keep_status(body)
            self.noticed.emit(body)

    def _keep_status(self, notice: EngineEvent) -> None:
        """What is made later than the Welcome asks it for folders, counts and models."""
        news: dict[str, Any] = {}
        if isinstance(notice, FoldersChanged):
            news = {"folders": notice.folders, "counts": notice.counts}
        elif isinstance(notice, IndexMoved):
            news = {"progress": notice.progress, "counts": notice.counts, "renewal": notice.renewal}
        elif isinstance(notice, ModelChanged):
            news = {
                "chat_model": notice.chat_model,
                "chat_model_title": notice.title,
                "embedder": notice.embedder,
            }
        if news and self._welcome is not None:
            status = msgspec.structs.replace(self._welcome.status, **news)
            self._welcome = msgspec.structs.replace(self._welcome, status=status)

    def _take_health(self, health: PartHealth) -> None:
        self._health[health.part] = health
        self.noticed.emit(health)
        self.health_changed.emit(health)
        if health.part != ENGINE_PART:
            return
        if health.state in _LOST:
            self._fail_all(ProcessDiedError(process=ENGINE_PART, exit_code=0))
        elif health.state == "running":
            self.say_hello()

    def _fail_all(self, error: AssistantError) -> None:
        for request_id in tuple(self._live):
            self._fail(request_id, error)

    def _take_welcome(self, welcome: Welcome) -> None:
        self._welcome = welcome
        for health in welcome.status.parts:
            if health.part != ENGINE_PART and self._health.get(health.part) != health:
                self._take_health(health)
        self.welcomed.emit(welcome)


def _weak(target: Callable[[Any], object] | None) -> Callable[[], Callable[[Any], object] | None]:
    if target is None:
        return _nothing
    if inspect.ismethod(target):
        return weakref.WeakMethod(target)
    raise TypeError("a bound method is needed: anything else would keep its pane alive")


def _nothing() -> None:
    return None


def _call(reference: Callable[[], Callable[[Any], object] | None], value: object) -> None:
    target = reference()
    owner = getattr(target, "__self__", None)
    if target is None or (isinstance(owner, QObject) and not shiboken6.isValid(owner)):
        return
    target(value)
