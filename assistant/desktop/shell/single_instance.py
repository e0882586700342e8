"""One window per data folder: a lock held for life, and files by which a second start says what it wants of the first window.

Files and a short timer instead of a local socket: nothing listens, and it works alike on every system.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from PySide6.QtCore import QObject, QTimer, Signal

LOCK_NAME = "window.lock"
WISH_PREFIX = "wish-"
LOOK_EVERY_MS = 300
SAME_MOMENT_S = 2.0
"""As coarse as a file's time can be."""
LARGEST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What a start asks for. paths: folders, notes and model files to open, whole. quick_ask: the small window, not the large one."""

    paths: tuple[str, ...] = ()
    quick_ask: bool = False


class SingleInstance(QObject):
    """Owns the lock.

    Signals:
        wished(Wish): a second start wants the window in front, or the quick question, and perhaps something opened.
    """

    wished = Signal(object)

    def __init__(self, data_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = FileLock(data_dir / LOCK_NAME)
        self._dir = data_dir / "run"
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
        self._drop_wishes_older_than(begun_s - SAME_MOMENT_S)
        self._timer.start()
        return True

    def ask_first(self, wish: Wish = Wish()) -> None:
        """From a second start: have the first one come forward."""
        self._dir.mkdir(mode=0o700, exist_ok=True)
        name = f"{time.time_ns()}.{os.getpid()}"
        fresh = self._dir / f"new-{name}"
        fresh.write_text(json.dumps({"paths": wish.paths, "quick_ask": wish.quick_ask}), encoding="utf-8")
        fresh.replace(self._dir / f"{WISH_PREFIX}{name}")

    def release(self) -> None:
        self._timer.stop()
        self._lock.release()

    def _wishes(self) -> list[Path]:
        """Oldest first, by their names."""
        try:
            return sorted(self._dir.glob(f"{WISH_PREFIX}*"))
        except OSError:
            return []

    def _drop_wishes_older_than(self, time_s: float) -> None:
        """Those that the last window did not live to see. One of this moment is from a start that lost the race against ours."""
        for path in self._wishes():
            try:
                if path.stat().st_mtime < time_s:
                    path.unlink()
            except OSError:
                pass  # it is tried again at the next start

    def _look(self) -> None:
        for path in self._wishes():
            try:
                text = path.read_text(encoding="utf-8") if path.stat().st_size <= LARGEST_BYTES else ""
                path.unlink()
            except (OSError, UnicodeDecodeError):
                continue
            self.wished.emit(_wish_of(text))


def _wish_of(text: str) -> Wish:
    """What makes no sense only brings the window forward."""
    try:
        values = json.loads(text)
    except ValueError:
        return Wish()
    if not isinstance(values, dict):
        return Wish()
    paths = values.get("paths")
    good = tuple(path for path in paths if isinstance(path, str)) if isinstance(paths, list) else ()
    return Wish(good, values.get("quick_ask") is True)
