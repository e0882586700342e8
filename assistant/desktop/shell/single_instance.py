"""One window per data folder: a lock held for life, and a file by which a second start raises the first window.

A file and a short timer instead of a local socket: nothing listens, and it works alike on every system.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from filelock import FileLock, Timeout
from PySide6.QtCore import QObject, QTimer, Signal

LOCK_NAME = "window.lock"
RAISE_NAME = "raise"
LOOK_EVERY_MS = 300
SAME_MOMENT_S = 2.0
"""As coarse as a file's time can be."""


class SingleInstance(QObject):
    """Owns the lock.

    Signals:
        raise_asked(str): a second start wants the window in front; with a folder to open, or "".
    """

    raise_asked = Signal(str)

    def __init__(self, data_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = FileLock(data_dir / LOCK_NAME)
        self._raise_path = data_dir / "run" / RAISE_NAME
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def take(self) -> bool:
        """Become the one. False if another start already is."""
        begun_s = time.time()
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError:
            return True  # the folder cannot be written: two windows that only read do not harm each other
        self._drop_request_older_than(begun_s - SAME_MOMENT_S)
        self._timer.start()
        return True

    def ask_first(self, folder: str = "") -> None:
        """From a second start: have the first one come forward."""
        self._raise_path.parent.mkdir(mode=0o700, exist_ok=True)
        fresh = self._raise_path.with_name(f"{RAISE_NAME}.{os.getpid()}")
        fresh.write_text(folder, encoding="utf-8")
        fresh.replace(self._raise_path)

    def release(self) -> None:
        self._timer.stop()
        self._lock.release()

    def _drop_request_older_than(self, time_s: float) -> None:
        """One that the last window did not live to see. One of this moment is from a start that lost the race against ours."""
        try:
            if self._raise_path.stat().st_mtime < time_s:
                self._raise_path.unlink()
        except OSError:
            pass  # usually there is none

    def _look(self) -> None:
        try:
            folder = self._raise_path.read_text(encoding="utf-8")
            self._raise_path.unlink()
        except (OSError, UnicodeDecodeError):
            return  # usually there is none
        self.raise_asked.emit(folder.strip())
