"""A key from the desktop's portal: on Wayland a program cannot take keys, it asks for one, and the desktop decides which.

The thread loads what speaks to the session bus: the window neither loads it nor waits for it.
"""

from __future__ import annotations

import logging
import os
import threading

from PySide6.QtCore import QKeyCombination

from assistant.desktop.settings.global_key_words import KeyState
from assistant.desktop.shell.global_key import OnPressed, OnState

log = logging.getLogger(__name__)

GIVE_UP_S = 1.0


class PortalTaker:
    """Owns the thread. It ends with `release`, with the session bus, and with a refusal."""

    def __init__(self, address: str, app_id: str, description: str, on_state: OnState, on_pressed: OnPressed) -> None:
        """address: of the session bus. app_id: the name of the desktop entry. description: what the key does, in words for the user."""
        self._address = address
        self._app_id = app_id
        self._description = description
        self._on_state = on_state
        self._on_pressed = on_pressed
        self._stop_reader, self._stop_writer = os.pipe()
        self._thread: threading.Thread | None = None

    def take(self, keys: QKeyCombination) -> None:
        self._thread = threading.Thread(target=self._run, args=(keys,), name="global-key", daemon=True)
        self._thread.start()

    def release(self) -> None:
        """Waits for the thread only so long: a bus that hangs must not keep Elephant from ending."""
        os.close(self._stop_writer)
        if self._thread is not None:
            self._thread.join(GIVE_UP_S)

    def _run(self, keys: QKeyCombination) -> None:
        try:
            from assistant.desktop.shell.key_holding import KeyHolding

            holding = KeyHolding(self._app_id, self._description, keys, self._on_state, self._on_pressed)
            holding.run(self._address, self._stop_reader)
        except ImportError:
            log.warning("no key can be asked for: the installation lacks jeepney")
            self._on_state(KeyState.REFUSED)
        finally:
            os.close(self._stop_reader)
