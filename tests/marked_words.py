"""Which words of a PDF's page lie under the marks that were drawn on it, told without our own search for them."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

_HYPHENS = dict.fromkeys(map(ord, "-\u2010\u00ad\u0002\ufffe\u200b"), "")


def words_under(
    path: Path, page: int, size: tuple[float, float], rects: Iterable[tuple[float, float, float, float]]
) -> str:
    """The characters whose middle lies in one of the rectangles (left, top, width, height), in the page's own order.

    size: width and height of the drawn page that the rectangles are meant for.
    """
    marks = list(rects)
    found = []
    document = pypdfium2.PdfDocument(path)
    try:
        sheet = document[page - 1]
        content = sheet.get_textpage()
        for number in range(content.count_chars()):
            x, y = _middle(sheet, size, content.get_charbox(number, loose=True))
            if any(left <= x <= left + width and top <= y <= top + height for left, top, width, height in marks):
                found.append(chr(pdfium.FPDFText_GetUnicode(content.raw, number)))
    finally:
        document.close()
    # Two halves of a character beyond the first plane come one by one.
    return "".join(found).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _middle(sheet: object, size: tuple[float, float], box: tuple[float, float, float, float]) -> tuple[float, float]:
    left, bottom, right, top = box
    across, down = ctypes.c_int(), ctypes.c_int()
    # A hundredth of a pixel: PDFium counts in whole ones.
    pdfium.FPDF_PageToDevice(
        sheet.raw,  # type: ignore[attr-defined]
        0, 0, round(size[0] * 100), round(size[1] * 100), 0, (left + right) / 2, (bottom + top) / 2, across, down,
    )  # fmt: skip
    return across.value / 100, down.value / 100


def plain(text: str) -> str:
    """A text without white space and hyphens, ligatures taken apart: what two ways of reading a page agree on."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_HYPHENS).split())
