"""How a text is searched for words that name days: folding, numbers in words, and a table of rules that is tried where one may begin.

The rules themselves are in `named_dates` and `counted_dates`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

HAN_DIGITS = "〇零一二三四五六七八九"
MONTH_NAMES = "january february march april may june july august september october november december".split()
ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 0}
SEASONS = {"spring": 3, "春": 3, "summer": 6, "夏": 6, "autumn": 9, "fall": 9, "秋": 9, "winter": 12, "冬": 12}
"""The month in which they begin."""

SHIFTS = {
    "last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1, "following": 1,
    "上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2,
    "大前年": -3, "前年": -2, "去年": -1, "上一年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2,
}  # fmt: skip
PARTS = {
    "early": 0, "beginning of": 0, "start of": 0, "mid": 1, "middle of": 1, "late": 2, "end of": 2,
    "初": 0, "上旬": 0, "中": 1, "中旬": 1, "底": 2, "末": 2, "终": 2, "下旬": 2,
}  # fmt: skip

ENGLISH_NUMBERS = {
    word: number
    for number, words in enumerate(
        "a,an,one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split(), start=1
    )
    for word in words.split(",")
} | {"twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90}
_HAN_VALUES = {digit: max(0, place - 1) for place, digit in enumerate(HAN_DIGITS)} | {"两": 2}

_MARKS = "".join(chr(code) for code in range(0x21, 0x7F))
_PLAIN = str.maketrans(
    _MARKS.upper() + "".join(chr(ord(mark) + 0xFEE0) for mark in _MARKS) + "\u3000\xa0–—‑−～‘’○個週禮這兩後過號來內從",
    _MARKS.lower() + _MARKS.lower() + "  ----~''〇个周礼这两后过号来内从",
)


def plain(text: str) -> str:
    """Character for character, so that offsets stay: small letters, half-width, simplified where a rule needs it."""
    return text.translate(_PLAIN)


def number_in(text: str) -> int:
    """Of digits in either script, 十-forms below a hundred, English words. Raises ValueError."""
    if text.isdigit():
        return int(text)
    if text in ENGLISH_NUMBERS:
        return ENGLISH_NUMBERS[text]
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (number_in(tens) if tens else 1) * 10 + (number_in(ones) if ones else 0)
    if not text or any(character not in _HAN_VALUES for character in text):
        raise ValueError(text)
    return int("".join(str(_HAN_VALUES[character]) for character in text))


def month_number(text: str) -> int:
    """Of a name, an abbreviation or a number. Raises ValueError."""
    for number, name in enumerate(MONTH_NAMES, start=1):
        if text[:3] == name[:3]:
            return number
    return number_in(text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule reads. text: `plain(original)`. has_today False: only dates that need no today are wanted."""

    text: str
    original: str
    today: date = date.min
    has_today: bool = False


class Found(NamedTuple):
    """The days that `text[start:end]` names. is_relative: its words count from today ("last week"). is_yearless: they name a day or
    month ("March 12") whose year is a guess, which a neighbour's year overrules. is_weekless: the same for a weekday and its week."""

    first: date
    last: date
    start: int = 0
    end: int = 0
    is_relative: bool = False
    is_yearless: bool = False
    is_weekless: bool = False


Reader = Callable[[re.Match[str], Place], Found | None]
"""Makes dates of a rule's match, or None if it is none after all. May raise ValueError or OverflowError instead."""

Rule = tuple[frozenset[str], re.Pattern[str], Reader]

NUMBER, YEAR_NUMBER, LONG_NUMBER = "0", "0000", "00000000"
"""Among the beginnings of a rule: one to three digits, four, eight or more."""

_NUMBER_KINDS = {1: NUMBER, 2: NUMBER, 3: NUMBER, 4: YEAR_NUMBER, 8: LONG_NUMBER, 14: LONG_NUMBER}


def rules(read: Reader, beginnings: str, *patterns: str) -> list[Rule]:
    """One rule a pattern. beginnings: what a match may begin with: whole Latin words, Chinese characters, NUMBER and its kin; between spaces.

    The more telling the beginnings, the less a text costs that has none of them.
    """
    keys = frozenset(key for word in beginnings.split() for key in ([word] if word.isascii() else word))
    # ASCII: a Chinese character beside a word is no letter of it, and \d is what the calendar agrees on.
    return [(keys, re.compile(pattern, re.ASCII), read) for pattern in patterns]


class RuleTable:
    """Rules by what they begin with, so that a text is read once, whatever their number."""

    def __init__(self, all_rules: Iterable[Rule]) -> None:
        self._by_beginning: dict[str, list[tuple[re.Pattern[str], Reader]]] = {}
        for keys, pattern, read in all_rules:
            for key in keys:
                self._by_beginning.setdefault(key, []).append((pattern, read))
        characters = "".join(key for key in self._by_beginning if not key.isascii())
        self._tokens = re.compile(rf"[a-z]+|\d+|[{characters}]", re.ASCII)

    def find(self, place: Place, most: int) -> list[Found]:
        """In the order of the text, without overlaps; of those that begin at one character the longest."""
        found: list[Found] = []
        end = 0
        for token in self._tokens.finditer(place.text):
            start, word = token.start(), token.group()
            candidates = self._by_beginning.get(_NUMBER_KINDS.get(len(word), "") if word.isdigit() else word)
            if candidates is None or start < end:
                continue
            best = _longest(candidates, place, start)
            if best is not None:
                found.append(best)
                end = best.end
                if len(found) == most:
                    break
        return found


def _longest(candidates: list[tuple[re.Pattern[str], Reader]], place: Place, start: int) -> Found | None:
    best: Found | None = None
    for pattern, read in candidates:
        match = pattern.match(place.text, start)
        if match is None or (best is not None and match.end() <= best.end):
            continue
        try:
            found = read(match, place)
        except (ValueError, OverflowError):  # 31 February, week 60, a day after the last
            continue
        if found is not None:
            best = found._replace(start=start, end=start + len(match.group().rstrip(" .,\t\r\n")))
    return best
