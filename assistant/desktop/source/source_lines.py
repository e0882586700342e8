"""The numbers of a text file's lines, beside them."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextDocument

from assistant.desktop.common.offset_map import OffsetMap
from assistant.desktop.common.theme import Theme
from assistant.domain.documents import Document

LINE_SEPARATOR = "\u2028"


class LineNumbers:
    """Of one document; without lines (any format but plain text) there are none."""

    def __init__(self, document: Document) -> None:
        self._text = document.text if document.lines else ""
        self._lines = document.lines
        self._blocks = [block.start for block in document.blocks] if document.lines else []
        parts = self._text.split("\n") if document.lines else []
        self._starts = [0, *accumulate(len(part) + 1 for part in parts)][:-1]

    def __bool__(self) -> bool:
        return bool(self._lines)

    def at(self, offset: int) -> int:
        """The number of the line of the file that an offset of the document's text stands in; 0 without lines."""
        index = bisect_right(self._blocks, offset) - 1
        if index < 0:
            return 0
        return self._lines[index] + self._line_of(offset) - self._line_of(self._blocks[index])

    @property
    def last(self) -> int:
        return self.at(len(self._text)) if self._lines else 0

    def is_start(self, offset: int) -> bool:
        return offset == 0 or self._text[offset - 1 : offset] == "\n"

    def width(self, theme: Theme) -> int:
        """Pixels to leave for them to the left of the text."""
        digits = max(2, len(str(self.last)))
        return round(QFontMetricsF(_font(theme)).horizontalAdvance("8" * digits)) + theme.px(16)

    def paint(
        self, painter: QPainter, theme: Theme, drawn: QTextDocument, offsets: OffsetMap, seen: QRectF
    ) -> list[tuple[float, int]]:
        """Draw the numbers of the lines that are seen. Returns each with the height at which it stands."""
        layout = drawn.documentLayout()
        block = drawn.findBlock(max(0, layout.hitTest(seen.topLeft(), Qt.HitTestAccuracy.FuzzyHit)))
        painter.setFont(_font(theme))
        metrics = QFontMetricsF(_font(theme))
        painter.setPen(theme.color("faint"))
        width = self.width(theme) - theme.px(10)
        shown: list[tuple[float, int]] = []
        number = 0
        while block.isValid():
            rect = layout.blockBoundingRect(block)
            if rect.top() > seen.bottom():
                break
            text = block.text()
            for index in range(block.layout().lineCount()):
                line = block.layout().lineAt(index)
                if index and drawn.characterAt(block.position() + line.textStart() - 1) != LINE_SEPARATOR:
                    continue
                offset = offsets.offset_at(block.position() + line.textStart())
                if not text:
                    number = number + 1 if number else 0  # a blank line of a listing stands nowhere in the text
                else:
                    number = self.at(offset) if offset is not None and self.is_start(offset) else 0
                if number:
                    base = rect.top() + line.y() + line.ascent()
                    painter.drawText(QPointF(width - metrics.horizontalAdvance(str(number)), base), str(number))
                    shown.append((base, number))
            block = block.next()
        return shown

    def _line_of(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1


def _font(theme: Theme) -> QFont:
    font = QFont(theme.font("code"))
    font.setPixelSize(theme.px(11.5))
    return font
