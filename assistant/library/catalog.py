"""The catalog: the truth about the index. One database file, seen as files, as chunks and as a tree."""

from __future__ import annotations

from pathlib import Path

from assistant.library.change_log import ChangeLog
from assistant.library.chunk_table import ChunkTable
from assistant.library.database import Database
from assistant.library.file_table import FileTable, FolderRow
from assistant.library.ports import KeywordTables
from assistant.library.tree import TreeView


class Catalog:
    """Owns the database and hands out its views. `rebuilt`: why a damaged file had to be begun anew, "" if it had not.

    `chunks` implements retrieval's ChunkStore and VectorSource. Thread: any.
    """

    def __init__(self, path: Path, keywords: KeywordTables) -> None:
        self.database = Database(path)
        self.files = FileTable(self.database)
        self.chunks = ChunkTable(self.database, keywords, self.folder_path)
        self.tree = TreeView(self.database)
        self.changes = ChangeLog(self.database, self.tree.file)
        self._paths: dict[int, FolderRow] = {}

    @property
    def rebuilt(self) -> str:
        return self.database.rebuilt

    def folder(self, folder_id: int) -> FolderRow | None:
        known = self._paths.get(folder_id)
        if known is None:
            self._paths = {folder.id: folder for folder in self.files.folders()}
            known = self._paths.get(folder_id)
        return known

    def folder_path(self, folder_id: int) -> str:
        """The path, for people, below which a folder's notes lie."""
        folder = self.folder(folder_id)
        if folder is None:
            return ""
        return folder.path.rpartition("/")[0] if folder.is_file else folder.path

    def folders_changed(self) -> None:
        """A folder was added, moved or removed."""
        self._paths = {}

    def close(self) -> None:
        self.database.close()
