"""Which turns of a branch stand above and below those that are built, and which of them have come from the engine already."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from assistant.domain.answers import Turn

PAGE_TURNS = 8
"""So many are asked for at once. A turn of six passages is some 15 KB on the wire, and decoding a message holds the window up."""


class TurnOrder:
    """Ids in the order of the branch; those that are built are in between and not known here."""

    def __init__(self) -> None:
        self._above: deque[int] = deque()
        self._below: deque[int] = deque()
        self._known: dict[int, Turn] = {}

    @property
    def has_above(self) -> bool:
        return bool(self._above)

    @property
    def has_below(self) -> bool:
        return bool(self._below)

    @property
    def waiting(self) -> int:
        return len(self._above) + len(self._below)

    @property
    def last(self) -> int:
        """The last turn that is not built: of those below, else of those above. 0 without one."""
        return next((ids[-1] for ids in (self._below, self._above) if ids), 0)

    @property
    def last_below(self) -> int:
        return self._below[-1] if self._below else 0

    def set_above(self, ids: Iterable[int]) -> None:
        self._above = deque(ids)

    def set_below(self, ids: Iterable[int]) -> None:
        self._below = deque(ids)

    def all_above(self, built: Iterable[int]) -> None:
        """Nothing is built any more, and the reader is to be at the end."""
        self._above += [*built, *self._below]
        self._below.clear()

    def clear(self) -> None:
        self._above.clear()
        self._below.clear()
        self._known.clear()

    def learn(self, turns: Sequence[Turn]) -> None:
        self._known.update((turn.id, turn) for turn in turns)

    def drop(self, ids: Iterable[int]) -> None:
        """They are no longer there."""
        gone = set(ids)
        self._above = deque(one for one in self._above if one not in gone)
        self._below = deque(one for one in self._below if one not in gone)

    def take_above(self) -> Turn | None:
        """The nearest one above; None if there is none, or if it has yet to come."""
        turn = self._known.pop(self._above[-1], None) if self._above else None
        if turn is not None:
            self._above.pop()
        return turn

    def take_below(self) -> Turn | None:
        turn = self._known.pop(self._below[0], None) if self._below else None
        if turn is not None:
            self._below.popleft()
        return turn

    def put_back_above(self, turn: Turn) -> None:
        self._known[turn.id] = turn
        self._above.append(turn.id)

    def put_back_below(self, turn: Turn) -> None:
        self._known[turn.id] = turn
        self._below.appendleft(turn.id)

    def missing_above(self) -> tuple[int, ...]:
        """What to ask for, so that the reader never comes to turns that are not there: a page, while less than half a page lies ready."""
        return self._missing([self._above[-1 - index] for index in range(min(PAGE_TURNS, len(self._above)))])

    def missing_below(self) -> tuple[int, ...]:
        return self._missing([self._below[index] for index in range(min(PAGE_TURNS, len(self._below)))])

    def _missing(self, nearest: list[int]) -> tuple[int, ...]:
        missing = tuple(one for one in nearest if one not in self._known)
        soon = any(one in missing for one in nearest[: PAGE_TURNS // 2])
        return missing if soon else ()
