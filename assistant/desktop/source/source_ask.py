"""What can be done with chosen words: copy them, or ask about them. A quiet button beside the words, a menu, and keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from assistant.desktop.common.controls import make_button
from assistant.desktop.common.glance import one_line
from assistant.desktop.common.theme import Theme
from assistant.desktop.source.source_pages import PageView
from assistant.desktop.source.source_view import SourceView

MOST_CHARS = 600
ASK_KEYS = "Ctrl+Shift+L"


class ChosenWords(QObject):
    """Lives on the UI thread.

    Signals:
        asked(str): the user wants to ask about these words.
    """

    asked = Signal(str)

    def __init__(self, theme: Theme, view: SourceView, pages: PageView, pane: QWidget) -> None:
        super().__init__(pane)
        self._theme = theme
        self._view = view
        self._pages = pages
        self._pane = pane
        self.button = make_button(self.tr("Ask about this"), "chip", "accent", parent=pane)
        self.button.setToolTip(self.tr("Ask about the chosen words ({keys})").format(keys=_shown_keys(ASK_KEYS)))
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by keys it is asked with its shortcut, or from the menu
        self.button.hide()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._place_button)
        self.button.clicked.connect(self.ask)
        view.selectionChanged.connect(self._on_changed)
        pages.words_chosen.connect(self._on_changed)
        for part in (view, pages):
            part.verticalScrollBar().valueChanged.connect(self._settle.start)
            part.viewport().installEventFilter(self)
            part.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            part.customContextMenuRequested.connect(self._on_menu)
        keys = QShortcut(QKeySequence(ASK_KEYS), pane)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.ask)

    def words(self) -> str:
        if self._pages.isVisible():
            return self._pages.chosen_words()
        return self._view.createMimeDataFromSelection().text().strip() if self._view.textCursor().hasSelection() else ""

    def ask(self) -> None:
        words = one_line(self.words())
        if words:
            self.button.hide()
            self.asked.emit(words if len(words) <= MOST_CHARS else words[:MOST_CHARS].rstrip() + "…")

    def copy(self) -> None:
        if words := self.words():
            QGuiApplication.clipboard().setText(words)

    def make_menu(self, link: str = "") -> QMenu:
        """link: the target of the link under the pointer."""
        menu = QMenu(self._pane)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        has_words = bool(self.words())
        self._add(menu, self.tr("Copy"), self.copy, has_words, "Ctrl+C")
        self._add(menu, self.tr("Ask about this"), self.ask, has_words, ASK_KEYS)
        menu.addSeparator()
        if link:
            action = menu.addAction(self.tr("Copy the link"))
            action.setData(link)
            action.triggered.connect(self._on_copy_link)
        self._add(menu, self.tr("Select all"), self._choose_all, True, "Ctrl+A")
        return menu

    # ---- inside ------------------------------------------------------------------------------------------------------------

    @staticmethod
    def _add(menu: QMenu, text: str, slot: object, is_on: bool, keys: str) -> None:
        action = menu.addAction(text)
        action.setEnabled(is_on)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(
            Qt.ShortcutContext.WidgetShortcut
        )  # shown; the views and the pane hear the keys themselves
        action.triggered.connect(slot)

    def _on_copy_link(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            QGuiApplication.clipboard().setText(str(sender.data()))

    def _choose_all(self) -> None:
        if self._pages.isVisible():
            self._pages.choose_all()
        else:
            self._view.selectAll()

    def _on_menu(self, point: QPoint) -> None:
        part = self._pages if self._pages.isVisible() else self._view
        link = self._view.target_at(point) if part is self._view else ""
        self.make_menu(link).popup(part.viewport().mapToGlobal(point))

    def _on_changed(self) -> None:
        self._settle.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The button appears when the words have been chosen, not while they are."""
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonRelease, QEvent.Type.Resize) and (
            not isinstance(event, QMouseEvent) or event.button() == Qt.MouseButton.LeftButton
        ):
            self._settle.start()
        return super().eventFilter(watched, event)

    def _place_button(self) -> None:
        part = self._pages if self._pages.isVisible() else self._view
        being_chosen = bool(QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton)
        if being_chosen or not part.isVisible() or not self.words():
            self.button.hide()
            return
        seen = QRect(part.viewport().mapTo(self._pane, QPoint(0, 0)), part.viewport().size())
        end = self._end_of_words(part)
        if not seen.contains(end):
            self.button.hide()
            return
        self.button.adjustSize()
        size, gap = self.button.size(), self._theme.px(6)
        left = min(max(end.x() - size.width() // 2, seen.left() + gap), seen.right() - size.width() - gap)
        below = end.y() + gap
        top = below if below + size.height() < seen.bottom() else end.y() - self._theme.px(24) - size.height()
        self.button.move(left, top)
        self.button.raise_()
        self.button.show()

    def _end_of_words(self, part: SourceView | PageView) -> QPoint:
        """Below the end of the last line of what is chosen, in the pane."""
        if isinstance(part, PageView):
            rects = part.sheet.chosen_rects()
            corner = rects[-1].bottomRight().toPoint() if rects else QPoint(-1, -1)
            return part.sheet.mapTo(self._pane, corner)
        cursor = part.textCursor()
        cursor.setPosition(cursor.selectionEnd())
        return part.viewport().mapTo(self._pane, part.cursorRect(cursor).bottomLeft())


def _shown_keys(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
