"""What the tests of faults of folders share: a library over a folder, the folder's bytes, and a system in which more is allowed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.library.ports import NoteReader
from assistant.library.reconcile import BrakeLimits
from assistant.library.scanner import ScanTimes
from tests.unit.library.library_fakes import Bench

ROOT = Path(__file__).resolve().parents[2]
NO_BRAKE = BrakeLimits(notes=10**9, share=2.0)
PATIENCE_S = 100.0
EVENTS_ONLY = ScanTimes(rescan_s=3600, poll_s=3600, heartbeat_s=0.1, after_folders_s=1)
"""Nothing but what the system tells, and the second look after folders have come or gone."""


@contextmanager
def opened(base: Path, reader: NoteReader | None = None, **options: object) -> Iterator[Bench]:
    """A library over `base/notes`, closed at the end."""
    bench = Bench(base, **options)
    try:
        if reader is not None:
            bench.library.close()
            bench.reader = reader  # type: ignore[assignment]
            bench.open()
        yield bench
    finally:
        bench.library.close()


def until(claim: Callable[[], bool], bench: Bench | None = None, patience_s: float = PATIENCE_S) -> float:
    """Wait for it; returns the seconds."""
    begun = time.monotonic()
    while not claim():
        busy = bench.library.why_busy() if bench is not None else ""
        assert time.monotonic() - begun < patience_s, f"it did not come to pass; {busy}"
        time.sleep(0.02)
    return time.monotonic() - begun


def tree_bytes(folder: Path) -> dict[str, bytes | str]:
    """All of a folder: files by their bytes, links by where they lead, others by their kind. Links are not followed."""
    found: dict[str, bytes | str] = {}
    for under, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(under, name)
            key = str(path.relative_to(folder))
            if path.is_symlink():
                found[key] = str(path.readlink())
            elif path.is_file():
                found[key] = path.read_bytes()
            else:
                found[key] = oct(path.lstat().st_mode)
    return found


def texts_as_indexed(bench: Bench) -> dict[str, list[str]]:
    """Each note's chunks, by its exact path."""
    found: dict[str, list[str]] = {}
    for raw, text in bench.rows(
        "SELECT f.raw, c.text FROM files f JOIN chunks c ON c.file_id = f.id ORDER BY f.raw, c.ordinal"
    ):
        assert isinstance(raw, bytes)
        found.setdefault(os.fsdecode(raw), []).append(str(text))
    return found


def may_unshare() -> bool:
    """Whether the system lets us be root of a user and mount namespace of our own."""
    if not sys.platform.startswith("linux") or shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-Urm", "true"], check=False, capture_output=True).returncode == 0


def in_namespace(task: str, base: Path, *numbers: float) -> dict[str, Any]:
    """Run a task of folder_tasks.py as root of a namespace of its own; skips where the system refuses. What it printed last, as JSON."""
    if not may_unshare():
        pytest.skip("the system lets nobody have a namespace of his own")
    done = subprocess.run(
        ["unshare", "-Urm", sys.executable, "-m", "tests.faults.folder_tasks", task, str(base), *map(str, numbers)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(result, dict)
    return result
