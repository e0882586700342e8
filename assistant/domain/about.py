"""The nouns of the About page: which copy of Elephant this is, the parts it is made of, and whether its files are as they were built."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PartKind(StrEnum):
    """system: a library of the system it was built on, which the program carries along."""

    PROGRAM = "program"
    LIBRARY = "library"
    MODEL = "model"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Part:
    """key: names it within one report. licence: an SPDX expression where there is one, else words, "" if nobody says. home: its page on
    the web, or "". inside: how many parts of its own it says it is made of."""

    key: str
    name: str
    version: str
    kind: PartKind
    licence: str
    home: str = ""
    has_text: bool = False
    inside: int = 0


@dataclass(frozen=True, slots=True)
class LicenceText:
    """One file of a part's licence. name: the file's."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class About:
    """What anybody who reports a fault should say.

    commit, made (a day as YYYY-MM-DD), built_on: of the build, "" where nobody knows. system: this machine's. qt, llama: versions, ""
    if not there. releases: where new versions are announced, or "". bill: path of the bill of materials, "" where none was made; then
    the parts are those that are installed. has_checksums: whether this copy can be checked against the build.
    """

    version: str
    commit: str = ""
    made: str = ""
    built_on: str = ""
    system: str = ""
    python: str = ""
    qt: str = ""
    llama: str = ""
    releases: str = ""
    licence: str = ""
    parts: tuple[Part, ...] = ()
    program: str = ""
    bill: str = ""
    bill_sha256: str = ""
    has_checksums: bool = False
    is_built: bool = False


@dataclass(frozen=True, slots=True)
class CheckedCopy:
    """How the files of this copy compare with the build. Names are relative to the program's folder, with `/`, in order.

    changed: other content, unreadable, or a link that leads out. extra: files that the build did not have.
    """

    right: int
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Every file that was built is there and as it was. One more beside them does no harm by itself."""
        return not self.changed and not self.missing
