"""Which note `elephant status`, `search --note` and `forget` mean by what was typed, seen from the shell's own folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.cli.notes import forgotten_line, note_of, path_of
from assistant.domain.errors import BadRequestError
from assistant.domain.library import FileInfo, FileState, FolderInfo, FolderState


class Shelf:
    """Folders by id, and which notes each has."""

    def __init__(self, folders: dict[int, Path], notes: set[tuple[int, str]], single: int = 0) -> None:
        self._folders = folders
        self._notes = notes
        self._single = single

    def folders(self) -> list[FolderInfo]:
        return [
            FolderInfo(key, str(path), path.name, FolderState.WATCHING, 0, 0, 0, is_file=key == self._single)
            for key, path in self._folders.items()
        ]

    def file(self, folder_id: int, note: str) -> FileInfo | None:
        return FileInfo(1, folder_id, note, FileState.READY) if (folder_id, note) in self._notes else None


@pytest.fixture
def a(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the shell is."""
    made = tmp_path.resolve() / "a"
    (made / "deep").mkdir(parents=True)
    (made.parent / "b").mkdir()
    monkeypatch.chdir(made)
    return made


@pytest.fixture
def b(a: Path) -> Path:
    return a.parent / "b"


def test_a_note_that_was_added_by_itself_is_found_by_its_path(a: Path, b: Path) -> None:
    shelf = Shelf({1: a, 2: b / "x.md"}, {(2, "x.md")}, single=2)
    for named in (str(b / "x.md"), "../b/x.md", "x.md"):
        assert note_of(shelf, named) == (2, "x.md")
    assert path_of(shelf, 2, "x.md") == str(b / "x.md")


def test_a_path_may_lead_upwards(a: Path, b: Path) -> None:
    shelf = Shelf({1: a, 2: b}, {(2, "x.md"), (1, "x.md")})
    assert note_of(shelf, "../b/x.md") == (2, "x.md")
    assert note_of(shelf, "deep/../x.md") == (1, "x.md")


def test_a_note_is_found_from_within_another_folder(a: Path, b: Path) -> None:
    assert note_of(Shelf({1: a, 2: b}, {(2, "x.md")}), "x.md") == (2, "x.md")
    assert note_of(Shelf({1: a, 2: b}, {(2, "deep/x.md")}), "./deep/x.md") == (2, "deep/x.md")


def test_the_shells_own_folder_comes_first(a: Path, b: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf({1: a, 2: b}, {(1, "x.md"), (2, "x.md")})
    assert note_of(shelf, "x.md") == (1, "x.md")
    monkeypatch.chdir(b)
    assert note_of(shelf, "x.md") == (2, "x.md")


def test_several_notes_of_one_name_are_named_and_none_is_taken(
    a: Path, b: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(a.parent)
    with pytest.raises(BadRequestError) as error:
        note_of(Shelf({1: a, 2: b}, {(1, "x.md"), (2, "x.md")}), "x.md")
    assert str(a / "x.md") in error.value.fields["reason"]
    assert str(b / "x.md") in error.value.fields["reason"]


def test_a_file_that_is_there_is_never_taken_for_another_of_its_name(a: Path, b: Path) -> None:
    (a / "x.md").write_text("not indexed yet", encoding="utf-8")
    shelf = Shelf({1: a, 2: b}, {(2, "x.md")})
    assert note_of(shelf, "x.md") == (1, "x.md")
    assert shelf.file(1, "x.md") is None


@pytest.mark.skipif(os.name != "posix", reason="links are everybody's there")
def test_a_folder_reached_by_a_link_is_the_same_folder(a: Path, b: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (a.parent / "link").symlink_to(b, target_is_directory=True)
    monkeypatch.chdir(a.parent)
    assert note_of(Shelf({1: a, 2: b}, {(2, "x.md"), (1, "x.md")}), "link/x.md") == (2, "x.md")


def test_what_is_in_no_index_is_looked_for_where_it_lies(a: Path, b: Path) -> None:
    assert note_of(Shelf({1: a, 2: b}, set()), str(b / "new.md")) == (2, "new.md")
    assert note_of(Shelf({1: a, 2: b}, set()), "/elsewhere.md") == (1, "/elsewhere.md")
    assert note_of(Shelf({}, set()), "x.md") == (0, "x.md")


def test_what_was_forgotten_is_named_with_its_folder_and_counted() -> None:
    assert forgotten_line(["/n/a.md"], 1) == (
        "/n/a.md forgotten, and 1 answer that used it, also in the backups. No file is touched."
    )
    assert "/n/a.md, /n/b.md forgotten, and 0 answers that used them," in forgotten_line(["/n/a.md", "/n/b.md"], 0)
