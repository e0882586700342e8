"""The desktop's portal for global shortcuts, as its other end sees it: a session, one shortcut in it, and signals.

Source: https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from assistant.desktop.shell.session_bus import BUS, BusError, BusSignal, SessionBus

SERVICE, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
REQUEST, SESSION = "org.freedesktop.portal.Request", "org.freedesktop.portal.Session"
REGISTRY = "org.freedesktop.host.portal.Registry"
NOT_ALLOWED = "org.freedesktop.portal.Error.NotAllowed"
GRANTED, SAID_NO = 0, 1

SLOW_S = 0.5
"""A request that takes longer is likely a question to the user."""

LONGEST_TRIGGER = 100


class PortalGoneError(Exception):
    """The portal's process ended, and what it had granted with it."""


class ShortcutPortal:
    """Thread: that of its bus. Every method may raise PortalGoneError and what the bus raises."""

    def __init__(self, bus: SessionBus) -> None:
        self._bus = bus
        self._sender = bus.name.removeprefix(":").replace(".", "_")
        self._open: dict[str, str] = {}
        """Paths of requests and sessions that have not ended, with what they are."""
        bus.listen(f"type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{SERVICE}'")
        for rule in (
            f"interface='{REQUEST}',path_namespace='{PATH}/request/{self._sender}'",
            f"interface='{SESSION}',path_namespace='{PATH}/session/{self._sender}'",
            f"interface='{SHORTCUTS}',path='{PATH}'",
        ):
            bus.listen(f"type='signal',sender='{SERVICE}',{rule}")

    def close(self) -> None:
        """Take a question that is still open off the screen, and give the key back."""
        for path, kind in self._open.items():
            self._bus.post(SERVICE, path, f"{kind}.Close")
        self._open.clear()

    def say_who(self, app_id: str) -> None:
        """Name the desktop entry that this program is. Portals that do not know this know it some other way, or do not care."""
        try:
            self._bus.call(SERVICE, PATH, f"{REGISTRY}.Register", "sa{sv}", (app_id, {}))
        except BusError:
            pass

    def create_session(self) -> tuple[int, str]:
        """How that went, and the session's path."""
        token = _token()
        answer, results = self._request("CreateSession", "", (), {"session_handle_token": ("s", token)})
        path = str(results.get("session_handle", ("s", ""))[1]) or f"{PATH}/session/{self._sender}/{token}"
        if answer == GRANTED:
            self._open[path] = SESSION
        return answer, path

    def bind(
        self, session: str, shortcut: str, description: str, trigger: str, on_slow: Callable[[], None]
    ) -> tuple[int, str | None]:
        """Ask for a shortcut. The desktop may ask the user, and decides which key it gets; the next time it remembers.

        trigger: the key that is wished for, "" for none. on_slow: called once if it takes its time.

        Returns:
            How that went, and the key in the desktop's words: "" if none was given, None if the shortcut was left out.
        """
        wish = {"description": ("s", description)} | ({"preferred_trigger": ("s", trigger)} if trigger else {})
        body = (session, [(shortcut, wish)], "")
        answer, results = self._request("BindShortcuts", "oa(sa{sv})s", body, {}, on_slow)
        return answer, _trigger_in(results.get("shortcuts", ("", ()))[1], shortcut)

    def next_signal(self, session: str, shortcut: str) -> tuple[str, str | None]:
        """Wait for what happens to the shortcut.

        Returns:
            ("Activated", the token by which a window may come to the front, or ""), ("ShortcutsChanged", its key as `bind` tells it) or
            ("Closed", "") when the desktop has ended the session.
        """
        while True:
            signal = self._next(lambda _signal: True)
            if signal.member == "Closed" and signal.path == session:
                del self._open[session]
                return signal.member, ""
            if signal.path != PATH or signal.body[0] != session:
                continue
            if signal.member == "Activated" and signal.body[1] == shortcut:
                return signal.member, str(signal.body[3].get("activation_token", ("s", ""))[1])
            if signal.member == "ShortcutsChanged":
                return signal.member, _trigger_in(signal.body[1], shortcut)

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def _request(
        self, method: str, signature: str, body: tuple[Any, ...], options: dict[str, Any],
        on_slow: Callable[[], None] = lambda: None,
    ) -> tuple[int, dict[str, Any]]:  # fmt: skip
        """Call what is answered later, by a signal of an object made for it."""
        options = options | {"handle_token": ("s", _token())}
        (path,) = self._bus.call(SERVICE, PATH, f"{SHORTCUTS}.{method}", signature + "a{sv}", (*body, options))
        self._open[path] = REQUEST
        signal = self._next(lambda signal: signal.path == path and signal.member == "Response", SLOW_S)
        if signal is None:
            on_slow()
            signal = self._next(lambda signal: signal.path == path and signal.member == "Response")
        del self._open[path]
        answer, results = signal.body
        return int(answer), results

    def _next(self, fits: Callable[[BusSignal], bool], wait_s: float | None = None) -> Any:
        """The next signal that fits, None after `wait_s`. The names of sessions and requests are random: nobody else can mean ours."""
        signal = self._bus.next_signal(lambda signal: _is_end(signal) or fits(signal), wait_s)
        if signal is not None and _is_end(signal):
            self._open.clear()
            raise PortalGoneError
        return signal


def _is_end(signal: BusSignal) -> bool:
    """Its name has no owner any more."""
    return signal.member == "NameOwnerChanged" and signal.body[0] == SERVICE and not signal.body[2]


def _trigger_in(shortcuts: Any, shortcut: str) -> str | None:
    for name, facts in shortcuts:
        if name == shortcut:
            return " ".join(str(facts.get("trigger_description", ("s", ""))[1]).split())[:LONGEST_TRIGGER]
    return None


def _token() -> str:
    return f"elephant_{secrets.token_hex(8)}"
