"""Whether a file that is to be written lies among the notes."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QObject

from assistant.desktop.client.engine_client import EngineClient
from assistant.domain.library import FolderInfo
from assistant.ipc.engine_messages import FoldersChanged, Welcome


class NotesFolders(QObject):
    """Knows the watched folders, as the engine tells of them."""

    def __init__(self, client: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._paths: tuple[str, ...] = ()
        client.welcomed.connect(self._on_welcomed)
        client.noticed.connect(self._on_noticed)
        if client.welcome is not None:
            self._take(client.welcome.status.folders)

    def holding(self, path: str) -> str:
        """The watched folder that a path lies in; "" if none."""
        return next((folder for folder in self._paths if PurePath(path).is_relative_to(folder)), "")

    def _take(self, folders: tuple[FolderInfo, ...]) -> None:
        self._paths = tuple(folder.path for folder in folders if not folder.is_file)

    def _on_welcomed(self, welcome: Welcome) -> None:
        self._take(welcome.status.folders)

    def _on_noticed(self, notice: object) -> None:
        if isinstance(notice, FoldersChanged):
            self._take(notice.folders)
