"""What Windows shows of a program under Properties, Details, and in the task manager: PyInstaller's version resource.

The spec calls write_version_info for each of the two programs and gives the path to EXE(version=...).
"""

from __future__ import annotations

import re
from pathlib import Path

WINDOW, CONSOLE = "Elephant.exe", "elephant-console.exe"
DESCRIPTIONS = {
    WINDOW: ("Elephant", "Elephant"),
    CONSOLE: ("Elephant (command line)", "Elephant（命令行）"),
}
"""English and Chinese. The task manager shows it as the program's name."""
OWNER = "The Elephant authors"
COPYRIGHT = "Copyright 2026 The Elephant authors. Apache License 2.0"
ENGLISH, CHINESE, UNICODE = 0x0409, 0x0804, 1200
PRERELEASE = 0x2
LARGEST_NUMBER = 65_535
"""Each of the four numbers has sixteen bits."""


def four_numbers(version: str) -> tuple[int, int, int, int]:
    """The numbers that Windows compares: those of the release, filled up with zeros. What marks a pre-release has no place among them.

    Raises ValueError with a sentence.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+){0,3})(?:(?:a|b|rc|\.dev|\.post)\d+|\+[a-z0-9.]+)*", version)
    if match is None:
        raise ValueError(
            f"“{version}” is no version that Windows can be told: one to four numbers with points between them."
        )
    numbers = [int(number) for number in match[1].split(".")]
    if max(numbers) > LARGEST_NUMBER:
        raise ValueError(f"“{version}” has a number over {LARGEST_NUMBER:,}, which Windows cannot hold.")
    first, second, third, fourth = [*numbers, 0, 0, 0][:4]
    return first, second, third, fourth


def is_prerelease(version: str) -> bool:
    return re.search(r"(a|b|rc|\.dev)\d", version) is not None


def version_info(version: str, program: str = WINDOW) -> str:
    """The text of the resource, as PyInstaller reads it. program: one of the two names. Raises ValueError with a sentence."""
    numbers = four_numbers(version)
    flags = PRERELEASE if is_prerelease(version) else 0
    tables = ",\n".join(
        _table(language, version, program, description)
        for language, description in zip((ENGLISH, CHINESE), DESCRIPTIONS[program], strict=True)
    )
    translations = [number for language in (ENGLISH, CHINESE) for number in (language, UNICODE)]
    return f"""# -*- coding: utf-8 -*-
VSVersionInfo(
  ffi=FixedFileInfo(
    filevers={numbers}, prodvers={numbers}, mask=0x3f, flags={flags:#x}, OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0)
  ),
  kids=[
    StringFileInfo([
{tables}
    ]),
    VarFileInfo([VarStruct('Translation', {translations})])
  ]
)
"""


def write_version_info(path: str | Path, version: str, program: str = WINDOW) -> None:
    Path(path).write_text(version_info(version, program), encoding="utf-8")


def _table(language: int, version: str, program: str, description: str) -> str:
    values = {
        "CompanyName": OWNER,
        "FileDescription": description,
        "FileVersion": version,
        "InternalName": Path(program).stem,
        "LegalCopyright": COPYRIGHT,
        "OriginalFilename": program,
        "ProductName": "Elephant",
        "ProductVersion": version,
    }
    lines = ",\n".join(f"        StringStruct({name!r}, {value!r})" for name, value in values.items())
    return f"      StringTable('{language:04X}{UNICODE:04X}', [\n{lines}\n      ])"
