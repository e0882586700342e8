"""The orders in which found notes and the tree can be shown."""

from __future__ import annotations

from enum import StrEnum


class ResultOrder(StrEnum):
    """newest, oldest: by the day a note gives itself, else by the change of its file."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"


class TreeOrder(StrEnum):
    """changed: newest change first; a folder is as new as its newest note."""

    NAME = "name"
    CHANGED = "changed"
