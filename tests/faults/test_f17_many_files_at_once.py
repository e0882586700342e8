"""F17: a hundred thousand files appear at once. All are found, and afterwards nothing is done."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.faults.benches import NO_BRAKE, opened, until
from tests.faults.conftest import Fault


def test_all_are_found_while_the_folder_is_watched(
    fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]
) -> None:
    files = scale(2_000, 100_000)
    folders = files // 100
    with opened(tmp_path, watch=True, brake=NO_BRAKE) as bench, fault.trial():
        bench.write("first.md", "First words.")
        bench.add()
        for folder in range(folders):
            below = bench.notes / f"{folder % 10}" / f"{folder}"
            below.mkdir(parents=True)
            for number in range(files // folders):
                (below / f"{number}.md").write_text(f"Words {folder} {number}.", "utf-8")
        until(lambda: bench.library.counts().ready == files + 1, bench, patience_s=files / 10 + 100)
        bench.settle(files / 100 + 100)
        assert not bench.look_without_memory().anything
        process = psutil.Process(os.getpid())
        before, begun = process.cpu_times(), time.monotonic()
        time.sleep(scale(1, 60))
        after = process.cpu_times()
        share = (after.user + after.system - before.user - before.system) / (time.monotonic() - begun)
        print(f"idle: {share:.2%} of a core; {process.memory_info().rss / 1e6:.0f} MB")
        assert process.memory_info().rss < 1.5e9
