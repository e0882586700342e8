"""The round button above the input that leads back to the newest answer."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QToolButton, QWidget

from assistant.desktop.common.theme import Theme


class ToNewest(QToolButton):
    """Hidden until the reader has left the bottom."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setText("↓")
        self.setObjectName("ToNewest")
        self.setAccessibleName(self.tr("Go to the newest answer"))
        self.setToolTip(self.accessibleName())
        self.hide()
        theme.changed.connect(self._dress)
        self._dress()

    def stand_in(self, room: QSize) -> None:
        """In the middle of the lower edge of this room."""
        self.move((room.width() - self.width()) // 2, room.height() - self.height() - self._theme.px(10))

    def _dress(self) -> None:
        side = self._theme.px(32)
        self.setFixedSize(side, side)
        tokens = self._theme.tokens
        self.setStyleSheet(
            f"QToolButton {{ background: {tokens.card}; border: 1px solid {tokens.line}; border-radius: {side // 2}px;"
            f" color: {tokens.soft}; }} QToolButton:hover, QToolButton:focus {{ color: {tokens.accent};"
            f" border-color: {tokens.accent}; }}"
        )
