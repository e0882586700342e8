"""The left pane: search on top, then notes or chats, and at the bottom what is being done while something is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from assistant.desktop.chat.chats_list import ChatsList
from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import IconButton, MenuKey, Switch, make_button
from assistant.desktop.common.filter_writing import written_value
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.undo_bar import UndoBar
from assistant.desktop.library.library_menu import LibraryMenu
from assistant.desktop.library.library_model import LibraryModel, Node, whole_note
from assistant.desktop.library.library_view import LibraryView
from assistant.desktop.library.work_panel import WorkPanel
from assistant.desktop.notes.note_actions import NoteActions
from assistant.desktop.search.search_field import SearchField
from assistant.desktop.search.search_filters import FilterChips
from assistant.desktop.search.search_results import SearchResults
from assistant.desktop.search.why_panel import WhyPanel
from assistant.desktop.shell.sort_button import SortButton
from assistant.domain.answers import Passage
from assistant.domain.search import FilterKey, Understood

NOTES, CHATS, RESULTS = range(3)


class LibraryPane(QWidget):
    """Signals:
    passage_chosen(Passage): show this note at this place (text is "" for the note as a whole).
    conversation_chosen(int), conversation_deleted(int), new_chat_asked: as in ChatsList. turn_chosen(int, int): a turn of a conversation.
    question_asked(str): ask these words in the chat.
    folder_wanted: the user wants to add a folder.
    chunks_asked(Passage): show this note's passages as they are indexed.
    page_asked: show how the library stands.
    failed(str): something could not be done, in words.
    forgotten(Passage, int): this note was forgotten, and so many answers with it.
    ask_asked(Passage): a question about this note is to be written.
    changes_asked: show what has changed of late.
    """

    passage_chosen = Signal(object)
    conversation_chosen = Signal(int)
    turn_chosen = Signal(int, int)
    conversation_deleted = Signal(int)
    new_chat_asked = Signal()
    question_asked = Signal(str)
    folder_wanted = Signal()
    chunks_asked = Signal(object)
    page_asked = Signal()
    failed = Signal(str)
    forgotten = Signal(object, int)
    ask_asked = Signal(object)
    changes_asked = Signal()

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self.setProperty("ground", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.search_field = SearchField(client, theme, self)
        self.filters = FilterChips(theme, self.search_field, self)
        self.switch = Switch((self.tr("Notes"), self.tr("Chats")), self)
        self.model = LibraryModel(client, self)
        self.tree = LibraryView(self.model, theme, self)
        self.note_actions = NoteActions(client, self)
        self.menu = LibraryMenu(client, self.note_actions, self)
        self.chats = ChatsList(client, theme, self)
        self.results = SearchResults(client, theme, self.note_actions, self)
        self.work = WorkPanel(client, theme, self)
        self.undo = UndoBar(self)
        self.sorting = SortButton(theme, self)
        self._stack = QStackedWidget(self)
        for page in (self._make_notes_page(), self.chats, self.results):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        layout.addWidget(self.search_field)
        layout.addWidget(self.filters)
        layout.addLayout(self._make_head())
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.undo)
        layout.addWidget(self.work)
        self._connect()

    def focus_search(self) -> None:
        self.search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_field.selectAll()

    def show_list(self, place: int) -> None:
        """Show NOTES or CHATS, ready for the keys."""
        self.search_field.clear()
        self.switch.choose(place)
        view = self.tree if place == NOTES else self.chats.view
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not view.currentIndex().isValid() and view.model().rowCount():
            view.setCurrentIndex(view.model().index(0, 0))

    def show_folder(self, folder_id: int) -> None:
        """Open a watched folder in the tree and go to it."""
        self.show_list(NOTES)
        for row in range(self.model.rowCount()):
            index = self.model.index(row, 0)
            node = self.model.node(index)
            if node is not None and node.folder_id == folder_id:
                self.tree.setCurrentIndex(index)
                self.tree.expand(index)
                self.tree.scrollTo(index)

    def show_folder_named(self, name: str) -> None:
        """The notes of a folder below a watched one, as the search lists them: its name may be that of several."""
        self.search_field.clear()
        self.search_field.add_filter(FilterKey.FOLDER, written_value(name)[0])
        self.search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_note(self, folder_id: int, note: str) -> None:
        """Mark the note that is open at the right; nothing is opened in the tree for it."""
        index = self.model.find(folder_id, note)
        if index.isValid():
            self.tree.setCurrentIndex(index)
        else:
            self.tree.clearSelection()

    @property
    def is_searching(self) -> bool:
        return self._stack.currentIndex() == RESULTS

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def _make_head(self) -> QHBoxLayout:
        self.changes = IconButton(self._theme, "clock", self.tr("What has changed"), self)
        self.changes.clicked.connect(self.changes_asked)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.switch, 1)
        row.addWidget(self.changes)
        row.addWidget(self.sorting)
        return row

    def _make_notes_page(self) -> QWidget:
        page = QWidget(self)
        add = make_button(self.tr("Add a folder…"), "link", "accent")
        add.clicked.connect(self.folder_wanted)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.tree, 1)
        inside = make_button(self.tr("Inside the library"), "link")
        inside.clicked.connect(self.page_asked)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(add)
        row.addStretch(1)
        row.addWidget(inside)
        layout.addLayout(row)
        return page

    def _connect(self) -> None:
        self.search_field.stepped.connect(self.results.step)
        self.search_field.textChanged.connect(self._on_query_changed)
        self.search_field.returnPressed.connect(self.results.choose)
        self.switch.chosen.connect(self._on_switched)
        self.tree.note_chosen.connect(self._on_note_chosen)
        self.tree.customContextMenuRequested.connect(self._on_menu_asked)
        MenuKey(self.tree).menu_asked.connect(self._on_menu_asked)
        self.menu.note_chosen.connect(self._on_note_chosen)
        self.menu.failed.connect(self.failed)
        self.menu.chunks_asked.connect(self._on_chunks_asked)
        self.menu.page_asked.connect(self.page_asked)
        self.note_actions.failed.connect(self.failed)
        self.note_actions.forgotten.connect(self.forgotten)
        self.note_actions.ask_asked.connect(self.ask_asked)
        self.note_actions.excluded.connect(self._on_excluded)
        self.undo.undo_asked.connect(self.note_actions.undo_exclude)
        self.note_actions.watch_keys(self.tree, self._current_note)
        self.sorting.tree_order_chosen.connect(self.model.set_order)
        self.sorting.result_order_chosen.connect(self.results.set_order)
        self.results.passage_chosen.connect(self.passage_chosen)
        self.results.conversation_chosen.connect(self.conversation_chosen)
        self.results.turn_chosen.connect(self.turn_chosen)
        self.results.question_asked.connect(self._on_question_asked)
        self.results.understood.connect(self._on_understood)
        self.results.why_asked.connect(self._on_why_asked)
        self.results.all_asked.connect(self.search_field.take_out_all)
        self.menu.why_asked.connect(self._on_why_asked)
        self.chats.conversation_chosen.connect(self.conversation_chosen)
        self.chats.conversation_deleted.connect(self.conversation_deleted)
        self.chats.new_chat_asked.connect(self.new_chat_asked)

    def _on_query_changed(self, text: str) -> None:
        self._show(RESULTS if text.strip() else self.switch.current)
        if not text.strip():
            self.filters.forget()
        self.results.chats_first = self.switch.current == CHATS
        self.results.search(text)

    def _show(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self.sorting.show_for(is_searching=place == RESULTS, is_sortable=place != CHATS)

    def _current_note(self) -> Passage | None:
        node = self.tree.current_node()
        return whole_note(node) if node is not None and not node.is_folder else None

    def _on_excluded(self, name: str) -> None:
        self.undo.offer(self.tr("“{name}” is left out of the library.").format(name=name))

    def _on_understood(self, text: str, understood: Understood) -> None:
        self.menu.last_query = text.strip()
        self.filters.show_understood(text, understood)

    def _on_why_asked(self, query: str, folder_id: int, note: str) -> None:
        """note: "" when the user is to choose one."""
        panel = WhyPanel(self._client, self._theme, query, self)
        panel.explain(folder_id, note)
        panel.open()

    def _on_switched(self, place: int) -> None:
        if self.search_field.text():
            self.search_field.clear()
        self._show(place)

    def _on_question_asked(self, text: str) -> None:
        self.search_field.clear()
        self.question_asked.emit(text)

    def _on_note_chosen(self, node: Node) -> None:
        self.passage_chosen.emit(whole_note(node))

    def _on_chunks_asked(self, node: Node) -> None:
        self.chunks_asked.emit(whole_note(node))

    def _on_menu_asked(self, at: QPoint) -> None:
        index = self.tree.indexAt(at)
        node = self.model.node(index)
        if node is not None:
            self.tree.setCurrentIndex(index)
            self.menu.popup(node, self.tree.viewport().mapToGlobal(at))
