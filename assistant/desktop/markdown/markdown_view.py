"""A read-only page of rich text that never loads anything, with marks, chips and panels painted by us.

Used for answers and for notes. Links do nothing by themselves: a click tells the target and the pane decides.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QTextBlock,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QToolTip, QWidget

from assistant.desktop.common.theme import Theme
from assistant.desktop.markdown.code_listings import HEAD_PX, CodeListings
from assistant.desktop.markdown.markdown_render import HEADED, IMAGE_NAME, LINK, PANEL, QUOTE_DEPTH, Panel

CITE = "cite:"
NBSP = "\u00a0"
_CHIP_TEXT = re.compile(f"{NBSP}{NBSP}(\\d+){NBSP}")


class MarkKind(Enum):
    QUOTE = "quote"
    FOUND = "found"
    FOUND_HERE = "found-here"
    UNSUPPORTED = "unsupported"
    CHIP = "chip"


@dataclass(slots=True)
class Mark:
    """Something painted over the positions [start, end)."""

    kind: MarkKind
    start: int
    end: int


class RichView(QTextBrowser):
    """Owns its QTextDocument (undo off). Lives on the UI thread.

    Signals:
        link_chosen(str): the target of a link in the text, as written; nothing has been opened.
        citation_chosen(int): a chip's number.
    """

    link_chosen = Signal(str)
    citation_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._marks: list[Mark] = []
        self._rects: dict[int, list[QRectF]] = {}
        self._link_targets: list[str] = []
        self._pictures: dict[str, QImage] = {}
        self._placeholder = QImage(1, 1, QImage.Format.Format_ARGB32)
        self._placeholder.fill(Qt.GlobalColor.transparent)
        document = QTextDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        option = document.defaultTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        self.setDocument(document)
        self.setUndoRedoEnabled(False)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptDrops(False)
        self.viewport().setAutoFillBackground(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.anchorClicked.connect(self._on_anchor)
        document.contentsChange.connect(self._forget_rects)
        self.listings = CodeListings(theme, self)
        self._dress()

    # ---- what panes use ----------------------------------------------------------------------------------------------------

    def set_marks(self, marks: list[Mark]) -> None:
        self._marks = marks
        self._forget_rects()
        self.viewport().update()

    def marks(self, kind: MarkKind) -> list[Mark]:
        return [mark for mark in self._marks if mark.kind is kind]

    def rects_of(self, start: int, end: int) -> list[QRectF]:
        """Where positions [start, end) are drawn, one rectangle a line, in document coordinates."""
        rects: list[QRectF] = []
        block = self.document().findBlock(start)
        while block.isValid() and block.position() < end:
            rects += self._block_rects(
                block, max(start, block.position()), min(end, block.position() + block.length() - 1)
            )
            block = block.next()
        return rects

    def text_between(self, start: int, end: int) -> str:
        """The text drawn at positions [start, end), line ends as newlines."""
        cursor = self.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, cursor.MoveMode.KeepAnchor)
        return cursor.selectedText().replace("\u2029", "\n").replace("\u2028", "\n")

    def redress(self) -> None:
        """The theme has changed: colours of this widget itself (the text is drawn again by its owner)."""
        self._dress()
        self._forget_rects()

    # ---- never load anything -----------------------------------------------------------------------------------------------

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Our own pictures by number, else one transparent pixel. Returning nothing would make Qt open the path itself."""
        text = name.toString() if isinstance(name, QUrl) else name
        return self._pictures.get(text, self._placeholder) if text.startswith(IMAGE_NAME) else self._placeholder

    def doSetSource(
        self, name: QUrl | str, kind: QTextDocument.ResourceType = QTextDocument.ResourceType.UnknownResource
    ) -> None:
        """There is no page to go to."""

    def createMimeDataFromSelection(self) -> QMimeData:
        """Plain text only, chips as [1]."""
        data = QMimeData()
        text = self.textCursor().selectedText().replace("\u2029", "\n").replace("\u2028", "\n")
        data.setText(_CHIP_TEXT.sub(r" [\1]", text).replace(NBSP, " "))
        return data

    def _on_anchor(self, url: QUrl) -> None:
        name = url.toString()
        if name.startswith(CITE) and name[len(CITE) :].isdigit():
            self.citation_chosen.emit(int(name[len(CITE) :]))
        elif name.startswith(LINK) and name[len(LINK) :].isdigit():
            index = int(name[len(LINK) :])
            if index < len(self._link_targets):
                self.link_chosen.emit(self._link_targets[index])

    # ---- what a pointer resting on it says ---------------------------------------------------------------------------------

    def hint_for(self, href: str) -> str:
        """Plain text to show over an anchor."""
        if href.startswith(LINK) and href[len(LINK) :].isdigit():
            index = int(href[len(LINK) :])
            return self._link_targets[index] if index < len(self._link_targets) else ""
        return ""

    def _written_formula(self, place: QPoint) -> str:
        """The LaTeX of the formula there."""
        cursor = self.cursorForPosition(place)
        if not self.cursorRect(cursor).adjusted(-12, 0, 12, 0).contains(place):
            return ""
        return cursor.charFormat().toolTip()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            hint = self.hint_for(self.anchorAt(event.pos())) or self._written_formula(event.pos())
            if hint:
                QToolTip.showText(event.globalPos(), tooltip_text(hint), self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    # ---- painting ----------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        scrolled = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        seen = QRectF(event.rect().translated(scrolled))
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-scrolled.x(), -scrolled.y())
        self._paint_panels(painter, seen)
        self._paint_marks(painter, seen, below=True)
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-scrolled.x(), -scrolled.y())
        self._paint_marks(painter, seen, below=False)
        painter.end()

    def _paint_panels(self, painter: QPainter, seen: QRectF) -> None:
        layout = self.document().documentLayout()
        block = self.document().findBlock(max(0, layout.hitTest(seen.topLeft(), Qt.HitTestAccuracy.FuzzyHit)))
        while (
            block.isValid()
            and self._is_code(block.previous())
            and self._is_code(block)
            and not self._ends(block.previous())
        ):
            block = block.previous()
        panel = QRectF()
        is_headed = False
        while block.isValid():
            rect = self._ink_rect(block)
            if rect.top() > seen.bottom() + 40 and panel.isNull():
                break
            self._paint_quote_bars(painter, block, rect)
            if block.blockFormat().intProperty(PANEL) == Panel.RULE:
                painter.setPen(QPen(self._theme.color("line"), 1))
                painter.drawLine(
                    QPointF(rect.left(), rect.center().y()), QPointF(self.viewport().width(), rect.center().y())
                )
            if self._is_code(block):
                is_headed = is_headed if not panel.isNull() else block.blockFormat().boolProperty(HEADED)
                panel = panel.united(rect) if not panel.isNull() else rect
                if self._ends(block) or panel.height() > seen.height() + 4_000:
                    self._paint_code(painter, panel, block, is_headed=is_headed)
                    panel = QRectF()
            block = block.next()

    def _ink_rect(self, block: QTextBlock) -> QRectF:
        """The block from the top of its first line's letters to the bottom of its last's: with a fixed line height Qt's own
        rectangle stands some pixels above the text."""
        rect = self.document().documentLayout().blockBoundingRect(block)
        layout = block.layout()
        if not layout.lineCount():
            return rect
        first, last = layout.lineAt(0), layout.lineAt(layout.lineCount() - 1)
        corner = rect.top()
        size = self._letter_size(block, 0)
        top, bottom = corner + first.y() + first.ascent() - size * 1.15, corner + last.y() + last.ascent() + size * 0.45
        return QRectF(rect.left(), top, rect.width(), bottom - top)

    def _is_code(self, block: QTextBlock) -> bool:
        return block.isValid() and block.blockFormat().intProperty(PANEL) in (Panel.CODE, Panel.CODE_LAST)

    def _ends(self, block: QTextBlock) -> bool:
        following = block.next()
        return block.blockFormat().intProperty(PANEL) == Panel.CODE_LAST and not (
            following.isValid() and self._is_code(following) and following.blockFormat().topMargin() == 0
        )

    def _paint_code(self, painter: QPainter, rect: QRectF, block: QTextBlock, *, is_headed: bool) -> None:
        pad = self._theme.px(10)
        head = self._theme.px(HEAD_PX) - self._theme.px(6) if is_headed else 0
        left = block.blockFormat().leftMargin() - self._theme.px(14)
        top = rect.top() - pad - head
        box = QRectF(left + 0.5, top + 0.5, self.viewport().width() - left - 1, rect.bottom() + pad - top - 1)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(self._code_ground())
        painter.drawRoundedRect(box, 8, 8)

    def _code_ground(self) -> QColor:
        return self._theme.color("card")

    def _paint_quote_bars(self, painter: QPainter, block: QTextBlock, rect: QRectF) -> None:
        depth = block.blockFormat().intProperty(QUOTE_DEPTH)
        if not depth:
            return
        following = block.next()
        joined = following.isValid() and following.blockFormat().intProperty(QUOTE_DEPTH)
        bottom = rect.bottom() + (following.blockFormat().topMargin() if joined else 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("line"))
        for level in range(depth):
            painter.drawRect(QRectF(self._theme.px(16) * level, rect.top(), 3, bottom - rect.top()))

    def _paint_marks(self, painter: QPainter, seen: QRectF, *, below: bool) -> None:
        first, last = self._positions_in(seen)
        for index, mark in enumerate(self._marks):
            if below == (mark.kind is MarkKind.UNSUPPORTED) or mark.end < first or mark.start > last:
                continue
            rects = self._rects.get(index)
            if rects is None:
                rects = self._rects[index] = self.rects_of(mark.start, mark.end)
            for rect in rects:
                if rect.intersects(seen):
                    self._paint_mark(painter, mark.kind, rect)

    def _positions_in(self, seen: QRectF) -> tuple[int, int]:
        """The first and the last position of the text blocks that are seen: where the marks of a long text stand is worked out only there."""
        layout = self.document().documentLayout()
        first, last = (
            self.document().findBlock(max(0, layout.hitTest(corner, Qt.HitTestAccuracy.FuzzyHit)))
            for corner in (seen.topLeft(), seen.bottomRight())
        )
        return first.position(), last.position() + last.length()

    def _paint_mark(self, painter: QPainter, kind: MarkKind, rect: QRectF) -> None:
        px = self._theme.px
        if kind is MarkKind.UNSUPPORTED:
            pen = QPen(self._theme.color("warn"), 1.6, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
            pen.setDashPattern([0.1, 2.2])
            painter.setPen(pen)
            y = rect.bottom() + 2.5
            painter.drawLine(QPointF(rect.left() + 1, y), QPointF(rect.right() - 1, y))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        if kind is MarkKind.CHIP:
            painter.setBrush(self._theme.color("accent_ground"))
            middle = rect.center().y()
            painter.drawRoundedRect(QRectF(rect.left() - 1.5, middle - px(8), rect.width() + 3, px(16)), px(5), px(5))
            return
        painter.setBrush(self._theme.color("accent_ground" if kind is MarkKind.FOUND else "mark"))
        if kind is MarkKind.FOUND_HERE:
            painter.setPen(QPen(self._theme.color("accent"), 1))
        painter.drawRoundedRect(rect.adjusted(-2, -1, 2, 2), 3, 3)

    def _block_rects(self, block: QTextBlock, start: int, end: int) -> list[QRectF]:
        layout = block.layout()
        corner = self.document().documentLayout().blockBoundingRect(block).topLeft()
        first, last = start - block.position(), end - block.position()
        rects = []
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            here, there = max(first, line.textStart()), min(last, line.textStart() + line.textLength())
            if here >= there:
                continue
            left, right = _x(line.cursorToX(here)), _x(line.cursorToX(there))
            left, right = min(left, right), max(left, right)
            if there == line.textStart() + line.textLength():
                # The space that a line was broken at hangs over its end: nothing is to be seen there.
                right = max(left, min(right, line.x() + line.naturalTextWidth()))
            # The line box is taller than the letters: marks keep to the letters, which sit at its baseline.
            base = line.y() + line.ascent()
            size = self._letter_size(block, here)
            rects.append(QRectF(left, base - size * 0.95, right - left, size * 1.2).translated(corner))
        return rects

    def _letter_size(self, block: QTextBlock, index: int) -> float:
        cursor = self.textCursor()
        cursor.setPosition(block.position() + index)
        cursor.movePosition(cursor.MoveOperation.NextCharacter)
        return max(9, cursor.charFormat().font().pixelSize())

    def _forget_rects(self) -> None:
        self._rects.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget_rects()

    def _dress(self) -> None:
        palette = QPalette(self.palette())
        for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Window):
            palette.setColor(role, Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.Text, self._theme.color("ink"))
        chosen = QColor(self._theme.color("accent"))
        chosen.setAlpha(70)
        palette.setColor(QPalette.ColorRole.Highlight, chosen)
        palette.setColor(QPalette.ColorRole.HighlightedText, self._theme.color("ink"))
        self.setPalette(palette)


def tooltip_text(text: str) -> str:
    """Plain text for a tooltip that wraps: Qt takes whatever looks like markup for markup."""
    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"


def _x(value: Any) -> float:
    return float(value[0] if isinstance(value, tuple) else value)
