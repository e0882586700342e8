"""The engine's log: rotating, private, and never a word of a note."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

from assistant.ipc.private_log import PrivateFormatter, log_uncaught

LARGEST_BYTES = 1_000_000
KEPT_FILES = 3


def start_log(path: Path) -> None:
    """Send this process's log to `path`, and uncaught exceptions of every thread with it."""
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=LARGEST_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
    )
    handler.setFormatter(PrivateFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    log_uncaught(root)
