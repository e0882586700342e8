"""The application in a process of its own, on a screen: opened on a folder, asked a question by keyboard, closed, opened again.

All of it without a network, where the system lets us take it away: in a network namespace that has not even loopback.

Screenshots are kept in tests/output/ for people to look at.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from driven_screen import OUTPUT, ROOT, ask, count, ready_notes, screenshot, wait_for, windows

QUESTION = "When does our flight to Lisbon leave?"

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="drives a virtual X11 screen"),
    pytest.mark.timeout(400),
]


def without_network() -> list[str]:
    """What to put before a command so that it runs with no network at all; nothing if the system refuses that."""
    command = ["unshare", "--map-root-user", "--net"]
    try:
        is_possible = subprocess.run([*command, "true"], capture_output=True, timeout=20).returncode == 0
    except OSError:
        is_possible = False
    return command if is_possible else []


class App:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [*without_network(), sys.executable, "-m", "assistant", "--data-dir", str(self.data), *arguments]
        OUTPUT.mkdir(exist_ok=True)
        with (OUTPUT / "app.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        self.process = self.process or process
        return process

    def close(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.process = None
        return code


@pytest.fixture
def app(tmp_path: Path, models_dir: Path) -> Iterator[App]:
    if not os.environ.get("DISPLAY") or not shutil.which("xdotool"):
        pytest.fail(
            "the e2e tier needs a screen (xvfb) and xdotool; `python3 check.py e2e` brings the screen", pytrace=False
        )
    made = App(tmp_path / "data")
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait()


def test_folder_in_cited_answer_out_and_back_after_a_restart(app: App, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    shutil.copytree(ROOT / "resources" / "sample-notes", notes)
    before = {path: path.read_bytes() for path in sorted(notes.rglob("*")) if path.is_file()}

    process = app.start(str(notes))
    wait_for(lambda: bool(windows()), "a window is shown")
    wait_for(lambda: ready_notes(app.data) == len(before), "every note is ready")
    screenshot("1-indexed")
    ask(QUESTION, app.data)
    time.sleep(1.0)  # for the picture only: the last words are being drawn
    screenshot("2-answered")

    second = app.start()  # raises the first window instead of opening another
    assert second.wait(30) == 0
    assert process.poll() is None
    assert len(windows()) == 1

    assert app.close() == 0
    assert {path: path.read_bytes() for path in sorted(notes.rglob("*")) if path.is_file()} == before
    app.start()
    wait_for(lambda: bool(windows()), "the window is shown again")
    time.sleep(3.0)  # for the picture only
    screenshot("3-again")
    assert count(app.data, "conversations.sqlite", "SELECT count(*) FROM turns") == 1
    assert app.close() == 0
