"""The library's nouns: watched folders, the state of each note in them, and how far indexing has come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FileState(StrEnum):
    QUEUED = "queued"
    KEYWORD_READY = "keyword-ready"
    READY = "ready"
    SKIPPED = "skipped"
    FAILED = "failed"


class FolderState(StrEnum):
    SCANNING = "scanning"
    WATCHING = "watching"
    POLLING = "polling"
    MISSING = "missing"
    PAUSED = "paused"
    WAITING_DELETE = "waiting-delete"


@dataclass(frozen=True, slots=True)
class FolderInfo:
    """A watched root. path is absolute. is_file: a single dropped file. pending_deletes: notes whose removal waits for a yes."""

    id: int
    path: str
    name: str
    state: FolderState
    notes: int
    ready: int
    attention: int
    is_file: bool = False
    pending_deletes: int = 0


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One file as the catalog knows it. note: path relative to its folder with `/`. changed_at_s: Unix seconds.

    reason_detail: for a file that is too large, the limit in bytes; else words of a library or of the system, which nobody is shown."""

    file_id: int
    folder_id: int
    note: str
    state: FileState
    reason: str = ""
    reason_detail: str = ""
    title: str = ""
    format: str = ""
    size_bytes: int = 0
    changed_at_s: float = 0.0
    chunks: int = 0
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A child of a folder in the library tree: a sub-folder (file is None) with its counts, or a file."""

    name: str
    path: str
    notes: int = 0
    attention: int = 0
    file: FileInfo | None = None


@dataclass(frozen=True, slots=True)
class LibraryCounts:
    notes: int = 0
    queued: int = 0
    keyword_ready: int = 0
    ready: int = 0
    skipped: int = 0
    failed: int = 0
    chunks: int = 0
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How far indexing has come. stage: idle, scanning, reading (words) or embedding (meaning).

    rate_per_s: chunks or files a second over the last half minute, by stage. left_s: None while it cannot be told honestly.
    """

    stage: str
    done: int
    total: int
    rate_per_s: float = 0.0
    left_s: float | None = None
    paused: bool = False
    current: str = ""


@dataclass(frozen=True, slots=True)
class Renewal:
    """An index that is being built beside the one in use. embedder, instead_of: names on the shelf, "" if not known."""

    embedder: str
    progress: IndexProgress
    instead_of: str = ""
