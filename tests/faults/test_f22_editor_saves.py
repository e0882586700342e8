"""F22: the ways in which editors and sync clients save. What is indexed ends as the last save, and nothing of their tools is left."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.benches import EVENTS_ONLY, NO_BRAKE, opened, texts_as_indexed, until
from tests.faults.conftest import Fault

NOTES = 5


def _like_vim(path: Path, text: str) -> None:
    path.with_name("4913").touch()
    path.with_name("4913").unlink()
    path.with_name(f".{path.name}.swp").write_bytes(b"swap")
    backup = path.with_name(path.name + "~")
    path.rename(backup)
    path.write_text(text, "utf-8")
    backup.unlink()
    path.with_name(f".{path.name}.swp").unlink()


def _aside_and_rename(path: Path, text: str) -> None:
    aside = path.with_name(path.name + ".tmp")
    aside.write_text(text, "utf-8")
    aside.replace(path)


def _hidden_aside_and_rename(path: Path, text: str) -> None:
    """As many tools do: a hidden file that bears a note's name."""
    aside = path.with_name(f".{path.name}.x7f3.md")
    aside.write_text(text, "utf-8")
    aside.replace(path)


def _truncate_and_write(path: Path, text: str) -> None:
    with path.open("r+b") as file:
        file.truncate(0)
        file.flush()
        for part in (text[:5], text[5:]):
            file.write(part.encode())
            file.flush()


def _remove_and_create(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text, "utf-8")


def _placeholder(path: Path, text: str) -> None:
    """A client of a cloud drive leaves an empty file of the right size first, and fills it afterwards."""
    size = len(text.encode())
    path.unlink()
    with path.open("wb") as file:
        file.truncate(size)
    os.utime(path, ns=(10**18, 10**18))
    with path.open("r+b") as file:
        file.write(text.encode())


def _other_case(path: Path, text: str) -> None:
    other = path.with_name(path.name.swapcase())
    path.rename(other)
    other.write_text(text, "utf-8")
    other.rename(path)


PATTERNS = (
    _like_vim,
    _aside_and_rename,
    _hidden_aside_and_rename,
    _truncate_and_write,
    _remove_and_create,
    _placeholder,
    _other_case,
)


def _texts(folder: Path) -> dict[str, list[str]]:
    return {str(path.relative_to(folder)): [path.read_text("utf-8")] for path in folder.rglob("*.md")}


@pytest.fixture
def saves(scale: Callable[[int, int], int]) -> Iterator[int]:
    return iter(range(scale(20, 100)))


@pytest.mark.parametrize("save", PATTERNS, ids=lambda save: save.__name__)
def test_the_last_save_is_what_is_found(
    fault: Fault, tmp_path: Path, save: Callable[[Path, str], None], saves: Iterator[int]
) -> None:
    with opened(tmp_path, watch=True, quiet_s=0.02, times=EVENTS_ONLY, brake=NO_BRAKE) as bench:
        paths = [bench.write(f"sub/{number}.md", f"First {number}.") for number in range(NOTES)]
        bench.add()
        for number in saves:
            with fault.trial():
                save(paths[number % NOTES], f"Saved as number{number}x.")
                if number % 5 == 0:  # else the next save comes while this one is looked at
                    until(lambda: texts_as_indexed(bench) == _texts(bench.notes), bench)
        until(lambda: texts_as_indexed(bench) == _texts(bench.notes), bench)
        until(lambda: bench.library.is_idle, bench)
        assert bench.states() == {f"sub/{number}.md": "ready" for number in range(NOTES)}


def test_case_only_renames_and_swaps(fault: Fault, tmp_path: Path, saves: Iterator[int]) -> None:
    seed = 22
    print("seed", seed)
    chance = random.Random(seed)
    with opened(tmp_path, watch=True, quiet_s=0.02, times=EVENTS_ONLY, brake=NO_BRAKE) as bench:
        for number in range(NOTES):
            bench.write(f"note {number}.md", f"Words of number{number}x, and more of them: {'more ' * number}")
        bench.add()
        for number in saves:
            with fault.trial():
                one, two = chance.sample(sorted(bench.notes.glob("*.md")), 2)
                if number % 2:
                    aside = bench.notes / "aside.tmp"
                    one.rename(aside)
                    two.rename(one)
                    aside.rename(two)
                else:
                    one.rename(one.with_name(one.stem.swapcase() + ".md"))
                if number % 5 == 0:
                    until(lambda: texts_as_indexed(bench) == _texts(bench.notes), bench)
        until(lambda: texts_as_indexed(bench) == _texts(bench.notes), bench)
        until(lambda: bench.library.is_idle, bench)
        assert set(bench.states()) == {path.name for path in bench.notes.glob("*.md")}
