"""The engine's log: rotating, private, and never a word of a note."""

from __future__ import annotations

import logging
import logging.handlers
import sys
import threading
from pathlib import Path
from types import TracebackType

LARGEST_BYTES = 1_000_000
KEPT_FILES = 3


class _NoNoteText(logging.Formatter):
    """Exceptions are logged with their type and place only: their text may quote a note or a question."""

    def formatException(self, ei: object) -> str:  # noqa: N802 (logging's own name)
        assert isinstance(ei, tuple)
        kind, _, trace = ei
        lines = [f"  {kind.__name__ if kind else 'error'} at:"]
        while trace is not None:
            code = trace.tb_frame.f_code
            lines.append(f"    {Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return "\n".join(lines)


def start_log(path: Path) -> None:
    """Send this process's log to `path`, and uncaught exceptions of every thread with it."""
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=LARGEST_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
    )
    handler.setFormatter(_NoNoteText("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        root.error("uncaught", exc_info=(kind, error, trace))

    def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread
