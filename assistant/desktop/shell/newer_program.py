"""Notices that another version has been installed over the one that is running.

A package manager puts new files in the place of old ones while the window is open. What the window reads or starts later would then be of another
version than itself, so the user is told once; nothing else depends on it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

LOOK_EVERY_MS = 15_000


class NewerProgram(QObject):
    """Looks at the frozen program's file now and then; outside a frozen program does nothing. Owned by the desktop.

    Signals:
        replaced(str): once, the sentence for the user.
    """

    replaced = Signal(str)

    def __init__(self, program: Path | None = None, parent: QObject | None = None) -> None:
        """program: the file to look at; None for that of this process, if it is frozen."""
        super().__init__(parent)
        self._program = program or (Path(sys.executable) if getattr(sys, "frozen", False) else None)
        self._first = self._state()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        if self._first is not None:
            self._timer.start()

    @property
    def is_looking(self) -> bool:
        return self._timer.isActive()

    def look(self) -> None:
        """A file that is away just now is being replaced, or was removed with the program: neither is said before another one is there."""
        now = self._state()
        if now is None or now == self._first:
            return
        self._timer.stop()
        self.replaced.emit(
            self.tr(
                "Another version of Elephant has been installed. Close this window and open Elephant again to use it."
            )
        )

    def _state(self) -> tuple[int, int, int] | None:
        try:
            state = self._program.stat() if self._program else None
        except OSError:
            return None
        return (state.st_ino, state.st_size, state.st_mtime_ns) if state else None
