"""Where everything is kept inside the one data folder, and the lock that makes this engine its only owner."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.domain.errors import DataFolderBusyError
from assistant.ipc.data_folder import data_folder, shared_models_folder

LOCK_NAME = "engine.lock"


@dataclass(frozen=True, slots=True)
class DataPaths:
    """root: the data folder itself, private to its owner. original: the real one, if root is a copy of it (`engine.read_only`). lock: on
    a copy, taken by whoever made it."""

    root: Path
    original: Path | None = None
    lock: OwnerLock | None = field(default=None, compare=False)

    @classmethod
    def find(cls, asked: str | None) -> DataPaths:
        """The data folder asked for, the environment's, or the system's usual place."""
        return cls(data_folder(asked))

    @property
    def is_read_only(self) -> bool:
        return self.original is not None

    @property
    def real(self) -> DataPaths:
        """Those of the folder that a copy was made of; these, if root is no copy."""
        return DataPaths(self.original) if self.original else self

    @property
    def conversations(self) -> Path:
        return self.root / "conversations.sqlite"

    @property
    def settings(self) -> Path:
        return self.root / "settings.toml"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def folders(self) -> Path:
        return self.root / "folders.json"

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def models(self) -> Path:
        """The shelf's folder; a checkout's own serves all data folders."""
        return shared_models_folder(self.original or self.root)

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def make(self) -> None:
        """Create the folders, readable by their owner only."""
        for folder in (self.root, self.backups, self.index, self.logs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.root.stat().st_mode & 0o077:
            self.root.chmod(0o700)


class OwnerLock:
    """The operating system's lock on a data folder. Held for life; the system frees it when this process ends, however it ends."""

    def __init__(self, paths: DataPaths) -> None:
        self._path = paths.root / LOCK_NAME
        self._lock = FileLock(str(self._path), thread_local=False)

    def take(self, patience_s: float) -> None:
        """Take the lock, waiting for a predecessor that is just ending. Raises DataFolderBusyError."""
        try:
            self._lock.acquire(timeout=patience_s)
        except Timeout as error:
            raise DataFolderBusyError(path=str(self._path.parent)) from error

    def release(self) -> None:
        self._lock.release()


def size_bytes(path: Path) -> int:
    """Bytes of a file or of all files under a folder; 0 for what is not there or vanishes meanwhile."""
    try:
        if path.is_file():
            return path.stat().st_size
        return sum(size_bytes(child) for child in path.iterdir())
    except OSError:
        return 0


class Clock:
    """Seconds since it was made, for timings."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def seconds(self) -> float:
        return time.perf_counter() - self._start
