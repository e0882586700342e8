"""The N-th write, sync or rename fails, for each N: said, got over, nothing lost and nothing corrupt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import IS_FULL, Fault
from tests.faults.disk_log import compiled_shim, shimmed

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("what", "bounded"), [("chats", 40), ("library", 4)])
def test_one_failure_of_the_disk_is_survived(
    fault: Fault, tmp_path: Path, what: str, bounded: int, scale: Callable[[int, int], int]
) -> None:
    shim = compiled_shim(tmp_path)
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.failing_disk_child", what, str(folder), str(scale(bounded, 0))],
        cwd=ROOT,
        env=os.environ | shimmed(shim, folder),
        capture_output=True,
        text=True,
        timeout=3 * 3600 if IS_FULL else 100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    for result in json.loads(done.stdout.splitlines()[-1]):
        with fault.trial():
            assert result["wrong"] == [], result
            assert set(result["errors"]) <= {"store-unavailable", "disk-full"}, result
