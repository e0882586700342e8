"""The engine's log: rotating, private, and never a word of a note."""

from __future__ import annotations

from logging.handlers import RotatingFileHandler
from pathlib import Path

from assistant.ipc.private_log import log_to

LARGEST_BYTES = 1_000_000
KEPT_FILES = 3


def start_log(path: Path) -> None:
    """Send this process's log to `path`, and uncaught exceptions of every thread with it."""
    log_to(RotatingFileHandler(path, maxBytes=LARGEST_BYTES, backupCount=KEPT_FILES, encoding="utf-8"))
