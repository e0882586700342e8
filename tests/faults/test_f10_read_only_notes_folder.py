"""F10: a notes folder that refuses every write. Elephant only reads it, so everything works."""

from __future__ import annotations

from pathlib import Path

from tests.faults.benches import in_namespace
from tests.faults.conftest import Fault


def test_everything_works_over_a_folder_that_is_mounted_read_only(fault: Fault, tmp_path: Path) -> None:
    with fault.trial():
        in_namespace("read_only", tmp_path)
