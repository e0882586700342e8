"""Names of files as people and the wire can bear them, beside the exact spelling that opens them.

A name on Linux is bytes and need not be UTF-8; macOS decomposes accents. `raw` below is always the operating system's own
spelling (a str with surrogate escapes, or its bytes); a clean name is valid Unicode in composed form (NFC).
"""

from __future__ import annotations

import os
import unicodedata


def clean_name(raw: str) -> str:
    """The name to show, compare and send. Bytes that are no UTF-8 appear as `\\xe9`."""
    if raw.isascii():
        return raw
    clean = raw.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") if _has_surrogates(raw) else raw
    return unicodedata.normalize("NFC", clean)


def _has_surrogates(raw: str) -> bool:
    try:
        raw.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def raw_bytes(raw: str) -> bytes:
    return os.fsencode(raw)


def raw_text(stored: bytes) -> str:
    return os.fsdecode(stored)


def parent_of(note: str) -> str:
    """The sub-folder a note lies in, "" for the root."""
    return note.rpartition("/")[0]


def stem_of(note: str) -> str:
    """The file's name without folders and suffix; serves as title where a note has none of its own."""
    name = note.rpartition("/")[2]
    stem, dot, _suffix = name.rpartition(".")
    return stem if dot and stem else name


def suffix_of(note: str) -> str:
    """With its dot, in lower case; "" if there is none."""
    name = note.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return f".{suffix.lower()}" if dot and stem else ""


def unique_note(raw: str, taken: set[str]) -> str:
    """The clean form of a path, or a near one if another file already bears it (one name composed and one decomposed, say)."""
    note = clean_name(raw)
    while note in taken:
        note += "~"
    return note
