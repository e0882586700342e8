"""What the reader of notes knows beside the note itself: where its links lead, what leads to it, what is like it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.domain.answers import Passage

_LEADS_OUT = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:|[/\\]{2}")


@dataclass(frozen=True, slots=True)
class LinkPlace:
    """Where a link of a note leads within the added folders. target: as it is written. note: "" if it leads to nothing there. heading: the
    words behind its `#`, "" without them."""

    target: str
    folder_id: int = 0
    note: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Backlink:
    """A note that links to another. passage: the sentence around its first link, or its beginning where that sentence is not indexed. mark:
    the link's words within the passage's text, (0, 0) if they are not told. links: how many of its links lead there."""

    passage: Passage
    mark: tuple[int, int] = (0, 0)
    links: int = 1


@dataclass(frozen=True, slots=True)
class RelatedNote:
    """A note that is like another. passage: the passage of it that is nearest, with their similarity as its score. own: the passage of the
    other note that it resembles. shared: the words they have in common, where these are the reason and not their meaning."""

    passage: Passage
    own: Passage
    shared: tuple[str, ...] = ()


def leads_out(target: str) -> bool:
    """Whether a target names anything but a file beside the note: a scheme, or a host as in //host/share and \\\\host\\share."""
    return bool(_LEADS_OUT.match(target.strip()))
