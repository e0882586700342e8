"""Another embedder builds another index beside the one in use: which one answers, when it is switched, what a kill leaves."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.domain.errors import AssistantError, BadRequestError, ModelUnavailableError, StoreUnavailableError
from assistant.domain.library import FolderInfo, FolderState, IndexProgress, LibraryCounts
from assistant.domain.models import EmbedderInfo
from assistant.engine.generations import IN_USE_NAME, Chosen, Generations
from assistant.models.ports import Embedder


class NamedEmbedder:
    def __init__(self, name: str) -> None:
        self.name = name

    def info(self) -> EmbedderInfo:
        return EmbedderInfo(f"{self.name}-id", self.name, 8, 512)


class FakeLibrary:
    def __init__(self) -> None:
        self.found = LibraryCounts(notes=3, queued=3)
        self.state = FolderState.WATCHING
        self.pending = 0
        self.troubles: tuple[AssistantError, ...] = ()
        self.is_damaged = False

    def counts(self) -> LibraryCounts:
        return self.found

    def folders(self) -> list[FolderInfo]:
        return [FolderInfo(1, "/notes", "notes", self.state, 3, 0, 0, pending_deletes=self.pending)]

    def progress(self) -> IndexProgress:
        return IndexProgress("embedding", self.found.embedded, self.found.chunks)

    @property
    def is_idle(self) -> bool:
        return not self.found.queued


class FakeRoom:
    """Makes the catalog's file, as the real one does, with as many embedded notes as `finish` says."""

    def __init__(self, folder: Path, embedder: Embedder | None) -> None:
        self.folder = folder
        self.embedder = embedder
        self.library = FakeLibrary()
        self.is_started = self.is_closed = False
        with sqlite3.connect(folder / "catalog.sqlite") as db:
            db.execute("CREATE TABLE IF NOT EXISTS files (chunks INTEGER, embedded INTEGER, shape TEXT)")

    def start(self) -> None:
        self.is_started = True

    def close(self) -> None:
        self.is_closed = True

    def finish(self) -> FakeRoom:
        with sqlite3.connect(self.folder / "catalog.sqlite") as db:
            name = "" if self.embedder is None else self.embedder.info().id
            db.execute(
                "INSERT INTO files VALUES (2, ?, ?)", (2 if name else 0, f"reader-1/splitter-1/{name or 'estimate'}")
            )
        self.library.found = LibraryCounts(notes=3, ready=3, chunks=6, embedded=6)
        return self


def chosen(name: str) -> Chosen:
    embedder = NamedEmbedder(name)
    return Chosen(name, embedder.info().id, embedder)  # type: ignore[arg-type]


Maker = Callable[..., Generations[FakeRoom]]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Maker]:
    made: list[Generations[FakeRoom]] = []

    def one(name: str = "", shelf: tuple[str, ...] = ("old", "new")) -> Generations[FakeRoom]:
        generations: Generations[FakeRoom] = Generations(
            tmp_path,
            "splitter-1",
            FakeRoom,
            lambda wanted: NamedEmbedder(wanted) if wanted in shelf else None,  # type: ignore[arg-type, return-value]
            lambda: None,
        )
        made.append(generations)
        generations.open(chosen(name) if name else Chosen(), start=True)
        return generations

    yield one
    for generations in made:
        generations.close()


def wait_for(claim: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not claim():
        assert time.monotonic() < until
        time.sleep(0.01)


def folders(tmp_path: Path) -> set[str]:
    return {path.name for path in tmp_path.iterdir() if path.is_dir()}


def test_another_embedder_builds_beside_and_the_old_one_answers_until_it_is_complete(
    make: Maker, tmp_path: Path
) -> None:
    generations = make("old")
    old = generations.active.finish()
    generations.reopen(chosen("new"))
    assert generations.active is old
    assert not old.is_closed
    new = generations.rooms()[1]
    assert new.is_started
    renewal = generations.renewal()
    assert renewal is not None
    assert (renewal.embedder, renewal.instead_of) == ("new", "old")
    new.finish()
    wait_for(lambda: old.is_closed)
    assert generations.active is new
    assert generations.renewal() is None
    wait_for(lambda: folders(tmp_path) == {new.folder.name})


@pytest.mark.parametrize("what", ["missing", "pending", "trouble", "queued"])
def test_it_does_not_answer_while_the_old_one_knows_more(make: Maker, what: str) -> None:
    generations = make("old")
    old = generations.active.finish()
    generations.reopen(chosen("new"))
    new = generations.rooms()[1].finish()
    with generations._lock:  # so that it is not switched between the lines
        if what == "missing":
            new.library.state = FolderState.MISSING
        elif what == "pending":
            old.library.pending = 40
        elif what == "trouble":
            new.library.troubles = (ModelUnavailableError(model="new", reason="missing"),)
        else:
            new.library.found = LibraryCounts(notes=3, queued=1, chunks=4, embedded=4)
        assert not generations._is_complete()
        new.library.state, old.library.pending, new.library.troubles = FolderState.WATCHING, 0, ()
        new.library.found = LibraryCounts(notes=3, ready=3, chunks=6, embedded=6)
        assert generations._is_complete()


def test_it_goes_on_after_a_restart(make: Maker) -> None:
    first = make("old")
    first.active.finish()
    first.reopen(chosen("new"))
    begun = first.rooms()[1].folder
    first.close()
    again = make("new")
    assert again.active.embedder is not None
    assert again.active.embedder.info().id == "old-id"
    assert again.rooms()[1].folder == begun


def test_cancelled_it_leaves_the_old_one_and_nothing_else(make: Maker, tmp_path: Path) -> None:
    generations = make("old")
    old = generations.active.finish()
    with pytest.raises(BadRequestError):
        generations.cancel()
    generations.reopen(chosen("new"))
    new = generations.rooms()[1]
    assert generations.cancel() == "old"
    assert new.is_closed
    assert folders(tmp_path) == {old.folder.name}
    assert generations.renewal() is None
    generations.reopen(chosen("old"))
    assert generations.active is old
    assert not old.is_closed


def test_going_back_to_the_old_embedder_drops_what_was_begun(make: Maker, tmp_path: Path) -> None:
    generations = make("old")
    old = generations.active.finish()
    generations.reopen(chosen("new"))
    generations.reopen(chosen("old"))
    assert generations.active is old
    assert folders(tmp_path) == {old.folder.name}


def test_words_without_vectors_are_taken_over_by_the_first_embedder(make: Maker, tmp_path: Path) -> None:
    generations = make()
    words = generations.active.finish()
    generations.reopen(chosen("new"))
    assert words.is_closed
    assert generations.renewal() is None
    assert generations.active.folder != words.folder
    with sqlite3.connect(generations.active.folder / "catalog.sqlite") as db:
        assert db.execute("SELECT count(*) FROM files").fetchone() == (1,), "no note is read again"
    assert folders(tmp_path) == {generations.active.folder.name}


def test_an_embedder_that_is_gone_leaves_its_words_answering(make: Maker) -> None:
    generations = make("old")
    generations.active.finish()
    generations.close()
    again = make("new", shelf=("new",))
    assert again.active.embedder is None
    assert len(again.rooms()) == 2
    with pytest.raises(BadRequestError):
        again.cancel()


def test_without_any_embedder_the_vectors_are_kept_for_its_return(make: Maker, tmp_path: Path) -> None:
    generations = make("old")
    old = generations.active.finish().folder
    generations.reopen(Chosen())
    assert generations.active.folder == old
    assert generations.active.embedder is None
    generations.reopen(chosen("old"))
    assert generations.active.folder == old
    assert generations.active.embedder is not None


def test_an_embedder_that_cannot_be_asked_keeps_nobody_from_opening_the_index(make: Maker) -> None:
    generations = make("old")
    folder = generations.active.finish().folder
    generations.close()
    again = make()
    again.reopen(Chosen("old", "", NamedEmbedder("old")))  # type: ignore[arg-type]
    assert again.active.folder == folder
    assert again.active.embedder is not None


@pytest.mark.parametrize("damage", ["missing", "garbage", "elsewhere"])
def test_without_its_record_the_index_is_known_by_its_notes(make: Maker, tmp_path: Path, damage: str) -> None:
    generations = make("old")
    folder = generations.active.finish().folder
    generations.close()
    record = tmp_path / IN_USE_NAME
    if damage == "missing":
        record.unlink()
    elif damage == "garbage":
        record.write_text("{", "utf-8")
    else:
        record.write_text(json.dumps({"folder": "gone", "embedder": "x", "embedder_id": "y"}), "utf-8")
    elsewhere = folder.rename(folder.with_name("made-by-an-earlier-version"))
    again = make("old")
    assert again.active.folder == elsewhere
    assert again.renewal() is None


def test_killed_between_switching_and_removing_it_tidies_up(make: Maker, tmp_path: Path) -> None:
    generations = make("old")
    generations.active.finish()
    generations.close()
    (tmp_path / "left-over").mkdir()
    (tmp_path / "left-over" / "catalog.sqlite").touch()
    again = make("old")
    assert folders(tmp_path) == {again.active.folder.name}


def test_a_search_that_is_under_way_keeps_the_old_one_open(make: Maker) -> None:
    generations = make("old")
    old = generations.active.finish()
    generations.reopen(chosen("new"))
    new = generations.rooms()[1]
    asked, go_on = threading.Event(), threading.Event()

    def search() -> None:
        with generations.lease() as room:
            assert room is old
            asked.set()
            go_on.wait(20)
            assert not old.is_closed

    thread = threading.Thread(target=search)
    thread.start()
    asked.wait(20)
    new.finish()
    wait_for(lambda: generations.active is new)
    assert not old.is_closed
    go_on.set()
    thread.join()
    wait_for(lambda: old.is_closed)


@contextmanager
def asking(generations: Generations[FakeRoom]) -> Iterator[Callable[[], None]]:
    """A question under way on a thread of its own; calling what this yields ends it, and says what went wrong in it."""
    asked, go_on = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            with generations.lease():
                asked.set()
                assert go_on.wait(100)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    assert asked.wait(100)

    def end() -> None:
        go_on.set()
        thread.join(100)
        assert failures == []

    yield end
    end()


@contextmanager
def reopening(generations: Generations[FakeRoom], new: Chosen | None = None) -> Iterator[None]:
    thread = threading.Thread(target=generations.reopen, args=(new,))
    thread.start()
    yield
    thread.join(100)
    assert not thread.is_alive()


def test_other_rules_wait_for_the_question_under_way_and_keep_nobody_from_asking(make: Maker) -> None:
    generations = make("old")
    old = generations.active.finish()
    with asking(generations) as end, reopening(generations):
        for _ in range(20):
            with generations.lease() as room:
                assert room is old
            assert not old.is_closed
        end()
    assert old.is_closed
    assert generations.active is not old


def test_a_question_that_takes_too_long_is_closed_under_and_ends_in_order(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.engine.generations.LONGEST_LEASE_S", 0.1)
    generations = make("old")
    old = generations.active.finish()
    with asking(generations) as end:
        generations.reopen()
        assert old.is_closed
        end()
    old = generations.active
    with asking(generations) as end:
        generations.reopen(chosen("new"))
        generations.rooms()[1].finish()
        wait_for(lambda: old.is_closed)
        end()


def test_closing_waits_neither_for_a_question_nor_for_what_waits_for_it(make: Maker) -> None:
    generations = make("old")
    old = generations.active.finish()
    with asking(generations) as end, reopening(generations):
        generations.close()
        assert old.is_closed
        assert generations.active is old
        end()


def test_catalog_whose_damage_shows_while_running_is_opened_anew_once(
    make: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    generations = make("old")
    damaged = generations.active
    damaged.library.is_damaged = True
    wait_for(lambda: generations.active is not damaged)
    assert damaged.is_closed
    wait_for(lambda: generations.active.is_started)
    again = generations.active
    again.library.is_damaged = True
    time.sleep(1.2)
    assert generations.active is again, "a disk that damages everything is not written to without end"


def test_index_that_could_not_be_opened_again_is_tried_again(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    generations = make("old")
    before = generations.active

    def fail(*_given: object) -> FakeRoom:
        raise StoreUnavailableError(store="folders", reason="held")

    monkeypatch.setattr(generations, "_open_room", fail)
    with pytest.raises(StoreUnavailableError):
        generations.reopen()
    assert before.is_closed
    monkeypatch.setattr(generations, "_open_room", FakeRoom)
    wait_for(lambda: not generations.active.is_closed)


def test_starting_over_removes_every_index_and_makes_one_anew(make: Maker, tmp_path: Path) -> None:
    generations = make("old")
    old = generations.active.finish()
    generations.reopen(chosen("new"))
    beside = generations.rooms()[1]
    (old.folder / "chroma").mkdir()
    (old.folder / "chroma" / "vectors.bin").write_text("old vectors")
    seen: list[bool] = []
    generations.start_over(lambda: seen.append(old.is_closed and beside.is_closed and not folders(tmp_path)))
    assert seen == [True]
    fresh = generations.active
    assert fresh is not old
    assert fresh.is_started
    assert fresh.embedder is not None
    assert fresh.embedder.info().name == "new", "nothing is left that the old one would have to serve"
    assert not (fresh.folder / "chroma").exists()
    assert folders(tmp_path) == {fresh.folder.name}


def test_an_index_is_open_also_when_starting_over_failed_half_way(make: Maker) -> None:
    generations = make("old")
    old = generations.active.finish()

    def fail() -> None:
        raise StoreUnavailableError(store="folders", reason="held")

    with pytest.raises(StoreUnavailableError):
        generations.start_over(fail)
    assert generations.active is not old
    assert not generations.active.is_closed
