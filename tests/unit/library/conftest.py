from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.library.library_fakes import Bench


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(name: str = "one", **options: object) -> Bench:
        bench = Bench(tmp_path / name, **options)
        made.append(bench)
        return bench

    yield make
    for bench in made:
        bench.library.close()


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench()
