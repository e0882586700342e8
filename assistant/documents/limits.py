"""How much a reader may take. Plain values: the settings object stays in the engine."""

from __future__ import annotations

import _thread
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from assistant.domain.documents import ReasonCode
from assistant.domain.errors import NoteUnreadableError


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """Limits for one file.

    max_chars: of a longer text the beginning is read; a document has to pass through the engine, which must stay small. time_limit_s: a reader that can keep what it has stops a little earlier and keeps it. page_time_s: longest time for one page
    of a PDF; slower pages are left out (maps and drawings take minutes and hold few words).
    """

    max_bytes: int = 50_000_000
    max_chars: int = 20_000_000
    max_pages: int = 5_000
    time_limit_s: float = 30.0
    page_time_s: float = 8.0


@dataclass(slots=True)
class Clock:
    """Time since reading began, against the limits. A reader asks `is_late` between pages or blocks."""

    limits: ReaderLimits
    started_s: float = field(default_factory=time.monotonic)

    def left_s(self) -> float:
        """Seconds until a reader should hand over what it has: the last fifth of the limit is kept for that."""
        return self.limits.time_limit_s * 0.8 - (time.monotonic() - self.started_s)

    def is_late(self) -> bool:
        return self.left_s() <= 0


def cut_text(text: str, most: int) -> str:
    """The beginning of a text that is longer than `most` characters, up to the end of a line, or of a word, if one is near."""
    if len(text) <= most:
        return text
    near = max(0, most - 10_000)
    end = max(text.rfind("\n", near, most), near) if "\n" in text[near:most] else text.rfind(" ", near, most)
    return text[: end if end > near else most]


class TimeBoxExpired(BaseException):
    """The time for one step is over. Not an Exception, so that a library's own `except Exception` lets it pass."""


@contextmanager
def time_box(seconds: float) -> Iterator[None]:
    """End the block with TimeBoxExpired after `seconds`; Python code is interrupted, one long call into C is not.

    Works in the main thread, which is where a reader process reads. In any other thread there is no limit: only the main
    thread can be interrupted, and the process has its own limits.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    over = threading.Event()
    armed = True

    def expire() -> None:
        over.set()
        _thread.interrupt_main(signal.SIGINT)

    def interrupted(number: int, _frame: object) -> None:
        if not over.is_set():
            signal.default_int_handler(number, None)
        elif armed:
            raise TimeBoxExpired

    before = signal.signal(signal.SIGINT, interrupted)
    timer = threading.Timer(max(seconds, 0.0), expire)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        armed = False
        timer.cancel()
        # The timer may be about to interrupt: let it, while the handler still knows that it means nothing.
        timer.join()
        signal.signal(signal.SIGINT, before)


def unreadable(reason: ReasonCode, detail: str = "") -> NoteUnreadableError:
    """The error for a note that cannot be read. The path is added by who knows it."""
    return NoteUnreadableError(detail, reason=reason.value)
