"""Which key of an X server's keyboard one of Qt's keys is. The numbers are those of X11/keysymdef.h."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt

NUM_LOCK, SCROLL_LOCK = 0xFF7F, 0xFF14
ALTS = (0xFFE9, 0xFFEA)
SUPERS = (0xFFEB, 0xFFEC)
SHIFT_BIT, CONTROL_BIT = 1 << 0, 1 << 2
FIRST_FUNCTION_KEY = 0xFFBE
UNICODE = 0x0100_0000
LETTERS_UPPER = range(0x41, 0x5B)
COLUMNS = 4
"""Without and with Shift, in the first layout and in the second."""

_NAMED = {
    Qt.Key.Key_Escape: 0xFF1B,
    Qt.Key.Key_Tab: 0xFF09,
    Qt.Key.Key_Backspace: 0xFF08,
    Qt.Key.Key_Return: 0xFF0D,
    Qt.Key.Key_Enter: 0xFF8D,
    Qt.Key.Key_Insert: 0xFF63,
    Qt.Key.Key_Delete: 0xFFFF,
    Qt.Key.Key_Pause: 0xFF13,
    Qt.Key.Key_Print: 0xFF61,
    Qt.Key.Key_Home: 0xFF50,
    Qt.Key.Key_End: 0xFF57,
    Qt.Key.Key_Left: 0xFF51,
    Qt.Key.Key_Up: 0xFF52,
    Qt.Key.Key_Right: 0xFF53,
    Qt.Key.Key_Down: 0xFF54,
    Qt.Key.Key_PageUp: 0xFF55,
    Qt.Key.Key_PageDown: 0xFF56,
    Qt.Key.Key_Menu: 0xFF67,
}

Keysyms = Mapping[int, Sequence[int]]


def keysym_of(key: Qt.Key) -> int:
    """0 for one that has none here."""
    if key in _NAMED:
        return _NAMED[key]
    number = int(key.value)
    if Qt.Key.Key_F1.value <= number <= Qt.Key.Key_F35.value:
        return FIRST_FUNCTION_KEY + number - int(Qt.Key.Key_F1.value)
    if number in LETTERS_UPPER:
        return number + 32
    if 0x20 <= number <= 0x7E or 0xA0 <= number <= 0xFF:
        return number
    return UNICODE + number if 0x100 <= number <= 0x10FFFF else 0


def place_of(keysym: int, keysyms: Keysyms) -> tuple[int, bool] | None:
    """The keycode of a key, and whether Shift has to be held for it; a key that needs none is preferred."""
    if not keysym:
        return None
    for column in range(COLUMNS):
        for keycode, meanings in keysyms.items():
            if column < len(meanings) and meanings[column] == keysym:
                return keycode, column % 2 == 1
    return None


def modifiers_of(wanted: Qt.KeyboardModifier, keysyms: Keysyms, modifiers: Sequence[Sequence[int]]) -> int | None:
    """The bits of the modifiers; None if the keyboard lacks one."""
    found = 0
    for modifier, bit in (
        (Qt.KeyboardModifier.ShiftModifier, SHIFT_BIT),
        (Qt.KeyboardModifier.ControlModifier, CONTROL_BIT),
        (Qt.KeyboardModifier.AltModifier, bit_of(ALTS, keysyms, modifiers)),
        (Qt.KeyboardModifier.MetaModifier, bit_of(SUPERS, keysyms, modifiers)),
    ):
        if wanted & modifier:
            if not bit:
                return None
            found |= bit
    return found


def bit_of(wanted: Sequence[int], keysyms: Keysyms, modifiers: Sequence[Sequence[int]]) -> int:
    """Which of the eight modifiers one of these keys is, as its bit; 0 if it is none."""
    for keysym in wanted:
        for place, keycodes in enumerate(modifiers):
            if any(keysym in keysyms.get(keycode, ()) for keycode in keycodes if keycode):
                return 1 << place
    return 0
