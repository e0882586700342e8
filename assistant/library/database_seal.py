"""What a closed database looked like, so that damage at rest is noticed before anybody reads it.

SQLite's own checks take seconds on a large file and see nothing of damage within a text or a vector. As long as size and time of the file
are those of its last closing, it is believed; if they are not, its hash decides: a copied data folder is as good as it was.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

from assistant.domain.whole_files import write_whole


class DatabaseSeal:
    """A file NAME.closed beside the database; there only while the database is closed. Thread: one at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seal = path.with_name(path.name + ".closed")
        self._was: tuple[int, int, str] | None = None  # as it was when it was opened

    @property
    def is_there(self) -> bool:
        """True if the last one to use the database closed it, and nothing was written since."""
        return self._seal.exists() and not self._has_log()

    def put(self) -> None:
        """After the last connection was closed. Without a seal the next start looks through the whole file, so a failure is no harm."""
        if self._has_log():
            return
        with contextlib.suppress(OSError):
            size, mtime_ns = self._measure()
            # Nothing was written: no need to read all of it once more.
            is_same = self._was is not None and self._was[:2] == (size, mtime_ns)
            body = [size, mtime_ns, self._was[2] if is_same and self._was else self._digest()]
            write_whole(self._seal, json.dumps(body).encode())

    def broken(self) -> str:
        """What is not as it was when the database was closed, "" if it is, or if nobody knows."""
        self._was = self._read()
        if self._was is None or self._has_log():
            return ""
        try:
            size, mtime_ns = self._measure()
        except FileNotFoundError:
            return ""
        if (size, mtime_ns) == self._was[:2] or (size == self._was[0] and self._digest() == self._was[2]):
            return ""
        return "changed while it was closed"

    def take_off(self) -> None:
        """From here on it may be written to. Raises OSError."""
        self._seal.unlink(missing_ok=True)

    def _read(self) -> tuple[int, int, str] | None:
        try:
            size, mtime_ns, digest = json.loads(self._seal.read_text("utf-8"))
            return int(size), int(mtime_ns), str(digest)
        except (OSError, ValueError, TypeError):
            return None

    def _measure(self) -> tuple[int, int]:
        found = self._path.stat()
        return found.st_size, found.st_mtime_ns

    def _digest(self) -> str:
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _has_log(self) -> bool:
        with contextlib.suppress(OSError):
            return self._path.with_name(self._path.name + "-wal").stat().st_size > 0
        return False
