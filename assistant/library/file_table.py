"""Folders and files in the catalog: what is known of each, what waits to be read, what has vanished."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.domain.documents import ReasonCode
from assistant.domain.library import FileQuery, FileState, FolderState
from assistant.library.database import Database
from assistant.library.days import named_day
from assistant.library.file_query import wanted
from assistant.library.names import clean_name, parent_of, raw_bytes, raw_text

_MAX_SQL_INT = 2**63 - 1
MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Identity:
    """What a scan compares without opening a file. inode 0: the system does not tell."""

    size: int
    mtime_ns: int
    inode: int

    @staticmethod
    def of(size: int, mtime_ns: int, inode: int) -> Identity:
        # Windows tells the inode of a single file but not while listing a folder: the same file would look like two.
        known = 0 if os.name == "nt" else inode & _MAX_SQL_INT
        return Identity(size, max(-_MAX_SQL_INT, min(mtime_ns, _MAX_SQL_INT)), known)


@dataclass(frozen=True, slots=True)
class FolderRow:
    """path: clean, for people. raw: as the system spells it, for opening. device: of the root when last seen."""

    id: int
    path: str
    raw: str
    is_file: bool
    state: FolderState
    device: int


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as a scan and the indexer need it. raw: path below the folder with `/`, as the system spells it."""

    id: int
    folder_id: int
    note: str
    raw: str
    is_folder: bool
    identity: Identity
    hash: bytes | None
    state: FileState
    reason: str
    shape: str
    gone: int
    chunks: int


_FILE_COLUMNS = "id, folder_id, note, raw, is_folder, size, mtime_ns, inode, hash, state, reason, shape, gone, chunks"  # in FileRow's order

_EVERY_STATE = ",".join(f"'{state}'" for state in FileState)

STAYS, WAITS, KEPT = 0, 1, 2
"""Values of `gone`."""


_TELLS = f"""
CREATE TEMP TRIGGER told_of_new AFTER INSERT ON main.files BEGIN SELECT row_changed(NEW.folder_id, NEW.raw); END;
CREATE TEMP TRIGGER told_of_removed AFTER DELETE ON main.files BEGIN SELECT row_changed(OLD.folder_id, OLD.raw); END;
CREATE TEMP TRIGGER told_of_changed
    AFTER UPDATE OF folder_id, raw, parent, is_folder, size, mtime_ns, inode, state, reason, gone ON main.files
    WHEN (OLD.folder_id, OLD.raw, OLD.parent, OLD.is_folder, OLD.size, OLD.mtime_ns, OLD.inode, OLD.gone)
        IS NOT (NEW.folder_id, NEW.raw, NEW.parent, NEW.is_folder, NEW.size, NEW.mtime_ns, NEW.inode, NEW.gone)
        OR OLD.state IN ('{FileState.SKIPPED}', '{FileState.FAILED}') OR NEW.state IN ('{FileState.SKIPPED}', '{FileState.FAILED}')
    BEGIN SELECT row_changed(OLD.folder_id, OLD.raw), row_changed(NEW.folder_id, NEW.raw); END;
"""
"""Everything that a comparison looks at. A note's way from queued to ready is no part of it."""


def _file_row(row: Sequence[object]) -> FileRow:
    (file_id, folder_id, note, raw, is_folder, size, mtime_ns, inode, digest, state, reason, shape, gone, chunks) = row
    return FileRow(
        file_id,  # type: ignore[arg-type]
        folder_id,  # type: ignore[arg-type]
        note,  # type: ignore[arg-type]
        raw_text(raw),  # type: ignore[arg-type]
        bool(is_folder),
        Identity(size, mtime_ns, inode),  # type: ignore[arg-type]
        digest,  # type: ignore[arg-type]
        FileState(state),  # type: ignore[arg-type]
        reason,  # type: ignore[arg-type]
        shape,  # type: ignore[arg-type]
        gone,  # type: ignore[arg-type]
        chunks,  # type: ignore[arg-type]
    )


def weight_of(size: int) -> int:
    """Small files are read before large ones, so that most notes can be found soon."""
    return 0 if size <= MB else 1 if size <= 10 * MB else 2


class FileTable:
    """Every method is one transaction, or joins the one that is open. Thread: any."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ---- folders -----------------------------------------------------------------------------------------------------

    def put_folder(self, folder_id: int, raw: str, *, is_file: bool) -> None:
        """Make the folder known under this id. Its files, if there are any, stay."""
        with self._database.write() as db:
            db.execute(
                """INSERT INTO folders(id, path, raw, is_file, state) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT(id) DO UPDATE SET path = excluded.path, raw = excluded.raw, is_file = excluded.is_file""",
                (folder_id, clean_name(raw), raw_bytes(raw), is_file, FolderState.SCANNING),
            )

    def folders(self) -> list[FolderRow]:
        with self._database.read() as db:
            rows = db.execute("SELECT id, path, raw, is_file, state, device FROM folders ORDER BY id").fetchall()
        return [FolderRow(i, path, raw_text(raw), bool(f), FolderState(s), d) for i, path, raw, f, s, d in rows]

    def note_scan(self, folder_id: int, device: int, others: int | None) -> None:
        """Remember the root's device and, after a scan of all of it, how many files there are no notes."""
        device &= _MAX_SQL_INT
        with self._database.read() as db:
            known = db.execute("SELECT device, others FROM folders WHERE id = ?", (folder_id,)).fetchone()
        if known is None or known == (device, known[1] if others is None else others):
            return  # a comparison that found nothing writes nothing
        with self._database.write() as db:
            db.execute(
                "UPDATE folders SET device = ?, others = coalesce(?, others) WHERE id = ?", (device, others, folder_id)
            )

    def forget_folder(self, folder_id: int) -> None:
        """Only the folder's own row: its files must be gone already."""
        with self._database.write() as db:
            db.execute("DELETE FROM folders WHERE id = ?", (folder_id,))

    def rehome(self, folder_id: int, new_id: int, prefix: str, raw_prefix: bytes) -> None:
        """All files of one folder become another's, below a sub-folder of it (clean and raw path)."""
        with self._database.write() as db:
            rows = db.execute("SELECT id, note, raw FROM files WHERE folder_id = ?", (folder_id,)).fetchall()
            for file_id, note, raw in rows:
                path = f"{prefix}/{note}" if prefix else note
                raw_path = raw_prefix + b"/" + raw if raw_prefix else raw
                db.execute(
                    "UPDATE files SET folder_id = ?, note = ?, raw = ?, parent = ? WHERE id = ?",
                    (new_id, path, raw_path, parent_of(path), file_id),
                )

    # ---- what a comparison looks at ----------------------------------------------------------------------------------

    def tell_of_changes(self, row_changed: Callable[[int, bytes], None]) -> None:
        """Have the database call this, with folder and raw path, for each row that may compare differently with its file afterwards.

        It is called on the writing thread, within the transaction (which may still be undone); must be quick and not raise."""
        with self._database.write() as db:
            db.create_function("row_changed", 2, row_changed)
            for statement in _TELLS.split("END;")[:-1]:
                db.execute(statement + "END;")

    def parents_under(self, folder_id: int, under: str) -> list[str]:
        """Every sub-folder that has rows: this one (clean path, "" for the root) and all below it."""
        query, values = "SELECT DISTINCT parent FROM files WHERE folder_id = ?", [folder_id]
        if under:
            query += " AND (parent = ? OR (parent >= ? AND parent < ?))"
            values += [under, f"{under}/", f"{under}0"]  # type: ignore[list-item]
        with self._database.read() as db:
            return [row[0] for row in db.execute(query, values)]

    def rows_in(self, folder_id: int, parents: Sequence[str]) -> list[FileRow]:
        """Rows that lie directly in one of these sub-folders (clean paths)."""
        rows: list[FileRow] = []
        with self._database.read() as db:
            for first in range(0, len(parents), 500):
                part = parents[first : first + 500]
                marks = ",".join("?" * len(part))
                query = f"SELECT {_FILE_COLUMNS} FROM files WHERE folder_id = ? AND parent IN ({marks})"
                rows += [_file_row(row) for row in db.execute(query, (folder_id, *part))]
        return rows

    # ---- looking up --------------------------------------------------------------------------------------------------

    def rows_under(self, folder_id: int, under: str, *, recursive: bool) -> list[FileRow]:
        """Rows of a sub-folder (clean path, "" for the root), with those of its own sub-folders if recursive."""
        query = f"SELECT {_FILE_COLUMNS} FROM files WHERE folder_id = ?"
        values: list[object] = [folder_id]
        if not recursive:
            query += " AND parent = ?"
            values.append(under)
        elif under:
            # "0" is the character after "/": everything that begins with `under/`.
            query += " AND (parent = ? OR (parent >= ? AND parent < ?))"
            values += [under, f"{under}/", f"{under}0"]
        with self._database.read() as db:
            return [_file_row(row) for row in db.execute(query, values)]

    def by_note(self, folder_id: int, note: str) -> FileRow | None:
        return self._one("folder_id = ? AND note = ?", (folder_id, note))

    def by_raw(self, folder_id: int, raw: str) -> FileRow | None:
        return self._one("folder_id = ? AND raw = ?", (folder_id, raw_bytes(raw)))

    def by_id(self, file_id: int) -> FileRow | None:
        return self._one("id = ?", (file_id,))

    def by_identity(self, folder_id: int, identity: Identity) -> list[FileRow]:
        """Files of the folder that were the same file on disk when last seen."""
        if not identity.inode:
            return []
        with self._database.read() as db:
            found = db.execute(
                f"SELECT {_FILE_COLUMNS} FROM files WHERE inode = ? AND folder_id = ? AND size = ? AND mtime_ns = ?",
                (identity.inode, folder_id, identity.size, identity.mtime_ns),
            )
            return [_file_row(row) for row in found]

    def forgotten(self) -> dict[int, set[str]]:
        """Raw paths of what is left out as forgotten, by folder."""
        found: dict[int, set[str]] = {}
        with self._database.read() as db:
            query = "SELECT folder_id, raw FROM files WHERE state = ? AND reason = ?"
            for folder_id, raw in db.execute(query, (FileState.SKIPPED, ReasonCode.FORGOTTEN)):
                found.setdefault(folder_id, set()).add(raw_text(raw))
        return found

    def has_content(self, folder_id: int, digest: bytes) -> bool:
        """Whether a note of the folder was read with this content."""
        return self._one("folder_id = ? AND hash = ?", (folder_id, digest)) is not None

    def _one(self, where: str, values: Sequence[object]) -> FileRow | None:
        with self._database.read() as db:
            row = db.execute(f"SELECT {_FILE_COLUMNS} FROM files WHERE {where}", values).fetchone()
        return None if row is None else _file_row(row)

    # ---- what a scan found -------------------------------------------------------------------------------------------

    def add(self, folder_id: int, note: str, raw: str, identity: Identity) -> int:
        """A new note, queued."""
        return self._insert(folder_id, note, raw, identity, FileState.QUEUED, "", is_folder=False)

    def add_skipped(
        self, folder_id: int, note: str, raw: str, identity: Identity, reason: ReasonCode, *, is_folder: bool
    ) -> int:
        state = FileState.FAILED if reason in FAILS_A_FOLDER else FileState.SKIPPED
        return self._insert(folder_id, note, raw, identity, state, reason, is_folder=is_folder)

    def _insert(
        self, folder_id: int, note: str, raw: str, identity: Identity, state: FileState, reason: str, *, is_folder: bool
    ) -> int:
        with self._database.write() as db:
            done = db.execute(
                """INSERT INTO files(key, folder_id, note, raw, parent, is_folder, size, mtime_ns, inode, state, reason, weight,
                named_day) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    secrets.token_hex(12),
                    folder_id,
                    note,
                    raw_bytes(raw),
                    parent_of(note),
                    is_folder,
                    identity.size,
                    identity.mtime_ns,
                    identity.inode,
                    state,
                    reason,
                    weight_of(identity.size),
                    named_day(note),
                ),
            )
            assert done.lastrowid is not None
            return done.lastrowid

    def queue(self, file_id: int, identity: Identity | None = None) -> None:
        """Read the note again; what is known of it stays searchable until then.

        identity: of the file on disk, which may have another content now. None: the content is the same, but it has to be read
        again (another splitter, a retry)."""
        with self._database.write() as db:
            if identity is None:
                # Without a hash it cannot be taken for unchanged.
                db.execute(
                    "UPDATE files SET state = ?, hash = NULL, gone = 0 WHERE id = ?", (FileState.QUEUED, file_id)
                )
            else:
                db.execute(
                    """UPDATE files SET state = ?, size = ?, mtime_ns = ?, inode = ?, weight = ?, gone = 0, is_folder = 0
                    WHERE id = ?""",
                    (
                        FileState.QUEUED,
                        identity.size,
                        identity.mtime_ns,
                        identity.inode,
                        weight_of(identity.size),
                        file_id,
                    ),
                )

    def adopt(self, file_id: int, identity: Identity) -> None:
        """The same content under another identity (touched, or copied back)."""
        with self._database.write() as db:
            db.execute(
                "UPDATE files SET size = ?, mtime_ns = ?, inode = ?, gone = 0 WHERE id = ?",
                (identity.size, identity.mtime_ns, identity.inode, file_id),
            )

    def step_aside(self, file_ids: Sequence[int]) -> None:
        """Give up the paths of files that are about to be moved, so that names can be swapped. In the same transaction as `move`."""
        with self._database.write() as db:
            db.executemany(
                "UPDATE files SET note = char(1) || id, raw = CAST(char(1) || id AS BLOB) WHERE id = ?",
                [(file_id,) for file_id in file_ids],
            )

    def move(self, file_id: int, note: str, raw: str, identity: Identity) -> None:
        with self._database.write() as db:
            db.execute(
                """UPDATE files SET note = ?, raw = ?, parent = ?, size = ?, mtime_ns = ?, inode = ?, named_day = ?, gone = 0
                WHERE id = ?""",
                (
                    note,
                    raw_bytes(raw),
                    parent_of(note),
                    identity.size,
                    identity.mtime_ns,
                    identity.inode,
                    named_day(note),
                    file_id,
                ),
            )

    # ---- vanished notes ----------------------------------------------------------------------------------------------

    def set_gone(self, file_ids: Iterable[int], gone: int) -> None:
        file_ids = list(file_ids)
        if not file_ids:
            return
        with self._database.write() as db:
            db.executemany("UPDATE files SET gone = ? WHERE id = ?", [(gone, file_id) for file_id in file_ids])

    def gone_rows(self, folder_id: int, gone: int) -> list[FileRow]:
        with self._database.read() as db:
            # With every state named, the index finds the few that are gone without a look at all the others.
            found = db.execute(
                f"SELECT {_FILE_COLUMNS} FROM files WHERE folder_id = ? AND state IN ({_EVERY_STATE}) AND gone = ?",
                (folder_id, gone),
            )
            return [_file_row(row) for row in found]

    def ask_again_about_kept(self) -> None:
        """A new start: what the user once kept although it had vanished is looked at again."""
        with self._database.write() as db:
            db.execute("UPDATE files SET gone = 0 WHERE gone = ?", (KEPT,))

    def note_count(self, folder_id: int) -> int:
        """Notes of a folder, without what is skipped by rule."""
        with self._database.read() as db:
            found = db.execute(
                "SELECT count(*) FROM files WHERE folder_id = ? AND state != ?", (folder_id, FileState.SKIPPED)
            )
            return int(found.fetchone()[0])

    # ---- the queue of notes to read ----------------------------------------------------------------------------------

    def next_queued(self, limit: int, without: Iterable[int] = ()) -> list[FileRow]:
        """Those asked about first, small before large, the newest change first. Vanished ones wait."""
        skip = set(without)
        with self._database.read() as db:
            found = db.execute(
                f"""SELECT {_FILE_COLUMNS} FROM files WHERE state = ? AND gone = 0
                ORDER BY asked DESC, weight, mtime_ns DESC LIMIT ?""",
                (FileState.QUEUED, limit + len(skip)),
            )
            rows = [_file_row(row) for row in found]
        return [row for row in rows if row.id not in skip][:limit]

    def shapes(self) -> list[str]:
        """Every reader, splitter and counter that notes were read by."""
        with self._database.read() as db:
            return [row[0] for row in db.execute("SELECT DISTINCT shape FROM files WHERE shape != ''")]

    def ids_for_retry(self, query: FileQuery) -> list[int]:
        """Failed and skipped files that a query wants; folders that are left out are none of them, nor what is to be forgotten."""
        where, values = wanted(query)
        with self._database.read() as db:
            rows = db.execute(
                f"SELECT id FROM files WHERE {where} AND is_folder = 0 AND state IN (?, ?) AND reason != ?",
                (*values, FileState.FAILED, FileState.SKIPPED, ReasonCode.FORGOTTEN),
            )
            return [row[0] for row in rows]

    def queue_all(self, file_ids: Sequence[int]) -> None:
        """Read these notes again, as `queue` without an identity."""
        with self._database.write() as db:
            db.executemany(
                "UPDATE files SET state = ?, hash = NULL, gone = 0 WHERE id = ?",
                [(FileState.QUEUED, file_id) for file_id in file_ids],
            )

    def queue_shapes(self, shapes: Sequence[str]) -> int:
        """Queue every note that was read by one of these. Returns how many."""
        queued = 0
        with self._database.write() as db:
            for shape in shapes:
                queued += db.execute(
                    "UPDATE files SET state = ?, hash = NULL WHERE is_folder = 0 AND shape = ? AND state != ?",
                    (FileState.QUEUED, shape, FileState.QUEUED),
                ).rowcount
        return queued

    def ask_first(self, file_ids: Iterable[int]) -> None:
        """These notes were just asked about: read and embed them before others."""
        with self._database.write() as db:
            db.executemany("UPDATE files SET asked = asked + 1 WHERE id = ?", [(file_id,) for file_id in file_ids])

    # ---- rolling check of contents -----------------------------------------------------------------------------------

    def least_recently_checked(self, folder_id: int, limit: int) -> list[FileRow]:
        with self._database.read() as db:
            found = db.execute(
                f"""SELECT {_FILE_COLUMNS} FROM files WHERE folder_id = ? AND hash IS NOT NULL AND gone = 0
                ORDER BY checked_s LIMIT ?""",
                (folder_id, limit),
            )
            return [_file_row(row) for row in found]

    def note_checked(self, file_ids: Iterable[int]) -> None:
        now = time.time()
        with self._database.write() as db:
            db.executemany("UPDATE files SET checked_s = ? WHERE id = ?", [(now, file_id) for file_id in file_ids])


FAILS_A_FOLDER = frozenset({ReasonCode.NO_PERMISSION, ReasonCode.READ_ERROR, ReasonCode.NAME_TOO_LONG})
"""Reasons a scan gives that are a failure (the notes are wanted), not a rule's decision to leave something out."""
