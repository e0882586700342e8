"""Longer storms, with the watcher running and without a moment's rest: the index must still end equal to a fresh one."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.domain.documents import ReasonCode
from assistant.domain.library import FolderState
from assistant.library.reconcile import BrakeLimits
from assistant.library.scanner import ScanTimes
from tests.unit.library.folder_storm import Storm
from tests.unit.library.library_fakes import Bench, picture

SEEDS = [int(seed) for seed in os.environ.get("ELEPHANT_STORM_SEEDS", "11,12,13,14").split(",")]
OPERATIONS = int(os.environ.get("ELEPHANT_STORM_OPERATIONS", "2500"))
"""For each seed. A tenth as many where a watcher has to be waited for; 10,750 in all."""
NO_BRAKE = BrakeLimits(notes=10**9, share=2.0)


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(name: str, **options: object) -> Bench:
        made.append(Bench(tmp_path / name, brake=NO_BRAKE, **options))
        return made[-1]

    yield make
    for bench in made:
        bench.library.close()


def equals_a_fresh_one(bench: Bench, make_bench: Callable[..., Bench]) -> None:
    fresh = make_bench("fresh")
    shutil.rmtree(fresh.notes)
    shutil.copytree(bench.notes, fresh.notes, symlinks=True)
    fresh.add()
    assert fresh.states()
    ours, theirs = picture(bench), picture(fresh)
    for part in theirs:
        assert ours[part] == theirs[part], part


def change_rows_but_no_file(bench: Bench, chance: random.Random) -> None:
    """What the folder's listing cannot show: notes that could not be read for a while, are read on request, or were lost."""
    bench.settle(60)
    rows = bench.rows("SELECT id, folder_id, note FROM files WHERE is_folder = 0 ORDER BY note")
    chance.shuffle(rows)
    bench.reader.bad = {str(note).rpartition("/")[2]: ReasonCode.NO_PERMISSION for _, _, note in rows[:5]}
    for _, folder_id, note in rows[:15]:
        bench.library.retry(int(str(folder_id)), str(note))
    bench.settle(60)
    bench.reader.bad = {}
    bench.library.catalog.chunks.remove_files([int(str(row[0])) for row in rows[15:17]])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_long_storm_with_comparisons_in_between(make_bench: Callable[..., Bench], seed: int) -> None:
    """Open, closed and with the root away; whatever a comparison remembers of the ones before must never hide a change."""
    print("seed", seed)
    bench = make_bench("one")
    bench.add()
    storm = Storm(bench.notes, seed)
    chance = random.Random(seed)
    done = 0
    while done < OPERATIONS:
        burst = chance.randrange(1, 160)
        done += burst
        was_there = bench.library.counts().notes
        how = chance.random()
        if how < 0.08:
            bench.library.close()
            storm.blow(burst)
            bench.open()
        elif how < 0.16:
            away = bench.notes.with_name("away")
            bench.notes.rename(away)
            bench.library.rescan(wait=True)
            assert bench.library.folders()[0].state == FolderState.MISSING
            assert bench.library.counts().notes == was_there
            away.rename(bench.notes)
        elif how < 0.5:
            storm.blow(burst // 2)
            bench.library.rescan()
            storm.blow(burst - burst // 2)
        elif how < 0.6:
            storm.blow(burst)
            change_rows_but_no_file(bench, chance)
        else:
            storm.blow(burst)
        bench.settle(60)
        left = bench.look_without_memory()
        assert not left.anything, f"after {done}: {left}"
    assert storm.secret_edits
    bench.check_every_content()
    equals_a_fresh_one(bench, make_bench)


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_storm_while_it_runs_and_while_it_is_closed(make_bench: Callable[..., Bench], seed: int) -> None:
    print("seed", seed)
    times = ScanTimes(rescan_s=3600, poll_s=3600, heartbeat_s=0.2)
    bench = make_bench("one", watch=True, quiet_s=0.05, longest_s=0.3, times=times)
    bench.library.add_folder(str(bench.notes))
    storm = Storm(bench.notes, seed)
    chance = random.Random(seed)
    done = 0
    while done < OPERATIONS // 10:
        burst = chance.randrange(1, 40)
        done += burst
        how = chance.random()
        if how < 0.1:
            bench.notes.rename(bench.notes.with_name("away"))
            time.sleep(chance.random() * 0.2)
            bench.notes.with_name("away").rename(bench.notes)
        if how < 0.2:
            bench.library.close()
            storm.blow(burst)
            bench.open()
        else:
            storm.blow(burst)
            time.sleep(chance.random() * 0.1)
    bench.settle(60)
    bench.check_every_content()
    equals_a_fresh_one(bench, make_bench)


@pytest.mark.parametrize("seed", SEEDS[:1])
def test_the_watcher_alone_finds_everything(make_bench: Callable[..., Bench], seed: int) -> None:
    """No comparison is asked for, and only the one timer runs that looks again after folders have come or gone."""
    print("seed", seed)
    times = ScanTimes(rescan_s=3600, poll_s=3600, heartbeat_s=0.2, after_folders_s=1)
    bench = make_bench("one", watch=True, quiet_s=0.05, longest_s=0.3, times=times)
    bench.library.add_folder(str(bench.notes))
    storm = Storm(bench.notes, seed)
    for _ in range(OPERATIONS // 10 // 10):
        storm.blow(10)
        time.sleep(0.05)
    time.sleep(3.0)  # the system hands out events late; after them and the second look it must become quiet
    assert bench.library.wait_until_idle(60)
    bench.check_every_content()
    equals_a_fresh_one(bench, make_bench)
