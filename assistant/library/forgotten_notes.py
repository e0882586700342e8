"""Keeps forgotten notes out of the index, whatever becomes of their files.

A forgotten note is known by its path; after a rename by its inode, and where that says nothing (Windows, a catalog made anew) by its
content. One that was renamed and changed while nobody looked is a new note: nothing connects the two.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from assistant.domain.documents import ReasonCode
from assistant.library.contents import is_certainly_gone, mark_of
from assistant.library.file_table import FileTable
from assistant.library.folder_list import Forgotten
from assistant.library.scan import Scan, Seen


class ForgottenList(Protocol):
    """The notes that the user had Elephant forget."""

    def forgotten(self, folder_id: int) -> Forgotten: ...
    def set_forgotten(self, folder_id: int, forgotten: Forgotten) -> None: ...


class ForgottenNotes:
    """Thread: the one that compares."""

    def __init__(self, files: FileTable, stored: ForgottenList) -> None:
        self._files = files
        self._stored = stored

    def leave_out(self, folder_id: int, root: str, found: Scan) -> None:
        """Mark the forgotten notes among what was found as skipped, and remember what became of them. Raises DiskFullError,
        StoreUnavailableError."""
        marks = self._stored.forgotten(folder_id)
        if not marks:
            return
        here = {seen.raw: seen for seen in found.entries if seen.raw in marks}
        moved = self._moved(folder_id, root, found, marks, [raw for raw in marks if raw not in here])
        if moved:
            left = set(moved.values())
            stay = {raw: mark for raw, mark in marks.items() if raw not in left}
            marks = stay | {raw: marks[old] for raw, old in moved.items()}
            self._stored.set_forgotten(folder_id, marks)
        self._follow_edits(folder_id, root, here.values(), marks)
        found.entries = [
            replace(seen, skip=ReasonCode.FORGOTTEN) if seen.raw in marks and seen.skip is None else seen
            for seen in found.entries
        ]

    def _moved(
        self, folder_id: int, root: str, found: Scan, marks: Forgotten, absent: Collection[str]
    ) -> dict[str, str]:
        """New and old path of those that bear another name now, or several."""
        gone = [raw for raw in absent if is_certainly_gone(root, raw)]
        # Where upper and lower case are one name, the old one leads to the file still.
        respelled = {raw.casefold(): raw for raw in absent if raw not in gone}
        if not gone and not respelled:
            return {}
        rows = {raw: self._files.by_raw(folder_id, raw) for raw in gone}
        by_identity = {row.identity: raw for raw, row in rows.items() if row is not None and row.identity.inode}
        by_mark = {mark: raw for raw in gone if (mark := marks[raw]) is not None and mark.size}
        sizes = {mark.size for mark in by_mark}
        moved: dict[str, str] = {}
        for seen in found.entries:
            if seen.is_folder or seen.raw in marks:
                continue
            raw = by_identity.get(seen.identity)
            if raw is None and (old := respelled.get(seen.raw.casefold())) and _is_one_file(root, old, seen.raw):
                raw = old
            if raw is None and seen.skip is None and seen.identity.size in sizes and self._is_new(folder_id, seen):
                mark = mark_of(Path(root, seen.raw), seen.identity)
                # A content that another note has as well does not say which of the two has a new name.
                if mark is not None and mark in by_mark and not self._files.has_content(folder_id, mark.hash):
                    raw = by_mark[mark]
            if raw is not None:
                moved[seen.raw] = raw
        return moved

    def _is_new(self, folder_id: int, seen: Seen) -> bool:
        return self._files.by_raw(folder_id, seen.raw) is None

    def _follow_edits(self, folder_id: int, root: str, here: Collection[Seen], marks: Forgotten) -> None:
        """What was changed would not be known again after a rename."""
        fresh = {}
        for seen in here:
            row = self._files.by_raw(folder_id, seen.raw)
            is_changed = row is None or row.identity != seen.identity
            if seen.skip is None and (is_changed or marks[seen.raw] is None):
                mark = mark_of(Path(root, seen.raw), seen.identity)
                if mark is not None and mark != marks[seen.raw]:
                    fresh[seen.raw] = mark
        if fresh:
            self._stored.set_forgotten(folder_id, {**marks, **fresh})
        for seen in here:
            row = self._files.by_raw(folder_id, seen.raw)
            if row is not None and row.identity != seen.identity:
                self._files.adopt(row.id, seen.identity)


def _is_one_file(root: str, old: str, new: str) -> bool:
    try:
        return Path(root, old).samefile(Path(root, new))
    except OSError:
        return False
