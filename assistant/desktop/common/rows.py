"""Rows of two lines with a dot: what the lists of files, passages and backups have in common."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from assistant.desktop.common.painting import paint_dot, paint_row_ground, paint_text
from assistant.desktop.common.theme import Theme

TWO_LINES_PX = 46
ROW_ROLE = Qt.ItemDataRole.UserRole + 7
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """dot, side_color: names of colours of the theme; dot "" for none. is_name: first is a name, whose end says most; else a sentence."""

    first: str
    second: str = ""
    side: str = ""
    dot: str = ""
    is_filled: bool = True
    is_name: bool = True
    side_color: str = "soft"


class RowDelegate(QStyledItemDelegate):
    """Paints what a model gives as ROW_ROLE."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, self._theme.row_px(TWO_LINES_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, option, theme)
        rect: QRect = option.rect.adjusted(12, theme.gap_px(4), -12, -theme.gap_px(4))
        if row.dot:
            middle = QPointF(rect.left() + 3, rect.top() + rect.height() / 4)
            paint_dot(painter, middle, theme.color(row.dot), filled=row.is_filled, scale=theme.scale)
            rect.setLeft(rect.left() + 15)
        small = theme.font("small")
        side = QFontMetrics(small).horizontalAdvance(row.side)
        upper = QRect(rect.left(), rect.top(), rect.width(), rect.height() // 2)
        lower = QRect(rect.left(), upper.bottom() + 1, rect.width(), rect.height() - upper.height())
        if row.side:
            at = QRect(upper.right() - side, upper.top(), side + 1, upper.height())
            paint_text(painter, at, row.side, small, theme.color(row.side_color), align=Qt.AlignmentFlag.AlignRight)
            upper.setRight(upper.right() - side - 12)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        color = theme.color("accent" if selected else "ink")
        elide = Qt.TextElideMode.ElideMiddle if row.is_name else Qt.TextElideMode.ElideRight
        paint_text(painter, upper, row.first, theme.font(), color, elide=elide)
        paint_text(painter, lower, row.second, small, theme.color("soft"), elide=Qt.TextElideMode.ElideMiddle)
        painter.restore()


class RowList(QListView):
    """A list of such rows."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(RowDelegate(self, theme))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        theme.changed.connect(self.scheduleDelayedItemsLayout)
