"""Finds a quote in a text that was taken from the same page by another program.

The two differ in white space, hyphens and ligatures, so the quote is looked for by its letters and digits alone: first whole, at the
place whose surroundings are the quote's; else stretch by stretch around the place where most of it agrees.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

_GRAM = 8
_LEAST_SHARE = 0.3
_AROUND_LETTERS = 400
_MOST_PLACES = 500
# Aligning a quote with a text that reads otherwise (formulas, mostly): stretches of at least so many letters count, one is looked for
# up to so far from where it should stand, and what differs between two of them is marked along if it is no longer than this.
_STRETCH = 5
_REACH = 60
_BRIDGE = 24

Range = tuple[int, int]
Stretch = tuple[int, int, int]
"""Where something begins in the quote, where it begins on the page, and how long it is in both."""
Around = tuple[str, str]
"""What stands on the page before and after a quote, as far as is known: the same words may stand on a page twice."""


def find_quote(text: str, quote: str, around: Around = ("", "")) -> list[Range]:
    """Where quote stands in text, as ranges in order, although the two were extracted differently; none if too little agrees."""
    letters, places = _letters(text)
    wanted, _ = _letters(quote)
    if not wanted or not letters:
        return []
    whole = [(at, at + len(wanted)) for at in _occurrences(letters, wanted)]
    before, after = _letters(around[0])[0][-_AROUND_LETTERS:], _letters(around[1])[0][:_AROUND_LETTERS]
    found = [_best_surrounded(letters, whole, before, after)] if whole else _nearest(letters, wanted, before, after)
    ranges = [(places[first], places[last - 1] + 1) for first, last in found]
    return _with_stops(text, quote, ranges)


def _with_stops(text: str, quote: str, found: list[Range]) -> list[Range]:
    """The ranges, widened by the marks that the quote begins and ends with: its quotation marks, its full stop."""
    if found:
        head = list(takewhile(lambda char: not _is_letter(char), quote))
        tail = list(takewhile(lambda char: not _is_letter(char), reversed(quote)))
        before = _matched(reversed(text[: found[0][0]]), reversed(head))
        after = _matched(text[found[-1][1] :], reversed(tail))
        found[0] = (found[0][0] - before, found[0][1])
        found[-1] = (found[-1][0], found[-1][1] + after)
    return found


def _matched(text: Iterable[str], marks: Iterable[str]) -> int:
    """How many characters of a text are taken up by as many of these marks, in order, as stand there; white space apart."""
    wanted = [char for char in marks if not char.isspace()]
    taken = met = 0
    for place, char in enumerate(text, 1):
        if met == len(wanted):
            break
        if char == wanted[met]:
            taken, met = place, met + 1
        elif not char.isspace():
            break
    return taken


def _is_letter(char: str) -> bool:
    return bool(_letters(char)[0])


def _letters(text: str) -> tuple[str, list[int]]:
    """Letters and digits in their plainest form, and where each came from."""
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = char if char.isascii() else unicodedata.normalize("NFKC", char)
        for letter in plain.casefold():
            if letter.isalnum():
                kept.append(letter)
                places.append(place)
    return "".join(kept), places


def _occurrences(letters: str, wanted: str) -> Iterator[int]:
    at = letters.find(wanted)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return
        yield at
        at = letters.find(wanted, at + 1)


def _best_surrounded(letters: str, found: Sequence[Range], before: str, after: str) -> Range:
    """The one of several places before and after which most of what it should be stands; of equals the first."""
    if len(found) == 1:
        return found[0]

    def agreement(place: Range) -> int:
        earlier = letters[max(0, place[0] - len(before)) : place[0]]
        later = letters[place[1] : place[1] + len(after)]
        return _common(reversed(earlier), reversed(before)) + _common(later, after)

    return max(found, key=agreement)


def _common(one: Iterable[str], other: Iterable[str]) -> int:
    """How many characters two texts share at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _nearest(letters: str, wanted: str, before: str, after: str) -> list[Range]:
    """What stands for the quote on a page that reads otherwise: agreeing stretches of it, and what lies between its surroundings where
    these agree (a formula may have hardly a letter in common)."""
    whole = before[-_REACH:] + wanted + after[:_REACH]
    anchor = _anchor(letters, whole)
    if anchor is None:
        return []
    start = len(before[-_REACH:])
    return _bridged(_within(_aligned(letters, whole, anchor), start, start + len(wanted)))


def _anchor(letters: str, wanted: str) -> tuple[int, int] | None:
    """A place in `wanted` and the one in `letters` that it stands at, by the vote of all short stretches; None if too few agree."""
    gram = min(_GRAM, len(wanted))
    offsets: dict[str, list[int]] = {}
    for at in range(len(letters) - gram + 1):
        offsets.setdefault(letters[at : at + gram], []).append(at)
    votes: Counter[int] = Counter()
    hits: list[tuple[int, int]] = []
    for at in range(len(wanted) - gram + 1):
        for place in offsets.get(wanted[at : at + gram], ())[:50]:
            votes[(place - at) // 32] += 1
            hits.append((at, place))
    if not votes:
        return None
    best = max(votes, key=lambda bucket: votes[bucket] + votes[bucket - 1] + votes[bucket + 1])
    agreeing = [(at, place) for at, place in hits if abs((place - at) // 32 - best) <= 1]
    # A quote that runs over two pages agrees with each only in part, but then in one long stretch.
    enough = min(_LEAST_SHARE * (len(wanted) - gram + 1), 4 * _GRAM)
    return min(agreeing) if len(agreeing) >= enough else None


def _aligned(letters: str, wanted: str, anchor: tuple[int, int]) -> list[Stretch]:
    """The stretches that both have, in order. anchor: a place of both that agrees."""
    found: list[Stretch] = []
    at = ours = theirs = 0
    shift = anchor[1] - anchor[0]
    while at + _STRETCH <= len(wanted):
        place = letters.find(
            wanted[at : at + _STRETCH], max(theirs, at + shift - _REACH), max(0, at + shift + _REACH + _STRETCH)
        )
        if place < 0:
            at += 1
            continue
        length = _STRETCH + _common(wanted[at + _STRETCH :], letters[place + _STRETCH :])
        back = _common(reversed(wanted[ours:at]), reversed(letters[theirs:place]))
        found.append((at - back, place - back, length + back))
        at, theirs, shift = at + length, place + length, place - at
        ours = at
    return found


def _within(stretches: Sequence[Stretch], start: int, end: int) -> list[Stretch]:
    """The stretches cut to `wanted[start:end]`, where they do not reach its ends with an empty one there, by the neighbours that do agree."""
    inside: list[Stretch] = []
    for ours, theirs, length in stretches:
        first, last = max(ours, start), min(ours + length, end)
        if first < last:
            inside.append((first, theirs + first - ours, last - first))
    if not inside or inside[0][0] > start:
        before = [one for one in stretches if one[0] + one[2] <= start]
        inside[:0] = [(start, theirs + start - ours, 0) for ours, theirs, _ in before[-1:]]
    if inside and sum(inside[-1][::2]) < end:
        after = [one for one in stretches if one[0] >= end]
        inside += [(end, theirs + end - ours, 0) for ours, theirs, _ in after[:1]]
    return inside


def _bridged(stretches: Sequence[Stretch]) -> list[Range]:
    """The stretches' ranges in the page, joined where both texts have only a little between them: the same thing, read otherwise."""
    joined: list[Range] = []
    last = 0
    for ours, theirs, length in stretches:
        if joined and ours - last <= _BRIDGE and theirs - joined[-1][1] <= _BRIDGE:
            joined[-1] = (joined[-1][0], max(joined[-1][1], theirs + length))
        else:
            joined.append((theirs, theirs + length))
        last = ours + length
    return [place for place in joined if place[0] < place[1]]
