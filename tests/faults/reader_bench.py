"""Readers within reach of a test: one process spoken to in plain lines, and a small library that reads by real processes."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import msgspec

from assistant.documents.reading import SUPPORTED_SUFFIXES
from assistant.ipc.reader_messages import READER_EXIT_REASONS, ReaderEvent, ReaderRequest, ReadNote
from assistant.ipc.supervisor import ChildCommand
from assistant.ipc.wire import EventLine, RequestLine
from assistant.library.library import Library
from assistant.library.reader_pool import PoolLimits, ReaderPool
from tests.unit.library.library_fakes import Bench, HashingEmbedder

ROOT = Path(__file__).resolve().parents[2]
MEMORY_LIMIT_BYTES = 1_500_000_000
TREACHEROUS = ChildCommand((sys.executable, "-m", "tests.faults.treacherous_reader"))

REFUSALS = frozenset({"damaged", "no-text", "empty", "not-text", "unsupported", "encrypted", "bomb", "too-large"})
"""Reasons that a reader gives and goes on."""

LIMITS = frozenset({"timed-out", "out-of-memory"})
"""Reasons that end a reader, by its own hand."""


class OneReader:
    """One reader process, spoken to in plain lines; started anew when a file has ended it."""

    def __init__(self, time_limit_s: float = 20.0) -> None:
        self._time_limit_s = time_limit_s
        self._process: subprocess.Popen[bytes] | None = None
        self._calls = 0
        self.starts = 0

    @property
    def process(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self.starts += 1
            self._process = subprocess.Popen(
                [sys.executable, "-m", "assistant", "_reader"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
            )
        return self._process

    def ask(self, body: ReaderRequest) -> EventLine[Any] | int:
        """The last event of the call, or the exit code if the process ended instead."""
        process = self.process
        assert process.stdin is not None and process.stdout is not None
        # A reader that neither answers nor ends must fail the test, not hang it.
        fuse = threading.Timer(self._time_limit_s + 60, process.kill)
        fuse.start()
        self._calls += 1
        process.stdin.write(msgspec.json.encode(RequestLine(id=self._calls, body=body)) + b"\n")
        process.stdin.flush()
        line = process.stdout.readline()
        fuse.cancel()
        if not line:
            code = process.wait()
            self.close()
            return code
        return msgspec.json.decode(line, type=EventLine[ReaderEvent])

    def reason(self, path: Path, **options: Any) -> str:
        """ "read", the reason it was refused for, or "crashed" with the exit code."""
        limits = {"time_limit_s": self._time_limit_s, "memory_limit_bytes": MEMORY_LIMIT_BYTES} | options
        return outcome(self.ask(ReadNote(path=str(path), **limits)))

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def outcome(answer: EventLine[Any] | int) -> str:
    if isinstance(answer, int):
        return READER_EXIT_REASONS[answer].value if answer in READER_EXIT_REASONS else f"crashed ({answer})"
    return str(answer.error.fields.get("reason", answer.error.kind)) if answer.error else "read"


class ReaderBench(Bench):
    """A library whose notes are read by real processes."""

    def __init__(
        self, base: Path, *, limits: PoolLimits | None = None, command: ChildCommand | None = None, **options: object
    ) -> None:
        self.limits, self.command = limits or PoolLimits(), command
        super().__init__(base, **({"suffixes": SUPPORTED_SUFFIXES} | options))

    def open(self, *, embedder: HashingEmbedder | None = None) -> Library:
        self.pool = ReaderPool(limits=self.limits, command=self.command)  # the library closed the last one
        self.reader = self.pool  # type: ignore[assignment]
        return super().open(embedder=embedder)

    def reasons(self) -> dict[str, str]:
        """Of the files that have one."""
        return {
            str(note): str(reason) for note, reason in self.rows("SELECT note, reason FROM files WHERE reason != ''")
        }
