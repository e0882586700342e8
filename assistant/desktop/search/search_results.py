"""Search as you type: the newest query wins, its words are marked where they stand, and the arrow keys walk through the hits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import MenuKey, make_button
from assistant.desktop.common.glance import one_line
from assistant.desktop.common.painting import (
    find_words,
    marked_layout,
    paint_row_ground,
    paint_text,
    plain_tip,
)
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import count_questions, error_words, translate
from assistant.domain.answers import Conversation, Passage
from assistant.domain.errors import AssistantError
from assistant.domain.search import Understood
from assistant.ipc.engine_messages import SearchDone, SearchNotes

TYPING_PAUSE_MS = 120
"""Long enough to skip the letters of a fast typist, short enough to feel immediate."""
SNIPPET_CHARS = 220
LEAD_CHARS = 30


@dataclass(frozen=True, slots=True)
class Hit:
    """A row: a passage of a note, or a conversation."""

    title: str
    place: str
    snippet: str
    target: Passage | Conversation


def query_words(query: str) -> tuple[str, ...]:
    """The words of a query as they are looked for in a shown text. Chinese text has no spaces: its runs are also cut in pairs."""
    words: list[str] = []
    for word in re.findall(r"\w+", query.lower()):
        words.append(word)
        for run in re.findall(r"[\u3400-\u9fff]{3,}", word):
            words += [run[i : i + 2] for i in range(len(run) - 1)]
    return tuple(dict.fromkeys(words))


def words_of(query: str, understood: Understood) -> str:
    """What is looked for in a query: without its filters, and without days counted from today, which no note spells so."""
    if not understood.filters and not understood.dates:
        return query
    words = understood.words
    for days in reversed(understood.dates):
        if days.is_relative:
            words = f"{words[: days.start]} {words[days.end :]}"
    return words


def snippet_of(text: str, words: Sequence[str]) -> str:
    """The part of a passage around its first found word."""
    text = one_line(text)
    found = find_words(text, words)
    if not found or found[0][0] <= LEAD_CHARS:
        return text[:SNIPPET_CHARS]
    start = found[0][0] - LEAD_CHARS
    space = text.find(" ", start, found[0][0])
    start = space + 1 if space >= 0 else start
    return "…" + text[start : start + SNIPPET_CHARS]


def hit_of(passage: Passage, words: Sequence[str]) -> Hit:
    folder, _, name = passage.note.rpartition("/")
    place = [folder] if folder else []
    place += passage.heading_path[-1:]
    if passage.page is not None:
        place.append(translate("SearchResults", "page {n}").format(n=passage.page))
    return Hit(name or passage.title, " · ".join(place), snippet_of(passage.text, words), passage)


class HitsModel(QAbstractListModel):
    HIT_ROLE = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: tuple[Hit, ...] = ()
        self.words: tuple[str, ...] = ()

    def show_hits(self, hits: Sequence[Hit], words: tuple[str, ...]) -> None:
        self.beginResetModel()
        self._hits, self.words = tuple(hits), words
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._hits):
            return None
        hit = self._hits[index.row()]
        if role == self.HIT_ROLE:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (hit.title, hit.place, hit.snippet) if part)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(hit.target, Passage):
            return plain_tip(hit.target.note)
        return None


class HitDelegate(QStyledItemDelegate):
    """Title, place, and two lines of the passage with the found words marked."""

    def __init__(self, parent: QObject, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hit = index.data(HitsModel.HIT_ROLE)
        lines = 22 + (18 if hit is not None and hit.place else 0) + (42 if hit is not None and hit.snippet else 0)
        return QSize(80, self._theme.px(lines) + self._theme.gap_px(14))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        hit = index.data(HitsModel.HIT_ROLE)
        model = index.model()
        if not isinstance(hit, Hit) or not isinstance(model, HitsModel):
            return
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, option, theme)
        rect: QRect = option.rect.adjusted(10, theme.gap_px(6), -10, -theme.gap_px(6))
        title = QRect(rect.left(), rect.top(), rect.width(), theme.px(22))
        elide = Qt.TextElideMode.ElideMiddle
        paint_text(painter, title, hit.title, theme.font("interface", bold=True), theme.color("ink"), elide=elide)
        top = title.bottom() + 1
        if hit.place:
            place = QRect(rect.left(), top, rect.width(), theme.px(18))
            paint_text(painter, place, hit.place, theme.font("small"), theme.color("soft"), elide=elide)
            top = place.bottom() + 1
        if hit.snippet:
            marks = find_words(hit.snippet, model.words)
            layout = marked_layout(hit.snippet, marks, theme.font("small"), theme, rect.width(), 2)
            painter.setPen(theme.color("soft"))
            layout.draw(painter, QPointF(rect.left(), top + theme.px(3)))
        painter.restore()


class SearchResults(QWidget):
    """Owns the running search.

    Signals:
        passage_chosen(Passage), conversation_chosen(int), turn_chosen(int, int): a hit was clicked or Enter was pressed on it; a turn of
            a conversation where the words stand in one.
        question_asked(str): nothing was found and the words are to be asked as a question.
        understood(str, Understood): what was typed was answered, and this is what the engine took it for.
        why_asked(str, int, str): why a note is here, or is not: query, folder, note; without a note the user is to choose one.
    """

    passage_chosen = Signal(object)
    conversation_chosen = Signal(int)
    turn_chosen = Signal(int, int)
    question_asked = Signal(str)
    understood = Signal(str, object)
    why_asked = Signal(str, int, str)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._typed = self._query = ""
        self._request_id = 0
        self.chats_first = False
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
        self._notice = QLabel(self)
        self._notice.setTextFormat(Qt.TextFormat.PlainText)
        self._notice.setWordWrap(True)
        self._notice.setProperty("role", "soft")
        self._notice.setContentsMargins(10, 8, 10, 4)
        self._ask = QPushButton(self.tr("Ask it as a question"), self)
        self._ask.clicked.connect(self._on_ask)
        self._ask.hide()
        self.missing = make_button(self.tr("A note is missing?"), "link", parent=self)
        self.missing.clicked.connect(self._on_missing)
        self.missing.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._notice)
        indent = QHBoxLayout()
        indent.setContentsMargins(10, 0, 10, 0)
        indent.addWidget(self._ask)
        indent.addStretch(1)
        layout.addLayout(indent)
        layout.addWidget(self.view, 1)
        below = QHBoxLayout()
        below.setContentsMargins(5, 0, 10, 0)
        below.addWidget(self.missing)
        below.addStretch(1)
        layout.addLayout(below)
        layout.addStretch(0)
        theme.changed.connect(self.view.scheduleDelayedItemsLayout)

    @property
    def notice(self) -> str:
        return self._notice.text()

    def search(self, query: str) -> None:
        """Search for what is typed. An empty query forgets everything."""
        self._typed, self._query = query, query.strip()
        self._forget()
        if self._query:
            self._pause.start()
        else:
            self._pause.stop()
            self._model.show_hits((), ())
            self._say("")
            self.missing.hide()

    def step(self, rows: int) -> None:
        """Move the current hit, from the search field."""
        count = self._model.rowCount()
        if count:
            current = self.view.currentIndex().row()
            self.view.setCurrentIndex(self._model.index(max(0, min(count - 1, current + rows)), 0))

    def choose(self) -> None:
        """Open the current hit, or the first one."""
        index = self.view.currentIndex()
        if not index.isValid():
            index = self._model.index(0, 0)
        if index.isValid():
            self._on_clicked(index)

    def _send(self) -> None:
        self._forget()
        self._request_id = self._client.request(SearchNotes(self._query), self._on_done, self._on_failed)

    def _forget(self) -> None:
        if self._request_id:
            self._client.forget(self._request_id)
            self._request_id = 0

    def _on_done(self, done: SearchDone) -> None:
        self._request_id = 0
        words = query_words(words_of(self._query, done.understood))
        hits = [hit_of(passage, words) for passage in done.passages]
        chats = [
            Hit(chat.title, translate("SearchResults", "Chat") + " · " + count_questions(chat.turns), chat.found, chat)
            for chat in done.conversations
        ]
        hits = chats + hits if self.chats_first else hits + chats
        self._model.show_hits(hits, words)
        self.understood.emit(self._typed, done.understood)
        if hits:
            self._say("" if done.complete else self.tr("Found by their words. Meaning is still being read."))
            self.view.scrollToTop()
        else:
            self._say(self._nothing_found(done.understood), can_ask=True)
        self.view.setVisible(bool(hits))
        self.missing.show()

    def _nothing_found(self, understood: Understood) -> str:
        if not understood.filters:
            return self.tr("Nothing in your notes has “{query}”.").format(query=self._query)
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

    # ---- why ---------------------------------------------------------------------------------------------------------------

    def build_menu(self, index: QModelIndex) -> QMenu | None:
        """The menu of a hit; chats have none."""
        hit = index.data(HitsModel.HIT_ROLE)
        if not isinstance(hit, Hit) or not isinstance(hit.target, Passage):
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Show"), self.choose)
        menu.addAction(self.tr("Why is this here?"), self._on_why)
        return menu

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
