"""Words that name days, in English and Chinese: found at their place, and turned into the days a reader would mean."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.domain.search import DateRange
from assistant.retrieval.query_dates import MOST_CHARS, MOST_DATES, MOST_SPELLINGS, date_spellings, dates_in, find_dates
from assistant.retrieval.terms import words

WEDNESDAY = date(2024, 5, 15)
SUNDAY = date(2026, 11, 22)
NEW_YEAR = date(2024, 1, 1)  # a Monday
LEAP_DAY = date(2024, 2, 29)  # a Thursday
NEW_YEARS_EVE = date(2023, 12, 31)  # a Sunday


def days(first: str, last: str = "") -> tuple[date, date]:
    """A day, a month, a year, or from one to another."""

    def whole(text: str) -> tuple[date, date]:
        parts = [int(part) for part in text.split("-")]
        if len(parts) == 3:
            return date(*parts), date(*parts)
        if len(parts) == 2:
            year, month = parts
            following = date(year + month // 12, month % 12 + 1, 1)
            return date(year, month, 1), following - timedelta(1)
        return date(parts[0], 1, 1), date(parts[0], 12, 31)

    return whole(first)[0], whole(last or first)[1]


def found(query: str, today: date = WEDNESDAY) -> list[tuple[date, date]]:
    return [(one.first, one.last) for one in find_dates(query, today)]


def the_one(query: str, today: date = WEDNESDAY) -> DateRange:
    dates = find_dates(query, today)
    assert len(dates) == 1, dates
    return dates[0]


# ------------------------------------------------------------------------------------------------------- named outright


@pytest.mark.parametrize(
    ("words_", "expected"),
    [
        ("2024", days("2024")),
        ("1990s", days("1990", "1999")),
        ("the 90s", days("1990", "1999")),
        ("late 1980s", days("1987", "1989")),
        ("late 90s", days("1997", "1999")),
        ("Dec '23", days("2023-12")),
        ("Q1'24", days("2024-01", "2024-03")),
        ("March/April 2024", days("2024-03", "2024-04")),
        ("March 2024", days("2024-03")),
        ("Mar 2024", days("2024-03")),
        ("Mar. 2024", days("2024-03")),
        ("march of 2024", days("2024-03")),
        ("may 2024", days("2024-05")),
        ("Sept 2023", days("2023-09")),
        ("2024 March", days("2024-03")),
        ("March 12, 2024", days("2024-03-12")),
        ("March 12th 2024", days("2024-03-12")),
        ("12 March 2024", days("2024-03-12")),
        ("12-Mar-2024", days("2024-03-12")),
        ("12th of March 2024", days("2024-03-12")),
        ("12th of March, 2024", days("2024-03-12")),
        ("2024 March 12", days("2024-03-12")),
        ("March 3-5, 2024", days("2024-03-03", "2024-03-05")),
        ("3-5 March 2024", days("2024-03-03", "2024-03-05")),
        ("2024-03-12", days("2024-03-12")),
        ("2024/3/12", days("2024-03-12")),
        ("2024.3.12", days("2024-03-12")),
        ("20240312", days("2024-03-12")),
        ("2024-03", days("2024-03")),
        ("2024/3", days("2024-03")),
        ("03/2024", days("2024-03")),
        ("12.03.2024", days("2024-03-12")),
        ("13/3/2024", days("2024-03-13")),
        ("3/13/2024", days("2024-03-13")),
        ("4/4/2024", days("2024-04-04")),
        ("Q1 2024", days("2024-01", "2024-03")),
        ("2024Q1", days("2024-01", "2024-03")),
        ("2024-Q4", days("2024-10", "2024-12")),
        ("third quarter of 2023", days("2023-07", "2023-09")),
        ("last quarter of 2023", days("2023-10", "2023-12")),
        ("H1 2024", days("2024-01", "2024-06")),
        ("2024H2", days("2024-07", "2024-12")),
        ("second half of 2023", days("2023-07", "2023-12")),
        ("spring 2024", days("2024-03", "2024-05")),
        ("summer of 2024", days("2024-06", "2024-08")),
        ("autumn 2023", days("2023-09", "2023-11")),
        ("fall 2023", days("2023-09", "2023-11")),
        ("winter 2023", days("2023-12", "2024-02")),
        ("first week of March 2024", days("2024-03-01", "2024-03-07")),
        ("last week of February 2024", days("2024-02-23", "2024-02-29")),
        ("week 11 of 2024", days("2024-03-11", "2024-03-17")),
        ("2024-W11", days("2024-03-11", "2024-03-17")),
        ("2019-2021", days("2019", "2021")),
        ("2019 to 2021", days("2019", "2021")),
        ("2023/24", days("2023", "2024")),
        ("early 2024", days("2024-01", "2024-04")),
        ("late March 2024", days("2024-03-21", "2024-03-31")),
        ("end of 2023", days("2023-09", "2023-12")),
        ("2024年", days("2024")),
        ("2024年度", days("2024")),
        ("2024年3月", days("2024-03")),
        ("2024年03月", days("2024-03")),
        ("24年3月", days("2024-03")),
        ("98年5月", days("1998-05")),
        ("2024年3月12日", days("2024-03-12")),
        ("2024年3月12号", days("2024-03-12")),
        ("2024年3月12號", days("2024-03-12")),
        ("2024 年 3 月 12 日", days("2024-03-12")),
        ("２０２４年３月１２日", days("2024-03-12")),
        ("二〇二四年三月十二日", days("2024-03-12")),
        ("二零二四年", days("2024")),
        ("二○二四年十一月二十一日", days("2024-11-21")),
        ("2024年3月12日至15日", days("2024-03-12", "2024-03-15")),
        ("2024年3月到5月", days("2024-03", "2024-05")),
        ("2024年11月到2025年1月", days("2024-11", "2025-01")),
        ("2020年到2022年", days("2020", "2022")),
        ("2024年上半年", days("2024-01", "2024-06")),
        ("2024上半年", days("2024-01", "2024-06")),
        ("2024第三季度", days("2024-07", "2024-09")),
        ("2024年3月5-8日", days("2024-03-05", "2024-03-08")),
        ("2024年3月5至8号", days("2024-03-05", "2024-03-08")),
        ("二〇二四年三月五到八日", days("2024-03-05", "2024-03-08")),
        ("the last 2 weeks of March 2024", days("2024-03-18", "2024-03-31")),
        ("the first ten days of March 2024", days("2024-03-01", "2024-03-10")),
        ("first three days in 2024", days("2024-01-01", "2024-01-03")),
        ("2024年第一季度", days("2024-01", "2024-03")),
        ("2024年四季度", days("2024-10", "2024-12")),
        ("2024年Q1", days("2024-01", "2024-03")),
        ("2024年春天", days("2024-03", "2024-05")),
        ("2023年冬", days("2023-12", "2024-02")),
        ("2024年底", days("2024-09", "2024-12")),
        ("2024年3月上旬", days("2024-03-01", "2024-03-10")),
        ("2024年2月底", days("2024-02-21", "2024-02-29")),
        ("2024年3月第一周", days("2024-03-01", "2024-03-07")),
        ("2024年3月最后一周", days("2024-03-25", "2024-03-31")),
        ("2024年第11周", days("2024-03-11", "2024-03-17")),
        ("九十年代", days("1990", "1999")),
        ("90年代", days("1990", "1999")),
        ("1990年代", days("1990", "1999")),
        ("一九九〇年代", days("1990", "1999")),
        ("上世纪八十年代", days("1980", "1989")),
        ("八十年代初", days("1980", "1983")),
        ("21世纪10年代", days("2010", "2019")),
    ],
)
def test_a_date_in_full_is_the_same_on_any_day(words_: str, expected: tuple[date, date]) -> None:
    for today in (WEDNESDAY, SUNDAY, NEW_YEAR, LEAP_DAY):
        one = the_one(words_, today)
        assert (one.first, one.last) == expected
        assert words_[one.start : one.end] == words_
        assert not one.is_relative


# --------------------------------------------------------------------------------------------------- counted from today


@pytest.mark.parametrize(
    ("words_", "expected"),
    [
        ("today", days("2024-05-15")),
        ("tonight", days("2024-05-15")),
        ("yesterday", days("2024-05-14")),
        ("last night", days("2024-05-14")),
        ("tomorrow", days("2024-05-16")),
        ("the day before yesterday", days("2024-05-13")),
        ("the day after tomorrow", days("2024-05-17")),
        ("this week", days("2024-05-13", "2024-05-19")),
        ("last week", days("2024-05-06", "2024-05-12")),
        ("next week", days("2024-05-20", "2024-05-26")),
        ("the week before last", days("2024-04-29", "2024-05-05")),
        ("this month", days("2024-05")),
        ("last month", days("2024-04")),
        ("next month", days("2024-06")),
        ("this quarter", days("2024-04", "2024-06")),
        ("last quarter", days("2024-01", "2024-03")),
        ("this year", days("2024")),
        ("last year", days("2023")),
        ("next year", days("2025")),
        ("this weekend", days("2024-05-18", "2024-05-19")),
        ("last weekend", days("2024-05-11", "2024-05-12")),
        ("next weekend", days("2024-05-25", "2024-05-26")),
        ("last Monday", days("2024-05-13")),
        ("last Wednesday", days("2024-05-08")),
        ("last Friday", days("2024-05-10")),
        ("this Friday", days("2024-05-17")),
        ("next Friday", days("2024-05-24")),
        ("Monday of last week", days("2024-05-06")),
        ("3 days ago", days("2024-05-12")),
        ("two weeks ago", days("2024-04-29", "2024-05-05")),
        ("a couple of months ago", days("2024-03")),
        ("two years ago", days("2022")),
        ("half a year ago", days("2023-11")),
        ("a week or two ago", days("2024-04-29", "2024-05-12")),
        ("a day or so ago", days("2024-05-13", "2024-05-14")),
        ("last year summer", days("2023-06", "2023-08")),
        ("a few days ago", days("2024-05-10", "2024-05-13")),
        ("past 7 days", days("2024-05-08", "2024-05-15")),
        ("last 30 days", days("2024-04-15", "2024-05-15")),
        ("the past two weeks", days("2024-05-01", "2024-05-15")),
        ("past month", days("2024-04-15", "2024-05-15")),
        ("next 7 days", days("2024-05-15", "2024-05-22")),
        ("last March", days("2024-03")),
        ("last May", days("2023-05")),
        ("this May", days("2024-05")),
        ("next March", days("2025-03")),
        ("March last year", days("2023-03")),
        ("last year in March", days("2023-03")),
        ("last year, March", days("2023-03")),
        ("last year in may", days("2023-05")),
        ("next year on March 12", days("2025-03-12")),
        ("last year in the summer", days("2023-06", "2023-08")),
        ("March 12 last year", days("2023-03-12")),
        ("first quarter of last year", days("2023-01", "2023-03")),
        ("last summer", days("2023-06", "2023-08")),
        ("this summer", days("2024-06", "2024-08")),
        ("last spring", days("2023-03", "2023-05")),
        ("since Monday", days("2024-05-13", "2024-05-15")),
        ("last Monday to today", days("2024-05-13", "2024-05-15")),
        ("今天", days("2024-05-15")),
        ("今晚", days("2024-05-15")),
        ("昨天", days("2024-05-14")),
        ("昨晚", days("2024-05-14")),
        ("前天", days("2024-05-13")),
        ("大前天", days("2024-05-12")),
        ("明天", days("2024-05-16")),
        ("后天", days("2024-05-17")),
        ("大后天", days("2024-05-18")),
        ("去年", days("2023")),
        ("今年", days("2024")),
        ("明年", days("2025")),
        ("前年", days("2022")),
        ("去年三月", days("2023-03")),
        ("去年3月12日", days("2023-03-12")),
        ("今年上半年", days("2024-01", "2024-06")),
        ("去年第四季度", days("2023-10", "2023-12")),
        ("去年夏天", days("2023-06", "2023-08")),
        ("去年年底", days("2023-09", "2023-12")),
        ("上个月", days("2024-04")),
        ("上月", days("2024-04")),
        ("上上个月", days("2024-03")),
        ("这个月", days("2024-05")),
        ("本月", days("2024-05")),
        ("下个月", days("2024-06")),
        ("上个月12号", days("2024-04-12")),
        ("这个月底", days("2024-05-21", "2024-05-31")),
        ("上周", days("2024-05-06", "2024-05-12")),
        ("上星期", days("2024-05-06", "2024-05-12")),
        ("上礼拜", days("2024-05-06", "2024-05-12")),
        ("这周", days("2024-05-13", "2024-05-19")),
        ("本周", days("2024-05-13", "2024-05-19")),
        ("下周", days("2024-05-20", "2024-05-26")),
        ("上上周", days("2024-04-29", "2024-05-05")),
        ("上周三", days("2024-05-08")),
        ("上星期三", days("2024-05-08")),
        ("上个星期三", days("2024-05-08")),
        ("上礼拜天", days("2024-05-12")),
        ("本周五", days("2024-05-17")),
        ("下周一", days("2024-05-20")),
        ("周三", days("2024-05-15")),
        ("星期四", days("2024-05-09")),
        ("周日", days("2024-05-12")),
        ("周末", days("2024-05-11", "2024-05-12")),
        ("上周末", days("2024-05-11", "2024-05-12")),
        ("这周末", days("2024-05-18", "2024-05-19")),
        ("周一到周三", days("2024-05-13", "2024-05-15")),
        ("三天前", days("2024-05-12")),
        ("两周前", days("2024-04-29", "2024-05-05")),
        ("两个月前", days("2024-03")),
        ("两年前", days("2022")),
        ("半年前", days("2023-11")),
        ("几天前", days("2024-05-10", "2024-05-13")),
        ("两三天前", days("2024-05-12", "2024-05-13")),
        ("十几天前", days("2024-04-26", "2024-05-05")),
        ("二十天前", days("2024-04-25")),
        ("一个多月前", days("2024-03", "2024-04")),
        ("五年来", days("2019-05-15", "2024-05-15")),
        ("前几天", days("2024-05-08", "2024-05-14")),
        ("这两天", days("2024-05-13", "2024-05-15")),
        ("最近三天", days("2024-05-12", "2024-05-15")),
        ("近7天", days("2024-05-08", "2024-05-15")),
        ("过去两周", days("2024-05-01", "2024-05-15")),
        ("近三个月", days("2024-02-15", "2024-05-15")),
        ("最近一年", days("2023-05-15", "2024-05-15")),
        ("三天内", days("2024-05-12", "2024-05-15")),
        ("未来三天", days("2024-05-15", "2024-05-18")),
        ("上季度", days("2024-01", "2024-03")),
        ("本季度", days("2024-04", "2024-06")),
        ("从去年开始", days("2023-01-01", "2024-05-15")),
        ("上個月", days("2024-04")),
        ("上週三", days("2024-05-08")),
        ("兩週前", days("2024-04-29", "2024-05-05")),
    ],
)
def test_words_are_counted_from_today(words_: str, expected: tuple[date, date]) -> None:
    one = the_one(words_)
    assert (one.first, one.last) == expected
    assert words_[one.start : one.end] == words_
    assert one.is_relative


@pytest.mark.parametrize(
    ("words_", "expected"),
    [
        ("since March 2024", days("2024-03-01", "2024-05-15")),
        ("since 2020", days("2020-01-01", "2024-05-15")),
        ("2020 onwards", days("2020-01-01", "2024-05-15")),
        ("2020 - present", days("2020-01-01", "2024-05-15")),
        ("week of March 12", days("2024-03-11", "2024-03-17")),
        ("March 12", days("2024-03-12")),
        ("march 12th", days("2024-03-12")),
        ("12 March", days("2024-03-12")),
        ("December 24", days("2023-12-24")),
        ("Q3", days("2023-07", "2023-09")),
        ("january", days("2024-01")),
        ("December", days("2023-12")),
        ("late march", days("2024-03-21", "2024-03-31")),
        ("上半年", days("2024-01", "2024-06")),
        ("下半年", days("2023-07", "2023-12")),
        ("第一季度", days("2024-01", "2024-03")),
        ("春天", days("2024-03", "2024-05")),
        ("夏天", days("2023-06", "2023-08")),
        ("3月12日", days("2024-03-12")),
        ("三月", days("2024-03")),
        ("十二月", days("2023-12")),
        ("三月份", days("2024-03")),
        ("3月底", days("2024-03-21", "2024-03-31")),
        ("3月到5月", days("2024-03", "2024-05")),
        ("3月12日到15日", days("2024-03-12", "2024-03-15")),
        ("3月5-8日", days("2024-03-05", "2024-03-08")),
        ("3月5日-4月8日", days("2024-03-05", "2024-04-08")),
        ("3月-5月", days("2024-03", "2024-05")),
        ("3月5日-8日", days("2024-03-05", "2024-03-08")),
        ("the last 2 weeks of March", days("2024-03-18", "2024-03-31")),
        ("自2020年以来", days("2020-01-01", "2024-05-15")),
        ("2020年至今", days("2020-01-01", "2024-05-15")),
        ("in the summer", days("2023-06", "2023-08")),
    ],
)
def test_a_name_without_a_year_means_its_latest_time(words_: str, expected: tuple[date, date]) -> None:
    one = the_one(words_)
    assert (one.first, one.last) == expected
    assert words_.endswith(words_[one.start : one.end])
    assert not one.is_relative


@pytest.mark.parametrize(
    ("words_", "today", "expected"),
    [
        ("this week", SUNDAY, days("2026-11-16", "2026-11-22")),
        ("last week", SUNDAY, days("2026-11-09", "2026-11-15")),
        ("this weekend", SUNDAY, days("2026-11-21", "2026-11-22")),
        ("over the weekend", SUNDAY, days("2026-11-21", "2026-11-22")),
        ("last weekend", SUNDAY, days("2026-11-14", "2026-11-15")),
        ("周末", SUNDAY, days("2026-11-21", "2026-11-22")),
        ("周末", NEW_YEAR, days("2023-12-30", "2023-12-31")),
        ("on Sunday", SUNDAY, days("2026-11-22")),
        ("last Sunday", SUNDAY, days("2026-11-15")),
        ("next Monday", SUNDAY, days("2026-11-23")),
        ("周一", SUNDAY, days("2026-11-16")),
        ("上周日", SUNDAY, days("2026-11-15")),
        ("本周日", SUNDAY, days("2026-11-22")),
        ("yesterday", NEW_YEAR, days("2023-12-31")),
        ("last week", NEW_YEAR, days("2023-12-25", "2023-12-31")),
        ("last month", NEW_YEAR, days("2023-12")),
        ("last quarter", NEW_YEAR, days("2023-10", "2023-12")),
        ("three months ago", NEW_YEAR, days("2023-10")),
        ("上个月", NEW_YEAR, days("2023-12")),
        ("去年", NEW_YEAR, days("2023")),
        ("in december", NEW_YEAR, days("2023-12")),
        ("this winter", NEW_YEAR, days("2023-12", "2024-02")),
        ("last winter", NEW_YEAR, days("2022-12", "2023-02")),
        ("in the winter", NEW_YEAR, days("2023-12", "2024-02")),
        ("next month", NEW_YEARS_EVE, days("2024-01")),
        ("tomorrow", NEW_YEARS_EVE, days("2024-01-01")),
        ("下周", NEW_YEARS_EVE, days("2024-01-01", "2024-01-07")),
        ("January 2", NEW_YEARS_EVE, days("2024-01-02")),
        ("January 8", NEW_YEARS_EVE, days("2023-01-08")),
        ("past month", date(2024, 3, 31), days("2024-02-29", "2024-03-31")),
        ("last year", LEAP_DAY, days("2023")),
        ("past year", LEAP_DAY, days("2023-02-28", "2024-02-29")),
        ("Feb 29", SUNDAY, days("2024-02-29")),
        ("2月29日", SUNDAY, days("2024-02-29")),
        ("February 29", date(1903, 1, 1), days("1896-02-29")),
    ],
)
def test_week_month_and_year_borders_are_kept(words_: str, today: date, expected: tuple[date, date]) -> None:
    assert found(words_, today) == [expected]


@pytest.mark.parametrize(
    ("words_", "expected"),
    [
        ("上周一到周三", days("2026-03-23", "2026-03-25")),
        ("上周的周一到周三", days("2026-03-23", "2026-03-25")),
        ("周一和周三之间", days("2026-03-30", "2026-04-01")),
        ("上周一到上周三", days("2026-03-23", "2026-03-25")),
        ("下周一到周三", days("2026-04-06", "2026-04-08")),
        ("周一到周五", days("2026-03-30", "2026-04-03")),
        ("周五到周一", days("2026-03-27", "2026-03-30")),
        ("next Monday to Friday", days("2026-04-06", "2026-04-10")),
        ("last Monday to Wednesday", days("2026-03-30", "2026-04-01")),
        ("notes Monday to Friday", days("2026-03-30", "2026-04-03")),
        ("Mon - Fri?", days("2026-03-30", "2026-04-03")),
        ("Monday to Wednesday of last week", days("2026-03-23", "2026-03-25")),
        ("what we did on Monday to Wednesday in the team", days("2026-03-30", "2026-04-01")),
        ("the meetings of last Monday through Wednesday with Ann", days("2026-03-30", "2026-04-01")),
        ("from Monday to Wednesday of last week", days("2026-03-23", "2026-03-25")),
        ("between Monday and Wednesday", days("2026-03-30", "2026-04-01")),
        ("between Friday and Monday", days("2026-03-27", "2026-03-30")),
        ("between Wed and Fri", days("2026-04-01", "2026-04-03")),
        ("yesterday to Friday", days("2026-04-01", "2026-04-03")),
        ("last week to Wednesday", days("2026-03-23", "2026-04-01")),
        ("between March and May", days("2026-03", "2026-05")),
        ("from January to May", days("2026-01", "2026-05")),
        ("from january to june", days("2026-01", "2026-06")),
        ("from march to may i wrote", days("2026-03", "2026-05")),
        ("between Mar and Jun", days("2026-03", "2026-06")),
        ("between September and Dec", days("2025-09", "2025-12")),
        ("between Nov and Feb", days("2025-11", "2026-02")),
        ("between January and may last year", days("2025-01", "2025-05")),
    ],
)
def test_the_end_of_a_stretch_goes_by_its_beginning(words_: str, expected: tuple[date, date]) -> None:
    assert found(words_, date(2026, 4, 2)) == [expected]  # a Thursday


@pytest.mark.parametrize(
    ("words_", "today", "expected"),
    [
        ("coming Friday", date(2026, 3, 31), days("2026-04-03")),
        ("this coming Friday", date(2026, 3, 31), days("2026-04-03")),
        ("the coming Friday", date(2026, 4, 3), days("2026-04-10")),
        ("coming Monday", date(2026, 3, 31), days("2026-04-06")),
        ("following Friday", date(2026, 3, 31), days("2026-04-10")),
        ("the coming weekend", date(2026, 3, 31), days("2026-04-04", "2026-04-05")),
        ("the coming weekend", date(2026, 4, 4), days("2026-04-11", "2026-04-12")),
        ("the coming week", date(2026, 3, 31), days("2026-04-06", "2026-04-12")),
    ],
)
def test_the_coming_day_is_the_next_one(words_: str, today: date, expected: tuple[date, date]) -> None:
    assert found(words_, today) == [expected]


@pytest.mark.parametrize(
    ("words_", "expected"),
    [
        ("2-3 weeks ago", days("2024-04-22", "2024-05-05")),
        ("2 – 3 weeks ago", days("2024-04-22", "2024-05-05")),
        ("two or three days ago", days("2024-05-12", "2024-05-13")),
        ("two to three days ago", days("2024-05-12", "2024-05-13")),
        ("the last 2-3 days", days("2024-05-12", "2024-05-15")),
        ("两到三周前", days("2024-04-22", "2024-05-05")),
        ("2-3周前", days("2024-04-22", "2024-05-05")),
        ("三至五天前", days("2024-05-10", "2024-05-12")),
        ("三到五天内", days("2024-05-10", "2024-05-15")),
        ("最近3~5天", days("2024-05-10", "2024-05-15")),
    ],
)
def test_from_so_many_to_so_many_covers_both(words_: str, expected: tuple[date, date]) -> None:
    assert found(words_) == [expected]


@pytest.mark.parametrize(
    "query",
    [
        "10,000 years ago",
        "10 000 years ago",
        "1.5 years ago",
        "1,5 weeks ago",
        "1/2 year ago",
        "1.5年前",
        "3.5天内",
        "一点五年前",
        "10,000年前",
        "within 1.5 weeks",
        "3-2 weeks ago",
    ],
)
def test_a_number_is_not_read_from_its_middle(query: str) -> None:
    assert found(query) == []


def test_a_day_without_a_year_may_lie_a_week_ahead() -> None:
    assert found("May 22") == [days("2024-05-22")]
    assert found("May 23") == [days("2023-05-23")]
    assert found("5月22日") == [days("2024-05-22")]
    assert found("in June") == [days("2023-06")]


@pytest.mark.parametrize(
    ("query", "stretch"),
    [
        ("what did we plan in March 2024?", "March 2024"),
        ("notes from last week about the budget", "last week"),
        ("what happened in march", "march"),
        ("the trip in May was fun", "May"),
        ("since last Monday I slept badly", "since last Monday"),
        ("before 2020", "2020"),
        ("until March", "March"),
        ("meeting on Monday with Ann", "Monday"),
        ("Monday's meeting", "Monday"),
        ("meeting monday", "monday"),
        ("notes Tuesday morning", "Tuesday"),
        ("over the weekend we cooked", "the weekend"),
        ("call April", "April"),
        ("上周三的会议记录", "上周三"),
        ("我在2024年3月12日写的日记", "2024年3月12日"),
        ("去年三月去了哪里", "去年三月"),
        ("2024年的计划", "2024年"),
        ("2020年以前的照片", "2020年"),
        ("between 2019 and 2021", "2019 and 2021"),
    ],
)
def test_offsets_are_of_the_words_that_name_the_days(query: str, stretch: str) -> None:
    one = the_one(query)
    assert query[one.start : one.end] == stretch


def test_two_dates_are_two_and_a_joined_pair_is_one() -> None:
    assert found("compare March 2023 with March 2024") == [days("2023-03"), days("2024-03")]
    assert found("from March to May 2024") == [days("2024-03", "2024-05")]
    assert found("from November 2023 to February 2024") == [days("2023-11", "2024-02")]
    assert found("去年和今年") == [days("2023"), days("2024")]
    assert found("last year may have been") == [days("2023")]
    assert found("last year Jan visited us")[0] == days("2023")
    assert found("last year, June came along")[0] == days("2023")
    assert found("last year summer camp list") == [days("2023")]
    assert found("3月5-8号楼") == [days("2024-03")]
    assert found("monday and tuesday") == [days("2024-05-14")]
    assert found("on Monday and Tuesday") == [days("2024-05-13"), days("2024-05-14")]
    assert found("今日香港，昨日世界杯") == [days("2024-05-15"), days("2024-05-14")]
    assert found("昨日的会议和明日安排") == [days("2024-05-14"), days("2024-05-16")]


@pytest.mark.parametrize(
    "query",
    [
        "may I ask",
        "I may be late",
        "you may 2 times",
        "option 3 may work",
        "this may be it",
        "it may",
        "march on the city",
        "they march to the river",
        "March",
        "May",
        "call april",
        "an august body",
        "jan likes mar and dec",
        "the sun and the sat nav",
        "Black Friday deals",
        "Monday meeting template",
        "every Monday",
        "Monday to Friday opening hours",
        "Mon-Fri opening hours",
        "Monday and Friday meetings",
        "5号-8号楼",
        "2000 words essay",
        "RTX 2080 driver",
        "2,024 people",
        "$2024",
        "room 3024",
        "at 20:24",
        "issue #2024",
        "python 3.11",
        "CVE-2024-1234",
        "version 2024.1",
        "192.168.2024.1",
        "3/12/2024",
        "2024-02-31",
        "20241350",
        "99999年",
        "in the fall of Rome",
        "marché",
        "q5",
        "",
        "目前天气",
        "以前天天跑步",
        "日本月饼",
        "日本周边",
        "基本周期",
        "三周年纪念",
        "一周三次",
        "每周三",
        "每周末",
        "每个星期三",
        "大年初一",
        "五月天演唱会",
        "三个月",
        "哪一年前往俄国",
        "夏季剧院",
        "2000人",
        "第一季",
        "月亮和六便士",
        "附近三个人",
        "今日头条",
        "今日说法",
        "明日香",
        "明日方舟攻略",
        "明日之后",
        "昨日重现 歌词",
        "昨日世界",
        "decide to wed",
        "to wed and to part",
    ],
)
def test_what_is_no_date_stays_a_word(query: str) -> None:
    assert found(query) == []


def test_an_impossible_day_still_has_its_year() -> None:
    assert found("2024年13月") == [days("2024")]
    assert found("去年2月29日") == [days("2023-02")]
    assert found("去年13月") == [days("2023")]
    assert found("2023年2月29日") == [days("2023-02")]


def test_a_pasted_page_is_read_to_a_limit() -> None:
    assert len(find_dates("2024 " * 1000, WEDNESDAY)) == MOST_DATES
    assert found("x" * MOST_CHARS + " 2024") == []


_PIECES = st.sampled_from(
    "2024 1999 12 3 31 may march March mon last next since to - / . of the in first week quarter q1 h2 ago days two few s th "
    "年 月 日 号 去年 三 十二 上 下 周 星期 前 最近 半 几 个 季度 春天 年代 二〇二四 以来 到 至 ２ \n \U00020000 İ é".split(
        " "
    )
)
_TEXTS = st.one_of(
    st.text(max_size=80), st.lists(_PIECES, max_size=14).map(" ".join), st.lists(_PIECES, max_size=14).map("".join)
)


@given(_TEXTS, st.dates())
@example("yesterday, last year, 3 weeks ago, 大前年, since 2024, last winter", date.min)
@example("tomorrow, next year, next 300 years, 后年, 下下周, this winter, week of December 31", date.max)
@example("January 1", date(9999, 12, 31))
@example("半周前, half a week ago, 最近半天, 0 days ago, 零天前, 00-00-2024, 2024-W99", WEDNESDAY)
def test_any_text_on_any_day_gives_ordered_dates_inside_it(text: str, today: date) -> None:
    end = 0
    for one in find_dates(text, today):
        assert one.first <= one.last
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip()
        end = one.end


# ---------------------------------------------------------------------------------------------------------------- in notes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Daily note 2024-03-12", [days("2024-03-12")]),
        ("2024-03-12-standup.md", [days("2024-03-12")]),
        ("journal/2024/03/12.md", [days("2024-03-12")]),
        ("journal/2024_03_12.md", [days("2024-03-12")]),
        ("IMG_20240312_101500.jpg", [days("2024-03-12")]),
        ("scan20240312101500.pdf", [days("2024-03-12")]),
        ("tax-2024.pdf", [days("2024")]),
        ("tax_2024.pdf", [days("2024")]),
        ("Written on 12 March 2024, read in April 2024.", [days("2024-03-12"), days("2024-04")]),
        ("Founded in 1850 and again in 1903.", [days("1850"), days("1903")]),
        ("会议 2024年3月12日，纪要", [days("2024-03-12")]),
        ("二〇二四年三月", [days("2024-03")]),
        ("2024年计划", [days("2024")]),
        ("twice: 2024-03-12 and 12 March 2024", [days("2024-03-12")]),
        ("yesterday, March 12, 上周三, 去年, in May, Q3", []),
        ("2024-02-31, 99999年, 20241399", []),
        ("1200 BC, 公元前1200年, 民国113年", []),
        ("commit a1b20240312cd, id 120240312", []),
        ("created: 2024-03-12T10:00:00Z", [days("2024-03-12")]),
        ("[[2024-03-12]] 2024-03-13_2024-03-15", [days("2024-03-12"), days("2024-03-13"), days("2024-03-15")]),
        ("no date at all", []),
        ("", []),
    ],
)
def test_a_note_mentions_absolute_dates_only(text: str, expected: list[tuple[date, date]]) -> None:
    assert dates_in(text) == expected


@given(_TEXTS)
def test_any_note_gives_ordered_dates(text: str) -> None:
    for first, last in dates_in(text):
        assert first <= last


# --------------------------------------------------------------------------------------------------------------- spellings


def stands_in_a_row(phrase: str, text: str) -> bool:
    wanted, have = words(phrase), words(text)
    return any(have[i : i + len(wanted)] == wanted for i in range(len(have) - len(wanted) + 1))


def spellings(first: str, last: str = "") -> tuple[str, ...]:
    return date_spellings(DateRange(*days(first, last)))


@pytest.mark.parametrize(
    ("days_", "note"),
    [
        ("2024-03-02", "On 2024-03-02 we met."),
        ("2024-03-02", "On 2024/3/2 we met."),
        ("2024-03-02", "scan_20240302_final.pdf"),
        ("2024-03-02", "On 02.03.2024 we met."),
        ("2024-03-02", "We met on March 2, 2024."),
        ("2024-03-02", "We met on 2 March 2024."),
        ("2024-03-02", "We met on Mar 2, 2024."),
        ("2024-03-02", "We met on 2 Mar. 2024"),
        ("2024-03-02", "the 2nd of March 2024"),
        ("2024-03-02", "March 2nd, 2024"),
        ("2024-03-02", "日期：2024年3月2日。"),
        ("2024-03-02", "我们2024年3月2日去了北京"),
        ("2024-03-02", "我们2024年03月02日去了北京"),
        ("2024-03-02", "我们2024年3月2号去了北京"),
        ("2024-03-02", "2024 年 3 月 2 日"),
        ("2024-03-02", "二〇二四年三月二日，下午"),
        ("2024-03", "the plan for March 2024"),
        ("2024-03", "Mar 2024"),
        ("2024-03", "March of 2024"),
        ("2024-03", "2024-03-12"),
        ("2024-03", "2024年3月的计划"),
        ("2024-03", "2024年03月"),
        ("2024-03", "写于二〇二四年三月。"),
        ("2024", "in 2024, and"),
        ("2024", "2024年的计划"),
        ("2024", "（二〇二四）"),
    ],
)
def test_a_spelling_finds_the_date_as_notes_write_it(days_: str, note: str) -> None:
    assert any(stands_in_a_row(phrase, note) for phrase in spellings(days_))


def test_a_spelling_finds_no_other_day() -> None:
    for note in ("2024-03-13", "2023-03-12", "12 April 2024", "2024年4月12日", "2024年3月1日", "March 1, 2024"):
        assert not any(stands_in_a_row(phrase, note) for phrase in spellings("2024-03-12"))


def test_spellings_of_a_longer_range_are_those_of_its_parts() -> None:
    week = spellings("2024-03-11", "2024-03-17")
    assert {f"2024-03-{day}" for day in range(11, 18)} <= set(week)
    assert any(stands_in_a_row(phrase, "2024年3月14日去了北京") for phrase in week)
    quarter = spellings("2024-01", "2024-03")
    assert {"january 2024", "february 2024", "march 2024"} <= set(quarter)
    assert not any(stands_in_a_row(phrase, "in 2024") for phrase in quarter)
    assert "1994" in spellings("1990", "1999")
    assert "2024-03" in spellings("2024-03-05", "2024-05-15")
    assert spellings("1000", "1999") == ()


@given(st.dates(), st.integers(0, 40_000))
def test_spellings_are_few_distinct_and_lower_case(first: date, length: int) -> None:
    last = date.fromordinal(min(first.toordinal() + length, date.max.toordinal()))
    phrases = date_spellings(DateRange(first, last))
    assert len(phrases) <= MOST_SPELLINGS
    assert len(set(phrases)) == len(phrases)
    assert all(phrase == phrase.lower() and words(phrase) for phrase in phrases)


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2099, 12, 31)))
def test_the_first_spellings_of_a_day_are_read_back_as_that_day(day: date) -> None:
    for phrase in date_spellings(DateRange(day, day))[:3]:
        assert dates_in(phrase) == [(day, day)]
