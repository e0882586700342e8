"""Runs a test module's function on a small disk of its own, in a process whose mounts nobody else sees. Linux only."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SIZE_MB = 12


def on_a_small_disk(script: str, disk: Path, *arguments: object) -> Any:
    """Run `tests/faults/SCRIPT` with a tmpfs of 12 MB at `disk`, and give back the JSON that it printed last."""
    way_in = _way_in()
    if way_in is None:
        pytest.skip("this system allows no mounts of our own")
    disk.mkdir(parents=True)
    mount = f"mount -t tmpfs -o size={SIZE_MB}m,mode=700 small {disk}"
    run = [sys.executable, "-m", f"tests.faults.{script}", str(disk), *map(str, arguments)]
    done = subprocess.run(
        [*way_in, "sh", "-c", f'{mount} && exec "$@"', "sh", *run],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return json.loads(done.stdout.splitlines()[-1])


class Ballast:
    """Fills the disk but for some bytes, and gives the room back."""

    def __init__(self, disk: Path) -> None:
        self._path = disk / "ballast"

    def leave(self, free_bytes: int) -> None:
        self.drop()
        room = shutil.disk_usage(self._path.parent).free - free_bytes
        self._path.write_bytes(bytes(max(0, room)))

    def drop(self) -> None:
        self._path.unlink(missing_ok=True)


@cache
def _way_in() -> list[str] | None:
    for flags in ("-m", "-Urm"):
        way = ["unshare", flags]
        try:
            tried = subprocess.run([*way, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
        except OSError:
            return None
        if tried.returncode == 0:
            return way
    return None
