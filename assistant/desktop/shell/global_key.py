"""One key that works in every program, taken from the system for as long as Elephant runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QKeyCombination, QObject, Signal
from PySide6.QtGui import QKeySequence

from assistant.desktop.settings.global_key_words import KeyState

FRONT_VARIABLE = "XDG_ACTIVATION_TOKEN"
"""Where Qt looks for the right to bring a window to the front of a Wayland desktop. It takes it away when it has used it."""


class OnState(Protocol):
    def __call__(self, state: KeyState, given: str = "") -> None:
        """given: the key that works, in the desktop's words, where that has chosen it."""


class OnPressed(Protocol):
    def __call__(self, token: str = "") -> None:
        """token: the desktop's, by which a window may come to the front."""


class KeyTaker(Protocol):
    """Takes one key from the system, once. It tells how that went, and of each press, on whatever thread it likes."""

    def take(self, keys: QKeyCombination) -> None:
        """Returns at once."""

    def release(self) -> None:
        """Give the key back, if it was got. Nothing is told afterwards but what was on its way."""


MakeTaker = Callable[[OnState, OnPressed], KeyTaker]


class NoTaker:
    """Where the system lets no program take a key."""

    def __init__(self, at_rest: KeyState, on_state: OnState, _on_pressed: OnPressed) -> None:
        self._answer = at_rest
        self._on_state = on_state

    def take(self, keys: QKeyCombination) -> None:
        self._on_state(self._answer)

    def release(self) -> None:
        pass


class GlobalKey(QObject):
    """Owns what was taken.

    Signals:
        pressed: the key was pressed, in whatever program.
        state_changed(KeyState): how it stands now. Then `given` is the key, in the desktop's words, where that has chosen it.
    """

    pressed = Signal()
    state_changed = Signal(object)
    _told = Signal(int, object, str)
    _hit = Signal(int, str)

    def __init__(self, make_taker: MakeTaker, parent: QObject | None = None, at_rest: KeyState = KeyState.OFF) -> None:
        """at_rest: how it stands while no key is wished for; on some systems that no wish can be granted is known before."""
        super().__init__(parent)
        self._make_taker = make_taker
        self._at_rest = at_rest
        self._taker: KeyTaker | None = None
        self._keys = ""
        self._serial = 0
        self.state = at_rest
        self.given = ""
        self._told.connect(self._on_told)
        self._hit.connect(self._on_hit)

    def choose(self, keys: str) -> None:
        """Take this key instead of the one before. "" gives it back; so does what is no key."""
        if keys == self._keys:
            return
        self.release()
        self._keys = keys
        sequence = QKeySequence(keys, QKeySequence.SequenceFormat.PortableText)
        if sequence.isEmpty():
            self._set_state(self._at_rest)
            return
        self._set_state(KeyState.WAITING)
        self._taker = self._make_taker(partial(self._tell, self._serial), partial(self._hit_with, self._serial))
        self._taker.take(sequence[0])  # type: ignore[index]  # PySide6's stubs lack what its class has

    def ask_again(self) -> None:
        """For the key that was not got, or was taken back."""
        keys = self._keys
        self.release()
        self.choose(keys)

    def release(self) -> None:
        self._serial += 1  # what is told of the old one from here on is late
        self._keys = ""
        if self._taker is not None:
            self._taker.release()
            self._taker = None

    def _tell(self, serial: int, state: KeyState, given: str = "") -> None:
        """Thread: any."""
        self._told.emit(serial, state, given)

    def _hit_with(self, serial: int, token: str = "") -> None:
        """Thread: any."""
        self._hit.emit(serial, token)

    def _on_told(self, serial: int, state: KeyState, given: str) -> None:
        if serial == self._serial:
            self._set_state(state, given)

    def _on_hit(self, serial: int, token: str) -> None:
        if serial == self._serial:
            if token:
                os.environ[FRONT_VARIABLE] = token
            self.pressed.emit()

    def _set_state(self, state: KeyState, given: str = "") -> None:
        if (state, given) != (self.state, self.given):
            self.state, self.given = state, given
            self.state_changed.emit(state)
