"""The sections of the settings at the left of their page: where one is, and a way to each."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from assistant.desktop.common.painting import ROW_PX, paint_row_ground, paint_text
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import translate

WIDTH_PX = 172


class SectionDelegate(QStyledItemDelegate):
    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, self._theme.row_px(ROW_PX + 4))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, option, self._theme)
        color = "accent" if option.state & QStyle.StateFlag.State_Selected else "ink"
        rect = option.rect.adjusted(self._theme.px(10), 0, -self._theme.px(6), 0)
        paint_text(painter, rect, str(index.data()), self._theme.font(), self._theme.color(color))
        painter.restore()


class SectionList(QListWidget):
    """Signals:
    section_asked(int): the user chose a section.
    """

    section_asked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_following = False
        self.setItemDelegate(SectionDelegate(self, theme))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(translate("SettingsPage", "Sections"))
        self.currentRowChanged.connect(self._on_current)
        self.itemClicked.connect(self._on_clicked)
        theme.changed.connect(self._fit)
        self._fit()

    def follow(self, place: int) -> None:
        """Show where the page has been scrolled to."""
        self._is_following = True
        self.setCurrentRow(place)
        self._is_following = False

    def _on_current(self, place: int) -> None:
        if not self._is_following and place >= 0:
            self.section_asked.emit(place)

    def _on_clicked(self) -> None:
        self.section_asked.emit(self.currentRow())  # also the one that is current already

    def _fit(self) -> None:
        self.setFixedWidth(self._theme.px(WIDTH_PX))
        self.scheduleDelayedItemsLayout()
