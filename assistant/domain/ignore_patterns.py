"""Patterns that leave out one note or one folder, in the language of .gitignore.

A pattern counts below every watched folder. One that begins with the whole path of a watched folder counts below that folder alone: so the
same name elsewhere stays, and it goes on counting when that folder becomes part of a larger one.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

_SPECIAL = re.compile(r"([\\*?\[\]!#])")


def pattern_of(path: str, *, is_folder: bool) -> str:
    """A pattern that means just this path below any watched folder. path: with `/`."""
    return f"/{_escaped_to_its_end(path)}{'/' if is_folder else ''}"


def pattern_of_place(place: str, note: str, *, is_folder: bool) -> str:
    """A pattern that means just this place. place: its whole path, as the system writes it; note: its path below the watched folder, which
    counts by itself where the whole path is not known."""
    whole = _plain(place)
    if not PurePath(place).is_absolute() or not whole.endswith(f"/{note}"):
        return pattern_of(note, is_folder=is_folder)
    return _escaped_to_its_end(whole) + ("/" if is_folder else "")


def pattern_below(pattern: str, folder: str) -> str:
    """The pattern as it counts below a watched folder, whose whole path this is."""
    mark, body = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    above = _escaped(_plain(folder)).rstrip("/") + "/"
    return f"{mark}/{body[len(above) :]}" if body.startswith(above) and body != above else pattern


def _plain(path: str) -> str:
    """In one spelling: macOS takes accents apart, Windows has its own slash."""
    return unicodedata.normalize("NFC", PurePath(path).as_posix())


def _escaped(path: str) -> str:
    return _SPECIAL.sub(r"\\\1", path)


def _escaped_to_its_end(path: str) -> str:
    escaped = _escaped(path)
    return escaped[:-1] + "\\ " if escaped.endswith(" ") else escaped
