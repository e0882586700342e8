"""What the reader of notes asks the engine beside the note itself. Part of the wire of `ipc.engine_messages`."""

from __future__ import annotations

import msgspec

from assistant.domain.reading import Backlink, LinkPlace, RelatedNote


class _Tagged(msgspec.Struct, frozen=True, tag_field="type", tag=lambda name: name):
    """Base of every message: the struct's name is its tag on the wire."""


class ResolveLinks(_Tagged, frozen=True):
    """Where links of a note lead within the added folders; nothing is opened. Ends with LinksResolved. Errors: BadRequestError."""

    folder_id: int
    note: str
    targets: tuple[str, ...]


class FindBacklinks(_Tagged, frozen=True):
    """The notes that link to a note. Ends with BacklinksFound. Errors: BadRequestError."""

    folder_id: int
    note: str
    limit: int = 50


class FindRelated(_Tagged, frozen=True):
    """The notes that are like a note by their meaning, from the vectors that are there; by shared words while it has none. Ends with
    RelatedFound. Errors: BadRequestError."""

    folder_id: int
    note: str
    limit: int = 6


class LinksResolved(_Tagged, frozen=True):
    """One place for each target, in their order."""

    places: tuple[LinkPlace, ...]


class BacklinksFound(_Tagged, frozen=True):
    """total: how many notes there are in all."""

    backlinks: tuple[Backlink, ...]
    total: int


class RelatedFound(_Tagged, frozen=True):
    """Nearest first; empty where nothing is near."""

    related: tuple[RelatedNote, ...]
