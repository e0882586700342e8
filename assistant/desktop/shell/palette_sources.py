"""Where the palette's rows come from: the window's actions and settings at once, notes, folders and chats as the engine answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.words import count_notes, count_questions, moment
from assistant.desktop.shell.actions import plain_text
from assistant.desktop.shell.palette_entries import Entry, Kind
from assistant.domain.answers import Conversation
from assistant.domain.library import FileQuery, FolderInfo
from assistant.ipc.engine_messages import (
    CompleteFilter,
    ConversationsListed,
    FilesListed,
    FilterCompleted,
    ListConversations,
    ListFiles,
)

SUB_FOLDER = "name:"
"""Begins the key of a folder that is known by its name alone."""

TYPING_PAUSE_MS = 60
MOST_ASKED = 24
FOUND_INSIDE_POINTS = 10
"""A chat whose words fit though its title does not stands below every title that does."""


class PaletteSources(QObject):
    """Owns what is known and what is being asked.

    Signals:
        changed: there is more to show than before, or less.
    """

    changed = Signal()

    def __init__(
        self,
        client: EngineClient,
        actions: Callable[[], Sequence[QAction]],
        settings: Callable[[], QWidget],
        parent: QObject | None = None,
    ) -> None:
        """settings: the page of settings; asked for only when the palette is opened, because it is made then."""
        super().__init__(parent)
        self._client = client
        self._actions = actions
        self._settings_page = settings
        self._fixed: tuple[Entry, ...] = ()
        self._chats: tuple[Entry, ...] = ()
        self._chats_inside: tuple[Entry, ...] = ()
        self._notes: tuple[Entry, ...] = ()
        self._sub_folders: tuple[Entry, ...] = ()
        self._folders: tuple[FolderInfo, ...] = ()
        self._query = ""
        self._asked: list[int] = []
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._ask)

    def open(self, folders: tuple[FolderInfo, ...]) -> None:
        """Begin afresh: the actions that can be used now, the folders, and the titles of the chats."""
        self._folders = folders
        actions = [_action_entry(action) for action in self._actions() if action.isEnabled() and action.isVisible()]
        shown = [_folder_entry(folder) for folder in folders]
        self._fixed = (*actions, *shown, *settings_entries(self._settings_page()))
        self._notes = self._chats_inside = self._sub_folders = ()
        if self._client.is_ready:
            self._client.request(ListConversations(), self._on_chats)

    def look(self, query: str) -> None:
        """Ask the engine for what fits; what it found for an earlier query is kept until it has answered."""
        self._query = query.strip()
        if not self._query:
            self.stop()
            self._notes = self._chats_inside = self._sub_folders = ()
        else:
            self._pause.start()

    def stop(self) -> None:
        self._pause.stop()
        for request in self._asked:
            self._client.forget(request)
        self._asked = []

    def entries(self) -> tuple[Entry, ...]:
        return (*self._fixed, *self._sub_folders, *self._chats, *self._chats_inside, *self._notes)

    def _ask(self) -> None:
        self.stop()
        if self._client.is_ready:
            notes = ListFiles(FileQuery(name=self._query), limit=MOST_ASKED)
            chats = ListConversations(self._query, MOST_ASKED)
            self._asked = [
                self._client.request(notes, self._on_notes),
                self._client.request(chats, self._on_chats_inside),
                self._client.request(CompleteFilter("folder", self._query, MOST_ASKED), self._on_sub_folders),
            ]

    def _on_notes(self, listed: FilesListed) -> None:
        names = {folder.id: folder.name for folder in self._folders}
        self._notes = tuple(
            _note_entry(file.folder_id, file.note, names.get(file.folder_id, "")) for file in listed.files
        )
        self.changed.emit()

    def _on_sub_folders(self, completed: FilterCompleted) -> None:
        """Folders below the watched ones, by their names: one name may be that of several."""
        watched = {folder.name for folder in self._folders}
        self._sub_folders = tuple(
            Entry(Kind.FOLDER, SUB_FOLDER + name, name, self.tr("Its notes"), points=1)
            for name in completed.values
            if name not in watched
        )
        self.changed.emit()

    def _on_chats(self, listed: ConversationsListed) -> None:
        self._chats = tuple(_chat_entry(chat) for chat in listed.conversations)
        self.changed.emit()

    def _on_chats_inside(self, listed: ConversationsListed) -> None:
        self._chats_inside = tuple(_chat_entry(chat, FOUND_INSIDE_POINTS) for chat in listed.conversations)
        self.changed.emit()


def settings_entries(page: QWidget) -> list[Entry]:
    """The settings of a page, by the labels that belong to a field. Their place is the order they stand in."""
    labels = [label for label in page.findChildren(QLabel) if label.buddy() is not None]
    return [
        Entry(Kind.SETTING, label.text(), label.text().replace("&", ""), label.buddy().accessibleDescription())
        for label in labels
    ]


def settings_field(page: QWidget, key: str) -> QWidget | None:
    for label in page.findChildren(QLabel):
        if label.buddy() is not None and label.text() == key:
            return label.buddy()
    return None


def _action_entry(action: QAction) -> Entry:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return Entry(Kind.ACTION, action.objectName(), plain_text(action), keys=keys)


def _folder_entry(folder: FolderInfo) -> Entry:
    return Entry(Kind.FOLDER, str(folder.id), folder.name, count_notes(folder.notes))


def _chat_entry(chat: Conversation, points: int = 0) -> Entry:
    detail = f"{count_questions(chat.turns)} · {moment(chat.changed_at_s)}"
    return Entry(Kind.CHAT, str(chat.id), chat.title, detail, points=points)


def _note_entry(folder_id: int, note: str, folder: str) -> Entry:
    """Whatever the engine found fits, be it only by the folders above the note."""
    path = PurePath(note)
    above = "" if str(path.parent) == "." else path.parent.as_posix().replace("/", " › ")
    return Entry(Kind.NOTE, f"{folder_id}/{note}", path.name, above or folder, points=1)
