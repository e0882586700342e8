"""Days that are counted from today: last week, three days ago, on Monday, 上周三, 最近七天; and names that need a today to have a year."""

from __future__ import annotations

import re
from datetime import date, timedelta

from assistant.retrieval.calendar_spans import later, month_span, months_later, unit_span, week_span
from assistant.retrieval.date_words import (
    ENGLISH_NUMBERS,
    NUMBER,
    SEASONS,
    SHIFTS,
    Found,
    Place,
    Reader,
    month_number,
    number_in,
    rules,
)
from assistant.retrieval.named_dates import (
    ANOTHER_MONTH,
    HAN_COUNTS,
    HAN_HALF,
    HAN_MONTH,
    HAN_QUARTER,
    IN_HAN_MONTH,
    MONTH_BEFORE,
    MONTH_IN_A_LIST,
    MONTHS,
    NOT_HAN,
    S0,
    S1,
    SEASON,
    YEAR,
    YEAR_AWAY_RULES,
    B,
    E,
    M,
    Y,
    in_month,
    introduces,
    is_introduced,
    is_modal_may,
    latest,
    read_named,
)

FEW = 5
"""What "a few" and 几 are at most."""

_UNITS = {
    "day": ("day", "天", "日"),
    "week": ("week", "周", "星期", "礼拜"),
    "weekend": ("weekend",),
    "month": ("month", "月"),
    "quarter": ("quarter", "季度"),
    "year": ("year", "年"),
}
_HALVES = {"month": (2, 2, "week"), "year": (6, 6, "month")}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ALSO_NAMES = {"april", "june", "july", "august", "sept"}


def _counted(match: re.Match[str]) -> tuple[int, int, str]:
    """At least and at most how many of which unit: 两三 are two or three, half a year is six months, nothing said is one.

    Raises ValueError.
    """
    said, named = match["n"], match["u"].strip("个多")
    unit = next(unit for unit, spellings in _UNITS.items() if named in spellings)
    ends = _TO_OR.split(said)
    if len(ends) == 2:
        least, most = map(number_in, ends)
        if most < least:
            raise ValueError(said)
        return least, most, unit
    if said == "半" or said.startswith("half"):
        if unit not in _HALVES:
            raise ValueError(said)
        return _HALVES[unit]
    if said == "几" or said.endswith(("few", "several")):
        return 2, FEW, unit
    if said == "十几":
        return 10, 19, unit
    if len(said) == 2 and not said.isascii() and "十" not in said:
        return number_in(said[0]), number_in(said[1]), unit
    count = 2 if "couple" in said else number_in(said or "1")
    return count, count + ("多" in match["u"]), unit


def _days_between(first: int, last: int) -> Reader:
    """From so many days after today to so many."""

    def read(_match: re.Match[str], place: Place) -> Found:
        return Found(place.today + timedelta(first), place.today + timedelta(last), is_relative=True)

    return read


def _read_unit(match: re.Match[str], place: Place) -> Found:
    """last week, 上季度; without "which": the month before last."""
    unit = "quarter" if match["u"] == "季度" else match["u"]
    shift = SHIFTS[match["which"]] if match["which"] else -2
    if unit == "weekend" and match["which"] == "coming" and place.today.weekday() < 5:
        shift = 0
    return Found(*unit_span(unit, place.today, shift), is_relative=True)


def _read_ago(match: re.Match[str], place: Place) -> Found | None:
    least, most, unit = _counted(match)
    if unit == "year" and most > 200:
        return None
    first, last = unit_span(unit, place.today, -most)[0], unit_span(unit, place.today, -least)[1]
    return Found(first, last, is_relative=True) if first <= last else None


def _read_one_or_two(match: re.Match[str], place: Place) -> Found:
    """a week or two ago."""
    unit = match["u"]
    return Found(unit_span(unit, place.today, -2)[0], unit_span(unit, place.today, -1)[1], is_relative=True)


def _read_past(match: re.Match[str], place: Place) -> Found:
    """last 30 days, 最近三个月: they end today."""
    _, most, unit = _counted(match)
    return Found(later(place.today, unit, -most), place.today, is_relative=True)


def _read_end_of(match: re.Match[str], place: Place) -> Found | None:
    """the last two weeks of March, the first three days of 2024."""
    named = read_named(match, place)
    if named is None:
        return None
    _, most, unit = _counted(match)
    if match["end"] == "first":
        return named._replace(last=min(named.last, later(named.first, unit, most) - timedelta(1)))
    return named._replace(first=max(named.first, later(named.last + timedelta(1), unit, -most)))


def _read_coming(match: re.Match[str], place: Place) -> Found:
    _, most, unit = _counted(match)
    return Found(place.today, later(place.today, unit, most), is_relative=True)


def _read_the_weekend(match: re.Match[str], place: Place) -> Found | None:
    """The one that lasts, or the last."""
    if not match["which"] and not is_introduced(match, place) and not _ON.search(_before(match, place)):
        return None
    return Found(*unit_span("weekend", place.today, 0 if place.today.weekday() >= 5 else -1), is_relative=True)


def _before(match: re.Match[str], place: Place) -> str:
    return place.text[max(0, match.start() - 16) : match.start()]


def _read_weekday(match: re.Match[str], place: Place) -> Found | None:
    """on Monday, last Monday, Monday of last week."""
    which, week, name = match["which"], match["week"], match["wd"]
    if not (which or week or _is_said_as_day(match, place)):
        return None
    if name in {"sat", "sun"} and place.original[match.start("wd")] == "s":
        return None
    number = _WEEKDAYS.index(name[:3])
    if which == "coming" and not week:
        day = place.today + timedelta((number - place.today.weekday() - 1) % 7 + 1)
        return Found(day, day, is_relative=True)
    if week or which in {"this", "current", "next", "following"}:
        return _weekday(place.today, number, SHIFTS[week or which])
    is_today = number == place.today.weekday()
    found = _weekday(place.today, number, -1 if number > place.today.weekday() or (which and is_today) else 0)
    return found._replace(is_weekless=not which)


def _weekday(today: date, number: int, weeks: int) -> Found:
    day = week_span(today)[0] + timedelta(7 * weeks + number)
    return Found(day, day, is_relative=True)


def _is_said_as_day(match: re.Match[str], place: Place) -> bool:
    """on Monday; without a preposition only "Monday's" and a weekday at the end count, for "Monday meeting" and "Black Friday" are
    names. The second of two goes with the first, and "Monday to Friday" at the end counts, too."""
    before = place.text[max(0, match.start() - 40) : match.start()]
    ends_there = _NOTHING_FOLLOWS.match(place.text, match.end()) is not None
    if opening := _WEEKDAY_BEFORE.search(before):
        first = before[: opening.start()]
        return ends_there or any((_ON.search(first), _WHICH_BEFORE.search(first), introduces(first)))
    if match["wd"] == "wed" and place.original[match.start("wd")] == "w" and _TO.search(before):
        return False  # a verb
    if _ON.search(before) or introduces(before) or _WEEKDAY_BEHIND.match(place.text, match.end()):
        return True
    return ends_there and match["wd"].endswith("day") and not _NAMED_DAY.search(before)


def _read_han_weekday(match: re.Match[str], place: Place) -> Found | None:
    """上周三, 本周五, 下周, 周末; 周三 alone is the latest."""
    which, name = match["which"], match["wd"]
    if not name:
        return Found(*unit_span("week", place.today, SHIFTS[which]), is_relative=True)
    if name == "末":
        if not which:
            return Found(*unit_span("weekend", place.today, 0 if place.today.weekday() >= 5 else -1), is_relative=True)
        return Found(*unit_span("weekend", place.today, SHIFTS[which]), is_relative=True)
    number = 6 if name in "日天7" else number_in(name) - 1
    day = _weekday(place.today, number, SHIFTS[which] if which else -1 if number > place.today.weekday() else 0)
    return day._replace(is_weekless=not which)


def _read_month_alone(match: re.Match[str], place: Place) -> Found | None:
    """in March, last March; an unmistakable name, or a capital where no verb can stand, does without a preposition."""
    which, month = match["which"], month_number(match["m"])
    if not _is_said_as_month(match, place):
        return None
    year = place.today.year - (month > place.today.month)
    if which == "this":
        year = place.today.year
    elif which == "next":
        year = place.today.year + (month <= place.today.month)
    elif which and month == place.today.month:
        year -= 1
    return Found(*month_span(year, month), is_relative=bool(which), is_yearless=not which)


def _is_said_as_month(match: re.Match[str], place: Place) -> bool:
    which, name = match["which"], match["m"]
    if MONTH_BEFORE.search(place.text[max(0, match.start() - 28) : match.start()]):
        return True
    is_capital = place.original[match.start("m")].isupper()
    has_company = which or is_introduced(match, place) or ANOTHER_MONTH.match(place.text, match.end())
    if len(name) > 3:
        has_company = has_company or MONTH_IN_A_LIST.match(place.text, match.end())
    if name == "may" and not is_capital and (which == "this" or is_modal_may(match, place)):
        return False
    if has_company:
        return True
    return len(name) > 3 and name != "march" and (is_capital or name not in _ALSO_NAMES)


def _read_season(match: re.Match[str], place: Place) -> Found:
    """last summer: one that is over; this summer: of this year, or the winter that still lasts; in the summer: the latest."""
    month, which = SEASONS[match["s"]], match["which"]
    first, last = latest(lambda year: month_span(year, month, 3), place.today)
    lasts = place.today <= last
    if not which:
        return Found(first, last, is_yearless=True)
    if which == "this":
        years = 0 if lasts else place.today.year - first.year
    else:
        years = 1 if SHIFTS[which] > 0 else -1 if lasts else 0
    return Found(*month_span(first.year + years, month, 3), is_relative=True)


def _read_month_away(match: re.Match[str], place: Place) -> Found:
    """上个月, 本月5日, 下月底."""
    month = months_later(place.today.replace(day=1), SHIFTS[match["which"]])
    return Found(*in_month(match.groupdict(), month.year, month.month), is_relative=True)


_ON = re.compile(r"(?<![a-z])(?:on|over|at|and|to)\s{1,3}(?:the\s)?$")
_NAMED_DAY = re.compile(r"(?:black|good|casual|cyber|easter|palm|ash|holy|every|each|per|super)\s{1,3}$")
_NOTHING_FOLLOWS = re.compile(r"'s|\s{1,2}(?:morning|noon|afternoon|evening|night)(?![a-z])|[\s.?!]{0,20}$")

_COUNT_WORDS = "|".join(sorted(ENGLISH_NUMBERS, key=len, reverse=True))
_COUNTED = (
    rf"(?P<n>\d{{1,3}}(?:{S0}(?:-|~|to|or){S0}\d{{1,3}})?|(?:a\s)?few|several|(?:a\s)?couple(?:\sof)?|half\san?"
    rf"|(?:{_COUNT_WORDS})(?:{S1}(?:to|or){S1}(?:{_COUNT_WORDS}))?){S1}(?P<u>day|week|month|quarter|year)s?"
)
_TO_OR = re.compile(r"\s{0,3}[-~至到]\s{0,3}|\s{1,3}(?:to|or)\s{1,3}|(?<=\d)(?:to|or)(?=\d)")
_COUNT_BEGINNINGS = f"{NUMBER} few several couple half {' '.join(ENGLISH_NUMBERS)}"
_HAN_UNIT = r"(?P<u>个?多?(?:天|日|周|星期|礼拜|年)多?|个多?(?:月|季度)多?)"
_HAN_COUNTED = rf"(?P<n>\d{{1,3}}(?:{S0}[-~至到]{S0}\d{{1,3}})?|十几|[{HAN_COUNTS}两]{{1,3}}(?:[至到][{HAN_COUNTS}两]{{1,3}})?|几|半){S0}{_HAN_UNIT}"
_NO_PART = r"(?<!\d[.,/-])(?!(?<=\d\s)\d{3})"
"""Not the end of a decimal, a grouped number or a stretch."""

_NO_COUNT_BEFORE = rf"{_NO_PART}(?<![\d{HAN_COUNTS}]点)(?<![\d{HAN_COUNTS}两百千万第哪那某每])"
_WEEKDAY_NAMES = r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
_WEEKDAY = rf"(?P<wd>{_WEEKDAY_NAMES})"
_WEEKDAY_BEFORE = re.compile(
    rf"(?<![a-z])(?:{_WEEKDAY_NAMES}){S0}(?:-|(?<=\s)(?:to|until|till|through|and)(?=\s)){S0}$", re.ASCII
)
_WEEKDAY_BEHIND = re.compile(
    rf"{S0}(?:-|(?<=\s)(?:to|until|till|through)(?=\s)){S0}(?:{_WEEKDAY_NAMES}){E}"
    rf"(?:{S1}(?:of\s)?(?:last|this|next)\s{{1,2}}week{E}|{_NOTHING_FOLLOWS.pattern})",
    re.ASCII,
)
_WHICH = "last previous past this current next coming following"
_WHICH_BEFORE = re.compile(rf"(?<![a-z])(?:{_WHICH.replace(' ', '|')}){S1}$")
_TO = re.compile(r"(?<![a-z])(?:to|and)\s{1,3}$")
_NO_NAME = (
    r"(?!之(?![内前])|头条|頭條|说法|說法|重[现現]|世界(?!杯)|方舟|帝[国國]|边缘|邊緣|战[记紀]|戰[記紀]|香(?!港))"
)
"""今日头条, 明日方舟, 明日之后: names of programmes, games and films."""

_HAN_WHICH = r"(?P<which>上上|下下|上|下|这|(?<![日基])本)一?"

COUNTED_RULES = [
    *YEAR_AWAY_RULES,
    *rules(_days_between(-2, -2), "the day", rf"{B}(?:the\s)?day\s{{1,2}}before\s{{1,2}}yesterday{E}"),
    *rules(_days_between(-1, -1), "yesterday last", rf"{B}(?:yesterday|last\s{{1,2}}night){E}"),
    *rules(
        _days_between(0, 0),
        "today tonight this",
        rf"{B}(?:today|tonight|this\s{{1,2}}(?:morning|afternoon|evening)){E}",
    ),
    *rules(_days_between(1, 1), "tomorrow", rf"{B}tomorrow{E}"),
    *rules(_days_between(2, 2), "the day", rf"{B}(?:the\s)?day\s{{1,2}}after\s{{1,2}}tomorrow{E}"),
    *rules(_days_between(-3, -3), "大", r"大前[天日]"),
    *rules(_days_between(-2, -2), "前", r"(?<![目之以])前[天日晚](?![气性本期])"),
    *rules(_days_between(-1, -1), "昨", rf"昨(?:[天晚夜]|日{_NO_NAME})"),
    *rules(_days_between(0, 0), "今", rf"今(?:[天晚早晨夜]|日{_NO_NAME})"),
    *rules(_days_between(1, 1), "明", rf"明(?:[天晚早]|日{_NO_NAME})"),
    *rules(_days_between(2, 2), "后", r"(?<![以之])后天(?![气性])"),
    *rules(_days_between(3, 3), "大", r"大后天"),
    *rules(_days_between(-7, -1), "前", r"前[几些][天日]"),
    *rules(_days_between(-3, -1), "前", r"前两[天日]"),
    *rules(
        _read_unit,
        _WHICH,
        rf"{B}(?P<which>last|previous|this|current|next|coming|following){S1}(?P<u>weekend|week|month|quarter|year){E}",
    ),
    *rules(
        _read_unit,
        "the weekend week month quarter year",
        rf"{B}(?P<which>)(?:the\s)?(?P<u>weekend|week|month|quarter|year){S1}before{S1}last{E}",
    ),
    *rules(_read_unit, "上这本下", r"(?P<which>上|这|(?<![日基])本|下)一?个?(?P<u>季度)"),
    *rules(_read_the_weekend, "the past", rf"{B}(?:the|(?P<which>past)){S1}weekend{E}"),
    *rules(_read_ago, _COUNT_BEGINNINGS, rf"{B}{_NO_PART}{_COUNTED}{S1}(?:ago|back|earlier){E}"),
    *rules(
        _read_one_or_two,
        "a",
        rf"{B}a{S1}(?P<u>day|week|month|year){S1}or{S1}(?:two|so){S1}(?:ago|back|earlier){E}",
    ),
    *rules(
        _read_ago,
        f"{NUMBER} {HAN_COUNTS}两半几",
        rf"{_NO_COUNT_BEFORE}{_HAN_COUNTED}(?:以|之)?前(?![后面往进去来行景方])",
    ),
    *rules(
        _read_past,
        "the past last previous recent within",
        rf"{B}(?:the\s)?(?:past|last|previous|recent|within){S1}{_COUNTED}{E}",
        rf"{B}(?:the\s)?past{S1}(?P<n>)(?P<u>day|week|month|quarter|year){E}",
    ),
    *rules(
        _read_end_of,
        "the first last",
        rf"{B}(?:the\s)?(?P<end>first|last){S1}{_COUNTED}{S1}(?:of|in){S1}{M}(?:[\s,]{{1,3}}{YEAR})?",
        rf"{B}(?:the\s)?(?P<end>first|last){S1}{_COUNTED}{S1}(?:of|in){S1}{Y}{E}",
    ),
    *rules(
        _read_past,
        "最近过",
        rf"(?:最近|(?<![附将接])近|过去)的?这?{S0}{_HAN_COUNTED}(?:以?来|之?内|里)?",
        rf"(?<![附将接])近(?P<n>[{HAN_COUNTS}两\d]){S0}(?P<u>月)",
    ),
    *rules(_read_past, "这", rf"这(?P<n>[几两三四五六七八九十\d]){S0}{_HAN_UNIT}"),
    *rules(_read_past, f"{NUMBER} {HAN_COUNTS}两半几", rf"{_NO_COUNT_BEFORE}{_HAN_COUNTED}(?:[之以]?内|以?来)"),
    *rules(_read_coming, "the next coming following", rf"{B}(?:the\s)?(?:next|coming|following){S1}{_COUNTED}{E}"),
    *rules(_read_coming, "未今接", rf"(?:未来|今后|接下来)的?{S0}{_HAN_COUNTED}(?:之?内|里)?"),
    *rules(
        _read_weekday,
        f"{_WHICH} monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun",
        rf"{B}(?:(?P<which>{_WHICH.replace(' ', '|')}){S1})?{_WEEKDAY}{E}(?:{S1}(?:of\s)?(?P<week>last|this|next)\s{{1,2}}week{E})?",
    ),
    *rules(
        _read_han_weekday,
        "上下这本",
        rf"{_HAN_WHICH}个?(?:周|星期|礼拜)的?(?:周|星期|礼拜)?(?P<wd>[一二三四五六日天末]|[1-7](?!\d))(?![直些])",
        rf"{_HAN_WHICH}个?(?:周|星期|礼拜)(?P<wd>)(?![期围边岁年])",
    ),
    *rules(
        _read_han_weekday,
        "周星礼",
        r"(?P<which>)(?<![一二两三四五六七八九十几每半整单双个\d])(?:周|星期|礼拜)(?P<wd>[一二三四五六日天末]|[1-7](?!\d))(?![次天个遍回期围])",
    ),
    *rules(
        _read_month_alone,
        f"last past previous this next {MONTHS}",
        rf"{B}(?:(?P<which>last|past|previous|this|next){S1})?{M}(?!{S0}\d)",
    ),
    *rules(_read_season, _WHICH, rf"{B}(?P<which>last|past|previous|this|next|coming|following){S1}{SEASON}{E}"),
    *rules(
        _read_season,
        "spring summer autumn fall winter",
        rf"(?P<which>)(?<=in\sthe\s|ng\sthe\s|er\sthe\s){SEASON}{E}(?!\sof)",
    ),
    *rules(read_named, f"{NUMBER} {HAN_COUNTS}", rf"(?<![\d{HAN_COUNTS}第每几./])(?<!\d-){HAN_MONTH}{IN_HAN_MONTH}"),
    *rules(read_named, f"{NUMBER} 第一二三四", HAN_QUARTER),
    *rules(read_named, "上下", HAN_HALF),
    *rules(read_named, "春夏秋冬", r"(?<![每青])(?P<s>[春夏秋冬])天"),
    *rules(read_named, "年", rf"(?<![每大\d{HAN_COUNTS}])年(?P<p>[初底末终]|中{NOT_HAN})"),
    *rules(_read_month_away, "上下这本", rf"{_HAN_WHICH}个?月份?{IN_HAN_MONTH}"),
]
