"""How a command speaks: results to standard output, progress and failures to standard error."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from assistant.domain.errors import AssistantError

REDRAW_S = 0.2


class Output:
    """Owns both streams. as_json: one JSON object instead of text."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._shown = ""
        self._drawn_at = 0.0
        self._is_terminal = sys.stderr.isatty()

    def result(self, values: dict[str, Any], text: str) -> None:
        """The command's result: `values` with --json, else `text` for people."""
        self.clear_progress()
        print(json.dumps(values, ensure_ascii=False) if self.as_json else text)

    def raw(self, text: str) -> None:
        """A result that is a file's content: as it is, whatever was asked for."""
        self.clear_progress()
        print(text, end="")

    def piece(self, text: str) -> None:
        """Part of a result that arrives bit by bit; silent with --json."""
        if not self.as_json:
            self.clear_progress()
            print(text, end="", flush=True)

    def progress(self, line: str, *, now: bool = False) -> None:
        """Show a line of progress in place on a terminal; elsewhere, a line only when it matters (`now`)."""
        moment = time.monotonic()
        if self._is_terminal:
            if not now and moment - self._drawn_at < REDRAW_S:
                return
            self._drawn_at = moment
            print(f"\r\x1b[K{line[:160]}", end="", file=sys.stderr, flush=True)
            self._shown = line
        elif now and line != self._shown:
            print(line, file=sys.stderr, flush=True)
            self._shown = line

    def clear_progress(self) -> None:
        if self._is_terminal and self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._shown = ""

    def failure(self, line: str, error: AssistantError | None = None) -> None:
        """Say a failure in one line; with --json the object names its kind too."""
        self.clear_progress()
        if self.as_json:
            print(json.dumps({"error": error.kind if error else "stopped", "message": line}, ensure_ascii=False))
        print(f"elephant: {line}", file=sys.stderr)
