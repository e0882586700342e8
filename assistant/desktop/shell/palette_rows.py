"""The rows of the palette: what each says, and how it is painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from assistant.desktop.common.painting import marked_layout, paint_row_ground, paint_text, plain_tip
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import translate
from assistant.desktop.shell.palette_entries import Entry, Kind
from assistant.desktop.shell.palette_matching import marks

ROW_PX = 34
Index = QModelIndex | QPersistentModelIndex


def kind_word(kind: Kind) -> str:
    return {
        Kind.ACTION: translate("Palette", "Action"),
        Kind.SETTING: translate("Palette", "Setting"),
        Kind.FOLDER: translate("Palette", "Folder"),
        Kind.CHAT: translate("Palette", "Chat"),
        Kind.NOTE: translate("Palette", "Note"),
    }[kind]


def spoken(entry: Entry) -> str:
    """A row as a screen reader says it."""
    return ", ".join(part for part in (entry.title, kind_word(entry.kind), entry.detail, entry.keys) if part)


class PaletteModel(QAbstractListModel):
    ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Entry, ...] = ()
        self.typed = ""

    def show_rows(self, rows: Sequence[Entry], typed: str) -> None:
        self.beginResetModel()
        self.rows, self.typed = tuple(rows), typed
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.rows):
            return None
        entry = self.rows[index.row()]
        if role == self.ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(part for part in (entry.title, entry.detail) if part))
        return None


class PaletteDelegate(QStyledItemDelegate):
    """Title and detail at the left, shortcut and kind at the right."""

    def __init__(self, view: QListView, theme: Theme) -> None:
        super().__init__(view)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, self._theme.px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(PaletteModel.ENTRY_ROLE)
        model = index.model()
        if not isinstance(entry, Entry) or not isinstance(model, PaletteModel):
            return
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, option, theme)
        rect: QRect = option.rect.adjusted(theme.px(12), 0, -theme.px(12), 0)
        rect = self._paint_side(painter, rect, kind_word(entry.kind))
        if entry.keys:
            rect = self._paint_side(painter, rect, entry.keys)
        used = self._paint_title(painter, rect, entry, model.typed)
        if entry.detail:
            beside = rect.adjusted(used + theme.px(10), 0, 0, 0)
            elide = Qt.TextElideMode.ElideMiddle if entry.kind is Kind.NOTE else Qt.TextElideMode.ElideRight
            paint_text(painter, beside, entry.detail, theme.font("small"), theme.color("soft"), elide=elide)
        painter.restore()

    def _paint_side(self, painter: QPainter, rect: QRect, text: str) -> QRect:
        """A word at the right end. Returns the room that is left."""
        small = self._theme.font("small")
        width = QFontMetrics(small).horizontalAdvance(text) + 1
        at = QRect(rect.right() - width, rect.top(), width, rect.height())
        paint_text(painter, at, text, small, self._theme.color("soft"), align=Qt.AlignmentFlag.AlignRight)
        return rect.adjusted(0, 0, -width - self._theme.px(14), 0)

    def _paint_title(self, painter: QPainter, rect: QRect, entry: Entry, typed: str) -> int:
        """The title with what was typed marked in it. Returns its width."""
        font = self._theme.font()
        room = rect.width() if not entry.detail else max(rect.width() * 3 // 5, rect.width() - self._theme.px(160))
        title = QFontMetrics(font).elidedText(entry.title, Qt.TextElideMode.ElideMiddle, room)
        layout = marked_layout(title, marks(typed, title), font, self._theme, room + 2, 1)
        painter.setPen(self._theme.color("ink"))
        line = layout.lineAt(0)
        layout.draw(painter, QPointF(rect.left(), rect.center().y() + 0.5 - line.height() / 2))
        return round(line.naturalTextWidth())
