"""How a key is named between programs of the desktop: CTRL+ALT+space. https://specifications.freedesktop.org/shortcuts-spec/latest/"""

from __future__ import annotations

import ctypes

from PySide6.QtCore import QKeyCombination, Qt

from assistant.desktop.shell.x11_keys import keysym_of

LONGEST_NAME = 64
MODIFIERS = (
    (Qt.KeyboardModifier.ControlModifier, "CTRL"),
    (Qt.KeyboardModifier.AltModifier, "ALT"),
    (Qt.KeyboardModifier.ShiftModifier, "SHIFT"),
    (Qt.KeyboardModifier.MetaModifier, "LOGO"),
)


def trigger_of(keys: QKeyCombination) -> str:
    """ "" for a key that has no name there."""
    name = _name_of(keysym_of(keys.key()))
    held = [word for modifier, word in MODIFIERS if keys.keyboardModifiers() & modifier]
    return "+".join([*held, name]) if name else ""


def _name_of(keysym: int) -> str:
    """By the library that all desktops name keys with. Qt's plugin for Wayland cannot run without it, so it is there."""
    try:
        library = ctypes.CDLL("libxkbcommon.so.0")
    except OSError:
        return ""
    call = library.xkb_keysym_get_name
    call.argtypes, call.restype = [ctypes.c_uint32, ctypes.c_char_p, ctypes.c_size_t], ctypes.c_int
    name = ctypes.create_string_buffer(LONGEST_NAME)
    return name.value.decode("ascii") if keysym and call(keysym, name, LONGEST_NAME) > 0 else ""
