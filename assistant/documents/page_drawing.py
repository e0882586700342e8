"""Draws a page of a PDF with a quote marked on it, for the source viewer.

The quote comes from pypdf's text, the boxes from PDFium's: `quote_finding` brings the two together.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant.documents.limits import unreadable
from assistant.documents.pdfium import opened_pdf
from assistant.documents.quote_finding import Around, find_quote
from assistant.domain.documents import ReasonCode
from assistant.domain.errors import BadRequestError, NoteMissingError
from assistant.ipc.reader_messages import PageRendered

MOST_PIXELS = 40_000_000
MOST_CHARS = 40_000
"""A page of a newspaper has half as many; what a program wrote onto one page to harm its readers has millions."""

_LAYER_SIGNS = {0xFFFE: "\u00ad", 0x02: "\u00ad", 0x00: "\ufffd"} | dict.fromkeys(range(55296, 57344), "�")
"""One for one: what stands for a hyphen at the end of a line, and what no wire can carry."""


Rect = tuple[int, int, int, int]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top in units of the page."""


def draw_page(
    path: Path,
    number: int,
    *,
    width_px: int,
    quote: str = "",
    around: Around = ("", ""),
    password: str = "",
    with_text: bool = False,
) -> PageRendered:
    """Draw page `number` (from 1), `width_px` wide or smaller where the page is extremely long.

    quote: as it stands in the Document; only what of it stands on this page.
    with_text: also the characters of the page and where each stands, at most MOST_CHARS.

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
            return _drawn(page, number, count, width_px, quote, around, with_text=with_text)
        finally:
            page.close()


def _drawn(
    page: Any, number: int, count: int, width_px: int, quote: str, around: Around, *, with_text: bool
) -> PageRendered:
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise unreadable(ReasonCode.DAMAGED)
    scale = min(width_px / width, (MOST_PIXELS / (width * height)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
    try:
        png = encode_png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)
        rects = _rects(page, quote, around, bitmap.width, bitmap.height) if quote.strip() else ()
        text, boxes = _text_layer(page, bitmap.width, bitmap.height) if with_text else ("", ())
        return PageRendered(
            png=base64.b64encode(png).decode("ascii"),
            width_px=bitmap.width,
            height_px=bitmap.height,
            page=number,
            page_count=count,
            rects=rects,
            text=text,
            boxes=boxes,
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


def _rects(page: Any, quote: str, around: Around, width_px: int, height_px: int) -> tuple[Rect, ...]:
    content = page.get_textpage()
    try:
        text, numbers = _characters(content)
        boxes = [
            box
            for start, end in find_quote(text, quote, around)
            for box in _lines(_box(content, numbers[place]) for place in range(start, end) if not text[place].isspace())
        ]
    finally:
        content.close()
    return tuple(_on_bitmap(page, box, width_px, height_px) for box in boxes)


def _text_layer(page: Any, width_px: int, height_px: int) -> tuple[str, tuple[Rect, ...]]:
    """The characters of a page in the order in which they are read, and where each stands on the bitmap."""
    content = page.get_textpage()
    try:
        text, numbers = _characters(content, MOST_CHARS)
        boxes: list[Rect] = []
        for place, char in enumerate(text):
            box = (0.0, 0.0, 0.0, 0.0) if char in "\r\n" else _box(content, numbers[place])
            has_room = box[0] < box[2] and box[1] < box[3]
            boxes.append(_on_bitmap(page, box, width_px, height_px) if has_room else (0, 0, 0, 0))
    finally:
        content.close()
    return text.translate(_LAYER_SIGNS), tuple(boxes)


def _characters(content: Any, most: int = 10**9) -> tuple[str, list[int]]:
    """The characters of a page, with PDFium's number of each and one more. Not its own text of the page: that leaves out some characters
    and adds others, so that places in it are not the numbers it takes."""
    import pypdfium2.raw as pdfium

    count = min(most, content.count_chars())
    chars: list[str] = []
    numbers: list[int] = []
    for number in range(count):
        char = chr(min(pdfium.FPDFText_GetUnicode(content.raw, number), 0x10FFFF))
        if chars and "\ud800" <= chars[-1] <= "\udbff" and "\udc00" <= char <= "\udfff":
            chars[-1] = (chars[-1] + char).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        else:
            chars.append(char)
            numbers.append(number)
    return "".join(chars), [*numbers, count]


def _box(content: Any, number: int) -> Box:
    """The room that a character takes by its font, not its ink: one whose glyph cannot be drawn has none, as in the text that a scanner's
    program lays under its picture."""
    left, bottom, right, top = content.get_charbox(number, loose=True)
    return float(left), float(bottom), float(right), float(top)


def _lines(boxes: Iterable[Box]) -> list[Box]:
    """The boxes of characters that follow one another, put together line by line, whichever way a line runs."""
    found: list[Box] = []
    last: Box | None = None
    for box in boxes:
        if not (box[0] < box[2] and box[1] < box[3]):
            continue
        if last is not None and (_follows(last, box, 0) or _follows(last, box, 1)):
            line = found[-1]
            found[-1] = (min(line[0], box[0]), min(line[1], box[1]), max(line[2], box[2]), max(line[3], box[3]))
        else:
            found.append(box)
        last = box
    return found


def _follows(one: Box, other: Box, axis: int) -> bool:
    """Whether two characters stand side by side along an axis (0 across, 1 up) without more than a few blanks between them."""
    side = 1 - axis
    thickness = min(one[side + 2] - one[side], other[side + 2] - other[side])
    shared = min(one[side + 2], other[side + 2]) - max(one[side], other[side])
    gap = max(one[axis], other[axis]) - min(one[axis + 2], other[axis + 2])
    return shared > 0.6 * thickness and gap < (1.5 if axis == 0 else 0.1) * thickness


def _on_bitmap(page: Any, box: Box, width_px: int, height_px: int) -> Rect:
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
