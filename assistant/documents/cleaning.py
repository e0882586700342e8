"""Text that every later step can take: valid UTF-8, no NUL, one kind of line break.

Runs before offsets are given out, so that an offset means the same character in the database, on the wire and on the screen.
"""

from __future__ import annotations

import re

_LINE_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
_UNUSABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Line breaks become "\\n"; control characters, byte-order marks and soft hyphens go; lone surrogates become U+FFFD.

    A surrogate pair that was decoded half by half is put together again.
    """
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _UNUSABLE.sub("", _LINE_BREAKS.sub("\n", text))


def clean_line(text: str, limit: int = 300) -> str:
    """text as one line without doubled white space, at most `limit` characters: for titles, tags and targets."""
    return " ".join(clean_text(text[: limit * 4]).split())[:limit].strip()
