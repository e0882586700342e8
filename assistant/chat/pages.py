"""A long conversation goes to the window in pages: hundreds of turns in one message would hold it up while they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.answers import Conversation, Turn


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Some turns of a branch. above, below: the ids of those before and behind them, first to last."""

    conversation: Conversation
    turns: tuple[Turn, ...]
    above: tuple[int, ...] = ()
    below: tuple[int, ...] = ()


def cut_page(branch: Sequence[int], limit: int, at: int = 0) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
    """The ids above a page, on it and below it: the last `limit`, or those from the turn `at` on where it stands above them. limit 0: all
    are on it."""
    first = max(0, len(branch) - limit) if limit else 0
    if at in branch:
        first = min(first, branch.index(at))
    last = first + limit if limit else len(branch)
    return branch[:first], branch[first:last], branch[last:]
