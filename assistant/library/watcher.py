"""Hints from the operating system about where something changed. What changed is for the comparison to find out.

watchdog reports events; here they become places to look at, gathered until it is quiet. Nothing it reports or fails to report is
taken as the truth: at its limits it goes silent without a word (RELIABILITY A2), so those limits are probed.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import logging
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from assistant.library.scan import Scope

log = logging.getLogger(__name__)

QUIET_S = 0.7
LONGEST_S = 5.0
MANY_PLACES = 200
"""More places than this, and looking at the whole root is cheaper."""

_LOGS = ("watchdog.observers.inotify_c", "watchdog.observers.inotify")

# Reading a note makes these; following them would be following ourselves.
_OWN_NOISE = frozenset({"opened", "closed_no_write"})
_AT_THE_LIMIT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOSPC})
_LOCAL_ONLY_ON_LINUX = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.rclone", "ncpfs", "afs", "ceph", "glusterfs"}
)


@dataclass(slots=True)
class _Places:
    scopes: dict[str, bool] = field(default_factory=dict)
    first_at: float = 0.0
    last_at: float = 0.0


class Places:
    """Gathers the places where something happened, by folder. Thread: any.

    A folder's places are due when it has been quiet for `quiet_s`, or after `longest_s` at the latest.
    """

    def __init__(
        self,
        *,
        quiet_s: float = QUIET_S,
        longest_s: float = LONGEST_S,
        clock: Callable[[], float] = time.monotonic,
        on_first: Callable[[], None] = lambda: None,
    ) -> None:
        """on_first: called when something is gathered after nothing was; must be quick."""
        self._quiet_s = quiet_s
        self._longest_s = longest_s
        self._clock = clock
        self._on_first = on_first
        self._lock = threading.Lock()
        self._folders: dict[int, _Places] = {}

    def add(self, folder_id: int, under: str, *, recursive: bool) -> None:
        now = self._clock()
        with self._lock:
            was_empty = not self._folders
            places = self._folders.setdefault(folder_id, _Places(first_at=now))
            places.last_at = now
            places.scopes[under] = places.scopes.get(under, False) or recursive
            if len(places.scopes) > MANY_PLACES:
                places.scopes = {"": True}
        if was_empty:
            self._on_first()

    def due(self) -> dict[int, list[Scope]]:
        """Take out what is due."""
        now = self._clock()
        with self._lock:
            ready = [
                folder_id
                for folder_id, places in self._folders.items()
                if now - places.last_at >= self._quiet_s or now - places.first_at >= self._longest_s
            ]
            taken = {folder_id: self._folders.pop(folder_id) for folder_id in ready}
        return {
            folder_id: [Scope(under, recursive) for under, recursive in places.scopes.items()]
            for folder_id, places in taken.items()
        }

    def forget(self, folder_id: int) -> None:
        with self._lock:
            self._folders.pop(folder_id, None)

    def next_due_s(self) -> float | None:
        now = self._clock()
        with self._lock:
            if not self._folders:
                return None
            return min(
                max(0.0, min(places.last_at + self._quiet_s, places.first_at + self._longest_s) - now)
                for places in self._folders.values()
            )


class _Handler(FileSystemEventHandler):
    """Turns an event into a place. Nothing may escape from here: an exception would end the observer's thread."""

    def __init__(self, folder_id: int, root: str, places: Places) -> None:
        self._folder_id = folder_id
        self._root = root.rstrip("/\\")
        self._places = places

    def dispatch(self, event: FileSystemEvent) -> None:
        try:
            if event.event_type in _OWN_NOISE or (event.is_directory and event.event_type == "modified"):
                return
            for path in (event.src_path, event.dest_path):
                if path:
                    self._place(os.fsdecode(path), is_folder=event.is_directory)
        except Exception:
            log.exception("an event could not be understood; looking at the whole folder")
            self._places.add(self._folder_id, "", recursive=True)

    def _place(self, path: str, *, is_folder: bool) -> None:
        if not path.startswith(self._root):
            return
        below = path[len(self._root) :].replace(os.sep, "/").strip("/")
        if not below:
            # The root itself came or went.
            self._places.add(self._folder_id, "", recursive=True)
        elif is_folder:
            # A folder may have come with all that is in it, or have taken it away.
            self._places.add(self._folder_id, below, recursive=True)
            self._places.add(self._folder_id, below.rpartition("/")[0], recursive=False)
        else:
            self._places.add(self._folder_id, below.rpartition("/")[0], recursive=False)


class _Overflows(logging.Filter):
    """WORKAROUND(watchdog 7.1.0, observers/inotify_c.py): when the system has dropped events, it says so in its log and nowhere else."""

    def __init__(self, on_overflow: Callable[[], None]) -> None:
        super().__init__()
        self._on_overflow = on_overflow

    def filter(self, record: logging.LogRecord) -> bool:
        if "overflow" not in str(record.msg):
            return True
        self._on_overflow()
        return False  # it would name the folder


class Watcher:
    """One observer for all roots. Thread: every method from the library's scanning thread.

    A root that cannot be watched (limits, network drive) must be compared on a timer; `watch` says so.
    """

    def __init__(self, places: Places, make_observer: Callable[[], BaseObserver] | None = None) -> None:
        self._places = places
        # WORKAROUND(watchdog 7.1.0, observers/inotify_c.py): a folder renamed and soon replaced makes it warn, with paths of notes in the text,
        # on its own thread. What it then misses, the comparison finds.
        warnings.filterwarnings("ignore", message="Callback with id", category=RuntimeWarning)
        self._make_observer = make_observer or Observer
        self._observer: BaseObserver | None = None
        self._watches: dict[int, tuple[object, str, int]] = {}
        self._why_not: dict[int, str] = {}
        self._overflows = _Overflows(self._look_everywhere)

    def why_not(self, folder_id: int) -> str:
        """Why a root is not watched: "network", "limit" or "error"; "" if it is, or was never tried."""
        return self._why_not.get(folder_id, "")

    def watch(self, folder_id: int, root: str, *, recursive: bool = True) -> bool:
        """Watch a root. False if that is not possible, or not to be relied on."""
        self.unwatch(folder_id)
        if not _tells_of_changes(root):
            self._why_not[folder_id] = "network"
            return False
        try:
            observer = self._running()
            handler = _Handler(folder_id, root, self._places)
            watch = observer.schedule(handler, root, recursive=recursive)
            inode = Path(root).stat().st_ino
        except (OSError, RuntimeError) as error:
            log.info("folder %d cannot be watched: %s", folder_id, type(error).__name__)
            self._why_not[folder_id] = "limit" if getattr(error, "errno", 0) in _AT_THE_LIMIT else "error"
            return False
        self._watches[folder_id] = (watch, root, inode)
        # At the limit, watchdog leaves sub-folders out and says nothing.
        if not can_watch_more(root):
            log.info("folder %d: the system's limit of watches is reached", folder_id)
            self.unwatch(folder_id)
            self._why_not[folder_id] = "limit"
            return False
        return True

    def unwatch(self, folder_id: int) -> None:
        known = self._watches.pop(folder_id, None)
        self._why_not.pop(folder_id, None)
        self._places.forget(folder_id)
        if known is not None and self._observer is not None:
            with contextlib.suppress(KeyError, OSError, RuntimeError):
                self._observer.unschedule(known[0])  # type: ignore[arg-type]

    def has_watched(self, folder_id: int) -> bool:
        """Whether this root was watched at the last try."""
        return folder_id in self._watches

    def is_alive(self, folder_id: int) -> bool:
        """Whether events still come for this root: its thread lives, and the root is the folder that was watched."""
        known = self._watches.get(folder_id)
        observer = self._observer
        if known is None or observer is None or not observer.is_alive():
            return False
        watch, root, inode = known
        try:
            if Path(root).stat().st_ino != inode:
                return False
        except OSError:
            return False
        return any(emitter.watch == watch and emitter.is_alive() for emitter in list(observer.emitters))

    def stop(self, deadline_s: float = 2.0) -> None:
        observer, self._observer = self._observer, None
        self._watches.clear()
        for name in _LOGS:
            logging.getLogger(name).removeFilter(self._overflows)
        if observer is not None:
            observer.stop()
            if observer.ident is not None:
                observer.join(deadline_s)

    def _running(self) -> BaseObserver:
        """The observer; a new one if it has died, in which case every root has to be watched again."""
        if self._observer is None or not self._observer.is_alive():
            self._watches.clear()
            self._observer = self._make_observer()
            self._observer.start()
            for name in _LOGS:
                logging.getLogger(name).addFilter(self._overflows)
        return self._observer

    def _look_everywhere(self) -> None:
        for folder_id in list(self._watches):
            self._places.add(folder_id, "", recursive=True)


def can_watch_more(path: str) -> bool:
    """Whether the system would grant one more watch. Linux has a limit for each user, and at the limit nothing is reported."""
    if not sys.platform.startswith("linux"):
        return True
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.inotify_init1(os.O_CLOEXEC)
    if handle < 0:
        return False
    try:
        only_deletion = 0x00000400  # IN_DELETE_SELF: something that hardly ever fires
        return bool(libc.inotify_add_watch(handle, os.fsencode(path), only_deletion) >= 0)
    finally:
        os.close(handle)


def _tells_of_changes(root: str, mounts: Path = Path("/proc/mounts")) -> bool:
    """Network drives do not tell what other machines change. mounts: the system's table, on Linux."""
    if not sys.platform.startswith("linux"):
        return not root.startswith("\\\\")
    best, kind = "", ""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return True
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        mount = fields[1].replace("\\040", " ")
        if len(mount) >= len(best) and (root == mount or root.startswith(mount.rstrip("/") + "/")):
            best, kind = mount, fields[2]
    return kind not in _LOCAL_ONLY_ON_LINUX
