"""Which licence a library states, as an SPDX expression where its own words allow that, and which of its files say it in full.

Used for what is installed as well as for the bill of a build, so that both name a licence alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

_FILE = re.compile(r"(licen[cs]e|copying|copyright|notice|authors|third[-_ ]?party)", re.IGNORECASE)
_CODE = frozenset({".py", ".pyc", ".pyi", ".so", ".json", ".toml", ".js", ".css", ".h"})
_SPDX = re.compile(r"[A-Za-z0-9.+()-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+()-]+)*")
_SHORT = 80
"""Some libraries put the whole text where the name of the licence belongs."""

STATED = {
    "apache": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache-2": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache software license 2.0": "Apache-2.0",
    "2-clause bsd license": "BSD-2-Clause",
    "the bsd 2-clause license": "BSD-2-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "new bsd license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "the mit license": "MIT",
    "the mit license (mit)": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psf": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
    "zlib": "Zlib",
    "zlib/libpng license": "Zlib",
}
"""What libraries write in place of an identifier, in small letters and without commas. "BSD" alone is not here: there are several."""

_SOME_BSD = frozenset({"bsd", "bsd license", "bsd-like", "bsd style", "bsd-style"})
_CLASSIFIERS = STATED | {"apache software license": "Apache-2.0"}


def stated_licence(expression: str, licence: str, classifiers: Iterable[str], text: str = "") -> str:
    """The SPDX expression, or what the library says in its own words, or "" if it says nothing.

    expression, licence, classifiers: the fields License-Expression, License and Classifier of its metadata. text: its licence in full,
    which tells the BSD licences apart.
    """
    if expression.strip():
        return " ".join(expression.split())  # SPDX by the rules of that field
    known = as_spdx(licence)
    if known:
        return known
    named = [one.rpartition("::")[2].strip() for one in classifiers if one.startswith("License ::")]
    known_names = [_CLASSIFIERS.get(name.casefold(), "") for name in named]
    if known_names and all(known_names):
        return " OR ".join(dict.fromkeys(known_names))
    first = next(iter(licence.strip().splitlines()), "").strip()
    if text and (first.casefold() in _SOME_BSD or (not first and "BSD License" in named)):
        return bsd_of(text)
    own = first if first and len(first) <= _SHORT else ""
    return own or next(iter(named), "")


def as_spdx(stated: str) -> str:
    """The SPDX expression that somebody has stated, or "" if it is none."""
    plain = " ".join(stated.split())
    if not plain or len(plain) > 4 * _SHORT:
        return ""
    known = STATED.get(plain.casefold().replace(",", ""))
    if known:
        return known
    is_expression = _SPDX.fullmatch(plain) and (any(char.isdigit() for char in plain) or plain in {"MIT", "ISC"})
    return plain if is_expression else ""


def bsd_of(text: str) -> str:
    """Which of the BSD licences a text is."""
    words = " ".join(text.split()).casefold()
    if "all advertising materials" in words:
        return "BSD-4-Clause"
    return "BSD-3-Clause" if "neither the name" in words or "may not be used to endorse" in words else "BSD-2-Clause"


def is_licence_file(path: str) -> bool:
    """Whether a file of a library (its path as the library's RECORD has it) is one that states its licence.

    Everything in the folder of licences, and what lies beside the metadata or at the top of the package and bears such a name.
    """
    pure = PurePosixPath(path)
    if pure.suffix in _CODE or ".." in pure.parts:
        return False
    folders = pure.parts[:-1]
    if folders and folders[0].endswith(".dist-info"):
        return folders[1:2] == ("licenses",) or (len(folders) == 1 and bool(_FILE.search(pure.name)))
    return len(folders) <= 1 and bool(_FILE.match(pure.name))


def licence_file_name(path: str) -> str:
    """What a licence file is called beside the others of its library: its path below the folder of licences, on one level."""
    parts = PurePosixPath(path).parts
    if len(parts) > 2 and parts[0].endswith(".dist-info") and parts[1] == "licenses":
        parts = parts[2:]
    elif parts[0].endswith(".dist-info"):
        parts = parts[1:]
    return "-".join(parts)
