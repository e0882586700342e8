"""What the faults of the vector process have in common: a source of vectors, and what must hold after each."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Iterable

from assistant.domain.errors import AssistantError
from assistant.retrieval.vectors import GuardedVectors
from tests.slow.retrieval.vector_stack import MemorySource, VectorStack

HNSW_FILES = ("header.bin", "data_level0.bin", "length.bin", "link_lists.bin", "index_metadata.pickle")
"""The five that Chroma rewrites in place each time it persists; `chroma.sqlite3` is the sixth."""

SELF_HIT = 0.99


def assert_every_answer_is_right(
    vectors: GuardedVectors, source: MemorySource, seed: int = 0, sample: int = 60
) -> None:
    for chunk_id in random.Random(seed).sample(sorted(source.rows), min(sample, len(source.rows))):
        assert vectors.query(source.rows[chunk_id], 1)[0][0] == chunk_id


def healed(stack: VectorStack, source: MemorySource, *, asked: Iterable[str] | None = None) -> GuardedVectors:
    """The index equals the source again, and Chroma itself finds 99 % of what is asked for. Opening a damaged index may end its process;
    then the next start keeps its hands off, and exact search answers rightly all the time."""
    vectors = GuardedVectors(stack.client, source)
    for _attempt in range(6):
        with contextlib.suppress(AssistantError):
            vectors.ensure()
            break
        assert_every_answer_is_right(vectors, source, sample=3)
    assert not vectors.is_exact
    assert stack.client.ids() == set(source.rows)
    asked = list(asked) if asked is not None else random.Random(1).sample(sorted(source.rows), 100)
    found = sum(stack.client.query(source.rows[chunk_id], 1)[0][0] == chunk_id for chunk_id in asked)
    assert found >= SELF_HIT * len(asked), f"{found} of {len(asked)} find themselves"
    return vectors


def kill(stack: VectorStack, pause_s: float = 0.0) -> None:
    """kill -9, without waiting for its end."""
    time.sleep(pause_s)
    with contextlib.suppress(ProcessLookupError):
        if (pid := stack.supervisor.pid) is not None:
            os.kill(pid, signal.SIGKILL)
