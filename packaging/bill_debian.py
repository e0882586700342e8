"""Which package of Debian or Ubuntu a shared library came from, in which version and under which licence."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bill_model import Known, Text

DOCS = Path("/usr/share/doc")
COMMON = Path("/usr/share/common-licenses")

_COMMON = re.compile(r"/usr/share/common-licenses/([A-Za-z0-9.+-]*[A-Za-z0-9+])")
_SPDX = {
    "agpl-3": "AGPL-3.0-only",
    "apache-2.0": "Apache-2.0",
    "artistic": "Artistic-1.0-Perl",
    "bsd-2-clause": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "bsd-4-clause": "BSD-4-Clause",
    "cc0-1.0": "CC0-1.0",
    "expat": "MIT",
    "ftl": "FTL",
    "gpl-1+": "GPL-1.0-or-later",
    "gpl-2": "GPL-2.0-only",
    "gpl-2+": "GPL-2.0-or-later",
    "gpl-3": "GPL-3.0-only",
    "gpl-3+": "GPL-3.0-or-later",
    "isc": "ISC",
    "lgpl-2": "LGPL-2.0-only",
    "lgpl-2+": "LGPL-2.0-or-later",
    "lgpl-2.1": "LGPL-2.1-only",
    "lgpl-2.1+": "LGPL-2.1-or-later",
    "lgpl-3": "LGPL-3.0-only",
    "lgpl-3+": "LGPL-3.0-or-later",
    "libpng": "libpng-2.0",
    "mit": "MIT",
    "mpl-1.1": "MPL-1.1",
    "mpl-2.0": "MPL-2.0",
    "public-domain": "public domain",
    "zlib": "Zlib",
}
"""Debian's short names of licences, in small letters, and what SPDX calls them."""


@dataclass(frozen=True, slots=True)
class DebianPackage:
    name: str
    version: str
    architecture: str
    home: str
    source: str
    licence: str
    texts: tuple[Text, ...]


class DebianFiles:
    """Asks dpkg. Without it (on another system) it knows nothing."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._query = shutil.which("dpkg-query")
        self._by_path: dict[str, str] = {}

    def look_up(self, libraries: Iterable[str]) -> None:
        """Ask for many at once: each question reads the lists of all packages. libraries: paths, or only names of files."""
        patterns = sorted({pattern for library in libraries for pattern in _patterns(library)})
        if self._query is None or not patterns:
            return
        for line in _run(self._query, "-S", *patterns).splitlines():
            packages, _, path = line.partition(": ")
            if not line.startswith("diversion"):
                self._by_path[path] = min(packages.split(", ")).partition(":")[0]

    def package_of(self, library: str) -> str:
        """library: one that was looked up, spelt alike. "" if no package has it."""
        spelt = [path for path in _patterns(library) if not path.startswith("*")]
        if spelt:
            return next((found for path in spelt if (found := self._by_path.get(path))), "")
        return min((package for path, package in self._by_path.items() if path.endswith(f"/{library}")), default="")

    def package(self, name: str) -> DebianPackage:
        fields = r"${Version}\n${Architecture}\n${Homepage}\n${source:Package}\n"
        version, architecture, home, source = self._ask("-W", "-f", fields, name).splitlines()[:4]
        path = DOCS / name / "copyright"
        text = path.read_text("utf-8", "replace") if path.is_file() else ""
        licence = self._known.debian(name).get("licence") or licence_in(text)
        return DebianPackage(name, version, architecture, home, source, licence, _texts(path, text))

    def _ask(self, *arguments: str) -> str:
        assert self._query is not None
        return _run(self._query, *arguments)


def _patterns(library: str) -> list[str]:
    """What to ask for. A path may be known under the name of the folder that it is a link to."""
    if not os.path.isabs(library):  # noqa: PTH117 (a plain string)
        return [f"*/{library}"]
    spelt = [library, os.path.realpath(library)]
    return list(
        dict.fromkeys([*spelt, *(path.removeprefix("/usr") for path in spelt), *(f"/usr{path}" for path in spelt)])
    )


@cache
def _run(*command: str) -> str:
    """What it says, also where it could not say all: dpkg-query fails if a single one of many is unknown."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
    return done.stdout


def licence_in(copyright_text: str) -> str:
    """The licence of the package's main files, in SPDX's words where they are known; "" if the file is written for people only."""
    if "copyright-format" not in copyright_text.partition("\n\n")[0]:
        return ""
    for paragraph in copyright_text.split("\n\n"):
        fields = re.findall(r"^([A-Za-z-]+):[ \t]*(.*)$", paragraph, re.MULTILINE)
        named = {name.casefold(): value.strip() for name, value in fields}
        if named.get("files") in {"*", "*.c", "src/*"} and named.get("license"):
            return _as_spdx(named["license"])
    return ""


def _as_spdx(named: str) -> str:
    """Each name of a combination translated; the words as they are if one of them is not known."""
    words = re.split(r"(\s*,?\s+(?:and|or)\s+|\s*,\s*)", named)
    found = []
    for place, word in enumerate(words):
        if place % 2:
            found.append(" OR " if "or" in word.split() else " AND ")
        elif word.casefold() in _SPDX:
            found.append(_SPDX[word.casefold()])
        else:
            return named
    mixed = " OR " in found and " AND " in found
    return named if mixed else "".join(found)


def _texts(path: Path, text: str) -> tuple[Text, ...]:
    """The package's own file and the licences that it refers to by their place on the machine."""
    if not text:
        return ()
    texts = [Text("copyright", path.read_bytes())]
    for name in sorted(set(_COMMON.findall(text))):
        file = COMMON / name
        if file.is_file():
            texts.append(Text(f"{file.resolve().name}.txt", file.read_bytes()))
    unique = {one.name: one for one in texts}
    return tuple(unique.values())
