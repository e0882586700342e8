"""The dot that says a state by colour; the words stand beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from assistant.desktop.common.painting import paint_dot
from assistant.desktop.common.theme import Theme


class StateDot(QWidget):
    """The dot before the state's name."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._color = "faint"
        self._filled = False
        theme.changed.connect(self.update)

    def show_state(self, color: str, *, filled: bool) -> None:
        self._color, self._filled = color, filled
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(10, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        center = QPointF(self.width() / 2, self.height() / 2)
        paint_dot(painter, center, self._theme.color(self._color), filled=self._filled)
