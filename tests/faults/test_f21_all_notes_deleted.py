"""F21: a sync client deletes everything, at once or file by file. The index is kept until somebody says yes."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.domain.library import FolderState
from assistant.library.reconcile import BrakeLimits
from tests.faults.benches import EVENTS_ONLY, opened, until
from tests.faults.conftest import Fault
from tests.unit.library.library_fakes import Bench

NOTES = 50
FREE = int(NOTES * BrakeLimits().share)
"""So many may be deleted without a question."""


def _filled(bench: Bench) -> int:
    for number in range(NOTES):
        bench.write(f"sub {number % 4}/{number}.md", f"Words of {number}.")
    return bench.add()


def _waits(bench: Bench) -> bool:
    return bench.library.folders()[0].state == FolderState.WAITING_DELETE


@pytest.mark.parametrize("watch", [False, True])
def test_everything_at_once(fault: Fault, tmp_path: Path, watch: bool, scale: Callable[[int, int], int]) -> None:
    for number in range(scale(2, 20)):
        options: dict[str, object] = {"watch": True, "quiet_s": 0.05, "times": EVENTS_ONLY} if watch else {}
        with fault.trial(), opened(tmp_path / f"{watch}{number}", **options) as bench:
            folder_id = _filled(bench)
            for path in bench.notes.iterdir():
                shutil.rmtree(path)
            if watch:
                until(lambda: _waits(bench), bench)
            bench.settle()
            assert _waits(bench) and bench.library.folders()[0].pending_deletes == NOTES
            assert len(bench.found("words")) == NOTES
            bench.reopen()
            bench.settle()
            assert _waits(bench) and len(bench.found("words")) == NOTES
            bench.library.answer_mass_delete(folder_id, accept=True)
            bench.settle()
            assert bench.states() == {} and bench.index.vectors == {}


def test_file_by_file(fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]) -> None:
    """In any order, with a comparison after each, and a start anew in between."""
    for number in range(scale(2, 20)):
        chance = random.Random(number)
        with fault.trial(), opened(tmp_path / str(number)) as bench:
            _filled(bench)
            paths = sorted(bench.notes.rglob("*.md"))
            chance.shuffle(paths)
            restart = chance.randrange(FREE + 1, NOTES)
            for count, path in enumerate(paths, 1):
                path.unlink()
                bench.library.rescan(wait=True)
                if count == restart:
                    bench.reopen()
                    bench.settle()
                kept = NOTES - min(count, FREE)
                assert len(bench.states()) == kept
                assert _waits(bench) == (count > FREE)
            assert len(bench.found("words")) == NOTES - FREE


def test_what_waits_is_not_forgotten_when_time_has_passed(fault: Fault, tmp_path: Path) -> None:
    """The window in which deletions are added up is over; what waits by then still needs its yes."""
    with fault.trial(), opened(tmp_path, brake=BrakeLimits(window_s=0.5)) as bench:
        folder_id = _filled(bench)
        paths = sorted(bench.notes.rglob("*.md"))
        for path in paths[:FREE]:
            path.unlink()
        bench.library.rescan(wait=True)
        paths[FREE].unlink()
        bench.library.rescan(wait=True)
        assert _waits(bench) and bench.library.folders()[0].pending_deletes == 1
        until(lambda: not bench.library._reconciler._is_mass_delete(folder_id, 1), bench)
        for _ in range(3):
            bench.settle()
        assert _waits(bench) and len(bench.found("words")) == NOTES - FREE
        for path in paths[FREE + 1 :]:
            path.unlink()
            bench.library.rescan(wait=True)
        assert len(bench.found("words")) == NOTES - FREE


def test_a_sync_client_that_brings_everything_back(fault: Fault, tmp_path: Path) -> None:
    with fault.trial(), opened(tmp_path, watch=True, quiet_s=0.05, times=EVENTS_ONLY) as bench:
        _filled(bench)
        bench.embedder.embedded.clear()
        away = bench.notes.with_name("copy")
        shutil.copytree(bench.notes, away)
        for path in bench.notes.iterdir():
            shutil.rmtree(path)
        until(lambda: _waits(bench), bench)
        shutil.copytree(away, bench.notes, dirs_exist_ok=True)
        until(lambda: bench.library.folders()[0].state == FolderState.WATCHING and bench.library.is_idle, bench)
        assert len(bench.found("words")) == NOTES and bench.library.folders()[0].pending_deletes == 0
        assert bench.embedder.embedded == []
