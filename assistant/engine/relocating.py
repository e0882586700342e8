"""Finding a quoted place again in a note that may have changed since it was indexed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORDS = re.compile(r"\w+|[^\w\s]")

GONE = -1


@dataclass(frozen=True, slots=True)
class Place:
    """start, end: offsets into the text as it is now, both GONE if the quote is not there any more. moved: it stands elsewhere
    than it did, or is gone."""

    start: int
    end: int
    moved: bool


def find_place(text: str, quote: str, start: int, end: int) -> Place:
    """Where `quote`, once `text[start:end]`, stands now: there, else its nearest exact occurrence, else the nearest one that
    differs only in white space. An empty quote means the offsets as they are, cut to the text."""
    if not quote.strip():
        first = min(max(start, 0), len(text))
        return Place(first, min(max(end, first), len(text)), moved=False)
    if 0 <= start <= end <= len(text) and text[start:end] == quote:
        return Place(start, end, moved=False)
    exact = _nearest([(m.start(), m.end()) for m in re.finditer(re.escape(quote), text)], start)
    if exact is None:
        exact = _nearest(_loose(text, quote), start)
    if exact is None:
        return Place(GONE, GONE, moved=True)
    return Place(exact[0], exact[1], moved=True)


def _loose(text: str, quote: str) -> list[tuple[int, int]]:
    words = _WORDS.findall(quote)
    if not words:
        return []
    return [(m.start(), m.end()) for m in re.finditer(r"\s*".join(map(re.escape, words)), text)]


def _nearest(places: list[tuple[int, int]], start: int) -> tuple[int, int] | None:
    return min(places, key=lambda place: abs(place[0] - start), default=None)
