"""A note's passages exactly as they stand in the index: where each begins and ends, under which headings, and whether it has its vector."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSplitter, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.page import Page
from assistant.desktop.common.rows import ROW_ROLE, Row, RowList
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, file_state, number, translate
from assistant.desktop.library.library_words import file_facts
from assistant.domain.answers import Passage
from assistant.domain.errors import AssistantError
from assistant.domain.library import FileInfo, IndexedChunk
from assistant.ipc.engine_messages import ChunksListed, FoldersChanged, ListChunks

Index = QModelIndex | QPersistentModelIndex

PAGE_ROWS = 100
MARK_PAUSE_MS = 180
"""Running through the list with the arrow keys must not open the note for every row."""


class ChunksModel(QAbstractListModel):
    """The chunks that have been scrolled to. Lives on the UI thread.

    Signals:
        listed(FileInfo): chunks have come, and this is how the note stands.
        failed(AssistantError): they have not.
    """

    CHUNK_ROLE = Qt.ItemDataRole.UserRole + 1

    listed = Signal(object)
    failed = Signal(object)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._place = (0, "")
        self._chunks: list[IndexedChunk] = []
        self._total = 0
        self._request = 0

    def show_note(self, folder_id: int, note: str) -> None:
        if (folder_id, note) != self._place:
            self._place = (folder_id, note)
            self._take([], 0)
        self._ask(-1, max(PAGE_ROWS, len(self._chunks)), self._on_first)

    def chunk(self, index: Index) -> IndexedChunk | None:
        return self._chunks[index.row()] if index.isValid() and index.row() < len(self._chunks) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._chunks)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._request and len(self._chunks) < self._total

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent) and self._chunks:
            self._ask(self._chunks[-1].ordinal, PAGE_ROWS, self._on_more)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        chunk = self.chunk(index)
        if chunk is None:
            return None
        if role == self.CHUNK_ROLE:
            return chunk
        if role == ROW_ROLE:
            side = "" if chunk.has_vector else translate("ChunksPage", "meaning not read yet")
            return Row(
                _first_line(chunk), chunk_place(chunk), side, "accent", is_filled=chunk.has_vector, is_name=False
            )
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{_first_line(chunk)}, {chunk_place(chunk)}"
        return None

    def _ask(self, after: int, limit: int, done: Any) -> None:
        self._client.forget(self._request)
        folder_id, note = self._place
        self._request = self._client.request(ListChunks(folder_id, note, after, limit), done, self._on_failed)

    def _on_first(self, listed: ChunksListed) -> None:
        if list(listed.chunks) != self._chunks:
            self._take(list(listed.chunks), listed.file.chunks)
        self._total = listed.file.chunks
        self._request = 0
        self.listed.emit(listed.file)

    def _on_more(self, listed: ChunksListed) -> None:
        self._total = listed.file.chunks if listed.chunks else len(self._chunks)
        if listed.chunks:
            first = len(self._chunks)
            self.beginInsertRows(QModelIndex(), first, first + len(listed.chunks) - 1)
            self._chunks += listed.chunks
            self.endInsertRows()
        self._request = 0
        self.listed.emit(listed.file)

    def _take(self, chunks: list[IndexedChunk], total: int) -> None:
        self.beginResetModel()
        self._chunks, self._total = chunks, total
        self.endResetModel()

    def _on_failed(self, error: AssistantError) -> None:
        self._request = 0
        self._take([], 0)
        self.failed.emit(error)


class ChunksPage(Page):
    """Signals:
    passage_marked(Passage): this passage is the chosen one; mark it where the note is shown, if there is room for that.
    passage_chosen(Passage): show it in the note.
    library_asked: back to the library's page.
    """

    passage_marked = Signal(object)
    passage_chosen = Signal(object)
    library_asked = Signal()

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, translate("ChunksPage", "Passages as indexed"), parent)
        self._note: Passage | None = None
        self.model = ChunksModel(client, self)
        self.name = make_label("", wraps=True)
        self.facts = make_label("", "small", wraps=True)
        self.view = RowList(theme, self.tr("Passages"), self)
        self.view.setModel(self.model)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setProperty("role", "field")
        self.text.setAccessibleName(self.tr("Text of the passage"))
        self.show_in_note = make_button(self.tr("Show in the note"))
        self.to_library = make_button(self.tr("Inside the library"), "link")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(MARK_PAUSE_MS)
        self._lay_out()
        self._pause.timeout.connect(self._on_rested)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.activated.connect(self._on_show)
        self.show_in_note.clicked.connect(self._on_show)
        self.to_library.clicked.connect(self.library_asked)
        self.model.listed.connect(self._on_listed)
        self.model.failed.connect(self._on_failed)
        client.noticed.connect(self._on_noticed)
        theme.changed.connect(self._set_font)

    def show_note(self, note: Passage) -> None:
        """Which note, to be called before the page is opened."""
        self._note = note
        self.name.setText(note.note)
        self.facts.setText("")
        self.text.clear()

    def open(self) -> None:
        if self._note is not None:
            self.model.show_note(self._note.folder_id, self._note.note)

    def start_of_keys(self) -> QWidget:
        return self.view

    def _lay_out(self) -> None:
        self.body.addWidget(self.name)
        self.body.addWidget(self.facts)
        both = QSplitter(Qt.Orientation.Vertical, self)
        both.setObjectName("Quiet")
        both.setChildrenCollapsible(False)
        both.setHandleWidth(9)
        both.addWidget(self.view)
        both.addWidget(self.text)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        both.setSizes([360, 240])
        self.view.setMinimumHeight(140)
        self.text.setMinimumHeight(100)
        self.body.addWidget(both, 1)
        row = QHBoxLayout()
        row.addWidget(self.show_in_note)
        row.addWidget(self.to_library)
        row.addStretch(1)
        self.body.addLayout(row)
        self._set_font()

    def _set_font(self) -> None:
        self.text.setFont(self.theme.font("code"))

    def _on_listed(self, file: FileInfo) -> None:
        self.facts.setText(f"{file_state(file)} · {file_facts(file)}" if file.chunks else file_state(file))
        has_rows = self.model.rowCount() > 0
        self.show_in_note.setEnabled(has_rows)
        current = self.view.currentIndex()
        if has_rows and not current.isValid():
            self.view.setCurrentIndex(self.model.index(0, 0))
        elif has_rows and self.text.document().isEmpty():
            self._on_current(current)  # opened again: the rows are those of before, and no signal says so
        if not has_rows:
            self.text.setPlainText("")

    def _on_failed(self, error: AssistantError) -> None:
        self.facts.setText(error_words(error).as_text())
        self.show_in_note.setEnabled(False)
        self.text.clear()

    def _on_noticed(self, notice: object) -> None:
        if isinstance(notice, FoldersChanged) and self.isVisible() and self._note is not None:
            self.model.show_note(self._note.folder_id, self._note.note)

    def _on_current(self, index: QModelIndex) -> None:
        chunk = self.model.chunk(index)
        self.text.setPlainText(chunk.text if chunk is not None else "")
        if chunk is not None:
            self._pause.start()

    def _on_rested(self) -> None:
        passage = self._current()
        if passage is not None and self.isVisible():
            self.passage_marked.emit(passage)

    def _on_show(self) -> None:
        self._pause.stop()
        passage = self._current()
        if passage is not None:
            self.passage_chosen.emit(passage)

    def _current(self) -> Passage | None:
        chunk, note = self.model.chunk(self.view.currentIndex()), self._note
        if chunk is None or note is None:
            return None
        return Passage(
            note.folder_id, note.note, note.note_path, note.title, chunk.text, chunk.start, chunk.end, 0.0,
            chunk.heading_path, chunk.page,
        )  # fmt: skip


def chunk_place(chunk: IndexedChunk) -> str:
    """Headings, page and characters."""
    places = [" › ".join(chunk.heading_path)] if chunk.heading_path else []
    if chunk.page:
        places.append(translate("ChunksPage", "page {n}").format(n=number(chunk.page)))
    places.append(
        translate("ChunksPage", "characters {start} to {end}").format(start=number(chunk.start), end=number(chunk.end))
    )
    return " · ".join(places)


def _first_line(chunk: IndexedChunk) -> str:
    words = " ".join(chunk.text[:200].split())
    return f"{number(chunk.ordinal + 1)} · {words}"
