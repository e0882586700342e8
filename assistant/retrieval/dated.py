"""Passages of the days that a question names: how well a chunk fits them.

A date in words never keeps a passage out, because nobody can know whether the day of the note or a day in its text is meant; it only
lifts what fits. Filters ("after:2024") are the way to insist.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from assistant.domain.search import DateRange
from assistant.retrieval.ports import StoredChunk
from assistant.retrieval.query_dates import date_spellings, dates_in

DATE_BONUS, RELATIVE_BONUS = 0.2, 0.35
"""Added to a score within [0, 1]. A day that is named finds its passages by its words as well, and 0.2 measured best on the development
sets (en-squad 0.929 without, 0.931 with it, 0.926 with 0.35); "last week" is in no note, so there the days have to do it all."""

_CHANGED_ONLY = 0.4
"""Share of the bonus for a note that names no day and was only changed then: copying a folder changes everything in it."""

_SHORT = timedelta(days=31)
_MOST_SPELLINGS = 40


def spellings_of(dates: Sequence[DateRange]) -> list[str]:
    """Phrases by which chunks that name one of these days are found by their words, however the day is written there."""
    return [spelling for days in dates for spelling in date_spellings(days)][:_MOST_SPELLINGS]


def date_part(chunk: StoredChunk, dates: Sequence[DateRange]) -> float:
    """What the days of the question add to a chunk's score: 0 to RELATIVE_BONUS."""
    if not dates:
        return 0.0
    named = dates_in(" ".join((chunk.note, chunk.title, *chunk.heading_path)))
    if chunk.day is not None:
        named.append((date.fromordinal(chunk.day), date.fromordinal(chunk.day)))
    spans = (*named, *dates_in(chunk.text))
    fitting = [days for days in dates if any(_within(span, days) for span in spans)]
    if fitting:
        return max(map(_bonus, fitting))
    if not named:
        changed = _changed(chunk)
        return _CHANGED_ONLY * max((_bonus(days) for days in dates if days.first <= changed <= days.last), default=0.0)
    return 0.0


def is_short(days: DateRange) -> bool:
    """A note of the very day, week or month says what was then; one of the same year says little."""
    return days.last - days.first < _SHORT


def names_one_of(text: str, dates: Sequence[DateRange]) -> bool | None:
    """Whether a text names one of these days in full; None if it names none at all."""
    spans = dates_in(text)
    return any(_within(span, days) for span in spans for days in dates) if spans else None


def _bonus(days: DateRange) -> float:
    return RELATIVE_BONUS if days.is_relative else DATE_BONUS


def _within(span: tuple[date, date], days: DateRange) -> bool:
    return days.first <= span[0] and span[1] <= days.last


def _changed(chunk: StoredChunk) -> date:
    try:
        return datetime.fromtimestamp(chunk.changed_at_s).astimezone().date()
    except (ValueError, OverflowError, OSError):
        return date.min
