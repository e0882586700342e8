"""The field on top of the library: the query, and at its end a button for narrowing it without typing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import IconButton
from assistant.desktop.common.filter_writing import NAMES
from assistant.desktop.common.icons import make_icon
from assistant.desktop.common.offset_map import utf16_length
from assistant.desktop.common.suggestions import STEPS
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import is_chinese
from assistant.desktop.search.days_dialog import DaysDialog
from assistant.desktop.search.filter_completion import FilterCompletion
from assistant.desktop.search.filter_menu import FilterMenu
from assistant.desktop.search.filter_typing import moved_stretch, with_space_around
from assistant.domain.search import FilterKey, QueryFilter, Understood

LONGEST_QUERY = 400
BUTTON_PX = 28


class SearchField(QLineEdit):
    """Owns the completion of filters and the menu of them.

    Signals:
        stepped(int): an arrow key asks for so many rows further down in the hits.
    """

    stepped = Signal(int)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self._understood_text, self._understood = "", Understood()
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

    # ---- filters ---------------------------------------------------------------------------------------------------------

    @property
    def filters(self) -> tuple[QueryFilter, ...]:
        """Those of the query as the engine understood it last."""
        return self._understood.filters

    def set_understood(self, text: str, understood: Understood) -> None:
        """text: the field's text that was understood; its query is the text without the space around it."""
        self._understood_text, self._understood = text, understood

    def take_out(self, found: QueryFilter) -> None:
        """Remove a filter, wherever its stretch stands by now; one that was edited since stays."""
        lead = len(self._understood_text) - len(self._understood_text.lstrip())
        text = self.text()
        place = moved_stretch(self._understood_text, text, found.start + lead, found.end + lead)
        if place is not None:
            self.remove(*with_space_around(text, *place))
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_out_all(self) -> None:
        """Search for the words alone."""
        words = self._understood.words
        self.selectAll()
        self.insert(words)

    def add_filter(self, key: str, value: str) -> None:
        """value: as it is written after the key. Of days there is one filter at most, or they would mean both."""
        if key == FilterKey.DATE:
            for found in reversed(self.filters):
                if found.key is FilterKey.DATE and not found.excludes:
                    self.take_out(found)
        name = NAMES[key][is_chinese()]
        self._append(f"{name}:{value} ")

    def show_filters(self) -> None:
        self.build_menu().popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def build_menu(self) -> FilterMenu:
        """Every filter, to be chosen or, where its values are too many, begun in the field."""
        menu = FilterMenu(self._client, self.filters, self)
        menu.begun.connect(self._on_begun)
        menu.chosen.connect(self.add_filter)
        menu.taken_back.connect(self.take_out)
        menu.days_wanted.connect(self.ask_for_days)
        menu.load()
        return menu

    def ask_for_days(self) -> None:
        dialog = DaysDialog(self)
        dialog.picked.connect(self._on_days)
        dialog.open()

    # ---- Qt's side -------------------------------------------------------------------------------------------------------

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

    def _append(self, written: str) -> None:
        text = self.text()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.end(False)
        self.insert((" " if text and not text[-1].isspace() else "") + written)

    def _on_begun(self, beginning: str) -> None:
        self._append(beginning)
        if beginning == '""':
            self.cursorBackward(False)
        self.completion.look()

    def _on_days(self, days: str) -> None:
        self.add_filter(FilterKey.DATE, days)

    def _dress(self) -> None:
        self._search_icon.setIcon(make_icon(self._theme, "search", "soft", self._theme.px(16)))
        self.setTextMargins(0, 0, self._theme.px(BUTTON_PX - 6), 0)
        self._place_button()

    def _place_button(self) -> None:
        side = self._theme.px(BUTTON_PX)
        gap = max(2, (self.height() - side) // 2)
        self.filter_button.setGeometry(self.width() - side - gap, (self.height() - side) // 2, side, side)
