"""What became of notes of late, and that nothing of it outlives what is forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.domain.changes import ChangeKind
from assistant.library import change_log
from tests.unit.library.library_fakes import Bench

SECRET = "xylophone7431"


def news(bench: Bench, since_s: float = 0.0) -> list[tuple[str, str]]:
    changes, total = bench.library.changes_since(since_s)
    assert total == len(changes)
    return [(change.note, change.kind.value) for change in changes]


@pytest.fixture
def library(bench: Bench) -> Bench:
    for name in ("a.md", "b.md", "c.md"):
        bench.write(name, f"Note {name} about elephants.")
    bench.add()
    return bench


def test_what_is_there_when_a_folder_is_added_is_no_news(library: Bench) -> None:
    assert news(library) == []


def test_a_note_comes_changes_is_renamed_and_goes(library: Bench) -> None:
    library.write("new.md", "A new note.")
    library.settle()
    assert news(library) == [("new.md", "added")]
    library.write("a.md", "Changed words, more of them.")
    library.settle()
    (library.notes / "b.md").rename(library.notes / "better.md")
    library.settle()
    (library.notes / "c.md").unlink()
    library.settle()
    assert news(library) == [("c.md", "removed"), ("better.md", "renamed"), ("a.md", "changed"), ("new.md", "added")]
    changes, _ = library.library.changes_since(0)
    assert changes[1].was == "b.md"
    assert changes[0].file is None
    assert changes[2].file is not None and changes[2].file.note == "a.md"


def test_a_new_note_that_is_saved_again_and_renamed_is_still_one_new_note(library: Bench) -> None:
    library.write("new.md", "A new note.")
    library.settle()
    library.write("new.md", "A new note with more words.")
    library.settle()
    (library.notes / "new.md").rename(library.notes / "named.md")
    library.settle()
    assert news(library) == [("named.md", "added")]
    assert len(library.rows("SELECT 1 FROM changes")) == 2


def test_only_what_happened_since_is_told(library: Bench) -> None:
    library.write("a.md", "Changed words, more of them.")
    library.settle()
    changes, _ = library.library.changes_since(0)
    assert news(library, changes[0].at_s + 0.001) == []


def test_it_is_known_after_a_restart(library: Bench) -> None:
    library.write("new.md", "A new note.")
    library.settle()
    library.reopen()
    assert news(library) == [("new.md", "added")]


def test_no_path_of_a_forgotten_note_is_left(library: Bench) -> None:
    note: Path = library.write(f"{SECRET}.md", "Words.")
    library.settle()
    note.unlink()
    library.settle()
    library.write(f"{SECRET}.md", "Other words of another note.")
    library.settle()
    (library.notes / f"{SECRET}.md").rename(library.notes / f"{SECRET} again.md")
    library.settle()
    (library.notes / f"{SECRET} again.md").rename(library.notes / "plain.md")
    library.settle()
    library.write("a.md", "Changed words, more of them.")
    library.settle()
    assert any(SECRET in name for name, _ in news(library))
    library.library.forget_note(1, "plain.md")
    assert news(library) == [("a.md", "changed")]
    left = sum(path.read_bytes().count(SECRET.encode()) for path in library.data.rglob("*") if path.is_file())
    assert left == 0
    library.write("plain.md", "Changed after it was forgotten.")
    library.settle()
    assert news(library) == [("a.md", "changed")]


def test_nothing_is_left_of_a_removed_folder(library: Bench) -> None:
    library.write("new.md", "A new note.")
    library.settle()
    library.library.remove_folder(1)
    assert news(library) == []


def test_only_so_much_is_kept(library: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_log, "MOST_KEPT", 5)
    for number in range(9):
        library.write(f"n{number}.md", f"Note {number}.")
        library.settle()
    assert len(library.rows("SELECT 1 FROM changes")) == 5
    assert news(library)[0] == ("n8.md", ChangeKind.ADDED.value)
