"""One door for every format: what a file is, is promised by its suffix and decided by its first bytes."""

from __future__ import annotations

import dataclasses
import errno
import os
from pathlib import Path

from assistant.documents.kinds import true_format
from assistant.documents.limits import ReaderLimits, unreadable
from assistant.documents.markdown import read_markdown
from assistant.documents.plain_text import CODE_LANGUAGES, read_plain_text
from assistant.domain.documents import (
    HTML_SUFFIXES,
    MARKDOWN_SUFFIXES,
    WORD_SUFFIX,
    Document,
    NoteFormat,
    ReasonCode,
)
from assistant.domain.errors import NoteMissingError, NoteUnreadableError

_TEXT = frozenset(
    [".txt", ".text", ".org", ".rst", ".adoc", ".asciidoc", ".log", ".csv", ".tsv", ".tex", ".bib", ".srt", ".vtt"]
)
_CODE = frozenset(f".{suffix}" for suffix in CODE_LANGUAGES)

READER_VERSION = "4"
"""Change it whenever the same file would become another Document: every note is then read again."""

SUPPORTED_SUFFIXES: frozenset[str] = MARKDOWN_SUFFIXES | HTML_SUFFIXES | _TEXT | _CODE | {".pdf", WORD_SUFFIX}
"""In small letters, with the dot."""


_PACKED = frozenset([NoteFormat.PDF, NoteFormat.WORD])
"""Formats of which a part is worth nothing."""

_LONGEST_CHARACTER = 4
"""In bytes, in any encoding that notes are in."""


def note_format(path: Path) -> NoteFormat | None:
    """The format that a file's suffix promises; None if it is none of ours."""
    suffix = path.suffix.lower()
    if suffix in MARKDOWN_SUFFIXES:
        return NoteFormat.MARKDOWN
    if suffix in HTML_SUFFIXES:
        return NoteFormat.HTML
    if suffix == ".pdf":
        return NoteFormat.PDF
    if suffix == WORD_SUFFIX:
        return NoteFormat.WORD
    return NoteFormat.TEXT if suffix in SUPPORTED_SUFFIXES else None


def read_document(path: Path, *, limits: ReaderLimits, password: str = "") -> Document:
    """Read a file into a Document that has text.

    Follows symbolic links and opens whatever `path` names: the caller has made sure that it is a regular file.

    Raises:
        NoteUnreadableError: with fields reason and path.
        NoteMissingError: the file is gone.

    Thread: the main one if single pages and steps shall be limited in time.
    """
    try:
        document = _read(path, limits, password)
    except NoteUnreadableError as error:
        raise NoteUnreadableError(error.detail, reason=str(error.fields["reason"]), path=str(path)) from error
    except MemoryError:
        raise NoteUnreadableError(reason=ReasonCode.OUT_OF_MEMORY.value, path=str(path)) from None
    if not document.text.strip():
        raise NoteUnreadableError(reason=ReasonCode.NO_TEXT.value, path=str(path))
    if not document.title:
        return document
    return dataclasses.replace(document, title=document.title[:300])


def _read(path: Path, limits: ReaderLimits, password: str) -> Document:
    promised = note_format(path)
    if promised is None:
        raise unreadable(ReasonCode.UNSUPPORTED)
    data = _bytes_of(
        path, limits, limits.max_bytes if promised in _PACKED else _LONGEST_CHARACTER * (limits.max_chars + 1)
    )
    true = true_format(data, promised)
    if true is promised:
        return _read_as(true, data, limits, password, path.suffix.lower())
    try:
        return _read_as(true, data, limits, password, "")
    except NoteUnreadableError as error:
        if error.reason == ReasonCode.DAMAGED:
            raise unreadable(ReasonCode.NOT_TEXT) from error
        raise


def _read_as(kind: NoteFormat, data: bytes, limits: ReaderLimits, password: str, suffix: str) -> Document:
    if kind is NoteFormat.PDF:
        from assistant.documents.pdf import read_pdf

        return read_pdf(data, limits, password)
    if kind is NoteFormat.WORD:
        from assistant.documents.word import read_word

        return read_word(data, limits, password)
    if kind is NoteFormat.HTML:
        from assistant.documents.web_page import read_web_page

        return read_web_page(data, limits, suffix)
    if kind is NoteFormat.MARKDOWN:
        return read_markdown(data, limits)
    return read_plain_text(data, limits, suffix)


def _bytes_of(path: Path, limits: ReaderLimits, most: int) -> bytes:
    """All of a file; of a longer one about its first `most` bytes, which are more than a reader of text takes."""
    try:
        with path.open("rb") as file:
            # One byte more than allowed tells whether there is more, also for a file that is still growing.
            data = file.read(min(limits.max_bytes + 1, most))
            size = max(len(data), os.fstat(file.fileno()).st_size)
    except FileNotFoundError as error:
        raise NoteMissingError(path=str(path)) from error
    except PermissionError as error:
        raise unreadable(ReasonCode.NO_PERMISSION) from error
    except OSError as error:
        reason = ReasonCode.NAME_TOO_LONG if error.errno == errno.ENAMETOOLONG else ReasonCode.READ_ERROR
        raise unreadable(reason, error.strerror or "") from error
    if size > limits.max_bytes:
        raise unreadable(ReasonCode.TOO_LARGE)
    if not data:
        raise unreadable(ReasonCode.EMPTY)
    return data if len(data) == size else _without_torn_end(data)


def _without_torn_end(data: bytes) -> bytes:
    """What was read of a longer file, up to the end of a line, or else of a character, as far as that is known before its encoding is."""
    end = data.rfind(b"\n", len(data) - 10_000)
    if end > 0 and b"\0" not in data[end - 4 :]:
        return data[: end + 1]
    for back in range(1, _LONGEST_CHARACTER):
        if data[-back] & 0xC0 != 0x80:  # the first byte of a character in UTF-8
            return data[: len(data) - back] if data[-back] >= 0xC0 else data
    return data
