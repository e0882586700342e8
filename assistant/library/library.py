"""The library as the engine uses it: folders in, searchable notes out, with news on the way.

Only this file knows how the library's parts hang together; each of them does one thing and can be tested alone.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.domain.changes import NoteChange
from assistant.domain.documents import Document, ReasonCode
from assistant.domain.errors import (
    AssistantError,
    BadRequestError,
    Cancelled,
    FolderUnavailableError,
    NoteMissingError,
)
from assistant.domain.library import (
    FileInfo,
    FileQuery,
    FileState,
    FolderInfo,
    FolderState,
    IndexedChunk,
    IndexProgress,
    LibraryCounts,
    ReasonCount,
    TreeEntry,
)
from assistant.domain.order import TreeOrder
from assistant.library.catalog import Catalog
from assistant.library.chunk_table import Failure
from assistant.library.contents import ContentMark, mark_of
from assistant.library.equal_folders import EqualFolders
from assistant.library.file_table import FileRow, FolderRow
from assistant.library.folder_list import AddedFolder, FolderList
from assistant.library.forgotten_notes import ForgottenNotes
from assistant.library.indexer import LEAST_FREE_BYTES, Indexer
from assistant.library.meaning import MeaningStage
from assistant.library.names import clean_name, raw_bytes
from assistant.library.notices import Notices
from assistant.library.ports import NoteReader, PassageEmbedder, Splitter, VectorSink
from assistant.library.reconcile import BrakeLimits, Changes, Reconciler, root_of
from assistant.library.rules import NoteRules
from assistant.library.scan_log import ScanLog
from assistant.library.scanner import Scanner, ScanTimes
from assistant.library.watcher import LONGEST_S, QUIET_S, Places, Watcher
from assistant.library.words import TokenCounter, WordsStage

_TICK_S = 0.02


@dataclass(frozen=True, slots=True)
class LibraryOptions:
    """Plain values from the settings, and the times tests shorten. watch False: compare only at the start and on demand."""

    suffixes: frozenset[str]
    reader_version: str
    patterns: tuple[str, ...] = ()
    largest_note_bytes: int = 50 * 1024 * 1024
    readers: int = 1
    watch: bool = True
    settle_s: float = 0.5
    quiet_s: float = QUIET_S
    longest_s: float = LONGEST_S
    least_free_bytes: int = LEAST_FREE_BYTES
    times: ScanTimes = field(default_factory=ScanTimes)
    brake: BrakeLimits = field(default_factory=BrakeLimits)


@dataclass(frozen=True, slots=True)
class Collaborators:
    """embedder None: words only. index None: vectors stay in the catalog and exact search answers."""

    reader: NoteReader
    splitter: Splitter
    embedder: PassageEmbedder | None = None
    index: VectorSink | None = None


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a headless run ended with. left_out: skipped for a reason about which a person can do something."""

    counts: LibraryCounts
    failed: tuple[FileInfo, ...]
    left_out: tuple[FileInfo, ...]
    seconds: float


class Library:
    """Owns the catalog, the folder list and all indexing threads. Thread: every method from any thread.

    on_progress and on_folders are called on a thread of ours, at most four times a second each; they take no arguments and ask for
    what they want. The catalog is made first, by the engine, because search needs it, too; `close` closes it.
    """

    def __init__(
        self,
        data_path: Path,
        catalog: Catalog,
        others: Collaborators,
        options: LibraryOptions,
        *,
        on_progress: Callable[[], None] = lambda: None,
        on_folders: Callable[[], None] = lambda: None,
    ) -> None:
        """data_path: our data folder; nothing in it or above it can be added. Raises StoreUnavailableError: the list of folders cannot
        be read."""
        self._data_path = data_path
        self._others = others
        self.catalog = catalog
        self._list = FolderList(data_path / "folders.json")
        if not self._list.is_certain:
            self._list.recover(
                (AddedFolder(folder.id, folder.raw, folder.is_file) for folder in catalog.files.folders()),
                catalog.files.forgotten(),
            )
        self._folder_lock = threading.Lock()
        self._notices = Notices({"progress": on_progress, "folders": on_folders})
        places = Places(quiet_s=options.quiet_s, longest_s=options.longest_s, on_first=self._wake_scanner)
        self._largest_bytes = options.largest_note_bytes
        rules = NoteRules(options.suffixes, options.patterns, options.largest_note_bytes)
        self._reconciler = Reconciler(
            catalog,
            rules,
            brake=options.brake,
            equal=EqualFolders(catalog),
            forgotten=ForgottenNotes(catalog.files, self._list),
            on_batch=self._wake_indexer,
        )
        self._scanner: Scanner | None = None
        self._scan_log = ScanLog(catalog.database)
        counter = TokenCounter(others.embedder)
        self._words = WordsStage(
            catalog,
            others.reader,
            others.splitter,
            counter,
            reader_version=options.reader_version,
            settle_s=options.settle_s,
            on_vanished=self._hint,
        )
        meaning = MeaningStage(catalog, others.embedder, others.splitter, others.index)
        self._indexer = Indexer(
            catalog,
            self._words,
            meaning,
            data_path=data_path,
            readers=options.readers,
            least_free_bytes=options.least_free_bytes,
            on_step=lambda: self._notices.tell("progress"),
            on_all_read=lambda: self._notices.tell("folders"),
        )
        self._scanner = Scanner(
            catalog,
            self._reconciler,
            Watcher(places) if options.watch else None,
            places,
            times=options.times,
            on_changes=self._on_changes,
            on_states=lambda: self._notices.tell("folders"),
            scan_log=self._scan_log,
        )
        self._looked_for_outdated = threading.Event()
        self._closed = False

    def start(self) -> None:
        """Bring the catalog up to the folder list and begin: every folder is compared, what is queued is read."""
        listed = {folder.id for folder in self._list.all()}
        for folder in self.catalog.files.folders():
            if folder.id not in listed:  # a removal that was cut short
                self._purge(folder.id)
        for added in self._list.all():
            self.catalog.files.put_folder(added.id, added.raw, is_file=added.is_file)
        self.catalog.folders_changed()
        self.catalog.files.ask_again_about_kept()
        self._notices.start()
        assert self._scanner is not None
        self._scanner.start()
        threading.Thread(target=self._queue_outdated, name="library-outdated", daemon=True).start()
        self._indexer.start()

    @property
    def is_damaged(self) -> bool:
        """Damage of the catalog showed while it was in use: closed and opened again, it is made anew."""
        return self.catalog.database.is_damaged

    @property
    def rebuilt(self) -> str:
        """Why the catalog had to be begun anew at this start, "" if it had not."""
        return self.catalog.rebuilt

    # ---- folders -----------------------------------------------------------------------------------------------------

    def add_folder(self, path: str) -> tuple[FolderInfo, bool]:
        """Add a folder, or a single file. Returns it, and whether it was in the library already (itself, or within another).

        Raises FolderUnavailableError (reason: vanished, no-permission, unsupported, or own-data for our data folder).
        """
        raw = os.path.realpath(Path(path).expanduser())
        is_file = self._check_can_add(raw)
        with self._folder_lock:
            cover = self._cover_of(raw)
            if cover is not None:
                return self._info(cover.id), True
            inner = self._inner_of(raw, is_file=is_file)
            added = self._list.add(raw, is_file=is_file, absorbed=inner)
            # One transaction, so that the comparing thread never sees the outer folder without what it takes over.
            with self._scan().held():
                with self.catalog.database.write():
                    self.catalog.files.put_folder(added.id, raw, is_file=is_file)
                    for inner_id, prefix in inner.items():
                        self.catalog.files.rehome(inner_id, added.id, clean_name(prefix), raw_bytes(prefix))
                        self.catalog.changes.rehome(inner_id, added.id, clean_name(prefix))
                        self.catalog.files.forget_folder(inner_id)
                self.catalog.folders_changed()
                for inner_id in inner:
                    self._scan().forget(inner_id)
        self._scan().request(added.id)
        self._notices.tell("folders")
        return self._info(added.id), False

    def remove_folder(self, folder_id: int) -> None:
        """Forget a folder and all that was made from its notes. The notes themselves are not touched."""
        with self._folder_lock:
            self._known(folder_id)
            with self._scan().held():
                self._list.remove(folder_id)
                self._scan().forget(folder_id)
                self._purge(folder_id)
        self.catalog.chunks.forget_traces()
        self._notices.tell("folders")
        self._indexer.wake()

    def folders(self) -> list[FolderInfo]:
        counts = self.catalog.tree.counts_by_folder()
        attention = self.catalog.tree.attention_by_folder()
        pending = self.catalog.tree.pending_by_folder()
        return [
            FolderInfo(
                id=folder.id,
                path=folder.path,
                name=folder.path.rstrip("/\\").replace("\\", "/").rpartition("/")[2] or folder.path,
                state=self._scan().state(folder.id),
                notes=counts.get(folder.id, LibraryCounts()).notes,
                ready=counts.get(folder.id, LibraryCounts()).ready,
                attention=attention.get(folder.id, 0),
                is_file=folder.is_file,
                pending_deletes=pending.get(folder.id, 0),
                counts=counts.get(folder.id, LibraryCounts()),
                last_scan=self._scan_log.last_scan(folder.id),
                last_change=self._scan_log.last_change(folder.id),
                why_polling=self._scan().why_polling(folder.id),
            )
            for folder in self.catalog.files.folders()
        ]

    def rescan(self, folder_id: int = 0, *, wait: bool = False, cancelled: threading.Event | None = None) -> None:
        """Compare a folder (0: all) with the index. wait: until that has ended. Raises Cancelled."""
        if folder_id:
            self._known(folder_id)
        request = self._scan().request(folder_id)
        while wait and not request.done.wait(_TICK_S):
            if cancelled is not None and cancelled.is_set():
                raise Cancelled
        if wait and request.error is not None:
            raise request.error

    def answer_mass_delete(self, folder_id: int, accept: bool) -> None:
        """Many notes vanished at once: forget them, or keep them and ask again after the next start."""
        folder = self._known(folder_id)
        if accept:
            self._reconciler.accept_removals(folder)
            self._indexer.wake()
        else:
            self._reconciler.refuse_removals(folder)
        self._scan().request(folder_id)
        self._notices.tell("folders")
        self._notices.tell("progress")

    def texts_of(self, folder_id: int, note: str) -> frozenset[str]:
        """The texts of a note's chunks. Raises BadRequestError."""
        return frozenset(self.catalog.chunks.texts_of(self._note(folder_id, note).id))

    def forget_note(self, folder_id: int, note: str) -> None:
        """Forget every word of a note, and do not read it again before `retry` asks for it. The file is not touched. Raises
        BadRequestError."""
        with self._folder_lock, self._scan().held():
            row = self._note(folder_id, note)
            self._list.set_forgotten(folder_id, {**self._list.forgotten(folder_id), row.raw: self._mark_of(row)})
            self.catalog.changes.forget(row.id)
            failure = Failure(FileState.SKIPPED, ReasonCode.FORGOTTEN)
            self.catalog.chunks.write_failure(row.id, failure, row.identity)
            while self._words.is_reading(row.id):
                time.sleep(_TICK_S)
            self.catalog.chunks.write_failure(row.id, failure, row.identity)  # what was just read of it
        self.catalog.chunks.forget_traces()
        self.catalog.database.remove_damaged()
        self._notices.tell("folders")
        self._indexer.wake()

    # ---- looking -----------------------------------------------------------------------------------------------------

    def tree(self, folder_id: int, under: str = "", order: TreeOrder = TreeOrder.NAME) -> list[TreeEntry]:
        return self.tree_page(folder_id, under, order)[0]

    def tree_page(
        self, folder_id: int, under: str = "", order: TreeOrder = TreeOrder.NAME, offset: int = 0, limit: int = 0
    ) -> tuple[list[TreeEntry], int]:
        """So many children of a folder from a place on (limit 0: all), and how many there are."""
        self._known(folder_id)
        entries, total = self.catalog.tree.page(folder_id, under, order, offset, limit)
        return self._with_limits(entries), total

    def attention(self, limit: int = 500) -> list[TreeEntry]:
        return self._with_limits(self.catalog.tree.attention(limit))

    def files(self, query: FileQuery, after: tuple[str, int, str] | None = None, limit: int = 200) -> list[FileInfo]:
        """A page of files. Order and `after` as TreeView.files."""
        return self.catalog.tree.files(query, after, limit)

    def changes_since(self, at_s: float, limit: int = 500) -> tuple[list[NoteChange], int]:
        """What became of notes from a moment on. As ChangeLog.since."""
        return self.catalog.changes.since(at_s, limit)

    def count_files(self, query: FileQuery) -> int:
        return self.catalog.tree.count_files(query)

    def reasons(self) -> list[ReasonCount]:
        return self.catalog.tree.reasons()

    def chunks_of(
        self, folder_id: int, note: str, after: int = -1, limit: int = 200
    ) -> tuple[FileInfo, list[IndexedChunk]]:
        """A note and a page of its chunks as they are indexed. after: the ordinal of the page before's last. Raises BadRequestError."""
        file = self.file(folder_id, note)
        if file is None:
            raise BadRequestError(reason="no such note")
        return file, self.catalog.chunks.of_file(file.file_id, after, limit)

    def counts(self) -> LibraryCounts:
        return self.catalog.tree.counts()

    def progress(self) -> IndexProgress:
        counts = self.counts()
        found = self._indexer.progress(counts)
        if found.stage == "idle" and any(folder.state == FolderState.SCANNING for folder in self.folders()):
            return IndexProgress("scanning", 0, 0, paused=found.paused)
        return found

    @property
    def troubles(self) -> tuple[AssistantError, ...]:
        """What keeps indexing from going on now (no model, a full disk); empty if all is well."""
        trouble = self._scan().trouble
        return (*((trouble,) if trouble is not None else ()), *self._indexer.troubles)

    @property
    def last_scan_s(self) -> float:
        return self._scan().last_scan_s

    def file(self, folder_id: int, note: str) -> FileInfo | None:
        file = self.catalog.tree.file(folder_id, note)
        return None if file is None else self._with_limit(file)

    def resolve(self, folder_id: int, note: str) -> Path:
        """The absolute path of a note the catalog knows, certain to lie in its folder.

        Raises BadRequestError (no such folder or note, or it leads out of the folder), NoteMissingError (not on disk now)."""
        folder = self._known(folder_id)
        row = self.catalog.files.by_note(folder_id, note)
        if row is None or row.is_folder:
            raise BadRequestError(reason="no such note")
        return _inside(Path(root_of(folder)[0]), row.raw)

    def resolve_beside(self, folder_id: int, note: str, target: str) -> Path:
        """A file that a note refers to by a relative path (an image), certain to lie in the note's folder. Raises as `resolve`."""
        folder = self._known(folder_id)
        row = self.catalog.files.by_note(folder_id, note)
        if row is None or folder.is_file:
            raise BadRequestError(reason="no such note")
        if not target or "\x00" in target:
            raise BadRequestError(reason="no such file")
        relative = target.replace("\\", "/")
        if not relative.startswith("/"):  # a leading slash means the root of the notes
            relative = f"{row.raw.rpartition('/')[0]}/{relative}"
        return _inside(Path(root_of(folder)[0]), os.path.normpath(relative).replace(os.sep, "/").lstrip("/"))

    def read_source(
        self, folder_id: int, note: str, password: str = "", cancelled: threading.Event | None = None
    ) -> Document:
        """The note as it is on disk now. Raises as `resolve`, and NoteUnreadableError."""
        path = self.resolve(folder_id, note)
        return self._others.reader.read(path, password=password or self.password(folder_id, note), cancelled=cancelled)

    def password(self, folder_id: int, note: str) -> str:
        """The password given for a locked note in this run, "" if there is none."""
        row = self.catalog.files.by_note(folder_id, note)
        return self._words.password(row.id) if row is not None else ""

    # ---- steering ----------------------------------------------------------------------------------------------------

    def pause(self, paused: bool) -> None:
        """Reading and embedding rest; folders are still compared, so nothing is missed."""
        self._indexer.pause(paused)
        self._notices.tell("progress")

    def retry(self, folder_id: int, note: str, password: str = "") -> None:
        """Read a failed, skipped or forgotten note again. Raises BadRequestError."""
        self._known(folder_id)
        self._no_longer_forgotten(folder_id, note)
        row = self.catalog.files.by_note(folder_id, note)
        if row is None:
            raise BadRequestError(reason="no such note")
        if row.is_folder:
            self._scan().request(folder_id)
            return
        self._words.retry(row.id, password)
        self._indexer.wake()

    def _no_longer_forgotten(self, folder_id: int, note: str) -> None:
        """Also of a note that this catalog does not know yet: an index that is being built has a list of its own."""
        row = self.catalog.files.by_note(folder_id, note)

        def is_meant(raw: str) -> bool:
            return raw == row.raw if row is not None else clean_name(raw) == note

        if any(map(is_meant, self._list.forgotten(folder_id))):
            with self._scan().held():  # a comparison may be about to write what it follows
                kept = {raw: mark for raw, mark in self._list.forgotten(folder_id).items() if not is_meant(raw)}
                self._list.set_forgotten(folder_id, kept)

    def retry_all(self, query: FileQuery) -> int:
        """Read every failed or skipped note that a query wants again. Returns how many."""
        file_ids = self.catalog.files.ids_for_retry(query)
        self._words.retry_all(file_ids)
        self._indexer.wake()
        self._notices.tell("folders")
        self._notices.tell("progress")
        return len(file_ids)

    def ask_first(self, file_ids: Iterable[int]) -> None:
        """An answer used these notes: read and embed them before others."""
        self.catalog.files.ask_first(file_ids)

    def wake(self) -> None:
        """Something that was missing may be there again (a model, a part that was restarted)."""
        self._indexer.wake()

    # ---- waiting -----------------------------------------------------------------------------------------------------

    @property
    def is_idle(self) -> bool:
        # Until then nobody knows whether notes have to be read again.
        return self._looked_for_outdated.is_set() and self._scan().is_idle and self._indexer.is_idle

    def why_busy(self) -> str:
        """What is still to be done, for diagnosis."""
        return f"{self.progress()}, {self._scan()}, {self._indexer}, troubles: {self.troubles}"

    def wait_until_idle(self, timeout_s: float) -> bool:
        """Whether everything was compared, read and embedded in time."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            if self.is_idle:
                return True
            time.sleep(_TICK_S)
        return False

    def run_until_ready(
        self,
        on_progress: Callable[[IndexProgress], None] = lambda _progress: None,
        cancelled: threading.Event | None = None,
    ) -> RunReport:
        """For headless use: until everything is ready. Raises Cancelled, or what keeps indexing from ever ending (no model, full
        disk)."""
        started = time.monotonic()
        told_at = 0.0
        while not self.is_idle:
            if cancelled is not None and cancelled.is_set():
                raise Cancelled
            if self._scan().trouble or (self._indexer.is_stuck and self._scan().is_idle):
                raise self.troubles[0]
            if time.monotonic() - told_at >= 0.25:
                told_at = time.monotonic()
                on_progress(self.progress())
            time.sleep(_TICK_S)
        on_progress(self.progress())
        left_out = tuple(
            entry.file for entry in self.attention() if entry.file is not None and entry.file.state is FileState.SKIPPED
        )
        return RunReport(self.counts(), tuple(self.catalog.tree.failed()), left_out, time.monotonic() - started)

    def close(self, deadline_s: float = 5.0) -> None:
        """Stop all threads, then the readers, then the catalog. What was not finished goes on at the next start."""
        if self._closed:
            return
        self._closed = True
        self._scan().stop(deadline_s)
        self._indexer.stop(deadline_s)
        self._notices.stop()
        self._others.reader.close()
        self._scan_log.save()
        self.catalog.close()

    # ---- inside ------------------------------------------------------------------------------------------------------

    def _scan(self) -> Scanner:
        assert self._scanner is not None
        return self._scanner

    def _wake_scanner(self) -> None:
        if self._scanner is not None:
            self._scanner.wake()

    def _wake_indexer(self) -> None:
        self._indexer.wake()

    def _hint(self, folder_id: int, under: str) -> None:
        self._scan().hint(folder_id, under)

    def _on_changes(self, _folder_id: int, _changes: Changes) -> None:
        self._indexer.wake()
        self._notices.tell("folders")
        self._notices.tell("progress")

    def _queue_outdated(self) -> None:
        """On a thread of its own: asking the embedder who it is may have to load it, and nothing else should wait for that."""
        try:
            with contextlib.suppress(AssistantError):
                if self._words.queue_outdated():
                    self._indexer.wake()
        finally:
            self._looked_for_outdated.set()

    def _with_limits(self, entries: Sequence[TreeEntry]) -> list[TreeEntry]:
        return [entry if entry.file is None else replace(entry, file=self._with_limit(entry.file)) for entry in entries]

    def _with_limit(self, file: FileInfo) -> FileInfo:
        """What is too large is told with the limit that counts now, which may not be the one it was left out for."""
        too_large = file.reason == ReasonCode.TOO_LARGE
        return replace(file, reason_detail=str(self._largest_bytes)) if too_large else file

    def _note(self, folder_id: int, note: str) -> FileRow:
        self._known(folder_id)
        row = self.catalog.files.by_note(folder_id, note)
        if row is None or row.is_folder:
            raise BadRequestError(reason="no such note")
        return row

    def _mark_of(self, row: FileRow) -> ContentMark | None:
        """Of the content of a note now, or when it was last read."""
        known = ContentMark(row.identity.size, row.hash) if row.hash is not None else None
        return mark_of(Path(root_of(self._known(row.folder_id))[0], row.raw)) or known

    def _known(self, folder_id: int) -> FolderRow:
        folder = self.catalog.folder(folder_id)
        if folder is None:
            raise BadRequestError(reason="no such folder")
        return folder

    def _info(self, folder_id: int) -> FolderInfo:
        return next(info for info in self.folders() if info.id == folder_id)

    def _check_can_add(self, raw: str) -> bool:
        """Whether it is a single file. Raises FolderUnavailableError if it cannot be added."""
        path = Path(raw)
        shown = clean_name(raw)
        try:
            mode = path.stat().st_mode
            if stat.S_ISDIR(mode):
                with os.scandir(path):
                    pass
        except PermissionError as error:
            raise FolderUnavailableError(path=shown, reason=ReasonCode.NO_PERMISSION.value) from error
        except (OSError, ValueError) as error:
            raise FolderUnavailableError(path=shown, reason=ReasonCode.VANISHED.value) from error
        is_file = stat.S_ISREG(mode)
        if not is_file and not stat.S_ISDIR(mode):
            raise FolderUnavailableError(path=shown, reason=ReasonCode.SPECIAL_FILE.value)
        if is_file and not self._reconciler.rules.is_note_name(path.name):
            raise FolderUnavailableError(path=shown, reason=ReasonCode.UNSUPPORTED.value)
        own = os.path.realpath(self._data_path)
        if _below(own, raw) is not None or _below(raw, own) is not None:
            raise FolderUnavailableError(path=shown, reason="own-data")
        return is_file

    def _cover_of(self, raw: str) -> AddedFolder | None:
        """The added folder that has this path in it already, and does not leave it out."""
        for folder in self._list.all():
            below = None if folder.is_file and folder.raw != raw else _below(folder.raw, raw)
            if below is not None and not self._leaves_out(folder.raw, below):
                return folder
        return None

    def _inner_of(self, raw: str, *, is_file: bool) -> dict[int, str]:
        """Folders that lie in a new one and become part of it, with all that is known of their notes: id, and raw path of their notes'
        root below the new one."""
        prefixes = {}
        for inner in self._list.all():
            below = None if is_file else _below(raw, inner.raw)
            if below is not None and not self._leaves_out(raw, below):
                prefixes[inner.id] = below.rpartition("/")[0] if inner.is_file else below
        return prefixes

    def _leaves_out(self, root: str, below: str) -> bool:
        """Whether the rules leave out this path below a root (then a folder added there stays by itself)."""
        parts = below.split("/") if below else []
        rules = self._reconciler.rules.below(clean_name(root))
        return any(rules.folder_reason(part, "/".join(parts[: depth + 1])) for depth, part in enumerate(parts))

    def _purge(self, folder_id: int) -> None:
        rows: Sequence[int] = [row.id for row in self.catalog.files.rows_under(folder_id, "", recursive=True)]
        for first in range(0, len(rows), 100):
            self.catalog.chunks.remove_files(rows[first : first + 100])
        self.catalog.files.forget_folder(folder_id)
        self.catalog.changes.forget_folder(folder_id)
        self._scan_log.forget(folder_id)
        self.catalog.folders_changed()


def _below(outer: str, inner: str) -> str | None:
    """The path from one folder to another in it as the system spells it, "" for itself, None if it does not lie in it."""
    above, parts = (path.replace(os.sep, "/").rstrip("/").split("/") for path in (outer, inner))
    if [os.path.normcase(part) for part in above] != [os.path.normcase(part) for part in parts[: len(above)]]:
        return None
    return "/".join(parts[len(above) :])


def _inside(root: Path, raw: str) -> Path:
    """The path, if nothing on the way to it is a link that leads out of the root."""
    path = root / raw
    try:
        real = path.resolve(strict=True)
        real_root = root.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise NoteMissingError(path=clean_name(str(path))) from error
    if not real.is_relative_to(real_root) or path.is_symlink():
        raise BadRequestError(reason="outside of the folder")
    return path
