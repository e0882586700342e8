"""A session bus of its own, and on it a portal for global shortcuts that does as it is told."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

SERVICE, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
REQUEST, SESSION = "org.freedesktop.portal.Request", "org.freedesktop.portal.Session"
ALLOWED_S = 10

CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@contextmanager
def session_bus(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address and the process of a bus on which nothing is and nothing is started. folder: a short path, because a socket lies in it."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("needs dbus-daemon")
    configuration = folder / "bus.conf"
    configuration.write_text(CONFIGURATION.format(socket=folder / "bus"), encoding="utf-8")
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [program, f"--config-file={configuration}", "--nofork", f"--print-address={writer}"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as told:
            address = told.readline().strip()
        assert address, "dbus-daemon did not start"
        yield address, process
    finally:
        process.terminate()
        process.wait()


class FakePortal:
    """Keeps the contract of xdg-desktop-portal, whose documentation is the source; it remembers the shortcuts of a desktop entry.

    keys: what the user of this desktop gives a shortcut; None: the answer is no. waits: the user has not answered yet.
    """

    def __init__(self, address: str) -> None:
        self.keys: str | None = "Ctrl+Alt+Space"
        self.waits = False
        self.knows_registry = True
        self.needs_entry = False
        self.entries = {"elephant"}
        self.dies_of = ""
        self.calls: list[tuple[str, Any]] = []
        self.sessions: dict[str, str] = {}
        self.requests: list[str] = []
        self._who: dict[str, str] = {}
        self._remembered: dict[tuple[str, str], str] = {}
        self._waiting: tuple[Message, str, Any] | None = None
        self._address = address
        self._changed = threading.Condition()
        self.start()

    def start(self) -> None:
        self._connection = open_dbus_connection(self._address)
        self._connection.send_and_get_reply(message_bus.RequestName(SERVICE))
        self._thread = threading.Thread(target=self._serve, args=(self._connection,), name="fake-portal", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """As when its process ends: all sessions are gone."""
        with suppress(OSError):  # the bus may have ended before
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(ALLOWED_S)
        self._connection.close()
        self.sessions.clear()
        self._who.clear()

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(is_so, ALLOWED_S), self.calls

    def called(self, method: str) -> list[Any]:
        return [body for name, body in self.calls if name == method]

    # ---- what the user of the desktop does -------------------------------------------------------------------------------

    def press(self, shortcut: str = "quick-question", **options: Any) -> None:
        for path, owner in self.sessions.items():
            self._emit(owner, PATH, SHORTCUTS, "Activated", "osta{sv}", (path, shortcut, 1000, options))

    def change(self, keys: str) -> None:
        for path, owner in self.sessions.items():
            body = (path, [("quick-question", {"trigger_description": ("s", keys)})])
            self._emit(owner, PATH, SHORTCUTS, "ShortcutsChanged", "oa(sa{sv})", body)

    def end_sessions(self) -> None:
        for path, owner in dict(self.sessions).items():
            del self.sessions[path]
            self._emit(owner, path, SESSION, "Closed", "a{sv}", ({},))

    def answer(self) -> None:
        """The user does, at last."""
        assert self._waiting is not None
        message, request, body = self._waiting
        self._waiting = None
        self._bind(message, request, body)

    # ---- the service -----------------------------------------------------------------------------------------------------

    def _serve(self, connection: Any) -> None:
        while True:
            try:
                message = connection.receive()
            except OSError:
                return
            if message.header.message_type is MessageType.method_call:
                fields = message.header.fields
                name = f"{fields[HeaderFields.interface].rpartition('.')[2]}.{fields[HeaderFields.member]}"
                with self._changed:
                    self.calls.append((name, message.body))
                    if name == self.dies_of:
                        connection.close()
                        return
                    self._handle(name, message)
                    self._changed.notify_all()

    def _handle(self, name: str, message: Message) -> None:
        sender, path = message.header.fields[HeaderFields.sender], message.header.fields[HeaderFields.path]
        if name == "Registry.Register":
            self._register(message, sender)
        elif name == "GlobalShortcuts.CreateSession":
            self._create_session(message, sender)
        elif name == "GlobalShortcuts.BindShortcuts":
            self._accept_bind(message, sender)
        elif name == "Session.Close":
            del self.sessions[path]
        elif name == "Request.Close":
            self._waiting = None
            self.requests.remove(path)
        else:
            self._connection.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))

    def _register(self, message: Message, sender: str) -> None:
        app_id = message.body[0]
        if not self.knows_registry:
            self._connection.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))
        elif sender in self._who or app_id not in self.entries:
            self._connection.send(
                new_error(message, "org.freedesktop.portal.Error.Failed", "s", ("App info not found",))
            )
        else:
            self._who[sender] = app_id
            self._connection.send(new_method_return(message))

    def _create_session(self, message: Message, sender: str) -> None:
        if self.needs_entry and sender not in self._who:
            refusal = "org.freedesktop.portal.Error.NotAllowed"
            self._connection.send(new_error(message, refusal, "s", ("An app id is required",)))
            return
        (options,) = message.body
        request = self._request_of(message, sender, options)
        session = f"{PATH}/session/{_in_path(sender)}/{options['session_handle_token'][1]}"
        self.sessions[session] = sender
        self._respond(sender, request, 0, {"session_handle": ("s", session)})

    def _accept_bind(self, message: Message, sender: str) -> None:
        session, _shortcuts, _window, options = message.body
        assert self.sessions[session] == sender
        request = self._request_of(message, sender, options)
        is_known = all((self._who.get(sender, ""), name) in self._remembered for name, _ in message.body[1])
        if self.waits and not is_known:
            self._waiting = (message, request, message.body)
        else:
            self._bind(message, request, message.body)

    def _bind(self, message: Message, request: str, body: Any) -> None:
        sender, bound = message.header.fields[HeaderFields.sender], []
        for name, facts in body[1]:
            place = (self._who.get(sender, ""), name)
            if place not in self._remembered and self.keys is not None:
                self._remembered[place] = self.keys
            if place in self._remembered:
                told = {"trigger_description": ("s", self._remembered[place])} if self._remembered[place] else {}
                bound.append((name, {"description": facts["description"]} | told))
        if bound:
            self._respond(sender, request, 0, {"shortcuts": ("a(sa{sv})", bound)})
        else:
            self._respond(sender, request, 1, {})

    def _request_of(self, message: Message, sender: str, options: Any) -> str:
        path = f"{PATH}/request/{_in_path(sender)}/{options['handle_token'][1]}"
        self.requests.append(path)
        self._connection.send(new_method_return(message, "o", (path,)))
        return path

    def _respond(self, sender: str, request: str, answer: int, results: Any) -> None:
        self.requests.remove(request)
        self._emit(sender, request, REQUEST, "Response", "ua{sv}", (answer, results))

    def _emit(self, to: str, path: str, interface: str, member: str, signature: str, body: Any) -> None:
        signal = new_signal(DBusAddress(path, interface=interface), member, signature, body)
        signal.header.fields[HeaderFields.destination] = to
        self._connection.send(signal)


def _in_path(sender: str) -> str:
    return sender.removeprefix(":").replace(".", "_")
