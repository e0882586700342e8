"""The question of a turn, as a soft bubble at the right."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from assistant.desktop.common.theme import Theme

LONGEST_BALANCED_CHARS = 300


class QuestionBubble(QLabel):
    """The question, at the right, as wide as it needs up to four fifths of the column."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setProperty("role", "reading")
        self._room = 400
        self.dress()
        self.setAccessibleName(self.tr("Your question: {text}").format(text=text))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)

    def dress(self) -> None:
        px = self._theme.px
        self.setContentsMargins(px(14), px(9), px(14), px(10))
        self.fit(self._room)

    def fit(self, room: int) -> None:
        """Take the width that the text needs, up to the room there is."""
        self._room = room
        most = max(120, room)
        self.ensurePolished()
        margins = self.contentsMargins()
        inner = most - margins.left() - margins.right()
        flags = int(Qt.TextFlag.TextWordWrap)
        box = self._box(inner, flags)
        if len(self.text()) <= LONGEST_BALANCED_CHARS and box.height() > self.fontMetrics().lineSpacing() * 1.5:
            box = self._balanced(box, flags)
        width = min(most, box.width() + margins.left() + margins.right() + 3)
        self.setFixedSize(width, box.height() + margins.top() + margins.bottom())

    def _box(self, width: int, flags: int) -> QRect:
        return self.fontMetrics().boundingRect(0, 0, width, 100_000, flags, self.text())

    def _balanced(self, box: QRect, flags: int) -> QRect:
        """The narrowest box with as many lines: no last line with one lone word, or one lone character in Chinese."""
        low, high = box.width() // 2, box.width()
        while high - low > 4:
            middle = (low + high) // 2
            narrower = self._box(middle, flags)
            if narrower.height() > box.height() or narrower.width() > middle:
                low = middle
            else:
                high, box = middle, narrower
        return box

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(box, 12, 12)
        corner = QPainterPath()
        corner.addRoundedRect(QRectF(box.right() - 24, box.bottom() - 24, 24, 24), 3, 3)
        painter.fillPath(shape.united(corner), self._theme.color("bubble"))
        painter.end()
        super().paintEvent(event)
