"""F42: few file handles, no place for temporary files, no home, libraries that cannot be written. It works, or says so and recovers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
from whole_engine import wait_for

from assistant.domain.errors import ProcessBrokenError, ProcessDiedError
from assistant.ipc import engine_messages as m
from assistant.ipc.supervisor import ChildCommand, Supervisor, own_command
from tests.faults.conftest import Fault, write_small_notes

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="limits and mounts of Linux"),
    pytest.mark.timeout(300),
]

PACKAGES = sysconfig.get_path("purelib")
READ_ONLY_PACKAGES = f'mount --bind "{PACKAGES}" "{PACKAGES}" && mount -o remount,bind,ro "{PACKAGES}" && exec "$@"'


def _wrapped(ways: list[str], argv: tuple[str, ...], nowhere: Path) -> tuple[str, ...]:
    """A command under some of the conditions. nowhere: a path at which nothing can be made."""
    if "handles" in ways:
        argv = ("sh", "-c", 'ulimit -n 256; exec "$@"', "sh", *argv)
    if "temp" in ways:
        argv = ("env", f"TMPDIR={nowhere}", *argv)
    if "home" in ways:
        argv = ("env", f"HOME={nowhere}", f"XDG_CACHE_HOME={nowhere}", f"XDG_CONFIG_HOME={nowhere}", *argv)
    if "packages" in ways and _may_mount():
        argv = ("unshare", "-m", "sh", "-c", READ_ONLY_PACKAGES, "sh", *argv)
    return argv


def _may_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    return (
        subprocess.run(["unshare", "-m", "sh", "-c", READ_ONLY_PACKAGES, "sh", "true"], capture_output=True).returncode
        == 0
    )


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    path = tmp_path / "a file"
    path.write_text("no folder", "utf-8")
    return path / "below it"


def test_engine_indexes_and_searches_in_a_bare_environment(
    tmp_path: Path, models_dir: Path, nowhere: Path, fault: Fault, scale: Callable[[int, int], int]
) -> None:
    everything = ["handles", "temp", "home", "packages"]
    notes = write_small_notes(tmp_path / "notes")
    for ways in [everything, *[[one] for one in everything][: scale(0, 4)]]:
        with fault.trial():
            data = tmp_path / "-".join(ways)
            argv = own_command("_engine", "--data-dir", str(data)).argv
            link = Supervisor("engine", ChildCommand(_wrapped(ways, argv, nowhere), tmp_path / "log"), m.EngineEvent)
            try:
                _index_and_search(link, notes)
            finally:
                link.stop(10.0)
            log = (data / "logs" / "engine.log").read_text("utf-8")
            assert "ERROR" not in log, log


def _index_and_search(link: Supervisor, notes: Path) -> None:
    link.call(m.AddFolder(str(notes))).result()

    def is_ready() -> bool:
        counts = link.call(m.GetStatus()).result().counts
        return bool(counts.ready == 3 and counts.embedded == counts.chunks)

    wait_for(is_ready)
    found = link.call(m.SearchNotes("At what hour do we depart by plane?")).result()
    assert found.passages[0].note == "Lisbon.md"
    assert link.call(m.OpenSource(found.passages[0].folder_id, "Lisbon.md")).result().document.text


def test_engine_without_any_handle_is_given_up_and_starts_when_there_are_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    monkeypatch.setattr(Supervisor, "BACK_OFF_S", (0.01,))
    monkeypatch.setenv("ELEPHANT_MODELS_DIR", str(tmp_path / "none"))
    allowed = tmp_path / "handles"
    allowed.write_text("4", "utf-8")
    argv = own_command("_engine", "--data-dir", str(tmp_path / "data")).argv
    command = ("sh", "-c", f'ulimit -n "$(cat "{allowed}")"; exec "$@"', "sh", *argv)
    link = Supervisor("engine", ChildCommand(command, tmp_path / "log"), m.EngineEvent)
    try:
        with fault.trial():
            for _ in range(3):
                with pytest.raises((ProcessDiedError, ProcessBrokenError)):
                    link.call(m.Hello()).result()
            wait_for(lambda: link.health.state == "broken")
            allowed.write_text(str(os.sysconf("SC_OPEN_MAX")), "utf-8")
            link.reset()
            assert link.call(m.Hello()).result().version
    finally:
        link.stop(10.0)
