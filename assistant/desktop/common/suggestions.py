"""A short list under a field of what may be typed next. It lies on the window and never takes the focus, so typing goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from assistant.desktop.common.announcing import announce
from assistant.desktop.common.painting import ROW_PX, paint_row_ground, paint_text, plain_tip
from assistant.desktop.common.theme import Theme

STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}
MOST_ROWS = 8
GAP_PX = 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """text: shown first. detail: softly beside it. value: what is taken; for whoever shows the list."""

    text: str
    detail: str = ""
    value: object = None


class _Model(QAbstractListModel):
    SUGGESTION_ROLE = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Suggestion, ...] = ()

    def show_rows(self, rows: Sequence[Suggestion]) -> None:
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == self.SUGGESTION_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(spoken(row))
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: QListView, theme: Theme) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, self._theme.row_px(ROW_PX))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(_Model.SUGGESTION_ROLE)
        if not isinstance(row, Suggestion):
            return
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, option, theme)
        rect: QRect = option.rect.adjusted(theme.px(8), 0, -theme.px(8), 0)
        font, small = theme.font("interface"), theme.font("small")
        room = rect.width()
        if row.detail:
            wanted = QFontMetrics(font).horizontalAdvance(row.text) + theme.px(12)
            room = min(
                wanted, max(rect.width() * 3 // 5, rect.width() - QFontMetrics(small).horizontalAdvance(row.detail))
            )
        name = QRect(rect.left(), rect.top(), room, rect.height())
        paint_text(painter, name, row.text, font, theme.color("ink"), elide=Qt.TextElideMode.ElideMiddle)
        if row.detail:
            beside = QRect(rect.left() + room, rect.top(), rect.width() - room, rect.height())
            paint_text(painter, beside, row.detail, small, theme.color("soft"), align=Qt.AlignmentFlag.AlignRight)
        painter.restore()


class Suggestions(QFrame):
    """The list and what is chosen in it. It is laid on the window of the field when it is first shown.

    Signals:
        chosen(Suggestion): a row was clicked, or taken by key.
        dismissed(): it is not wanted.
    """

    chosen = Signal(object)
    dismissed = Signal()

    def __init__(self, theme: Theme, field: QWidget, inset_px: int = 0) -> None:
        """inset_px: how far within the field's sides the list ends, where the field paints its own edge."""
        super().__init__(field)
        self._inset_px = inset_px
        self._theme = theme
        self._field = field
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._model = _Model(self)
        self.view = QListView(self)
        self.view.setModel(self._model)
        self.view.setItemDelegate(_Delegate(self.view, theme))
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(self.tr("Suggestions"))
        self.view.clicked.connect(self._on_clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.view)
        self.hide()

    @property
    def is_open(self) -> bool:
        return not self.isHidden()

    @property
    def rows(self) -> tuple[Suggestion, ...]:
        return self._model._rows if self.is_open else ()

    def current(self) -> Suggestion | None:
        """What the arrow keys have chosen; None while nothing is."""
        found = self.view.currentIndex().data(_Model.SUGGESTION_ROLE) if self.is_open else None
        return found if isinstance(found, Suggestion) else None

    def take_key(self, event: QKeyEvent) -> bool:
        """True if a pressed key was meant for the list. It takes only what belongs to it while it is open."""
        if not self.is_open:
            return False
        key = Qt.Key(event.key())
        if key in STEPS:
            self.step(STEPS[key])
            return True
        if key == Qt.Key.Key_Escape:
            self.dismissed.emit()
            return True
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Tab and plain:
            self.chosen.emit(self.current() or self.rows[0])
            return True
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            chosen = self.current()
            if chosen is not None:
                self.chosen.emit(chosen)
                return True
            self.dismissed.emit()
        return False

    def open(self, rows: Sequence[Suggestion], *, choose_first: bool = False) -> None:
        """Show these rows, with none of them chosen unless the first is to be. Without any the list is closed."""
        if not rows:
            self.close_list()
            return
        if self.is_open and tuple(rows) == self._model._rows:
            return
        chosen = self.current()
        self._model.show_rows(rows)
        if chosen is not None and chosen in rows:
            self.view.setCurrentIndex(self._model.index(list(rows).index(chosen), 0))
        elif choose_first:
            self.view.setCurrentIndex(self._model.index(0, 0))
        self._place(len(rows))
        if self.isHidden():
            self.show()
            count = self.tr("1 suggestion") if len(rows) == 1 else self.tr("{n} suggestions").format(n=len(rows))
            self._announce(count)
        self.raise_()

    def close_list(self) -> None:
        self.hide()
        self._model.show_rows(())

    def step(self, rows: int) -> None:
        """Move what is chosen. Upwards from the first row nothing is chosen again."""
        count = self._model.rowCount()
        current = self.view.currentIndex()
        row = (current.row() if current.isValid() else -1) + rows
        if row < 0 and not current.isValid():
            row = count - 1
        index = self._model.index(min(row, count - 1), 0)
        self.view.setCurrentIndex(index)
        if index.isValid():
            self._announce(spoken(index.data(_Model.SUGGESTION_ROLE)))
        else:
            self.view.clearSelection()

    def _place(self, rows: int) -> None:
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
            self.hide()
        above = self._field.mapTo(window, QPoint(0, -GAP_PX))
        below = self._field.mapTo(window, QPoint(0, self._field.height() + GAP_PX))
        width = self._field.width() - 2 * self._inset_px
        left = above.x() + self._inset_px
        height = min(rows, MOST_ROWS) * self._theme.row_px(ROW_PX) + 10
        room = window.height() - below.y() - 8
        if room < height and above.y() - 8 > room:
            height = min(height, above.y() - 8)
            self.setGeometry(left, above.y() - height, width, height)
        else:
            self.setGeometry(left, below.y(), width, min(height, max(48, room)))

    def _announce(self, text: str) -> None:
        """The focus stays in the field, so a screen reader has to be told what happens here."""
        announce(self._field, text)

    def _on_clicked(self, index: QModelIndex) -> None:
        found = index.data(_Model.SUGGESTION_ROLE)
        if isinstance(found, Suggestion):
            self.chosen.emit(found)


def spoken(row: Suggestion) -> str:
    return ", ".join(part for part in (row.text, row.detail) if part)
