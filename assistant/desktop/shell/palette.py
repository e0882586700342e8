"""The palette: one field over one list, from which everything can be reached. It lies on the window; its field has the keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.shell.palette_entries import Entry, Kind, at_rest, ranked
from assistant.desktop.shell.palette_rows import ROW_PX, PaletteDelegate, PaletteModel, spoken
from assistant.desktop.shell.palette_sources import PaletteSources
from assistant.domain.library import FolderInfo

WIDTH_PX = 620
TOP_PX = 72
ROWS_SHOWN = 11
MOST_RECENT = 12
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class PaletteField(QLineEdit):
    """Signals:
    stepped(int): go so many rows down.
    taken, left: Enter and Escape.
    """

    stepped = Signal(int)
    taken = Signal()
    left = Signal()

    def event(self, event: QEvent) -> bool:
        # Tab never reaches keyPressEvent while it can move the focus, and the focus has nowhere else to go here.
        key = event.key() if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else None
        if key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            self.stepped.emit(1 if key == Qt.Key.Key_Tab else -1)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.taken.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Palette(QWidget):
    """Covers the window while it is open, and gives the focus back to whoever had it.

    Signals:
        chosen(Entry): go there. The palette is closed by then.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, sources: PaletteSources, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._sources = sources
        self._before: QWidget | None = None
        self._has_stepped = False
        self.recent: tuple[tuple[Kind, str], ...] = ()
        self._model = PaletteModel(self)
        self._panel = QFrame(self)
        self._panel.setProperty("role", "card")
        self.field = PaletteField(self._panel)
        self.field.setPlaceholderText(self.tr("Go to a note, a chat, a setting, or do something"))
        self.field.setAccessibleName(self.tr("Go to anything"))
        self.field.setAccessibleDescription(self.tr("Type, choose with the arrow keys, and press Enter."))
        self.view = QListView(self._panel)
        self.view.setModel(self._model)
        self.view.setItemDelegate(PaletteDelegate(self.view, theme))
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(self.tr("What was found"))
        self.nothing = make_label(self.tr("Nothing is called that."), "soft", wraps=True)
        self.nothing.setContentsMargins(12, 8, 12, 8)
        self.hint = make_label(self.tr("↑ ↓ choose   ·   Enter goes there   ·   Esc closes"), "small")
        self.hint.setContentsMargins(12, 2, 12, 4)
        layout = QVBoxLayout(self._panel)
        layout.setContentsMargins(8, 8, 8, 6)
        layout.setSpacing(6)
        for widget in (self.field, self.view, self.nothing, self.hint):
            layout.addWidget(widget)
        self.setAccessibleName(self.tr("Go to anything"))
        self.hide()
        self.field.textChanged.connect(self._on_typed)
        self.field.stepped.connect(self._step)
        self.field.taken.connect(self._take)
        self.field.left.connect(self.close_palette)
        self.view.clicked.connect(self._take)
        sources.changed.connect(self._show_rows)
        theme.changed.connect(self.fit)

    @property
    def rows(self) -> tuple[Entry, ...]:
        return self._model.rows

    def current(self) -> Entry | None:
        found = self.view.currentIndex().data(PaletteModel.ENTRY_ROLE)
        return found if isinstance(found, Entry) else None

    def open_palette(self, folders: tuple[FolderInfo, ...]) -> None:
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self._sources.open(folders)
        self.field.clear()
        self._has_stepped = False
        self._show_rows()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_palette(self) -> None:
        if self.isHidden():
            return
        self._sources.stop()
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()

    def forget(self, kind: Kind, key: str) -> None:
        """It is no longer there."""
        self.recent = tuple(place for place in self.recent if place != (kind, key))

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def _on_typed(self, typed: str) -> None:
        self._sources.look(typed)
        self._has_stepped = False
        self._show_rows()
        if self.isVisible():
            self._announce(self._count_words())

    def _show_rows(self) -> None:
        """The row that the keys have gone to stays; else the first one is ready for Enter."""
        typed = self.field.text().strip()
        entries = self._sources.entries()
        rows = ranked(typed, entries, self.recent) if typed else at_rest(entries, self.recent)
        kept = self.current() if self._has_stepped else None
        if rows != self._model.rows or typed != self._model.typed:
            self._model.show_rows(rows, typed)
        places = [entry.place for entry in rows]
        row = places.index(kept.place) if kept is not None and kept.place in places else 0
        self.view.setCurrentIndex(self._model.index(row, 0) if rows else QModelIndex())
        self.view.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.fit()

    def _step(self, rows: int) -> None:
        count = self._model.rowCount()
        if not count:
            return
        self._has_stepped = True
        row = self.view.currentIndex().row() + rows
        if abs(rows) == 1:
            row %= count
        self.view.setCurrentIndex(self._model.index(max(0, min(count - 1, row)), 0))
        entry = self.current()
        if entry is not None:
            self._announce(spoken(entry))

    def _take(self, _index: object = None) -> None:
        entry = self.current()
        if entry is None:
            return
        self.recent = (entry.place, *(place for place in self.recent if place != entry.place))[:MOST_RECENT]
        self.close_palette()
        self.chosen.emit(entry)

    def _count_words(self) -> str:
        count = self._model.rowCount()
        if not count:
            return self.nothing.text()
        first = self.current()
        found = self.tr("1 found") if count == 1 else self.tr("{n} found").format(n=count)
        return f"{found}. {spoken(first)}" if first is not None else found

    def _announce(self, text: str) -> None:
        """The focus stays in the field, so a screen reader has to be told what happens in the list."""
        announce(self.field, text)

    # ---- Qt's side -------------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Lie on the whole window, whatever its size has become."""
        window = self.parentWidget()
        if window is None:
            return
        self.setGeometry(window.rect())
        px = self._theme.px
        width = min(px(WIDTH_PX), window.width() - 32)
        top = min(px(TOP_PX), window.height() // 8)
        rest = self.field.sizeHint().height() + self.hint.sizeHint().height() + px(32)
        most = (window.height() - top - 24 - rest) // px(ROW_PX)
        rows = max(1, min(ROWS_SHOWN, most, self._model.rowCount()))
        self.view.setFixedHeight(rows * px(ROW_PX))
        self._panel.setGeometry((window.width() - width) // 2, top, width, self._panel.sizeHint().height())

    def showEvent(self, _event: QShowEvent) -> None:
        self.fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 70))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._panel.geometry().contains(event.position().toPoint()):
            self.close_palette()
