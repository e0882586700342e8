"""F36: clocks that jump by years, and files that bear times of 0, 1970, 2038 and the far future. No change is missed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.faults.benches import NO_BRAKE, opened, texts_as_indexed
from tests.faults.conftest import Fault

YEAR_S = 365.25 * 86_400
DAY = datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC).timestamp()
TIMES_S = (0, 1, -1, -(10**8), DAY - 1, DAY, DAY + 1, 2**32, 4_102_444_800, 10**10)


def test_files_of_any_time_are_followed(fault: Fault, tmp_path: Path) -> None:
    with opened(tmp_path, brake=NO_BRAKE, settle_s=0.1) as bench:
        paths = [bench.write(f"{number}.md", f"First {number}.") for number in range(len(TIMES_S))]
        for path, time_s in zip(paths, TIMES_S, strict=True):
            os.utime(path, (time_s, time_s))
        bench.add()
        for turn in range(len(TIMES_S)):
            for number, path in enumerate(paths):
                path.write_text(f"Turn {turn} of {number}.", "utf-8")
                time_s = TIMES_S[(number + turn + 1) % len(TIMES_S)]
                os.utime(path, (time_s, time_s))
            bench.settle()
            for number, path in enumerate(paths):
                with fault.trial():
                    assert texts_as_indexed(bench)[path.name] == [f"Turn {turn} of {number}."]


@pytest.mark.parametrize("moves", [False, True], ids=["clock of the files stays", "files follow the clock"])
def test_a_clock_that_jumps(
    fault: Fault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    moves: bool,
    scale: Callable[[int, int], int],
) -> None:
    """Ten years forth and back, an hour for the summer; while notes are written, and while they are settling."""
    real = time.time
    jumps_s = [10 * YEAR_S, -10 * YEAR_S, 3600.0, -3600.0, 0.0, -50 * YEAR_S] * scale(1, 20)
    with opened(tmp_path, brake=NO_BRAKE, settle_s=0.1) as bench:
        path = bench.write("a.md", "First.")
        other = bench.write("b.md", "Stays.")
        bench.add()
        for number, jump_s in enumerate(jumps_s):
            with fault.trial():
                monkeypatch.setattr(time, "time", lambda jump_s=jump_s: real() + jump_s)
                path.write_text(f"Number{number}x.", "utf-8")
                if moves:
                    now = max(0.0, real() + jump_s)
                    os.utime(path, (now, now))
                bench.settle()
                assert texts_as_indexed(bench) == {"a.md": [f"Number{number}x."], "b.md": ["Stays."]}
                if number % 3 == 2:
                    bench.reopen()
                    bench.settle()
                    assert texts_as_indexed(bench)["a.md"] == [f"Number{number}x."]
        assert bench.reader.read_names.count(other.name) == 1
