"""A key from the desktop's portal: on Wayland a program cannot take keys, it asks for one, and the desktop decides which.

The thread loads what speaks to the session bus: the window neither loads it nor waits for it.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QKeyCombination

from assistant.desktop.settings.global_key_words import KeyState
from assistant.desktop.shell.global_key import OnPressed, OnState
from assistant.desktop.shell.key_thread import KeyThread

log = logging.getLogger(__name__)


class PortalTaker(KeyThread):
    """Owns the thread. It ends with `release`, with the session bus, and with a refusal."""

    def __init__(self, address: str, app_id: str, description: str, on_state: OnState, on_pressed: OnPressed) -> None:
        """address: of the session bus. app_id: the name of the desktop entry. description: what the key does, in words for the user."""
        super().__init__(on_state, on_pressed)
        self._address = address
        self._app_id = app_id
        self._description = description

    def _hold(self, keys: QKeyCombination) -> None:
        try:
            from assistant.desktop.shell.key_holding import KeyHolding

            holding = KeyHolding(self._app_id, self._description, keys, self._on_state, self._on_pressed)
            holding.run(self._address, self._stop_reader)
        except ImportError:
            log.warning("no key can be asked for: the installation lacks jeepney")
            self._on_state(KeyState.REFUSED)
