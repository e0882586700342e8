"""The characters of a drawn page and where each stands: what is found, pointed at and chosen on it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

Box = tuple[int, int, int, int]
SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class PageText:
    """text and boxes: character by character; boxes as (left, top, width, height) in pixels of the picture, all zeros where one has none."""

    text: str = ""
    boxes: Sequence[Box] = ()

    def nearest(self, x: float, y: float) -> int | None:
        """The place between two characters that is nearest to a point: its own line first, then along it."""
        best: tuple[float, float] | None = None
        place = None
        for index, (left, top, width, height) in enumerate(self.boxes):
            if not width:
                continue
            up_down = max(0.0, top - y, y - (top + height))
            across = max(0.0, left - x, x - (left + width))
            distance = (up_down * 3 + across, abs(left + width / 2 - x))
            if best is None or distance < best:
                best, place = distance, index + (x > left + width / 2)
        return place

    def is_on_text(self, x: float, y: float) -> bool:
        return any(l <= x <= l + w and t <= y <= t + h for l, t, w, h in self.boxes if w)  # noqa: E741

    def word_at(self, place: int) -> tuple[int, int]:
        """The word around a place; in Chinese, where words are not parted, the run of characters up to the next sign."""
        start = end = min(max(0, place), len(self.text))
        while start > 0 and (self.text[start - 1].isalnum() or self.text[start - 1] == SOFT_HYPHEN):
            start -= 1
        while end < len(self.text) and (self.text[end].isalnum() or self.text[end] == SOFT_HYPHEN):
            end += 1
        return start, end

    def rects(self, start: int, end: int) -> list[Box]:
        """One rectangle for each line of a range."""
        found: list[Box] = []
        for left, top, width, height in self.boxes[max(0, start) : max(0, end)]:
            if not width:
                continue
            if found:
                l, t, w, h = found[-1]  # noqa: E741
                shared = min(t + h, top + height) - max(t, top)
                if shared > 0.5 * min(h, height) and left >= l - height and left - (l + w) < 3 * height:
                    upper, lower = min(t, top), max(t + h, top + height)
                    first, last = min(l, left), max(l + w, left + width)
                    found[-1] = (first, upper, last - first, lower - upper)
                    continue
            found.append((left, top, width, height))
        return found

    def words(self, start: int, end: int) -> str:
        """What is copied: lines as lines, words that were divided at the end of a line in one piece."""
        text = self.text[start:end].replace("\r\n", "\n").replace("\r", "\n")
        return text.replace(SOFT_HYPHEN + "\n", "").replace(SOFT_HYPHEN, "")


def pages_of(starts: Sequence[int], found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each find in a document's text the index of its page and its number among the finds of that page. starts: of the pages."""
    pages = [max(0, bisect_right(starts, start) - 1) for start, _ in found]
    numbers = accumulate(range(len(pages)), lambda number, i: number + 1 if pages[i] == pages[i - 1] else 0, initial=-1)
    return list(zip(pages, list(numbers)[1:], strict=True))
