"""Filters and days in words, as the interface's language writes them."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate, QLocale

from assistant.desktop.common.words import translate
from assistant.domain.search import DateRange, FilterKey, QueryFilter, Understood


def filter_label(found: QueryFilter) -> str:
    """A filter in words: "Folder: work", "Not tag: draft". A date filter names the days it means, whatever words it was written in."""
    days = found.days
    if days is None:
        value = found.value
    elif found.key is FilterKey.DATE:
        value = days_label(days)
    else:
        value = _day(days.first)  # what is named begins on this day: "after" counts from it on, "before" up to it
    return _template(found.key, excludes=found.excludes).format(value=value)


def _template(key: FilterKey, *, excludes: bool) -> str:
    if excludes:
        return {
            FilterKey.FOLDER: translate("Filters", "Not folder: {value}"),
            FilterKey.TYPE: translate("Filters", "Not type: {value}"),
            FilterKey.TAG: translate("Filters", "Not tag: {value}"),
            FilterKey.TITLE: translate("Filters", "Not title: {value}"),
            FilterKey.AFTER: translate("Filters", "Not from {value} on"),
            FilterKey.BEFORE: translate("Filters", "Not before {value}"),
            FilterKey.DATE: translate("Filters", "Not {value}"),
            FilterKey.STATE: translate("Filters", "Not state: {value}"),
        }[key]
    return {
        FilterKey.FOLDER: translate("Filters", "Folder: {value}"),
        FilterKey.TYPE: translate("Filters", "Type: {value}"),
        FilterKey.TAG: translate("Filters", "Tag: {value}"),
        FilterKey.TITLE: translate("Filters", "Title: {value}"),
        FilterKey.AFTER: translate("Filters", "From {value} on"),
        FilterKey.BEFORE: translate("Filters", "Before {value}"),
        FilterKey.DATE: translate("Filters", "Date: {value}"),
        FilterKey.STATE: translate("Filters", "State: {value}"),
    }[key]


def understood_label(understood: Understood) -> str:
    """Every filter and every date of a query, one after the other; "" without any."""
    parts = [filter_label(found) for found in understood.filters]
    return " · ".join([*parts, *(days_label(days) for days in understood.dates)])


def days_label(days: DateRange) -> str:
    """Days as briefly as they can be written without doubt: a day, a whole month or year, or two days."""
    first, last = days.first, days.last
    if first == date.min:
        return translate("Filters", "until {day}").format(day=_day(last))
    if last == date.max:
        return translate("Filters", "since {day}").format(day=_day(first))
    if first == last:
        return _day(first)
    if first.day == 1 and last == _month_end(last):
        if (first.month, last.month) == (1, 12):
            return _years(first.year, last.year)
        if (first.year, first.month) == (last.year, last.month):
            return _form(first, translate("Filters", "MMMM yyyy"))
    return _two_days(first, last)


def _years(first: int, last: int) -> str:
    if first == last:
        return translate("Filters", "{year}").format(year=first)
    return translate("Filters", "{first}–{last}").format(first=first, last=last)


def _two_days(first: date, last: date) -> str:
    if first.year != last.year:
        return f"{_day(first)} – {_day(last)}"
    if first.month != last.month:
        start = _form(first, translate("Filters", "d MMM", "first of two days of one year"))
        end = _form(last, translate("Filters", "d MMM yyyy", "last of two days of one year"))
        return f"{start} – {end}"
    start = _form(first, translate("Filters", "d", "first of two days of one month"))
    end = _form(last, translate("Filters", "d MMM yyyy", "last of two days of one month"))
    return f"{start}–{end}"


def _day(day: date) -> str:
    return _form(day, translate("Filters", "d MMM yyyy"))


def _form(day: date, form: str) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), form)


def _month_end(day: date) -> date:
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)
