"""The list of checksums that travels with a build, in the format of `sha256sum`: written by packaging/, read by the engine.

The list is untrusted when it is read: a copy that is to be checked may have been tampered with, and no name in it may lead out of the
program's folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

CHECKSUMS_NAME = "checksums.txt"

_UNINSTALLER = re.compile(r"unins\d{3}\.[^/]*$")  # Inno Setup's own, on Windows
_SEALED = re.compile(r"(?:MacOS|_CodeSignature)/")  # what sealing an application of macOS changes and adds
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def list_text(sums: Mapping[str, str]) -> str:
    """The list of files (paths with `/` below the program's folder) and their SHA-256 in hexadecimal. Raises ValueError for a name that
    could not be read back."""
    for name in sums:
        check_name(name)
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))


def read_list(text: str) -> dict[str, str]:
    """SHA-256 by file. Raises ValueError, with the number of the line, for anything that such a list does not hold."""
    sums: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line:
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"line {number} is no checksum with a name")
        sha256, name = found.groups()
        try:
            check_name(name)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
        if name in sums:
            raise ValueError(f"line {number} names a file a second time")
        sums[name] = sha256
    if not sums:
        raise ValueError("it names no file")
    return sums


def check_name(name: str) -> None:
    """Raises ValueError for a name that is not plainly one of a file below the program's folder, on any system."""
    parts = name.split("/")
    if not name or name.startswith("/") or _DRIVE.match(name):
        raise ValueError("a name is not relative to the program's folder")
    if "\\" in name or _CONTROL.search(name):
        raise ValueError("a name has a character that it may not have")
    if any(part in {"", ".", ".."} for part in parts):
        raise ValueError("a name leads out of the program's folder")


def files_below(folder: Path) -> Iterator[str]:
    """Every file below a program's folder as a path with `/`, in order, but for what installing and sealing put there or change. A link to a
    file counts as a file; one to a folder is not followed."""
    found = []
    for top, _folders, names in os.walk(folder, followlinks=False):
        base = Path(top).relative_to(folder)
        found += [(base / name).as_posix() for name in names]
    later = _SEALED if folder.name == "Contents" else _UNINSTALLER
    yield from sorted(name for name in found if not later.match(name))
