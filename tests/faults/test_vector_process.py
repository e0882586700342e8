"""The vector process may stall, its folder be shared, read-only or of another version: answers stay right and it heals by itself. Kills
are in test_f01, damage in test_f25."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.domain.errors import StoreUnavailableError
from assistant.retrieval.vectors import GuardedVectors
from tests.faults.vector_faults import assert_every_answer_is_right, healed
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


def test_second_process_does_not_touch_a_folder_in_use(
    stack: VectorStack, source: MemorySource, monkeypatch: pytest.MonkeyPatch
) -> None:
    healed(stack, source)
    second = VectorStack(stack.folder)
    second.supervisor._command = type(
        second.supervisor._command
    )(  # a short patience, the rest is the real thing
        (
            second.supervisor._command.argv[0],
            "-c",
            "import sys, assistant.retrieval.chroma_folder as f; f.LOCK_PATIENCE_S = 0.5\n"
            "from assistant.__main__ import main; sys.exit(main(sys.argv[1:]))",
            *second.supervisor._command.argv[3:],
        )
    )
    try:
        with pytest.raises(StoreUnavailableError):
            second.client.state()
    finally:
        second.stop()
    healed(stack, source)


def test_process_waits_for_a_dying_predecessor(tmp_path: Path, source: MemorySource) -> None:
    first = VectorStack(tmp_path / "chroma")
    healed(first, source)
    second = VectorStack(tmp_path / "chroma")
    waiting = threading.Thread(target=second.client.state)
    waiting.start()
    time.sleep(0.2)
    first.stop()
    waiting.join(timeout=60)
    try:
        healed(second, source)
    finally:
        second.stop()


def test_index_of_another_chroma_version_is_built_anew(stack: VectorStack, source: MemorySource) -> None:
    healed(stack, source)
    stack.stop()
    named = stack.folder / "in-use.json"
    named.write_text(named.read_text("utf-8").replace('"chroma": "', '"chroma": "0.'), "utf-8")
    again = VectorStack(stack.folder)
    try:
        assert again.client.state().state == "doubtful"
        healed(again, source)
    finally:
        again.stop()


def test_read_only_folder_leaves_exact_search(tmp_path: Path, source: MemorySource) -> None:
    if os.geteuid() == 0:
        (tmp_path / "chroma").write_text("a file where the folder should be")
    else:
        tmp_path.chmod(0o500)
    stack = VectorStack(tmp_path / "chroma")
    stack.supervisor._command = type(stack.supervisor._command)(stack.supervisor._command.argv, None)
    vectors = GuardedVectors(stack.client, source)
    try:
        with pytest.raises(StoreUnavailableError):
            vectors.ensure()
        assert vectors.is_exact
        assert_every_answer_is_right(vectors, source)
    finally:
        stack.stop()
        tmp_path.chmod(0o700)
