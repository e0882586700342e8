"""Opens a note in the user's own program, asked once, and says what happened where that cannot be."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from assistant.desktop.common.dialogs import Question
from assistant.desktop.common.file_manager import OPENED_BY_OTHERS
from assistant.ipc.engine_messages import SourceOpened


class OwnProgram(QObject):
    """Signals:
    said(str): why nothing was opened.
    """

    said = Signal(str)

    def __init__(self, pane: QWidget) -> None:
        super().__init__(pane)
        self._pane = pane
        self._may_open = False
        self._opened: SourceOpened | None = None

    def open(self, opened: SourceOpened) -> None:
        self._opened = opened
        if self._may_open:
            self._hand_over()
            return
        question = Question(
            self._pane,
            self.tr("Open {name} in its own program?").format(name=opened.note.rsplit("/", 1)[-1]),
            self.tr("Elephant itself never changes your notes. This is asked once, until Elephant closes."),
            self.tr("Open"),
        )
        question.agreed.connect(self._on_agreed)
        question.open()

    def _on_agreed(self) -> None:
        self._may_open = True
        self._hand_over()

    def _hand_over(self) -> None:
        if self._opened is None:
            return
        place = self._opened.note_path
        suffix = PurePath(place).suffix.lower()
        if suffix not in OPENED_BY_OTHERS or place.startswith(("//", "\\\\")):
            self.said.emit(
                self.tr("Elephant opens only documents in other programs. This file lies at {path}.").format(path=place)
            )
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(place)):
            self.said.emit(
                self.tr(
                    "No program on this computer took the file. Choose one for {suffix} files in your system's settings, or open it "
                    "yourself: it lies at {path}."
                ).format(suffix=suffix, path=place)
            )
