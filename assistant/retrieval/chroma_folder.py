"""The vector process's folder on disk: which of its indexes is in use, and what is known of its health.

    in-use.json     {"folder": "index-3", "chroma": "1.5.9", "changed": 12}; written beside and renamed, so it is whole or absent
    dirty           there from before the first write until a clean close: the process was killed in between
    opening         there while a dirty index is opened and probed, and after that failed: the next process keeps its hands off
    seal.json       size and hash of every file of the index as it was closed; says nothing while `dirty` is there (chroma_seal.py)
    index-N/        one Chroma folder each; all but the one in use are leftovers and are deleted
    lock            held for life by the one process that may open any of this

Knows nothing of Chroma itself. Deleting the whole folder costs a rebuild and nothing else.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.domain.errors import StoreUnavailableError
from assistant.domain.whole_files import write_whole

log = logging.getLogger(__name__)

LOCK_PATIENCE_S = 20.0
"""A predecessor that was told to stop finishes its batch first; one that was killed has let go already."""

_SPARSE_MARGIN_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class InUse:
    folder: str
    chroma: str
    changed: int = 0


class ChromaFolder:
    """Thread: one at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = FileLock(root / "lock")

    def take(self) -> None:
        """Become the only process that works here. Raises StoreUnavailableError if another does not let go."""
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock.acquire(timeout=LOCK_PATIENCE_S)
        except Timeout as error:
            raise StoreUnavailableError(store="vectors", reason="another process has it") from error
        except OSError as error:
            raise StoreUnavailableError(store="vectors", reason=error.strerror or "cannot be written") from error

    def release(self) -> None:
        self._lock.release()

    def in_use(self) -> InUse | None:
        """None if there is no index yet, or the file that names it is damaged."""
        try:
            found = json.loads((self.root / "in-use.json").read_text("utf-8"))
            in_use = InUse(str(found["folder"]), str(found["chroma"]), int(found["changed"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        is_ours = in_use.folder.startswith("index-") and Path(in_use.folder).name == in_use.folder
        return in_use if is_ours and (self.root / in_use.folder).is_dir() else None

    def use(self, in_use: InUse) -> None:
        """From here on, `in_use.folder` is the index. One rename: a kill leaves the old one or the new one."""
        write_whole(self.root / "in-use.json", json.dumps(asdict(in_use)).encode())

    def new_index(self) -> Path:
        """An empty folder for a new index."""
        numbers = [int(path.name[6:]) for path in self.root.glob("index-*") if path.name[6:].isdecimal()]
        path = self.root / f"index-{max(numbers, default=0) + 1}"
        path.mkdir(mode=0o700)
        return path

    def remove_leftovers(self, keep: Path | None) -> None:
        """Delete every index but one. What cannot be deleted now (Windows, open handles) is tried again at the next start."""
        for path in self.root.glob("index-*"):
            if keep is None or path.name != keep.name:
                shutil.rmtree(path, ignore_errors=True)

    def is_marked(self, mark: str) -> bool:
        return (self.root / mark).exists()

    def mark(self, mark: str) -> None:
        """Raises OSError."""
        with (self.root / mark).open("w") as file:
            file.flush()
            os.fsync(file.fileno())

    def unmark(self, mark: str) -> None:
        (self.root / mark).unlink(missing_ok=True)


def impossible_file(index: Path) -> str:
    """The name of a file that is far larger than what it really holds, "" if there is none.

    A torn write leaves link lengths that are garbage; Chroma then makes a file of hundreds of gigabytes with nothing in it, and
    dies of a segmentation fault when it opens it again.
    """
    for path in index.rglob("*.bin"):
        found = path.stat()
        held = getattr(found, "st_blocks", found.st_size // 512 + 1) * 512
        if found.st_size > 4 * held + _SPARSE_MARGIN_BYTES:
            return path.name
    return ""
