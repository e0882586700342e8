"""Days that words name, in English and Chinese, without a model: in a query ("last week", 上周三) and in a note ("12 March 2024").

Tables of rules (`named_dates`, `counted_dates`) are tried where a word may begin one; what stands around a date is read here. No pattern
repeats anything without a bound, so the work grows with the length of the text alone.

What is a matter of taste, and how it is settled here:

- A week begins on Monday. "First week of March" is the 1st to the 7th, "last week of March" its last seven days.
- Without a year the latest time that has begun is meant, because notes are about what has been; only a single day may lie up to a week
  ahead ("March 12" on March 9 is no year old). "Last March", "last Monday" never mean today's.
- A weekday or month that ends a stretch comes after what begins it: 上周一到周三, "between March and May". "Coming Friday" is the next one,
  "next Friday" that of next week.
- Months, weeks and years ago are whole ones ("two weeks ago" is a Monday to a Sunday): who says so does not remember the day.
- "Last month" is a calendar month; "past month", "last 30 days" end today and begin that long before it.
- Winter is named by the year in which it begins: winter 2024 ends in February 2025.
- "Since X" and 自…以来 reach to today. "Before X" and "until X" give X itself; what to do with it is the caller's matter.
- 3/12/2024 is nobody's date: it is left alone unless only one reading exists. With dots the day comes first.
- "May" and "march" count as months only where no verb can stand.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from assistant.domain.search import DateRange
from assistant.retrieval.calendar_spans import Span, month_span, third_of, unit_span, week_span
from assistant.retrieval.counted_dates import COUNTED_RULES
from assistant.retrieval.date_words import HAN_DIGITS, MONTH_NAMES, PARTS, Found, Place, RuleTable, plain
from assistant.retrieval.named_dates import NAMED_RULES

MOST_CHARS = 2000
"""Of a query; who pastes a page asks with its beginning."""

MOST_DATES = 32
"""In a query."""

MOST_SPELLINGS = 31

_NAMED = RuleTable(NAMED_RULES)
_ALL = RuleTable([*NAMED_RULES, *COUNTED_RULES])
_ANY_YEAR = re.compile(r"[12]\d\d\d|年|[3-9]0'?s", re.ASCII)

# -------------------------------------------------------------------------------------------------- what stands around it

_SINCE = re.compile(r"(?<![a-z])since\s{1,2}(?:the\s)?$", re.ASCII)
_SINCE_THEN = re.compile(
    r"\s?(?:以来|至今(?![天年日])|到现在|到目前)|\s{1,2}(?:onwards?|to\s(?:now|date|present)|until\snow)(?![a-z])|\s{0,2}-\s{0,2}(?:now|present)(?![a-z])",
    re.ASCII,
)
_FROM_HAN = re.compile(r"(?:自从|自|打?从)\s?$")
_ON_HAN = re.compile(r"\s?(?:起|开始|之后|以后)")
_PART = re.compile(
    r"(?<![a-z])(early|beginning\sof|start\sof|mid|middle\sof|late|end\sof)[\s-](?:in\s|the\s)?$", re.ASCII
)
_WEEK_OF = re.compile(r"(?<![a-z])week\s{1,2}of\s{1,2}(?:the\s)?$", re.ASCII)
_JOINED = re.compile(r"\s{0,2}(?:-|~|/|to|until|till|through|thru|至|到|直到|and|和)\s{0,2}(?:the\s)?$", re.ASCII)
_BETWEEN = re.compile(r"(?<![a-z])between\s{1,2}(?:the\s)?$", re.ASCII)
_LONGEST_AROUND = 24


def find_dates(text: str, today: date) -> tuple[DateRange, ...]:
    """The days that a query names, in the order of its words; stretches never overlap.

    Reads the first MOST_CHARS characters. start and end: of the words that name the days, "last March" but not the "in" before it.
    is_relative: the words themselves count from today, so no note about those days holds them. Notes do hold "March 12", 夏天 and
    "since 1990", whose year or end is only guessed from today: those are not relative.
    """
    original = text[:MOST_CHARS]
    place = Place(plain(original), original, today, has_today=True)
    found = _ALL.find(place, MOST_DATES)
    ends = [0, *(one.end for one in found)]
    found = [_with_surroundings(one, place, end) for one, end in zip(found, ends, strict=False)]
    found = _joined(found, place.text)
    return tuple(DateRange(one.first, one.last, one.start, one.end, one.is_relative) for one in found)


def dates_in(text: str) -> list[Span]:
    """First and last day of every date that a note's text, heading or name says in full; a bare year is the whole year.

    In the order of the text, each once. Nothing that depends on today is among them.
    """
    folded = plain(text)
    if not _ANY_YEAR.search(folded):
        return []
    found = _NAMED.find(Place(folded, text), len(text))
    return list(dict.fromkeys((one.first, one.last) for one in found))


def _with_surroundings(found: Found, place: Place, floor: int) -> Found:
    """The same with "late" or "week of" before it, which narrow and widen it, and "since", which makes it reach to today.

    floor: where the date before it ends.
    """
    before = place.text[max(floor, found.start - _LONGEST_AROUND) : found.start]
    span: Span | None = None
    opening = _PART.search(before)
    try:
        if opening:
            span = third_of((found.first, found.last), PARTS[" ".join(opening[1].split())])
        elif found.first == found.last and (opening := _WEEK_OF.search(before)):
            span = week_span(found.first)
    except (ValueError, OverflowError):  # the calendar ends there
        return found
    if span and opening:
        before = before[: opening.start()]
        found = found._replace(first=span[0], last=span[1], start=found.start - len(opening[0]))
    return _until_today(found, before, place)


def _until_today(found: Found, before: str, place: Place) -> Found:
    since, from_han = _SINCE.search(before), _FROM_HAN.search(before)
    closing = _SINCE_THEN.match(place.text, found.end) or (_ON_HAN.match(place.text, found.end) if from_han else None)
    if found.first > place.today or not (since or closing):
        return found
    opening = since or from_han
    start = found.start - (len(opening[0]) if opening else 0)
    return found._replace(last=place.today, start=start, end=closing.end() if closing else found.end)


def _joined(found: Sequence[Found], text: str) -> list[Found]:
    """Two that a "to" joins become one; "and" does it after "between"."""
    joined: list[Found] = []
    for one in found:
        whole = _join(joined[-1], one, text) if joined else None
        if whole is None:
            joined.append(one)
        else:
            joined[-1] = whole
    return joined


def _join(left: Found, right: Found, text: str) -> Found | None:
    between = text[left.end : right.start]
    if len(between) > 12 or not _JOINED.fullmatch(between):
        return None
    is_between = _BETWEEN.search(text[max(0, left.start - 16) : left.start]) or text.startswith("之间", right.end)
    if ("and" in between or "和" in between) and not is_between:
        return None
    try:
        left, right = _in_one_week(left, right)
        if left.is_yearless and not right.is_yearless:
            left = _in_year_of(left, right.first.year)
            left = left if left.first <= right.last else _in_year_of(left, right.first.year - 1)
        elif right.is_yearless:
            right = _in_year_of(right, left.first.year)
            right = right if right.last >= left.first else _in_year_of(right, left.first.year + 1)
    except (ValueError, OverflowError):  # 29 February; the calendar ends there
        return None
    if right.last < left.first:
        return None
    is_yearless = left.is_yearless and right.is_yearless
    is_relative = left.is_relative or right.is_relative
    return Found(left.first, right.last, left.start, right.end, is_relative, is_yearless)


def _in_one_week(left: Found, right: Found) -> tuple[Found, Found]:
    """A bare weekday is the first one from the day on where the stretch begins, or the last one up to where it ends: 上周一到周三."""
    is_late = right.last < left.first
    if right.is_weekless and (is_late or (left.is_relative and left.first == left.last)):
        day = left.first + timedelta((right.first - left.first).days % 7)
        return left, right._replace(first=day, last=day)
    if left.is_weekless and right.is_relative and right.first == right.last:
        day = right.first - timedelta((right.first - left.first).days % 7)
        return left._replace(first=day, last=day), right
    return left, right


def _in_year_of(found: Found, year: int) -> Found:
    years = found.last.year - found.first.year
    first = found.first.replace(year=year)
    if found.last.day == monthrange(found.last.year, found.last.month)[1] and found.first.day == 1:
        return found._replace(first=first, last=month_span(year + years, found.last.month)[1])
    return found._replace(first=first, last=found.last.replace(year=year + years))


# ------------------------------------------------------------------------------------------------------------- spellings


def date_spellings(days: DateRange) -> tuple[str, ...]:
    """How notes write such a date, as lower-case search phrases, the commonest first; at most MOST_SPELLINGS.

    A day, a month or a year gives its own spellings; any other range those of the days, months or years that it consists of, fewer
    for each the more there are, and none where even one for each is too many. The words of a phrase stand in a row among
    `retrieval.terms.words` of a note: where Chinese goes on behind a date without a gap, its last character belongs to another pair
    there, so each Chinese spelling is also given without it.
    """
    parts = _parts(days)
    if not parts:
        return ()
    each = MOST_SPELLINGS // len(parts)
    spellings = [spelling for span in parts for spelling in _spellings(span)[:each]]
    return tuple(dict.fromkeys(spellings))


def _parts(days: DateRange) -> list[Span]:
    """The range itself if it is a day, a month or a year; else its days, months or years, whichever are whole and few enough."""
    span = (days.first, days.last)
    if days.last < days.first:
        return []
    if span in {unit_span(unit, days.first, 0) for unit in ("day", "month", "year")}:
        return [span]
    starts_month = days.first.day == 1 and days.last == month_span(days.last.year, days.last.month)[1]
    starts_year = starts_month and days.first.month == 1 and days.last.month == 12
    finest = 2 if starts_year else 1 if starts_month else 0
    for unit in ("day", "month", "year")[finest:]:
        if parts := _split(days, unit):
            return parts
    return []


def _split(days: DateRange, unit: str) -> list[Span]:
    parts: list[Span] = []
    first = days.first
    while first <= days.last:
        if len(parts) == MOST_SPELLINGS:
            return []
        parts.append(unit_span(unit, first, 0))
        if parts[-1][1] == date.max:
            break
        first = parts[-1][1] + timedelta(1)
    return parts


def _spellings(span: Span) -> list[str]:
    first, last = span
    year, month, day = first.year, first.month, first.day
    name = MONTH_NAMES[month - 1]
    short = name[:3]
    if first == last:
        spellings = [
            f"{year}-{month:02}-{day:02}",
            f"{name} {day} {year}",
            f"{day} {name} {year}",
            f"{year} 年 {month} 月 {day}",
            f"{year} 年 {month} 月 {day} 日",
            f"{short} {day} {year}",
            f"{day} {short} {year}",
            f"{year}{month:02}{day:02}",
            f"{year} {month} {day}",
            f"{day:02} {month:02} {year}",
            f"{name} {day}{_ordinal_ending(day)} {year}",
            f"{day}{_ordinal_ending(day)} {name} {year}",
            f"{day}{_ordinal_ending(day)} of {name} {year}",
            f"{year} 年 {month:02} 月 {day:02}",
            f"{year} 年 {month} 月 {day} 号",
            f"{_han_year(year)}年{_han(month)}月{_han(day)}日",
        ]
    elif last.month == month:
        spellings = [
            f"{year}-{month:02}",
            f"{name} {year}",
            f"{year} 年 {month}",
            f"{short} {year}",
            f"{year} 年 {month} 月",
            f"{name} of {year}",
            f"{year} {name}",
            f"{year} 年 {month:02}",
            f"{month:02} {year}",
            f"{year} {month}",
            f"{_han_year(year)}年{_han(month)}月",
        ]
    else:
        spellings = [f"{year}", _han_year(year)]
    return list(dict.fromkeys(spellings))


def _ordinal_ending(day: int) -> str:
    return "th" if day in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _han_year(year: int) -> str:
    # HAN_DIGITS begins with both noughts.
    return "".join(HAN_DIGITS[int(digit) + 1] if digit != "0" else HAN_DIGITS[0] for digit in str(year))


def _han(number: int) -> str:
    """Below a hundred."""
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else HAN_DIGITS[tens + 1]) + "十" if tens else "") + (HAN_DIGITS[ones + 1] if ones else "")
