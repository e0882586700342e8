"""What was read, in order, with the place in each note: the way back and forward."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.domain.answers import Citation, InstantQuote, Passage

MOST_VISITS = 100

Source = Citation | InstantQuote | Passage


@dataclass(frozen=True, slots=True)
class Visit:
    """A note that was opened. offset: the text at the top of the screen when it was left, page and at: the page and the share of its height
    above the screen; -1, 0 and 0 before that. heading: the heading it was opened at."""

    source: Source
    heading: str = ""
    offset: int = -1
    page: int = 0
    at: float = 0.0

    @property
    def was_left(self) -> bool:
        return self.offset >= 0 or self.page > 0


class History:
    """Where one is among the notes that were opened. A new one drops what lay ahead."""

    def __init__(self) -> None:
        self._visits: list[Visit] = []
        self._here = -1

    @property
    def current(self) -> Visit | None:
        return self._visits[self._here] if self._here >= 0 else None

    @property
    def can_go_back(self) -> bool:
        return self._here > 0

    @property
    def can_go_forward(self) -> bool:
        return self._here + 1 < len(self._visits)

    def visit(self, source: Source, heading: str = "") -> None:
        """The same place once more is no new visit."""
        current = self.current
        if current is not None and (current.source, current.heading) == (source, heading):
            self._visits[self._here] = Visit(source, heading)
            return
        self._visits[self._here + 1 :] = [Visit(source, heading)]
        del self._visits[:-MOST_VISITS]
        self._here = len(self._visits) - 1

    def remember(self, offset: int, page: int = 0, at: float = 0.0) -> None:
        """Where the note that is open is being left."""
        if self.current is not None:
            self._visits[self._here] = replace(self._visits[self._here], offset=offset, page=page, at=at)

    def go(self, by: int) -> Visit | None:
        """Back (-1) or forward (1). None: there is nothing."""
        if not 0 <= self._here + by < len(self._visits):
            return None
        self._here += by
        return self._visits[self._here]

    def clear(self) -> None:
        self._visits, self._here = [], -1
