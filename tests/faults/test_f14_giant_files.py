"""F14: files of gigabytes and lines of megabytes: left out with the limit said, or read in part with a notice; we stay small.

What the window makes of a long line is tried in tests/gui/source."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from assistant.domain.documents import ReasonCode
from assistant.library.reader_pool import PoolLimits
from tests.faults.conftest import IS_FULL, Fault
from tests.faults.reader_bench import ROOT, ReaderBench

MOST_GROWTH_BYTES = 200_000_000
LINE = b"The quick brown elephant remembers the lazy dog, every single time.\n"
MB = 1_000_000

Scale = Callable[[int, int], int]


@pytest.fixture
def make_bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., ReaderBench]]:
    monkeypatch.chdir(ROOT)
    made: list[ReaderBench] = []

    def make(largest_mb: int) -> ReaderBench:
        limits = PoolLimits(max_bytes=largest_mb * MB, time_limit_s=60.0)
        made.append(ReaderBench(tmp_path / str(len(made)), limits=limits, largest_note_bytes=largest_mb * MB))
        return made[-1]

    yield make
    for bench in made:
        bench.library.close()


@pytest.fixture
def grown() -> Iterator[None]:
    """The parent, which is the engine, has not grown too much when the test is over."""
    process = psutil.Process(os.getpid())
    before = process.memory_info().rss
    yield
    assert process.memory_info().rss - before < MOST_GROWTH_BYTES


def fill(path: Path, block: bytes, size: int) -> None:
    with path.open("wb") as file:
        for _ in range(size // len(block) + 1):
            file.write(block)


@pytest.mark.usefixtures("grown")
def test_a_file_over_the_limit_is_left_out_and_the_limit_said(
    make_bench: Callable[..., ReaderBench], fault: Fault, scale: Scale
) -> None:
    bench = make_bench(50)
    size = scale(60, 1_000) * MB
    fill(bench.notes / "huge.log", LINE * 10_000, size)
    with (bench.notes / "sparse.txt").open("wb") as file:
        file.truncate(10**9)
    bench.write("good.md", "Good words.")
    with fault.trial():
        bench.add()
        assert bench.states() == {"good.md": "ready", "huge.log": "skipped", "sparse.txt": "skipped"}
        listed = [entry.file for entry in bench.library.attention() if entry.file is not None]
        assert {(file.note, file.reason, file.reason_detail) for file in listed} == {
            ("huge.log", ReasonCode.TOO_LARGE, "50000000"),
            ("sparse.txt", ReasonCode.TOO_LARGE, "50000000"),
        }
        report = bench.library.run_until_ready()
        assert {file.note for file in report.left_out} == {"huge.log", "sparse.txt"}


@pytest.mark.skipif(not IS_FULL, reason="full form only: indexes twenty million characters")
@pytest.mark.usefixtures("grown")
def test_when_the_limit_is_raised_the_beginning_of_a_giant_is_read(
    make_bench: Callable[..., ReaderBench], fault: Fault
) -> None:
    bench = make_bench(1)
    fill(bench.notes / "huge.log", LINE * 10_000, 1_000 * MB)
    with fault.trial():
        bench.add()
        assert bench.reasons() == {"huge.log": "too-large"}
        bench.limits = PoolLimits(max_bytes=1100 * MB, time_limit_s=60.0)
        bench.reopen(largest_note_bytes=1100 * MB)
        bench.settle(300.0)
        assert bench.states() == {"huge.log": "ready"}
        assert bench.reasons() == {"huge.log": "partial"}
        assert bench.found("elephant") == {"huge.log"}
        (end,) = bench.rows("SELECT max(end_at) FROM chunks")[0]
        assert 19 * MB < int(str(end)) <= 20 * MB


@pytest.mark.usefixtures("grown")
@pytest.mark.parametrize("name", ["line.txt", "line.md", "line.json", "line.html"])
def test_one_line_of_megabytes_is_read(
    make_bench: Callable[..., ReaderBench], fault: Fault, scale: Scale, name: str
) -> None:
    bench = make_bench(200)
    size = scale(1, 100) * MB
    fill(bench.notes / name, LINE.replace(b"\n", b" ") * 1_000, size)
    with fault.trial():
        bench.library.add_folder(str(bench.notes))
        bench.settle(300.0)
        assert bench.states() == {name: "ready"}
        assert bench.reasons() == ({} if size < 20 * MB else {name: "partial"})
        (end,) = bench.rows("SELECT max(end_at) FROM chunks")[0]
        assert int(str(end)) > min(size, 19 * MB)


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux only")
def test_what_does_not_fit_into_a_readers_memory_is_set_aside(
    make_bench: Callable[..., ReaderBench], fault: Fault
) -> None:
    bench = make_bench(200)
    bench.limits = PoolLimits(max_bytes=200 * MB, memory_bytes=300 * MB, time_limit_s=60.0)
    bench.reopen()
    fill(bench.notes / "large.txt", "渡轮九点出发，".encode() * 10_000, 60 * MB)
    bench.write("good.md", "Good words.")
    with fault.trial():
        bench.add()
        assert bench.states() == {"good.md": "ready", "large.txt": "failed"}
        assert bench.reasons() == {"large.txt": "out-of-memory"}
