"""Folder and catalog are compared, and the catalog follows the folder. The one place where notes are forgotten.

Watcher events only say where to look; what happened is decided here, from what is on disk and what is known.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.domain.changes import ChangeKind
from assistant.domain.documents import ReasonCode
from assistant.domain.errors import Cancelled, FolderUnavailableError
from assistant.domain.library import FileState
from assistant.library.catalog import Catalog
from assistant.library.chunk_table import Failure
from assistant.library.contents import content_hash, identity_of, is_certainly_gone
from assistant.library.equal_folders import EqualFolders, EqualRound
from assistant.library.file_table import FAILS_A_FOLDER, KEPT, STAYS, WAITS, FileRow, FolderRow
from assistant.library.forgotten_notes import ForgottenNotes
from assistant.library.names import clean_name, parent_of, suffix_of, unique_note
from assistant.library.rules import NoteRules
from assistant.library.scan import EqualFolder, Scan, Scope, Seen, is_plain_folder, scan

log = logging.getLogger(__name__)

_BATCH = 1000

MAY_PASS = frozenset({ReasonCode.NO_PERMISSION, ReasonCode.CHANGING, ReasonCode.VANISHED})
"""Failures that may pass without the file changing. A reader's crash is none of them: it would crash again."""


@dataclass(frozen=True, slots=True)
class BrakeLimits:
    """More than `notes` at once, or more than `share` of a folder with at least `least` notes, is a mass delete.

    Source of the numbers: RELIABILITY A7 (Joplin's fail-safe). window_s: removals this close together count as one, because a sync
    client deletes file by file.
    """

    notes: int = 100
    share: float = 0.3
    least: int = 10
    window_s: float = 120.0


@dataclass(slots=True)
class Changes:
    """What one comparison did. pending: notes of the whole folder whose removal waits for a yes."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    moved: int = 0
    skipped: int = 0
    pending: int = 0

    @property
    def anything(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.moved or self.skipped)


@dataclass(slots=True)
class _Difference:
    """same: notes there is nothing to do about. same_in: how many, by their sub-folder (raw). unequal: sub-folders with something to do."""

    new: list[Seen] = field(default_factory=list)
    changed: list[tuple[FileRow, Seen]] = field(default_factory=list)
    other_inode: list[tuple[FileRow, Seen]] = field(default_factory=list)
    may_pass: list[tuple[FileRow, Seen]] = field(default_factory=list)
    left_out: list[tuple[FileRow | None, Seen]] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    vanished: list[FileRow] = field(default_factory=list)
    pointless: list[int] = field(default_factory=list)
    same: int = 0
    same_in: Counter[str] = field(default_factory=Counter)
    unequal: set[str] = field(default_factory=set)


class Reconciler:
    """Compares and applies. Thread: one at a time (the library's scanning thread); the catalog guards itself against the others."""

    def __init__(
        self,
        catalog: Catalog,
        rules: NoteRules,
        *,
        brake: BrakeLimits = BrakeLimits(),
        equal: EqualFolders | None = None,
        forgotten: ForgottenNotes | None = None,
        on_batch: Callable[[], None] = lambda: None,
    ) -> None:
        """forgotten: notes that are never to be read. equal: remembers what needs no second look; None: everything is looked at each time.
        on_batch: called after each batch of new notes, so that reading begins while the walk's result is still being stored."""
        self._catalog = catalog
        self.rules = rules
        self._brake = brake
        self._equal = equal
        self._forgotten = forgotten
        self._on_batch = on_batch
        self._removals: dict[int, dict[str, float]] = {}
        """When each note that was forgotten of late went, by folder and raw path."""

    def run(
        self, folder: FolderRow, scopes: Sequence[Scope] = (Scope(),), cancelled: threading.Event | None = None
    ) -> Changes:
        """Make the catalog equal to these parts of the folder.

        Raises FolderUnavailableError if the root is not there (nothing has been changed then), Cancelled.
        """
        if self._equal is None:
            return self._run(folder, scopes, EqualRound({}), cancelled)
        with self._equal.round(folder.id) as equal:
            return self._run(folder, scopes, equal, cancelled)

    def _run(
        self, folder: FolderRow, scopes: Sequence[Scope], equal: EqualRound, cancelled: threading.Event | None
    ) -> Changes:
        root, only = root_of(folder)
        rows: dict[str, FileRow] = {}
        found = Scan()
        whole = False
        rules = self.rules.below(clean_name(root))
        for place in _without_inner([_allowed(_standing(root, scope), rules) for scope in scopes]):
            part = scan(root, rules, place, only=only, cancelled=cancelled, known=equal.known)
            self._refuse_an_unplugged_root(folder, part, place)
            for row in self._rows(folder.id, place, only, part):
                rows[row.raw] = row
            _merge(found, part)
            whole = whole or (not place.under and place.recursive)
        # A folder that is unplugged while it is walked looks like one without notes.
        if scan_device(root) != found.device:
            raise FolderUnavailableError(path=folder.path, reason=ReasonCode.VANISHED)
        if self._forgotten is not None:
            self._forgotten.leave_out(folder.id, root, found)
        difference = _compare(rows, found)
        changes = Changes()
        self._apply(folder, root, difference, changes, cancelled)
        self._catalog.files.note_scan(folder.id, found.device, found.others if whole else None)
        equal.keep(_equal_folders(found, difference))
        return changes

    def accept_removals(self, folder: FolderRow) -> int:
        """The user said yes: forget what waits, unless it has come back. Returns how many were forgotten."""
        root, _ = root_of(folder)
        waiting = self._catalog.files.gone_rows(folder.id, WAITS)
        gone = [row.id for row in waiting if is_certainly_gone(root, row.raw)]
        self._catalog.changes.add(ChangeKind.REMOVED, gone)
        back = {row.id for row in waiting}.difference(gone)
        self._catalog.files.set_gone(back, STAYS)
        self._forget(gone)
        return len(gone)

    def refuse_removals(self, folder: FolderRow) -> None:
        """The user said no: keep them, and do not ask again before the next start."""
        waiting = self._catalog.files.gone_rows(folder.id, WAITS)
        self._catalog.files.set_gone((row.id for row in waiting), KEPT)

    # ---- looking -----------------------------------------------------------------------------------------------------

    def _rows(self, folder_id: int, scope: Scope, only: str | None, part: Scan) -> list[FileRow]:
        """The rows of the scope, without those in folders that need no comparing."""
        files = self._catalog.files
        if only is not None:
            return files.rows_under(folder_id, "", recursive=True)
        under = clean_name(scope.under)
        if scope.recursive:
            # Also of folders that the walk did not come to: they are gone, or left out now.
            done = {clean_name(raw) for raw in part.equal}.difference(clean_name(raw) for raw in part.listings)
            parents = [parent for parent in files.parents_under(folder_id, under) if parent not in done]
        else:
            parents = [] if scope.under in part.equal else [under]
        # Two folders may have one clean name (one composed, one decomposed): only the raw spelling tells them apart.
        prefix = f"{scope.under}/" if scope.under else ""
        return [
            row
            for row in files.rows_in(folder_id, parents)
            if row.raw.startswith(prefix) and parent_of(row.raw) not in part.equal
        ]

    def _refuse_an_unplugged_root(self, folder: FolderRow, found: Scan, scope: Scope) -> None:
        """An unmounted drive leaves an empty folder on another device."""
        if scope.under or not found.root_is_empty or not folder.device:
            return
        if folder.device != found.device:
            raise FolderUnavailableError(path=folder.path, reason=ReasonCode.VANISHED)

    # ---- applying ----------------------------------------------------------------------------------------------------

    def _apply(
        self,
        folder: FolderRow,
        root: str,
        difference: _Difference,
        changes: Changes,
        cancelled: threading.Event | None,
    ) -> None:
        files = self._catalog.files
        files.set_gone(difference.returned, STAYS)
        moves = self._moves(folder, root, difference)
        self._move(folder.id, moves)
        changes.moved = len(moves)
        self._follow_changes(root, difference, changes)
        self._leave_out(folder.id, difference, changes)
        # Before the new notes: a note that went and one that came may bear the same clean name.
        followed = {row.id for row, _ in moves}
        self._forget([row_id for row_id in difference.pointless if row_id not in followed])
        changes.removed, changes.pending = self._remove(folder, root, difference)
        # What is there when a folder is added is no news.
        self._add(folder.id, difference.new, changes, cancelled, is_news=bool(folder.device))

    def _follow_changes(self, root: str, difference: _Difference, changes: Changes) -> None:
        files = self._catalog.files
        pairs = difference.other_inode
        if len(pairs) >= 20 and len(pairs) > difference.same:
            # Some network drives give new inodes at every mount; hashing everything again each time would never end. The rolling
            # check of contents still sees what hides behind an unchanged size and time.
            with self._catalog.database.write():
                for row, seen in pairs:
                    files.adopt(row.id, seen.identity)
            pairs = []
        pairs += [pair for pair in difference.may_pass if os.access(Path(root, pair[1].raw), os.R_OK)]
        if not pairs and not difference.changed:
            return
        with self._catalog.database.write():
            for row, seen in (*difference.changed, *pairs):
                files.queue(row.id, seen.identity)
                changes.changed += 1
            log = self._catalog.changes
            log.add(ChangeKind.CHANGED, [row.id for row, _ in difference.changed if not _was_left_out(row)])
            log.add(ChangeKind.ADDED, [row.id for row, _ in difference.changed if _was_left_out(row)])

    def _leave_out(self, folder_id: int, difference: _Difference, changes: Changes) -> None:
        files = self._catalog.files
        for first in range(0, len(difference.left_out), _BATCH):
            with self._catalog.database.write():
                for known, seen in difference.left_out[first : first + _BATCH]:
                    assert seen.skip is not None
                    # A folder that cannot be listed lies outside of a scope that begins with it.
                    row = known or files.by_raw(folder_id, seen.raw)
                    changes.skipped += 1
                    if row is not None and row.is_folder == seen.is_folder:
                        state = FileState.FAILED if seen.skip in FAILS_A_FOLDER else FileState.SKIPPED
                        files.adopt(row.id, seen.identity)
                        self._catalog.chunks.write_failure(row.id, Failure(state, seen.skip), seen.identity)
                        continue
                    if row is not None:
                        self._catalog.chunks.remove_files([row.id])
                    note = self._note_for(folder_id, seen.raw)
                    files.add_skipped(folder_id, note, seen.raw, seen.identity, seen.skip, is_folder=seen.is_folder)

    def _add(
        self,
        folder_id: int,
        new: Sequence[Seen],
        changes: Changes,
        cancelled: threading.Event | None,
        *,
        is_news: bool,
    ) -> None:
        for first in range(0, len(new), _BATCH):
            if cancelled is not None and cancelled.is_set():
                raise Cancelled
            with self._catalog.database.write():
                file_ids = []
                for seen in new[first : first + _BATCH]:
                    note = self._note_for(folder_id, seen.raw)
                    file_ids.append(self._catalog.files.add(folder_id, note, seen.raw, seen.identity))
                    changes.added += 1
                if is_news:
                    self._catalog.changes.add(ChangeKind.ADDED, file_ids)
            self._on_batch()

    def _note_for(self, folder_id: int, raw: str) -> str:
        note = clean_name(raw)
        taken: set[str] = set()
        while self._catalog.files.by_note(folder_id, note) is not None:
            taken.add(note)
            note = unique_note(raw, taken)
        return note

    def _forget(self, file_ids: Sequence[int]) -> None:
        for first in range(0, len(file_ids), 100):
            self._catalog.chunks.remove_files(file_ids[first : first + 100])

    # ---- moves -------------------------------------------------------------------------------------------------------

    def _moves(self, folder: FolderRow, root: str, difference: _Difference) -> list[tuple[FileRow, Seen]]:
        """Pair new files with vanished ones that are the same; takes both out of the difference."""
        moves: list[tuple[FileRow, Seen]] = []
        vanished = {row.id: row for row in difference.vanished}
        rest: list[Seen] = []
        followed: set[int] = set()  # a file may come back under two names (a hard link): its row follows one of them
        for seen in difference.new:
            row = self._same_file(folder, root, seen, vanished, followed)
            if row is None:
                rest.append(seen)
            else:
                vanished.pop(row.id, None)
                followed.add(row.id)
                moves.append((row, seen))
        moves += _same_contents(root, rest, vanished)
        taken = {id(seen) for _, seen in moves}
        difference.new = [seen for seen in rest if id(seen) not in taken]
        difference.vanished = list(vanished.values())
        return moves

    def _same_file(
        self, folder: FolderRow, root: str, seen: Seen, vanished: dict[int, FileRow], followed: set[int]
    ) -> FileRow | None:
        """The row of the same file on disk, if its old path is gone: among the vanished, or outside of where we looked."""
        for row in self._catalog.files.by_identity(folder.id, seen.identity):
            if row.is_folder or row.raw == seen.raw or row.id in followed:
                continue
            if row.id in vanished or is_certainly_gone(root, row.raw):
                return row
        return None

    def _move(self, folder_id: int, moves: Sequence[tuple[FileRow, Seen]]) -> None:
        if not moves:
            return
        files = self._catalog.files
        with self._catalog.database.write():
            # Out of the way first, or the new names would seem taken by the old ones.
            files.step_aside([row.id for row, _ in moves])
            for row, seen in moves:
                files.move(row.id, self._note_for(folder_id, seen.raw), seen.raw, seen.identity)
            for row, seen in moves:
                if suffix_of(row.note) != suffix_of(clean_name(seen.raw)):
                    files.queue(row.id)  # another suffix is another reader
            for row, _ in moves:
                self._catalog.changes.add(ChangeKind.RENAMED, [row.id], was=row.note)
            self._catalog.chunks.retitle(row.id for row, _ in moves)

    # ---- removals ----------------------------------------------------------------------------------------------------

    def _remove(self, folder: FolderRow, root: str, difference: _Difference) -> tuple[int, int]:
        """Forget vanished notes, or hold them back if they are many. Returns how many were forgotten and how many wait."""
        files = self._catalog.files
        waiting = {row.id: row for row in files.gone_rows(folder.id, WAITS)}
        vanished = {row.id: row for row in difference.vanished if row.gone != KEPT} | waiting
        # The last look before anything is forgotten: at the path itself.
        gone = [row_id for row_id, row in vanished.items() if is_certainly_gone(root, row.raw)]
        still_waiting = waiting.keys() & set(gone)
        files.set_gone(waiting.keys() - still_waiting, STAYS)
        if not gone:
            return 0, 0
        # What waits goes on waiting until somebody answers, however few there are and however long ago it was.
        if still_waiting or self._is_mass_delete(folder.id, len(gone)):
            files.set_gone(gone, WAITS)
            log.info("folder %d: %d notes vanished at once; their removal waits", folder.id, len(gone))
            return 0, len(gone)
        self._removals.setdefault(folder.id, {}).update((vanished[row_id].raw, time.monotonic()) for row_id in gone)
        self._catalog.changes.add(ChangeKind.REMOVED, gone)
        self._forget(gone)
        return len(gone), 0

    def _is_mass_delete(self, folder_id: int, count: int) -> bool:
        recent = self._removals.setdefault(folder_id, {})
        for raw, removed_at_s in list(recent.items()):
            # What has come back is no loss: a program may write and remove the same file again and again.
            is_old = time.monotonic() - removed_at_s > self._brake.window_s
            if is_old or self._catalog.files.by_raw(folder_id, raw) is not None:
                del recent[raw]
        total = self._catalog.files.note_count(folder_id) + len(recent)
        count += len(recent)
        return count > self._brake.notes or (total >= self._brake.least and count > self._brake.share * total)


def root_of(folder: FolderRow) -> tuple[str, str | None]:
    """The raw path below which the notes lie, and the one name that matters if a single file was added."""
    if not folder.is_file:
        return folder.raw, None
    path = Path(folder.raw)
    return str(path.parent), path.name


def _allowed(scope: Scope, rules: NoteRules) -> Scope:
    """The scope, or the nearest folder above it that the rules do not leave out."""
    parts = scope.under.split("/") if scope.under else []
    for depth in range(len(parts)):
        path = "/".join(parts[: depth + 1])
        if rules.folder_reason(parts[depth], clean_name(path)) is not None:
            return Scope("/".join(parts[:depth]), recursive=False)
    return scope


def _standing(root: str, scope: Scope) -> Scope:
    """The scope, or all of the nearest folder above it that is there. watchdog goes on naming a renamed folder by its old name, so a
    place that does not exist says that something happened, but not where."""
    under = scope.under
    while under and not is_plain_folder(root, under):
        under = under.rpartition("/")[0]
    return scope if under == scope.under else Scope(under, recursive=True)


def scan_device(root: str) -> int:
    try:
        return Path(root).stat().st_dev
    except OSError:
        return -1


def _without_inner(scopes: Sequence[Scope]) -> list[Scope]:
    """Without those that lie in another, recursive one."""
    wide = {scope.under for scope in scopes if scope.recursive}
    kept: dict[str, Scope] = {}
    for scope in scopes:
        parts = scope.under.split("/") if scope.under else []
        above = {"/".join(parts[:depth]) for depth in range(len(parts))}
        if above & wide or (not scope.recursive and scope.under in wide):
            continue
        kept[scope.under] = scope
    return list(kept.values())


def _merge(total: Scan, part: Scan) -> None:
    total.entries += part.entries
    total.unreadable += part.unreadable
    total.left_out += part.left_out
    total.others += part.others
    total.folders += part.folders
    total.device = part.device
    total.listings |= part.listings
    total.equal |= part.equal
    total.same += part.same


def _compare(rows: dict[str, FileRow], found: Scan) -> _Difference:
    """rows: by raw path; those that are left over have vanished."""
    difference = _Difference(same=found.same)
    left = dict(rows)
    for seen in {seen.raw: seen for seen in found.entries}.values():
        row = left.pop(seen.raw, None)
        if not _compare_one(row, seen, difference):
            difference.unequal.add(parent_of(seen.raw))
        elif seen.skip is None:
            difference.same_in[parent_of(seen.raw)] += 1
    difference.same += difference.same_in.total()
    closed = tuple(f"{path}/" for path in found.unreadable)
    left_out = tuple(f"{path}/" for path in found.left_out)
    for row in left.values():
        difference.unequal.add(parent_of(row.raw))
        if row.raw in found.unreadable or (closed and row.raw.startswith(closed)):
            continue
        by_rule = bool(left_out) and row.raw.startswith(left_out)
        if row.is_folder or row.state == FileState.SKIPPED or by_rule:
            difference.pointless.append(row.id)  # nobody's words are lost with these, so they are no mass delete
        else:
            difference.vanished.append(row)
    return difference


def _compare_one(row: FileRow | None, seen: Seen, difference: _Difference) -> bool:
    """Whether there is nothing to do."""
    returned = row is not None and bool(row.gone)
    if row is not None and returned:
        difference.returned.append(row.id)
    if seen.skip is None:
        if row is not None:
            return _compare_note(row, seen, difference) and not returned
        difference.new.append(seen)
        return False
    known = row is not None and (row.reason, row.is_folder) == (seen.skip, seen.is_folder)
    if row is None or not known or row.state == FileState.QUEUED:
        difference.left_out.append((row, seen))
        return False
    return not returned


def _equal_folders(found: Scan, difference: _Difference) -> dict[str, EqualFolder]:
    """Those that were looked at and are equal: until their listing or their rows change there is nothing to compare."""
    above = {parent_of(raw) for raw in found.unreadable}
    return {
        under: EqualFolder(listing, difference.same_in[under])
        for under, listing in found.listings.items()
        if listing is not None and under not in difference.unequal and under not in above
    }


_BY_RULE = frozenset(
    {
        ReasonCode.HIDDEN,
        ReasonCode.PATTERN,
        ReasonCode.TOO_LARGE,
        ReasonCode.SYMLINK,
        ReasonCode.SPECIAL_FILE,
        ReasonCode.IGNORED_FOLDER,
        ReasonCode.FORGOTTEN,
    }
)
"""Reasons a scan gives: when the rule no longer holds, the note is read."""


def _was_left_out(row: FileRow) -> bool:
    return row.is_folder or (row.state == FileState.SKIPPED and row.reason in _BY_RULE)


def _compare_note(row: FileRow, seen: Seen, difference: _Difference) -> bool:
    """Whether there is nothing to do."""
    known, now = row.identity, seen.identity
    if _was_left_out(row) or (known.size, known.mtime_ns) != (now.size, now.mtime_ns):
        difference.changed.append((row, seen))
    elif known.inode != now.inode:
        difference.other_inode.append((row, seen))
    elif row.state == FileState.FAILED and row.reason in MAY_PASS:
        difference.may_pass.append((row, seen))
    else:
        return True
    return False


def _same_contents(root: str, new: Sequence[Seen], vanished: dict[int, FileRow]) -> list[tuple[FileRow, Seen]]:
    """Pair by content hash. A new file is opened only if a vanished one had its size; takes the pairs out of `vanished`."""
    by_size: dict[int, list[FileRow]] = {}
    for row in vanished.values():
        if row.hash is not None and row.identity.size:
            by_size.setdefault(row.identity.size, []).append(row)
    pairs: list[tuple[FileRow, Seen]] = []
    for seen in new:
        candidates = by_size.get(seen.identity.size)
        if not candidates:
            continue
        path = Path(root, seen.raw)
        try:
            digest = content_hash(path)
            if identity_of(path) != seen.identity:
                continue  # still being written
        except OSError:
            continue
        for row in candidates:
            if row.hash == digest:
                candidates.remove(row)
                del vanished[row.id]
                pairs.append((row, seen))
                break
    return pairs
