"""What a search's scope means in the catalog: retrieval knows chunks, the library knows folders, notes, tags and days."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import PurePosixPath

from assistant.domain.search import FilterKey, QueryFilter
from assistant.library.catalog import Catalog
from assistant.retrieval.ports import RowFilter, Scope
from assistant.retrieval.query_filters import suffixes_of
from assistant.retrieval.terms import fold

_TITLE = "folded(CASE files.own_title WHEN '' THEN files.note ELSE files.own_title || char(10) || files.note END)"
_PLACE = "'/' || folded(files.parent) || '/'"
_DAY = "coalesce(files.named_day, files.own_day)"
_EITHER = frozenset({FilterKey.TYPE, FilterKey.FOLDER})
_FIRST_FILE_DAY, _LAST_FILE_DAY = date(1971, 1, 1).toordinal(), date(2200, 1, 1).toordinal()


class CatalogScopes:
    """Implements retrieval's Scopes over one catalog. Thread: any."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def rows_within(self, scope: Scope) -> RowFilter:
        """Chunks of any of the scope's folders, or of any of its notes if it names some, that pass every filter."""
        where, parameters = self._condition(scope)
        sql = f"SELECT chunks.id FROM chunks WHERE chunks.file_id IN (SELECT files.id FROM files WHERE {where})"
        return RowFilter(sql, parameters, prepare=_add_folded)

    def chunk_ids_within(self, scope: Scope) -> list[str]:
        rows = self.rows_within(scope)
        with self._catalog.database.read() as connection:
            rows.prepare(connection)
            found = connection.execute(f"SELECT chunk_id FROM chunks WHERE id IN ({rows.sql})", rows.parameters)
            return [chunk_id for (chunk_id,) in found]

    def newest_within(self, scope: Scope, limit: int) -> list[str]:
        where, parameters = self._condition(scope)
        with self._catalog.database.read() as connection:
            _add_folded(connection)
            found = connection.execute(
                f"""SELECT (SELECT chunk_id FROM chunks WHERE file_id = files.id ORDER BY ordinal LIMIT 1) FROM files
                WHERE {where} AND files.chunks > 0 ORDER BY {_DAY} IS NULL, {_DAY} DESC, files.mtime_ns DESC, files.id LIMIT ?""",
                (*parameters, limit),
            ).fetchall()
        return [chunk_id for (chunk_id,) in found if chunk_id]

    def failed_filters(self, filters: tuple[QueryFilter, ...], folder_id: int, note: str) -> tuple[QueryFilter, ...]:
        """Those of the filters that this note does not pass."""
        return tuple(one for one in filters if not self._holds(Scope(notes=((folder_id, note),), filters=(one,))))

    def values(self, key: FilterKey, beginning: str, limit: int) -> list[str]:
        """What a filter's value may be, most used first: the names of folders, suffixes without their dot, tags."""
        wanted = fold(beginning).lstrip("#")
        counts: dict[str, int] = {}
        with self._catalog.database.read() as connection:
            for value, notes in self._used(connection, key):
                if fold(value).startswith(wanted):
                    counts[value] = counts.get(value, 0) + notes
        return sorted(counts, key=lambda value: (-counts[value], value.casefold()))[:limit]

    def _used(self, connection: sqlite3.Connection, key: FilterKey) -> Iterator[tuple[str, int]]:
        match key:
            case FilterKey.TAG:
                yield from connection.execute("SELECT min(shown), count(*) FROM tags GROUP BY tag")
            case FilterKey.FOLDER:
                for parent, notes in connection.execute(
                    "SELECT parent, count(*) FROM files WHERE is_folder = 0 AND chunks > 0 GROUP BY folder_id, parent"
                ):
                    yield from ((name, notes) for name in parent.split("/") if name)
            case FilterKey.TYPE:
                for (note,) in connection.execute("SELECT note FROM files WHERE is_folder = 0 AND chunks > 0"):
                    yield PurePosixPath(note).suffix.lower().removeprefix("."), 1
            case _:
                return

    def _holds(self, scope: Scope) -> bool:
        where, parameters = self._condition(scope)
        with self._catalog.database.read() as connection:
            _add_folded(connection)
            return connection.execute(f"SELECT 1 FROM files WHERE {where}", parameters).fetchone() is not None

    def _condition(self, scope: Scope) -> tuple[str, tuple[object, ...]]:
        wanted: list[str] = []
        parameters: list[object] = []
        if scope.folder_ids:
            wanted.append(f"files.folder_id IN ({','.join('?' * len(scope.folder_ids))})")
            parameters.extend(scope.folder_ids)
        if scope.notes:
            wanted.append(" OR ".join(["(files.folder_id = ? AND files.note = ?)"] * len(scope.notes)))
            for folder_id, note in scope.notes:
                parameters.extend((folder_id, note))
        for key, alike in _by_key(scope.filters):
            parts = [self._filter(one) for one in alike]
            # A note is of one type and in one folder, so two of those mean either; it may have many tags.
            wanted.append((" OR " if key in _EITHER else " AND ").join(f"({sql})" for sql, _ in parts))
            parameters.extend(value for _, values in parts for value in values)
        for one in scope.filters:
            if one.excludes:
                sql, values = self._filter(one)
                wanted.append(f"NOT ({sql})")
                parameters.extend(values)
        return " AND ".join(f"({part})" for part in wanted) or "1", tuple(parameters)

    def _filter(self, one: QueryFilter) -> tuple[str, list[object]]:
        value = fold(one.value).strip("/ ")
        match one.key:
            case FilterKey.FOLDER:
                # A watched folder is meant by its own name, too; inside, any folder whose name begins so.
                roots = [folder.id for folder in self._catalog.files.folders() if _is_named(folder.path, value)]
                inside = f"files.folder_id IN ({','.join('?' * len(roots))}) OR " if roots else ""
                return f"{inside}instr({_PLACE}, ?) > 0", [*roots, f"/{value}"]
            case FilterKey.TYPE:
                suffixes = suffixes_of(one.value) or (f".{value.removeprefix('.')}",)
                return " OR ".join(["files.note LIKE ?"] * len(suffixes)), [f"%{suffix}" for suffix in suffixes]
            case FilterKey.TAG:
                tag = value.lstrip("#")
                return (
                    "files.id IN (SELECT file_id FROM tags WHERE tag = ? OR (tag >= ? AND tag < ?))",
                    [tag, f"{tag}/", f"{tag}0"],
                )
            case FilterKey.TITLE:
                return f"instr({_TITLE}, ?) > 0", [value]
        return _days_condition(one)


def _by_key(filters: tuple[QueryFilter, ...]) -> list[tuple[FilterKey, list[QueryFilter]]]:
    """The filters that include, by their key."""
    found: dict[FilterKey, list[QueryFilter]] = {}
    for one in filters:
        if not one.excludes:
            found.setdefault(one.key, []).append(one)
    return list(found.items())


def _days_condition(one: QueryFilter) -> tuple[str, list[object]]:
    """By the day that a note gives itself; by the time its file was changed only where it gives none."""
    assert one.days is not None, "a date filter has been understood"
    first, end = one.days.first.toordinal(), one.days.last.toordinal() + 1
    if one.key is FilterKey.BEFORE:
        first, end = 0, first
    elif one.key is FilterKey.AFTER:
        end = date.max.toordinal()
    return (
        f"coalesce({_DAY} >= ? AND {_DAY} < ?, files.mtime_ns >= ? AND files.mtime_ns < ?)",
        [first, end, _midnight_ns(first), _midnight_ns(end)],
    )


def _midnight_ns(ordinal: int) -> int:
    """When a day begins here, as files count: people mean their own days. What no file system can hold is cut off."""
    day = date.fromordinal(min(max(ordinal, _FIRST_FILE_DAY), _LAST_FILE_DAY))
    return int(datetime.combine(day, time.min).astimezone().timestamp()) * 10**9


def _is_named(path: str, value: str) -> bool:
    return fold(PurePosixPath(path.replace("\\", "/")).name).startswith(value)


def _add_folded(connection: sqlite3.Connection) -> None:
    connection.create_function("folded", 1, fold, deterministic=True)
