"""What the pages that take the chat's place have in common: a title and one calm column. The way back is in the header."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from assistant.desktop.common.controls import make_label
from assistant.desktop.common.theme import Theme

COLUMN_PX = 680


class _Holder(QWidget):
    """As tall as its content is at the width it has. Labels that wrap ask for the height of a narrower column: with that as the least
    height, the page could be scrolled far beyond its end."""

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)


class Page(QWidget):
    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._column = QWidget(self)
        self._column.setMaximumWidth(theme.px(COLUMN_PX))
        self.body = QVBoxLayout(self._column)
        self.body.setContentsMargins(0, 0, 0, 32)
        self.body.addWidget(make_label(title, "page-title", wraps=True))
        holder = _Holder(self)
        self._around = row = QHBoxLayout(holder)
        row.addStretch(1)
        row.addWidget(self._column, 100)
        row.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(holder)
        self.area.setAccessibleName(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
        self._space()
        theme.changed.connect(self._on_theme_changed)

    def open(self) -> None:
        """Called each time the page is shown."""

    def start_of_keys(self) -> QWidget | None:
        """What the keyboard acts on when the page is shown; None for the way back in the header."""
        return None

    def add_section(self, title: str) -> None:
        label = make_label(title, "section")
        label.setContentsMargins(0, 12, 0, 0)
        self.body.addWidget(label)

    def _space(self) -> None:
        self.body.setSpacing(self.theme.gap_px(12))
        side = min(24, self.theme.gap_px(24))  # larger text needs the width for itself
        self._around.setContentsMargins(side, self.theme.gap_px(24), side, 0)

    def _on_theme_changed(self) -> None:
        self._space()
        self._column.setMaximumWidth(self.theme.px(COLUMN_PX))


def make_card() -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("role", "card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(14, 12, 14, 12)
    layout.setSpacing(6)
    return card, layout


def empty_layout(layout: QVBoxLayout) -> None:
    """Remove every widget of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
