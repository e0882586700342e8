"""The vector process may stall or end: answers stay right and it heals by itself. Kills while it writes are in test_f01, damage in test_f25,
what it believes of its folder in tests/unit/retrieval/test_vector_keeper.py."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.retrieval.vectors import GuardedVectors
from tests.faults.vector_faults import assert_every_answer_is_right
from tests.slow.retrieval.vector_stack import MemorySource, VectorStack, names, unit_vectors, wait_until

ROWS = 300


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[VectorStack]:
    stack = VectorStack(tmp_path / "chroma")
    yield stack
    stack.stop()


@pytest.fixture
def source() -> MemorySource:
    return MemorySource(names(ROWS), unit_vectors(ROWS))


def test_stalled_process_does_not_stall_a_question(tmp_path: Path, source: MemorySource) -> None:
    stack = VectorStack(tmp_path / "chroma", query_patience_s=0.2)
    vectors = GuardedVectors(stack.client, source)
    vectors.ensure()
    pid = stack.supervisor.pid or 0
    os.kill(pid, signal.SIGSTOP)
    try:
        assert_every_answer_is_right(vectors, source)
        assert vectors.is_exact
    finally:
        os.kill(pid, signal.SIGCONT)
    assert vectors.ensure()
    stack.stop()


def test_background_work_heals_by_itself(stack: VectorStack, source: MemorySource) -> None:
    changes: list[bool] = []
    vectors = GuardedVectors(stack.client, source, on_change=changes.append)
    vectors.start()
    try:
        wait_until(lambda: not vectors.is_exact)
        stack.kill()
        vectors.process_ended()
        wait_until(lambda: not vectors.is_exact)
        assert changes == [False, True, False]
        assert_every_answer_is_right(vectors, source)
    finally:
        vectors.stop()
