"""Which of the ways to take a key from the system there is here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject

from assistant.desktop.settings.global_key_words import KeyState
from assistant.desktop.shell.global_key import GlobalKey, NoTaker


def global_key(platform: str, environment: Mapping[str, str], parent: QObject | None = None) -> GlobalKey:
    """platform: as Qt names the one it draws on.

    An X11 program on a Wayland desktop can take a key only from other X11 programs: that would work now and then, so it counts as not at
    all. Wayland's own way, the portal for global shortcuts, is not there on every desktop and has the user choose the key in a dialog of
    its own; binding our command does the same everywhere.
    """
    if platform == "windows":
        from assistant.desktop.shell.global_key_windows import WindowsCalls, WindowsTaker

        return GlobalKey(partial(WindowsTaker, WindowsCalls()), parent)
    if platform == "xcb" and not is_wayland(environment):
        from assistant.desktop.shell.global_key_x11 import X11Taker

        return GlobalKey(X11Taker, parent)
    never = KeyState.ELSEWHERE if platform == "cocoa" else KeyState.REFUSED
    return GlobalKey(partial(NoTaker, never), parent, at_rest=never)


def is_wayland(environment: Mapping[str, str]) -> bool:
    return bool(environment.get("WAYLAND_DISPLAY")) or environment.get("XDG_SESSION_TYPE") == "wayland"
