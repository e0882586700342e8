"""Which index answers, and the one that is being built beside it for another embedder.

Vectors of two embedders cannot be compared, so a new embedder needs every note embedded again. Until that is done the old index, with
the old embedder, goes on answering and following the folders; then one rename makes the new one the index in use. A kill at any moment
leaves the one or the other. Reader, splitter and table layout need no such thing: a catalog is brought up to them in place.
"""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from assistant.domain.errors import AssistantError, BadRequestError, StoreUnavailableError
from assistant.domain.library import FolderInfo, FolderState, IndexProgress, LibraryCounts, Renewal
from assistant.domain.whole_files import write_whole
from assistant.library.generation import catalog_path, generation_name
from assistant.models.ports import Embedder

log = logging.getLogger(__name__)

IN_USE_NAME = "in-use.json"
LOOK_EVERY_S = 0.5
LONGEST_LEASE_S = 60.0
REPAIR_EVERY_S = 600.0
"""A disk that damages every catalog anew must not have one made after the other."""

_SETTLED = frozenset({FolderState.WATCHING, FolderState.POLLING, FolderState.PAUSED})


class RoomLibrary(Protocol):
    def counts(self) -> LibraryCounts: ...
    def folders(self) -> list[FolderInfo]: ...
    def progress(self) -> IndexProgress: ...
    @property
    def is_idle(self) -> bool: ...
    @property
    def is_damaged(self) -> bool: ...
    @property
    def troubles(self) -> tuple[AssistantError, ...]: ...


class Room(Protocol):
    """What stands on one generation: IndexRoom, or a test's fake."""

    @property
    def library(self) -> RoomLibrary: ...
    def start(self) -> None: ...
    def close(self) -> None: ...


AnyRoom = TypeVar("AnyRoom", bound=Room)


@dataclass(frozen=True, slots=True)
class Shape:
    """A generation. folder: its name below index/. embedder: name on the shelf; embedder_id: of its vectors. Both "" without one."""

    folder: str
    embedder: str = ""
    embedder_id: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The embedder that is to be used. embedder None: there is none. id "": there is none, or it does not say who it is (its process
    cannot be started), which must not keep anybody from opening what is there."""

    name: str = ""
    id: str = ""
    embedder: Embedder | None = None


class Generations(Generic[AnyRoom]):
    """Owns the rooms and one thread that looks whether the new one is complete. Thread: any."""

    def __init__(
        self,
        index_folder: Path,
        splitter_version: str,
        open_room: Callable[[Path, Embedder | None], AnyRoom],
        embedder_named: Callable[[str], Embedder | None],
        on_switched: Callable[[], None],
    ) -> None:
        """open_room: makes a room over a folder, not started yet. embedder_named: one on the shelf, None if it is not there any more.
        on_switched: another room answers from now on; called before the old one is closed, unless that was damaged."""
        self._folder = index_folder
        self._splitter_version = splitter_version
        self._open_room = open_room
        self._embedder_named = embedder_named
        self._on_switched = on_switched
        self._lock = threading.RLock()
        self._leases: dict[int, int] = {}
        self._freed = threading.Condition()
        self._starts = False
        self._chosen = Chosen()
        self._active: AnyRoom | None = None
        self._active_shape = Shape("")
        self._has_embedder = False
        self._next: AnyRoom | None = None
        self._next_shape = Shape("")
        self._next_repair = 0.0
        self._is_shut = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def active(self) -> AnyRoom:
        assert self._active is not None
        return self._active

    def is_active(self, room: AnyRoom) -> bool:
        return self._active is room

    def rooms(self) -> list[AnyRoom]:
        """The one that answers, and the one being built if there is one."""
        return [room for room in (self._active, self._next) if room is not None]

    @contextmanager
    def lease(self) -> Iterator[AnyRoom]:
        """The room that answers. It is closed only after the block has ended, or LONGEST_LEASE_S after another is to take its place, or
        when everything is closed: what the block does then fails."""
        with self._lock:
            room = self.active
            with self._freed:
                self._leases[id(room)] = self._leases.get(id(room), 0) + 1
        try:
            yield room
        finally:
            with self._freed:
                self._leases[id(room)] -= 1
                if not self._leases[id(room)]:
                    del self._leases[id(room)]
                self._freed.notify_all()

    def open(self, chosen: Chosen, *, start: bool) -> None:
        """Open what the embedder calls for. start: begin to index; False only looks."""
        with self._lock:
            self._starts = start
            self._open(chosen)
            if start and self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="generations", daemon=True)
                self._thread.start()

    def start_over(self, meanwhile: Callable[[], None] | None = None) -> None:
        """Remove every index and make one anew from the notes. meanwhile: also done while none is open.

        Waits as `reopen`. Raises StoreUnavailableError, or what `meanwhile` raises; an index is opened all the same."""

        def clear() -> None:
            self._remove_indexes()
            if meanwhile is not None:
                meanwhile()

        self.reopen(meanwhile=clear)

    def reopen(self, chosen: Chosen | None = None, meanwhile: Callable[[], None] | None = None) -> None:
        """Close and open again, for other rules, other folders or another embedder (None: the same). What is indexed stays. meanwhile: done
        while nothing is open.

        Waits as `lease` says; what begins meanwhile has the old one."""
        until = time.monotonic() + LONGEST_LEASE_S
        while not self._stopping.is_set():
            with self._lock:
                if chosen is not None and self._is_served_by_active(chosen):
                    self._drop_next()
                    shape, following = self._plan(chosen)
                    self._chosen = chosen  # the one that answers needs no change: only another is built beside it
                    if self._starts:
                        self._remove_all_but(shape, following)
                    self._open_next(following)
                    return
                room = self.active
                if not self._is_leased(room) or time.monotonic() >= until:
                    self._drop_next()
                    if not self._is_shut:
                        room.close()
                    self._is_shut = True
                    try:
                        if meanwhile is not None:
                            meanwhile()
                    finally:
                        self._open(chosen or self._chosen)
                        self._is_shut = False
                    return
            # Without the lock: whoever asks now must not wait for the end of an answer.
            self._wait_until_unused(room, until - time.monotonic())

    def reopen_next(self) -> None:
        """The folders have changed: the one being built has to hear of it, too."""
        with self._lock:
            if self._next is not None:
                shape = self._next_shape
                self._drop_next()
                self._open_next(shape)

    def remove_unopened(self) -> None:
        """Remove what lies beside the rooms that are open: one being built that only a later start would go on with, and leftovers."""
        with self._lock:
            self._remove_all_but(self._active_shape, self._next_shape if self._next is not None else None)

    def cancel(self) -> str:
        """Give up the index being built and remove it. Returns the name of the embedder that stays in use.

        Raises BadRequestError: none is being built, or the old embedder is not there any more.
        """
        with self._lock:
            if self._next is None:
                raise BadRequestError(reason="no index is being built")
            if self._embedder_of(self._active_shape, self._chosen) is None:
                raise BadRequestError(reason="the embedder that was in use is gone")
            shape = self._next_shape
            self._drop_next()
            self._remove(shape.folder)
            return self._active_shape.embedder

    def renewal(self) -> Renewal | None:
        """How far the index being built has come; None if there is none."""
        # Without the lock: a room that is being closed waits for whoever asks this.
        room, shape = self._next, self._next_shape
        with suppress(AssistantError):
            if room is not None:
                return Renewal(shape.embedder, room.library.progress(), self._active_shape.embedder)
        return None

    def close(self) -> None:
        self._stopping.set()
        with self._freed:
            self._freed.notify_all()
        if self._thread is not None:
            self._thread.join(10.0)
        with self._lock:
            self._drop_next()
            if self._active is not None:
                self._active.close()

    # ---- deciding ----------------------------------------------------------------------------------------------------

    def _open(self, chosen: Chosen) -> None:
        self._chosen = chosen
        shape, following = self._plan(chosen)
        self._adopt(shape)
        self._active_shape = shape
        embedder = self._embedder_of(shape, chosen)
        self._active, self._has_embedder = self._open_room(self._path(shape), embedder), embedder is not None
        if self._starts:
            self._active.start()
            self._remove_all_but(shape, following)
        self._open_next(following)

    def _is_served_by_active(self, chosen: Chosen) -> bool:
        shape, _ = self._plan(chosen)
        has_embedder = self._embedder_of(shape, chosen) is not None
        return shape == self._active_shape and self._has_embedder and has_embedder

    def _plan(self, chosen: Chosen) -> tuple[Shape, Shape | None]:
        """The generation that answers, and the one to be built beside it."""
        wanted = Shape(generation_name(chosen.id, self._splitter_version), chosen.name, chosen.id)
        used = self._used(wanted)
        if used is None:
            return wanted, None
        if not chosen.id or used.embedder_id == chosen.id:
            return used, None
        if not used.embedder_id or not _has_notes(catalog_path(self._path(used))):
            return wanted, None  # no vectors to lose: what is there becomes the new one
        return used, wanted

    def _used(self, wanted: Shape) -> Shape | None:
        try:
            stored = json.loads((self._folder / IN_USE_NAME).read_text("utf-8"))
            used = Shape(str(stored["folder"]), str(stored["embedder"]), str(stored["embedder_id"]))
            if catalog_path(self._path(used)).exists():
                return used
        except (OSError, ValueError, KeyError, TypeError):
            pass
        # There is no such file yet, or its index is gone. A catalog says itself by what its notes were measured.
        found = sorted(self._folder.glob("*/catalog.sqlite"), key=lambda path: path.stat().st_mtime, reverse=True)
        known = [Shape(path.parent.name, "", _embedder_id(path)) for path in found]
        if same := next((shape for shape in known if shape.embedder_id == wanted.embedder_id), None):
            return Shape(same.folder, wanted.embedder, wanted.embedder_id)
        return known[0] if known else None

    def _adopt(self, shape: Shape) -> None:
        """Make a generation the one in use. Words without vectors are taken over by the first embedder."""
        used = self._used(shape)
        path = self._path(shape)
        if used is not None and used != shape and not used.embedder_id and not path.exists():
            self._path(used).rename(path)
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._write_in_use(shape)

    def _write_in_use(self, shape: Shape) -> None:
        write_whole(self._folder / IN_USE_NAME, json.dumps(asdict(shape)).encode())

    def _embedder_of(self, shape: Shape, chosen: Chosen) -> Embedder | None:
        """The embedder whose vectors a generation holds, None if it is not there any more: then its words answer alone."""
        if shape.embedder_id == chosen.id or not chosen.id:
            return chosen.embedder
        with suppress(AssistantError):
            embedder = self._embedder_named(shape.embedder) if shape.embedder else None
            if embedder is not None and embedder.info().id == shape.embedder_id:
                return embedder
        return None

    # ---- building beside ---------------------------------------------------------------------------------------------

    def _open_next(self, shape: Shape | None) -> None:
        if shape is None or not self._starts:
            return
        path = self._path(shape)
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._next_shape = shape
        self._next = self._open_room(path, self._chosen.embedder)
        self._next.start()
        log.info("building the index for another embedder")

    def _drop_next(self) -> None:
        room, self._next = self._next, None
        if room is not None:
            room.close()

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            try:
                if self._next is not None and self._is_complete():
                    self._switch()
                self._repair()
            except AssistantError as error:
                log.info("the new index is looked at again later: %s", error.kind)
            except Exception:
                log.exception("switching to the new index failed")

    def _repair(self) -> None:
        """A catalog whose damage shows while it is in use is made anew from the notes, without waiting for the next start. An index that could
        not be opened again is tried again."""
        with self._lock:  # whoever is reopening it just now is not done yet, and needs no help
            is_shut = self._is_shut
        if not is_shut:
            if not any(room.library.is_damaged for room in self.rooms()) or time.monotonic() < self._next_repair:
                return
            log.warning("the catalog is damaged and is made anew")
            self._next_repair = time.monotonic() + REPAIR_EVERY_S
        self.reopen()
        self._on_switched()

    def _is_complete(self) -> bool:
        """It may answer: everything the old one knows is in it. A folder that is away now, or whose vanished notes wait for a yes, is known
        to the old one only."""
        with self._lock:
            if self._next is None:
                return False
            library = self._next.library
            if library.troubles or not library.is_idle:
                return False
            counts = library.counts()
            if counts.queued or counts.embedded < counts.chunks:
                return False
            if any(folder.state not in _SETTLED for folder in library.folders()):
                return False
            return not any(folder.pending_deletes for folder in self.active.library.folders())

    def _switch(self) -> None:
        with self._lock:
            room = self._next
            if room is None:
                return
            old, old_shape = self.active, self._active_shape
            self._write_in_use(self._next_shape)
            self._active, self._active_shape, self._next = room, self._next_shape, None
            self._has_embedder = True
        self._on_switched()
        log.info("the new index answers from now on")
        self._wait_until_unused(old, LONGEST_LEASE_S)
        old.close()
        self._remove(old_shape.folder)

    def _is_leased(self, room: AnyRoom) -> bool:
        with self._freed:
            return id(room) in self._leases

    def _wait_until_unused(self, room: AnyRoom, patience_s: float) -> None:
        with self._freed:
            self._freed.wait_for(lambda: self._stopping.is_set() or id(room) not in self._leases, patience_s)

    # ---- files -------------------------------------------------------------------------------------------------------

    def _path(self, shape: Shape) -> Path:
        return self._folder / shape.folder

    def _remove_all_but(self, *kept: Shape | None) -> None:
        """What a kill between switching and removing has left."""
        names = {shape.folder for shape in kept if shape is not None}
        for path in self._folder.iterdir():
            if path.is_dir() and path.name not in names:
                self._remove(path.name)

    def _remove_indexes(self) -> None:
        """Catalogs first: without one nothing beside it is believed, so a kill leaves an index that is made anew. Raises
        StoreUnavailableError."""
        try:
            (self._folder / IN_USE_NAME).unlink(missing_ok=True)
            for file in [*self._folder.glob("*/catalog.sqlite"), *self._folder.glob("*/catalog.sqlite*")]:
                file.unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailableError(store="index", reason=error.strerror or type(error).__name__) from error
        self._remove_all_but()

    def _remove(self, name: str) -> None:
        shutil.rmtree(self._folder / name, ignore_errors=True)


def _has_notes(catalog: Path) -> bool:
    return bool(_look(catalog, "SELECT 1 FROM files WHERE chunks > 0 LIMIT 1"))


def _embedder_id(catalog: Path) -> str:
    """Of the embedder whose vectors a catalog holds, "" if it holds none. A note's shape is reader/splitter/counter."""
    shape = _look(catalog, "SELECT shape FROM files WHERE embedded > 0 AND shape != '' LIMIT 1")
    return shape.split("/", 2)[2].removesuffix("-untagged") if shape.count("/") >= 2 else ""


def _look(catalog: Path, query: str) -> str:
    """One value of a catalog that nobody has open, as text; "" if there is none or it cannot be read."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(catalog, timeout=1)) as connection:
        row = connection.execute(query).fetchone()
        return str(row[0]) if row else ""
    return ""
