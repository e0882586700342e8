"""What a file is: its name promises a format, its first bytes decide.

Downloads and mail programs give files wrong names. What can be read is read as what it is, and the rest is refused for not being
what it is called, never for being damaged.
"""

from __future__ import annotations

import io
import re
import zipfile

from assistant.documents.limits import unreadable
from assistant.domain.documents import NoteFormat, ReasonCode

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of old Office programs begin, and the shell around a locked new one."""

_PDF = b"%PDF-"
# Readers of PDF take a header that does not stand quite at the beginning.
_PDF_HEADER_BYTES = 1024
_PDF_PARTS = (b"endobj", b"startxref")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BINARY_BEGINNINGS = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"\x7fELF",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"SQLite format 3\x00",
    b"GGUF",
    b"OggS",
    b"ID3",
    b"fLaC",
    b"\xca\xfe\xba\xbe",
    b"\x00asm",
)
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_RICH_TEXT = b"{\\rtf"
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,300}>\s*|<!--.{0,1000}?-->\s*)*<(?:!doctype\s+html|html\b)",
    re.IGNORECASE | re.DOTALL,
)


def true_format(data: bytes, promised: NoteFormat) -> NoteFormat:
    """The format to read a file in.

    Raises: NoteUnreadableError (NOT_TEXT: it is something else than it is called; UNSUPPORTED: something else of its own program).
    """
    if data.startswith(_PDF):
        return NoteFormat.PDF
    if data.startswith(_ZIP):
        if promised is NoteFormat.WORD or _is_word_package(data):
            return NoteFormat.WORD
        raise unreadable(ReasonCode.NOT_TEXT)
    if data.startswith(OLE):
        if _LOCKED in data:
            return NoteFormat.WORD
        raise unreadable(ReasonCode.UNSUPPORTED if promised is NoteFormat.WORD else ReasonCode.NOT_TEXT)
    if data.startswith(_BINARY_BEGINNINGS):
        raise unreadable(ReasonCode.NOT_TEXT)
    return _text_format(data, promised) if promised in {NoteFormat.PDF, NoteFormat.WORD} else promised


def _text_format(data: bytes, promised: NoteFormat) -> NoteFormat:
    """What may be text under the name of a format that is none."""
    if promised is NoteFormat.PDF and (_PDF in data[:_PDF_HEADER_BYTES] or any(part in data for part in _PDF_PARTS)):
        return promised
    if data.startswith(_RICH_TEXT):
        raise unreadable(ReasonCode.UNSUPPORTED)
    if _PAGE.match(data):
        return NoteFormat.HTML
    try:
        return NoteFormat.TEXT if b"\0" not in data and data.decode("utf-8") else promised
    except UnicodeDecodeError:
        return promised  # its own reader says what is wrong with it


def _is_word_package(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return "word/document.xml" in package.NameToInfo
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeDecodeError):
        return False
