"""A key taken from an X server. A thread of its own waits for it: a slow or distant server must not hold the window up."""

from __future__ import annotations

import logging
import selectors
from collections.abc import Sequence
from itertools import combinations

from PySide6.QtCore import QKeyCombination

from assistant.desktop.settings.global_key_words import KeyState
from assistant.desktop.shell.global_key import OnPressed, OnState
from assistant.desktop.shell.key_thread import KeyThread
from assistant.desktop.shell.x11_keys import (
    NUM_LOCK,
    SCROLL_LOCK,
    SHIFT_BIT,
    Keysyms,
    bit_of,
    keysym_of,
    modifiers_of,
    place_of,
)
from assistant.desktop.shell.xcb import BAD_ACCESS, KEY_PRESS, KEY_RELEASE, MAPPING_CHANGED, XConnection, XError

log = logging.getLogger(__name__)

CAPS_LOCK_BIT = 1 << 1
REPEAT_MS = 5
"""A key that is held down is told of as let go and pressed again in the same moment."""


class X11Taker(KeyThread):
    """Owns the thread. It ends with `release`, with the server, and with the process."""

    def __init__(self, on_state: OnState, on_pressed: OnPressed) -> None:
        super().__init__(on_state, on_pressed)
        self._let_go_ms = -1
        self._held: frozenset[tuple[int, int]] = frozenset()

    # ---- the thread ------------------------------------------------------------------------------------------------------

    def _hold(self, keys: QKeyCombination) -> None:
        try:
            connection = XConnection()
        except (OSError, XError, AttributeError) as error:
            log.info("no key can be taken: %s", type(error).__name__)
            self._on_state(KeyState.REFUSED)
            return
        try:
            self._on_state(self._grab(connection, keys))
            self._wait(connection, keys)
        except XError:
            log.info("the X server is gone, and the key with it")
        finally:
            connection.close()

    def _grab(self, connection: XConnection, keys: QKeyCombination) -> KeyState:
        """What is wanted and held already stays held: in between a press would go to somebody else."""
        wanted = _grabs_for(keys, connection.keysyms(), connection.modifiers())
        if wanted and wanted == self._held:
            return KeyState.WORKS
        self._held = frozenset()
        connection.ungrab_all()
        if not wanted:
            return KeyState.NOT_THERE
        try:
            for keycode, modifiers in sorted(wanted):
                connection.grab(keycode, modifiers)
        except XError as error:
            connection.ungrab_all()
            if error.code == BAD_ACCESS:
                return KeyState.TAKEN
            raise
        self._held = wanted
        return KeyState.WORKS

    def _wait(self, connection: XConnection, keys: QKeyCombination) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(connection.fileno(), selectors.EVENT_READ)
            selector.register(self._stop_reader, selectors.EVENT_READ)
            while True:
                while self._take_events(connection):  # first: some may have come with the answer to a request
                    self._on_state(self._grab(connection, keys))
                if any(ready.fd == self._stop_reader for ready, _ in selector.select()):
                    return

    def _take_events(self, connection: XConnection) -> bool:
        """Whether the keyboard is another now, or has another layout: then the key has to be looked for anew."""
        is_other = False
        for event in connection.events():
            if event.kind == KEY_PRESS and not 0 <= event.time_ms - self._let_go_ms <= REPEAT_MS:
                self._on_pressed()
            elif event.kind == KEY_RELEASE:
                self._let_go_ms = event.time_ms
            is_other |= event.kind == MAPPING_CHANGED
        return is_other


def _grabs_for(
    keys: QKeyCombination, keysyms: Keysyms, modifiers: Sequence[Sequence[int]]
) -> frozenset[tuple[int, int]]:
    """Keycodes and modifiers: whatever locks are on, the key is the same, and each combination of them is a grab of its own. Empty if the
    keyboard lacks the key or one of its modifiers."""
    place = place_of(keysym_of(keys.key()), keysyms)
    held = modifiers_of(keys.keyboardModifiers(), keysyms, modifiers)
    if place is None or held is None:
        return frozenset()
    keycode, needs_shift = place
    held |= SHIFT_BIT if needs_shift else 0
    locks = sorted({CAPS_LOCK_BIT, *(bit_of((lock,), keysyms, modifiers) for lock in (NUM_LOCK, SCROLL_LOCK))} - {0})
    return frozenset(
        (keycode, held | sum(chosen)) for count in range(len(locks) + 1) for chosen in combinations(locks, count)
    )
