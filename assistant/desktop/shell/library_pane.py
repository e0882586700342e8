"""The left pane: search on top, then notes or chats, and at the bottom what is being done while something is."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from assistant.desktop.chat.chats_list import ChatsList
from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import MenuKey, Switch, make_button
from assistant.desktop.common.theme import Theme
from assistant.desktop.library.library_menu import LibraryMenu
from assistant.desktop.library.library_model import LibraryModel, Node, name_of
from assistant.desktop.library.library_view import LibraryView
from assistant.desktop.library.work_panel import WorkPanel
from assistant.desktop.search.search_field import SearchField
from assistant.desktop.search.search_filters import FilterChips
from assistant.desktop.search.search_results import SearchResults
from assistant.desktop.search.why_panel import WhyPanel
from assistant.domain.answers import Passage
from assistant.domain.search import Understood

NOTES, CHATS, RESULTS = range(3)


class LibraryPane(QWidget):
    """Signals:
    passage_chosen(Passage): show this note at this place (text is "" for the note as a whole).
    conversation_chosen(int), conversation_deleted(int), new_chat_asked: as in ChatsList.
    question_asked(str): ask these words in the chat.
    folder_wanted: the user wants to add a folder.
    chunks_asked(Passage): show this note's passages as they are indexed.
    page_asked: show how the library stands.
    failed(str): something could not be done, in words.
    forgotten(int): a note was forgotten, and so many answers with it.
    """

    passage_chosen = Signal(object)
    conversation_chosen = Signal(int)
    conversation_deleted = Signal(int)
    new_chat_asked = Signal()
    question_asked = Signal(str)
    folder_wanted = Signal()
    chunks_asked = Signal(object)
    page_asked = Signal()
    failed = Signal(str)
    forgotten = Signal(int)

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
        self.menu = LibraryMenu(client, self)
        self.chats = ChatsList(client, theme, self)
        self.results = SearchResults(client, theme, self)
        self.work = WorkPanel(client, theme, self)
        self._stack = QStackedWidget(self)
        for page in (self._make_notes_page(), self.chats, self.results):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        for widget in (self.search_field, self.filters, self.switch):
            layout.addWidget(widget)
        layout.addWidget(self._stack, 1)
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
        self.menu.forgotten.connect(self.forgotten)
        self.results.passage_chosen.connect(self.passage_chosen)
        self.results.conversation_chosen.connect(self.conversation_chosen)
        self.results.question_asked.connect(self._on_question_asked)
        self.results.understood.connect(self._on_understood)
        self.results.why_asked.connect(self._on_why_asked)
        self.menu.why_asked.connect(self._on_why_asked)
        self.chats.conversation_chosen.connect(self.conversation_chosen)
        self.chats.conversation_deleted.connect(self.conversation_deleted)
        self.chats.new_chat_asked.connect(self.new_chat_asked)

    def _on_query_changed(self, text: str) -> None:
        self._stack.setCurrentIndex(RESULTS if text.strip() else self.switch.current)
        if not text.strip():
            self.filters.forget()
        self.results.search(text)

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
        self._stack.setCurrentIndex(place)

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


def whole_note(node: Node) -> Passage:
    """A note as a passage without a place: the source pane shows it from its beginning."""
    root = node
    while root.folder is None and root.parent is not None:
        root = root.parent
    folder = root.folder
    note = node.under
    path = folder.path if folder is not None else ""
    if folder is not None and folder.is_file:
        note = note or PurePath(path).name
    else:
        path = str(PurePath(path, *note.split("/")))
    title = (node.file.title if node.file is not None else "") or name_of(node)
    return Passage(folder_id=node.folder_id, note=note, note_path=path, title=title, text="", start=0, end=0, score=0.0)
