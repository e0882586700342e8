"""What can be done with a row of the library."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.dialogs import PasswordQuestion, Question
from assistant.desktop.common.words import count_notes, error_words, number
from assistant.desktop.library.library_model import Node, whole_note
from assistant.desktop.notes.note_actions import SHOW_KEYS, NoteActions, Place, key_hint
from assistant.domain.documents import ReasonCode
from assistant.domain.errors import AssistantError
from assistant.domain.library import FileState, FolderInfo, FolderState
from assistant.ipc.engine_messages import (
    AnswerMassDelete,
    RemoveFolder,
    RescanFolder,
    RetryFile,
)

LONGEST_SHOWN_QUERY = 24


class LibraryMenu(QObject):
    """Builds the menu of a row and carries out what is chosen. last_query: what was searched for last, "" for nothing yet.

    Signals:
        failed(str): it could not be done, in words.
        note_chosen(Node): the note is to be shown.
        chunks_asked(Node): its passages are to be shown as they are indexed.
        page_asked: how the library stands is to be shown.
        why_asked(str, int, str): why the last query did not find a note: query, folder, note.
    """

    failed = Signal(str)
    note_chosen = Signal(object)
    chunks_asked = Signal(object)
    page_asked = Signal()
    why_asked = Signal(str, int, str)

    def __init__(self, client: EngineClient, actions: NoteActions, window: QWidget) -> None:
        super().__init__(window)
        self._client = client
        self._actions = actions
        self._window = window
        self._node: Node | None = None
        self._folder: FolderInfo | None = None
        self.last_query = ""

    def build(self, node: Node) -> QMenu:
        self._node = node
        self._folder = _root_of(node).folder
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if node.is_folder:
            self._add_folder_actions(menu, node)
        else:
            self._add_file_actions(menu, node)
        return menu

    def popup(self, node: Node, at: QPoint) -> None:
        self.build(node).popup(at)

    def _add_file_actions(self, menu: QMenu, node: Node) -> None:
        place = Place(whole_note(node), can_exclude=node.folder is None)
        menu.addAction(self.tr("Show") + key_hint(SHOW_KEYS), self._show)
        file = node.file
        is_unread = file is not None and file.state in {FileState.FAILED, FileState.SKIPPED}
        if file is not None and is_unread:
            if file.reason == ReasonCode.ENCRYPTED:
                menu.addAction(self.tr("Enter password…"), self._ask_password)
            menu.addAction(self.tr("Retry"), self._retry)
        elif file is not None:
            self._actions.add_about(menu, place)
        if file is not None and file.chunks:
            menu.addAction(self.tr("Passages as indexed"), self._show_chunks)
        if self.last_query:
            query = self.last_query
            shown = query if len(query) <= LONGEST_SHOWN_QUERY else query[:LONGEST_SHOWN_QUERY].rstrip() + "…"
            words = self.tr("Why not found by “{query}”?").format(query=shown)
            menu.addAction(words.replace("&", "&&").replace("\t", " "), self._ask_why)
        menu.addSeparator()
        self._actions.add_paths(menu, place)
        if file is not None and not is_unread:
            self._actions.add_again(menu, place)
        if file is not None and file.reason != ReasonCode.FORGOTTEN:
            self._actions.add_partings(menu, place, can_forget=True)

    def _add_folder_actions(self, menu: QMenu, node: Node) -> None:
        folder = node.folder
        if folder is not None:
            if folder.state is FolderState.WAITING_DELETE:
                menu.addAction(self.tr("Decide about vanished notes…"), self._ask_mass_delete)
            menu.addAction(self.tr("Look for changes now"), self._rescan)
            menu.addAction(self.tr("Inside the library"), self.page_asked.emit)
            menu.addSeparator()
        place = Place(whole_note(node), is_folder=True)
        self._actions.add_paths(menu, place)
        if folder is not None:
            menu.addSeparator()
            menu.addAction(self.tr("Remove from library…"), self._ask_remove)
        else:
            self._actions.add_partings(menu, place, can_forget=False)

    # ---- actions ---------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        self.note_chosen.emit(self._node)

    def _show_chunks(self) -> None:
        self.chunks_asked.emit(self._node)

    def _ask_why(self) -> None:
        if self._node is not None and self._folder is not None:
            note = self._node.under or PurePath(self._folder.path).name
            self.why_asked.emit(self.last_query, self._folder.id, note)

    def _retry(self) -> None:
        self._send_retry("")

    def _send_retry(self, password: str) -> None:
        if self._node is not None and self._folder is not None:
            body = RetryFile(self._folder.id, self._node.under, password)
            self._client.request(body, None, self._on_failed)

    def _ask_password(self) -> None:
        assert self._node is not None
        question = PasswordQuestion(self._window, self._node.under.rsplit("/", 1)[-1])
        question.given.connect(self._send_retry)
        question.open()

    def _rescan(self) -> None:
        if self._folder is not None:
            self._client.request(RescanFolder(self._folder.id), None, self._on_failed)

    def _ask_remove(self) -> None:
        assert self._folder is not None
        question = Question(
            self._window,
            self.tr("Remove “{name}” from the library?").format(name=self._folder.name),
            self.tr(
                "Elephant forgets what it has read from {notes}. The files themselves stay where they are, unchanged."
            ).format(notes=count_notes(self._folder.notes)),
            self.tr("Remove"),
        )
        question.agreed.connect(self._remove)
        question.open()

    def _remove(self) -> None:
        if self._folder is not None:
            self._client.request(RemoveFolder(self._folder.id), None, self._on_failed)

    def _ask_mass_delete(self) -> None:
        assert self._folder is not None
        question = Question(
            self._window,
            self.tr("{n} notes are gone from “{name}”").format(
                n=number(self._folder.pending_deletes), name=self._folder.name
            ),
            self.tr(
                "If you deleted or moved them, remove them from the library. If a disk or a sync is just not ready, cancel: "
                "they stay searchable and Elephant looks again later."
            ),
            self.tr("Remove them"),
        )
        question.agreed.connect(self._accept_mass_delete)
        question.open()

    def _accept_mass_delete(self) -> None:
        if self._folder is not None:
            self._client.request(AnswerMassDelete(self._folder.id, accept=True), None, self._on_failed)

    def _on_failed(self, error: AssistantError) -> None:
        self.failed.emit(error_words(error).as_text())


def _root_of(node: Node) -> Node:
    while node.folder is None and node.parent is not None:
        node = node.parent
    return node
