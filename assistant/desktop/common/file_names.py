"""Names for files of the user's own choice."""

from __future__ import annotations

import re

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
LONGEST_NAME = 60


def file_name(title: str) -> str:
    """A title as a file's name that every system takes."""
    plain = " ".join(_NOT_IN_NAMES.sub(" ", title).split())
    name = plain.strip(" .")[:LONGEST_NAME].strip(" .") or "Elephant"
    return f"{name} -" if _RESERVED.match(name) else name
