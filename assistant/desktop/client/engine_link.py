"""The real link: a supervised engine process behind a thread of its own.

Starting a process and writing to a pipe can both block (a slow disk, an engine that does not read). The window must not feel
that, so one thread sends, in order, what the UI thread has queued.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable

from assistant.desktop.client.engine_client import LinkListener
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import EngineEvent, EngineRequest, PartHealth
from assistant.ipc.supervisor import HANG_AFTER_S, ChildCommand, Health, Supervisor

SEND_REST_S = 1.0
CLOSE_DEADLINE_S = 5.0


class _Call:
    """The events of one request, on their way from the reading thread to the listener."""

    def __init__(self, request_id: int, listener: LinkListener, on_end: Callable[[int], None]) -> None:
        self._request_id = request_id
        self._listener = listener
        self._on_end = on_end

    def event(self, body: EngineEvent, last: bool) -> None:
        if last:
            self._on_end(self._request_id)
        self._listener.on_event(self._request_id, body, last)

    def failure(self, error: AssistantError) -> None:
        self._on_end(self._request_id)
        self._listener.on_failure(self._request_id, error)


class ProcessEngineLink:
    """Owns the engine process. Thread: every method from any thread; the listener is called on the link's own threads."""

    def __init__(self, command: ChildCommand) -> None:
        self._command = command
        self._ids = itertools.count(1)
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._wire_ids: dict[int, int] = {}
        self._supervisor: Supervisor | None = None
        self._listener: LinkListener | None = None
        self._sender = threading.Thread(target=self._send_queued, name="engine-sender", daemon=True)

    def start(self, listener: LinkListener) -> None:
        self._listener = listener
        self._supervisor = Supervisor(
            "engine",
            self._command,
            EngineEvent,
            on_health=self._tell_health,
            on_notice=self._tell_notice,
            hang_after_s=HANG_AFTER_S,
        )
        self._sender.start()
        self._jobs.put(self._start_process)

    def send(self, body: EngineRequest) -> int:
        request_id = next(self._ids)
        self._jobs.put(lambda: self._send(request_id, body))
        return request_id

    def cancel(self, request_id: int) -> None:
        self._jobs.put(lambda: self._cancel(request_id))

    def restart(self) -> None:
        self._jobs.put(self._reset)

    def close(self) -> None:
        """What was asked for before is still sent: the last words of a draft are among it."""
        self._jobs.put(None)
        if self._sender.is_alive():
            self._sender.join(SEND_REST_S)
        if self._supervisor is not None:
            self._supervisor.stop(CLOSE_DEADLINE_S)

    # ---- on the sending thread -------------------------------------------------------------------------------------------

    def _send_queued(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    def _start_process(self) -> None:
        assert self._supervisor is not None
        try:
            self._supervisor.start()
        except AssistantError as error:
            self._tell_health(Health("engine", "broken", 1, error.detail))

    def _reset(self) -> None:
        assert self._supervisor is not None
        try:
            self._supervisor.reset()
        except AssistantError as error:
            self._tell_health(Health("engine", "broken", 1, error.detail))

    def _send(self, request_id: int, body: EngineRequest) -> None:
        assert self._supervisor is not None
        assert self._listener is not None
        try:
            wire_id = self._supervisor.send(body, _Call(request_id, self._listener, self._forget))
        except AssistantError as error:
            self._listener.on_failure(request_id, error)
        else:
            self._wire_ids[request_id] = wire_id

    def _cancel(self, request_id: int) -> None:
        wire_id = self._wire_ids.get(request_id)
        if wire_id is not None and self._supervisor is not None:
            self._supervisor.cancel(wire_id)

    # ---- on the reading thread -------------------------------------------------------------------------------------------

    def _forget(self, request_id: int) -> None:
        self._wire_ids.pop(request_id, None)

    def _tell_health(self, health: Health) -> None:
        assert self._listener is not None
        self._listener.on_health(PartHealth(health.part, health.state, health.crashes, health.reason))

    def _tell_notice(self, body: EngineEvent) -> None:
        assert self._listener is not None
        self._listener.on_event(0, body, False)
