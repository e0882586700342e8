"""The engine's log: rotating, private, and never a word of a note."""

from __future__ import annotations

import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from assistant.ipc.private_log import log_crashes, log_to

LARGEST_BYTES = 1_000_000
KEPT_FILES = 3


def start_log(path: Path) -> None:
    """Send this process's log to `path`, and uncaught exceptions of every thread with it; a crash in native code goes to standard error,
    which the window keeps as a file."""
    log_to(RotatingFileHandler(path, maxBytes=LARGEST_BYTES, backupCount=KEPT_FILES, encoding="utf-8"))
    log_crashes(sys.stderr)
