"""Chunks, their vectors and what the vector index has yet to be told. The truth about what can be searched.

Implements retrieval's ChunkStore and VectorSource over the catalog. Writing a note is one transaction: chunks that are still
there keep their row, their keyword entry and their vector; so an edit embeds only what it changed and a kill loses nothing.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.domain.documents import Chunk
from assistant.domain.library import FileState, IndexedChunk
from assistant.library.database import Database
from assistant.library.file_table import Identity
from assistant.library.names import stem_of
from assistant.library.ports import KeywordTables, KeywordText
from assistant.models.ports import FloatMatrix
from assistant.retrieval.ports import HalfMatrix, StoredChunk
from assistant.retrieval.terms import fold

_CHUNK_QUERY = """SELECT c.id, c.chunk_id, c.file_id, f.folder_id, f.note, f.raw, f.own_title, c.ordinal, c.text, c.start_at,
    c.end_at, c.headings, c.page, coalesce(f.named_day, f.own_day), f.mtime_ns FROM chunks c JOIN files f ON f.id = c.file_id WHERE """

_CHECKPOINT_TRIES, _CHECKPOINT_REST_S = 50, 0.1


@dataclass(frozen=True, slots=True)
class ReadNote:
    """What reading a note has found, ready to be written.

    identity: the file's when it was read; if the catalog knows a newer one by now, the note stays queued. meanings: the exact text
    that is embedded, one for each chunk. own_day: the day that the note gives itself, as an ordinal.
    """

    own_title: str
    format: str
    shape: str
    identity: Identity
    hash: bytes
    chunks: Sequence[Chunk]
    meanings: Sequence[str]
    notices: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    own_day: int | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a note has no text. hash and shape: with what it was tried, so that it is not tried again before that changes."""

    state: FileState
    reason: str
    detail: str = ""
    hash: bytes | None = None
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Unembedded:
    """A chunk without a vector."""

    rowid: int
    file_id: int
    own_title: str
    chunk: Chunk
    meaning: bytes


@dataclass(frozen=True, slots=True)
class Untold:
    """A change the vector index must be told: a vector, or None for a chunk that is no more."""

    seq: int
    chunk_id: str
    vector: FloatMatrix | None


def meaning_hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def chunk_ids(file_key: str, chunks: Sequence[Chunk]) -> list[str]:
    """Ids from the note and the content alone: unmoved by edits elsewhere in the note, by renames and by re-reading."""
    seen: dict[bytes, int] = {}
    ids = []
    for chunk in chunks:
        body = "\x1f".join((*chunk.heading_path, "", chunk.text)).encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(body, digest_size=16, key=file_key.encode()).digest()
        nth = seen.get(digest, 0)
        seen[digest] = nth + 1
        ids.append(hashlib.blake2b(digest + nth.to_bytes(4, "little"), digest_size=16).hexdigest())
    return ids


class ChunkTable:
    """Every method is one transaction, or joins the one that is open. Thread: any."""

    def __init__(self, database: Database, keywords: KeywordTables, folder_path: Callable[[int], str]) -> None:
        """folder_path: the absolute path, for people, below which a folder's notes lie."""
        self._database = database
        self._keywords = keywords
        self._folder_path = folder_path
        with database.write() as db:
            keywords.create(db)
            self._renew_terms(db)

    # ---- writing a note ----------------------------------------------------------------------------------------------

    def write_note(self, file_id: int, note: ReadNote) -> bool:
        """Replace what is known of a note by what was read. False if the file has been removed meanwhile."""
        with self._database.write() as db:
            row = db.execute("SELECT key, note, own_title FROM files WHERE id = ?", (file_id,)).fetchone()
            if row is None:
                return False
            key, path, old_title = row
            title = note.own_title or stem_of(path)
            retitled = title != (old_title or stem_of(path))
            ids = chunk_ids(key, note.chunks)
            known = {
                chunk_id: (rowid, meaning)
                for rowid, chunk_id, meaning in db.execute(
                    "SELECT id, chunk_id, meaning FROM chunks WHERE file_id = ?", (file_id,)
                )
            }
            stays = set(ids)
            self._drop(db, [(row[0], chunk_id) for chunk_id, row in known.items() if chunk_id not in stays])
            fresh: list[KeywordText] = []
            for chunk_id, chunk, text in zip(ids, note.chunks, note.meanings, strict=True):
                meaning = meaning_hash(text)
                if chunk_id in known:
                    rowid, old_meaning = known[chunk_id]
                    self._keep(db, rowid, chunk, meaning, changed=meaning != old_meaning)
                    if not retitled:
                        continue
                    self._keywords.remove(db, [rowid])
                else:
                    rowid = self._insert(db, file_id, chunk_id, chunk, meaning)
                fresh.append(KeywordText(rowid, title, chunk.heading_path, chunk.text))
            self._keywords.add(db, fresh)
            db.execute(
                """UPDATE files SET own_title = ?, format = ?, shape = ?, hash = ?, reason = ?, reason_detail = '', own_day = ?
                WHERE id = ?""",
                (note.own_title, note.format, note.shape, note.hash, ",".join(note.notices), note.own_day, file_id),
            )
            self._set_tags(db, file_id, note.tags)
            self._unqueue(db, file_id, FileState.KEYWORD_READY, note.identity)
            self._recount(db, [file_id])
            return True

    def unchanged(self, file_id: int, state: FileState, identity: Identity) -> None:
        """The content is what it was: back to `state`, or to ready if its chunks show that."""
        with self._database.write() as db:
            self._unqueue(db, file_id, state, identity)
            self._settle(db, file_id)

    def write_failure(self, file_id: int, failure: Failure, identity: Identity) -> None:
        """A note without text: skipped or failed, and nothing of it can be found any more."""
        with self._database.write() as db:
            self._drop_all(db, file_id)
            db.execute(
                """UPDATE files SET reason = ?, reason_detail = ?, hash = ?, shape = ?, chunks = 0, embedded = 0,
                own_title = '', own_day = NULL, is_folder = 0 WHERE id = ?""",
                (failure.reason, failure.detail, failure.hash, failure.shape, file_id),
            )
            self._set_tags(db, file_id, ())
            self._unqueue(db, file_id, failure.state, identity)

    def _unqueue(self, db: sqlite3.Connection, file_id: int, state: FileState, identity: Identity) -> None:
        """Out of the queue, unless a scan has seen another file there since ours was read."""
        db.execute(
            """UPDATE files SET state = CASE WHEN size = ? AND mtime_ns = ? AND inode = ? THEN ? ELSE ? END, checked_s = ?
            WHERE id = ?""",
            (identity.size, identity.mtime_ns, identity.inode, state, FileState.QUEUED, time.time(), file_id),
        )

    def remove_files(self, file_ids: Iterable[int]) -> None:
        """Forget files and everything made from them."""
        with self._database.write() as db:
            for file_id in file_ids:
                self._drop_all(db, file_id)
                db.execute("DELETE FROM files WHERE id = ?", (file_id,))

    def forget_traces(self) -> None:
        """After a folder was removed or a note forgotten: what was deleted is gone from the file, too, not only from the tables."""
        with self._database.write() as db:
            self._keywords.compact(db)
        for _ in range(_CHECKPOINT_TRIES):  # a search that is under way may still need the log
            if self._database.checkpoint():
                return
            time.sleep(_CHECKPOINT_REST_S)

    def texts_of(self, file_id: int) -> list[str]:
        with self._database.read() as db:
            return [row[0] for row in db.execute("SELECT text FROM chunks WHERE file_id = ?", (file_id,))]

    def ids_of(self, file_id: int) -> list[str]:
        with self._database.read() as db:
            found = db.execute("SELECT chunk_id FROM chunks WHERE file_id = ? ORDER BY ordinal", (file_id,))
            return [row[0] for row in found]

    def retitle(self, file_ids: Iterable[int]) -> None:
        """After a rename: the keyword entries of notes that bear their file's name as title."""
        with self._database.write() as db:
            for file_id in file_ids:
                row = db.execute("SELECT note, own_title FROM files WHERE id = ?", (file_id,)).fetchone()
                if row is None or row[1]:
                    continue
                found = db.execute("SELECT id, headings, text FROM chunks WHERE file_id = ?", (file_id,)).fetchall()
                self._keywords.remove(db, [rowid for rowid, *_ in found])
                self._keywords.add(
                    db, [KeywordText(rowid, stem_of(row[0]), _headings(h), text) for rowid, h, text in found]
                )

    def _renew_terms(self, db: sqlite3.Connection) -> None:
        """After an update that makes other terms of the same text: those of this library anew. Takes seconds per 10,000 chunks."""
        version = self._keywords.version
        if db.execute("SELECT 1 FROM meta WHERE name = 'terms' AND value = ?", (version,)).fetchone():
            return
        self._keywords.clear(db)
        rows = db.execute(
            "SELECT c.id, f.own_title, f.note, c.headings, c.text FROM chunks c JOIN files f ON f.id = c.file_id"
        )
        self._keywords.add(
            db,
            (
                KeywordText(rowid, own_title or stem_of(note), _headings(headings), text)
                for rowid, own_title, note, headings, text in rows
            ),
        )
        for tag, shown in db.execute("SELECT DISTINCT tag, shown FROM tags").fetchall():
            db.execute("UPDATE OR REPLACE tags SET tag = ? WHERE tag = ? AND shown = ?", (fold(shown), tag, shown))
        db.execute("INSERT OR REPLACE INTO meta VALUES ('terms', ?)", (version,))

    def _set_tags(self, db: sqlite3.Connection, file_id: int, tags: Sequence[str]) -> None:
        db.execute("DELETE FROM tags WHERE file_id = ?", (file_id,))
        db.executemany(
            "INSERT OR IGNORE INTO tags(file_id, tag, shown) VALUES (?, ?, ?)",
            [(file_id, fold(tag), tag) for tag in tags],
        )

    def _insert(self, db: sqlite3.Connection, file_id: int, chunk_id: str, chunk: Chunk, meaning: bytes) -> int:
        twin = db.execute(
            "SELECT v.vector FROM chunks c JOIN vectors v ON v.chunk = c.id WHERE c.meaning = ? LIMIT 1", (meaning,)
        ).fetchone()
        done = db.execute(
            """INSERT INTO chunks(chunk_id, file_id, ordinal, text, headings, page, start_at, end_at, meaning, embedded)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                chunk_id,
                file_id,
                chunk.ordinal,
                chunk.text,
                json.dumps(chunk.heading_path, ensure_ascii=False) if chunk.heading_path else "",
                chunk.page,
                chunk.start,
                chunk.end,
                meaning,
                twin is not None,
            ),
        )
        assert done.lastrowid is not None
        if twin is not None:
            db.execute("INSERT INTO vectors(chunk, vector) VALUES (?, ?)", (done.lastrowid, twin[0]))
            self._tell(db, [chunk_id])
        return done.lastrowid

    def _keep(self, db: sqlite3.Connection, rowid: int, chunk: Chunk, meaning: bytes, *, changed: bool) -> None:
        db.execute(
            "UPDATE chunks SET ordinal = ?, start_at = ?, end_at = ?, page = ? WHERE id = ?",
            (chunk.ordinal, chunk.start, chunk.end, chunk.page, rowid),
        )
        if changed:  # the note's title is part of what is embedded
            db.execute("UPDATE chunks SET meaning = ?, embedded = 0 WHERE id = ?", (meaning, rowid))
            db.execute("DELETE FROM vectors WHERE chunk = ?", (rowid,))

    def _drop_all(self, db: sqlite3.Connection, file_id: int) -> None:
        self._drop(db, db.execute("SELECT id, chunk_id FROM chunks WHERE file_id = ?", (file_id,)).fetchall())

    def _drop(self, db: sqlite3.Connection, chunks: Sequence[tuple[int, str]]) -> None:
        if not chunks:
            return
        self._keywords.remove(db, [rowid for rowid, _ in chunks])
        self._tell(db, [chunk_id for _, chunk_id in chunks])
        db.executemany("DELETE FROM chunks WHERE id = ?", [(rowid,) for rowid, _ in chunks])

    def _tell(self, db: sqlite3.Connection, ids: Iterable[str]) -> None:
        # REPLACE gives a new seq: what is being told at this moment does not count for this change.
        db.executemany("INSERT OR REPLACE INTO untold(chunk_id) VALUES (?)", [(chunk_id,) for chunk_id in ids])

    def _recount(self, db: sqlite3.Connection, file_ids: Iterable[int]) -> None:
        for file_id in file_ids:
            db.execute(
                """UPDATE files SET
                chunks = (SELECT count(*) FROM chunks WHERE file_id = files.id),
                embedded = (SELECT count(*) FROM chunks WHERE file_id = files.id AND embedded = 1) WHERE id = ?""",
                (file_id,),
            )
            self._settle(db, file_id)

    def _settle(self, db: sqlite3.Connection, file_id: int) -> None:
        db.execute(
            """UPDATE files SET state = ? WHERE id = ? AND state = ? AND embedded = chunks AND NOT EXISTS (
                SELECT 1 FROM chunks c JOIN untold u ON u.chunk_id = c.chunk_id WHERE c.file_id = files.id)""",
            (FileState.READY, file_id, FileState.KEYWORD_READY),
        )

    # ---- meaning -----------------------------------------------------------------------------------------------------

    def backlog(self, limit_chars: int, limit_chunks: int) -> list[Unembedded]:
        """Chunks without a vector: of the notes most asked about, then of the newest. Bounded by characters, but never empty
        while there is one."""
        found: list[Unembedded] = []
        chars = 0
        with self._database.read() as db:
            files = db.execute(
                """SELECT id, own_title FROM files WHERE embedded < chunks AND gone = 0
                ORDER BY asked DESC, mtime_ns DESC LIMIT ?""",
                (limit_chunks,),
            ).fetchall()
            for file_id, own_title in files:
                rows = db.execute(
                    """SELECT id, ordinal, text, start_at, end_at, headings, page, meaning FROM chunks
                    WHERE file_id = ? AND embedded = 0 ORDER BY ordinal""",
                    (file_id,),
                )
                for rowid, ordinal, text, start, end, headings, page, meaning in rows:
                    chars += len(text)
                    if found and (chars > limit_chars or len(found) >= limit_chunks):
                        return found
                    chunk = Chunk(ordinal, text, start, end, _headings(headings), page)
                    found.append(Unembedded(rowid, file_id, own_title, chunk, meaning))
        return found

    def write_vectors(self, chunks: Sequence[Unembedded], vectors: FloatMatrix) -> int:
        """Store vectors, as float16. Chunks that were changed or removed meanwhile are left out. Returns how many were stored."""
        halves = vectors.astype(np.float16)
        stored = 0
        with self._database.write() as db:
            for item, vector in zip(chunks, halves, strict=True):
                row = db.execute(
                    "SELECT chunk_id FROM chunks WHERE id = ? AND meaning = ? AND embedded = 0",
                    (item.rowid, item.meaning),
                ).fetchone()
                if row is None:
                    continue
                db.execute(
                    "INSERT OR REPLACE INTO vectors(chunk, vector) VALUES (?, ?)", (item.rowid, vector.tobytes())
                )
                db.execute("UPDATE chunks SET embedded = 1 WHERE id = ?", (item.rowid,))
                self._tell(db, row)
                stored += 1
            self._recount(db, {item.file_id for item in chunks})
        return stored

    def untold_count(self) -> int:
        with self._database.read() as db:
            return int(db.execute("SELECT count(*) FROM untold").fetchone()[0])

    def untold(self, limit: int) -> list[Untold]:
        """Changes the vector index has not been told, oldest first."""
        with self._database.read() as db:
            rows = db.execute(
                """SELECT u.seq, u.chunk_id, v.vector FROM untold u LEFT JOIN chunks c ON c.chunk_id = u.chunk_id
                LEFT JOIN vectors v ON v.chunk = c.id ORDER BY u.seq LIMIT ?""",
                (limit,),
            ).fetchall()
        return [
            Untold(seq, chunk_id, None if blob is None else np.frombuffer(blob, np.float16).astype(np.float32))
            for seq, chunk_id, blob in rows
        ]

    def told(self, changes: Sequence[Untold]) -> None:
        """The vector index knows these now; notes with nothing left to tell are ready."""
        with self._database.write() as db:
            db.executemany("DELETE FROM untold WHERE seq = ?", [(change.seq,) for change in changes])
            files: set[int] = set()
            for change in changes:
                if change.vector is not None:
                    row = db.execute("SELECT file_id FROM chunks WHERE chunk_id = ?", (change.chunk_id,)).fetchone()
                    files |= set(row or ())
            for file_id in files:
                self._settle(db, file_id)

    def ready_without_index(self) -> None:
        """The vector index is away for good, and exact search over our vectors answers: what has its vectors is ready."""
        with self._database.write() as db:
            db.execute(
                "UPDATE files SET state = ? WHERE state = ? AND embedded = chunks",
                (FileState.READY, FileState.KEYWORD_READY),
            )

    # ---- ChunkStore --------------------------------------------------------------------------------------------------

    def chunks_by_rowid(self, rowids: Sequence[int]) -> dict[int, StoredChunk]:
        return {chunk.rowid: chunk for chunk in self._chunks("c.id", rowids)}

    def chunks_by_id(self, ids: Sequence[str]) -> dict[str, StoredChunk]:
        return {chunk.chunk_id: chunk for chunk in self._chunks("c.chunk_id", ids)}

    def _chunks(self, column: str, keys: Sequence[object]) -> Iterator[StoredChunk]:
        with self._database.read() as db:
            for first in range(0, len(keys), 500):
                part = keys[first : first + 500]
                marks = ",".join("?" * len(part))
                for row in db.execute(f"{_CHUNK_QUERY}{column} IN ({marks})", part).fetchall():
                    yield self._stored(row)

    def _stored(self, row: Sequence[object]) -> StoredChunk:
        (
            rowid,
            chunk_id,
            file_id,
            folder_id,
            note,
            raw,
            own_title,
            ordinal,
            text,
            start,
            end,
            headings,
            page,
            day,
            mtime_ns,
        ) = row
        assert isinstance(folder_id, int) and isinstance(note, str) and isinstance(raw, bytes)
        assert isinstance(mtime_ns, int)
        return StoredChunk(
            rowid=rowid,  # type: ignore[arg-type]
            chunk_id=chunk_id,  # type: ignore[arg-type]
            file_id=file_id,  # type: ignore[arg-type]
            folder_id=folder_id,
            note=note,
            note_path=self._note_path(folder_id, note, raw),
            title=own_title or stem_of(note),  # type: ignore[arg-type]
            ordinal=ordinal,  # type: ignore[arg-type]
            text=text,  # type: ignore[arg-type]
            start=start,  # type: ignore[arg-type]
            end=end,  # type: ignore[arg-type]
            heading_path=_headings(headings),  # type: ignore[arg-type]
            page=page,  # type: ignore[arg-type]
            day=day,  # type: ignore[arg-type]
            changed_at_s=mtime_ns / 1e9,
        )

    def _note_path(self, folder_id: int, note: str, raw: bytes) -> str:
        """The exact path where it can be written as text, a readable one where it cannot."""
        try:
            relative = raw.decode("utf-8")
        except UnicodeDecodeError:
            relative = note
        return f"{self._folder_path(folder_id)}/{relative}"

    def of_file(self, file_id: int, after: int = -1, limit: int = 200) -> list[IndexedChunk]:
        """A page of a note's chunks, in their order in the note. after: the ordinal of the last one of the page before."""
        with self._database.read() as db:
            rows = db.execute(
                """SELECT c.ordinal, c.text, c.start_at, c.end_at, c.headings, c.page, v.chunk IS NOT NULL
                FROM chunks c LEFT JOIN vectors v ON v.chunk = c.id
                WHERE c.file_id = ? AND c.ordinal > ? ORDER BY c.ordinal LIMIT ?""",
                (file_id, after, limit),
            ).fetchall()
        return [
            IndexedChunk(ordinal, text, start, end, _headings(headings), page, bool(has_vector))
            for ordinal, text, start, end, headings, page, has_vector in rows
        ]

    def chunk_count(self) -> int:
        with self._database.read() as db:
            return int(db.execute("SELECT count(*) FROM chunks").fetchone()[0])

    def version(self) -> int:
        return self._database.writes

    def titles(self) -> Iterator[tuple[int, str, str]]:
        with self._database.read() as db:
            rows = db.execute("SELECT folder_id, note, own_title FROM files WHERE chunks > 0 AND gone = 0").fetchall()
        for folder_id, note, own_title in rows:
            yield folder_id, note, own_title or stem_of(note)

    # ---- VectorSource ------------------------------------------------------------------------------------------------

    def count(self) -> int:
        """How many vectors there are."""
        with self._database.read() as db:
            return int(db.execute("SELECT count(*) FROM vectors").fetchone()[0])

    def batches(self, size: int = 4096) -> Iterator[tuple[list[str], HalfMatrix]]:
        """Every vector, in pages of ids and a float16 matrix. Each page is a read of its own, so the writer is not held up."""
        after = -1
        while True:
            with self._database.read() as db:
                rows = db.execute(
                    """SELECT v.chunk, c.chunk_id, v.vector FROM vectors v JOIN chunks c ON c.id = v.chunk
                    WHERE v.chunk > ? ORDER BY v.chunk LIMIT ?""",
                    (after, size),
                ).fetchall()
            if not rows:
                return
            after = rows[-1][0]
            matrix = np.frombuffer(b"".join(row[2] for row in rows), np.float16).reshape(len(rows), -1)
            yield [row[1] for row in rows], matrix

    def vectors_of(self, chunk_ids: Collection[str]) -> tuple[list[str], HalfMatrix]:
        """Those of these chunks that have a vector."""
        marks = ",".join("?" * len(chunk_ids))
        with self._database.read() as db:
            rows = db.execute(
                f"SELECT c.chunk_id, v.vector FROM chunks c JOIN vectors v ON v.chunk = c.id WHERE c.chunk_id IN ({marks})",
                tuple(chunk_ids),
            ).fetchall()
        matrix = np.frombuffer(b"".join(row[1] for row in rows), np.float16).reshape(len(rows), -1 if rows else 0)
        return [row[0] for row in rows], matrix


def _headings(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored)) if stored else ()
