"""Stretches of days: the arithmetic under `date_rules`. Every function raises ValueError or OverflowError where the calendar ends."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

Span = tuple[date, date]
"""First and last day, both included."""


def month_span(year: int, month: int, months: int = 1) -> Span:
    """So many whole months, from this one on."""
    last_year, last_month = divmod(year * 12 + month - 1 + months - 1, 12)
    return date(year, month, 1), date(last_year, last_month + 1, monthrange(last_year, last_month + 1)[1])


def year_span(first: int, last: int) -> Span:
    return date(first, 1, 1), date(last, 12, 31)


def week_span(day: date) -> Span:
    """Monday to Sunday."""
    monday = day - timedelta(day.weekday())
    return monday, monday + timedelta(6)


def week_of_month(year: int, month: int, number: int) -> Span:
    """number: the week of the 1st is 1; 0 and 5 stand for the last seven days."""
    first, last = month_span(year, month)
    if number in {0, 5}:
        return last - timedelta(6), last
    return first + timedelta(7 * (number - 1)), first + timedelta(7 * number - 1)


def third_of(span: Span, number: int) -> Span | None:
    """The early, middle or late part (0, 1, 2) of a whole month, year or decade; None for anything else."""
    first, last = span
    if span == month_span(first.year, first.month):
        return first.replace(day=1 + 10 * number), last if number == 2 else first.replace(day=10 * number + 10)
    if span == year_span(first.year, first.year):
        return month_span(first.year, 1 + 4 * number, 4)
    if first.year % 10 == 0 and span == year_span(first.year, first.year + 9):
        return year_span(first.year + (0, 4, 7)[number], first.year + (3, 6, 9)[number])
    return None


def unit_span(unit: str, day: date, shift: int = 0) -> Span:
    """The whole day, week, weekend, month, quarter or year that lies `shift` of them after the one that holds the day."""
    if unit == "day":
        return day + timedelta(shift), day + timedelta(shift)
    if unit == "week":
        return week_span(day + timedelta(7 * shift))
    if unit == "weekend":
        sunday = week_span(day + timedelta(7 * shift))[1]
        return sunday - timedelta(1), sunday
    if unit == "quarter":
        first = months_later(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), 3 * shift)
        return month_span(first.year, first.month, 3)
    if unit == "month":
        first = months_later(day.replace(day=1), shift)
        return month_span(first.year, first.month)
    return year_span(day.year + shift, day.year + shift)


def later(day: date, unit: str, count: int) -> date:
    """The day so many days, weeks, months, quarters or years later."""
    if unit in {"day", "week"}:
        return day + timedelta(count * (7 if unit == "week" else 1))
    return months_later(day, count * {"month": 1, "quarter": 3}.get(unit, 12))


def months_later(day: date, months: int) -> date:
    """The same day of another month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
