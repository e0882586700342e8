"""A comparison that finds nothing costs a walk and no more, and remembering earlier ones never hides a change."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.documents import ReasonCode
from assistant.domain.library import FileState
from assistant.library import reconcile, words
from assistant.library.chunk_table import Failure
from assistant.library.file_table import KEPT, STAYS, FileRow
from assistant.library.scan import Scan
from tests.unit.library.library_fakes import Bench

_opened: list[str] | None = None


def _hear(event: str, arguments: Sequence[Any]) -> None:
    if event == "open" and _opened is not None and isinstance(arguments[0], (str, bytes, os.PathLike)):
        _opened.append(os.fsdecode(arguments[0]))


sys.addaudithook(_hear)  # hears every open() and os.open() of this process; cannot be taken away again


@contextmanager
def opened_below(folder: Path) -> Iterator[list[str]]:
    """The files below a folder that are opened meanwhile."""
    global _opened
    _opened, found = [], []
    try:
        yield found
    finally:
        found += [path for path in _opened if path.startswith(str(folder))]
        _opened = None


def fill(bench: Bench) -> None:
    for number in range(30):
        bench.write(f"{number % 4}/deep/{number}.md", f"# Note {number}\n\nWords of {number}.\n\nMore of {number}.")
    bench.write("picture.jpg", "no note")
    bench.write("empty.md", "")
    bench.write(".hidden.md", "left out")
    bench.write(".git/x.md", "left out")


def test_opening_a_note_is_heard(bench: Bench) -> None:
    fill(bench)
    with opened_below(bench.notes) as opened:
        bench.add()
    assert len(opened) >= 31


@pytest.mark.parametrize("fresh", [False, True])
def test_a_comparison_without_changes_reads_embeds_writes_and_tells_nothing(bench: Bench, fresh: bool) -> None:
    fill(bench)
    bench.add()
    bench.settle()
    if fresh:  # a new start remembers nothing of earlier comparisons
        bench.reopen()
        assert bench.library.wait_until_idle(20)
    writes, calls = bench.library.catalog.database.writes, bench.index.calls
    bench.reader.read_names.clear()
    bench.embedder.embedded.clear()
    with opened_below(bench.notes) as opened:
        for _ in range(3):
            bench.settle()
    assert opened == []
    assert bench.reader.read_names == [] and bench.embedder.embedded == []
    assert bench.index.calls == calls
    assert bench.library.catalog.database.writes == writes


def test_moved_and_renamed_notes_are_not_read_embedded_or_told_again(bench: Bench) -> None:
    fill(bench)
    bench.add()
    before = set(bench.index.vectors)
    bench.reader.read_names.clear()
    bench.embedder.embedded.clear()
    calls = bench.index.calls
    (bench.notes / "0" / "deep").rename(bench.notes / "other")
    (bench.notes / "1").rename(bench.notes / "2" / "within")
    (bench.notes / "3" / "deep" / "3.md").rename(bench.notes / "3" / "renamed.md")
    with opened_below(bench.notes) as opened:
        bench.settle()
    assert {"other/0.md", "2/within/deep/1.md", "3/renamed.md"} <= set(bench.states())
    assert opened == []
    assert bench.reader.read_names == [] and bench.embedder.embedded == []
    assert bench.index.calls == calls and set(bench.index.vectors) == before


class Walks:
    """Which folders comparisons took as they had found them before, and whose rows they read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: set[str] = set()
        self.after: Callable[[], None] = lambda: None
        real = reconcile._compare

        def compare(rows: dict[str, FileRow], found: Scan) -> Any:
            self.rows = set(rows)
            difference = real(rows, found)
            self.after()
            return difference

        monkeypatch.setattr(reconcile, "_compare", compare)


@pytest.fixture
def walks(monkeypatch: pytest.MonkeyPatch) -> Walks:
    return Walks(monkeypatch)


def test_only_the_folder_that_changed_is_compared_row_by_row(bench: Bench, walks: Walks) -> None:
    bench.write("a/one.md", "One.")
    bench.write("b/two.md", "Two.")
    bench.add()
    bench.settle()
    bench.settle()
    assert walks.rows == set()
    bench.write("a/three.md", "Three.")
    bench.library.rescan(wait=True)
    assert walks.rows == {"a/one.md"}
    bench.settle()
    (bench.notes / "b").rename(bench.notes / "c")
    bench.settle()
    assert set(bench.states()) == {"a/one.md", "a/three.md", "c/two.md"}


def test_a_failure_that_may_pass_is_looked_at_again_although_nothing_changed_on_disk(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.library.pause(True)
    bench.write("a/closed.md", "Closed words.")
    bench.library.add_folder(str(bench.notes))
    for _ in range(3):
        bench.library.rescan(wait=True)

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "no")

    with monkeypatch.context() as patch:
        patch.setattr(words, "content_hash", refuse)
        bench.library.pause(False)
        assert bench.library.wait_until_idle(20)
    assert bench.states() == {"a/closed.md": "failed"}
    bench.settle()
    assert bench.states() == {"a/closed.md": "ready"}


def test_a_row_that_is_lost_is_found_again(bench: Bench) -> None:
    bench.write("a/one.md", "One.")
    bench.add()
    bench.settle()
    bench.library.catalog.chunks.remove_files([int(str(bench.rows("SELECT id FROM files")[0][0]))])
    bench.settle()
    assert bench.states() == {"a/one.md": "ready"}


def test_a_row_that_changes_while_it_is_compared_is_compared_again(bench: Bench, walks: Walks) -> None:
    path = bench.write("a/one.md", "One.")
    bench.add()
    bench.settle()
    file_id = int(str(bench.rows("SELECT id FROM files")[0][0]))
    identity = reconcile.identity_of(path)
    assert identity is not None

    def fail() -> None:
        walks.after = lambda: None
        failure = Failure(FileState.FAILED, ReasonCode.NO_PERMISSION)
        bench.library.catalog.chunks.write_failure(file_id, failure, identity)

    for gone in (KEPT, STAYS):  # so that the row is compared
        bench.library.catalog.files.set_gone([file_id], gone)
    walks.after = fail
    bench.library.rescan(wait=True)
    assert walks.rows == {"a/one.md"} and bench.states() == {"a/one.md": "failed"}
    bench.settle()
    assert bench.states() == {"a/one.md": "ready"}


def test_a_transaction_that_is_open_when_a_comparison_begins_is_waited_for(bench: Bench, walks: Walks) -> None:
    """It has told of its rows already, but what the comparison reads would be what was before it."""
    path = bench.write("a/one.md", "One.")
    bench.add()
    file_id = int(str(bench.rows("SELECT id FROM files")[0][0]))
    identity = reconcile.identity_of(path)
    assert identity is not None
    for gone in (KEPT, STAYS):  # so that the row is compared
        bench.library.catalog.files.set_gone([file_id], gone)
    written, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with bench.library.catalog.database.write():
            failure = Failure(FileState.FAILED, ReasonCode.NO_PERMISSION)
            bench.library.catalog.chunks.write_failure(file_id, failure, identity)
            written.set()
            go_on.wait(10)

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(10)
    bench.library.rescan()
    threading.Timer(0.3, go_on.set).start()
    writer.join()
    bench.settle()
    assert bench.states() == {"a/one.md": "ready"}


def test_a_folder_that_is_added_around_another_takes_its_notes_over(bench: Bench) -> None:
    bench.write("inner/one.md", "One.")
    bench.write("inner/.git/two.md", "Two.")
    bench.write("three.md", "Three.")
    bench.library.add_folder(str(bench.notes / "inner"))
    bench.settle()
    bench.settle()
    bench.reader.read_names.clear()
    bench.add()
    bench.settle()
    assert bench.states() == {"inner/.git": "skipped", "inner/one.md": "ready", "three.md": "ready"}
    assert bench.reader.read_names == ["three.md"]
    assert not bench.look_without_memory().anything


@pytest.mark.parametrize("hinted", [False, True])
def test_a_folder_that_cannot_be_listed_for_a_while(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, hinted: bool
) -> None:
    """Whether it can be listed does not show in the listing of the folder above it."""
    bench.write("a/closed/one.md", "One words.")
    bench.write("a/two.md", "Two words.")
    bench.add()
    bench.settle()
    real = os.scandir

    def refuse(path: object) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "no")
        return real(path)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        for _ in range(3):
            bench.settle()
            assert bench.states() == {"a/closed": "failed", "a/closed/one.md": "ready", "a/two.md": "ready"}
        if hinted:
            bench.library._scan().hint(bench.library.folders()[0].id, "a/closed")
            assert bench.library.wait_until_idle(20)
        assert bench.found("words") == {"a/closed/one.md", "a/two.md"}
    bench.settle()
    assert bench.states() == {"a/closed/one.md": "ready", "a/two.md": "ready"}
    assert not bench.look_without_memory().anything


def test_a_renamed_empty_note_stays_listed(bench: Bench) -> None:
    bench.write("a.md", "")
    bench.add()
    (bench.notes / "a.md").rename(bench.notes / "b.md")
    bench.settle()
    assert bench.states() == {"b.md": "skipped"}


@pytest.mark.skipif(not hasattr(os, "link"), reason="hard links")
def test_a_note_that_comes_back_under_two_names_is_two_notes(bench: Bench) -> None:
    path = bench.write("a.md", "The same words.")
    bench.add()
    os.link(path, bench.notes / "b.md")
    path.rename(bench.notes / "c.md")
    bench.settle()
    assert bench.states() == {"b.md": "ready", "c.md": "ready"}
