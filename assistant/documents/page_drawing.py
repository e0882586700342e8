"""Draws a page of a PDF with a quote marked on it, for the source viewer.

The quote comes from pypdf's text, the boxes from PDFium's. The two differ in white space, hyphens and ligatures, so the quote is
looked for by its letters and digits alone: first whole, at the place whose surroundings are the quote's; else stretch by stretch around
the place where most of it agrees.
"""

from __future__ import annotations

import base64
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
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
_AROUND_LETTERS = 400
_MOST_PLACES = 500
# Aligning a quote with a text that reads otherwise (formulas, mostly): stretches of at least so many letters count, one is looked for
# up to so far from where it should stand, and what differs between two of them is marked along if it is no longer than this.
_STRETCH = 5
_REACH = 60
_BRIDGE = 24

Rect = tuple[int, int, int, int]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top in units of the page."""

Range = tuple[int, int]
Stretch = tuple[int, int, int]
"""Where something begins in the quote, where it begins on the page, and how long it is in both."""
Around = tuple[str, str]
"""What stands on the page before and after a quote, as far as is known: the same words may stand on a page twice."""


def draw_page(
    path: Path, number: int, *, width_px: int, quote: str = "", around: Around = ("", ""), password: str = ""
) -> PageRendered:
    """Draw page `number` (from 1), `width_px` wide or smaller where the page is extremely long.

    quote: as it stands in the Document; only what of it stands on this page.

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
            return _drawn(page, number, count, width_px, quote, around)
        finally:
            page.close()


def _drawn(page: Any, number: int, count: int, width_px: int, quote: str, around: Around) -> PageRendered:
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise unreadable(ReasonCode.DAMAGED)
    scale = min(width_px / width, (MOST_PIXELS / (width * height)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
    try:
        png = encode_png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)
        rects = _rects(page, quote, around, bitmap.width, bitmap.height) if quote.strip() else ()
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


def _characters(content: Any) -> tuple[str, list[int]]:
    """The characters of a page, with PDFium's number of each and one more. Not its own text of the page: that leaves out some characters
    and adds others, so that places in it are not the numbers it takes."""
    import pypdfium2.raw as pdfium

    count = content.count_chars()
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


def find_quote(text: str, quote: str, around: Around = ("", "")) -> list[Range]:
    """Where quote stands in text, as ranges in order, although the two were extracted differently; none if too little agrees."""
    letters, places = _letters(text)
    wanted, _ = _letters(quote)
    if not wanted or not letters:
        return []
    whole = [(at, at + len(wanted)) for at in _occurrences(letters, wanted)]
    before, after = _letters(around[0])[0][-_AROUND_LETTERS:], _letters(around[1])[0][:_AROUND_LETTERS]
    found = [_best_surrounded(letters, whole, before, after)] if whole else _nearest(letters, wanted, before, after)
    ranges = [(places[first], places[last - 1] + 1) for first, last in found]
    return _with_stops(text, quote, ranges)


def _with_stops(text: str, quote: str, found: list[Range]) -> list[Range]:
    """The ranges, widened by the marks that the quote begins and ends with: its quotation marks, its full stop."""
    if found:
        head = list(takewhile(lambda char: not _is_letter(char), quote))
        tail = list(takewhile(lambda char: not _is_letter(char), reversed(quote)))
        before = _matched(reversed(text[: found[0][0]]), reversed(head))
        after = _matched(text[found[-1][1] :], reversed(tail))
        found[0] = (found[0][0] - before, found[0][1])
        found[-1] = (found[-1][0], found[-1][1] + after)
    return found


def _matched(text: Iterable[str], marks: Iterable[str]) -> int:
    """How many characters of a text are taken up by as many of these marks, in order, as stand there; white space apart."""
    wanted = [char for char in marks if not char.isspace()]
    taken = met = 0
    for place, char in enumerate(text, 1):
        if met == len(wanted):
            break
        if char == wanted[met]:
            taken, met = place, met + 1
        elif not char.isspace():
            break
    return taken


def _is_letter(char: str) -> bool:
    return bool(_letters(char)[0])


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


def _occurrences(letters: str, wanted: str) -> Iterator[int]:
    at = letters.find(wanted)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return
        yield at
        at = letters.find(wanted, at + 1)


def _best_surrounded(letters: str, found: Sequence[Range], before: str, after: str) -> Range:
    """The one of several places before and after which most of what it should be stands; of equals the first."""
    if len(found) == 1:
        return found[0]

    def agreement(place: Range) -> int:
        earlier = letters[max(0, place[0] - len(before)) : place[0]]
        later = letters[place[1] : place[1] + len(after)]
        return _common(reversed(earlier), reversed(before)) + _common(later, after)

    return max(found, key=agreement)


def _common(one: Iterable[str], other: Iterable[str]) -> int:
    """How many characters two texts share at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _nearest(letters: str, wanted: str, before: str, after: str) -> list[Range]:
    """What stands for the quote on a page that reads otherwise: agreeing stretches of it, and what lies between its surroundings where
    these agree (a formula may have hardly a letter in common)."""
    whole = before[-_REACH:] + wanted + after[:_REACH]
    anchor = _anchor(letters, whole)
    if anchor is None:
        return []
    start = len(before[-_REACH:])
    return _bridged(_within(_aligned(letters, whole, anchor), start, start + len(wanted)))


def _anchor(letters: str, wanted: str) -> tuple[int, int] | None:
    """A place in `wanted` and the one in `letters` that it stands at, by the vote of all short stretches; None if too few agree."""
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
    agreeing = [(at, place) for at, place in hits if abs((place - at) // 32 - best) <= 1]
    # A quote that runs over two pages agrees with each only in part, but then in one long stretch.
    enough = min(_LEAST_SHARE * (len(wanted) - gram + 1), 4 * _GRAM)
    return min(agreeing) if len(agreeing) >= enough else None


def _aligned(letters: str, wanted: str, anchor: tuple[int, int]) -> list[Stretch]:
    """The stretches that both have, in order. anchor: a place of both that agrees."""
    found: list[Stretch] = []
    at = ours = theirs = 0
    shift = anchor[1] - anchor[0]
    while at + _STRETCH <= len(wanted):
        place = letters.find(
            wanted[at : at + _STRETCH], max(theirs, at + shift - _REACH), max(0, at + shift + _REACH + _STRETCH)
        )
        if place < 0:
            at += 1
            continue
        length = _STRETCH + _common(wanted[at + _STRETCH :], letters[place + _STRETCH :])
        back = _common(reversed(wanted[ours:at]), reversed(letters[theirs:place]))
        found.append((at - back, place - back, length + back))
        at, theirs, shift = at + length, place + length, place - at
        ours = at
    return found


def _within(stretches: Sequence[Stretch], start: int, end: int) -> list[Stretch]:
    """The stretches cut to `wanted[start:end]`, where they do not reach its ends with an empty one there, by the neighbours that do agree."""
    inside: list[Stretch] = []
    for ours, theirs, length in stretches:
        first, last = max(ours, start), min(ours + length, end)
        if first < last:
            inside.append((first, theirs + first - ours, last - first))
    if not inside or inside[0][0] > start:
        before = [one for one in stretches if one[0] + one[2] <= start]
        inside[:0] = [(start, theirs + start - ours, 0) for ours, theirs, _ in before[-1:]]
    if inside and sum(inside[-1][::2]) < end:
        after = [one for one in stretches if one[0] >= end]
        inside += [(end, theirs + end - ours, 0) for ours, theirs, _ in after[:1]]
    return inside


def _bridged(stretches: Sequence[Stretch]) -> list[Range]:
    """The stretches' ranges in the page, joined where both texts have only a little between them: the same thing, read otherwise."""
    joined: list[Range] = []
    last = 0
    for ours, theirs, length in stretches:
        if joined and ours - last <= _BRIDGE and theirs - joined[-1][1] <= _BRIDGE:
            joined[-1] = (joined[-1][0], max(joined[-1][1], theirs + length))
        else:
            joined.append((theirs, theirs + length))
        last = ours + length
    return [place for place in joined if place[0] < place[1]]
