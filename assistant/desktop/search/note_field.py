"""A field for choosing a note of the library by its name. Notes that could not be read are offered too: they are what people miss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.client.filter_values import ASK_PAUSE_MS
from assistant.desktop.common.suggestions import STEPS, Suggestion, Suggestions
from assistant.desktop.common.theme import Theme
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import ListAttention, SearchDone, SearchNotes, TreeListed

MOST_NOTES = 20


@dataclass(frozen=True, slots=True)
class NoteName:
    folder_id: int
    note: str

    @property
    def name(self) -> str:
        return self.note.rsplit("/", 1)[-1]

    @property
    def folder(self) -> str:
        return self.note.rpartition("/")[0]


class NoteField(QLineEdit):
    """Signals:
    picked(NoteName): a note was chosen from the list.
    found_nothing(bool): whether no note has what is typed.
    """

    picked = Signal(object)
    found_nothing = Signal(bool)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._request_id = 0
        self._unread: tuple[NoteName, ...] = ()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(ASK_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.setPlaceholderText(self.tr("Name of a note"))
        self.setAccessibleName(self.tr("Name of a note"))
        self.list = Suggestions(theme, self)
        self.list.chosen.connect(self._take)
        self.textEdited.connect(self._on_edited)
        client.request(ListAttention(), self._on_unread)

    def show_note(self, note: str) -> None:
        self._close()
        self.setText(note)
        self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.list.is_open and key in STEPS:
            self.list.step(STEPS[key])
        elif self.list.is_open and key == Qt.Key.Key_Escape:
            self._close()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.list.is_open:
                self._take(self.list.current() or self.list.rows[0])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Hide, QEvent.Type.FocusOut}:
            self._close()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._close()

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def _on_edited(self) -> None:
        self._forget()
        if self.text().strip():
            self._pause.start()
        else:
            self._close()
            self.found_nothing.emit(False)

    def _ask(self) -> None:
        self._forget()
        words = " ".join(self.text().replace('"', " ").split())
        if words:
            query = f'title:"{words}"'
            self._request_id = self._client.request(SearchNotes(query, MOST_NOTES), self._on_done, self._on_failed)

    def _close(self) -> None:
        self._forget()
        self.list.close_list()

    def _forget(self) -> None:
        self._pause.stop()
        if self._request_id:
            self._client.forget(self._request_id)
            self._request_id = 0

    def _on_unread(self, listed: TreeListed) -> None:
        files = [entry.file for entry in listed.entries if entry.file is not None]
        self._unread = tuple(NoteName(file.folder_id, file.note) for file in files)

    def _on_done(self, done: SearchDone) -> None:
        self._request_id = 0
        self._offer(NoteName(passage.folder_id, passage.note) for passage in done.passages)

    def _on_failed(self, _error: AssistantError) -> None:
        self._request_id = 0
        self._offer(())

    def _offer(self, found: Iterable[NoteName]) -> None:
        words = self.text().casefold().split()
        unread = [name for name in self._unread if all(word in name.name.casefold() for word in words)]
        names = list(dict.fromkeys([*unread, *found]))[:MOST_NOTES]
        self.found_nothing.emit(not names)
        self.list.open([Suggestion(name.name, name.folder, name) for name in names])

    def _take(self, suggestion: Suggestion) -> None:
        name = suggestion.value
        assert isinstance(name, NoteName)
        self.show_note(name.note)
        self.picked.emit(name)
