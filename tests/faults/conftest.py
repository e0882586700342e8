"""What every fault's test counts: how often the fault was tried, how often it was survived, and what was lost.

A test file is named after its fault (`test_f08_disk_full.py`). Bounded numbers run in CI; `python3 check.py --full faults` runs the full
ones of the fault matrix. Either way the table is printed at the end of the run.
"""

from __future__ import annotations

import json
import os
import platform
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
import pytest
from whole_engine import WholeEngine, whole_engine

IS_FULL = os.environ.get("ELEPHANT_FAULTS") == "full"
FULL_TIMEOUT_S = 4 * 3600

SMALL_NOTES = {
    "Lisbon.md": "# Lisbon\n\nThe flight to Lisbon leaves at 8:40 on Friday from gate 12. The hotel is near the river.\n",
    "Bread.md": "# Bread\n\nBake it for forty minutes in a hot oven. The dough rests for a night before.\n",
    "大象.md": "# 大象\n\n象群里最年长的大象名叫莫西，它今年六十一岁。\n",
}

_FAULT = re.compile(r"test_f(\d\d)_(\w+)$")
_PROPERTY = "fault"


@dataclass(slots=True)
class Record:
    """One fault's numbers. lost: acknowledged notes, chunks or messages that were not there afterwards."""

    number: str
    name: str
    tried: int = 0
    survived: int = 0
    lost: int = 0
    seconds: float = 0.0


_records: dict[str, Record] = {}
_failed: set[str] = set()


def write_small_notes(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, text in SMALL_NOTES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


class Fault:
    """The ledger of one test. A try that ends by an exception counts as not survived."""

    def __init__(self) -> None:
        self.tried = self.survived = self.losses = 0

    @contextmanager
    def trial(self) -> Iterator[None]:
        """One occurrence of the fault, with every check of what must hold after it."""
        self.tried += 1
        yield
        self.survived += 1

    def count(self, tried: int, survived: int) -> None:
        """Many occurrences at once; the test asserts for itself that they are equal."""
        self.tried += tried
        self.survived += survived

    def lost(self, what: int) -> None:
        """So many acknowledged things are gone. The test fails by itself."""
        self.losses += what


@pytest.fixture
def fault(request: pytest.FixtureRequest) -> Iterator[Fault]:
    assert _FAULT.match(request.path.stem), "a test that tries a fault stands in a file that is named after it"
    ledger = Fault()
    yield ledger
    # With the report, so that it arrives wherever the reports are gathered.
    request.node.user_properties.append((_PROPERTY, (ledger.tried, ledger.survived, ledger.losses)))


@pytest.fixture
def scale() -> Callable[[int, int], int]:
    """scale(bounded, full): how often to try."""
    return lambda bounded, full: full if IS_FULL else bounded


@pytest.fixture(scope="session")
def shared_engine(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[WholeEngine]:
    """An engine with the real models over `SMALL_NOTES`, settled; for the many tries that leave it as it was."""
    folder = tmp_path_factory.mktemp("shared")
    with whole_engine(folder / "data") as engine:
        engine.add(write_small_notes(folder / "notes"))
        engine.settle()
        yield engine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if IS_FULL:
        for item in items:
            item.add_marker(pytest.mark.timeout(FULL_TIMEOUT_S), append=False)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    match = _FAULT.match(Path(report.location[0]).stem)
    if match is None:
        return
    record = _records.setdefault(match[1], Record("F" + match[1], match[2].replace("_", " ")))
    record.seconds += report.duration
    if report.failed:
        _failed.add(report.nodeid)
    if report.when != "teardown":
        return
    tried, survived, lost = dict(report.user_properties).get(_PROPERTY, (0, 0, 0))
    if report.nodeid in _failed and tried == survived:
        tried += 1  # it failed outside of what counts itself
    record.tried += tried
    record.survived += survived
    record.lost += lost


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    records = [record for _, record in sorted(_records.items()) if record.tried]
    if not records:
        return
    terminalreporter.section("faults" if IS_FULL else "faults, bounded")
    for line in table(records):
        terminalreporter.write_line(line)
    if target := os.environ.get("ELEPHANT_FAULTS_REPORT"):
        Path(target).write_text(json.dumps([asdict(record) for record in records], indent=1), "utf-8")


def table(records: list[Record]) -> list[str]:
    """In Markdown, as it stands in docs/reliability.md."""
    memory_gb = psutil.virtual_memory().total / 1e9
    lines = [
        f"{time.strftime('%Y-%m-%d')}, {platform.system()} {platform.machine()}, {os.cpu_count()} logical cores, {memory_gb:.0f} GB",
        "",
        "| fault | | tried | survived | lost | s |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for record in records:
        numbers = f"{record.tried} | {record.survived} | {record.lost} | {record.seconds:.0f}"
        lines.append(f"| {record.number} | {record.name} | {numbers} |")
    lines.append(
        f"| all | {len(records)} faults | {sum(r.tried for r in records)} | {sum(r.survived for r in records)} | "
        f"{sum(r.lost for r in records)} | {sum(r.seconds for r in records):.0f} |"
    )
    return lines
