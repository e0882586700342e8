"""F24: what a crashed Elephant left behind, locks with the number of a process that is another one now, keeps nobody out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.desktop.shell.single_instance import SingleInstance
from assistant.engine.engine import Engine
from assistant.engine.paths import DataPaths
from tests.faults.conftest import Fault

FORGED = (b"", b"1\n", b"999999999\n", b"%d\nhost\n", b"\x00" * 4096, b"not a number")


def test_forged_and_left_over_lock_files_keep_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault, scale: Callable[[int, int], int]
) -> None:
    """Only the system's own lock counts, and that one dies with its process; a file of that name means nothing."""
    monkeypatch.setenv("ELEPHANT_MODELS_DIR", str(tmp_path / "none"))
    forged = [content.replace(b"%d", str(os.getpid()).encode()) for content in FORGED]
    data = tmp_path / "data"
    Engine.open(DataPaths(data), watch=False).close()
    locks = {data / "window.lock", *data.glob("run/wish-*"), *data.rglob("*lock*")}
    assert data / "engine.lock" in locks
    for content in forged * scale(1, 5):
        with fault.trial():
            for path in locks:
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
            engine = Engine.open(DataPaths(data), watch=False, index=False)
            assert engine.library.folders() == []
            engine.close()
            window = SingleInstance(data)
            assert window.take()
            window.release()
