"""What was read, in order, with the place in each note: the way back and forward, and where a note goes on when it is opened again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.domain.answers import Citation, InstantQuote, Passage

MOST_VISITS = 100
MOST_PLACES = 1_000

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


class History:
    """Where one is among the notes that were opened. A new one drops what lay ahead; what is asked for by its words or a heading begins there,
    any other note where it was left last."""

    def __init__(self) -> None:
        self._visits: list[Visit] = []
        self._here = -1
        self._left: dict[tuple[int, str], Visit] = {}

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
            self._visits[self._here] = self._first_visit(source, heading)
            return
        self._visits[self._here + 1 :] = [self._first_visit(source, heading)]
        del self._visits[:-MOST_VISITS]
        self._here = len(self._visits) - 1

    def remember(self, offset: int, page: int = 0, at: float = 0.0) -> None:
        """Where the note that is open is being left."""
        if self.current is None:
            return
        visit = self._visits[self._here] = replace(self._visits[self._here], offset=offset, page=page, at=at)
        note = (visit.source.folder_id, visit.source.note)
        self._left.pop(note, None)
        self._left[note] = visit
        if len(self._left) > MOST_PLACES:
            del self._left[next(iter(self._left))]

    def _first_visit(self, source: Source, heading: str) -> Visit:
        left = self._left.get((source.folder_id, source.note))
        is_whole_note = isinstance(source, Passage) and not source.text and not heading
        return (
            replace(left, source=source, heading="") if left is not None and is_whole_note else Visit(source, heading)
        )

    def go(self, by: int) -> Visit | None:
        """Back (-1) or forward (1). None: there is nothing."""
        if not 0 <= self._here + by < len(self._visits):
            return None
        self._here += by
        return self._visits[self._here]

    def drop(self, folder_id: int, note: str) -> None:
        """Forget every visit to a note, and where it was left."""
        kept = [visit for visit in self._visits if (visit.source.folder_id, visit.source.note) != (folder_id, note)]
        before = self._visits[: self._here + 1]
        self._here -= sum((visit.source.folder_id, visit.source.note) == (folder_id, note) for visit in before)
        self._here = max(self._here, 0 if kept else -1)
        self._visits = kept
        self._left.pop((folder_id, note), None)

    def clear(self) -> None:
        """Forget the way; where notes were left stays known."""
        self._visits, self._here = [], -1
