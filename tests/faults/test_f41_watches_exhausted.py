"""F41: the system grants no more watches or instances, or drops events. Polling takes over and says so; what was dropped is looked for."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.domain.library import FolderState
from tests.faults.benches import EVENTS_ONLY, in_namespace, opened, until
from tests.faults.conftest import Fault

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")


@pytest.mark.parametrize("watches", [0, 21])
def test_too_few_watches_mean_polling(fault: Fault, tmp_path: Path, watches: int) -> None:
    with fault.trial():
        in_namespace("few_watches", tmp_path, watches)


def test_no_instance_means_polling(fault: Fault, tmp_path: Path) -> None:
    with fault.trial():
        in_namespace("no_instances", tmp_path)


def test_after_an_overflow_everything_is_looked_at(
    fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scale: Callable[[int, int], int]
) -> None:
    """The system's queue of events runs full while nobody reads it; the change behind it is told by nobody."""
    from watchdog.observers.inotify_c import InotifyFD

    hold, held = threading.Event(), threading.Event()
    hold.set()
    real = InotifyFD.read_events

    def read(self: InotifyFD, **given: int) -> object:
        if not hold.is_set():
            held.set()
            hold.wait(60)
        return real(self, **given)

    monkeypatch.setattr(InotifyFD, "read_events", read)
    longest = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text("ascii"))
    with opened(tmp_path, watch=True, quiet_s=0.05, times=EVENTS_ONLY) as bench:
        one, two = bench.write("noise/one.md", "One."), bench.write("noise/two.md", "Two.")
        bench.write("quiet/three.md", "Three.")
        bench.add()
        for turn in range(scale(2, 20)):
            with fault.trial():
                assert bench.library.folders()[0].state == FolderState.WATCHING
                hold.clear()
                held.clear()
                bench.write("noise/wake.md", "Wake.")
                assert held.wait(30)
                for number in range(longest // 2 + 100):
                    os.utime(one, (number, number))
                    os.utime(two, (number, number))
                bench.write("quiet/three.md", f"Three, told by nobody{turn}x.")
                hold.set()
                until(lambda turn=turn: bench.found(f"nobody{turn}x") == {"quiet/three.md"}, bench)  # type: ignore[misc]
                bench.write("quiet/four.md", f"Four, watched again{turn}x.")
                until(lambda turn=turn: bench.found(f"again{turn}x") == {"quiet/four.md"}, bench)  # type: ignore[misc]
