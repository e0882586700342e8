"""The starter models that are still to be fetched."""

from __future__ import annotations

from assistant.domain.models import ShelfEntry


def missing_starters(entries: tuple[ShelfEntry, ...]) -> tuple[ShelfEntry, ...]:
    """The models of the starter set that are not on this machine, unless another of the same role is."""
    roles_here = {entry.role for entry in entries if entry.installed}
    return tuple(e for e in entries if e.is_starter and not e.installed and e.role not in roles_here)
