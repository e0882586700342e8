"""The words of the notes, on screen before the model has written its first: the quote card, and the smaller cards of passages."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextLayout,
    QTextLine,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from assistant.desktop.common.glance import passage_line
from assistant.desktop.common.offset_map import utf16_length
from assistant.desktop.common.theme import Theme
from assistant.desktop.markdown.markdown_runs import drawable
from assistant.domain.answers import Citation, InstantQuote, Passage

LONGEST_QUOTE_CHARS = 900
LONGEST_PASSAGE_CHARS = 280


def place_of(
    source: InstantQuote | Citation | Passage, *, with_heading: bool = True, page_word: str = "page {n}"
) -> str:
    """Where a quote stands: "Tickets and hotel.pdf · page 2 · Outbound"."""
    parts = [source.note.rsplit("/", 1)[-1]]
    if source.page is not None:
        parts.append(page_word.format(n=source.page))
    if with_heading and source.heading_path:
        parts.append(source.heading_path[-1])
    return " · ".join(parts)


class MarkedText:
    """A paragraph laid out by hand: words in a fixed line height, some of them on the mark colour."""

    def __init__(
        self, text: str, marks: Sequence[tuple[int, int]], font: QFont, line_height: int, most_lines: int = 0
    ) -> None:
        self._layout = QTextLayout(drawable(text).replace("\u2028", " "), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._marks = [(utf16_length(text[:start]), utf16_length(text[:end])) for start, end in marks if start < end]
        self._line_height = line_height
        self._most_lines = most_lines
        self._metrics = QFontMetricsF(font)
        self._lines: list[QTextLine] = []

    def lay_out(self, width: float) -> float:
        """Break into lines; the height."""
        self._lines = []
        self._layout.beginLayout()
        while not self._most_lines or len(self._lines) < self._most_lines:
            line = self._layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(max(40.0, width))
            top = len(self._lines) * self._line_height
            line.setPosition(
                QPointF(
                    0, top + (self._line_height - self._metrics.height()) / 2 + self._metrics.ascent() - line.ascent()
                )
            )
            self._lines.append(line)
        self._layout.endLayout()
        return len(self._lines) * self._line_height

    def draw(self, painter: QPainter, at: QPointF, theme: Theme) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("mark"))
        for start, end in self._marks:
            for line in self._lines:
                first, last = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
                if first >= last:
                    continue
                left, right = _x(line.cursorToX(first)), _x(line.cursorToX(last))
                right = min(right, line.naturalTextWidth())
                base = at.y() + line.y() + line.ascent()
                box = QRectF(
                    at.x() + left - 2,
                    base - self._metrics.ascent() * 0.95,
                    right - left + 4,
                    self._metrics.height() * 0.98,
                )
                painter.drawRoundedRect(box, 3, 3)
        painter.setPen(theme.color("ink"))
        for line in self._lines:
            line.draw(painter, at)


def _x(value: object) -> float:
    return float(value[0]) if isinstance(value, tuple) else float(value)  # type: ignore[arg-type]


class QuoteCard(QAbstractButton):
    """One quote with its place. Click, Enter or Space opens the source (`clicked`).

    head: the small line above ("In your notes"), "" for none. strong: with the accent bar of the instant quote.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        place: str,
        *,
        marks: Sequence[tuple[int, int]] = (),
        head: str = "",
        strong: bool = False,
        most_lines: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._quote, self._place, self._head = text, place, head
        self._marks = tuple(marks)
        self._strong = strong
        self._most_lines = most_lines
        self._text = self._make_text()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(". ".join(part for part in (head, text, place) if part))
        self.setAccessibleDescription(self.tr("Opens the note at these words."))
        theme.changed.connect(self._on_theme_changed)

    @property
    def quote_text(self) -> str:
        return self._quote

    def height_for(self, width: int) -> int:
        """What the whole card needs when it is this wide."""
        return round(self._text.lay_out(width - self._left() - self._pad()) + self._extra())

    def sizeHint(self) -> QSize:
        return QSize(480, self.height_for(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self._theme.px(48))

    def resizeEvent(self, event: QResizeEvent) -> None:
        # A layout inside layouts passes heights for widths on only roughly, and would cut the place off: the card takes its own.
        super().resizeEvent(event)
        self.setFixedHeight(self.height_for(event.size().width()))

    def _make_text(self) -> MarkedText:
        px = self._theme.px
        shown, marks = self._quote, self._marks
        if self._strong:
            shown = f"“{shown}”"
            marks = tuple((start + 1, end + 1) for start, end in marks)
        font = self._theme.font("reading" if self._strong else "interface")
        return MarkedText(shown, marks, font, px(24 if self._strong else 21), self._most_lines)

    def _pad(self) -> int:
        return self._theme.px(14)

    def _left(self) -> int:
        return self._theme.px(17 if self._strong else 14)

    def _extra(self) -> int:
        px = self._theme.px
        return px(12) + (px(23) if self._head else 0) + px(6) + px(18) + px(11)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lively = self.underMouse() or self.hasFocus()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(box, 8, 8)
        painter.fillPath(shape, theme.color("hover" if self.isDown() else "card"))
        if self._strong:
            painter.save()
            painter.setClipPath(shape)
            painter.fillRect(QRectF(0, 0, px(3), self.height()), theme.color("accent"))
            painter.restore()
        painter.setPen(QPen(theme.color("accent" if lively else "line"), 2 if self.hasFocus() else 1))
        painter.drawPath(shape)
        x, y = self._left(), float(px(12))
        if self._head:
            painter.setFont(theme.font("small", bold=True))
            painter.setPen(theme.color("accent"))
            painter.drawText(QRectF(x, y, self.width() - x, px(18)), int(Qt.AlignmentFlag.AlignVCenter), self._head)
            y += px(23)
        height = self._text.lay_out(self.width() - x - self._pad())
        self._text.draw(painter, QPointF(x, y), theme)
        self._paint_place(painter, QRectF(x, y + height + px(6), self.width() - x - self._pad(), px(18)))

    def _paint_place(self, painter: QPainter, box: QRectF) -> None:
        font = self._theme.font("small")
        painter.setFont(font)
        painter.setPen(self._theme.color("soft"))
        shown = QFontMetricsF(font).elidedText(self._place, Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: object) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # type: ignore[attr-defined]
            self.click()
        else:
            super().keyPressEvent(event)  # type: ignore[arg-type]

    def _on_theme_changed(self) -> None:
        self._text = self._make_text()
        self.setFixedHeight(self.height_for(self.width()))
        self.update()


class SourceButton(QAbstractButton):
    """A chip's number and the place it stands for."""

    def __init__(self, theme: Theme, number: int, place: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._number, self._place = str(number), place
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._theme.font("small"))
        return QSize(
            round(self._chip_width() + self._theme.px(8) + metrics.horizontalAdvance(self._place) + 4),
            self._theme.px(22),
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(60), self._theme.px(22))

    def _chip_width(self) -> float:
        return max(
            self._theme.px(16), QFontMetricsF(self._chip_font()).horizontalAdvance(self._number) + self._theme.px(9)
        )

    def _chip_font(self) -> QFont:
        font = self._theme.font("small", bold=True)
        font.setPixelSize(self._theme.px(11))
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lively = self.underMouse() or self.hasFocus()
        chip = QRectF(0.5, (self.height() - px(16)) / 2, self._chip_width(), px(16))
        painter.setPen(QPen(theme.color("accent"), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_ground"))
        painter.drawRoundedRect(chip, px(5), px(5))
        painter.setFont(self._chip_font())
        painter.setPen(theme.color("accent"))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), self._number)
        font = theme.font("small")
        painter.setFont(font)
        painter.setPen(theme.color("ink" if lively else "soft"))
        box = QRectF(chip.right() + px(7), 0, self.width() - chip.right() - px(7), self.height())
        shown = QFontMetricsF(font).elidedText(self._place, Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()


def instant_quote_card(
    theme: Theme, quote: InstantQuote, head: str, page_word: str, parent: QWidget | None = None
) -> QuoteCard:
    """The card of the instant quote."""
    text = quote.text[:LONGEST_QUOTE_CHARS]
    marks = tuple((start, min(end, len(text))) for start, end in quote.marks if start < len(text))
    return QuoteCard(
        theme, text, place_of(quote, page_word=page_word), marks=marks, head=head, strong=True, parent=parent
    )


def passage_card(theme: Theme, passage: Passage, page_word: str, parent: QWidget | None = None) -> QuoteCard:
    """A passage in a list: three lines of it and its place."""
    text = passage_line(passage.text, passage.start, passage.note, passage.heading_path[-1:])
    shown = text if len(text) <= LONGEST_PASSAGE_CHARS else text[:LONGEST_PASSAGE_CHARS].rstrip() + "…"
    return QuoteCard(theme, shown, place_of(passage, page_word=page_word), most_lines=4, parent=parent)
