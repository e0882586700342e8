"""Where the window was and how its panes were: a file in the data folder, never the system's registry."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from assistant.domain.settings import Settings
from assistant.domain.whole_files import write_whole

log = logging.getLogger(__name__)

FILE_NAME = "window.json"
WRITER_NAME = "window-state"
FIRST_SIZE = (1360, 860)
GRIP_PX = QSize(120, 32)


class _Writer:
    """Writes the newest bytes on a thread of its own: a busy disk takes seconds until it has them. QSettings would write with Python's lock
    held, from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._next: bytes | None = None
        self._thread: threading.Thread | None = None

    def write(self, data: bytes) -> None:
        with self._lock:
            self._next = data
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=WRITER_NAME)
                self._thread.start()

    def wait(self) -> None:
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._lock:
                data, self._next = self._next, None
                if data is None:
                    self._thread = None
                    return
            try:
                write_whole(self._path, data)
            except OSError as error:
                log.info("the window's state could not be kept: %s", type(error).__name__)


class WindowState:
    """Reads the file once, and writes it beside the UI thread. A value that makes no sense is as good as none."""

    def __init__(self, data_dir: Path) -> None:
        path = data_dir / FILE_NAME
        self._values = _read(path)
        self._writer = _Writer(path)

    def wait_written(self) -> None:
        """Until all that was saved is in the file, however long the disk takes: for when no window is shown any more."""
        self._writer.wait()

    def restore_geometry(self, window: QWidget) -> None:
        """Put the window where it was; at the first start, or if that place is gone, in the middle of the screen."""
        saved = QByteArray.fromBase64(self._text("geometry").encode())
        if window.restoreGeometry(saved) and is_reachable(window.frameGeometry()):
            return
        width, height = FIRST_SIZE
        room = QGuiApplication.primaryScreen().availableGeometry()
        window.resize(min(width, room.width()), min(height, room.height()))
        window.move(room.center() - window.rect().center())

    def widths(self) -> list[int]:
        return _numbers(self._text("panes"))

    def wanted(self) -> tuple[bool, bool]:
        """Whether the left and the right pane are open."""
        numbers = _numbers(self._text("open"))
        return (bool(numbers[0]), bool(numbers[1])) if len(numbers) == 2 else (True, False)

    def had_library(self) -> bool:
        """Whether there were folders when the window was last closed."""
        return self._text("library") == "1"

    def save_library(self, *, had_library: bool) -> None:
        self._save(library="1" if had_library else "0")

    def orders(self) -> tuple[str, str]:
        """Of the tree and of the results of a search; "" where nothing is kept."""
        return self._text("tree_order"), self._text("result_order")

    def save_orders(self, tree: str, results: str) -> None:
        self._save(tree_order=str(tree), result_order=str(results))

    def language(self) -> str:
        """The language of the last start, so that the first window after it is right before the engine has answered."""
        return self._text("language", "system")

    def look(self) -> tuple[str, float, str, str]:
        """Theme, font scale, density and movement of the last start, for the same reason."""
        try:
            scale = float(self._text("scale", "1"))
        except ValueError:
            scale = 1.0
        theme, density, motion = (
            self._text(name, default)
            for name, default in (("theme", "system"), ("density", "comfortable"), ("motion", "system"))
        )
        return theme, min(2.5, max(0.7, scale)), density, motion

    def save_look(self, settings: Settings) -> None:
        self._save(
            language=settings.language,
            theme=settings.theme,
            scale=str(settings.font_scale),
            density=settings.density,
            motion=settings.motion,
        )

    def open_things(self) -> str:
        return self._text("open_things")

    def save_open_things(self, text: str) -> None:
        self._save(open_things=text)

    def forget(self) -> None:
        """Keep nothing, as on the first day: what was open names notes."""
        self._values = {}
        self._save()

    def told_of_staying(self) -> bool:
        """Whether it has been said that Elephant keeps running without its window."""
        return self._text("told_of_staying") == "1"

    def save_told_of_staying(self) -> None:
        self._save(told_of_staying="1")

    def save(self, window: QWidget, widths: list[int], wanted: tuple[bool, bool]) -> None:
        self._save(
            geometry=bytes(window.saveGeometry().toBase64().data()).decode(),
            panes=",".join(str(width) for width in widths),
            open=",".join(str(int(flag)) for flag in wanted),
        )

    def _text(self, name: str, default: str = "") -> str:
        return self._values.get(name, default)

    def _save(self, **values: str) -> None:
        self._values |= values
        self._writer.write(msgspec.json.format(msgspec.json.encode(self._values)))


def is_reachable(frame: QRect) -> bool:
    """Whether enough of a window's upper edge lies on a screen that exists to take hold of it."""
    edge = QRect(frame.left(), frame.top(), frame.width(), GRIP_PX.height())
    over = [edge.intersected(screen.availableGeometry()) for screen in QGuiApplication.screens()]
    return any(part.width() >= GRIP_PX.width() and part.height() >= GRIP_PX.height() // 2 for part in over)


def _read(path: Path) -> dict[str, str]:
    try:
        values = msgspec.json.decode(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return {name: value for name, value in values.items() if isinstance(value, str)} if isinstance(values, dict) else {}


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part.isdigit()]
