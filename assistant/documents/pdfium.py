"""Typed, narrow use of PDFium, the native PDF library: page text where pypdf fails or is too slow, and drawing.

Native code may die of a hostile file; it is therefore only ever used in a reader process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from assistant.documents.limits import unreadable
from assistant.domain.documents import ReasonCode

# PDFium puts these where it took a hyphen at the end of a line for a division of the word.
_DIVIDED = re.compile("[\ufffe\x02]\\s*")


@contextmanager
def opened_pdf(data: bytes, password: str = "") -> Iterator[Any]:
    """A pypdfium2.PdfDocument. Raises NoteUnreadableError (ENCRYPTED, DAMAGED)."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data, password=password or None)
    except pypdfium2.PdfiumError as error:
        is_locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise unreadable(ReasonCode.ENCRYPTED if is_locked else ReasonCode.DAMAGED) from error
    try:
        yield document
    finally:
        document.close()


def page_text(document: Any, number: int) -> str:
    """The text of a page, counting from 1; "" if the page cannot be read."""
    import pypdfium2

    try:
        page = document[number - 1]
        try:
            content = page.get_textpage()
            try:
                return _DIVIDED.sub("", str(content.get_text_range(errors="replace")))
            finally:
                content.close()
        finally:
            page.close()
    except (pypdfium2.PdfiumError, IndexError):
        return ""
