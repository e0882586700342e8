"""Which of the ways to take a key from the system there is here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from assistant.desktop.common.words import translate
from assistant.desktop.settings.global_key_words import KeyState
from assistant.desktop.shell.global_key import GlobalKey, KeyTaker, NoTaker, OnPressed, OnState


def global_key(platform: str, environment: Mapping[str, str], app_id: str, parent: QObject | None = None) -> GlobalKey:
    """platform: as Qt names the one it draws on. app_id: the name of the desktop entry.

    An X11 program on a Wayland desktop can take a key only from other X11 programs: that would work now and then, so it counts as not at
    all, and the desktop is asked as on Wayland.
    """
    if platform == "windows":
        from assistant.desktop.shell.global_key_windows import WindowsCalls, WindowsTaker

        return GlobalKey(partial(WindowsTaker, WindowsCalls()), parent)
    if platform == "xcb" and not is_wayland(environment):
        from assistant.desktop.shell.global_key_x11 import X11Taker

        return GlobalKey(X11Taker, parent)
    address = _bus_address(environment) if platform == "xcb" or platform.startswith("wayland") else ""
    if address:
        return GlobalKey(partial(_portal_taker, address, app_id), parent)
    never = KeyState.ELSEWHERE if platform == "cocoa" else KeyState.REFUSED
    return GlobalKey(partial(NoTaker, never), parent, at_rest=never)


def is_wayland(environment: Mapping[str, str]) -> bool:
    return bool(environment.get("WAYLAND_DISPLAY")) or environment.get("XDG_SESSION_TYPE") == "wayland"


def _bus_address(environment: Mapping[str, str]) -> str:
    """ "" where there is no session bus."""
    told = environment.get("DBUS_SESSION_BUS_ADDRESS", "")
    usual = Path(environment.get("XDG_RUNTIME_DIR", ""), "bus")
    return told or (f"unix:path={usual}" if usual.is_absolute() and usual.exists() else "")


def _portal_taker(address: str, app_id: str, on_state: OnState, on_pressed: OnPressed) -> KeyTaker:
    """What speaks to the bus is loaded when there is a key to ask for, not before."""
    from assistant.desktop.shell.global_key_portal import PortalTaker

    return PortalTaker(address, app_id, translate("GlobalKey", "Quick question"), on_state, on_pressed)
