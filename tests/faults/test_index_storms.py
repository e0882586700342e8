"""Longer storms, with the watcher running and without a moment's rest: the index must still end equal to a fresh one."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.library.reconcile import BrakeLimits
from assistant.library.scanner import ScanTimes
from tests.unit.library.folder_storm import Storm
from tests.unit.library.library_fakes import Bench, picture

SEEDS = [int(seed) for seed in os.environ.get("ELEPHANT_STORM_SEEDS", "11,12,13,14").split(",")]
OPERATIONS = int(os.environ.get("ELEPHANT_STORM_OPERATIONS", "600"))
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
    shutil.copytree(bench.notes, fresh.notes)
    fresh.add()
    assert fresh.states()
    assert picture(bench) == picture(fresh)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_storm_while_it_runs_and_while_it_is_closed(make_bench: Callable[..., Bench], seed: int) -> None:
    print("seed", seed)
    times = ScanTimes(rescan_s=3600, poll_s=3600, heartbeat_s=0.2)
    bench = make_bench("one", watch=True, quiet_s=0.05, longest_s=0.3, times=times)
    bench.library.add_folder(str(bench.notes))
    storm = Storm(bench.notes, seed)
    chance = random.Random(seed)
    done = 0
    while done < OPERATIONS:
        burst = chance.randrange(1, 40)
        done += burst
        if chance.random() < 0.15:
            bench.library.close()
            storm.blow(burst)
            bench.open()
        else:
            storm.blow(burst)
            time.sleep(chance.random() * 0.1)
    bench.settle(60)
    equals_a_fresh_one(bench, make_bench)


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_the_watcher_alone_finds_everything(make_bench: Callable[..., Bench], seed: int) -> None:
    """No comparison is asked for, and only the one timer runs that looks again after folders have come or gone."""
    print("seed", seed)
    times = ScanTimes(rescan_s=3600, poll_s=3600, heartbeat_s=0.2, after_folders_s=1)
    bench = make_bench("one", watch=True, quiet_s=0.05, longest_s=0.3, times=times)
    bench.library.add_folder(str(bench.notes))
    storm = Storm(bench.notes, seed)
    for _ in range(OPERATIONS // 20):
        storm.blow(20)
        time.sleep(0.05)
    time.sleep(3.0)  # the system hands out events late; after them and the second look it must become quiet
    assert bench.library.wait_until_idle(60)
    equals_a_fresh_one(bench, make_bench)
