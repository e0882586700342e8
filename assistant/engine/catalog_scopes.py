"""What a search's scope means in the catalog: retrieval knows chunks, the library knows folders, notes, tags and days."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import PurePosixPath

from assistant.domain.library import FileState
from assistant.domain.order import ResultOrder
from assistant.domain.search import FilterKey, QueryFilter
from assistant.domain.sounds import sounds_like
from assistant.library.catalog import Catalog
from assistant.library.file_query import NEEDS_ATTENTION, escaped_for_like
from assistant.library.names import stem_of
from assistant.retrieval.ports import RowFilter, Scope
from assistant.retrieval.query_filters import state_of, suffixes_of
from assistant.retrieval.terms import fold

_DAY = "coalesce(files.named_day, files.own_day)"
_PLACE = "(files.folder_id = ? AND (files.note = ? OR (? = '' OR substr(?, -1) = '/') AND substr(files.note, 1, length(?)) = ?))"
_EITHER = frozenset({FilterKey.TYPE, FilterKey.FOLDER, FilterKey.DATE, FilterKey.STATE})
"""A note is of one type, in one folder, of one day and in one state, so two of those mean either; it may have many tags."""
_STATES = {
    "ready": f"files.state = '{FileState.READY}'",
    "words": f"files.state = '{FileState.KEYWORD_READY}'",
    "waiting": f"files.state = '{FileState.QUEUED}'",
    "unread": NEEDS_ATTENTION,
}
_ORDERS = {
    ResultOrder.TITLE: "coalesce(nullif(files.own_title, ''), files.note) COLLATE NOCASE",
    ResultOrder.OLDEST: f"coalesce(({_DAY} - 719163) * 86400000000000, files.mtime_ns)",
}
"""719163 is 1 January 1970 among the days."""

_FIRST_FILE_DAY, _LAST_FILE_DAY = date(1971, 1, 1).toordinal(), date(2200, 1, 1).toordinal()


class CatalogScopes:
    """Implements retrieval's Scopes over one catalog. Thread: any."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def rows_within(self, scope: Scope) -> RowFilter:
        """Chunks of any of the scope's folders, or of any of its notes if it names some, that pass every filter."""
        where, parameters = self._condition(scope)
        sql = f"SELECT chunks.id FROM chunks WHERE chunks.file_id IN (SELECT files.id FROM files WHERE {where})"
        return RowFilter(sql, parameters, prepare=_add_functions)

    def chunk_ids_within(self, scope: Scope) -> list[str]:
        rows = self.rows_within(scope)
        with self._catalog.database.read() as connection:
            rows.prepare(connection)
            found = connection.execute(f"SELECT chunk_id FROM chunks WHERE id IN ({rows.sql})", rows.parameters)
            return [chunk_id for (chunk_id,) in found]

    def newest_within(self, scope: Scope, limit: int, order: ResultOrder = ResultOrder.NEWEST) -> list[str]:
        where, parameters = self._condition(scope)
        by = _ORDERS.get(order, f"{_DAY} IS NULL, {_DAY} DESC, files.mtime_ns DESC")
        with self._catalog.database.read() as connection:
            _add_functions(connection)
            found = connection.execute(
                f"""SELECT (SELECT chunk_id FROM chunks WHERE file_id = files.id ORDER BY ordinal LIMIT 1) FROM files
                WHERE {where} AND files.chunks > 0 ORDER BY {by}, files.id LIMIT ?""",
                (*parameters, limit),
            ).fetchall()
        return [chunk_id for (chunk_id,) in found if chunk_id]

    def unread_within(self, scope: Scope, words: Sequence[str], limit: int) -> list[tuple[int, str]]:
        """Folder and note of what has no text yet or could not be read, and has every word in its path: what a search of texts misses."""
        where, parameters = self._condition(scope)
        named = "".join(r" AND files.note LIKE ? ESCAPE '\'" for _ in words)
        with self._catalog.database.read() as connection:
            _add_functions(connection)
            return connection.execute(
                f"""SELECT folder_id, note FROM files WHERE is_folder = 0 AND chunks = 0
                AND (state = '{FileState.QUEUED}' OR {NEEDS_ATTENTION}){named} AND ({where}) ORDER BY mtime_ns DESC LIMIT ?""",
                (*(f"%{escaped_for_like(word)}%" for word in words), *parameters, limit),
            ).fetchall()

    def failed_filters(self, filters: tuple[QueryFilter, ...], folder_id: int, note: str) -> tuple[QueryFilter, ...]:
        """Those of the filters that this note does not pass; of some that mean either, all or none."""
        failed: set[QueryFilter] = set()
        for alike in _judged_together(filters):
            if not self._holds(Scope(notes=((folder_id, note),), filters=alike)):
                failed.update(alike)
        return tuple(one for one in filters if one in failed)

    def values(self, key: FilterKey, beginning: str, limit: int) -> list[str]:
        """What a filter's value may be, most used first: the names of folders (Chinese ones also by the first letters of their pinyin),
        suffixes without their dot, tags, titles."""
        if key is FilterKey.TITLE:
            return self._titles(fold(beginning).strip(), limit)
        wanted = fold(beginning).lstrip("#")
        counts: dict[str, int] = {}
        with self._catalog.database.read() as connection:
            for value, notes in self._used(connection, key):
                if fold(value).startswith(wanted) or (key is FilterKey.FOLDER and sounds_like(beginning, value)):
                    counts[value] = counts.get(value, 0) + notes
        return sorted(counts, key=lambda value: (-counts[value], value.casefold()))[:limit]

    def _titles(self, wanted: str, limit: int) -> list[str]:
        """Titles, or names where a note has none, that a word of begins so; those that begin so themselves first, then the newest."""
        found: dict[str, tuple[int, int]] = {}
        with self._catalog.database.read() as connection:
            for own_title, note, mtime_ns in connection.execute(
                "SELECT own_title, note, mtime_ns FROM files WHERE is_folder = 0 AND chunks > 0"
            ):
                title = " ".join((own_title or stem_of(note)).split())
                at = f" {fold(title)}".find(f" {wanted}") if wanted.isascii() else fold(title).find(wanted)
                if at >= 0:
                    found[title] = min(found.get(title, (2, 0)), (min(at, 1), -mtime_ns))
        return sorted(found, key=lambda title: (found[title], title))[:limit]

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
            _add_functions(connection)
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
        if scope.places:
            wanted.append(" OR ".join([_PLACE] * len(scope.places)))
            for folder_id, path in scope.places:
                parameters.extend((folder_id, path, path, path, path, path))
        for key, alike in _by_key(scope.filters):
            parts = [self._filter(one) for one in alike]
            wanted.append((" OR " if key in _EITHER else " AND ").join(f"({sql})" for sql, _ in parts))
            parameters.extend(value for _, values in parts for value in values)
        for one in scope.filters:
            if one.excludes:
                sql, values = self._filter(one)
                wanted.append(f"NOT ({sql})")
                parameters.extend(values)
        return " AND ".join(f"({part})" for part in wanted) or "1", tuple(parameters)

    def _filter(self, one: QueryFilter) -> tuple[str, list[object]]:
        match one.key:
            case FilterKey.FOLDER:
                return self._folder_condition(one)
            case FilterKey.TYPE:
                return _any_of([_type_condition(value) for value in _values(one)])
            case FilterKey.TAG:
                return _any_of([_tag_condition(value) for value in _values(one)])
            case FilterKey.STATE:
                return _STATES[state_of(one.value)], []
            case FilterKey.TITLE:
                return "title_holds(files.own_title, files.note, ?)", [fold(one.value).strip()]
        return _days_condition(one)

    def _folder_condition(self, one: QueryFilter) -> tuple[str, list[object]]:
        """A folder below a watched one, or that one itself, whose name begins so; just so where the value is quoted, ends with a slash or
        leaves notes out, for who wants work away does not want workshop away."""
        value = fold(one.value).replace("\\", "/").strip()
        is_whole = one.excludes or one.is_quoted or value.endswith("/")
        roots = [(folder.id, fold(_name_of(folder.path))) for folder in self._catalog.files.folders()]
        root = f"CASE files.folder_id {'WHEN ? THEN ? ' * len(roots)}ELSE '' END" if roots else "''"
        wanted = f"/{value.strip('/ ')}{'/' if is_whole else ''}"
        return (
            f"instr('/' || {root} || '/' || folded(files.parent) || '/', ?) > 0",
            [*(part for pair in roots for part in pair), wanted],
        )


def _by_key(filters: tuple[QueryFilter, ...]) -> list[tuple[FilterKey, list[QueryFilter]]]:
    """The filters that include, by their key."""
    found: dict[FilterKey, list[QueryFilter]] = {}
    for one in filters:
        if not one.excludes:
            found.setdefault(one.key, []).append(one)
    return list(found.items())


def _judged_together(filters: tuple[QueryFilter, ...]) -> list[tuple[QueryFilter, ...]]:
    together = [tuple(alike) for key, alike in _by_key(filters) if key in _EITHER]
    return together + [(one,) for one in filters if one.excludes or one.key not in _EITHER]


def _values(one: QueryFilter) -> list[str]:
    """type:pdf,docx means either; so does tag:a,b."""
    values = [one.value] if one.is_quoted else one.value.split(",")
    return [value for value in values if value.strip("#/ ")] or [one.value]


def _any_of(conditions: list[tuple[str, list[object]]]) -> tuple[str, list[object]]:
    return " OR ".join(sql for sql, _ in conditions), [value for _, values in conditions for value in values]


def _type_condition(value: str) -> tuple[str, list[object]]:
    suffixes = suffixes_of(value) or (f".{fold(value).strip('/ ').removeprefix('*').removeprefix('.')}",)
    return " OR ".join([r"files.note LIKE ? ESCAPE '\'"] * len(suffixes)), [
        f"%{escaped_for_like(one)}" for one in suffixes
    ]


def _tag_condition(value: str) -> tuple[str, list[object]]:
    """The tag and those below it."""
    tag = fold(value).strip("/ ").lstrip("#")
    return (
        "files.id IN (SELECT file_id FROM tags WHERE tag = ? OR (tag >= ? AND tag < ?))",
        [tag, f"{tag}/", f"{tag}0"],
    )


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


def _name_of(path: str) -> str:
    return PurePosixPath(path.replace("\\", "/")).name


def _title_holds(own_title: str, note: str, value: str) -> bool:
    """In the title, or in the file's name from within its stem on: title:plan.md is a name, title:md is none."""
    if value in fold(own_title):
        return True
    name = fold(note.rpartition("/")[2])
    return 0 <= name.find(value) < len(fold(stem_of(note)))


def _add_functions(connection: sqlite3.Connection) -> None:
    connection.create_function("folded", 1, fold, deterministic=True)
    connection.create_function("title_holds", 3, _title_holds, deterministic=True)
