"""A connection of its own to the desktop's session bus, for a thread that may wait.

jeepney writes and reads the messages: Qt's bindings for D-Bus can send no list of structures from Python (docs/decisions/0605).
"""

from __future__ import annotations

import selectors
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, Parser, message_bus, new_method_call
from jeepney.bus import get_bus
from jeepney.io.blocking import prep_socket

GREETING_S = 5.0
READ_BYTES = 65_536
CALL_S = 30.0
"""A service that is called is first started by the bus, and that takes a busy machine its time."""

BUS = "org.freedesktop.DBus"
NO_REPLY = f"{BUS}.Error.NoReply"


class BusError(Exception):
    """A call was refused. name: as the bus or the service names the reason."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class BusGoneError(Exception):
    """There is no bus, or it has closed the connection."""


class ToldToStopError(Exception):
    """Whoever waits has been told to end."""


@dataclass(frozen=True, slots=True)
class BusSignal:
    path: str
    member: str
    body: tuple[Any, ...]


class SessionBus:
    """Thread: the one that made it. Every wait ends at once, with ToldToStopError, when `stop` can be read; a bus that goes away raises
    BusGoneError."""

    def __init__(self, address: str, stop: int) -> None:
        """address: as the bus itself tells it. Only a socket in the file system or an abstract one counts: nothing leaves this machine."""
        try:
            self._socket = prep_socket(get_bus(address), timeout=GREETING_S)
        except (OSError, ValueError, RuntimeError) as error:  # as jeepney says that an address or a greeting is wrong
            raise BusGoneError(type(error).__name__) from error
        self._parser = Parser()
        self._serials = count(1)
        self._signals: deque[BusSignal] = deque()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)
        self._stop = self._selector.register(stop, selectors.EVENT_READ)
        self.name = ""

    def say_hello(self) -> None:
        """Before anything else: from here on the connection has a name."""
        (self.name,) = self._answer(message_bus.Hello())

    def close(self) -> None:
        self._selector.close()
        self._socket.close()

    def listen(self, rule: str) -> None:
        """Have the bus send the signals that fit. Those to this connection alone come anyway."""
        self._answer(message_bus.AddMatch(rule))

    def call(self, service: str, path: str, method: str, signature: str = "", body: tuple[Any, ...] = ()) -> Any:
        """Call a method and return what it answers: a tuple. method: with its interface. Raises BusError."""
        return self._answer(_call_of(service, path, method, signature, body))

    def post(self, service: str, path: str, method: str) -> None:
        """Call a method whose answer nobody waits for. A bus that is gone does no harm."""
        try:
            self._send(_call_of(service, path, method, "", ()))
        except BusGoneError:
            pass

    def next_signal(
        self, fits: Callable[[BusSignal], bool] = lambda _signal: True, wait_s: float | None = None
    ) -> BusSignal | None:
        """The next signal that fits, which is then gone; the others stay for later. None: none came within `wait_s`."""
        deadline = None if wait_s is None else time.monotonic() + wait_s
        while True:
            found = next((signal for signal in self._signals if fits(signal)), None)
            if found is not None:
                self._signals.remove(found)
                return found
            message = self._receive(deadline)
            if message is None:
                return None
            self._keep(message)

    def sleep(self, pause_s: float) -> None:
        """What comes meanwhile is late and forgotten."""
        self.next_signal(lambda _signal: False, pause_s)
        self._signals.clear()

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def _answer(self, message: Message) -> Any:
        serial = self._send(message)
        deadline = time.monotonic() + CALL_S
        while (answer := self._receive(deadline)) is not None:
            if answer.header.fields.get(HeaderFields.reply_serial) != serial:
                self._keep(answer)
            elif answer.header.message_type is MessageType.error:
                raise BusError(str(answer.header.fields.get(HeaderFields.error_name, "")))
            else:
                return answer.body
        raise BusError(NO_REPLY)

    def _keep(self, message: Message) -> None:
        if message.header.message_type is MessageType.signal:
            fields = message.header.fields
            self._signals.append(
                BusSignal(str(fields[HeaderFields.path]), str(fields[HeaderFields.member]), message.body)
            )

    def _send(self, message: Message) -> int:
        """Its number, which the answer names."""
        serial = next(self._serials)
        try:
            self._socket.sendall(message.serialise(serial=serial))
        except OSError as error:
            raise BusGoneError(type(error).__name__) from error
        return serial

    def _receive(self, deadline: float | None) -> Message | None:
        """The next message; None if none came in time."""
        while (message := self._parser.get_next_message()) is None:
            wait_s = None if deadline is None else deadline - time.monotonic()
            if wait_s is not None and wait_s <= 0:
                return None
            ready = [key for key, _ in self._selector.select(wait_s)]
            if self._stop in ready:
                raise ToldToStopError
            if ready:
                self._parser.add_data(self._read())
        return message

    def _read(self) -> bytes:
        try:
            data: bytes = self._socket.recv(READ_BYTES)
        except OSError as error:
            raise BusGoneError(type(error).__name__) from error
        if not data:
            raise BusGoneError("closed")
        return data


def _call_of(service: str, path: str, method: str, signature: str, body: tuple[Any, ...]) -> Message:
    interface, _, name = method.rpartition(".")
    return new_method_call(DBusAddress(path, service, interface), name, signature or None, body)
