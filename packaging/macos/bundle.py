"""The app bundle of macOS: what the spec gives to PyInstaller's BUNDLE.

BUNDLE(..., icon=ICON, info_plist=info_plist(version)), and LOCALISATIONS among the data files: PyInstaller puts those into Contents/Resources, which is where
macOS looks for the sentences of Info.plist in the user's language.
"""

from __future__ import annotations

import plistlib
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ICON = HERE / "elephant.icns"
LOCALISATIONS = [(str(HERE / folder / "InfoPlist.strings"), folder) for folder in ("en.lproj", "zh-Hans.lproj")]
"""(file, folder in the bundle), as PyInstaller wants data files."""


def three_numbers(version: str) -> str:
    """What macOS compares: the numbers of the release, without what marks a pre-release. Raises ValueError with a sentence."""
    match = re.fullmatch(r"(\d+(?:\.\d+){0,2})(?:(?:a|b|rc|\.dev|\.post|\+|~).*)?", version)
    if match is None:
        raise ValueError(
            f"“{version}” is no version that macOS can be told: one to three numbers with points between them."
        )
    return ".".join([*match[1].split("."), "0", "0"][:3])


def info_plist(version: str) -> dict[str, Any]:
    """Info.plist with the version in it. Raises ValueError with a sentence."""
    text = (HERE / "Info.plist").read_text(encoding="utf-8").replace("@VERSION@", three_numbers(version))
    content: dict[str, Any] = plistlib.loads(text.encode("utf-8"))
    return content
