"""One SQLite file: a single writer behind a lock, a reader for each thread, and what to do when the file is damaged."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

from assistant.domain.errors import DiskFullError, StoreUnavailableError
from assistant.domain.sounds import sounds_like
from assistant.domain.sqlite_errors import is_damage, is_full_disk
from assistant.domain.whole_files import rename_patiently
from assistant.library.database_seal import DatabaseSeal
from assistant.library.schema import migrate

_PARTS = ("-wal", "-shm", "")  # a log that is left behind would be taken for that of the next file


class _Reader:
    """A thread's connection. It closes with its thread, because a thread's locals die with it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def close(self) -> None:
        self.connection.close()

    def __del__(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self.connection.close()


class Database:
    """Opens or rebuilds the file; hands out transactions.

    `rebuilt` is why the file had to be moved aside and begun anew, "" in the normal case. The damaged file stays beside the new
    one as `NAME.damaged` until the next such event. `is_damaged`: damage showed while it was in use; opening it again makes it anew. `writes` counts the transactions so far. Thread: any; writers queue at one lock, readers never wait for them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rebuilt = ""
        self.is_damaged = False
        self.writes = 0
        self._lock = threading.RLock()
        self._depth = 0
        self._owner = 0
        self._local = threading.local()
        self._readers: weakref.WeakSet[_Reader] = weakref.WeakSet()
        self._closed = False
        self._seal = DatabaseSeal(path)
        self._writer = self._open_or_rebuild()

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction; nested uses join the outer one. Raises DiskFullError, StoreUnavailableError.

        Anything that raises inside rolls everything back."""
        with self._lock:
            if self._closed:
                raise StoreUnavailableError(store="catalog", reason="closed")
            if self._depth:
                yield self._writer
                return
            with self._translated():
                self._writer.execute("BEGIN IMMEDIATE")
                self._depth = 1
                self._owner = threading.get_ident()
                try:
                    yield self._writer
                    self._writer.execute("COMMIT")
                    self.writes += 1
                except BaseException:
                    # A full disk has rolled back by itself already.
                    with contextlib.suppress(sqlite3.Error):
                        self._writer.execute("ROLLBACK")
                    raise
                finally:
                    self._depth = 0
                    self._owner = 0

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """This thread's read-only connection, or its transaction if it has one open. Raises StoreUnavailableError."""
        if self._owner == threading.get_ident():
            yield self._writer
            return
        if self._closed:
            raise StoreUnavailableError(store="catalog", reason="closed")
        reader: _Reader | None = getattr(self._local, "reader", None)
        if reader is None:
            with self._translated():
                reader = _Reader(_connect(self.path))
                reader.connection.execute("PRAGMA query_only = ON")
            self._local.reader = reader
            self._readers.add(reader)
        with self._translated():
            yield reader.connection

    @contextlib.contextmanager
    def between_writes(self) -> Iterator[None]:
        """No transaction is open meanwhile: what was written is committed or undone. Not within a transaction."""
        with self._lock:
            assert not self._depth
            yield

    def checkpoint(self) -> bool:
        """Empty the write-ahead log. False if a reader does not allow it now. Not within a transaction."""
        with self._lock, self._translated():
            assert not self._depth
            return not self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]

    def remove_damaged(self) -> None:
        """Delete what was moved aside as damaged."""
        for part in _PARTS:
            self.path.with_name(self.path.name + ".damaged" + part).unlink(missing_ok=True)

    def close(self) -> None:
        """Wait for the writer, say that all is well on disk, close everything."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            with contextlib.suppress(sqlite3.Error):
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            for reader in list(self._readers):
                with contextlib.suppress(sqlite3.Error):
                    reader.close()
            self._writer.close()
            # Damage that was seen is not sealed as if it were right.
            if not self._marker().exists():
                self._seal.put()

    # ---- inside ------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.ProgrammingError as error:
            if self._closed:
                raise StoreUnavailableError(store="catalog", reason="closed") from error
            raise
        except sqlite3.DatabaseError as error:
            if is_full_disk(error):
                raise DiskFullError(path=str(self.path), needed_bytes=0, free_bytes=0) from error
            if is_damage(error):
                self.is_damaged = True
                self._marker().touch()
                raise StoreUnavailableError(store="catalog", reason="damaged") from error
            if isinstance(error, sqlite3.OperationalError):
                raise StoreUnavailableError(store="catalog", reason=str(error)) from error
            raise

    def _marker(self) -> Path:
        """Set when damage shows while running: the next start does not trust the file."""
        return self.path.with_name(self.path.name + ".distrust")

    def _open_or_rebuild(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if self._marker().exists():
                raise ValueError("damage was seen while it was in use")
            if why := self._seal.broken():
                raise ValueError(why)
            return self._open()
        except (sqlite3.DatabaseError, ValueError) as error:
            if isinstance(error, sqlite3.OperationalError) and not is_damage(error):
                raise StoreUnavailableError(store="catalog", reason=str(error)) from error
            self.rebuilt = str(error)
            self._move_aside()
            return self._open()

    def _open(self) -> sqlite3.Connection:
        is_checked = not self.path.exists() or self._seal.is_there
        self._seal.take_off()
        connection = _connect(self.path)
        try:
            _protect(self.path)
            migrate(connection)
            # A look at every page and entry costs seconds on a big file, so it is kept for the starts that follow an unclean end.
            if not is_checked and (found := connection.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                raise ValueError(found)
        except BaseException:
            connection.close()
            raise
        return connection

    def _move_aside(self) -> None:
        for part in _PARTS:
            damaged = self.path.with_name(self.path.name + part)
            aside = self.path.with_name(self.path.name + ".damaged" + part)
            aside.unlink(missing_ok=True)
            if damaged.exists():
                rename_patiently(damaged, aside)
        self._seal.take_off()
        self._marker().unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA cache_size = -16000")
    connection.create_function("sounds_like", 2, sounds_like, deterministic=True)
    return connection


def _protect(path: Path) -> None:
    """Notes' text is in it: readable by its owner only, where the system knows such a thing."""
    if os.name == "posix":
        path.chmod(0o600)
