"""Joins the keyword index to the catalog that holds its tables: retrieval knows words, the library knows connections."""

from __future__ import annotations

from assistant.library.catalog import Catalog
from assistant.retrieval.keyword import KeywordIndex
from assistant.retrieval.ports import KeywordHit, RowFilter, Scope


class CatalogSearch:
    """Implements retrieval's KeywordSearch and Scopes over one catalog. Thread: any; each uses a connection of its own."""

    def __init__(self, catalog: Catalog, index: KeywordIndex) -> None:
        self._catalog = catalog
        self._index = index

    def search(self, query: str, top: int, scope: Scope, *, unfinished: bool = False) -> list[KeywordHit]:
        within = self.rows_within(scope) if scope else None
        with self._catalog.database.read() as connection:
            return self._index.search(connection, query, top, within=within, unfinished=unfinished)

    def rarity(self, query: str) -> dict[str, float]:
        with self._catalog.database.read() as connection:
            return self._index.rarity(connection, query)

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
