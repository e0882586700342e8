"""Marks in a text that nobody sees on screen and a model reads all the same: a way to hide instructions in a note."""

from __future__ import annotations

import re

# Control characters, zero-width marks, the marks and overrides of text direction, letters without ink, the tag block (each a hidden
# copy of an ASCII character), and the 240 variation selectors that can carry a byte each.
_NEVER_READ = (
    "\u0000-\u0008\u000b-\u001f\u007f-\u009f\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef"
)
# The joiners hold emoji and the letters of some scripts together; behind Latin, Greek, Cyrillic and Chinese letters they hide something.
_STRAY_JOINER = "(?<=[\u0000-\u058f\u3000-\u9fff])[\u200c\u200d]+|[\u200c\u200d]{2,}"
_DROPPED = re.compile(f"[{_NEVER_READ}]|{_STRAY_JOINER}")

# What is worth telling a reader: not a single direction mark, which Hebrew and Arabic notes hold, nor the variant of a Chinese
# character, nor the flag of Scotland, which is written in tags.
_FLAG = "\U0001f3f4[\U000e0061-\U000e007a]{1,6}\U000e007f"
_TOLD = re.compile(
    f"{_FLAG}|(?P<told>[\u200b\u202a-\u202e\u2060-\u206f\u034f\u115f\u1160\u180e\u3164\uffa0\ufff9-\ufffb\U000e0000-\U000e00ff]+"
    f"|[\U000e0100-\U000e01ef]{{2,}}|{_STRAY_JOINER})"
)
LOOKED_AT_CHARS = 1_000_000


def without_unseen(text: str) -> str:
    """The text as it is seen. Line breaks and tabs stay."""
    return _DROPPED.sub("", text)


def count_unseen(text: str) -> int:
    """How many stretches of a text (of its first million characters) hold something that is meant not to be seen."""
    return sum(1 for found in _TOLD.finditer(text[:LOOKED_AT_CHARS]) if found["told"])
