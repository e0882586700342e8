"""The parent's side of a link: starts a child process, talks to it, notices its death and starts it again.

One class serves every child: the engine under the window, and the model, vector and reader processes under the engine.
"""

from __future__ import annotations

import logging
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec

from assistant.domain.errors import AssistantError, Cancelled, ProcessBrokenError, ProcessDiedError
from assistant.ipc.transport import LineWriter, WireClosedError, read_lines
from assistant.ipc.wire import EventLine, RequestLine, error_from

log = logging.getLogger(__name__)

LARGEST_LOG_BYTES = 1_000_000

HANG_AFTER_S = 7.5
"""A child that neither answers nor computes for this long is ended: with one more look before it, within ten seconds."""

_IDLE_SHARE = 0.02

HUNG = "no answer"
"""The reason of such an end."""


@dataclass(frozen=True, slots=True)
class ChildCommand:
    """How to start a child. log_path receives its standard error; None: it shares ours."""

    argv: tuple[str, ...]
    log_path: Path | None = None


def own_command(door: str, *arguments: str, log_path: Path | None = None) -> ChildCommand:
    """The command that re-enters this program by another door, from a checkout, an installation or a frozen app alike.

    -P: started in a folder of notes, Python would otherwise load what lies there under the name of one of its modules or of ours.
    """
    entry = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-P", "-m", "assistant"]
    return ChildCommand((*entry, door, *arguments), log_path)


@dataclass(frozen=True, slots=True)
class Health:
    """state: starting, running, restarting, stopped, broken. crashes: in a row."""

    part: str
    state: str
    crashes: int = 0
    reason: str = ""


class Sink(Protocol):
    """Where the events of one call go. Thread: the child's reading thread, or the caller's if the call fails at once."""

    def event(self, body: Any, last: bool) -> None: ...

    def failure(self, error: AssistantError) -> None: ...


class PendingCall:
    """A call whose events are waited for on the caller's own thread."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[tuple[Any, bool] | AssistantError] = queue.SimpleQueue()
        self.cancel: Callable[[], None] = lambda: None

    def event(self, body: Any, last: bool) -> None:
        self._events.put((body, last))

    def failure(self, error: AssistantError) -> None:
        self._events.put(error)

    def events(self, cancelled: threading.Event | None = None, patience_s: float | None = None) -> Iterator[Any]:
        """Yield every body, the last one included.

        cancelled: passed on to the child once it is set; the child then ends the call itself, with what it has.
        patience_s: how long it may take after that before Cancelled is raised here (the caller then kills the child).
        Raises the child's error, or ProcessDiedError.
        """
        told_at = 0.0
        while True:
            if cancelled is not None and cancelled.is_set() and not told_at:
                told_at = time.monotonic()
                self.cancel()
            if told_at and patience_s is not None and time.monotonic() - told_at > patience_s:
                raise Cancelled(reason="no answer to a stop")
            try:
                item = self._events.get(timeout=None if cancelled is None else 0.02)
            except queue.Empty:
                continue
            if isinstance(item, AssistantError):
                raise item
            body, last = item
            yield body
            if last:
                return

    def result(self, cancelled: threading.Event | None = None, patience_s: float | None = None) -> Any:
        """The body that ends the call; earlier ones are dropped."""
        body = None
        for body in self.events(cancelled, patience_s):  # noqa: B007 (the last one is the result)
            pass
        return body


class _Child:
    """One run of a child process and the calls waiting for it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        self.process = process
        self.writer = LineWriter(process.stdin)  # type: ignore[arg-type]
        self.sinks: dict[int, tuple[Sink, str]] = {}
        self.started_at = time.monotonic()
        self.deliberate = False
        self.verdict = ""
        """Why we ended it ourselves, "" if we did not."""
        self.ended = threading.Event()
        self.heard = 0
        """How many lines have come from it."""


class Supervisor:
    """Owns one child process: at most one runs at any time (a second one only if the system takes longer than END_PATIENCE_S to end a
    killed one).

    A child that ends unasked is started again after a back-off; after `breaker_limit` crashes in a row it stays down (Health
    "broken", calls raise ProcessBrokenError) until `reset`. The row is broken by a successful answer to the kind of request it
    crashed on, or by a minute of life. Calls waiting when it dies fail with ProcessDiedError; nothing is repeated behind the
    caller's back, because only the caller knows whether repeating is harmless.

    Thread: every method from any thread. on_health and on_notice run on our own threads and must be quick.
    """

    BACK_OFF_S = (0.1, 0.5, 2.0)
    END_PATIENCE_S = 5.0
    HEALTHY_AFTER_S = 60.0
    BUSY_PATIENCE_S = 120.0
    """For a child that does not answer but computes: a library that keeps the interpreter to itself, or a machine out of breath; and
    for one that has just been started and has not answered yet."""

    def __init__(
        self,
        name: str,
        command: ChildCommand,
        event_type: Any,
        *,
        on_health: Callable[[Health], None] | None = None,
        on_notice: Callable[[Any], None] | None = None,
        breaker_limit: int = 3,
        restart: bool = True,
        hang_after_s: float | None = None,
    ) -> None:
        """restart: start again by itself after a crash; else with the next call. hang_after_s: end a child that neither answers
        nor uses the processor for this long (only for children with a thread that does nothing but read)."""
        self.name = name
        self._command = command
        self._decoder = msgspec.json.Decoder(EventLine[event_type])
        self._on_health = on_health or (lambda _health: None)
        self._on_notice = on_notice or (lambda _body: None)
        self._breaker_limit = breaker_limit
        self._restart = restart
        self._hang_after_s = hang_after_s
        self._lock = threading.RLock()
        self._child: _Child | None = None
        self._killed: _Child | None = None
        """The one before, which may not have ended yet."""
        self._next_id = 1
        self._crashes = 0
        self._suspects: frozenset[str] = frozenset()
        self._stopping = False
        self._timer: threading.Timer | None = None
        self._health = Health(name, "stopped")

    @property
    def health(self) -> Health:
        return self._health

    @property
    def pid(self) -> int | None:
        """The running child's process id, for tests and for `doctor`."""
        with self._lock:
            return self._child.process.pid if self._child else None

    def start(self) -> None:
        """Start the child if it is not running. Raises ProcessBrokenError, ProcessDiedError (it cannot be started at all)."""
        with self._lock:
            self._running_child()

    def call(self, body: Any) -> PendingCall:
        """Send a request and return where its events can be waited for. Starts the child if need be.

        Raises ProcessBrokenError, ProcessDiedError."""
        pending = PendingCall()
        call_id = self.send(body, pending)
        pending.cancel = lambda: self.cancel(call_id)
        return pending

    def send(self, body: Any, sink: Sink) -> int:
        """Send a request whose events go to `sink`; returns its id. A child that dies meanwhile fails the sink."""
        with self._lock:
            child = self._running_child()
            call_id = self._next_id
            self._next_id += 1
            child.sinks[call_id] = (sink, type(body).__name__)
        self._write(child, RequestLine(id=call_id, body=body))
        return call_id

    def cancel(self, call_id: int) -> None:
        """Ask the child to end a call. Its last event still comes. Unknown ids are ignored."""
        with self._lock:
            child = self._child
            if child is None or call_id not in child.sinks:
                return
        self._write(child, RequestLine(id=call_id, cancel=True))

    def kill(self, *, deliberate: bool = True) -> None:
        """End the child at once, for instance because it does not answer. deliberate: not counted as a crash; started again with
        the next call, when it is gone."""
        with self._lock:
            child = self._child
            if child is None:
                return
            child.deliberate = deliberate
            if deliberate:
                # A call that comes now must not be given to a dying process.
                self._child, self._killed = None, child
            child.process.kill()

    def reset(self) -> None:
        """Close the breaker and start again."""
        with self._lock:
            self._crashes = 0
            self._suspects = frozenset()
            self._running_child()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Close the link, give the child `timeout_s` to end by itself, then kill it. Calls under way fail. Final."""
        with self._lock:
            self._stopping = True
            if self._timer is not None:
                self._timer.cancel()
            child = self._child
            self._wait_for_killed(timeout_s)
        if child is None:
            return
        child.deliberate = True
        # A child that is stopped (SIGSTOP) and a full pipe would block the close: the kill below then frees it.
        closer = threading.Thread(target=child.writer.close, daemon=True)
        closer.start()
        try:
            child.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()

    # ---- inside ------------------------------------------------------------------------------------------------------

    def _running_child(self) -> _Child:
        if self._stopping:
            raise ProcessDiedError(process=self.name, exit_code=0)
        if self._child is not None:
            return self._child
        if self._crashes >= self._breaker_limit:
            raise ProcessBrokenError(process=self.name, crashes=self._crashes)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._wait_for_killed(self.END_PATIENCE_S)
        try:
            child = _Child(self._spawn())
        except OSError as error:
            raise ProcessDiedError(str(error), process=self.name, exit_code=-1) from error
        self._child = child
        threading.Thread(target=self._read, args=(child,), name=f"{self.name}-reader", daemon=True).start()
        if self._hang_after_s is not None:
            threading.Thread(target=self._watch, args=(child,), name=f"{self.name}-watch", daemon=True).start()
        self._say("running", "")
        return child

    def _wait_for_killed(self, patience_s: float) -> None:
        """Two at a time would hold the memory of two models, or quarrel about one folder."""
        killed, self._killed = self._killed, None
        if killed is not None:
            try:
                killed.process.wait(patience_s)
            except subprocess.TimeoutExpired:
                log.info("%s does not end although it was killed", self.name)

    def _spawn(self) -> subprocess.Popen[bytes]:
        log_file: Any = None
        if self._command.log_path is not None:
            log_file = _open_log(self._command.log_path)
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows only: no console window flashes up
        try:
            return subprocess.Popen(
                self._command.argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log_file,
                creationflags=flags,
                bufsize=1 << 16,
            )
        finally:
            if log_file is not None:
                log_file.close()

    def _write(self, child: _Child, line: RequestLine[Any]) -> None:
        try:
            child.writer.write(line)
        except WireClosedError:
            if child.deliberate:
                return  # it is closing in order
            child.process.kill()  # its reading thread sees the end and fails every waiting call, this one included

    def _read(self, child: _Child) -> None:
        assert child.process.stdout is not None
        try:
            for line in read_lines(child.process.stdout):  # type: ignore[arg-type]
                self._deliver(child, self._decoder.decode(line))
        except (WireClosedError, msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
            child.verdict = f"garbage on the link: {type(error).__name__}"
            child.process.kill()
        child.process.stdout.close()
        exit_code = child.process.wait()
        child.ended.set()
        self._child_ended(child, exit_code, child.verdict or f"exit code {exit_code}")

    def _deliver(self, child: _Child, line: EventLine[Any]) -> None:
        child.heard += 1
        if line.id == 0:
            self._on_notice(line.body)
            return
        with self._lock:
            known = child.sinks.pop(line.id, None) if line.last else child.sinks.get(line.id)
            if known is None:
                return
            sink, kind = known
            if line.last and line.error is None and (kind in self._suspects or not self._suspects):
                self._crashes = 0
        if line.error is not None:
            sink.failure(error_from(line.error))
        else:
            sink.event(line.body, line.last)

    def _child_ended(self, child: _Child, exit_code: int, reason: str) -> None:
        with self._lock:
            waiting = list(child.sinks.values())
            child.sinks.clear()
            if self._child is child:
                self._child = None
            if child.deliberate or self._stopping:
                if self._child is None:
                    self._say("stopped", "")
            else:
                self._count_crash(child, waiting, reason)
        child.writer.close()
        for sink, _ in waiting:
            sink.failure(ProcessDiedError(process=self.name, exit_code=exit_code))

    def _count_crash(self, child: _Child, waiting: Sequence[tuple[Sink, str]], reason: str) -> None:
        log.info("%s ended unasked: %s", self.name, reason)
        if time.monotonic() - child.started_at > self.HEALTHY_AFTER_S:
            self._crashes = 0
        self._crashes += 1
        self._suspects = frozenset(kind for _, kind in waiting)
        if self._crashes >= self._breaker_limit:
            self._say("broken", reason)
            return
        self._say("restarting", reason)
        if self._restart:
            pause_s = self.BACK_OFF_S[min(self._crashes, len(self.BACK_OFF_S)) - 1]
            self._timer = threading.Timer(pause_s, self._start_again)
            self._timer.daemon = True
            self._timer.start()

    def _start_again(self) -> None:
        try:
            self.start()
        except AssistantError as error:
            log.info("%s could not be started again: %s", self.name, error)

    def _watch(self, child: _Child) -> None:
        """Ping the child; end it when it has fallen silent. Ends with the child.

        Silence is counted in looks, not by the clock: after a sleep of the whole machine nobody has had the time to answer.
        """
        assert self._hang_after_s is not None
        look_s = self._hang_after_s / 4
        silent_s, heard, number = 0.0, 0, 0
        used_s = _processor_s(child.process.pid)
        while True:
            number -= 1
            # On its own thread: a stopped child with a full pipe would block the write, and with it this watch.
            ping: RequestLine[Any] = RequestLine(id=number, ping=True)
            threading.Thread(target=self._write, args=(child, ping), daemon=True).start()
            if child.ended.wait(look_s) or child.deliberate:
                return
            if child.heard != heard:
                silent_s, heard, used_s = 0.0, child.heard, _processor_s(child.process.pid)
                continue
            silent_s += look_s
            is_idle = heard > 0 and _is_idle(child.process.pid, used_s, silent_s)
            if silent_s >= (self._hang_after_s if is_idle else self.BUSY_PATIENCE_S):
                log.info("%s does not answer and is ended", self.name)
                child.verdict = HUNG
                child.process.kill()
                return

    def _say(self, state: str, reason: str) -> None:
        self._health = Health(self.name, state, self._crashes, reason)
        self._on_health(self._health)


def _open_log(path: Path) -> Any:
    """Append to a log, keeping one older file once it has grown past LARGEST_LOG_BYTES. None: it cannot be written, and a child without a
    log is better than none."""
    try:
        if path.stat().st_size > LARGEST_LOG_BYTES:
            path.replace(path.with_suffix(".old.log"))
    except OSError:
        pass  # there is none yet, or it is in use; appending is right in both cases
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")
    except OSError:
        return None


def _is_idle(pid: int, used_before_s: float | None, silent_s: float) -> bool:
    """Whether a process has done nothing to speak of. A thread that waits for another one's lock uses a little."""
    used_s = _processor_s(pid)
    return used_s is not None and used_before_s is not None and used_s - used_before_s < _IDLE_SHARE * silent_s


def _processor_s(pid: int) -> float | None:
    """Processor time a process has used so far; None if the system does not say."""
    import psutil  # here, because the window's start is worth the milliseconds

    try:
        used = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return None
    return float(used.user + used.system)
