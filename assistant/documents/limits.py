"""How much a reader may take. Plain values: the settings object stays in the engine."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from assistant.domain.documents import ReasonCode
from assistant.domain.errors import NoteUnreadableError


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """Limits for one file.

    time_limit_s: a reader that can keep what it has stops a little earlier and keeps it. page_time_s: longest time for one page
    of a PDF; slower pages are left out (maps and drawings take minutes and hold few words).
    """

    max_bytes: int = 50_000_000
    max_chars: int = 30_000_000
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


def unreadable(reason: ReasonCode, detail: str = "") -> NoteUnreadableError:
    """The error for a note that cannot be read. The path is added by who knows it."""
    return NoteUnreadableError(detail, reason=reason.value)
