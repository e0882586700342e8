"""Which files are notes, and why the others are not. Nothing here opens a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pathspec

from assistant.domain.documents import ReasonCode
from assistant.domain.ignore_patterns import pattern_below
from assistant.library.names import suffix_of

IGNORED_FOLDERS = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".obsidian",
        ".trash",
        ".venv",
        "node_modules",
        "__pycache__",
        "$RECYCLE.BIN",
        "System Volume Information",
    }
)
"""Folders that are never somebody's notes, whatever lies in them."""

_TEMPORARY_SUFFIXES = frozenset({".tmp", ".temp", ".swp", ".swo", ".swx", ".part", ".crdownload", ".bak", ".lock"})
_TEMPORARY_STARTS = ("~$", ".~lock.", ".#", "._")


def is_temporary(name: str) -> bool:
    """Whether an editor, an office suite or a browser makes such a file for moments only."""
    return (
        name == "4913"  # vim tries whether it may write by making this file
        or name.endswith("~")
        or name.startswith(_TEMPORARY_STARTS)
        or (name.startswith("#") and name.endswith("#"))
        or suffix_of(name) in _TEMPORARY_SUFFIXES
    )


@dataclass(frozen=True, slots=True)
class NoteRules:
    """suffixes: of notes, with dot, lower case. patterns: the user's, as in .gitignore. largest_bytes: larger files are skipped."""

    suffixes: frozenset[str]
    patterns: tuple[str, ...] = ()
    largest_bytes: int = 50 * 1024 * 1024
    _spec: pathspec.GitIgnoreSpec = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_spec", pathspec.GitIgnoreSpec.from_lines(_good_patterns(self.patterns)))

    def below(self, folder: str) -> NoteRules:
        """The rules as they count below a watched folder. folder: its whole path, clean."""
        patterns = tuple(pattern_below(pattern, folder) for pattern in self.patterns)
        return self if patterns == self.patterns else NoteRules(self.suffixes, patterns, self.largest_bytes)

    def folder_reason(self, name: str, path: str) -> ReasonCode | None:
        """Why a folder and all in it is left out. path: below the root, clean."""
        if name in IGNORED_FOLDERS:
            return ReasonCode.IGNORED_FOLDER
        if name.startswith("."):
            return ReasonCode.HIDDEN
        if self.patterns and self._spec.match_file(path + "/"):
            return ReasonCode.PATTERN
        return None

    def is_note_name(self, name: str) -> bool:
        return suffix_of(name) in self.suffixes and not is_temporary(name)

    def file_reason(self, name: str, path: str, size: int) -> ReasonCode | None:
        """Why a file that has a note's name is left out."""
        if name.startswith("."):
            return ReasonCode.HIDDEN
        if self.patterns and self._spec.match_file(path):
            return ReasonCode.PATTERN
        if size > self.largest_bytes:
            return ReasonCode.TOO_LARGE
        return None


def _good_patterns(patterns: Iterable[str]) -> list[str]:
    """A pattern that cannot be understood ("!") is left out rather than stopping every scan."""
    good = []
    for pattern in patterns:
        try:
            pathspec.GitIgnoreSpec.from_lines([pattern])
        except ValueError:
            continue
        good.append(pattern)
    return good
