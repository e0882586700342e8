"""The day that a note is about, as its author wrote it: in the name of the file, or in the front matter."""

from __future__ import annotations

from pathlib import PurePosixPath

from assistant.retrieval.query_dates import dates_in

_LONGEST_CHARS = 200


def named_day(note: str) -> int | None:
    """From the file's own name ("2024-03-12.md", "20240312 Standup.txt"), as a proleptic ordinal; None if it names no single day."""
    return single_day(PurePosixPath(note).name)


def single_day(text: str) -> int | None:
    """The one day that a text names, as a proleptic ordinal; None if it names none or several."""
    days = {first for first, last in dates_in(text[:_LONGEST_CHARS]) if first == last}
    return days.pop().toordinal() if len(days) == 1 else None
