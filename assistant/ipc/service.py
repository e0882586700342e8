"""The child's side of a link: reads requests, hands them out, and sends every event back under its request's id."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, BinaryIO, Generic, TypeVar

import msgspec

from assistant.domain.errors import BadRequestError
from assistant.ipc.transport import LineWriter, WireClosedError, read_lines
from assistant.ipc.wire import EventLine, RequestLine, error_message

Request = TypeVar("Request")

log = logging.getLogger(__name__)


class _Numbered(msgspec.Struct):
    """All we read of a request that we do not understand."""

    id: int


class Call(Generic[Request]):
    """One request under way. Thread: any. After `finish` or `fail` nothing more is sent; late events are dropped.

    cancelled: set when the parent asks to stop or has gone; never cleared. The handler still ends the call, with what it has.
    """

    def __init__(self, call_id: int, body: Request, service: Service[Request]) -> None:
        self.id = call_id
        self.body = body
        self.cancelled = threading.Event()
        self._service = service
        self._lock = threading.Lock()
        self._ended = False

    def emit(self, body: Any) -> None:
        with self._lock:
            if not self._ended:
                self._service.send(EventLine(id=self.id, body=body))

    def finish(self, body: Any) -> None:
        self._end(EventLine(id=self.id, body=body, last=True))

    def fail(self, error: BaseException) -> None:
        self._end(EventLine(id=self.id, error=error_message(error), last=True))

    def _end(self, line: EventLine[Any]) -> None:
        with self._lock:
            if self._ended:
                return
            self._ended = True
            self._service.send(line)
        self._service.forget(self.id)


class Service(Generic[Request]):
    """Reads one link until it closes.

    handle: called on the reading thread for each request; it must be quick (put the call on a queue) or the link goes deaf to
    Stop. A handler that raises fails its call.
    """

    def __init__(
        self, reader: BinaryIO, writer: BinaryIO, request_type: Any, handle: Callable[[Call[Request]], None]
    ) -> None:
        self._reader = reader
        self._writer = LineWriter(writer)
        self._decoder = msgspec.json.Decoder(RequestLine[request_type])
        self._handle = handle
        self._calls: dict[int, Call[Request]] = {}
        self._lock = threading.Lock()
        self.closed = threading.Event()

    def run(self) -> None:
        """Serve until the parent closes the link or dies; every call under way is then cancelled."""
        try:
            for line in read_lines(self._reader):
                self._take(line)
        except WireClosedError as error:
            log.warning("link closed: %s", error)
        finally:
            self.closed.set()
            with self._lock:
                waiting = list(self._calls.values())
            for call in waiting:
                call.cancelled.set()

    def notify(self, body: Any) -> None:
        """Send a notice: an event nobody asked for. Thread: any."""
        self.send(EventLine(id=0, body=body))

    def send(self, line: EventLine[Any]) -> None:
        if self.closed.is_set():
            return
        try:
            self._writer.write(line)
        except WireClosedError:
            self.closed.set()

    def forget(self, call_id: int) -> None:
        with self._lock:
            self._calls.pop(call_id, None)

    def _take(self, line: bytes) -> None:
        try:
            request = self._decoder.decode(line)
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
            self._refuse(line)
            return
        if request.ping:
            self.send(EventLine(id=request.id, last=True))
        elif request.cancel:
            with self._lock:
                call = self._calls.get(request.id)
            if call is not None:
                call.cancelled.set()
        elif request.body is not None:
            call = Call(request.id, request.body, self)
            with self._lock:
                self._calls[request.id] = call
            try:
                self._handle(call)
            except Exception as error:  # the worker boundary: one bad request must not end the process
                log.exception("request %s failed", type(request.body).__name__)
                call.fail(error)

    def _refuse(self, line: bytes) -> None:
        """Answer a request we do not understand if it at least carries an id, so that nobody waits for ever."""
        try:
            call_id = msgspec.json.decode(line, type=_Numbered).id
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
            # Whoever sent it would wait for ever. Our end is what the parent notices, and it starts another.
            raise WireClosedError("a line that is no request") from None
        self.send(EventLine(id=call_id, last=True, error=error_message(BadRequestError(reason="unknown request"))))
