"""`elephant benchmark` runs every part of itself on a small scale. How fast anything is, no test may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.cli.commands import BENCHMARKS
from assistant.engine.benchmark import Size, run_benchmarks
from assistant.engine.paths import DataPaths

pytestmark = pytest.mark.timeout(500)  # eight benchmarks, each of which starts processes of its own


def test_every_benchmark_measures_both_sides(tmp_path: Path, models_dir: Path) -> None:
    said: list[str] = []
    size = Size(rounds=1, copies=1, questions=2, walked=300, churn_chunks=2_000)
    results = run_benchmarks(BENCHMARKS, DataPaths(tmp_path / "data"), said.append, size)
    assert tuple(results) == BENCHMARKS
    for name in ("stream", "index", "search", "rescan", "start", "memory"):
        values = results[name].values
        assert values["ours"] > 0, name
        assert values["bare"] > 0, name
    assert results["heartbeat"].values["p99_ms"] > 0
    assert results["churn"].values["replaced"] > 0
    assert results["churn"].values["recall_guarded"] > 0
    assert all(result.line for result in results.values())
    assert said
