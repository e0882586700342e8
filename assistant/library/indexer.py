"""Runs the two stages on their own threads, and decides when they work, wait, pause or give up for now."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from assistant.domain.errors import (
    AssistantError,
    Cancelled,
    DiskFullError,
    ModelUnavailableError,
    ProcessBrokenError,
    ProcessDiedError,
)
from assistant.domain.library import IndexProgress, LibraryCounts
from assistant.library.catalog import Catalog
from assistant.library.meaning import MeaningStage
from assistant.library.progress import RateMeter
from assistant.library.words import WordsStage

log = logging.getLogger(__name__)

_RETRY_S = (0.5, 1.0, 2.0, 5.0, 15.0, 30.0)
_IDLE_LOOK_S = 30.0
_DISK_LOOK_S = 5.0
LEAST_FREE_BYTES = 500_000_000


class _Worker:
    """A thread that works as long as there is work, and is woken when there may be more."""

    def __init__(self, name: str, step: Callable[[threading.Event], float | None]) -> None:
        """step: does one piece of work; returns how long to rest before the next (0: go on at once, None: until woken)."""
        self._step = step
        self._wake = threading.Event()
        self.stopped = threading.Event()
        self.is_resting = threading.Event()
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)

    def wake(self) -> None:
        self.is_resting.clear()
        self._wake.set()

    def stop(self) -> None:
        self.stopped.set()
        self._wake.set()

    def _run(self) -> None:
        while not self.stopped.is_set():
            self._wake.clear()
            self.is_resting.clear()
            rest = self._step(self.stopped)
            if rest == 0.0:
                continue
            if not self._wake.is_set():
                self.is_resting.set()
            self._wake.wait(_IDLE_LOOK_S if rest is None else rest)


class Indexer:
    """Owns the threads. Thread: every method from any thread.

    on_step: called after each piece of work, on the worker's thread; must be quick.
    on_all_read: called so when notes have been read and none is left: what needs attention is known now.
    """

    def __init__(
        self,
        catalog: Catalog,
        words: WordsStage,
        meaning: MeaningStage,
        *,
        data_path: Path,
        readers: int = 1,
        least_free_bytes: int = LEAST_FREE_BYTES,
        on_step: Callable[[], None] = lambda: None,
        on_all_read: Callable[[], None] = lambda: None,
        free_bytes: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
    ) -> None:
        self._catalog = catalog
        self._words = words
        self._meaning = meaning
        self._data_path = data_path
        self._least_free_bytes = least_free_bytes
        self._free_bytes = free_bytes
        self._on_step = on_step
        self._on_all_read = on_all_read
        self._has_read = False
        self._paused = threading.Event()
        self._meter = RateMeter()
        self._disk_looked_at = 0.0
        self._disk_trouble: DiskFullError | None = None
        self._words_trouble: AssistantError | None = None
        self._meaning_trouble: AssistantError | None = None
        self._tries = {"words": 0, "meaning": 0}
        self._readers = [_Worker(f"library-words-{number}", self._words_step) for number in range(readers)]
        self._embedding = _Worker("library-meaning", self._meaning_step)

    def start(self) -> None:
        for worker in (*self._readers, self._embedding):
            worker.thread.start()

    def wake(self) -> None:
        """There may be work, or what was missing may be there again."""
        self._meaning.try_index_now()
        self._disk_looked_at = 0.0
        for worker in (*self._readers, self._embedding):
            worker.wake()

    def pause(self, paused: bool) -> None:
        if paused:
            self._paused.set()
        else:
            self._paused.clear()
            self.wake()

    @property
    def is_paused(self) -> bool:
        return self._paused.is_set()

    @property
    def troubles(self) -> tuple[AssistantError, ...]:
        """What keeps a stage from working now: a full disk, no reader, no model. Empty if all is well."""
        every = (self._disk_trouble, self._words_trouble, self._meaning_trouble, self._meaning.index_trouble)
        return tuple(trouble for trouble in every if trouble is not None)

    @property
    def is_stuck(self) -> bool:
        """Nothing will move until somebody does something: a model is missing, a disk is full, a breaker is open. A broken vector
        index is none of these, because exact search takes its place."""
        final = (ModelUnavailableError, ProcessBrokenError, DiskFullError)
        mine = (self._disk_trouble, self._words_trouble, self._meaning_trouble)
        return any(isinstance(trouble, final) for trouble in mine)

    @property
    def is_idle(self) -> bool:
        """Nothing is queued and every chunk has its vector, as far as that is possible. A vector index that is not started again is
        not waited for."""
        # Cheap first: this is asked many times a second, and counting 100,000 notes takes tens of milliseconds.
        if not all(worker.is_resting.is_set() for worker in (*self._readers, self._embedding)):
            return False
        counts = self._catalog.tree.counts()
        if counts.queued:
            return False
        if self._meaning.can_embed and counts.embedded < counts.chunks:
            return False
        if isinstance(self._meaning.index_trouble, ProcessBrokenError):
            return True
        return self._catalog.chunks.untold_count() == 0

    def __str__(self) -> str:
        resting = [worker.is_resting.is_set() for worker in self._readers]
        untold = self._catalog.chunks.untold_count()
        return f"indexer({self._catalog.tree.counts()}, untold={untold}, resting={resting})"

    def progress(self, counts: LibraryCounts) -> IndexProgress:
        """reading counts notes, embedding counts chunks."""
        paused = self.is_paused
        if counts.queued:
            meter, stage, done, total = self._meter, "reading", counts.notes - counts.queued, counts.notes
        elif self._meaning.can_embed and counts.embedded < counts.chunks:
            meter, stage, done, total = self._meaning.meter, "embedding", counts.embedded, counts.chunks
        else:
            return IndexProgress("idle", counts.notes, counts.notes, paused=paused)
        left = None if paused else meter.left_s(total - done)
        return IndexProgress(stage, done, total, meter.rate_per_s(), left, paused, self._words.current)

    def stop(self, deadline_s: float = 5.0) -> None:
        """End after the piece of work at hand, which is cancelled. Nothing is lost: what is not finished is still queued."""
        workers = (*self._readers, self._embedding)
        for worker in workers:
            worker.stop()
        until = time.monotonic() + deadline_s
        for worker in workers:
            if worker.thread.ident is not None:
                worker.thread.join(max(0.0, until - time.monotonic()))
                if worker.thread.is_alive():
                    log.warning("%s did not end in time", worker.thread.name)

    # ---- steps -------------------------------------------------------------------------------------------------------

    def _words_step(self, stopped: threading.Event) -> float | None:
        if self._paused.is_set():
            return None
        if self._disk_is_full():
            return _DISK_LOOK_S
        try:
            if self._words.work(stopped):
                self._meter.add(1)
                self._words_trouble = None
                self._tries["words"] = 0
                self._embedding.wake()
                self._has_read = True
                self._on_step()
                return 0.0
        except AssistantError as error:
            self._words_trouble = None if isinstance(error, Cancelled) else error
            return self._rest_after("words", error)
        except Exception:
            log.exception("reading notes failed")
            return self._rest_after("words", AssistantError())
        self._on_step()
        if self._has_read:
            self._has_read = False
            self._on_all_read()
        return self._words.next_look_s()

    def _meaning_step(self, stopped: threading.Event) -> float | None:
        if self._paused.is_set():
            return None
        if self._disk_is_full():
            return _DISK_LOOK_S
        try:
            worked = self._meaning.work(stopped)
        except AssistantError as error:
            self._meaning_trouble = None if isinstance(error, Cancelled) else error
            self._on_step()
            return self._rest_after("meaning", error)
        except Exception:
            log.exception("embedding failed")
            return self._rest_after("meaning", AssistantError())
        self._tries["meaning"] = 0
        if worked:
            self._meaning_trouble = None
            self._recount_tokens()
        self._on_step()
        return 0.0 if worked else self._meaning.next_try_s()

    def _recount_tokens(self) -> None:
        """The embedder is there: notes whose chunks were measured by an estimate meanwhile are read again."""
        if self._words.has_estimated and self._words.queue_outdated():
            self.wake()

    def _rest_after(self, stage: str, error: AssistantError) -> float:
        if isinstance(error, DiskFullError):
            self._disk_trouble = error
            return _DISK_LOOK_S
        if isinstance(error, (ModelUnavailableError, ProcessBrokenError)):
            return _RETRY_S[-1]
        if not isinstance(error, (Cancelled, ProcessDiedError)):
            log.warning("%s: %s", stage, error.kind)
        tries = self._tries[stage]
        self._tries[stage] = tries + 1
        return _RETRY_S[min(tries, len(_RETRY_S) - 1)]

    def _disk_is_full(self) -> bool:
        now = time.monotonic()
        if now - self._disk_looked_at >= _DISK_LOOK_S or not self._disk_looked_at:
            self._disk_looked_at = now
            free = self._free_bytes(self._data_path)
            full = free < self._least_free_bytes
            self._disk_trouble = (
                DiskFullError(path=str(self._data_path), needed_bytes=self._least_free_bytes, free_bytes=free)
                if full
                else None
            )
        return self._disk_trouble is not None
