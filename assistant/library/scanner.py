"""The thread that keeps catalog and folders equal: at the start, after hints, on demand and on timers."""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.domain.errors import (
    AssistantError,
    Cancelled,
    DiskFullError,
    FolderUnavailableError,
    StoreUnavailableError,
)
from assistant.domain.library import FolderState, ScanReport
from assistant.library.catalog import Catalog
from assistant.library.contents import content_hash, identity_of
from assistant.library.file_table import FolderRow
from assistant.library.reconcile import Changes, Reconciler, root_of
from assistant.library.scan import Scope
from assistant.library.scan_log import ScanLog
from assistant.library.watcher import Places, Watcher

log = logging.getLogger(__name__)

_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class ScanTimes:
    """Seconds. rescan: all of a watched root. poll: all of a root that cannot be watched. after_folders: all of a watched root after
    folders have come or gone; what is written into a new folder before the system watches it is told by nobody. heartbeat: are
    roots and watches still there. after_failure: all again, when a comparison could not be noted."""

    rescan_s: float = 600.0
    poll_s: float = 60.0
    after_folders_s: float = 20.0
    heartbeat_s: float = 5.0
    after_failure_s: float = 30.0


@dataclass(slots=True)
class _Request:
    """A comparison somebody asked for. folder_id 0: all."""

    folder_id: int
    done: threading.Event = field(default_factory=threading.Event)
    error: AssistantError | None = None


class Scanner:
    """Owns the comparing thread and the watcher. Thread: every method from any thread.

    on_changes(folder_id, changes): after a comparison that found something, on our thread. on_states: a folder's state changed.
    """

    def __init__(
        self,
        catalog: Catalog,
        reconciler: Reconciler,
        watcher: Watcher | None,
        places: Places,
        *,
        times: ScanTimes = ScanTimes(),
        on_changes: Callable[[int, Changes], None] = lambda _folder_id, _changes: None,
        on_states: Callable[[], None] = lambda: None,
        on_idle_look: Callable[[], None] = lambda: None,
        scan_log: ScanLog | None = None,
    ) -> None:
        """watcher None: nothing is watched and no timer runs; comparisons are made at the start and on demand only."""
        self._catalog = catalog
        self._reconciler = reconciler
        self._watcher = watcher
        self._places = places
        self._times = times
        self._on_changes = on_changes
        self._on_states = on_states
        self._on_idle_look = on_idle_look
        self._scan_log = scan_log
        self._lock = threading.Lock()
        self._requests: list[_Request] = []
        self._states: dict[int, FolderState] = {}
        self._scanned_at: dict[int, float] = {}
        self._next_full: dict[int, float] = {}
        self._next_beat = 0.0
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._is_busy = True
        self._comparing = threading.Lock()
        self._cancel_comparison = threading.Event()
        self.last_scan_s = 0.0
        self.trouble: DiskFullError | StoreUnavailableError | None = None
        self._thread = threading.Thread(target=self._run, name="library-scanner", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._wake.set()

    def request(self, folder_id: int = 0) -> _Request:
        """Have a folder (0: all) compared; `done` of what is returned is set afterwards."""
        request = _Request(folder_id)
        with self._lock:
            if self._stopped.is_set():
                request.error = Cancelled()
                request.done.set()
            else:
                self._requests.append(request)
        self._wake.set()
        return request

    def hint(self, folder_id: int, under: str) -> None:
        """Something is not as the catalog says in this sub-folder (raw path)."""
        self._places.add(folder_id, under, recursive=False)
        self._wake.set()

    def state(self, folder_id: int) -> FolderState:
        with self._lock:
            return self._states.get(folder_id, FolderState.SCANNING)

    def set_state(self, folder_id: int, state: FolderState) -> None:
        with self._lock:
            if self._states.get(folder_id) == state:
                return
            self._states[folder_id] = state
        self._on_states()

    def forget(self, folder_id: int) -> None:
        """The folder is being removed. Its watch ends with the next turn of our thread."""
        with self._lock:
            self._states.pop(folder_id, None)
            self._next_full.pop(folder_id, None)
        self._places.forget(folder_id)
        self._wake.set()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """No comparison runs meanwhile; one that was under way is broken off and made again."""
        with self._lock:
            self._cancel_comparison.set()
        with self._comparing:
            yield
        self._wake.set()

    @property
    def is_idle(self) -> bool:
        with self._lock:
            return not self._is_busy and not self._requests and self._places.next_due_s() is None

    def __str__(self) -> str:
        with self._lock:
            busy, requests, due = self._is_busy, len(self._requests), self._places.next_due_s()
        return f"scanner(alive={self._thread.is_alive()}, busy={busy}, requests={requests}, due={due}, {self._states})"

    def stop(self, deadline_s: float = 5.0) -> None:
        with self._lock:
            self._stopped.set()
            self._cancel_comparison.set()
            requests, self._requests = self._requests, []
        for request in requests:
            request.error = Cancelled()
            request.done.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(deadline_s)
        if self._watcher is not None:
            self._watcher.stop()

    # ---- the thread --------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._wake.clear()
            with self._lock:
                self._is_busy = True
            try:
                self._turn()
            except (DiskFullError, StoreUnavailableError) as error:
                self._put_off(error)
            except Cancelled:
                log.info("comparison ended early")
            except Exception:
                log.exception("comparison failed")
            with self._lock:
                self._is_busy = bool(self._requests)
            self._on_idle_look()
            self._wake.wait(self._rest_s())

    def _put_off(self, error: DiskFullError | StoreUnavailableError) -> None:
        """Nothing can be noted now, and what was to be compared is forgotten: everything is compared a little later."""
        log.info("comparison ended early: %s", error.kind)
        self.trouble = error
        soon = time.monotonic() + self._times.after_failure_s
        with self._lock:
            self._next_full = {folder_id: min(due, soon) for folder_id, due in self._next_full.items()}

    def _rest_s(self) -> float:
        due = self._places.next_due_s()
        rest = self._times.heartbeat_s if due is None else min(due, self._times.heartbeat_s)
        return max(rest, 0.01)

    def _turn(self) -> None:
        self._serve_requests()
        folders = {folder.id: folder for folder in self._catalog.files.folders()}
        for folder_id, scopes in self._places.due().items():
            if folder_id in folders and self.state(folder_id) in {FolderState.MISSING, FolderState.SCANNING}:
                # A look at a part must not find the root there: only a look at everything watches it.
                self._compare_all(folders[folder_id])
            elif folder_id in folders:
                self._compare(folders[folder_id], scopes)
                if any(scope.recursive for scope in scopes):
                    soon = time.monotonic() + self._times.after_folders_s
                    self._next_full[folder_id] = min(self._next_full.get(folder_id, soon), soon)
        for folder in folders.values():
            if self.state(folder.id) == FolderState.SCANNING:
                self._compare_all(folder)
        if self._watcher is not None and time.monotonic() >= self._next_beat:
            self._next_beat = time.monotonic() + self._times.heartbeat_s
            for folder in folders.values():
                self._heartbeat(folder)

    def _serve_requests(self) -> None:
        with self._lock:
            requests, self._requests = self._requests, []
        try:
            for request in requests:
                wanted = {folder.id: folder for folder in self._catalog.files.folders()}
                if request.folder_id:
                    wanted = {request.folder_id: wanted[request.folder_id]} if request.folder_id in wanted else {}
                for folder in wanted.values():
                    self._compare_all(folder)
                request.done.set()
        except (DiskFullError, StoreUnavailableError) as error:
            for request in requests:
                request.error = error
            raise
        finally:
            for request in requests:
                if not request.done.is_set():
                    request.error = request.error or Cancelled()
                    request.done.set()

    def _compare_all(self, folder: FolderRow) -> None:
        """Watch first, then compare: what changes in between is then seen twice rather than not at all."""
        if self.state(folder.id) == FolderState.MISSING:
            # What stands in the place of an unplugged disk is an empty folder. Watching that and letting it go again at every heartbeat
            # would wear watchdog out, and the disk could come back in between.
            self._compare(folder, (Scope(),), watched=False)
            if self.state(folder.id) == FolderState.MISSING:
                return
        watched = self._watch(folder)
        self._compare(folder, (Scope(),), watched=watched)
        rest = self._times.rescan_s if watched else self._times.poll_s
        # Spread, so that several roots do not fall due together.
        self._next_full[folder.id] = time.monotonic() + rest * random.uniform(0.8, 1.2)  # noqa: S311 (no secret)

    def _compare(self, folder: FolderRow, scopes: Sequence[Scope], *, watched: bool | None = None) -> None:
        started, began_at_s = time.monotonic(), time.time()
        with self._comparing:
            with self._lock:
                self._cancel_comparison = cancel = threading.Event()
                if self._stopped.is_set():
                    raise Cancelled
            if self._catalog.folder(folder.id) is None:
                return  # removed while it waited for its turn
            try:
                changes = self._reconciler.run(folder, scopes, cancel)
            except FolderUnavailableError as error:
                log.info("folder %d is not there: %s", folder.id, error.fields.get("reason", ""))
                if self._watcher is not None:
                    self._watcher.unwatch(folder.id)
                self.set_state(folder.id, FolderState.MISSING)
                return
            except Cancelled:
                if self._stopped.is_set():
                    raise
                self._places.add(folder.id, "", recursive=True)
                return
        if watched is None:
            # A watch that died is for the heartbeat to renew, which knows it by the state.
            was_watched = self.state(folder.id) == FolderState.WATCHING
            watched = self._watcher is not None and (was_watched or self._watcher.is_alive(folder.id))
        if changes.pending:
            self.set_state(folder.id, FolderState.WAITING_DELETE)
        else:
            self.set_state(folder.id, FolderState.WATCHING if watched else FolderState.POLLING)
        self.last_scan_s = time.monotonic() - started
        self.trouble = None
        if self._scan_log is not None:
            self._scan_log.add(folder.id, _report(changes, scopes, began_at_s, self.last_scan_s))
        if changes.anything or changes.pending:
            self._on_changes(folder.id, changes)

    def why_polling(self, folder_id: int) -> str:
        """As Watcher.why_not."""
        return self._watcher.why_not(folder_id) if self._watcher is not None else ""

    def _watch(self, folder: FolderRow) -> bool:
        if self._watcher is None:
            return False
        if self._watcher.is_alive(folder.id):
            return True
        root, only = root_of(folder)
        return self._watcher.watch(folder.id, root, recursive=only is None)

    def _heartbeat(self, folder: FolderRow) -> None:
        assert self._watcher is not None
        state = self.state(folder.id)
        root, only = root_of(folder)
        is_there = Path(root, only or "").exists()
        if state == FolderState.MISSING:
            if is_there:
                self._compare_all(folder)
        elif not is_there or (
            not self._watcher.is_alive(folder.id)
            and (state == FolderState.WATCHING or self._watcher.has_watched(folder.id))
        ):
            self._compare_all(folder)
        elif time.monotonic() >= self._next_full.get(folder.id, 0.0):
            self._compare_all(folder)
            self._check_some_contents(folder, root)

    def _check_some_contents(self, folder: FolderRow, root: str) -> None:
        """Hash a few notes each time, so that all are looked at within a day: a tool may change a file and put its time back."""
        share = min(1.0, self._times.rescan_s / _DAY_S)
        limit = 1 + int(self._catalog.files.note_count(folder.id) * share)
        checked = []
        changes = Changes()
        for row in self._catalog.files.least_recently_checked(folder.id, limit):
            if self._stopped.is_set():
                return
            path = Path(root, row.raw)
            try:
                if identity_of(path) == row.identity and content_hash(path) != row.hash:
                    self._catalog.files.queue(row.id)
                    changes.changed += 1
            except OSError:
                continue
            checked.append(row.id)
        self._catalog.files.note_checked(checked)
        if changes.anything:
            self._on_changes(folder.id, changes)


def _report(changes: Changes, scopes: Sequence[Scope], began_at_s: float, took_s: float) -> ScanReport:
    return ScanReport(
        began_at_s,
        took_s,
        is_whole=Scope() in scopes,
        added=changes.added,
        changed=changes.changed,
        removed=changes.removed,
        moved=changes.moved,
        skipped=changes.skipped,
    )
