"""The catalog as people look at it: folders and their children, what needs attention, how much is done."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from assistant.domain.library import FileInfo, FileQuery, FileState, LibraryCounts, ReasonCount, TreeEntry
from assistant.domain.order import TreeOrder
from assistant.library.database import Database
from assistant.library.file_query import NEEDS_ATTENTION, wanted
from assistant.library.names import stem_of

_INFO = "id, folder_id, note, state, reason, reason_detail, own_title, format, size, mtime_ns, chunks, embedded"  # in FileInfo's order

_NEWEST = {TreeOrder.NAME: "0", TreeOrder.CHANGED: "max(mtime_ns * (is_folder = 0))"}
"""The newest change in a folder; the index by which folders are listed does not hold it, so it is asked for only where it counts."""


class TreeView:
    """Read-only. Thread: any."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def children(self, folder_id: int, under: str = "", order: TreeOrder = TreeOrder.NAME) -> list[TreeEntry]:
        """Sub-folders with their counts, then files, each by name without regard to case, or the one with the newest change first."""
        return self.page(folder_id, under, order)[0]

    def page(
        self, folder_id: int, under: str = "", order: TreeOrder = TreeOrder.NAME, offset: int = 0, limit: int = 0
    ) -> tuple[list[TreeEntry], int]:
        """So many of the children from a place on (limit 0: all), and how many there are. Only these are looked at closely: a folder of
        100,000 files is listed in no time."""
        with self._database.read() as db:
            folders = self._folders(db, folder_id, under, order)
            names: list[tuple[int, str, int]] = db.execute(
                "SELECT id, note, mtime_ns FROM files WHERE folder_id = ? AND parent = ?", (folder_id, under)
            ).fetchall()
            skip = len(under) + 1 if under else 0
            names.sort(key=lambda row: (row[1][skip:].casefold(), row[1]))
            if order is TreeOrder.CHANGED:
                names.sort(key=lambda row: -row[2])
            total = len(folders) + len(names)
            end = offset + limit if limit else total
            wanted = [row[0] for row in names[max(0, offset - len(folders)) : max(0, end - len(folders))]]
            files = self._infos(db, wanted)
        return folders[offset:end] + [_entry(files[file_id]) for file_id in wanted if file_id in files], total

    def _folders(self, db: sqlite3.Connection, folder_id: int, under: str, order: TreeOrder) -> list[TreeEntry]:
        query = f"""SELECT parent, sum(state != '{FileState.SKIPPED}'), sum({NEEDS_ATTENTION}), {_NEWEST[order]}
            FROM files WHERE folder_id = ?"""
        values: list[object] = [folder_id]
        if under:
            query += " AND parent >= ? AND parent < ?"
            values += [f"{under}/", f"{under}0"]
        skip = len(under) + 1 if under else 0
        counts: dict[str, list[int]] = {}
        for parent, notes, attention, newest_ns in db.execute(query + " GROUP BY parent", values):
            name = parent[skip:].partition("/")[0]
            if not name:
                continue
            sums = counts.setdefault(name, [0, 0, 0])
            sums[0] += notes
            sums[1] += attention
            sums[2] = max(sums[2], newest_ns)
        prefix = f"{under}/" if under else ""
        folders = [TreeEntry(name, prefix + name, notes, attention) for name, (notes, attention, _) in counts.items()]
        folders.sort(key=_by_name)
        if order is TreeOrder.CHANGED:
            folders.sort(key=lambda entry: -counts[entry.name][2])
        return folders

    def _infos(self, db: sqlite3.Connection, file_ids: Sequence[int]) -> dict[int, FileInfo]:
        found: dict[int, FileInfo] = {}
        for first in range(0, len(file_ids), 500):
            part = file_ids[first : first + 500]
            marks = ",".join("?" * len(part))
            for row in db.execute(f"SELECT {_INFO} FROM files WHERE id IN ({marks})", part):
                found[row[0]] = _info(row)
        return found

    def attention(self, limit: int = 500) -> list[TreeEntry]:
        """Failed files first, then those skipped for a reason people can act on."""
        with self._database.read() as db:
            rows = db.execute(
                f"SELECT {_INFO} FROM files WHERE {NEEDS_ATTENTION} ORDER BY state, folder_id, note LIMIT ?", (limit,)
            ).fetchall()
        return [_entry(_info(row)) for row in rows]

    def file(self, folder_id: int, note: str) -> FileInfo | None:
        with self._database.read() as db:
            row = db.execute(
                f"SELECT {_INFO} FROM files WHERE folder_id = ? AND note = ?", (folder_id, note)
            ).fetchone()
        return None if row is None else _info(row)

    def files(self, query: FileQuery, after: tuple[str, int, str] | None = None, limit: int = 200) -> list[FileInfo]:
        """A page of the files that a query wants, those with the same reason beside each other. after: reason, folder and note of the
        last file of the page before."""
        where, values = wanted(query)
        if after is not None:
            where += " AND (reason, folder_id, note) > (?, ?, ?)"
            values += after
        with self._database.read() as db:
            rows = db.execute(
                f"SELECT {_INFO} FROM files WHERE {where} ORDER BY reason, folder_id, note LIMIT ?", (*values, limit)
            ).fetchall()
        return [_info(row) for row in rows]

    def count_files(self, query: FileQuery) -> int:
        where, values = wanted(query)
        with self._database.read() as db:
            return int(db.execute(f"SELECT count(*) FROM files WHERE {where}", values).fetchone()[0])

    def reasons(self) -> list[ReasonCount]:
        """Why files are not or not wholly read: failed ones first, then most first."""
        with self._database.read() as db:
            rows = db.execute(
                f"""SELECT state, reason, count(*), max({NEEDS_ATTENTION}) FROM files
                WHERE state IN ('{FileState.FAILED}', '{FileState.SKIPPED}') GROUP BY state, reason ORDER BY state, 3 DESC, reason"""
            ).fetchall()
        return [
            ReasonCount(FileState(state), reason, files, bool(attention)) for state, reason, files, attention in rows
        ]

    def counts(self) -> LibraryCounts:
        """notes: all that should be searchable; skipped ones are counted apart."""
        return total_counts(self.counts_by_folder().values())

    def counts_by_folder(self) -> dict[int, LibraryCounts]:
        found: dict[int, dict[str, int]] = {}
        with self._database.read() as db:
            rows = db.execute(
                """SELECT folder_id, state, count(*), sum(chunks), sum(embedded) FROM files
                GROUP BY folder_id, state"""
            ).fetchall()
        for folder_id, state, files, chunks, embedded in rows:
            sums = found.setdefault(folder_id, {})
            sums[state] = files
            sums["chunks"] = sums.get("chunks", 0) + chunks
            sums["embedded"] = sums.get("embedded", 0) + embedded
        return {folder_id: _counts(sums) for folder_id, sums in found.items()}

    def attention_by_folder(self) -> dict[int, int]:
        with self._database.read() as db:
            rows = db.execute(f"SELECT folder_id, count(*) FROM files WHERE {NEEDS_ATTENTION} GROUP BY folder_id")
            return dict(rows.fetchall())

    def pending_by_folder(self) -> dict[int, int]:
        """Vanished notes whose removal waits for an answer."""
        with self._database.read() as db:
            rows = db.execute("SELECT folder_id, count(*) FROM files WHERE gone = 1 GROUP BY folder_id")
            return dict(rows.fetchall())

    def failed(self) -> list[FileInfo]:
        with self._database.read() as db:
            rows = db.execute(
                f"SELECT {_INFO} FROM files WHERE state = ? ORDER BY folder_id, note", (FileState.FAILED,)
            ).fetchall()
        return [_info(row) for row in rows]


def total_counts(parts: object) -> LibraryCounts:
    total = [0] * 8
    for part in parts:  # type: ignore[attr-defined]
        for place, name in enumerate(LibraryCounts.__slots__):
            total[place] += getattr(part, name)
    return LibraryCounts(*total)


def _counts(sums: dict[str, int]) -> LibraryCounts:
    queued = sums.get(FileState.QUEUED, 0)
    keyword_ready = sums.get(FileState.KEYWORD_READY, 0)
    ready = sums.get(FileState.READY, 0)
    failed = sums.get(FileState.FAILED, 0)
    return LibraryCounts(
        notes=queued + keyword_ready + ready + failed,
        queued=queued,
        keyword_ready=keyword_ready,
        ready=ready,
        skipped=sums.get(FileState.SKIPPED, 0),
        failed=failed,
        chunks=sums["chunks"],
        embedded=sums["embedded"],
    )


def _info(row: Sequence[object]) -> FileInfo:
    file_id, folder_id, note, state, reason, detail, own_title, format_, size, mtime_ns, chunks, embedded = row
    assert isinstance(note, str) and isinstance(mtime_ns, int)
    return FileInfo(
        file_id=file_id,  # type: ignore[arg-type]
        folder_id=folder_id,  # type: ignore[arg-type]
        note=note,
        state=FileState(state),  # type: ignore[arg-type]
        reason=reason,  # type: ignore[arg-type]
        reason_detail=detail,  # type: ignore[arg-type]
        title=own_title or stem_of(note),  # type: ignore[arg-type]
        format=format_,  # type: ignore[arg-type]
        size_bytes=size,  # type: ignore[arg-type]
        changed_at_s=mtime_ns / 1e9,
        chunks=chunks,  # type: ignore[arg-type]
        embedded=embedded,  # type: ignore[arg-type]
    )


def _entry(info: FileInfo) -> TreeEntry:
    return TreeEntry(info.note.rpartition("/")[2], info.note, file=info)


def _by_name(entry: TreeEntry) -> tuple[str, str]:
    return entry.name.casefold(), entry.name
