"""The thread on which a key of the system is waited for: what it is taken from may be slow or hang, and must not hold the window up."""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod

from PySide6.QtCore import QKeyCombination

from assistant.desktop.shell.global_key import OnPressed, OnState

GIVE_UP_S = 1.0


class KeyThread(ABC):
    """A `global_key.KeyTaker` that waits on a thread of its own, which `release` tells to end."""

    def __init__(self, on_state: OnState, on_pressed: OnPressed) -> None:
        self._on_state = on_state
        self._on_pressed = on_pressed
        self._stop_reader, self._stop_writer = os.pipe()
        self._thread: threading.Thread | None = None

    def take(self, keys: QKeyCombination) -> None:
        self._thread = threading.Thread(target=self._run, args=(keys,), name="global-key", daemon=True)
        self._thread.start()

    def release(self) -> None:
        """Waits for the thread only so long: what hangs must not keep Elephant from ending."""
        os.close(self._stop_writer)
        if self._thread is not None:
            self._thread.join(GIVE_UP_S)

    def _run(self, keys: QKeyCombination) -> None:
        try:
            self._hold(keys)
        finally:
            os.close(self._stop_reader)

    @abstractmethod
    def _hold(self, keys: QKeyCombination) -> None:
        """Take the key and tell of its presses, until `_stop_reader` can be read from. Thread: the one of its own."""
