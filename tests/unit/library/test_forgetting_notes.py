"""A forgotten note leaves no word in the data folder and is not read again, whatever happens to its file, until somebody asks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.domain.errors import BadRequestError
from assistant.domain.library import FileQuery, FileState
from tests.unit.library.library_fakes import Bench

SECRET = "xylophone7431"
TEXT = f"# A title with {SECRET}a\n\nThe code is {SECRET}b.\n\n#{SECRET}c"


def words_left(bench: Bench) -> int:
    return sum(path.read_bytes().lower().count(SECRET.encode()) for path in bench.data.rglob("*") if path.is_file())


def forgotten(bench: Bench, note: str = "secret.md") -> bool:
    row = bench.library.catalog.files.by_note(1, note)
    return row is not None and row.state == FileState.SKIPPED and row.reason == "forgotten" and row.chunks == 0


@pytest.fixture
def library(bench: Bench) -> Bench:
    bench.write("secret.md", TEXT)
    bench.write("other.md", "Something else.")
    bench.add()
    assert words_left(bench)
    return bench


def test_no_word_of_it_is_left_and_the_file_is_untouched(library: Bench) -> None:
    library.library.forget_note(1, "secret.md")
    assert words_left(library) == 0
    assert forgotten(library)
    assert library.found(f"{SECRET}b") == set()
    assert library.found("else") == {"other.md"}
    assert (library.notes / "secret.md").read_text("utf-8") == TEXT
    library.settle()
    assert set(library.index.vectors) == {str(row[0]) for row in library.rows("SELECT chunk_id FROM chunks")}


def test_it_stays_forgotten_when_it_is_compared_edited_renamed_and_after_a_restart(library: Bench) -> None:
    library.library.forget_note(1, "secret.md")
    library.settle()
    assert forgotten(library)
    library.write("secret.md", TEXT + "\n\nAnd more.")
    library.settle()
    assert forgotten(library)
    (library.notes / "secret.md").rename(library.notes / "renamed.md")
    library.settle()
    assert forgotten(library, "renamed.md")
    library.reopen()
    library.settle()
    assert forgotten(library, "renamed.md")
    library.library.retry_all(FileQuery())
    library.settle()
    assert forgotten(library, "renamed.md")
    assert words_left(library) == 0


def test_asked_for_it_is_read_again(library: Bench) -> None:
    library.library.forget_note(1, "secret.md")
    library.library.retry(1, "secret.md")
    library.settle()
    assert library.found(f"{SECRET}b") == {"secret.md"}
    library.reopen()
    library.settle()
    assert library.states()["secret.md"] == FileState.READY


def test_it_is_forgotten_also_while_it_is_being_read(library: Bench) -> None:
    reading, go_on = threading.Event(), threading.Event()

    def hold(path: Path) -> None:
        if path.name == "secret.md":
            reading.set()
            assert go_on.wait(20)

    library.reader.before_read = hold
    library.write("secret.md", TEXT + "\n\nNew.")
    library.library.rescan(wait=True)
    assert reading.wait(20)
    thread = threading.Thread(target=library.library.forget_note, args=(1, "secret.md"))
    thread.start()
    go_on.set()
    thread.join(20)
    library.settle()
    assert forgotten(library)
    assert words_left(library) == 0


def test_only_a_note_can_be_forgotten(library: Bench) -> None:
    with pytest.raises(BadRequestError):
        library.library.forget_note(1, "nowhere.md")
    with pytest.raises(BadRequestError):
        library.library.forget_note(9, "secret.md")


def test_removing_its_folder_takes_the_list_along(library: Bench, make_bench: Callable[..., Bench]) -> None:
    library.library.forget_note(1, "secret.md")
    library.library.remove_folder(1)
    library.library.add_folder(str(library.notes))
    library.settle()
    assert library.found(f"{SECRET}b") == {"secret.md"}


def test_a_folder_added_above_its_own_keeps_it_forgotten(bench: Bench) -> None:
    bench.write("sub/deep/secret.md", TEXT)
    bench.library.add_folder(str(bench.notes / "sub"))
    bench.settle()
    bench.library.forget_note(1, "deep/secret.md")
    folder, _ = bench.library.add_folder(str(bench.notes))
    bench.settle()
    bench.reopen()
    bench.settle()
    row = bench.library.catalog.files.by_note(folder.id, "sub/deep/secret.md")
    assert row is not None and row.reason == "forgotten"
    assert words_left(bench) == 0
