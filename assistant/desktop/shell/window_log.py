"""The window's log: what went wrong here, never a word of a note."""

from __future__ import annotations

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from assistant.ipc.private_log import log_crashes, log_to

CRASHES = "window-crashes.log"
LARGEST_BYTES = 1_000_000

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def start_log(path: Path) -> None:
    """Send log records, uncaught exceptions of every thread and Qt's own messages to a rotating file; where each thread was when native code
    crashed, to a file beside it, which stays open and so cannot rotate."""
    log_to(_handler(path), uncaught=__name__)
    with suppress(OSError):
        log_crashes(path.with_name(CRASHES).open("ab"))
    qInstallMessageHandler(_on_qt_message)


def stop_log() -> None:
    """Qt's own messages go to standard error from here on: they may still come when Python has gone."""
    qInstallMessageHandler(None)


def _handler(path: Path) -> logging.Handler:
    """Into the file; where the folder cannot be written, to standard error."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.open("ab").close()
    except OSError:
        return logging.StreamHandler()
    return RotatingFileHandler(path, maxBytes=LARGEST_BYTES, backupCount=1, encoding="utf-8", delay=True)


def _on_qt_message(level: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(level, logging.WARNING), "%s: %s", context.category, message)
