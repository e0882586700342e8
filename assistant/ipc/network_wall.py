"""The second wall: this process refuses to reach the network or to start a stranger's program, whoever in it asks for that.

Settings and our own care come first; this is for the library that changes its mind in a later version. Only Python code is held up
here: a native library calls the system itself, which is why tests/offline watches from outside (docs/decisions/0804).
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

log = logging.getLogger(__name__)

_UNIX = getattr(socket, "AF_UNIX", None)
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_LIBRARIES = frozenset({"socket", "ssl", "subprocess", "asyncio", "http", "urllib", "selectors", __name__})


class RefusedByTheWallError(PermissionError):
    """An OSError, so that a library that can do without its wish goes on without it."""


class Gate:
    """The one opening in a wall: what the process it is made for has named itself, and nothing else. Thread: any."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._addresses: set[tuple[str, int]] = set()

    def permit_name(self, host: str) -> None:
        """Let this name be looked up."""
        self._names.add(host)

    def permit_address(self, address: tuple[Any, ...]) -> None:
        """Let this address, as `socket.getaddrinfo` gives it, be connected to."""
        self._addresses.add((str(address[0]), int(address[1])))

    def lets_through(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "socket.getaddrinfo":
            return str(arguments[0]) in self._names
        return event == "socket.connect" and tuple(arguments[1][:2]) in self._addresses


class NetworkWall:
    """Judges the audit events of this process. Thread: any."""

    def __init__(self, gate: Gate | None = None) -> None:
        self._told: set[tuple[str, str]] = set()
        self._gate = gate

    def raise_up(self) -> None:
        """Stand for the rest of this process's life: an audit hook cannot be taken away again."""
        sys.addaudithook(self.judge)

    def judge(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Raises RefusedByTheWallError for an event that would leave this machine or start another program."""
        rule = _RULES.get(event)
        if rule is None or rule(arguments):
            return
        if self._gate is not None and self._gate.lets_through(event, arguments):
            return
        asked = (event, _who_asks())
        if asked not in self._told:
            self._told.add(asked)
            # Never where to: an address can carry the very words that were to be sent.
            # urllib3 binds a socket on import, only to see whether there is IPv6: not worth a user's attention.
            log.log(logging.INFO if event == "socket.bind" else logging.WARNING, "refused %s, asked for by %s", *asked)
        raise RefusedByTheWallError(f"{event} is refused: nothing leaves this machine")


def keep_files_private() -> None:
    """Whatever this process and its children create is for its owner alone, wherever a library creates it."""
    os.umask(0o077)


def is_our_program(command: Sequence[Any] | str) -> bool:
    """Whether a command starts Elephant itself, or `pip download` of a wheel that models/package_index.py names and checks, which only a
    user's wish starts. (Whatever else may reach the network is a door of Elephant and stands behind a wall with a gate.)"""
    if isinstance(command, str):  # on Windows it is one line already
        return any(command.startswith(subprocess.list2cmdline(start) + " ") for start in _our_starts())
    words = tuple(str(word) for word in command)
    return any(words[: len(start)] == start for start in _our_starts())


def _our_starts() -> list[tuple[str, ...]]:
    if getattr(sys, "frozen", False):
        return [(sys.executable,)]  # it is Elephant and nothing else
    return [(sys.executable, "-P", "-m", "assistant"), (sys.executable, "-P", "-m", "pip", "download")]


def _who_asks() -> str:
    """The innermost module that is not just a way to the system."""
    frame, name = sys._getframe(2), "?"
    while frame is not None:
        name = str(frame.f_globals.get("__name__", "?"))
        if name.split(".")[0] not in _LIBRARIES and name != __name__:
            break
        frame = frame.f_back  # type: ignore[assignment]
    return name


def _stays_here(arguments: tuple[Any, ...]) -> bool:
    """For what is done with a socket: (socket, address)."""
    made, address = arguments[:2]
    if made.family == _UNIX or address is None:  # without an address it is connected, and that has been judged
        return True
    # Windows has no other way to the pair of sockets by which an event loop wakes itself.
    return sys.platform == "win32" and isinstance(address, tuple) and address[0] in _LOOPBACK


def _never(_arguments: tuple[Any, ...]) -> bool:
    return False


_RULES: dict[str, Callable[[tuple[Any, ...]], bool]] = {
    **dict.fromkeys(("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"), _stays_here),
    **dict.fromkeys(
        ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"), _never
    ),
    **dict.fromkeys(("webbrowser.open", "os.system", "os.startfile", "os.startfile/2"), _never),
    **dict.fromkeys(("subprocess.Popen", "os.exec", "os.posix_spawn"), lambda given: is_our_program(given[1])),
    "os.spawn": lambda given: is_our_program(given[2]),
}
