"""What a window has kept for the next one, once its file is written."""

from __future__ import annotations

import threading
from pathlib import Path

from assistant.desktop.shell.window_state import WRITER_NAME, WindowState


def wait_written() -> None:
    for thread in threading.enumerate():
        if thread.name == WRITER_NAME:
            thread.join()


def kept_state(data_dir: Path) -> WindowState:
    wait_written()
    return WindowState(data_dir)
