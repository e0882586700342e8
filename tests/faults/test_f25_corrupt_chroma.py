"""Chroma's files are damaged, five ways each, while closed or after a kill: noticed or harmless, answered exactly at once, built anew."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.retrieval.vector_keeper import VectorKeeper
from assistant.retrieval.vectors import GuardedVectors
from tests.faults.conftest import IS_FULL, Fault
from tests.faults.vector_faults import HNSW_FILES, assert_every_answer_is_right, healed
from tests.slow.retrieval.vector_stack import MemorySource, VectorStack, names, unit_vectors

ROWS = 1200
SPAN = 64


def _flip(path: Path, start: int) -> None:
    with path.open("r+b") as file:
        file.seek(max(0, start))
        found = file.read(SPAN)
        file.seek(max(0, start))
        file.write(bytes(byte ^ 0xFF for byte in found))


def header(path: Path) -> None:
    _flip(path, 0)


def middle(path: Path) -> None:
    _flip(path, path.stat().st_size // 2 - SPAN // 2)


def tail(path: Path) -> None:
    _flip(path, path.stat().st_size - SPAN)


def zero_fill(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def truncate(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


MUTANTS: list[tuple[str, Callable[[Path], None]]] = [
    (name, damage) for name in (*HNSW_FILES, "chroma.sqlite3") for damage in (header, middle, tail, zero_fill, truncate)
]


def few(bounded: int, scale: Callable[[int, int], int]) -> list[tuple[str, Callable[[Path], None]]]:
    """All in full, else as many as are wanted, of different files and kinds."""
    count = scale(bounded, len(MUTANTS))
    return MUTANTS if count == len(MUTANTS) else random.Random(25).sample(MUTANTS, count)


@pytest.fixture(scope="module")
def source() -> MemorySource:
    return MemorySource(names(ROWS), unit_vectors(ROWS))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, source: MemorySource) -> Path:
    """An index as a clean end leaves it."""
    folder = tmp_path_factory.mktemp("sound") / "chroma"
    stack = VectorStack(folder)
    healed(stack, source)
    stack.stop()
    return folder


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "chroma"))


def damaged(folder: Path, name: str, damage: Callable[[Path], None]) -> None:
    path = next(folder.glob(f"index-*/**/{name}"))
    before = path.read_bytes()
    damage(path)
    assert path.read_bytes() != before


def test_damage_at_rest_is_noticed_before_chroma_opens_it(
    fault: Fault, sound: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for number, (name, damage) in enumerate(MUTANTS):
        with fault.trial():
            folder = Path(shutil.copytree(sound, tmp_path / str(number)))
            damaged(folder, name, damage)
            keeper = VectorKeeper(folder)
            try:
                state = keeper.state()
                assert (state.state, state.reason) == ("doubtful", f"{name} is not as it was left")
                assert keeper._index is None, "Chroma was not let near it"
            finally:
                keeper.close()
            shutil.rmtree(folder)


def test_missing_file_is_noticed_as_well(copy: Path, caplog: pytest.LogCaptureFixture) -> None:
    next(copy.glob("index-*/**/length.bin")).unlink()
    keeper = VectorKeeper(copy)
    assert keeper.state().state == "doubtful"
    keeper.close()


def test_whatever_was_damaged_at_rest_is_answered_exactly_and_built_anew(
    fault: Fault, sound: Path, source: MemorySource, tmp_path: Path, scale: Callable[[int, int], int]
) -> None:
    for number, (name, damage) in enumerate(few(1, scale)):
        with fault.trial():
            folder = Path(shutil.copytree(sound, tmp_path / str(number) / "chroma"))
            damaged(folder, name, damage)
            stack = VectorStack(folder)
            try:
                assert_every_answer_is_right(GuardedVectors(stack.client, source), source)
                healed(stack, source)
            finally:
                stack.stop()
            shutil.rmtree(folder)


def test_whatever_was_damaged_by_a_kill_is_noticed_or_harmless(
    fault: Fault, sound: Path, source: MemorySource, tmp_path: Path, scale: Callable[[int, int], int]
) -> None:
    """There is the mark of an unclean end and no seal that counts: only what Chroma answers shows what is wrong."""
    for number, (name, damage) in enumerate(few(1, scale)):
        with fault.trial():
            folder = Path(shutil.copytree(sound, tmp_path / str(number) / "chroma"))
            damaged(folder, name, damage)
            (folder / "dirty").touch()
            stack = VectorStack(folder)
            try:
                assert_every_answer_is_right(GuardedVectors(stack.client, source), source)
                healed(stack, source, asked=source.rows if IS_FULL else None)
            finally:
                stack.stop()
            shutil.rmtree(folder)


def test_index_that_was_not_touched_is_believed(copy: Path) -> None:
    first = VectorStack(copy)
    assert first.client.state().state == "good"
    first.kill()  # it had written nothing, and what opening writes is sealed anew
    again = VectorStack(copy)
    assert again.client.state().state == "good"
    again.stop()
