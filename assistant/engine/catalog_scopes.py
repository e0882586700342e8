"""What a search's scope means in the catalog: retrieval knows chunks, the library knows folders and notes."""

from __future__ import annotations

from assistant.library.catalog import Catalog
from assistant.retrieval.ports import RowFilter, Scope


class CatalogScopes:
    """Implements retrieval's Scopes over one catalog. Thread: any."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def rows_within(self, scope: Scope) -> RowFilter:
        """Chunks of any of the scope's folders, or of any of its notes if it names some."""
        wanted: list[str] = []
        parameters: list[object] = []
        if scope.folder_ids:
            wanted.append(f"files.folder_id IN ({','.join('?' * len(scope.folder_ids))})")
            parameters.extend(scope.folder_ids)
        if scope.notes:
            wanted.append(" OR ".join(["(files.folder_id = ? AND files.note = ?)"] * len(scope.notes)))
            for folder_id, note in scope.notes:
                parameters.extend((folder_id, note))
        where = " AND ".join(f"({part})" for part in wanted) or "1"
        sql = f"SELECT chunks.id FROM chunks JOIN files ON files.id = chunks.file_id WHERE {where}"
        return RowFilter(sql, tuple(parameters))

    def chunk_ids_within(self, scope: Scope) -> list[str]:
        rows = self.rows_within(scope)
        with self._catalog.database.read() as connection:
            found = connection.execute(f"SELECT chunk_id FROM chunks WHERE id IN ({rows.sql})", rows.parameters)
            return [chunk_id for (chunk_id,) in found]
