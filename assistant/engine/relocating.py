"""Finding a quoted place again in a note that may have changed since it was indexed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from assistant.documents.quote_finding import Around, find_quote

_WORDS = re.compile(r"\w+|[^\w\s]")

GONE = -1

_REACH_CHARS = 20_000
_LEAST_SHARED = 0.85


@dataclass(frozen=True, slots=True)
class Place:
    """start, end: offsets into the text as it is now, both GONE if the quote is not there any more. moved: it stands elsewhere
    than it did, or is gone."""

    start: int
    end: int
    moved: bool


def find_place(text: str, quote: str, start: int, end: int, around: Around = ("", "")) -> Place:
    """Where `quote`, once `text[start:end]`, stands now: there, else an exact occurrence, else one that differs only in white space.

    Of several the one before and after which most of `around` stands, then the nearest to where it was. An empty quote means the offsets
    as they are, cut to the text.
    """
    if not quote.strip():
        first = min(max(start, 0), len(text))
        return Place(first, min(max(end, first), len(text)), moved=False)
    if 0 <= start <= end <= len(text) and text[start:end] == quote:
        return Place(start, end, moved=False)
    found = [(m.start(), m.end()) for m in re.finditer(re.escape(quote), text)] or _loose(text, quote)
    if not found:
        return Place(GONE, GONE, moved=True)
    best = max(found, key=lambda place: (_agreement(text, place, around), -abs(place[0] - start)))
    return Place(best[0], best[1], moved=True)


def find_read_otherwise(text: str, quote: str, start: int, around: Around = ("", "")) -> Place:
    """Where a quote stands in a text of pages that another program may have taken from the same file.

    A PDF that takes long is read by two programs, and where the one hands over to the other depends on how busy the machine is.
    """
    reach = _REACH_CHARS + max(0, start) // 5
    first = max(0, start - reach)
    found = find_quote(text[first : start + len(quote) + reach], quote, around)
    read = "".join(text[first + begin : first + end] for begin, end in found)
    if not found or _shared(quote, read) < _LEAST_SHARED:
        return Place(GONE, GONE, moved=True)
    return Place(first + found[0][0], first + found[-1][1], moved=True)


def _shared(quote: str, found: str) -> float:
    """How much of two texts is the same letters, however many of them stand where."""
    one, other = Counter("".join(quote.split())), Counter("".join(found.split()))
    return (one & other).total() / max(1, one.total(), other.total())


def _loose(text: str, quote: str) -> list[tuple[int, int]]:
    words = _WORDS.findall(quote)
    if not words:
        return []
    return [(m.start(), m.end()) for m in re.finditer(r"\s*".join(map(re.escape, words)), text)]


def _agreement(text: str, place: tuple[int, int], around: Around) -> int:
    """How many characters right before and after a place are those that stood around the quote; white space counts as one blank."""
    before, after = (" ".join(part.split()) for part in around)
    reach = 2 * max(map(len, around))
    earlier = " ".join(text[max(0, place[0] - reach) : place[0]].split())
    later = " ".join(text[place[1] : place[1] + reach].split())
    return _common(reversed(earlier), reversed(before)) + _common(later, after)


def _common(one: Iterable[str], other: Iterable[str]) -> int:
    """How many characters two texts share at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
