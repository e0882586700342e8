"""Events are hints: gathered, never trusted, never able to do harm."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from watchdog.events import DirModifiedEvent, DirMovedEvent, FileClosedNoWriteEvent, FileModifiedEvent, FileMovedEvent

from assistant.domain.library import FolderState
from assistant.library import watcher as watcher_module
from assistant.library.progress import RateMeter
from assistant.library.scan import Scope
from assistant.library.scanner import ScanTimes
from assistant.library.watcher import MANY_PLACES, Places, _Handler
from tests.unit.library.library_fakes import Bench


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_places_are_due_when_it_is_quiet() -> None:
    clock = Clock()
    places = Places(quiet_s=0.7, longest_s=5.0, clock=clock)
    places.add(1, "a", recursive=False)
    clock.now += 0.5
    places.add(1, "b", recursive=True)
    clock.now += 0.5
    assert places.due() == {}
    clock.now += 0.3
    assert places.due() == {1: [Scope("a", False), Scope("b", True)]}
    assert places.due() == {} and places.next_due_s() is None


def test_places_do_not_wait_for_quiet_for_ever() -> None:
    clock = Clock()
    places = Places(quiet_s=0.7, longest_s=5.0, clock=clock)
    for _ in range(60):
        places.add(1, "a", recursive=False)
        clock.now += 0.1
    assert places.due() == {1: [Scope("a", False)]}


def test_a_burst_becomes_one_look_at_everything() -> None:
    clock = Clock()
    places = Places(clock=clock)
    for number in range(MANY_PLACES + 50):
        places.add(1, f"folder{number}", recursive=False)
    clock.now += 10
    scopes = places.due()[1]
    assert Scope("", True) in scopes and len(scopes) < MANY_PLACES


def seen(event: object) -> list[Scope]:
    clock = Clock()
    places = Places(clock=clock)
    _Handler(1, "/notes", places).dispatch(event)  # type: ignore[arg-type]
    clock.now += 10
    return places.due().get(1, [])


def test_events_become_places() -> None:
    assert seen(FileModifiedEvent("/notes/a/b.md")) == [Scope("a", False)]
    assert seen(FileMovedEvent("/notes/a/b.md", "/notes/c/b.md")) == [Scope("a", False), Scope("c", False)]
    assert seen(FileMovedEvent(b"/notes/a/\xff.md", b"/notes/a/b.md")) == [Scope("a", False)]
    moved = seen(DirMovedEvent("/notes/a/x", "/notes/y"))
    assert Scope("a/x", True) in moved and Scope("y", True) in moved and Scope("", False) in moved
    assert seen(DirModifiedEvent("/notes")) == []
    assert seen(FileClosedNoWriteEvent("/notes/a/b.md")) == []
    assert seen(FileModifiedEvent("/notesandmore/a.md")) in ([], [Scope("andmore", False)])


def test_a_poisoned_event_looks_at_everything_and_raises_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Poisoned:
        is_directory = False
        event_type = "modified"

        @property
        def src_path(self) -> str:
            raise RuntimeError("poison")

    assert seen(Poisoned()) == [Scope("", True)]


def watched(make_bench: Callable[..., Bench], **options: object) -> Bench:
    bench = make_bench(watch=True, quiet_s=0.05, times=ScanTimes(rescan_s=600, poll_s=600, heartbeat_s=0.05), **options)
    bench.write("a.md", "Alpha words.")
    bench.write("sub/b.md", "Beta words.")
    bench.add()
    return bench


def until(claim: Callable[[], bool], timeout_s: float = 20.0) -> None:
    end = time.monotonic() + timeout_s
    while not claim():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


def test_changes_are_followed_while_it_runs(make_bench: Callable[..., Bench]) -> None:
    bench = watched(make_bench)
    assert bench.library.folders()[0].state == FolderState.WATCHING
    bench.write("a.md", "Gamma words.")
    until(lambda: bench.found("gamma") == {"a.md"})
    bench.write("sub/new/deeper/c.md", "Delta words.")
    until(lambda: bench.found("delta") == {"sub/new/deeper/c.md"})
    (bench.notes / "sub").rename(bench.notes / "moved")
    until(lambda: bench.found("delta") == {"moved/new/deeper/c.md"} and bench.found("beta") == {"moved/b.md"})
    (bench.notes / "moved" / "b.md").unlink()
    until(lambda: bench.found("beta") == set())


def test_an_atomic_save_is_followed(make_bench: Callable[..., Bench]) -> None:
    bench = watched(make_bench)
    fresh = bench.write(".a.md.tmp", "Epsilon words.")
    fresh.replace(bench.notes / "a.md")
    until(lambda: bench.found("epsilon") == {"a.md"} and bench.found("alpha") == set())
    assert set(bench.states()) == {"a.md", "sub/b.md"}


def test_a_root_that_goes_and_returns_is_followed_again(make_bench: Callable[..., Bench]) -> None:
    bench = watched(make_bench)
    away = bench.notes.parent / "away"
    bench.notes.rename(away)
    until(lambda: bench.library.folders()[0].state == FolderState.MISSING)
    assert bench.found("words") == {"a.md", "sub/b.md"}
    (away / "a.md").write_text("Zeta words.", "utf-8")
    away.rename(bench.notes)
    until(lambda: bench.library.folders()[0].state == FolderState.WATCHING)
    until(lambda: bench.found("zeta") == {"a.md"})
    bench.write("sub/b.md", "Eta words.")
    until(lambda: bench.found("eta") == {"sub/b.md"})


def test_a_root_made_anew_at_the_same_path_is_watched_again(make_bench: Callable[..., Bench]) -> None:
    bench = watched(make_bench)
    bench.notes.rename(bench.notes.parent / "away")
    bench.notes.mkdir()
    bench.write("a.md", "Theta words.")
    until(lambda: bench.found("theta") == {"a.md"})
    until(lambda: bench.library.folders()[0].state == FolderState.WATCHING)
    bench.write("a.md", "Iota words.")
    until(lambda: bench.found("iota") == {"a.md"})


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a limit of Linux")
def test_at_the_limit_of_watches_the_folder_is_polled(
    make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher_module, "can_watch_more", lambda path: False)
    bench = make_bench(watch=True, quiet_s=0.05, times=ScanTimes(rescan_s=600, poll_s=0.1, heartbeat_s=0.05))
    bench.write("a.md", "Alpha words.")
    bench.add()
    assert bench.library.folders()[0].state == FolderState.POLLING
    bench.write("b.md", "Beta words.")
    until(lambda: bench.found("beta") == {"b.md"})


def test_an_observer_that_cannot_start_means_polling(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def refuse() -> object:
        raise OSError(24, "inotify instance limit reached")

    watching = watcher_module.Watcher(Places(), refuse)  # type: ignore[arg-type]
    assert not watching.watch(1, str(tmp_path))
    assert not watching.is_alive(1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a limit of Linux")
def test_the_probe_says_yes_where_there_is_room(tmp_path: Path) -> None:
    assert watcher_module.can_watch_more(str(tmp_path))
    assert not watcher_module.can_watch_more(str(tmp_path / "nowhere"))


def test_a_change_with_size_and_time_put_back_is_found_by_the_rolling_check(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(watch=True, times=ScanTimes(rescan_s=0.1, poll_s=0.1, heartbeat_s=0.05))
    path = bench.write("a.md", "Alpha words.")
    bench.add()
    before = path.stat()
    path.write_text("Omega words.", "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    until(lambda: bench.found("omega") == {"a.md"})


def test_the_time_left_is_told_only_when_it_can_be_known() -> None:
    clock = Clock()
    meter = RateMeter(clock)
    meter.add(10)
    assert meter.left_s(100) is None
    clock.now += 5
    meter.add(10)
    assert meter.rate_per_s() == pytest.approx(4.0)
    assert meter.left_s(100) == pytest.approx(25.0)
    clock.now += 40
    assert meter.left_s(100) is None


@pytest.mark.skipif(sys.platform == "win32", reason="events of folders come differently there")
def test_what_is_written_into_a_new_folder_untold_is_found_by_a_second_look(
    make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between a new folder and the system's watch on it, files can come of which no event tells."""
    told = _Handler.dispatch
    monkeypatch.setattr(
        _Handler, "dispatch", lambda self, event: told(self, event) if event.is_directory else None, raising=True
    )
    times = ScanTimes(rescan_s=3600, poll_s=3600, heartbeat_s=0.05, after_folders_s=0.5)
    bench = make_bench("one", watch=True, quiet_s=0.01, longest_s=0.1, times=times)
    bench.write("first.md", "A note.")
    bench.library.add_folder(str(bench.notes))
    assert bench.library.wait_until_idle(20)
    (bench.notes / "new").mkdir()
    time.sleep(0.3)
    bench.write("new/untold.md", "Nobody tells of this note.")
    end = time.monotonic() + 20
    while "new/untold.md" not in bench.states():
        assert time.monotonic() < end, "the note was never found"
        time.sleep(0.05)
