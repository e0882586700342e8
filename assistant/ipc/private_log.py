"""What every log of ours has in common: never a word of a note. An exception's own text may quote one, so only its type and place stand."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Any

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class PrivateFormatter(logging.Formatter):
    """Exceptions by type, file, line and function; those they came from likewise."""

    def __init__(self) -> None:
        super().__init__(FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        # A record keeps what the first formatter made of its exception, for all: that may have been a talkative one.
        kept, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = kept

    def formatException(self, ei: object) -> str:  # noqa: N802 (logging's own name)
        assert isinstance(ei, tuple)
        kind, error, trace = ei
        lines = [f"  {kind.__name__ if kind else 'error'} at:", *_places(trace)]
        cause = error.__cause__ or error.__context__ if error is not None else None
        while cause is not None and len(lines) < 200:
            lines += [f"  after {type(cause).__name__} at:", *_places(cause.__traceback__)]
            cause = cause.__cause__ or cause.__context__
        return "\n".join(lines)


def log_uncaught(log: logging.Logger) -> None:
    """Send uncaught exceptions of every thread, and those that nobody could catch, to a log; Python itself would write their text to
    standard error, which is kept too."""

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("uncaught", exc_info=(kind, error, trace))

    def uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            uncaught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def unraisable(arguments: sys.UnraisableHookArgs) -> None:  # in __del__, or in a callback from C
        if arguments.exc_value is not None:
            uncaught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    sys.excepthook = uncaught
    sys.unraisablehook = unraisable
    threading.excepthook = uncaught_in_thread


def log_to(handler: logging.Handler, level: int = logging.INFO, uncaught: str | None = None) -> None:
    """Send this process's log to a handler, and uncaught exceptions of every thread with it, under the name `uncaught`."""
    handler.setFormatter(PrivateFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    log_uncaught(logging.getLogger(uncaught))


def log_to_standard_error(level: int) -> None:
    """For a child process, whose standard error its parent keeps as a file."""
    log_to(logging.StreamHandler(sys.stderr), level)
    log_crashes(sys.stderr)


def log_crashes(file: IO[Any]) -> None:
    """When native code ends this process by a fault, write to a file where each thread was: files, lines and functions. It stays open."""
    faulthandler.enable(file)


def _places(trace: TracebackType | None) -> list[str]:
    lines = []
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"    {Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return lines
