"""Found notes by date or title instead of by how well they fit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from assistant.domain.order import ResultOrder
from assistant.retrieval.passages import RankedChunk
from assistant.retrieval.ports import StoredChunk

MOST_SORTED = 200
"""Passages that are looked at for the newest or the first by title; what fits less well than so many others is not missed."""

Group = list[RankedChunk]


def in_order(groups: Sequence[Group], order: ResultOrder, top: int) -> list[Group]:
    """The first `top` notes, each with its best passage."""
    if order is ResultOrder.BEST:
        return list(groups)
    best: dict[int, Group] = {}
    for group in groups:
        best.setdefault(group[0].chunk.file_id, group)
    if order is ResultOrder.TITLE:
        chosen = sorted(best.values(), key=lambda group: (group[0].chunk.title.casefold(), group[0].chunk.note))
    else:
        is_newest = order is ResultOrder.NEWEST
        chosen = sorted(best.values(), key=lambda group: date_s(group[0].chunk), reverse=is_newest)
    return chosen[:top]


def date_s(chunk: StoredChunk) -> float:
    """When a note is of, in Unix seconds: the beginning of the day it gives itself, else the last change of its file."""
    if chunk.day is None:
        return chunk.changed_at_s
    day = date.fromordinal(chunk.day)
    return datetime.combine(day, time.min).timestamp() if day.year > 1 else chunk.changed_at_s
