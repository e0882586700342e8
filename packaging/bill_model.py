"""What the bill of a build is made of before it is written: parts, their texts, and what is inside them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.domain.about import PartKind

HERE = Path(__file__).resolve().parent
LICENCES = HERE / "licences"


class BillError(Exception):
    """The build cannot be accounted for. Its text says what is missing and where to say it, one line each."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file that states a licence, as it will lie beside the bill."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, order=True)
class Inside:
    """Something that a part has within itself, by its own account (a bill of its own, or the name of a library that it carries)."""

    name: str
    version: str = ""
    licence: str = ""
    purl: str = ""


@dataclass(frozen=True, slots=True)
class BundledPart:
    """key: its bom-ref. licence: an SPDX expression, or words. needs: keys of other parts. facts: name and value of further properties."""

    key: str
    name: str
    version: str
    kind: PartKind
    licence: str
    home: str = ""
    purl: str = ""
    source: str = ""
    sha256: str = ""
    texts: tuple[Text, ...] = ()
    inside: tuple[Inside, ...] = ()
    needs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Build:
    """What is to be said of the build itself. made_at_s: SOURCE_DATE_EPOCH. releases: where new versions are announced, or ""."""

    version: str
    commit: str
    made_at_s: int
    system: str
    python: str
    releases: str = ""


class Known:
    """licences/known.toml: what parts do not say about themselves."""

    def __init__(self, folder: Path = LICENCES) -> None:
        self._folder = folder

    def part(self, key: str) -> dict[str, Any]:
        entries: dict[str, dict[str, Any]] = self._tables.get("part", {})
        return entries.get(key, {})

    def debian(self, package: str) -> dict[str, Any]:
        return self._matching("debian", package)

    def file(self, name: str) -> dict[str, Any]:
        return self._matching("file", name.lower())

    def carried(self, name: str) -> dict[str, Any]:
        entries: dict[str, dict[str, Any]] = self._tables.get("carried", {})
        return next((entry for start, entry in entries.items() if name.startswith(start)), {})

    def inside(self, entry: dict[str, Any]) -> list[dict[str, Any]]:
        """What a part has within itself, by the file that its entry names: name, licence and holders of each."""
        if "inside" not in entry:
            return []
        found: list[dict[str, Any]] = tomllib.loads((self._folder / entry["inside"]).read_text("utf-8"))["inside"]
        return found

    def texts(self, entry: dict[str, Any]) -> tuple[Text, ...]:
        return tuple(Text(name, (self._folder / name).read_bytes()) for name in entry.get("texts", []))

    def general(self, licence: str) -> tuple[Text, ...]:
        """The text of a licence that names no holder of rights, if we have it."""
        file = self._folder / f"{licence}.txt"
        return (Text(file.name, file.read_bytes()),) if file.is_file() else ()

    def _matching(self, table: str, name: str) -> dict[str, Any]:
        entries: dict[str, dict[str, Any]] = self._tables.get(table, {})
        return next((entry for pattern, entry in entries.items() if fnmatchcase(name, pattern.lower())), {})

    @cached_property
    def _tables(self) -> dict[str, Any]:
        return tomllib.loads((self._folder / "known.toml").read_text("utf-8"))
