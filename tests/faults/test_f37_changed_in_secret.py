"""F37: content changes while size and time stay. The rolling check of contents finds it within a day, by its own clock."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from assistant.library.scanner import ScanTimes
from tests.faults.benches import opened, texts_as_indexed, until
from tests.faults.conftest import Fault

DAY_S = 86_400.0


def _change_in_secret(path: Path, text: str) -> None:
    before = path.stat()
    with path.open("r+b") as file:
        file.write(text.encode())
    assert path.stat().st_size == before.st_size
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_change_with_size_and_time_put_back_is_found(
    fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]
) -> None:
    with opened(tmp_path, watch=True, times=ScanTimes(rescan_s=0.1, poll_s=0.1, heartbeat_s=0.05)) as bench:
        paths = [bench.write(f"{number}.md", "Number 000.") for number in range(5)]
        bench.add()
        for turn in range(1, scale(1, 20) + 1):
            for path in paths:
                with fault.trial():
                    _change_in_secret(path, f"Number {turn:03}.")
                    until(lambda path=path, turn=turn: texts_as_indexed(bench)[path.name] == [f"Number {turn:03}."])  # type: ignore[misc]


def test_a_days_checks_look_at_every_note(fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]) -> None:
    """As many as a day has: each looks at the notes that were not looked at for longest."""
    notes = scale(150, 3000)
    times = ScanTimes(rescan_s=600.0)
    with opened(tmp_path, times=times) as bench:
        paths = [bench.write(f"{number}.md", f"Number {number:05}.") for number in range(notes)]
        bench.library.add_folder(str(bench.notes))
        bench.settle(100)
        for number, path in enumerate(paths):
            _change_in_secret(path, f"Secret {number:05}.")
        bench.settle()
        assert len(bench.found("secret")) == 0  # a comparison alone cannot see it
        folder = bench.library.catalog.files.folders()[0]
        for _ in range(int(DAY_S / times.rescan_s)):
            bench.library._scan()._check_some_contents(folder, folder.raw)
        bench.settle(100)
        found = sum(text[0].startswith("Secret") for text in texts_as_indexed(bench).values())
        fault.count(notes, found)
        assert found == notes
