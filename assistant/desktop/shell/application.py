"""The Qt application: its name and icon, and the files that the system hands over while it runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QLibraryInfo, Qt, Signal
from PySide6.QtGui import QFileOpenEvent, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from assistant.desktop.shell.input_method import choose_input_method
from assistant.domain.resources import resource

ICON_SIZES = (16, 32, 48, 64, 128, 256, 512)


class Application(QApplication):
    """Signals:
    file_opened(str): macOS hands a folder or file over, by its path. Those that come before somebody listens wait in `early_files`.
    quit_asked: the system or the program itself wants the whole application to end; the windows are closed after it.
    """

    file_opened = Signal(str)
    quit_asked = Signal()

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        super().__init__(list(arguments))
        self.early_files: list[str] | None = []

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            if self.early_files is not None:
                self.early_files.append(event.file())
            self.file_opened.emit(event.file())
            return True
        if event.type() == QEvent.Type.Quit:
            self.quit_asked.emit()
        return super().event(event)

    def take_early_files(self) -> tuple[str, ...]:
        """What has come until now. From here on the signal is all."""
        files, self.early_files = tuple(self.early_files or ()), None
        return files


def make_application() -> Application:
    choose_input_method(os.environ, Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)))
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = Application()
    app.setApplicationName("Elephant")
    app.setApplicationDisplayName("Elephant")
    app.setDesktopFileName("elephant")
    app.setWindowIcon(app_icon())
    app.setQuitOnLastWindowClosed(False)  # the large window alone decides: the small one may come and go
    return app


def app_icon() -> QIcon:
    icon = QIcon()
    for size in ICON_SIZES:
        path = resource("icon", f"elephant-{size}.png")
        if path.is_file():
            icon.addFile(str(path))
    return icon
