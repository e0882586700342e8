"""Draws a page of a PDF with a quote marked on it, for the source viewer.

The quote comes from pypdf's text, the boxes from PDFium's. The two differ in white space, hyphens and ligatures, so the quote is
looked for by its letters and digits alone, first whole, then by the longest agreeing stretch.
"""

from __future__ import annotations

import base64
import struct
import unicodedata
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

from assistant.documents.limits import unreadable
from assistant.documents.pdfium import opened_pdf
from assistant.domain.documents import ReasonCode
from assistant.domain.errors import BadRequestError, NoteMissingError
from assistant.ipc.reader_messages import PageRendered

MOST_PIXELS = 40_000_000
_GRAM = 8
_LEAST_SHARE = 0.3

Rect = tuple[int, int, int, int]


def draw_page(path: Path, number: int, *, width_px: int, quote: str = "", password: str = "") -> PageRendered:
    """Draw page `number` (from 1), `width_px` wide or smaller where the page is extremely long.

    Raises: NoteUnreadableError (ENCRYPTED, DAMAGED), NoteMissingError, BadRequestError (no such page).
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise NoteMissingError(path=str(path)) from error
    except PermissionError as error:
        raise unreadable(ReasonCode.NO_PERMISSION) from error
    with opened_pdf(data, password) as document:
        count = len(document)
        if not 1 <= number <= count:
            raise BadRequestError(reason="no such page")
        page = document[number - 1]
        try:
            return _drawn(page, number, count, width_px, quote)
        finally:
            page.close()


def _drawn(page: Any, number: int, count: int, width_px: int, quote: str) -> PageRendered:
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise unreadable(ReasonCode.DAMAGED)
    scale = min(width_px / width, (MOST_PIXELS / (width * height)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
    try:
        png = encode_png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)
        rects = _rects(page, quote, bitmap.width, bitmap.height) if quote.strip() else ()
        return PageRendered(
            png=base64.b64encode(png).decode("ascii"),
            width_px=bitmap.width,
            height_px=bitmap.height,
            page=number,
            page_count=count,
            rects=rects,
        )
    finally:
        bitmap.close()


def encode_png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """Pixels as PNG. channels: 1 grey, 3 RGB, 4 RGBA (the fourth is taken as unused when it is RGBx)."""
    colour_type = {1: 0, 3: 2, 4: 6}[channels]
    row_bytes = width * channels
    rows = b"".join(b"\x00" + pixels[row * stride : row * stride + row_bytes] for row in range(height))

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    # Level 3: a page compresses within a few percent of the best, in a third of the time.
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(rows, 3)) + part(b"IEND", b"")


def _rects(page: Any, quote: str, width_px: int, height_px: int) -> tuple[Rect, ...]:
    content = page.get_textpage()
    try:
        chars = content.count_chars()
        text = str(content.get_text_range(errors="replace")) if chars else ""
        found = find_quote(text, quote)
        if found is None:
            return ()
        first, last = _char_index(text, found[0]), _char_index(text, found[1])
        boxes = [
            content.get_rect(index) for index in range(content.count_rects(first, max(1, min(last, chars) - first)))
        ]
    finally:
        content.close()
    return tuple(_on_bitmap(page, box, width_px, height_px) for box in boxes)


def _char_index(text: str, offset: int) -> int:
    """PDFium counts UTF-16 units."""
    before = text[:offset]
    return offset if before.isascii() else len(before.encode("utf-16-le", "surrogatepass")) // 2


def _on_bitmap(page: Any, box: tuple[float, float, float, float], width_px: int, height_px: int) -> Rect:
    """A box in page units as left, top, width, height in pixels, whatever way the page is turned or cropped."""
    import ctypes

    import pypdfium2.raw as pdfium

    left, bottom, right, top = box
    corners = []
    for x, y in ((left, bottom), (right, top)):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, width_px, height_px, 0, x, y, across, down)
        corners.append((across.value, down.value))
    (x1, y1), (x2, y2) = corners
    return min(x1, x2), min(y1, y2), max(1, abs(x2 - x1)), max(1, abs(y2 - y1))


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Where quote stands in text, as a range, although the two were extracted differently; None if too little agrees."""
    letters, places = _letters(text)
    wanted, _ = _letters(quote)
    if not wanted or not letters:
        return None
    at = letters.find(wanted)
    if at >= 0:
        return places[at], places[at + len(wanted) - 1] + 1
    return _nearest(letters, places, wanted)


def _letters(text: str) -> tuple[str, list[int]]:
    """Letters and digits in their plainest form, and where each came from."""
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = char if char.isascii() else unicodedata.normalize("NFKC", char)
        for letter in plain.casefold():
            if letter.isalnum():
                kept.append(letter)
                places.append(place)
    return "".join(kept), places


def _nearest(letters: str, places: list[int], wanted: str) -> tuple[int, int] | None:
    """Let short stretches of the quote vote on where it begins; what agrees with the winner is marked from first to last."""
    gram = min(_GRAM, len(wanted))
    offsets: dict[str, list[int]] = {}
    for at in range(len(letters) - gram + 1):
        offsets.setdefault(letters[at : at + gram], []).append(at)
    votes: Counter[int] = Counter()
    hits: list[tuple[int, int]] = []
    for at in range(len(wanted) - gram + 1):
        for place in offsets.get(wanted[at : at + gram], ())[:50]:
            votes[(place - at) // 32] += 1
            hits.append((at, place))
    if not votes:
        return None
    best = max(votes, key=lambda bucket: votes[bucket] + votes[bucket - 1] + votes[bucket + 1])
    agreeing = [place for at, place in hits if abs((place - at) // 32 - best) <= 1]
    # A quote that runs over two pages agrees with each only in part, but then in one long stretch.
    if len(agreeing) < min(_LEAST_SHARE * (len(wanted) - gram + 1), 4 * _GRAM):
        return None
    return places[min(agreeing)], places[min(max(agreeing) + gram - 1, len(places) - 1)] + 1
