"""Exact two-way mapping between character offsets of a text and positions in the QTextDocument that shows it.

Python counts code points, Qt counts UTF-16 units, and a drawn document holds things the text does not (list markers, chips, table
frames) and leaves things out (markup, blank lines). So only stretches are recorded: those that are drawn character by character, and those
that are drawn with other characters and belong together as a whole (a formula).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass


def utf16_length(text: str) -> int:
    """Length of a text as Qt counts it."""
    return len(text) if not text or max(text) <= "\uffff" else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True)
class Stretch:
    """`text[start:end]` is drawn from `position` on. units: its length in UTF-16. wide: some characters take two units. whole: it is drawn
    with other characters, all of which stand for all of it."""

    start: int
    end: int
    position: int
    units: int
    wide: bool
    whole: bool = False


class OffsetMap:
    """Stretches in order; both offsets and positions grow along them."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self._stretches: list[Stretch] = []

    def __len__(self) -> int:
        return len(self._stretches)

    def add(self, start: int, end: int, position: int) -> None:
        """Record that `text[start:end]` is drawn at `position`; joined to the stretch before it where both continue."""
        if end <= start:
            return
        units = utf16_length(self.text[start:end])
        wide = units != end - start
        last = self._stretches[-1] if self._stretches else None
        is_next = last is not None and last.end == start and last.position + last.units == position
        if last and is_next and last.wide == wide and not last.whole:
            last.end, last.units = end, last.units + units
            return
        self._append(Stretch(start, end, position, units, wide))

    def add_whole(self, start: int, end: int, position: int, units: int) -> None:
        """Record that `units` positions from `position` on stand for `text[start:end]`: none of them without the others."""
        if end > start and units > 0:
            self._append(Stretch(start, end, position, units, wide=False, whole=True))

    def _append(self, stretch: Stretch) -> None:
        last = self._stretches[-1] if self._stretches else None
        assert last is None or (last.end <= stretch.start and last.position + last.units <= stretch.position), (
            "stretches come in order"
        )
        self._stretches.append(stretch)

    def prepend(self, before: OffsetMap) -> None:
        """Put another map of the same text, whose offsets and positions all lie before ours, in front."""
        self._stretches[:0] = before._stretches

    def shift(self, position: int, by: int) -> None:
        """`by` positions were inserted at `position`, between drawn characters or within a stretch."""
        first = bisect_left(self._stretches, position, key=lambda item: item.position)
        for item in self._stretches[first:]:
            item.position += by
        before = self._stretches[first - 1] if first else None
        if before is None or before.position + before.units <= position:
            return
        if before.whole:
            before.units += by
            return
        cut = self._offset_in(before, position)
        behind = self._part(before, cut, before.end)
        behind.position += by
        self._stretches[first - 1 : first] = [self._part(before, before.start, cut), behind]

    def drop_from(self, offset: int) -> None:
        """Forget everything from a text offset on."""
        keep = bisect_left(self._stretches, offset, key=lambda item: item.start)
        if keep and self._stretches[keep - 1].end > offset:
            item = self._stretches[keep - 1]
            if item.whole:
                keep -= 1
            else:
                self._stretches[keep - 1] = self._part(item, item.start, offset)
        del self._stretches[keep:]

    def ranges(self, start: int, end: int) -> list[tuple[int, int]]:
        """Positions at which `text[start:end]` is drawn, as (first, one past last), neighbours joined."""
        found: list[tuple[int, int]] = []
        index = max(0, bisect_right(self._stretches, start, key=lambda item: item.start) - 1)
        for item in self._stretches[index:]:
            if item.start >= end:
                break
            first, last = max(start, item.start), min(end, item.end)
            if first >= last:
                continue
            piece = self._piece(item, first, last)
            if found and found[-1][1] == piece[0]:
                found[-1] = (found[-1][0], piece[1])
            else:
                found.append(piece)
        return found

    def position_after(self, offset: int) -> int | None:
        """Position right behind the last drawn character before a text offset; None if there is none."""
        index = bisect_left(self._stretches, offset, key=lambda item: item.start) - 1
        if index < 0:
            return None
        item = self._stretches[index]
        return self._position_in(item, min(offset, item.end))

    def offset_at(self, position: int) -> int | None:
        """Text offset of the character drawn at a position, or of the next drawn one; None behind the last."""
        index = bisect_right(self._stretches, position, key=lambda item: item.position) - 1
        if index >= 0 and position < self._stretches[index].position + self._stretches[index].units:
            return self._offset_in(self._stretches[index], position)
        return self._stretches[index + 1].start if index + 1 < len(self._stretches) else None

    def _piece(self, item: Stretch, first: int, last: int) -> tuple[int, int]:
        if item.whole:
            return item.position, item.position + item.units
        return self._position_in(item, first), self._position_in(item, last)

    def _position_in(self, item: Stretch, offset: int) -> int:
        if item.whole:
            return item.position + (item.units if offset > item.start else 0)
        if not item.wide:
            return item.position + offset - item.start
        return item.position + utf16_length(self.text[item.start : offset])

    def _offset_in(self, item: Stretch, position: int) -> int:
        if item.whole:
            return item.start if position < item.position + item.units else item.end
        if not item.wide:
            return item.start + position - item.position
        units = 0
        for offset in range(item.start, item.end):
            if units >= position - item.position:
                return offset
            units += 2 if self.text[offset] > "\uffff" else 1
        return item.end

    def _part(self, item: Stretch, start: int, end: int) -> Stretch:
        text = self.text[start:end]
        units = utf16_length(text)
        return Stretch(start, end, self._position_in(item, start), units, units != end - start)
