"""The other passages of the answer, below the note they may lead away from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from assistant.desktop.common.controls import make_hairline, make_label
from assistant.desktop.common.glance import passage_line
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import translate
from assistant.domain.answers import Passage

MOST_ROWS = 4


class PassageRow(QAbstractButton):
    """A note's name, then the beginning of the passage, on one line."""

    def __init__(self, theme: Theme, passage: Passage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.passage = passage
        self._name = passage.note.rsplit("/", 1)[-1]
        if passage.page is not None:
            self._name += " · " + translate("Chat", "page {n}").format(n=passage.page)
        self._words = passage_line(passage.text, passage.start, passage.note, passage.heading_path)[:200]
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{self._name}. {self._words}")
        self.setToolTip(plain_tip(passage.text[:600]))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        font = theme.font("small")
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        room = self.width() - theme.px(16)
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, room * 0.55)
        taken = metrics.horizontalAdvance(name)
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(theme.color("ink"))
        painter.drawText(QRectF(theme.px(8), 0, taken + 4, self.height()), flags, name)
        painter.setPen(theme.color("soft"))
        left = theme.px(8) + taken + theme.px(8)
        words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, self.width() - left - theme.px(8))
        painter.drawText(QRectF(left, 0, self.width() - left, self.height()), flags, words)

    def enterEvent(self, event: object) -> None:
        self.update()

    def leaveEvent(self, event: object) -> None:
        self.update()


class RelatedPassages(QWidget):
    """Signals:
    chosen(object): a Passage.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, theme.px(8))
        self._column.setSpacing(0)
        self._column.addWidget(make_hairline(self))
        self._title = make_label(self.tr("Also used in this answer"), "section", parent=self)
        self._title.setContentsMargins(theme.px(16), theme.px(10), theme.px(12), theme.px(4))
        self._column.addWidget(self._title)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(theme.px(8), 0, theme.px(8), 0)
        self._list.setSpacing(0)
        self._column.addLayout(self._list)
        self._rows: list[PassageRow] = []
        self._has_room = True
        self.hide()

    @property
    def rows(self) -> tuple[PassageRow, ...]:
        return tuple(self._rows)

    def show_passages(self, passages: Sequence[Passage]) -> None:
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for passage in passages[:MOST_ROWS]:
            row = PassageRow(self._theme, passage, self)
            row.clicked.connect(self._on_row)
            self._rows.append(row)
            self._list.addWidget(row)
        self.setVisible(bool(self._rows) and self._has_room)

    def set_room(self, has_room: bool) -> None:
        """Without room they are left out: the note itself comes first."""
        if has_room != self._has_room:
            self._has_room = has_room
            self.setVisible(bool(self._rows) and has_room)

    def _on_row(self) -> None:
        sender = self.sender()
        if isinstance(sender, PassageRow):
            self.chosen.emit(sender.passage)
