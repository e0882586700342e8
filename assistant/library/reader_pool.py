"""Reader processes: one file at a time each, limited in time and memory, thrown away at the first doubt.

A file that kills or stalls its reader costs that file only. Before a death is blamed on the file, a fresh reader has to read a
note of our own: if that fails too, the readers are broken, and no note is marked as failed for it.
"""

from __future__ import annotations

import contextlib
import queue
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.domain.documents import Document, ReasonCode
from assistant.domain.errors import (
    AssistantError,
    Cancelled,
    NoteMissingError,
    NoteUnreadableError,
    ProcessBrokenError,
    ProcessDiedError,
)
from assistant.ipc.reader_messages import (
    READER_EXIT_REASONS,
    ImageRendered,
    NoteRead,
    PageRendered,
    ReaderEvent,
    ReaderRequest,
    ReadNote,
    RenderImage,
    RenderPage,
)
from assistant.ipc.supervisor import ChildCommand, Supervisor, own_command

_START_GRACE_S = 15.0
"""What a reader may take to start on a busy machine, on top of the file's own limit."""

_NEVER = 1_000_000
_CLEAN = frozenset(
    [
        ReasonCode.EMPTY,
        ReasonCode.NO_TEXT,
        ReasonCode.NO_PERMISSION,
        ReasonCode.NOT_TEXT,
        ReasonCode.TOO_LARGE,
        ReasonCode.UNSUPPORTED,
        ReasonCode.ENCRYPTED,
    ]
)
"""Reasons that a reader finds by looking, not by failing."""
_HARMLESS = "# Elephant\n\nA note that every reader can read.\n"


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """reads_per_process: a reader is replaced after so many, because parsers leak."""

    time_limit_s: float = 30.0
    memory_bytes: int = 1_500_000_000
    max_bytes: int = 50_000_000
    reads_per_process: int = 200


class _Slot:
    """One reader process and how many files it has read."""

    def __init__(self, command: ChildCommand, number: int) -> None:
        # Which file is to blame is decided here, so the supervisor's breaker must not be.
        self.link = Supervisor(f"reader-{number}", command, ReaderEvent, restart=False, breaker_limit=_NEVER)
        self.reads = 0

    def throw_away(self) -> None:
        """End the process; the next file gets a fresh one."""
        self.reads = 0
        self.link.kill()


class _Answer:
    """Sink of one call."""

    def __init__(self) -> None:
        self.arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def event(self, body: Any, last: bool) -> None:
        if last:
            self.arrived.put(body)

    def failure(self, error: AssistantError) -> None:
        self.arrived.put(error)


class ReaderPool:
    """Implements NoteReader. Thread: any; callers beyond the number of readers wait for a free one."""

    def __init__(
        self,
        *,
        readers: int = 1,
        limits: PoolLimits = PoolLimits(),
        command: ChildCommand | None = None,
    ) -> None:
        self._limits = limits
        self._slots: queue.LifoQueue[_Slot] = queue.LifoQueue()
        self._all = [_Slot(command or own_command("_reader"), number) for number in range(readers)]
        for slot in self._all:
            self._slots.put(slot)
        self._closed = threading.Event()

    @property
    def pids(self) -> tuple[int, ...]:
        return tuple(slot.link.pid for slot in self._all if slot.link.pid is not None)

    def read(self, path: Path, *, password: str = "", cancelled: threading.Event | None = None) -> Document:
        with _utf8_path(path) as plain:
            request = ReadNote(
                plain,
                max_bytes=self._limits.max_bytes,
                time_limit_s=self._limits.time_limit_s,
                memory_limit_bytes=self._limits.memory_bytes,
                password=password,
            )
            answer = self._ask(request, self._limits.time_limit_s, cancelled)
        assert isinstance(answer, NoteRead)
        return answer.document

    def draw_page(
        self,
        path: Path,
        page: int,
        *,
        width_px: int,
        quote: str = "",
        around: tuple[str, str] = ("", ""),
        password: str = "",
        cancelled: threading.Event | None = None,
        with_text: bool = False,
    ) -> PageRendered:
        """A page of a PDF as a picture. Raises as `read`."""
        with _utf8_path(path) as plain:
            request = RenderPage(
                plain,
                page,
                width_px,
                quote,
                time_limit_s=self._limits.time_limit_s,
                memory_limit_bytes=self._limits.memory_bytes,
                password=password,
                around=around,
                with_text=with_text,
            )
            answer = self._ask(request, self._limits.time_limit_s, cancelled)
        assert isinstance(answer, PageRendered)
        return answer

    def draw_image(self, path: Path, max_width_px: int, cancelled: threading.Event | None = None) -> ImageRendered:
        """An image file as a small PNG. Raises as `read`."""
        with _utf8_path(path) as plain:
            request = RenderImage(
                plain,
                max_width_px,
                time_limit_s=self._limits.time_limit_s,
                memory_limit_bytes=self._limits.memory_bytes,
            )
            answer = self._ask(request, self._limits.time_limit_s, cancelled)
        assert isinstance(answer, ImageRendered)
        return answer

    def close(self) -> None:
        """End every reader. Reads under way fail with Cancelled."""
        self._closed.set()
        for slot in self._all:
            slot.link.kill()
            slot.link.stop(timeout_s=1.0)

    # ---- inside ------------------------------------------------------------------------------------------------------

    def _ask(self, request: ReaderRequest, limit_s: float, cancelled: threading.Event | None) -> Any:
        slot = self._free_slot(cancelled)
        try:
            try:
                return self._ask_slot(slot, request, limit_s, cancelled)
            except ProcessDiedError as error:
                slot.throw_away()
                if _is_limit(error):
                    raise self._blame(slot, error) from error
            # Somebody else may have ended it (a person, the system's memory guard): only a second death counts.
            try:
                return self._ask_slot(slot, request, limit_s, cancelled)
            except ProcessDiedError as error:
                slot.throw_away()
                raise self._blame(slot, error) from error
        finally:
            self._slots.put(slot)

    def _ask_slot(self, slot: _Slot, request: ReaderRequest, limit_s: float, cancelled: threading.Event | None) -> Any:
        if slot.reads >= self._limits.reads_per_process:
            slot.throw_away()
        slot.reads += 1
        answer = _Answer()
        until = time.monotonic() + limit_s + _START_GRACE_S
        slot.link.send(request, answer)
        while True:
            if self._stopped(cancelled):
                slot.throw_away()
                raise Cancelled
            if time.monotonic() > until:
                slot.throw_away()
                raise NoteUnreadableError(reason=ReasonCode.TIMED_OUT.value)
            try:
                arrived = answer.arrived.get(timeout=0.05)
            except queue.Empty:
                continue
            if isinstance(arrived, (NoteUnreadableError, ProcessDiedError)) and self._stopped(cancelled):
                raise Cancelled
            if isinstance(arrived, AssistantError):
                if not isinstance(arrived, ProcessDiedError) and not _is_clean(arrived):
                    slot.throw_away()
                raise arrived
            return arrived

    def _blame(self, slot: _Slot, death: ProcessDiedError) -> AssistantError:
        """The file, if a fresh reader can read a harmless one; else the readers themselves."""
        code = _exit_code(death)
        if code in READER_EXIT_REASONS:
            return NoteUnreadableError(reason=READER_EXIT_REASONS[code].value)
        with tempfile.TemporaryDirectory(prefix="elephant-") as folder:
            note = Path(folder, "harmless.md")
            note.write_text(_HARMLESS, "utf-8")
            try:
                self._ask_slot(slot, ReadNote(str(note)), 10.0, None)
            except AssistantError as error:
                if isinstance(error, Cancelled):
                    return error
                return ProcessBrokenError(process="reader", crashes=2)
        return NoteUnreadableError(f"exit code {code}", reason=ReasonCode.READER_CRASHED.value)

    def _free_slot(self, cancelled: threading.Event | None) -> _Slot:
        while True:
            if self._stopped(cancelled):
                raise Cancelled
            with contextlib.suppress(queue.Empty):
                return self._slots.get(timeout=0.1)

    def _stopped(self, cancelled: threading.Event | None) -> bool:
        return self._closed.is_set() or (cancelled is not None and cancelled.is_set())


def _is_clean(error: AssistantError) -> bool:
    """Whether a reader that refused a file has not been through any trouble with it: a folder of scans must not cost a process a page."""
    return isinstance(error, NoteMissingError) or error.fields.get("reason") in _CLEAN


def _exit_code(death: ProcessDiedError) -> int:
    return int(death.fields.get("exit_code", -1))


def _is_limit(death: ProcessDiedError) -> bool:
    return _exit_code(death) in READER_EXIT_REASONS


@contextlib.contextmanager
def _utf8_path(path: Path) -> Iterator[str]:
    """The path as text that the wire can carry. A name that is no UTF-8 is read through a copy with a plain name."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        pass
    else:
        yield str(path)
        return
    with tempfile.TemporaryDirectory(prefix="elephant-") as folder:
        copy = Path(folder, "note" + path.suffix.encode("utf-8", "ignore").decode("utf-8"))
        shutil.copyfile(path, copy, follow_symlinks=False)
        yield str(copy)
