"""What is left out from the window is left out at its own place alone, whatever else has its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.domain.documents import ReasonCode
from assistant.domain.ignore_patterns import pattern_below, pattern_of, pattern_of_place
from assistant.library.names import clean_name
from assistant.library.rules import NoteRules
from assistant.library.scan import scan


def seen(root: Path, pattern: str) -> dict[str, ReasonCode | None]:
    rules = NoteRules(frozenset({".md"}), (pattern,)).below(clean_name(str(root)))
    return {entry.raw: entry.skip for entry in scan(str(root), rules).entries}


def write(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("words", "utf-8")
    return root


NAMES = ["plain.md", "[draft] now!.md", "#tag.md", "!important.md", "会议/预算.md", "work/plain.md"]


@pytest.mark.parametrize("name", NAMES)
def test_a_note_is_left_out_in_its_own_folder_alone(tmp_path: Path, name: str) -> None:
    here, other = write(tmp_path / "my [notes] #1", *NAMES), write(tmp_path / "other", *NAMES)
    pattern = pattern_of_place(str(here / name), name, is_folder=False)
    assert [one for one, skip in seen(here, pattern).items() if skip is ReasonCode.PATTERN] == [name]
    assert not any(seen(other, pattern).values())


def test_a_folder_is_left_out_with_all_in_it_at_its_own_place(tmp_path: Path) -> None:
    here, other = write(tmp_path / "here", "old/a.md", "b.md"), write(tmp_path / "other", "old/a.md")
    pattern = pattern_of_place(str(here / "old"), "old", is_folder=True)
    assert seen(here, pattern) == {"old": ReasonCode.PATTERN, "b.md": None}
    assert seen(other, pattern) == {"old/a.md": None}


def test_it_stays_left_out_when_its_folder_becomes_part_of_a_larger_one(tmp_path: Path) -> None:
    here = write(tmp_path / "all" / "inner", "a.md", "b.md")
    pattern = pattern_of_place(str(here / "a.md"), "a.md", is_folder=False)
    assert seen(tmp_path / "all", pattern) == {"inner/a.md": ReasonCode.PATTERN, "inner/b.md": None}


def test_where_the_whole_path_is_not_known_the_path_below_the_folder_counts() -> None:
    assert (
        pattern_of_place("", "plans/a.md", is_folder=False)
        == pattern_of("plans/a.md", is_folder=False)
        == "/plans/a.md"
    )


@pytest.mark.parametrize("pattern", ["drafts/", "*.txt", "/plans/a.md", "!/keep.md", "/home/ada/other/a.md"])
def test_other_patterns_count_as_ever(pattern: str) -> None:
    assert pattern_below(pattern, "/home/ada/notes") == pattern


def test_what_is_taken_back_in_for_one_place_counts_there() -> None:
    assert pattern_below("!/home/ada/notes/keep.md", "/home/ada/notes") == "!/keep.md"
