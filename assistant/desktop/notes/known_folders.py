"""Where the watched folders lie, so that a note that is known by folder and name can be opened, shown or dragged as a file."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QObject

from assistant.desktop.client.engine_client import EngineClient
from assistant.domain.answers import Passage
from assistant.domain.library import FileInfo, FolderInfo
from assistant.ipc.engine_messages import FoldersChanged, Welcome


class KnownFolders(QObject):
    """Follows what the engine says of the folders. Lives on the UI thread."""

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folders: dict[int, FolderInfo] = {}
        if client.welcome is not None:
            self._take(client.welcome.status.folders)
        client.welcomed.connect(self._on_welcomed)
        client.noticed.connect(self._on_noticed)

    def folder(self, folder_id: int) -> FolderInfo | None:
        return self._folders.get(folder_id)

    def whole_note(self, file: FileInfo) -> Passage:
        return passage_of(file, self._folders.get(file.folder_id))

    def _on_welcomed(self, welcome: Welcome) -> None:
        self._take(welcome.status.folders)

    def _on_noticed(self, notice: object) -> None:
        if isinstance(notice, FoldersChanged):
            self._take(notice.folders)

    def _take(self, folders: tuple[FolderInfo, ...]) -> None:
        self._folders = {folder.id: folder for folder in folders}


def passage_of(file: FileInfo, folder: FolderInfo | None) -> Passage:
    """A note as a passage without a place: it is shown from its beginning. Its path is "" if its folder is not known."""
    path = ""
    if folder is not None:
        path = folder.path if folder.is_file else str(PurePath(folder.path, *file.note.split("/")))
    return Passage(file.folder_id, file.note, path, file.title, "", 0, 0, 0.0)
