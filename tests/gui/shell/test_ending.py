"""The end of the window's process: at any moment it is told to, and nothing of a window outlives the application."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve()
ROOT = HERE.parents[3]

WINDOW = """
import gc, json, os, signal, sys
from fake_engine import FakeLink
from PySide6.QtCore import QTimer
from assistant.desktop.shell import app

def tell_to_end():
    os.kill(os.getpid(), signal.SIGTERM)

def tell_to_end_what_would_stay(desktop):
    desktop.window.stays_when_closed = True
    tell_to_end()

seen = {}

class Desktop(app.Desktop):
    def _make_window(self):
        seen["collects"] = gc.isenabled()
        if MOMENT == "making":
            tell_to_end()
        window = super()._make_window()
        window.closing.connect(lambda: seen.update(told_of_staying=self._state.told_of_staying()))
        return window

    def start(self, wish):
        super().start(wish)
        if MOMENT == "running":
            QTimer.singleShot(300, lambda: tell_to_end_what_would_stay(self))

app.Desktop = Desktop
app.ProcessEngineLink = lambda _command: FakeLink()
code = app.main(["--data-dir", DATA])
print(json.dumps(seen))
sys.exit(code)
"""


@pytest.mark.skipif(os.name == "nt", reason="a window on Windows is not ended by a signal")
@pytest.mark.parametrize("moment", ["making", "running"])
def test_told_to_it_ends_in_order(tmp_path, moment):
    code = f"MOMENT = {moment!r}\nDATA = {str(tmp_path)!r}\n{WINDOW}"
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE.parents[1]}"}
    done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "collects": False,  # threads run already, and what they collect they would delete
        "told_of_staying": False,  # the program ends, window or not
    }
    log = tmp_path / "logs" / "window.log"
    assert "qt:" not in (log.read_text(encoding="utf-8") if log.exists() else "")
    assert (tmp_path / "logs" / "window-crashes.log").read_bytes() == b""
