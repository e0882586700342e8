"""What became of notes of late."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.library import FileInfo


class ChangeKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    RENAMED = "renamed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class NoteChange:
    """at_s: when the last of it was seen, in Unix seconds. was: the path before, where the note was renamed or moved. file: as it stands
    now; None if it is gone."""

    at_s: float
    folder_id: int
    note: str
    kind: ChangeKind
    was: str = ""
    file: FileInfo | None = None
