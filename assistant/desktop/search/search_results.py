"""Search as you type: the newest query wins, its words are marked where they stand, and the arrow keys walk through the hits."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QMenu, QPushButton, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import MenuKey, make_button, make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import count_questions, error_words, join, translate
from assistant.desktop.notes.known_folders import KnownFolders
from assistant.desktop.notes.note_actions import SHOW_KEYS, NoteActions, Place, key_hint
from assistant.desktop.search.hits import Hit, HitDelegate, HitsModel, hit_of, unread_hit, words_of
from assistant.desktop.search.marking import query_words
from assistant.domain.answers import Passage
from assistant.domain.errors import AssistantError
from assistant.domain.order import ResultOrder
from assistant.domain.search import Understood
from assistant.ipc.engine_messages import SearchDone, SearchNotes

TYPING_PAUSE_MS = 120
"""Long enough to skip the letters of a fast typist, short enough to feel immediate."""


class SearchResults(QWidget):
    """Owns the running search.

    Signals:
        passage_chosen(Passage), conversation_chosen(int), turn_chosen(int, int): a hit was clicked or Enter was pressed on it; a turn of
            a conversation where the words stand in one.
        question_asked(str): nothing was found and the words are to be asked as a question.
        understood(str, Understood): what was typed was answered, and this is what the engine took it for.
        why_asked(str, int, str): why a note is here, or is not: query, folder, note; without a note the user is to choose one.
        all_asked: search again without the filters.
    """

    passage_chosen = Signal(object)
    conversation_chosen = Signal(int)
    turn_chosen = Signal(int, int)
    question_asked = Signal(str)
    understood = Signal(str, object)
    why_asked = Signal(str, int, str)
    all_asked = Signal()

    def __init__(self, client: EngineClient, theme: Theme, actions: NoteActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._actions = actions
        self._folders = KnownFolders(client, self)
        self._typed = self._query = ""
        self._order = ResultOrder.BEST
        self._request_id = 0
        self.chats_first = False
        self._chooses_when_done = False
        self._model = HitsModel(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._send)
        self.view = QListView(self)
        self.view.setModel(self._model)
        self.view.setItemDelegate(HitDelegate(self.view, theme))
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(self.tr("Search results"))
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.clicked.connect(self._on_clicked)
        self.view.activated.connect(self._on_clicked)
        self.view.customContextMenuRequested.connect(self._show_menu)
        MenuKey(self.view).menu_asked.connect(self._show_menu)
        self.view.setDragEnabled(True)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        actions.watch_keys(self.view, self._current_note)
        self._notice = make_label("", "soft", wraps=True)
        self._notice.setContentsMargins(10, 8, 10, 4)
        self._ask = QPushButton(self.tr("Ask it as a question"), self)
        self._ask.clicked.connect(self._on_ask)
        self._ask.hide()
        self.without_filters = make_button(self.tr("Search without filters"), parent=self)
        self.without_filters.clicked.connect(self.all_asked)
        self.without_filters.hide()
        self.missing = make_button(self.tr("A note is missing?"), "link", parent=self)
        self.missing.clicked.connect(self._on_missing)
        self.missing.hide()
        self._lay_out()
        theme.changed.connect(self.view.scheduleDelayedItemsLayout)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._notice)
        for button in (self.without_filters, self._ask):
            indent = QHBoxLayout()
            indent.setContentsMargins(10, 0, 10, 0)
            indent.addWidget(button)
            indent.addStretch(1)
            layout.addLayout(indent)
        layout.addWidget(self.view, 1)
        below = QHBoxLayout()
        below.setContentsMargins(5, 0, 10, 0)
        below.addWidget(self.missing)
        below.addStretch(1)
        layout.addLayout(below)
        layout.addStretch(0)

    @property
    def notice(self) -> str:
        return self._notice.text()

    def search(self, query: str) -> None:
        """Search for what is typed. An empty query forgets everything."""
        self._typed, self._query = query, query.strip()
        self._chooses_when_done = False
        self._forget()
        if self._query:
            self._pause.start()
        else:
            self._pause.stop()
            self._model.show_hits((), ())
            self._say("")
            self.missing.hide()

    @property
    def order(self) -> ResultOrder:
        return self._order

    def set_order(self, order: ResultOrder) -> None:
        """What is shown is asked for again."""
        if order is not self._order:
            self._order = order
            if self._query:
                self._send()

    def step(self, rows: int) -> None:
        """Move the current hit, from the search field."""
        count = self._model.rowCount()
        if count:
            current = self.view.currentIndex().row()
            self.view.setCurrentIndex(self._model.index(max(0, min(count - 1, current + rows)), 0))

    def choose(self) -> None:
        """Open the current hit, or the first one; what is shown may still be of an older query, then the first one of this."""
        if self._pause.isActive() or self._request_id:
            self._chooses_when_done = True
            if self._pause.isActive():
                self._pause.stop()
                self._send()
            return
        index = self.view.currentIndex()
        if not index.isValid():
            index = self._model.index(0, 0)
        if index.isValid():
            self._on_clicked(index)

    def _send(self) -> None:
        self._forget()
        self._request_id = self._client.request(
            SearchNotes(self._query, order=self._order), self._on_done, self._on_failed
        )

    def _forget(self) -> None:
        if self._request_id:
            self._client.forget(self._request_id)
            self._request_id = 0

    def _on_done(self, done: SearchDone) -> None:
        self._request_id = 0
        words = done.found or query_words(words_of(self._query, done.understood))
        hits = self._hits(done, words)
        self._model.show_hits(hits, words)
        self.understood.emit(self._typed, done.understood)
        if hits:
            self._say("" if done.complete else self.tr("Found by their words. Meaning is still being read."))
            self.view.scrollToTop()
        else:
            self._say(self._nothing_found(done.understood), can_ask=bool(done.understood.words.strip()))
            self.without_filters.setVisible(bool(done.understood.filters))
        self.view.setVisible(bool(hits))
        self.missing.show()
        if self._chooses_when_done:
            self._chooses_when_done = False
            self.choose()

    def _hits(self, done: SearchDone, words: tuple[str, ...]) -> list[Hit]:
        """Notes with their texts, then those that have none as yet; chats after them, or first if chats are what is looked at."""
        is_dated = self._order in {ResultOrder.NEWEST, ResultOrder.OLDEST} and len(done.dates_s) == len(done.passages)
        dates_s = done.dates_s if is_dated else (0.0,) * len(done.passages)
        hits = [hit_of(passage, words, date_s) for passage, date_s in zip(done.passages, dates_s, strict=True)]
        hits += [unread_hit(file, self._folders.whole_note(file)) for file in done.unread]
        chats = [
            Hit(chat.title, translate("SearchResults", "Chat") + " · " + count_questions(chat.turns), chat.found, chat)
            for chat in done.conversations
        ]
        return chats + hits if self.chats_first else hits + chats

    def _nothing_found(self, understood: Understood) -> str:
        if not understood.filters:
            nothing = self.tr("Nothing in your notes has “{query}”.").format(query=self._query)
            return join(nothing, self.tr("Try fewer or other words."))
        if not understood.words.strip():
            return self.tr("No note fits these filters.")
        return self.tr("Nothing has “{query}” within these filters.").format(query=understood.words.strip())

    def _on_failed(self, error: AssistantError) -> None:
        self._request_id = 0
        self._model.show_hits((), ())
        self.understood.emit(self._typed, Understood())
        self._say(error_words(error).happened)
        self.missing.hide()

    def _say(self, text: str, *, can_ask: bool = False) -> None:
        self._notice.setText(text)
        self._notice.setVisible(bool(text))
        self._ask.setVisible(can_ask)
        self.without_filters.hide()

    # ---- the menu of a hit -------------------------------------------------------------------------------------------------

    def build_menu(self, index: QModelIndex) -> QMenu | None:
        """The menu of a hit; chats have none."""
        hit = self._model.hit(index)
        if hit is None or not isinstance(hit.target, Passage):
            return None
        place = Place(hit.target)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Show") + key_hint(SHOW_KEYS), self.choose)
        self._actions.add_about(menu, place)
        menu.addAction(self.tr("Why is this here?"), self._on_why)
        menu.addSeparator()
        self._actions.add_paths(menu, place)
        self._actions.add_again(menu, place)
        folder = self._folders.folder(hit.target.folder_id)
        can_exclude = folder is not None and not folder.is_file
        self._actions.add_partings(menu, Place(hit.target, can_exclude=can_exclude), can_forget=True)
        return menu

    def _current_note(self) -> Passage | None:
        hit = self._model.hit(self.view.currentIndex())
        return hit.target if hit is not None and isinstance(hit.target, Passage) else None

    def _show_menu(self, at: QPoint) -> None:
        # From the keyboard the place may be anywhere: then the current hit is meant.
        index = self.view.indexAt(at)
        if not index.isValid():
            index = self.view.currentIndex()
        if index.isValid():
            self.view.setCurrentIndex(index)
            menu = self.build_menu(index)
            if menu is not None:
                menu.popup(self.view.viewport().mapToGlobal(at))

    def _on_why(self) -> None:
        hit = self.view.currentIndex().data(HitsModel.HIT_ROLE)
        if isinstance(hit, Hit) and isinstance(hit.target, Passage):
            self.why_asked.emit(self._query, hit.target.folder_id, hit.target.note)

    def _on_missing(self) -> None:
        self.why_asked.emit(self._query, 0, "")

    def _on_ask(self) -> None:
        self.question_asked.emit(self._query)

    def _on_clicked(self, index: QModelIndex) -> None:
        hit = index.data(HitsModel.HIT_ROLE)
        if isinstance(hit, Hit):
            self.view.setCurrentIndex(index)
            if isinstance(hit.target, Passage):
                self.passage_chosen.emit(hit.target)
            elif hit.target.found_turn:
                self.turn_chosen.emit(hit.target.id, hit.target.found_turn)
            else:
                self.conversation_chosen.emit(hit.target.id)
