"""Whatever happens to the folder, running or closed: the index ends as a fresh one would be."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from assistant.library.reconcile import BrakeLimits
from tests.unit.library.folder_storm import Storm
from tests.unit.library.library_fakes import Bench, picture

NO_BRAKE = BrakeLimits(notes=10**9, share=2.0)


def fresh_copy(bench: Bench, make_bench: Callable[..., Bench]) -> Bench:
    fresh = make_bench("fresh", brake=NO_BRAKE)
    shutil.rmtree(fresh.notes)
    shutil.copytree(bench.notes, fresh.notes, symlinks=True)
    fresh.add()
    return fresh


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_a_storm_the_index_equals_a_fresh_one(make_bench: Callable[..., Bench], seed: int) -> None:
    print("seed", seed)
    bench = make_bench(brake=NO_BRAKE)
    storm = Storm(bench.notes, seed)
    storm.blow(20)
    bench.add()
    for turn in range(4):
        if turn % 2:
            bench.library.close()
            storm.blow(25)
            bench.open()
        else:
            storm.blow(25)
        bench.settle()
    bench.check_every_content()
    fresh = fresh_copy(bench, make_bench)
    assert fresh.states()
    assert picture(bench) == picture(fresh)
