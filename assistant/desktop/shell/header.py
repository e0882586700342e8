"""The line above the middle pane: the chat's own header, and beside it the ways to the side panes and the pages."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from assistant.desktop.common.controls import IconButton, make_button
from assistant.desktop.common.icons import make_icon
from assistant.desktop.common.theme import Theme

HEIGHT_PX = 47


class Header(QWidget):
    def __init__(self, theme: Theme, chat_header: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chat_header = chat_header
        self.left = IconButton(theme, "left-pane", self.tr("Library"), self)
        self.right = IconButton(theme, "right-pane", self.tr("Source"), self)
        self.menu = IconButton(theme, "more", self.tr("Menu"), self)
        self.menu.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(2)
        row.addWidget(self.left)
        row.addWidget(chat_header, 1)
        self.back = make_button(self.tr("Back to the chat"), "link")
        self._back_side = QWidget(self)
        back_row = QHBoxLayout(self._back_side)
        back_row.setContentsMargins(6, 0, 0, 0)
        back_row.addWidget(self.back)
        back_row.addStretch(1)
        row.addWidget(self._back_side, 1)
        row.addWidget(self.right)
        row.addWidget(self.menu)
        inner = chat_header.layout()
        if inner is not None:
            inner.setContentsMargins(10, 0, 8, 0)  # it was made to stand alone; here the buttons give it its margins
        self._fit()
        self.show_chat(True)
        theme.changed.connect(self._fit)

    def show_chat(self, is_chat: bool) -> None:
        """Whether the middle shows the chat; over a page there is only the way back."""
        self._chat_header.setVisible(is_chat)
        self._back_side.setVisible(not is_chat)

    def name_way_back(self, *, is_first_run: bool) -> None:
        """Before there is a folder there is no chat to go back to."""
        self.back.setText(self.tr("Back to the start") if is_first_run else self.tr("Back to the chat"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("line"))

    def _fit(self) -> None:
        self.back.setIcon(make_icon(self._theme, "back", "soft", self._theme.px(16)))
        self.setFixedHeight(self._theme.px(HEIGHT_PX))
