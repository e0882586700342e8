"""The vector leg: Chroma while it is known to be right, exact search over the catalog's vectors at every other moment.

Chroma's index is a copy that a kill may damage, so nothing it says is believed before it has been compared with the source in this
run. A background thread does that comparing (`ensure`): after the start, after the vector process died and after a write failed.
"""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from assistant.domain.errors import (
    BadRequestError,
    Cancelled,
    InternalError,
    ProcessBrokenError,
    ProcessDiedError,
    StoreUnavailableError,
)
from assistant.ipc.vector_messages import VectorState
from assistant.models.ports import FloatMatrix
from assistant.retrieval.exact import ExactIndex
from assistant.retrieval.ports import HalfMatrix, LateAnswerError, VectorSource

log = logging.getLogger(__name__)

CANARIES = 100
MOST_CHANGED_SHARE = 0.2
"""Chroma never reclaims replaced and deleted rows, and past 15-20 % of them some live ones cannot be reached (FACTS, I 7662)."""

MOST_FETCHED = 500
"""Up to so many vectors of a narrow scope are read from the source for a query."""

MOST_MISSED_SHARE = 0.02
"""Of the sample of a self-check; a sound index misses none, and recall is promised at 0.97."""

CHECK_EVERY_S = 900.0
_CHECK_AT_ONCE = 25  # a waiting question waits for these many look-ups, a tenth of a second

_FEW_CHANGES = 1000
_RETRY_S = (1.0, 5.0, 30.0)
_LARGEST_DIFFERENCE = 0.5
_REST_S = 10.0

_AWAY = (ProcessDiedError, ProcessBrokenError, StoreUnavailableError, InternalError)


class RebuildableIndex(Protocol):
    """The vector process's client, or a test's fake."""

    def state(self) -> VectorState: ...
    def probe(
        self, chunk_ids: Sequence[str], vectors: HalfMatrix, count: int = -1, *, more: bool = False
    ) -> VectorState: ...
    def check(self, chunk_ids: Sequence[str], vectors: HalfMatrix) -> tuple[int, int]: ...
    def upsert(self, chunk_ids: Sequence[str], vectors: FloatMatrix) -> None: ...
    def delete(self, chunk_ids: Iterable[str]) -> None: ...
    def query(self, vector: FloatMatrix, top: int) -> list[tuple[str, float]]: ...
    def ids(self) -> set[str]: ...
    def begin_rebuild(self) -> None: ...
    def add_to_rebuild(self, chunk_ids: Sequence[str], vectors: HalfMatrix) -> None: ...
    def finish_rebuild(self, count: int) -> VectorState: ...
    def restart(self) -> None: ...


class GuardedVectors:
    """Implements VectorIndex and VectorSearch. Owns the exact index and, once started, one thread. Thread: any.

    on_change is called with `is_exact` whenever it changes, on any thread; it must be quick.
    """

    def __init__(
        self,
        chroma: RebuildableIndex | None,
        source: VectorSource,
        *,
        on_change: Callable[[bool], None] | None = None,
        keep_exact_rows: int = 20_000,
        check_every_s: float = CHECK_EVERY_S,
        renewal_mark: Path | None = None,
    ) -> None:
        """chroma None: exact search alone. keep_exact_rows: up to so many vectors (15 MB) stay in memory for the next fall-back.
        check_every_s: how often Chroma is checked, if it was written to since. renewal_mark: a file that is there as long as Chroma's
        index may hold traces of what was removed for good; None: that is known to this process only."""
        self._chroma = chroma
        self._source = source
        self._on_change = on_change or (lambda is_exact: None)
        self._keep_exact_rows = keep_exact_rows
        self._exact: ExactIndex | None = None
        self._exact_lock = threading.Lock()
        self._writing = threading.Lock()
        self._check_every_s = check_every_s
        self._written_since_check = 0
        self._unsound = ""
        self._renewal_lock = threading.Lock()
        self._renewal_mark = renewal_mark
        self._removing = self._renewed = 0
        self._renewals = int(renewal_mark is not None and renewal_mark.exists())
        self._is_broken = False
        self._trusted = False
        self._rest_until = 0.0
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    # ---- VectorSearch ----------------------------------------------------------------------------------------------------

    @property
    def is_exact(self) -> bool:
        return not self._trusted or time.monotonic() < self._rest_until

    def query(self, vector: FloatMatrix, top: int, within: Collection[str] | None = None) -> list[tuple[str, float]]:
        """Never wrong and never unavailable while the source can be read. within: always by exact search, because Chroma would
        look for the ids after it has chosen its neighbours."""
        # A query would wait behind a write, which takes up to a second.
        if self._chroma is not None and within is None and not self.is_exact and not self._writing.locked():
            try:
                return self._chroma.query(vector, top)
            except LateAnswerError:
                self._rest_until = time.monotonic() + _REST_S  # slow is not wrong: nothing has to be compared again
            except _AWAY as error:
                self._doubt(str(error))
        if within is not None and len(within) <= MOST_FETCHED:
            # So few that they are fetched: the exact index would bring every vector into memory.
            few = ExactIndex()
            few.load_batches([self._source.vectors_of(within)])
            return few.query(vector, top)
        return self._exact_index().query(vector, top, within)

    # ---- VectorIndex -----------------------------------------------------------------------------------------------------

    def upsert(self, chunk_ids: Sequence[str], vectors: FloatMatrix) -> None:
        """Exact search knows them at once. Raises StoreUnavailableError, ProcessDiedError or ProcessBrokenError if Chroma could
        not be told: tell it again later."""
        with self._exact_lock:
            if self._exact is not None:
                self._exact.upsert(chunk_ids, vectors)
        self._write(lambda chroma: chroma.upsert(chunk_ids, vectors), len(chunk_ids))

    def delete(self, chunk_ids: Iterable[str]) -> None:
        """As upsert. Unknown ids are ignored."""
        ids = list(chunk_ids)
        with self._exact_lock:
            if self._exact is not None:
                self._exact.delete(ids)
        self._write(lambda chroma: chroma.delete(ids), len(ids))

    def count(self) -> int:
        return self._source.count()

    def _write(self, action: Callable[[RebuildableIndex], None], rows: int) -> None:
        if self._chroma is None:
            return
        # While it is compared or rebuilt it takes no news: what is refused stays on the caller's list and comes again.
        if not self._writing.acquire(timeout=0.5):
            raise StoreUnavailableError(store="vectors", reason="rebuilding")
        try:
            if not self._trusted:
                self._wake.set()
                raise StoreUnavailableError(store="vectors", reason="not ready")
            with self._broken_by_failure():
                action(self._chroma)
            self._written_since_check += rows
        except (*_AWAY, Cancelled) as error:
            self._doubt(str(error))
            raise
        finally:
            self._writing.release()

    # ---- keeping Chroma right --------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to keep Chroma right in the background."""
        if self._chroma is None or self._thread is not None:
            return
        self._wake.set()
        self._thread = threading.Thread(target=self._keep, name="vectors-ensure", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the background work after its current batch."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def process_ended(self) -> None:
        """The vector process died or was restarted: nothing it says is believed before the next comparison."""
        self._doubt("the vector process ended")

    @contextlib.contextmanager
    def renewed(self, reason: str) -> Iterator[None]:
        """What is removed within the block is to leave nothing in Chroma's files either, which never reclaim a row: its index is built anew
        in the background, by the next process if this one ends before that."""
        with self._renewal_lock:
            self._removing += 1
            if self._renewal_mark is not None:
                self._renewal_mark.touch()
        try:
            yield
        finally:
            with self._renewal_lock:
                self._removing -= 1
                self._renewals += 1
            self._doubt(reason)

    def ensure(self) -> bool:
        """Compare Chroma with the source; synchronise, or rebuild where in doubt. True: it is right and answers from now on. False: there is no
        Chroma, or it has to be made right once more.

        Takes as long as it takes; `query` answers meanwhile, writes are refused. Raises what VectorIndex raises.
        """
        if self._chroma is None:
            return False
        with self._writing:
            if self._trusted:
                return True
            if self._is_broken:
                self._chroma.restart()
                self._is_broken = False
            with self._broken_by_failure():
                self._make_right(self._chroma)
            self._unsound = ""
            if self._is_renewal_due():  # something was removed while it was made right
                self._wake.set()
                return False
            self._trust()
        return True

    def _make_right(self, chroma: RebuildableIndex) -> None:
        state = self._checked(chroma)
        if state.state == "doubtful":
            chroma.restart()
            self._rebuild(chroma, state.reason)
        elif reason := self._unsound or ("something was removed" if self._is_renewal_due() else self._wear(state)):
            self._rebuild(chroma, reason)
        else:
            self._synchronise(chroma)

    def _is_renewal_due(self) -> bool:
        with self._renewal_lock:
            return self._removing > 0 or self._renewed != self._renewals

    @contextlib.contextmanager
    def _broken_by_failure(self) -> Iterator[None]:
        """After a failure Chroma is asked nothing more in that process: on a full disk it keeps a transaction open, and its next write
        waits for that one for a quarter of an hour (seen with 1.5.9)."""
        try:
            yield
        except (StoreUnavailableError, InternalError):
            self._is_broken = True
            raise

    def check(self) -> bool:
        """Look some of the source's vectors up in Chroma and ask how worn it is. False: it is not believed any more, and `ensure`
        rebuilds it. Chroma is not asked if nothing was written to it since the last check, because then it is as it was."""
        if self._chroma is None or not self._trusted or not self._written_since_check:
            return True
        self._written_since_check = 0
        try:
            self._unsound = self._wear(self._chroma.state()) or self._misses(self._chroma)
        except _AWAY as error:
            self._doubt(str(error))
            return False
        if self._unsound:
            self._doubt(self._unsound)
        return not self._unsound

    def _keep(self) -> None:
        failures = 0
        while True:
            is_woken = self._wake.wait(self._check_every_s)
            if self._stopping.is_set():
                return
            if not is_woken and self.check():
                continue
            self._wake.clear()
            try:
                self.ensure()
                failures = 0
            except Cancelled:
                return
            except (*_AWAY, BadRequestError) as error:
                pause_s = _RETRY_S[min(failures, len(_RETRY_S) - 1)]
                failures += 1
                log.info("exact search answers, next try in %.0f s: %s", pause_s, error)
                self._stopping.wait(pause_s)
                self._wake.set()

    def _checked(self, chroma: RebuildableIndex) -> VectorState:
        """Its state; after an unclean end, by a probe with all vectors of the source, which takes a tenth of a rebuild."""
        state = chroma.state()
        if state.state != "doubtful" or not state.count:
            return state
        log.info("the vector process was not closed cleanly; probing")
        for ids, vectors in self._batches():
            state = chroma.probe(ids, vectors, more=True)
            if state.state == "doubtful":
                return state
        return chroma.probe([], np.zeros((0, 0), np.float16))

    def _sample(self) -> tuple[list[str], HalfMatrix]:
        """Random vectors of the source: every batch gives its share, so none is kept in memory whole."""
        total = max(1, self._source.count())
        ids: list[str] = []
        rows: list[HalfMatrix] = []
        for batch_ids, matrix in self._source.batches():
            share = min(len(batch_ids), max(1, round(CANARIES * len(batch_ids) / total)))
            for place in random.sample(range(len(batch_ids)), share):
                ids.append(batch_ids[place])
                rows.append(matrix[place])
        return ids, np.stack(rows) if rows else np.zeros((0, 0), np.float16)

    def _synchronise(self, chroma: RebuildableIndex) -> None:
        """Give Chroma what it lacks and take away what it has too much; a large difference is a rebuild, which is as fast and
        leaves nothing behind."""
        there = chroma.ids()
        missing = extra = 0
        seen: set[str] = set()
        for chunk_ids, vectors in self._batches():
            places = [place for place, chunk_id in enumerate(chunk_ids) if chunk_id not in there]
            seen.update(chunk_ids)
            missing += len(places)
            if there and missing > _FEW_CHANGES and missing > _LARGEST_DIFFERENCE * len(there):
                self._rebuild(chroma, "far behind")
                return
            if places:
                chroma.upsert([chunk_ids[place] for place in places], vectors[places].astype(np.float32))
        if ghosts := there - seen:
            extra = len(ghosts)
            chroma.delete(ghosts)
        if missing or extra:
            log.info("vectors synchronised: %d added, %d removed", missing, extra)

    def _rebuild(self, chroma: RebuildableIndex, reason: str) -> None:
        started = time.monotonic()
        log.info("rebuilding the vector index: %s", reason)
        with self._renewal_lock:
            removed = self._renewals
        chroma.begin_rebuild()
        count = 0
        for chunk_ids, vectors in self._batches():
            chroma.add_to_rebuild(chunk_ids, vectors)
            count += len(chunk_ids)
        chroma.finish_rebuild(count)
        with self._renewal_lock:
            self._renewed = removed
            if self._renewal_mark is not None and removed == self._renewals and not self._removing:
                with contextlib.suppress(OSError):  # at worst it is built anew once more
                    self._renewal_mark.unlink(missing_ok=True)
        log.info("%d vectors rebuilt in %.1f s", count, time.monotonic() - started)

    def _batches(self) -> Iterable[tuple[list[str], HalfMatrix]]:
        for batch in self._source.batches(2000):
            if self._stopping.is_set():
                raise Cancelled
            yield batch

    def _wear(self, state: VectorState) -> str:
        return "too many changed rows" if state.changed > max(_FEW_CHANGES, MOST_CHANGED_SHARE * state.count) else ""

    def _misses(self, chroma: RebuildableIndex) -> str:
        ids, vectors = self._sample()
        looked_up = missed = 0
        for first in range(0, len(ids), _CHECK_AT_ONCE):
            last = first + _CHECK_AT_ONCE
            more, lost = chroma.check(ids[first:last], vectors[first:last])
            looked_up, missed = looked_up + more, missed + lost
        return (
            f"{missed} of {looked_up} chunks do not find themselves" if missed > MOST_MISSED_SHARE * looked_up else ""
        )

    def _trust(self) -> None:
        self._trusted = True
        with self._exact_lock:
            if self._exact is not None and self._exact.count() > self._keep_exact_rows:
                self._exact = None
        self._on_change(False)

    def _doubt(self, reason: str) -> None:
        if self._trusted:
            self._trusted = False
            log.info("exact search answers: %s", reason)
            self._on_change(True)
        self._wake.set()

    def _exact_index(self) -> ExactIndex:
        with self._exact_lock:
            if self._exact is None:
                exact = ExactIndex()
                exact.load(self._source)
                self._exact = exact
            return self._exact
