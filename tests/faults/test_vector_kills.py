"""The vector process may be killed, its files damaged, its folder shared: answers stay right and it heals without the embedder."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.domain.errors import AssistantError, StoreUnavailableError
from assistant.retrieval.vectors import GuardedVectors
from tests.slow.retrieval.vector_stack import MemorySource, VectorStack, names, unit_vectors, wait_until

ROWS = 1200


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[VectorStack]:
    stack = VectorStack(tmp_path / "chroma")
    yield stack
    stack.stop()


@pytest.fixture
def source() -> MemorySource:
    return MemorySource(names(ROWS), unit_vectors(ROWS))


def assert_every_answer_is_right(vectors: GuardedVectors, source: MemorySource, seed: int = 0) -> None:
    for chunk_id in random.Random(seed).sample(sorted(source.rows), 60):
        assert vectors.query(source.rows[chunk_id], 1)[0][0] == chunk_id


def healed(stack: VectorStack, source: MemorySource) -> GuardedVectors:
    vectors = GuardedVectors(stack.client, source)
    assert vectors.ensure()
    assert not vectors.is_exact
    assert stack.client.ids() == set(source.rows)
    assert_every_answer_is_right(vectors, source)
    assert not vectors.is_exact, "Chroma itself gave those answers"
    return vectors


@pytest.mark.parametrize("seed", range(6))
def test_kill_in_the_middle_of_writing_loses_and_falsifies_nothing(
    stack: VectorStack, source: MemorySource, seed: int
) -> None:
    vectors = GuardedVectors(stack.client, source)
    vectors.ensure()
    fresh = unit_vectors(1500, seed=seed + 1)
    ids = names(1500, f"new{seed}-")
    source.rows |= dict(zip(ids, fresh, strict=True))
    pid = stack.supervisor.pid
    assert pid is not None
    killer = threading.Timer(random.Random(seed).uniform(0.02, 1.0), os.kill, (pid, signal.SIGKILL))
    killer.start()
    try:
        for first in range(0, 1500, 250):
            vectors.upsert(ids[first : first + 250], fresh[first : first + 250])
    except AssistantError:
        pass
    killer.join()
    assert_every_answer_is_right(vectors, source, seed)
    healed(stack, source)


def test_kill_during_a_rebuild_keeps_the_old_index_or_the_new_one(stack: VectorStack, source: MemorySource) -> None:
    healed(stack, source)
    stack.client.begin_rebuild()
    for ids, rows in source.batches(1000):
        stack.client.add_to_rebuild(ids, rows)
    stack.kill()
    healed(stack, source)
    assert len(list(stack.folder.glob("index-*"))) == 1, "the half-built one is gone"


def test_queries_are_answered_at_once_while_it_is_dead(stack: VectorStack, source: MemorySource) -> None:
    vectors = healed(stack, source)
    os.kill(stack.supervisor.pid or 0, signal.SIGKILL)
    assert_every_answer_is_right(vectors, source)


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


def _truncate(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def _zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _garble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    random.Random(1).shuffle(data)
    path.write_bytes(data)


def _inflate(path: Path) -> None:
    os.truncate(path, 40 * 2**30)


DAMAGES: list[tuple[str, Callable[[Path], None]]] = [
    *[(name, damage) for name in ("length.bin", "data_level0.bin", "header.bin") for damage in (_truncate, _zero, _garble)],
    *[(name, damage) for name in ("index_metadata.pickle", "chroma.sqlite3") for damage in (_truncate, _zero)],
    ("link_lists.bin", _inflate),
    ("link_lists.bin", _garble),
]  # fmt: skip


@pytest.mark.parametrize(("name", "damage"), DAMAGES, ids=[f"{n}-{d.__name__[1:]}" for n, d in DAMAGES])
def test_damaged_file_is_noticed_or_harmless_and_the_index_is_rebuilt(
    stack: VectorStack, source: MemorySource, name: str, damage: Callable[[Path], None]
) -> None:
    """As a kill leaves it: the mark is there and a file is not what it was."""
    vectors = GuardedVectors(stack.client, source)
    vectors.ensure()
    path = next(stack.live_index().rglob(name))
    stack.kill()
    vectors.process_ended()
    damage(path)
    for _attempt in range(6):  # opening it may end the process; then the next start keeps its hands off
        try:
            if vectors.ensure():
                break
        except AssistantError:
            assert_every_answer_is_right(vectors, source)
    healed(stack, source)


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
