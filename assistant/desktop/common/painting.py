"""What the painted rows have in common: their ground, their dot, their elided and marked text."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPainterPath,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from assistant.desktop.common.glance import one_line
from assistant.desktop.common.theme import Theme

ROW_RADIUS = 6
ROW_PX = 28


def plain_tip(text: str) -> str:
    """A tooltip that shows `text` as it is. Qt takes anything that looks like markup for markup, and a file name may."""
    return f'<p style="white-space: pre-wrap; margin: 0">{html.escape(text)}</p>' if text else ""


def paint_row_ground(painter: QPainter, option: QStyleOptionViewItem, theme: Theme) -> None:
    """The rounded ground of a row: selected, under the mouse, or ringed by the keyboard focus."""
    state = option.state
    rect = QRectF(option.rect).adjusted(1, 1, -1, -1)
    selected = bool(state & QStyle.StateFlag.State_Selected)
    hovered = bool(state & QStyle.StateFlag.State_MouseOver)
    if selected or hovered:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_ground" if selected else "hover"))
        painter.drawRoundedRect(rect, ROW_RADIUS, ROW_RADIUS)
    if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
        painter.setPen(QPen(theme.color("accent"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), ROW_RADIUS, ROW_RADIUS)


def paint_dot(painter: QPainter, center: QPointF, color: QColor, *, filled: bool, scale: float = 1.0) -> None:
    """A state dot, 7 px wide: filled, or a ring."""
    painter.setPen(Qt.PenStyle.NoPen if filled else QPen(color, 1.3))
    painter.setBrush(color if filled else Qt.BrushStyle.NoBrush)
    radius = scale * (3.5 if filled else 3.0)
    painter.drawEllipse(center, radius, radius)


def paint_chevron(painter: QPainter, center: QPointF, color: QColor, *, is_open: bool, scale: float = 1.0) -> None:
    path = QPainterPath()
    x, y = center.x(), center.y()
    wide, deep = 3.5 * scale, 1.8 * scale
    if is_open:
        path.moveTo(x - wide, y - deep)
        path.lineTo(x, y + deep)
        path.lineTo(x + wide, y - deep)
    else:
        path.moveTo(x - deep, y - wide)
        path.lineTo(x + deep, y)
        path.lineTo(x - deep, y + wide)
    painter.setPen(QPen(color, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def paint_text(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    color: QColor,
    *,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> int:
    """One line, elided to the rectangle. Returns its width."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(one_line(text), elide, rect.width())
    painter.setFont(font)
    painter.setPen(color)
    flags = int(align | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine)
    painter.drawText(rect, flags, shown)
    return metrics.horizontalAdvance(shown)


def find_words(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where words stand in a text, regardless of case; overlapping finds are joined."""
    folded = text.lower()
    if len(folded) != len(text):  # some letters change their length: offsets would point elsewhere
        folded = text
    found: list[tuple[int, int]] = []
    for word in words:
        at = folded.find(word)
        while at >= 0:
            found.append((at, at + len(word)))
            at = folded.find(word, at + len(word))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def marked_layout(
    text: str, marks: Sequence[tuple[int, int]], font: QFont, theme: Theme, width: int, lines: int
) -> QTextLayout:
    """A text of at most so many lines with marked words, ready to draw; what does not fit is cut with an ellipsis."""
    layout = _lay_out(text, marks, font, theme, width, lines)
    if layout.lineCount() < lines:
        return layout
    last = layout.lineAt(lines - 1)
    end = last.textStart() + last.textLength()
    if end >= len(text):
        return layout
    shorter = text[: max(0, end - 2)].rstrip() + "…"
    return _lay_out(
        shorter, [(s, min(e, len(shorter) - 1)) for s, e in marks if s < len(shorter) - 1], font, theme, width, lines
    )


def _lay_out(
    text: str, marks: Sequence[tuple[int, int]], font: QFont, theme: Theme, width: int, lines: int
) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats([_mark(start, end, theme) for start, end in marks])
    layout.beginLayout()
    height = 0.0
    for _ in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height() * 1.15
    layout.endLayout()
    return layout


def _mark(start: int, end: int, theme: Theme) -> QTextLayout.FormatRange:
    form = QTextCharFormat()
    form.setBackground(theme.color("mark"))
    form.setForeground(theme.color("ink"))
    span = QTextLayout.FormatRange()
    span.start, span.length, span.format = start, end - start, form
    return span
