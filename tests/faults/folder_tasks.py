"""What can be tried only as root of a namespace: mounts, and limits of the system. Arguments: task, base folder, numbers.

Each task prints one line of JSON at its end; an assertion that fails ends it with an error.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from assistant.domain.library import FolderState
from assistant.library.scanner import ScanTimes
from tests.faults.benches import EVENTS_ONLY, NO_BRAKE, opened, tree_bytes, until
from tests.unit.library.library_fakes import Bench


def mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


def state(bench: Bench) -> FolderState:
    return bench.library.folders()[0].state


def read_only(base: Path) -> dict[str, object]:
    """A notes folder on a mount that refuses every write."""
    notes = base / "notes"
    notes.mkdir(parents=True)
    for number in range(20):
        (notes / f"{number}.md").write_text(f"# Note {number}\n\nWords that stay.", "utf-8")
    before = tree_bytes(notes)
    mount("--bind", notes, notes)
    mount("-o", "remount,ro,bind", notes)
    with opened(base, watch=True, times=EVENTS_ONLY) as bench:
        folder_id = bench.add()
        assert state(bench) == FolderState.WATCHING
        assert set(bench.states().values()) == {"ready"} and len(bench.found("stay")) == 20
        assert bench.library.resolve(folder_id, "3.md").read_text("utf-8").startswith("# Note 3")
        bench.reopen()
        bench.settle()
        assert set(bench.states().values()) == {"ready"}
        bench.library.remove_folder(folder_id)
    assert tree_bytes(notes) == before
    return {}


def unmount(base: Path, times: float, shortest_s: float, longest_s: float) -> dict[str, object]:
    """The folder's disk is taken away and comes back, each time changed by one note."""
    disk, notes = base / "disk", base / "notes"
    disk.mkdir(parents=True)
    notes.mkdir()
    mount("-t", "tmpfs", "none", disk)
    for number in range(20):
        (disk / f"{number}.md").write_text(f"Words of {number}.", "utf-8")
    mount("--bind", disk, notes)
    slowest_s = 0.0
    with opened(base, watch=True, quiet_s=0.05, times=EVENTS_ONLY) as bench:
        bench.add()
        embedded = len(bench.embedder.embedded)
        for turn in range(int(times)):
            subprocess.run(["umount", str(notes)], check=True)
            until(lambda: state(bench) == FolderState.MISSING, bench)
            assert len(bench.found("words")) == 20
            (disk / "0.md").write_text(f"Words while away{turn}x.", "utf-8")
            time.sleep(shortest_s * (longest_s / shortest_s) ** (turn / max(1, times - 1)))
            mount("--bind", disk, notes)
            slowest_s = max(slowest_s, until(lambda: state(bench) == FolderState.WATCHING, bench))
            until(lambda turn=turn: bench.found(f"away{turn}x") == {"0.md"}, bench)  # type: ignore[misc]
            (notes / "1.md").write_text(f"Words when live again{turn}x.", "utf-8")
            until(lambda turn=turn: bench.found(f"again{turn}x") == {"1.md"}, bench)  # type: ignore[misc]
            until(lambda: len(bench.found("words")) == 20, bench)
        embedded = len(bench.embedder.embedded) - embedded
        assert embedded <= 2 * times, embedded
        bench.settle()
        assert not bench.library.folders()[0].pending_deletes
    return {"slowest_s": round(slowest_s, 2)}


def few_watches(base: Path, watches: float) -> dict[str, object]:
    """A person may have so many watches only; the folder needs more."""
    Path("/proc/sys/user/max_inotify_watches").write_text(str(int(watches)), "ascii")
    return _polled(base)


def no_instances(base: Path) -> dict[str, object]:
    Path("/proc/sys/user/max_inotify_instances").write_text("0", "ascii")
    return _polled(base)


def _polled(base: Path) -> dict[str, object]:
    times = ScanTimes(rescan_s=3600, poll_s=0.5, heartbeat_s=0.1)
    with opened(base, watch=True, quiet_s=0.05, times=times, brake=NO_BRAKE) as bench:
        for number in range(60):
            bench.write(f"folder {number}/note.md", f"Words of {number}.")
        bench.library.add_folder(str(bench.notes))
        until(lambda: len(bench.found("words")) == 60, bench)
        assert state(bench) == FolderState.POLLING
        bench.write("folder 59/late.md", "Late words.")
        bench.write("folder 60/note.md", "Late words.")
        (bench.notes / "folder 0" / "note.md").unlink()
        found_s = until(lambda: len(bench.found("words")) == 61, bench)
        assert state(bench) == FolderState.POLLING
    return {"found_s": round(found_s, 2)}


TASKS = {
    "read_only": read_only,
    "unmount": unmount,
    "few_watches": few_watches,
    "no_instances": no_instances,
}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](Path(sys.argv[2]), *map(float, sys.argv[3:]))))  # type: ignore[operator]
