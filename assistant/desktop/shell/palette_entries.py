"""What the palette can lead to, as plain rows, and the order they come in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.desktop.shell.palette_matching import fit

MOST_ROWS = 40
MOST_OF_A_KIND = 8
RECENT_POINTS = 6
"""What was chosen lately wins over what fits as well, never over what fits better."""


class Kind(StrEnum):
    """What a row leads to. The order is the one in which rows that fit alike are shown."""

    ACTION = "action"
    SETTING = "setting"
    FOLDER = "folder"
    CHAT = "chat"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Entry:
    """key: what it leads to, in words of its kind (an action's or setting's name, the id of a folder or chat, "folder/path" of a note).
    detail: softly beside the title. keys: its shortcut. points: at least so many, for what the engine has found otherwise."""

    kind: Kind
    key: str
    title: str
    detail: str = ""
    keys: str = ""
    points: int = 0

    @property
    def place(self) -> tuple[Kind, str]:
        return self.kind, self.key


def ranked(typed: str, entries: Iterable[Entry], recent: Sequence[tuple[Kind, str]]) -> tuple[Entry, ...]:
    """Those that fit what is typed, best first; of one kind only so many."""
    kinds = list(Kind)
    scored = []
    for entry in entries:
        points = max(fit(typed, entry.title), fit(typed, f"{entry.title} {entry.detail}") // 2, entry.points)
        if points:
            bonus = RECENT_POINTS if entry.place in recent else 0
            scored.append((-(points + bonus), kinds.index(entry.kind), len(entry.title), entry.title, entry))
    counts = dict.fromkeys(kinds, 0)
    found: dict[tuple[Kind, str], Entry] = {}
    for *_, entry in sorted(scored, key=lambda row: row[:4]):
        if entry.place not in found and counts[entry.kind] < MOST_OF_A_KIND:
            counts[entry.kind] += 1
            found[entry.place] = entry
    return tuple(found.values())[:MOST_ROWS]


def at_rest(entries: Iterable[Entry], recent: Sequence[tuple[Kind, str]]) -> tuple[Entry, ...]:
    """What is shown while nothing is typed: what was chosen lately, then every action."""
    known: dict[tuple[Kind, str], Entry] = {}
    for entry in entries:
        known.setdefault(entry.place, entry)
    first = [known[place] for place in recent if place in known]
    rest = [entry for entry in known.values() if entry.kind is Kind.ACTION and entry not in first]
    return tuple(first + rest)[:MOST_ROWS]
