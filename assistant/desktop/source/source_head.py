"""The line above the note: back and forward, where the note lies, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from assistant.desktop.common.controls import IconButton, make_button
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.theme import Theme

HEAD_PX = 47


class Breadcrumb(QWidget):
    """Folders in soft, the note's name in ink; shortened from the left."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._folders, self._name = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    def set_note(self, note: str) -> None:
        parts = note.split("/")
        self._folders, self._name = " › ".join(parts[:-1]), parts[-1]
        self.setToolTip(plain_tip(note))
        self.setAccessibleName(note)
        self.update()

    def text(self) -> str:
        return f"{self._folders} › {self._name}" if self._folders else self._name

    def sizeHint(self) -> QSize:
        return QSize(160, self._theme.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        name_font, path_font = self._theme.font("small", bold=True), self._theme.font("small")
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        name = QFontMetricsF(name_font).elidedText(self._name, Qt.TextElideMode.ElideMiddle, self.width())
        name_width = QFontMetricsF(name_font).horizontalAdvance(name)
        left = 0.0
        room = self.width() - name_width - 4
        if self._folders and room > self._theme.px(36):
            shown = QFontMetricsF(path_font).elidedText(self._folders, Qt.TextElideMode.ElideLeft, room - 16) + " ›  "
            painter.setFont(path_font)
            painter.setPen(self._theme.color("soft"))
            painter.drawText(QRectF(0, 0, self.width(), self.height()), flags, shown)
            left = QFontMetricsF(path_font).horizontalAdvance(shown)
        painter.setFont(name_font)
        painter.setPen(self._theme.color("ink"))
        painter.drawText(QRectF(left, 0, self.width() - left, self.height()), flags, name)


class SourceHead(QWidget):
    """Its buttons are the pane's to connect."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        px = theme.px
        self.back = IconButton(theme, "back", self.tr("Back (Alt+Left)"), self)
        self.forward = IconButton(theme, "forward", self.tr("Forward (Alt+Right)"), self)
        self.crumbs = Breadcrumb(theme, self)
        self.open = make_button(self.tr("Open"), "link", parent=self)
        self.open.setToolTip(self.tr("Open the note in its own program"))
        self.chunks = IconButton(theme, "passages", self.tr("Passages as indexed"), self)
        self.find_button = IconButton(theme, "search", self.tr("Find in this note (Ctrl+F)"), self)
        self.close_button = IconButton(theme, "clear", self.tr("Close the note"), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), 0, px(8), 0)
        row.setSpacing(px(4))
        row.addWidget(self.back)
        row.addWidget(self.forward)
        row.addWidget(self.crumbs, 1)
        for widget in (self.open, self.chunks, self.find_button, self.close_button):
            row.addWidget(widget)
        self._row = row
        self.show_ways(back=False, forward=False)
        self.fit()

    def show_ways(self, *, back: bool, forward: bool) -> None:
        """The two buttons appear once there is a way; where only one leads somewhere, the other one keeps its room."""
        for button, can in ((self.back, back), (self.forward, forward)):
            button.setVisible(back or forward)
            button.setEnabled(can)
        self._row.setContentsMargins(self._theme.px(8 if back or forward else 16), 0, self._theme.px(8), 0)

    def show_note_actions(self, is_shown: bool) -> None:
        for widget in (self.open, self.chunks, self.find_button):
            widget.setVisible(is_shown)

    def fit(self) -> None:
        """With its hairline as high as the line above the chat, so that both lines meet."""
        self.setFixedHeight(self._theme.px(HEAD_PX) - 1)
