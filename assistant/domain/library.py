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
class ScanReport:
    """What a comparison of a folder with the index found. at_s: when it began, in Unix seconds. is_whole: all of the folder, not only
    where something was reported."""

    at_s: float
    took_s: float
    is_whole: bool = True
    added: int = 0
    changed: int = 0
    removed: int = 0
    moved: int = 0
    skipped: int = 0

    @property
    def changes(self) -> int:
        return self.added + self.changed + self.removed + self.moved + self.skipped


@dataclass(frozen=True, slots=True)
class FolderInfo:
    """A watched root. path is absolute. is_file: a single dropped file. pending_deletes: notes whose removal waits for a yes.

    last_scan: the last comparison of all of it; last_change: the last one, of all or a part, that found something. Both are known from
    earlier runs, too; None if there was none. why_polling: why changes are looked for on a timer: "network" (a drive that does not tell),
    "limit" (the system grants no more watches), "error"; "" otherwise.
    """

    id: int
    path: str
    name: str
    state: FolderState
    notes: int
    ready: int
    attention: int
    is_file: bool = False
    pending_deletes: int = 0
    counts: LibraryCounts = LibraryCounts()
    last_scan: ScanReport | None = None
    last_change: ScanReport | None = None
    why_polling: str = ""


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
class IndexedChunk:
    """A chunk as it stands in the index. ordinal: its place in the note, from 0. text is exactly what is searched;
    `document.text[start:end]` as it was when the note was read."""

    ordinal: int
    text: str
    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    has_vector: bool = False


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many files are in a state for a reason (a ReasonCode value). attention: whether a person can do something about it."""

    state: FileState
    reason: str
    files: int
    attention: bool = False


@dataclass(frozen=True, slots=True)
class FileQuery:
    """Which files are wanted. states: any of these, () for all. reason: only this one, "" for all. attention: only those about which a
    person can do something. name: a part of the path, in any case, or the first letters of Chinese characters in it. folder_id 0: all folders."""

    states: tuple[FileState, ...] = ()
    reason: str = ""
    attention: bool = False
    name: str = ""
    folder_id: int = 0


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A child of a folder in the library tree: a sub-folder (file is None) with its counts, or a file."""

    name: str
    path: str
    notes: int = 0
    attention: int = 0
    file: FileInfo | None = None


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
