"""Folders that behave like a network drive: they tell of no change, and each look at them takes its time."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.library import FolderState
from assistant.library import scan, watcher
from assistant.library.scanner import ScanTimes
from tests.unit.library.library_fakes import Bench

FOLDERS = 60
POLLING = ScanTimes(rescan_s=3600, poll_s=0.2, heartbeat_s=0.05)


class SlowDrive:
    """Each listing and each reading rests for a while, and `hold` keeps the next listing back until it is let go."""

    def __init__(self) -> None:
        self.listings = 0
        self.may_list = threading.Event()
        self.waits = threading.Event()
        self.may_list.set()
        self._real = os.scandir

    def scandir(self, path: str) -> Any:
        self.listings += 1
        if not self.may_list.is_set():
            self.waits.set()
            self.may_list.wait(20)
        time.sleep(0.003)
        return self._real(path)

    def hold(self) -> None:
        self.waits.clear()
        self.may_list.clear()


@pytest.fixture
def drive(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowDrive]:
    made = SlowDrive()
    slow = type("os", (), {**vars(os), "scandir": staticmethod(made.scandir)})
    monkeypatch.setattr(scan, "os", slow)
    monkeypatch.setattr(watcher, "_tells_of_changes", lambda root: False)
    yield made
    made.may_list.set()


@pytest.fixture
def bench(make_bench: Callable[..., Bench], drive: SlowDrive) -> Bench:
    bench = make_bench(watch=True, times=POLLING)
    bench.reader.before_read = lambda path: time.sleep(0.003)
    for number in range(FOLDERS):
        bench.write(f"{number}/note.md", f"Words of {number}, alike.")
    bench.add()
    return bench


def until(claim: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not claim():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def test_it_is_compared_on_a_timer_and_says_so(bench: Bench) -> None:
    (folder,) = bench.library.folders()
    assert (folder.state, folder.why_polling) == (FolderState.POLLING, "network")
    bench.write("7/late.md", "Heliotrope.")
    until(lambda: bench.found("heliotrope") == {"7/late.md"})
    (bench.notes / "7" / "late.md").rename(bench.notes / "8" / "later.md")
    until(lambda: bench.found("heliotrope") == {"8/later.md"})
    (bench.notes / "8" / "later.md").unlink()
    until(lambda: bench.found("heliotrope") == set())
    assert bench.embedder.embedded.count("\nHeliotrope.") == 1, "a rename embeds nothing"


def test_what_is_known_is_found_while_a_look_does_not_end(bench: Bench, drive: SlowDrive) -> None:
    drive.hold()
    assert drive.waits.wait(20)
    assert len(bench.found("alike")) == FOLDERS
    assert bench.library.counts().ready == FOLDERS
    assert bench.library.folders()[0].state == FolderState.POLLING


def test_closing_does_not_wait_for_the_whole_look(bench: Bench, drive: SlowDrive) -> None:
    drive.hold()
    assert drive.waits.wait(20)
    before = drive.listings
    closing = threading.Thread(target=bench.library.close)
    closing.start()
    time.sleep(0.1)
    drive.may_list.set()
    closing.join(20)
    assert not closing.is_alive()
    assert drive.listings - before < FOLDERS // 2


@pytest.mark.skipif(sys.platform != "linux", reason="the table of mounts is Linux's")
def test_network_drives_are_known_by_the_table_of_mounts(tmp_path: Path) -> None:
    table = tmp_path / "mounts"
    table.write_text(
        "/dev/sda1 / ext4 rw 0 0\n//nas/notes /mnt/my\\040notes cifs rw 0 0\n/dev/sdb1 /mnt/my\\040notes/local ext4 rw 0 0\n", "utf-8"
    )  # fmt: skip
    tells = watcher._tells_of_changes
    assert tells("/home/ann/notes", table)
    assert not tells("/mnt/my notes", table)
    assert not tells("/mnt/my notes/deep/er", table)
    assert tells("/mnt/my notes/local/x", table)
    assert tells("/mnt/my notes too", table)
