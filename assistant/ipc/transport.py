"""JSON lines over pipes: whole messages out from any thread, whole lines in, and nothing else on the wire."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from assistant.ipc.wire import MAX_LINE_BYTES


class WireClosedError(Exception):
    """The other side has gone, or sent something that cannot be a message."""


class LineWriter:
    """Writes one message a line. Thread: any; lines never interleave."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._encoder = msgspec.json.Encoder()

    def write(self, message: msgspec.Struct) -> None:
        """Raises WireClosedError when the other side has gone."""
        line = self._encoder.encode(message) + b"\n"
        try:
            with self._lock:
                self._stream.write(line)
                self._stream.flush()
        except (OSError, ValueError) as error:
            raise WireClosedError(str(error)) from error

    def close(self) -> None:
        """Let the other side read end-of-file. Waits for a line being written."""
        try:
            with self._lock:
                self._stream.close()
        except OSError:
            pass  # a broken pipe on the flush of close: it is closed all the same


def read_lines(stream: BinaryIO, limit_bytes: int = MAX_LINE_BYTES) -> Iterator[bytes]:
    """Yield lines until end-of-file. Raises WireClosedError for a line longer than `limit_bytes` or a line cut by the end."""
    while True:
        try:
            line = stream.readline(limit_bytes)
        except (OSError, ValueError) as error:
            raise WireClosedError(str(error)) from error
        if not line:
            return
        if not line.endswith(b"\n"):
            raise WireClosedError("a line was cut or too long")
        yield line


def take_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the real standard input and output for messages and turn everybody else away from them.

    Whatever a library prints afterwards, from Python or C, goes to standard error, which the parent keeps as a log. The private
    copies are not inherited, so a grandchild cannot hold the pipe open. Call once, before any heavy import.
    """
    reading, writing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdin = open(os.devnull)  # noqa: SIM115 (lives as long as the process)
    sys.stdout = sys.stderr
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(reading, os.O_BINARY)
        msvcrt.setmode(writing, os.O_BINARY)
    return os.fdopen(reading, "rb", buffering=1 << 16), os.fdopen(writing, "wb", buffering=1 << 16)
