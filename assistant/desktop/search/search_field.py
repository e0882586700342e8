"""The field on top of the library: the query, and at its end a button that shows by what a search can be narrowed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import IconButton
from assistant.desktop.common.filter_writing import NAMES
from assistant.desktop.common.icons import make_icon
from assistant.desktop.common.offset_map import utf16_length
from assistant.desktop.common.suggestions import STEPS
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import is_chinese, translate
from assistant.desktop.search.filter_completion import FilterCompletion

LONGEST_QUERY = 400
BUTTON_PX = 28


class SearchField(QLineEdit):
    """Owns the completion of filters and the menu that teaches them.

    Signals:
        stepped(int): an arrow key asks for so many rows further down in the hits.
    """

    stepped = Signal(int)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("Search")
        self.setPlaceholderText(self.tr("Search notes and chats"))
        self.setAccessibleName(self.tr("Search notes and chats"))
        names = ", ".join(f"{names[is_chinese()]}:" for names in NAMES.values())
        self.setToolTip(self.tr("Narrow a search with {filters}").format(filters=names))
        self.setMaxLength(LONGEST_QUERY)
        self.setClearButtonEnabled(False)
        self._search_icon = QAction(self)
        self.addAction(self._search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self.filter_button = IconButton(theme, "filter", self.tr("Filters"), self)
        self.filter_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.filter_button.setCursor(Qt.CursorShape.ArrowCursor)
        self.filter_button.clicked.connect(self.show_filters)
        self.completion = FilterCompletion(client, theme, self)
        theme.changed.connect(self._dress)
        self._dress()

    def remove(self, start: int, end: int) -> None:
        """Take the stretch `text()[start:end]` out, as an edit that can be undone."""
        text = self.text()
        self.setSelection(utf16_length(text[:start]), utf16_length(text[start:end]))
        self.insert("")

    def show_filters(self) -> None:
        menu = self.build_menu()
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))
        if self.filter_button.hasFocus():
            menu.setActiveAction(menu.actions()[0])

    def build_menu(self) -> QMenu:
        """Every filter with an example; choosing one begins it in the field."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("Filters"))
        for key, what in _titles().items():
            name = NAMES[key][is_chinese()]
            self._add(menu, what, f"{name}:{_examples()[key]}", f"{name}:")
        menu.addSeparator()
        tag = NAMES["tag"][is_chinese()]
        draft = self.tr("draft")
        self._add(menu, self.tr("Leave out"), f"-{tag}:{draft}", f"-{tag}:")
        self._add(menu, self.tr("Exact words"), self.tr('"big picture"'), '""')
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys belong to the list of completions while it is open; then arrows walk through the hits and Esc clears the field."""
        if self.completion.take_key(event):
            return
        rows = STEPS.get(Qt.Key(event.key()))
        if rows is not None:
            self.stepped.emit(rows)
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Tab never reaches keyPressEvent while it can move the focus.
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            if self.completion.take_key(event):
                return True
        elif event.type() in {QEvent.Type.Hide, QEvent.Type.FocusOut}:
            self.completion.close()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.completion.close()
        self._place_button()

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def _add(self, menu: QMenu, what: str, example: str, beginning: str) -> None:
        action = menu.addAction(f"{what}\t{example}", self._on_chosen)
        action.setData(beginning)

    def _on_chosen(self) -> None:
        action = self.sender()
        if not isinstance(action, QAction):
            return
        beginning = str(action.data())
        text = self.text()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.end(False)
        self.insert((" " if text and not text[-1].isspace() else "") + beginning)
        if beginning == '""':
            self.cursorBackward(False)
        self.completion.look()

    def _dress(self) -> None:
        self._search_icon.setIcon(make_icon(self._theme, "search", "soft", self._theme.px(16)))
        self.setTextMargins(0, 0, self._theme.px(BUTTON_PX - 6), 0)
        self._place_button()

    def _place_button(self) -> None:
        side = self._theme.px(BUTTON_PX)
        gap = max(2, (self.height() - side) // 2)
        self.filter_button.setGeometry(self.width() - side - gap, (self.height() - side) // 2, side, side)


def _titles() -> dict[str, str]:
    return {
        "folder": translate("Filters", "Folder"),
        "type": translate("Filters", "Type"),
        "tag": translate("Filters", "Tag"),
        "title": translate("Filters", "Title"),
        "after": translate("Filters", "After"),
        "before": translate("Filters", "Before"),
        "date": translate("Filters", "Date"),
    }


def _examples() -> dict[str, str]:
    return {
        "folder": translate("Filters", "work"),
        "type": "pdf",
        "tag": translate("Filters", "garden"),
        "title": translate("Filters", "lisbon"),
        "after": "2026-03",
        "before": "2026-03-31",
        "date": translate("Filters", "last-week"),
    }
