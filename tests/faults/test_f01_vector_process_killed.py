"""kill -9 of the vector process while it writes, at random and at the moment it writes each of Chroma's files."""

from __future__ import annotations

import contextlib
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from assistant.domain.errors import AssistantError
from assistant.retrieval.vectors import GuardedVectors
from tests.faults.conftest import IS_FULL, Fault
from tests.faults.file_events import Watch
from tests.faults.vector_faults import HNSW_FILES, assert_every_answer_is_right, healed, kill
from tests.slow.retrieval.vector_stack import MemorySource, VectorStack, names, unit_vectors, wait_until

ROWS = 1200
NEW = 2250  # Chroma persists about every 1,000 rows


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VectorStack]:
    """One for all kills: what one left behind is what the next one meets."""
    stack = VectorStack(tmp_path_factory.mktemp("vectors") / "chroma")
    yield stack
    stack.stop()


class Writing:
    """Vectors go into the catalog first and then to Chroma, in batches, as the indexer does it, until the process dies of it."""

    def __init__(self, stack: VectorStack, seed: int) -> None:
        self.stack = stack
        self.source = MemorySource(names(ROWS), unit_vectors(ROWS))
        self.vectors = GuardedVectors(stack.client, self.source)
        self.vectors.ensure()
        self._seed = seed

    def until_dead(self) -> None:
        ids, fresh = names(NEW, f"new{self._seed}-"), unit_vectors(NEW, seed=self._seed + 1)
        with contextlib.suppress(AssistantError):
            for first in range(0, NEW, 250):
                part = slice(first, first + 250)
                self.source.rows |= dict(zip(ids[part], fresh[part], strict=True))
                self.vectors.upsert(ids[part], fresh[part])
        kill(self.stack)

    def assert_nothing_is_lost(self) -> None:
        wait_until(lambda: self.stack.supervisor.pid is None)
        self.vectors.process_ended()
        assert_every_answer_is_right(self.vectors, self.source, self._seed)
        healed(self.stack, self.source)


@pytest.mark.skipif(sys.platform != "linux", reason="the moment of a write is known by inotify")
@pytest.mark.parametrize("name", HNSW_FILES if IS_FULL else ("data_level0.bin", "index_metadata.pickle"))
def test_kill_at_the_moment_a_file_is_written(
    fault: Fault, stack: VectorStack, name: str, scale: Callable[[int, int], int]
) -> None:
    chance = random.Random(name)
    aimed = 0
    for seed in range(scale(1, 10)):
        with fault.trial():
            writing = Writing(stack, seed)
            folder = next(path for path in stack.folder.glob("index-*/*") if path.is_dir())
            pause_s = chance.choice((0.0, 0.0, chance.random() * 0.002))
            # Writes in a row may be told as one, so a third one need not come.
            watch = Watch(folder, name, 1 if seed == 0 else chance.randint(1, 3), partial(kill, stack, pause_s))
            try:
                writing.until_dead()
            finally:
                watch.close()
            aimed += watch.fired.is_set()
            writing.assert_nothing_is_lost()
    assert aimed > scale(0, 5), "the file was written to"


def test_kill_at_a_random_moment_of_writing(fault: Fault, stack: VectorStack, scale: Callable[[int, int], int]) -> None:
    chance = random.Random(1)
    for seed in range(scale(1, 200)):
        with fault.trial():
            writing = Writing(stack, seed)
            killer = threading.Timer(chance.uniform(0.0, 1.2), kill, (stack,))
            killer.start()
            writing.until_dead()
            killer.cancel()
            writing.assert_nothing_is_lost()


def test_kill_during_a_rebuild_keeps_the_old_index_or_the_new_one(fault: Fault, stack: VectorStack) -> None:
    with fault.trial():
        source = MemorySource(names(ROWS), unit_vectors(ROWS))
        stack.client.state()
        stack.client.begin_rebuild()
        for ids, rows in source.batches(1000):
            stack.client.add_to_rebuild(ids, rows)
        stack.kill()
        healed(stack, source)
        assert len(list(stack.folder.glob("index-*"))) == 1, "the half-built one is gone"


@pytest.mark.skipif(not IS_FULL, reason="a whole library's index takes minutes")
@pytest.mark.parametrize("is_torn", [False, True], ids=["probed", "built-anew"])
def test_recovery_of_a_large_index(fault: Fault, tmp_path: Path, *, is_torn: bool) -> None:
    stack = VectorStack(tmp_path / "chroma")
    source = MemorySource(names(20_000), unit_vectors(20_000, dim=384))
    vectors = healed(stack, source)
    with fault.trial():
        threading.Timer(0.5, kill, (stack,)).start()
        with contextlib.suppress(AssistantError):
            for chunk_ids, rows in source.batches(500):
                vectors.upsert(chunk_ids, rows.astype("float32"))
        wait_until(lambda: stack.supervisor.pid is None)
        if is_torn:
            torn = next(stack.folder.glob("index-*/*/length.bin"))
            torn.write_bytes(bytes(torn.stat().st_size))
        started = time.monotonic()
        healed(stack, source)
        print(
            f"\nF01: 20,000 chunks of 384 dimensions, torn {is_torn}: whole again in {time.monotonic() - started:.1f} s"
        )
    stack.stop()
