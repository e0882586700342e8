"""Whether a model fits this machine, and which one is used when the user has chosen none."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from assistant.domain.models import ModelRole, ShelfEntry

SHARE_OF_MEMORY = 0.7
"""A model that takes more of a machine's memory leaves too little for the system and the notes."""

_MOST_OF_MEMORY = 0.95
_EASY_SHARE_OF_FREE = 0.7


class Fit(StrEnum):
    """comfortably: with room to spare. tightly: it can be loaded now and leaves little. not-now: only when other programs give memory
    back. not: the machine has too little."""

    COMFORTABLY = "comfortably"
    TIGHTLY = "tightly"
    NOT_NOW = "not-now"
    NOT = "not"


def fit_of(needed_bytes: int, free_bytes: int, total_bytes: int) -> Fit:
    if needed_bytes > total_bytes * _MOST_OF_MEMORY:
        return Fit.NOT
    if needed_bytes > free_bytes:
        return Fit.NOT_NOW
    if needed_bytes > free_bytes * _EASY_SHARE_OF_FREE or needed_bytes > total_bytes * SHARE_OF_MEMORY:
        return Fit.TIGHTLY
    return Fit.COMFORTABLY


def best_of(entries: Iterable[ShelfEntry], role: ModelRole) -> ShelfEntry | None:
    """For chat and reranking the largest installed model that fits this machine, for embedding the starter's, since changing it means
    embedding every note again. None if none is installed."""
    usable = [entry for entry in entries if entry.role is role and entry.installed]
    if role is ModelRole.EMBEDDER:
        return next((entry for entry in usable if entry.is_starter), usable[0] if usable else None)
    fitting = [entry for entry in usable if entry.fits]
    return max(fitting or usable, key=lambda entry: entry.size_bytes, default=None)
