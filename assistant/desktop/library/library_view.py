"""The folder tree: rows painted as in a good mail client, one click to open a folder or a note."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from assistant.desktop.common.painting import ROW_PX, paint_chevron, paint_dot, paint_row_ground, paint_text
from assistant.desktop.common.theme import Theme
from assistant.desktop.library.library_model import LibraryModel, Node, name_of, needs_attention, side_word
from assistant.domain.library import FileState

INDENT_PX = 14


class LibraryDelegate(QStyledItemDelegate):
    """Paints a row: chevron or state dot, name, and at the right a count or the reason in words."""

    def __init__(self, view: QTreeView, theme: Theme) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, self._theme.row_px(ROW_PX))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        node = index.data(LibraryModel.NODE_ROLE)
        if not isinstance(node, Node):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, option, self._theme)
        rect: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        left = rect.left() + 14 + _depth(node) * self._theme.px(INDENT_PX)
        middle = QPointF(left + 0.5, rect.center().y() + 0.5)
        if node.is_folder:
            is_open = self._view.isExpanded(index)
            paint_chevron(painter, middle, self._theme.color("soft"), is_open=is_open, scale=self._theme.scale)
        else:
            self._paint_state(painter, middle, node)
        self._paint_words(painter, rect, left + 13, node, selected)
        painter.restore()

    def _paint_state(self, painter: QPainter, center: QPointF, node: Node) -> None:
        file = node.file
        state = file.state if file is not None else FileState.READY
        if needs_attention(node):
            paint_dot(painter, center, self._theme.color("warn"), filled=True, scale=self._theme.scale)
        elif state is FileState.READY:
            paint_dot(painter, center, self._theme.color("accent"), filled=True, scale=self._theme.scale)
        elif state is FileState.KEYWORD_READY:
            paint_dot(painter, center, self._theme.color("accent"), filled=False, scale=self._theme.scale)
        else:
            paint_dot(painter, center, self._theme.color("faint"), filled=False, scale=self._theme.scale)

    def _paint_words(self, painter: QPainter, rect: QRect, left: int, node: Node, selected: bool) -> None:
        small = self._theme.font("small")
        side = side_word(node)
        side_width = QFontMetrics(small).horizontalAdvance(side) if side else 0
        right = rect.right() - 10
        if side:
            color = self._theme.color("warn" if needs_attention(node) else "soft")
            side_rect = QRect(right - side_width, rect.top(), side_width + 1, rect.height())
            paint_text(painter, side_rect, side, small, color, align=Qt.AlignmentFlag.AlignRight)
        font = self._theme.font("interface", bold=node.folder is not None)
        color = self._theme.color("accent" if selected else "ink")
        name_rect = QRect(left, rect.top(), right - side_width - (10 if side else 0) - left, rect.height())
        paint_text(painter, name_rect, name_of(node), font, color, elide=Qt.TextElideMode.ElideMiddle)


class LibraryView(QTreeView):
    """Shows the library.

    Signals:
        note_chosen(Node): a file was clicked, or Enter was pressed on it.
    """

    note_chosen = Signal(object)

    def __init__(self, model: LibraryModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = model
        self._pressed: QPoint | None = None
        self.setModel(model)
        self.setItemDelegate(LibraryDelegate(self, theme))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName(self.tr("Notes"))
        model.only_folder_came.connect(self.expand)  # there is nothing else to choose
        theme.changed.connect(self._on_theme_changed)

    def current_node(self) -> Node | None:
        return self._library.node(self.currentIndex())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint() if event.button() is Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begins a drag by itself: a flag for each row would be asked for whenever anything is laid out."""
        at = event.position().toPoint()
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            if (at - self._pressed).manhattanLength() >= QApplication.startDragDistance():
                index, self._pressed = self.indexAt(self._pressed), None
                self._drag(index)
            return
        super().mouseMoveEvent(event)

    def _drag(self, index: QModelIndex) -> None:
        node = self._library.node(index)
        if node is None:
            return
        drag = QDrag(self)
        drag.setMimeData(self._library.mimeData([index]))
        drag.exec(Qt.DropAction.CopyAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid() and index == self.currentIndex():
            self._open(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        node = self._library.node(index)
        if node is None:
            return
        if node.is_folder:
            self.setExpanded(index, not self.isExpanded(index))
        else:
            self.note_chosen.emit(node)

    def _on_theme_changed(self) -> None:
        self.scheduleDelayedItemsLayout()


def _depth(node: Node) -> int:
    depth = 0
    parent = node.parent
    while parent is not None and parent.parent is not None:
        depth += 1
        parent = parent.parent
    return depth
