"""A part of a turn that is filled anew whenever the turn changes."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.desktop.common.theme import Theme


class TurnSlot(QWidget):
    """Hidden until it is filled."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(8))
        self.hide()

    def add(self, widget: QWidget) -> None:
        self._column.addWidget(widget)

    def clear(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    @property
    def is_empty(self) -> bool:
        return self._column.count() == 0
