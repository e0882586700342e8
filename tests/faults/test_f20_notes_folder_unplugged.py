"""F20: the notes folder's disk goes and comes back. The index is kept, and follows again."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from assistant.domain.library import FolderState
from tests.faults.benches import EVENTS_ONLY, in_namespace, opened, tree_bytes, until
from tests.faults.conftest import IS_FULL, Fault


def test_a_disk_that_is_unmounted_and_mounted_again(
    fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]
) -> None:
    times = scale(3, 20)
    shortest_s, longest_s = (5, 300) if IS_FULL else (0.2, 1.0)
    result = in_namespace("unmount", tmp_path, times, shortest_s, longest_s)
    print("slowest return", result["slowest_s"], "s")
    assert result["slowest_s"] <= 30
    fault.count(times, times)


def test_a_folder_that_goes_and_comes_back(fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]) -> None:
    with opened(tmp_path, watch=True, quiet_s=0.05, times=EVENTS_ONLY) as bench:
        for number in range(20):
            bench.write(f"sub/{number}.md", f"Words of {number}.")
        bench.add()
        bench.embedder.embedded.clear()
        before = tree_bytes(bench.notes)
        away = bench.notes.with_name("away")
        for _ in range(scale(3, 20)):
            with fault.trial():
                bench.notes.rename(away)
                until(lambda: bench.library.folders()[0].state == FolderState.MISSING, bench)
                assert len(bench.found("words")) == 20
                time.sleep(0.1)
                away.rename(bench.notes)
                until(lambda: bench.library.folders()[0].state == FolderState.WATCHING, bench)
                bench.write("sub/extra.md", "Extra, live again.")
                until(lambda: bench.found("extra") == {"sub/extra.md"}, bench)
                (bench.notes / "sub" / "extra.md").unlink()
                until(lambda: bench.found("extra") == set(), bench)
        assert set(bench.embedder.embedded) == {"\nExtra, live again."}
        assert tree_bytes(bench.notes) == before
        assert len(bench.found("words")) == 20
