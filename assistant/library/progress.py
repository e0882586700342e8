"""How fast it goes, and how long it will still take, said only when it can be known."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

_WINDOW_S = 30.0
_FIRST_WORD_AFTER_S = 3.0


class RateMeter:
    """Counts finished pieces over the last half minute. Thread: any."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._done: deque[tuple[float, int]] = deque()
        self._since = 0.0

    def add(self, pieces: int) -> None:
        now = self._clock()
        with self._lock:
            self._forget_old(now)
            if not self._done:
                self._since = now
            self._done.append((now, pieces))

    def rate_per_s(self) -> float:
        """0.0 until there is enough to judge by."""
        now = self._clock()
        with self._lock:
            self._forget_old(now)
            # Not the time since the first of the pieces in the window: the first of them had to be made, too.
            span = min(now - self._since, _WINDOW_S)
            if not self._done or span < _FIRST_WORD_AFTER_S:
                return 0.0
            return sum(pieces for _, pieces in self._done) / span

    def left_s(self, pieces: int) -> float | None:
        """Seconds for so many more; None while that would be a guess."""
        rate = self.rate_per_s()
        return pieces / rate if rate > 0 else None

    def _forget_old(self, now: float) -> None:
        while self._done and now - self._done[0][0] > _WINDOW_S:
            self._done.popleft()
