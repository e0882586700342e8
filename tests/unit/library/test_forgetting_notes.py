"""A forgotten note leaves no word in the data folder and is not read again, whatever happens to its file, until somebody asks."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.domain.errors import BadRequestError, DiskFullError
from assistant.domain.library import FileQuery, FileState
from assistant.library import folder_list, forgotten_notes
from assistant.library.file_table import Identity
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


def test_asked_for_it_is_read_by_an_index_that_had_not_come_to_it(library: Bench) -> None:
    library.library.forget_note(1, "secret.md")
    path = (library.notes / "secret.md").rename(library.notes.parent / "away.md")
    library.settle()
    assert library.library.file(1, "secret.md") is None
    with pytest.raises(BadRequestError):
        library.library.retry(1, "secret.md")
    path.rename(library.notes / "secret.md")
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


@pytest.fixture
def without_inodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where a renamed file is known by its content alone."""
    monkeypatch.setattr(Identity, "of", staticmethod(lambda size, mtime_ns, _inode: Identity(size, mtime_ns, 0)))


@pytest.mark.usefixtures("without_inodes")
@pytest.mark.parametrize("while_closed", [False, True])
@pytest.mark.parametrize("edited_before", [False, True])
def test_its_content_is_known_under_another_name(bench: Bench, edited_before: bool, while_closed: bool) -> None:
    path = bench.write("secret.md", TEXT)
    bench.add()
    bench.library.forget_note(1, "secret.md")
    if edited_before:
        path.write_text(TEXT + "\n\nAnd more.", "utf-8")
        bench.settle()
    if while_closed:
        bench.library.close()
    bench.write("sub/other.md", "Something else.")
    path.rename(bench.notes / "sub" / "renamed.md")
    if while_closed:
        bench.open()
    bench.settle()
    assert forgotten(bench, "sub/renamed.md")
    bench.reopen()
    bench.settle()
    assert bench.states() == {"sub/other.md": FileState.READY, "sub/renamed.md": FileState.SKIPPED}
    assert words_left(bench) == 0


def test_it_is_known_under_another_name_also_when_the_catalog_is_lost(library: Bench) -> None:
    library.library.forget_note(1, "secret.md")
    library.library.close()
    shutil.rmtree(library.data / "index")
    (library.notes / "secret.md").rename(library.notes / "renamed.md")
    library.open()
    library.settle()
    assert forgotten(library, "renamed.md")
    assert words_left(library) == 0


def test_it_is_forgotten_under_both_names_of_a_hard_link(library: Bench) -> None:
    library.library.forget_note(1, "secret.md")
    for name in ("one.md", "two.md"):
        os.link(library.notes / "secret.md", library.notes / name)
    (library.notes / "secret.md").unlink()
    library.settle()
    assert forgotten(library, "one.md")
    assert forgotten(library, "two.md")


@pytest.mark.usefixtures("without_inodes")
def test_a_name_in_other_case_is_known_where_that_is_one_name(library: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    library.library.forget_note(1, "secret.md")
    (library.notes / "secret.md").rename(library.notes / "Secret.md")
    monkeypatch.setattr(forgotten_notes, "is_certainly_gone", lambda _root, _raw: False)
    monkeypatch.setattr(Path, "samefile", lambda one, other: str(one).casefold() == str(other).casefold())
    library.settle()
    assert forgotten(library, "Secret.md")


@pytest.mark.usefixtures("without_inodes")
def test_a_note_of_the_same_content_is_not_forgotten_with_it(bench: Bench) -> None:
    for name in ("secret.md", "twin.md"):
        bench.write(name, TEXT)
    bench.add()
    bench.library.forget_note(1, "secret.md")
    (bench.notes / "secret.md").unlink()
    (bench.notes / "twin.md").rename(bench.notes / "renamed.md")
    bench.settle()
    assert bench.states() == {"renamed.md": FileState.READY}


@pytest.mark.usefixtures("without_inodes")
def test_a_list_without_contents_learns_them_at_the_next_comparison(library: Bench) -> None:
    library.library.forget_note(1, "secret.md")
    library.library.close()
    path = library.data / "folders.json"
    body = json.loads(path.read_text("utf-8"))
    body["version"] = 1
    body["forgotten"] = [{"folder": item["folder"], "path": item["path"]} for item in body["forgotten"]]
    path.write_text(json.dumps(body), "utf-8")
    library.open()
    library.settle()
    assert forgotten(library)
    (library.notes / "secret.md").rename(library.notes / "renamed.md")
    library.settle()
    assert forgotten(library, "renamed.md")
    assert words_left(library) == 0


def test_a_disk_that_is_full_brings_nothing_back(library: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    library.library.forget_note(1, "secret.md")
    library.write("secret.md", TEXT + "\n\nAnd more.")
    with monkeypatch.context() as patch:
        patch.setattr(folder_list, "write_whole", full)
        with pytest.raises(DiskFullError):
            library.library.rescan(wait=True)
        assert forgotten(library)
    library.settle()
    (library.notes / "secret.md").rename(library.notes / "renamed.md")
    library.settle()
    assert forgotten(library, "renamed.md")
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
