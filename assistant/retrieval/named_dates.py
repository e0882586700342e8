"""Days that are named outright: 12 March 2024, 2024-03, Q1 2024, 二〇二四年三月; and those whose year is left out: March 12, 3月12日."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from assistant.retrieval.calendar_spans import Span, month_span, third_of, week_of_month, week_span, year_span
from assistant.retrieval.date_words import (
    HAN_DIGITS,
    LONG_NUMBER,
    MONTH_NAMES,
    NUMBER,
    ORDINALS,
    PARTS,
    SEASONS,
    SHIFTS,
    YEAR_NUMBER,
    Found,
    Place,
    month_number,
    number_in,
    rules,
)

DAYS_AHEAD = 7
"""How far ahead a day without a year may lie: on March 9 "March 12" is no year old."""

# -------------------------------------------------------------------------------------------- what the named groups mean


def in_year(said: dict[str, str | None], year: int) -> Span:
    """What a match names within a year, or the year. Groups: m, d, d2, w, p, q, h, s, iw. Raises ValueError if there is no such day."""
    if month := said.get("m"):
        return in_month(said, year, month_number(month))
    if quarter := said.get("q"):
        number = (ORDINALS[quarter] or 4) if quarter in ORDINALS else number_in(quarter)
        return month_span(year, 3 * number - 2, 3)
    if half := said.get("h"):
        return month_span(year, 1 if half in {"1", "first", "1st", "上"} else 7, 6)
    if season := said.get("s"):
        return month_span(year, SEASONS[season], 3)
    if week := said.get("iw"):
        return week_span(date.fromisocalendar(year, number_in(week), 1))
    return _part_of(year_span(year, year), said)


def in_month(said: dict[str, str | None], year: int, month: int) -> Span:
    """The same for a month: its days d to d2, its week w, its early, middle or late part p, or all of it."""
    if day := said.get("d"):
        first = date(year, month, number_in(day))
        last = date(year, month, number_in(said.get("d2") or day))
        if last < first:
            raise ValueError(last)
        return first, last
    if week := said.get("w"):
        number = 0 if week == "最后一" else ORDINALS[week] if week in ORDINALS else number_in(week)
        return week_of_month(year, month, number)
    return _part_of(month_span(year, month), said)


def _part_of(span: Span, said: dict[str, str | None]) -> Span:
    part = said.get("p")
    return (third_of(span, PARTS[part]) or span) if part else span


def latest(span_in: Callable[[int], Span], today: date) -> Span:
    """Of a span in every year the latest that has begun; a single day may lie DAYS_AHEAD. Raises ValueError."""
    for year in range(today.year + 1, today.year - 9, -1):  # 29 February may be eight years back, around 1900
        try:
            first, last = span_in(year)
        except ValueError:
            continue
        if first <= today or (first == last and (first - today).days <= DAYS_AHEAD):
            return first, last
    raise ValueError(today)


def read_named(match: re.Match[str], place: Place) -> Found | None:
    """Groups as for `in_year`, and y: the year's number, or ry: one counted from today. Without either the latest is meant."""
    said = match.groupdict()
    if written := said.get("y"):
        year = number_in(written)
        return Found(*in_year(said, year if len(written) > 2 else year + (2000 if year < 70 else 1900)))
    if not place.has_today:
        return None
    if counted := said.get("ry"):
        return Found(*in_year(said, place.today.year + SHIFTS[counted]), is_relative=True)
    return Found(*latest(lambda year: in_year(said, year), place.today), is_yearless=True)


def is_modal_may(match: re.Match[str], place: Place) -> bool:
    """True for "option 3 may work" and "in may cases": small letters and the sentence goes on."""
    if match["m"] != "may" or place.original[match.start("m")] == "M" or "of" in match.group():
        return False
    return re.match(r"\s{0,3}\w", place.text[match.end() : match.end() + 4]) is not None


def _read_day_and_month(match: re.Match[str], place: Place) -> Found | None:
    """12 March, with or without a year; "option 3 may work" names no day."""
    is_verb = not match["y"] and not match["ry"] and is_modal_may(match, place)
    return None if is_verb else read_named(match, place)


def _read_month_and_day(match: re.Match[str], place: Place) -> Found | None:
    """March 12; but "you may 2 times" names no day."""
    is_small = match["m"] == "may" and place.original[match.start("m")] == "m"
    if is_small and _SUBJECT.search(place.text[max(0, match.start() - 8) : match.start()]):
        return None
    return read_named(match, place)


def _read_year_and_name(match: re.Match[str], place: Place) -> Found | None:
    """2024 March; but "2024 may be fine" names no month."""
    return None if not match["d"] and is_modal_may(match, place) else read_named(match, place)


def _read_slashes(match: re.Match[str], _place: Place) -> Found | None:
    """Day and month in unknown order: a date if there is one reading only."""
    a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
    readings = {(month, day) for month, day in ((a, b), (b, a)) if month <= 12 and day <= 31}
    if len(readings) != 1:
        return None
    day = date(year, *readings.pop())
    return Found(day, day)


def _read_year_and_number(match: re.Match[str], _place: Place) -> Found | None:
    """2024-03; but 2023-24 and 2023/24 are two years."""
    year, after = int(match["y"]), int(match["m"])
    if after > 12 and len(match["m"]) == 2 and after == (year + 1) % 100:
        return Found(*year_span(year, year + 1))
    return Found(*month_span(year, after))


def _read_years(match: re.Match[str], _place: Place) -> Found | None:
    first, last = number_in(match["y"]), number_in(match["y2"])
    return Found(*year_span(first, last)) if first <= last else None


def _read_bare_year(match: re.Match[str], place: Place) -> Found | None:
    """A number alone is a year if it is near enough to today, or if "in" or the like stands before it."""
    year = int(match["y"])
    last = place.today.year + 10 if place.has_today else 2099
    return Found(*year_span(year, year)) if 1900 <= year <= last or is_introduced(match, place) else None


def is_introduced(match: re.Match[str], place: Place) -> bool:
    """True if a word stands before it that goes with times: "in", "since", "early" ..."""
    return introduces(place.text[max(0, match.start() - 16) : match.start()])


def introduces(before: str) -> bool:
    return _INTRODUCTION.search(before) is not None


def _read_nineties(match: re.Match[str], place: Place) -> Found | None:
    """90s, where a word before it says that they are years: "the 90s", "late 90s"."""
    return _read_decade(match, place) if is_introduced(match, place) else None


def _read_decade(match: re.Match[str], _place: Place) -> Found | None:
    said = match.groupdict()
    if decade := said.get("y"):
        first = 10 * number_in(decade)
    else:
        text, century = match["tens"], said.get("century")
        tens = int(text) if text.isdigit() else number_in(text) // 10
        # 二十年代 in words are the 1920s of the history books, 20年代 in digits are ours.
        is_ours = century in {"21", "二十一", "本"} or (not century and tens < 3 and text.isdigit())
        first = (2000 if is_ours else 1900) + 10 * tens
    return Found(*_part_of(year_span(first, first + 9), said))


# ------------------------------------------------------------------------------------------------------ English patterns

B = r"(?<![0-9a-z_\u00c0-\u024f])"
E = r"(?![0-9a-z_\u00c0-\u024f])"
"""No letter or digit before, and behind."""

S1 = r"\s{1,3}"
S0 = r"\s{0,3}"
"""Space, and perhaps space; bounded, as everything here."""

_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
M = rf"(?P<m>{_MONTH})(?![a-z\u00c0-\u024f])"
ANOTHER_MONTH = re.compile(rf"{S0}(?:[-/]|to|until|through){S0}(?:{_MONTH}){E}", re.ASCII)
MONTH_IN_A_LIST = re.compile(rf"{S0}(?:[,&]|and|or){S0}(?:{_MONTH}){E}", re.ASCII)
MONTH_BEFORE = re.compile(
    rf"(?<![a-z])(?:between{S1}(?:{_MONTH})\.?{S1}and|(?:{_MONTH})\.?(?:{S1}\d{{1,4}}(?:st|nd|rd|th)?,?){{0,2}}{S0}(?:-|to|until|till|through)){S0}$",
    re.ASCII,
)
"""A stretch has begun with a month, so that the next word is where it ends, and "may" no verb."""

MONTHS = " ".join([*MONTH_NAMES, *(name[:3] for name in MONTH_NAMES), "sept"])
SEASON = r"(?P<s>spring|summer|autumn|fall|winter)"

Y = r"(?P<y>(?:1\d|20)\d\d)(?!\d)"
YEAR = (
    r"(?:of\s|in\s)?(?:(?P<y>(?:1\d|20)\d\d|(?<=')\d\d)(?!\d)"
    rf"|(?:the\s)?(?P<ry>last|this|next|previous|current)\s{{1,2}}year{E})"
)
_ORDINAL = r"first|1st|second|2nd|third|3rd|fourth|4th|last"
_D = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_D2 = rf"(?:{S0}(?:-|to|until|through){S0}(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)?"
_SUBJECT = re.compile(r"(?<![a-z])(?:i|you|he|she|it|we|they|that|this|which|who|there|and|or)\s{1,3}$")
_INTRODUCTION = re.compile(
    r"(?<![a-z])(?:in|during|since|until|till|before|after|by|from|of|for|through|throughout|between|around|about|early|mid|late"
    r"|year)[\s-]{1,2}(?:the\s)?$"
)
_COUNTED_THINGS = (
    r"(?!\s{0,2}(?:words?|people|km|kg|mm?|cm|g|ml|mb|gb|usd|eur|dollars?|euros?|pounds?|yuan|times|pages?|steps|hours|days|items"
    rf"|files|notes|chars?|characters|tokens|calories|kcal|watts?|w|px|x|bce?){E}|%|\s?[元块个人米字次件条页种位张份家吨度步本倍卡])"
)

NAMED_RULES = [
    *rules(
        read_named,
        YEAR_NUMBER,
        rf"(?<!\d){Y}(?P<sep>[-/._])(?P<m>\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}})(?!\d|\.\d)",
        rf"{B}{Y}[\s\-/.]{{0,2}}q(?P<q>[1-4]){E}",
        rf"{B}{Y}[\s\-/.]{{0,2}}h(?P<h>[12]){E}",
        rf"{B}{Y}[\s-]{{1,2}}{SEASON}{E}",
        rf"{B}{Y}[\s-]{{0,2}}w(?:eek\s?)?(?P<iw>\d{{1,2}}){E}",
    ),
    *rules(
        read_named,
        LONG_NUMBER,
        r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?:[0-2]\d[0-5]\d[0-5]\d)?(?![\da-su-z])",
    ),
    *rules(
        read_named,
        NUMBER,
        rf"(?<![\d.])(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?{Y}(?!\.\d)",
        rf"(?<![\d/.-])(?P<m>0?[1-9]|1[0-2])/{Y}(?!/)",
    ),
    *rules(_read_slashes, NUMBER, rf"(?<![\d/.-])(?P<a>\d{{1,2}})(?P<sep>[/-])(?P<b>\d{{1,2}})(?P=sep){Y}(?![/-]\d)"),
    *rules(
        _read_year_and_number,
        YEAR_NUMBER,
        rf"(?<!\d)(?<!\d[-/.]){Y}[-/](?P<m>\d{{1,2}})(?!\d|[-/.]\d)",
        rf"(?<!\d)(?<!\d[-/.]){Y}\.(?P<m>0[1-9]|1[0-2])(?!\d|[-/.]\d)",
    ),
    *rules(
        _read_day_and_month,
        NUMBER,
        rf"(?<![\d.,:/$-]){_D}{_D2}(?:{S1}(?:of{S1})?|[.-]{S0}|){M}\.?(?:[,\s\-/']{{1,3}}{YEAR})?",
    ),
    *rules(_read_year_and_name, YEAR_NUMBER, rf"{B}{Y}[\s,\-/.]{{1,2}}{M}(?:[\s\-/.]{{1,2}}{_D}{E})?"),
    *rules(
        _read_month_and_day,
        MONTHS,
        rf"{B}{M}\.?[\s\-.]{{1,2}}(?:the\s)?{_D}{_D2}(?![0-9a-z:%]|\.\d)(?:[,\s\-']{{1,3}}{YEAR})?",
    ),
    *rules(read_named, MONTHS, rf"{B}{M}\.?,?(?:[\s\-/']{{1,3}}){YEAR}"),
    *rules(read_named, "q", rf"{B}q(?P<q>[1-4])(?:{E}[\s\-/,']{{0,3}}{YEAR}|{E})", rf"{B}q(?P<q>[1-4]){Y}"),
    *rules(read_named, "h", rf"{B}h(?P<h>[12])[\s\-/,']{{0,3}}{YEAR}"),
    *rules(read_named, "week wk w", rf"{B}(?:week|wk|w)\s?(?P<iw>\d{{1,2}})[\s,]{{1,3}}{YEAR}"),
    *rules(read_named, "spring summer autumn fall winter", rf"{B}{SEASON}[\s,\-']{{1,3}}{YEAR}"),
    *rules(
        read_named,
        f"first second third fourth last {NUMBER}",
        rf"{B}(?P<q>{_ORDINAL}){S1}quarter[\s,]{{1,3}}{YEAR}",
        rf"{B}(?P<h>first|1st|second|2nd){S1}half[\s,]{{1,3}}{YEAR}",
        rf"{B}(?P<w>{_ORDINAL}){S1}week{S1}(?:of|in){S1}{M}(?:[\s,]{{1,3}}{YEAR})?",
    ),
    *rules(_read_decade, YEAR_NUMBER, rf"{B}(?P<y>(?:1\d|20)\d)0'?s{E}"),
    *rules(_read_decade, "the", rf"{B}the\s'?(?P<tens>[3-9])0'?s{E}"),
    *rules(_read_nineties, NUMBER, rf"{B}(?P<tens>[3-9])0'?s{E}"),
    *rules(
        _read_years,
        YEAR_NUMBER,
        rf"(?<!\d)(?<!\d[-/.,:]){Y}年?{S0}(?:-|~|to|until|through|至|到){S0}(?P<y2>(?:1\d|20)\d\d)(?!\d|[-/.]\d)(?:{S0}年(?!代))?",
    ),
    *rules(
        _read_bare_year,
        YEAR_NUMBER,
        rf"(?<![0-9a-z\u00c0-\u024f#$€£¥+%=])(?<!\d[-/.,:])(?<!元前){Y}{_COUNTED_THINGS}(?![a-z\u00c0-\u024f]|[-/.,:]\d)",
    ),
]

# ------------------------------------------------------------------------------------------------------ Chinese patterns

HAN_COUNTS = f"{HAN_DIGITS}十"
NOT_HAN = r"(?![\u4e00-\u9fff])"
_N = rf"(?:\d{{1,2}}|[{HAN_COUNTS}]{{1,3}})"
_HAN_YEAR = rf"(?<![\d{HAN_DIGITS}])(?<!元前)(?P<y>[12]\d{{3}}|[一二][{HAN_DIGITS}]{{3}}|\d\d(?={S0}年{S0}{_N}{S0}月)){S0}年(?:度|份)?"
_HAN_YEAR_AWAY = r"(?<![以之年目往日])(?P<ry>大前年|前年|去年|上一年|今年|本年|明年|后年)(?:度|年(?=[初底末终]))?"
_HAN_DAY_ENDS = rf"{S0}[日号](?![楼线店房院馆])"
_HAN_DAY = rf"(?P<d>{_N})(?:{_HAN_DAY_ENDS}|(?={S0}[-~至到]{S0}{_N}{_HAN_DAY_ENDS}))(?:{S0}[-~至到]{S0}(?P<d2>{_N}){_HAN_DAY_ENDS})?"
IN_HAN_MONTH = (
    rf"(?:的?{S0}(?:{_HAN_DAY}|(?P<p>上旬|中旬|下旬|[初底末])|第?(?P<w>最后一|[一二三四五1-5])个?(?:周|星期|礼拜)))?"
)
HAN_MONTH = rf"(?P<m>{_N}){S0}月份?(?![球亮饼]|天(?!气))"
HAN_QUARTER = r"第?(?P<q>[一二三四1-4])季度"
HAN_HALF = r"(?P<h>[上下])半年"

_IN_HAN_YEAR = (
    rf"的?{S0}(?:(?:第?(?=.季度)|q)(?P<q>[一二三四1-4])(?:季度)?|{HAN_HALF}|(?P<s>[春夏秋冬])(?:[天季日]|{NOT_HAN})|第(?P<iw>{_N})周"
    rf"|(?P<p>[初底末终]|中{NOT_HAN}))"
)

NAMED_RULES += [
    *rules(
        read_named,
        f"{NUMBER} {YEAR_NUMBER} 一二",
        rf"{_HAN_YEAR}(?:的?{S0}{HAN_MONTH}{IN_HAN_MONTH})?",
        rf"{_HAN_YEAR}的?{S0}{HAN_MONTH}",  # where the month has no such day
        rf"{_HAN_YEAR}{_IN_HAN_YEAR}",
        rf"(?<![0-9a-z])(?<!\d[-/.,:]){Y}{S0}(?:{HAN_QUARTER}|{HAN_HALF})",
    ),
    *rules(
        _read_decade,
        f"{NUMBER} {YEAR_NUMBER} 一二三四五六七八九十上本",
        rf"(?:(?P<century>20|21|二十一?|上|本)个?世纪的?{S0}|(?<![\d{HAN_COUNTS}]))(?P<tens>[{HAN_DIGITS}]?十|\d(?=0年))0?年代(?P<p>[初末])?",
        rf"(?<![\d{HAN_DIGITS}])(?P<y>[12]\d\d|[一二][{HAN_DIGITS}]{{2}})[0〇零]年代(?P<p>[初末])?",
    ),
]

_YEAR_AWAY = rf"{B}(?P<ry>last|this|next|previous|current){S1}year,?{S1}"

YEAR_AWAY_RULES = [
    *rules(
        read_named,
        "大前去上今本明后",
        rf"{_HAN_YEAR_AWAY}(?:的?{S0}{HAN_MONTH}{IN_HAN_MONTH})?",
        rf"{_HAN_YEAR_AWAY}的?{S0}{HAN_MONTH}",
        _HAN_YEAR_AWAY,
        rf"{_HAN_YEAR_AWAY}{_IN_HAN_YEAR}",
    ),
    *rules(
        _read_year_and_name,
        "last this next previous current",
        rf"{_YEAR_AWAY}(?:(?:in|on){S1}|(?=[a-z]{{3,9}}(?:{S1}(?:the\s)?\d|[\s.?!]{{0,20}}$))){M}(?:{S1}(?:the\s)?{_D}{E})?",
    ),
    *rules(
        read_named,
        "last this next previous current",
        rf"{_YEAR_AWAY}(?:in{S1}(?:the\s)?|(?=[a-z]{{4,6}}[\s.?!]{{0,20}}$)){SEASON}{E}",
        rf"{_YEAR_AWAY}(?:in{S1})?q(?P<q>[1-4]){E}",
    ),
]
"""去年三月, last year in March: the year is counted from today, all else is as in a year that is named. June without "in" may be a person."""
