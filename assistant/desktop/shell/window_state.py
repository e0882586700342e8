"""Where the window was and how its panes were: an ini file in the data folder, never the system's registry."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QSettings, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from assistant.domain.settings import Settings

FILE_NAME = "window.ini"
FIRST_SIZE = (1360, 860)
GRIP_PX = QSize(120, 32)


class WindowState:
    """Reads and writes the file. A value that makes no sense is as good as none."""

    def __init__(self, data_dir: Path) -> None:
        self._settings = QSettings(str(data_dir / FILE_NAME), QSettings.Format.IniFormat)

    def restore_geometry(self, window: QWidget) -> None:
        """Put the window where it was; at the first start, or if that place is gone, in the middle of the screen."""
        saved = self._settings.value("geometry")
        if isinstance(saved, QByteArray) and window.restoreGeometry(saved) and is_reachable(window.frameGeometry()):
            return
        width, height = FIRST_SIZE
        room = QGuiApplication.primaryScreen().availableGeometry()
        window.resize(min(width, room.width()), min(height, room.height()))
        window.move(room.center() - window.rect().center())

    def widths(self) -> list[int]:
        return _numbers(self._settings.value("panes"))

    def wanted(self) -> tuple[bool, bool]:
        """Whether the left and the right pane are open."""
        numbers = _numbers(self._settings.value("open"))
        return (bool(numbers[0]), bool(numbers[1])) if len(numbers) == 2 else (True, False)

    def had_library(self) -> bool:
        """Whether there were folders when the window was last closed."""
        return str(self._settings.value("library", "0")) == "1"

    def save_library(self, *, had_library: bool) -> None:
        self._settings.setValue("library", "1" if had_library else "0")

    def orders(self) -> tuple[str, str]:
        """Of the tree and of the results of a search; "" where nothing is kept."""
        return str(self._settings.value("tree-order", "")), str(self._settings.value("result-order", ""))

    def save_orders(self, tree: str, results: str) -> None:
        self._settings.setValue("tree-order", str(tree))
        self._settings.setValue("result-order", str(results))

    def language(self) -> str:
        """The language of the last start, so that the first window after it is right before the engine has answered."""
        return str(self._settings.value("language", "system"))

    def look(self) -> tuple[str, float, str, str]:
        """Theme, font scale, density and movement of the last start, for the same reason."""
        try:
            scale = float(str(self._settings.value("scale", 1.0)))
        except ValueError:
            scale = 1.0
        theme, density, motion = (
            str(self._settings.value(name, default))
            for name, default in (("theme", "system"), ("density", "comfortable"), ("motion", "system"))
        )
        return theme, min(2.5, max(0.7, scale)), density, motion

    def save_look(self, settings: Settings) -> None:
        self._settings.setValue("language", settings.language)
        self._settings.setValue("theme", settings.theme)
        self._settings.setValue("scale", str(settings.font_scale))
        self._settings.setValue("density", settings.density)
        self._settings.setValue("motion", settings.motion)

    def open_things(self) -> str:
        return str(self._settings.value("open_things", ""))

    def save_open_things(self, text: str) -> None:
        self._settings.setValue("open_things", text)
        self._settings.sync()

    def forget(self) -> None:
        """Keep nothing, as on the first day: what was open names notes."""
        self._settings.clear()
        self._settings.sync()

    def told_of_staying(self) -> bool:
        """Whether it has been said that Elephant keeps running without its window."""
        return str(self._settings.value("told_of_staying", "0")) == "1"

    def save_told_of_staying(self) -> None:
        self._settings.setValue("told_of_staying", "1")
        self._settings.sync()

    def save(self, window: QWidget, widths: list[int], wanted: tuple[bool, bool]) -> None:
        self._settings.setValue("geometry", window.saveGeometry())
        self._settings.setValue("panes", ",".join(str(width) for width in widths))
        self._settings.setValue("open", ",".join(str(int(flag)) for flag in wanted))
        self._settings.sync()


def is_reachable(frame: QRect) -> bool:
    """Whether enough of a window's upper edge lies on a screen that exists to take hold of it."""
    edge = QRect(frame.left(), frame.top(), frame.width(), GRIP_PX.height())
    over = [edge.intersected(screen.availableGeometry()) for screen in QGuiApplication.screens()]
    return any(part.width() >= GRIP_PX.width() and part.height() >= GRIP_PX.height() // 2 for part in over)


def _numbers(value: object) -> list[int]:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return []
    return [int(part) for part in value if str(part).isdigit()]
