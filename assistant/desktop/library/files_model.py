"""The files of the library by state, reason and name, of which only so many are here as have been scrolled to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.dragged_notes import mime_of
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.rows import ROW_ROLE, Row
from assistant.desktop.common.words import file_state, join, reason_word
from assistant.desktop.library.library_words import state_word
from assistant.desktop.notes.known_folders import passage_of
from assistant.domain.errors import AssistantError
from assistant.domain.library import FileInfo, FileQuery, FileState, FolderInfo
from assistant.ipc.engine_messages import FilesListed, ListFiles

Index = QModelIndex | QPersistentModelIndex

PAGE_ROWS = 200
MOST_REFRESHED = 2000
"""So many rows are asked for at a time when something changes; of a longer list every part is asked for, one after the other."""


class FilesModel(QAbstractListModel):
    """Lives on the UI thread.

    Signals:
        listed(int): rows have come; so many files there are in all.
        failed(AssistantError): they have not.
    """

    FILE_ROLE = Qt.ItemDataRole.UserRole + 1

    listed = Signal(int)
    failed = Signal(object)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._query = FileQuery()
        self._folders: dict[int, FolderInfo] = {}
        self._fresh: list[FileInfo] = []
        self._wanted = 0
        self._files: list[FileInfo] = []
        self._total = 0
        self._request = 0

    @property
    def query(self) -> FileQuery:
        return self._query

    def set_folders(self, folders: dict[int, FolderInfo]) -> None:
        """The folders by their ids."""
        self._folders = folders

    def show_query(self, query: FileQuery) -> None:
        """Show other files, from the first one."""
        self._query = query
        self._ask(None, PAGE_ROWS)

    def refresh(self) -> None:
        """Ask again for what is shown, all of it: a list that grew shorter would jump away under its reader."""
        self._ask(None, max(len(self._files), PAGE_ROWS))

    def file(self, index: Index) -> FileInfo | None:
        return self._files[index.row()] if index.isValid() and index.row() < len(self._files) else None

    def row_of(self, file_id: int) -> int:
        return next((row for row, file in enumerate(self._files) if file.file_id == file_id), -1)

    # ---- Qt's side -------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._files)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._request and len(self._files) < self._total

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent) and self._files:
            self._ask(_place(self._files[-1]), PAGE_ROWS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        file = self.file(index)
        if file is None:
            return None
        if role == self.FILE_ROLE:
            return file
        if role == ROW_ROLE:
            return self._row(file)
        if role == Qt.ItemDataRole.DisplayRole:
            return file.note
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{file.note}\n{file_state(file)}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return join(f"{file.note}.", file_state(file))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        is_row = self.file(index) is not None
        return super().flags(index) | (Qt.ItemFlag.ItemIsDragEnabled if is_row else Qt.ItemFlag.NoItemFlags)

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        files = [file for index in indexes if (file := self.file(index)) is not None]
        return mime_of([passage_of(file, self._folders.get(file.folder_id)) for file in files]) or QMimeData()

    # ---- answers ---------------------------------------------------------------------------------------------------------

    def _ask(self, after: tuple[str, int, str] | None, limit: int) -> None:
        self._client.forget(self._request)
        self._fresh, self._wanted = [], limit
        self._send(after, self._on_first if after is None else self._on_more)

    def _send(self, after: tuple[str, int, str] | None, done: Callable[[FilesListed], None]) -> None:
        limit = min(self._wanted - len(self._fresh), MOST_REFRESHED)
        self._request = self._client.request(ListFiles(self._query, after, limit), done, self._on_failed)

    def _on_first(self, listed: FilesListed) -> None:
        self._fresh += listed.files
        if listed.files and len(self._fresh) < min(self._wanted, listed.total):
            self._send(_place(listed.files[-1]), self._on_first)
            return
        self._total = listed.total
        files, self._fresh = self._fresh, []
        if self._files != files:
            self.beginResetModel()
            self._files = files
            self.endResetModel()
        self._request = 0
        self.listed.emit(self._total)

    def _on_more(self, listed: FilesListed) -> None:
        self._total = listed.total if listed.files else len(self._files)
        if listed.files:
            first = len(self._files)
            self.beginInsertRows(QModelIndex(), first, first + len(listed.files) - 1)
            self._files += listed.files
            self.endInsertRows()
        # Last: a view asks for more while rows are being inserted, and would then be given the same ones again.
        self._request = 0
        self.listed.emit(self._total)

    def _on_failed(self, error: AssistantError) -> None:
        self._request = 0
        self.failed.emit(error)

    def _row(self, file: FileInfo) -> Row:
        parent, _, name = file.note.rpartition("/")
        root = self._folders.get(file.folder_id)
        folder = " › ".join(part for part in (root.name if root else "", *parent.split("/")) if part)
        return _row_of(file, name, folder)


def _place(file: FileInfo) -> tuple[str, int, str]:
    """Where the next page begins."""
    return file.reason, file.folder_id, file.note


def _row_of(file: FileInfo, name: str, folder: str) -> Row:
    if file.state is FileState.FAILED:
        return Row(name, folder, reason_word(file.reason), "warn", side_color="warn")
    if file.state is FileState.SKIPPED:
        return Row(name, folder, reason_word(file.reason), "faint", is_filled=False)
    filled = file.state is FileState.READY
    side = "" if filled else state_word(file.state)
    return Row(name, folder, side, "faint" if file.state is FileState.QUEUED else "accent", is_filled=filled)
