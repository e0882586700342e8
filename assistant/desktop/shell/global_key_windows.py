"""A key taken from Windows: RegisterHotKey, and a filter on this thread's messages that hears of its presses."""

from __future__ import annotations

import ctypes
from ctypes import wintypes
from typing import Any, Protocol

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QKeyCombination, Qt

from assistant.desktop.settings.global_key_words import KeyState
from assistant.desktop.shell.global_key import OnPressed, OnState

HOT_KEY_MESSAGE = 0x0312
ALREADY_TAKEN = 1409
NO_REPEAT = 0x4000
NUMBER = 1
"""Ours, among those of this thread: there is one key at a time."""
MODIFIERS = (
    (Qt.KeyboardModifier.AltModifier, 0x0001),
    (Qt.KeyboardModifier.ControlModifier, 0x0002),
    (Qt.KeyboardModifier.ShiftModifier, 0x0004),
    (Qt.KeyboardModifier.MetaModifier, 0x0008),
)
SHIFT = 0x0004
FIRST_FUNCTION_KEY = 0x70
_NAMED = {
    Qt.Key.Key_Backspace: 0x08,
    Qt.Key.Key_Tab: 0x09,
    Qt.Key.Key_Return: 0x0D,
    Qt.Key.Key_Enter: 0x0D,
    Qt.Key.Key_Pause: 0x13,
    Qt.Key.Key_Escape: 0x1B,
    Qt.Key.Key_Space: 0x20,
    Qt.Key.Key_PageUp: 0x21,
    Qt.Key.Key_PageDown: 0x22,
    Qt.Key.Key_End: 0x23,
    Qt.Key.Key_Home: 0x24,
    Qt.Key.Key_Left: 0x25,
    Qt.Key.Key_Up: 0x26,
    Qt.Key.Key_Right: 0x27,
    Qt.Key.Key_Down: 0x28,
    Qt.Key.Key_Print: 0x2C,
    Qt.Key.Key_Insert: 0x2D,
    Qt.Key.Key_Delete: 0x2E,
    Qt.Key.Key_Menu: 0x5D,
}


class HotKeyCalls(Protocol):
    """What is asked of Windows. Thread: the one that has the window."""

    def register(self, number: int, modifiers: int, key: int) -> int:
        """0, or the number of the error."""

    def unregister(self, number: int) -> None: ...

    def key_of(self, letter: str) -> int:
        """The key that writes a letter, with the state of Shift it needs in the high byte; -1 if none does."""


class WindowsCalls:
    """The real ones. Made on Windows alone."""

    def __init__(self) -> None:
        library: Any = ctypes
        self._user = library.WinDLL("user32", use_last_error=True)
        self._last_error = library.get_last_error

    def register(self, number: int, modifiers: int, key: int) -> int:
        if self._user.RegisterHotKey(None, number, modifiers, key):
            return 0
        return int(self._last_error()) or -1

    def unregister(self, number: int) -> None:
        self._user.UnregisterHotKey(None, number)

    def key_of(self, letter: str) -> int:
        return int(ctypes.c_short(self._user.VkKeyScanW(wintypes.WCHAR(letter))).value)


class WindowsTaker(QAbstractNativeEventFilter):
    """Thread: the UI thread, to whose queue the presses come."""

    def __init__(self, calls: HotKeyCalls, on_state: OnState, on_pressed: OnPressed) -> None:
        super().__init__()
        self._calls = calls
        self._on_state = on_state
        self._on_pressed = on_pressed
        self._is_got = False

    def take(self, keys: QKeyCombination) -> None:
        found = key_and_modifiers(keys, self._calls)
        if found is None:
            self._on_state(KeyState.NOT_THERE)
            return
        key, modifiers = found
        error = self._calls.register(NUMBER, modifiers | NO_REPEAT, key)
        if error:
            self._on_state(KeyState.TAKEN if error == ALREADY_TAKEN else KeyState.REFUSED)
            return
        self._is_got = True
        _application().installNativeEventFilter(self)
        self._on_state(KeyState.WORKS)

    def release(self) -> None:
        if self._is_got:
            self._is_got = False
            _application().removeNativeEventFilter(self)
            self._calls.unregister(NUMBER)

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        """Of every message of this thread, so it does little."""
        if int(message):
            told = wintypes.MSG.from_address(int(message))
            if told.message == HOT_KEY_MESSAGE and told.wParam == NUMBER:
                self._on_pressed()
                return True, 0
        return False, 0


def key_and_modifiers(keys: QKeyCombination, calls: HotKeyCalls) -> tuple[int, int] | None:
    """As Windows numbers them; None for a key that this keyboard does not have."""
    modifiers = sum(bit for modifier, bit in MODIFIERS if keys.keyboardModifiers() & modifier)
    key, number = keys.key(), int(keys.key().value)
    if key in _NAMED:
        return _NAMED[key], modifiers
    if Qt.Key.Key_F1.value <= number <= Qt.Key.Key_F24.value:
        return FIRST_FUNCTION_KEY + number - int(Qt.Key.Key_F1.value), modifiers
    if not 0x20 < number <= 0xFFFF:
        return None
    found = calls.key_of(chr(number).lower())
    if found == -1:
        return None
    return found & 0xFF, modifiers | (SHIFT if found & 0x100 else 0)


def _application() -> QCoreApplication:
    app = QCoreApplication.instance()
    assert app is not None
    return app
