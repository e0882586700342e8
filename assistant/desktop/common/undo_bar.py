"""One sentence about what was just done, with a way to take it back, for a short while."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from assistant.desktop.common.announcing import announce, is_heard
from assistant.desktop.common.controls import make_button, make_label

UNDO_MS = 10_000
UNDO_HEARD_MS = 60_000
"""Whoever is told of it has yet to hear it out and to find the button."""


class UndoBar(QWidget):
    """Signals:
    undo_asked: take it back.
    """

    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = make_label("", "small", wraps=True)
        self.undo = make_button(self.tr("Undo"), "link", "accent")
        self.undo.clicked.connect(self._on_undo)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 4, 4)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.undo)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def offer(self, text: str) -> None:
        self._text.setText(text)
        self.undo.setAccessibleDescription(text)
        self.show()
        self._timer.start(UNDO_HEARD_MS if is_heard() else UNDO_MS)
        announce(self, self.tr("{what} It can be undone.").format(what=text))

    def withdraw(self) -> None:
        """There is nothing left to take back."""
        self._timer.stop()
        self.hide()

    def _on_time(self) -> None:
        if self.undo.hasFocus():
            self._timer.start()  # somebody who works by keys is on the way to it
        else:
            self.hide()

    def _on_undo(self) -> None:
        self.withdraw()
        self.undo_asked.emit()
