"""Drawn pages, and where a quote stands on them."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdf
import pytest

from assistant.documents.page_drawing import draw_page, encode_png, find_quote
from assistant.domain.errors import BadRequestError, NoteMissingError, NoteUnreadableError

MakePdf = Callable[[Sequence[Sequence[str]]], bytes]


@pytest.fixture
def pdf_path(tmp_path: Path, make_pdf: MakePdf) -> Path:
    path = tmp_path / "two pages.pdf"
    path.write_bytes(make_pdf([["First line.", "Second line with the quote", "and its end."], ["Other page."]]))
    return path


def test_a_page_is_drawn_in_the_asked_width(pdf_path: Path) -> None:
    drawn = draw_page(pdf_path, 2, width_px=306)
    png = base64.b64decode(drawn.png)
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (drawn.width_px, drawn.height_px) == (306, 396)
    assert (drawn.page, drawn.page_count, drawn.rects) == (2, 2, ())


def test_the_quote_is_marked_where_it_stands(pdf_path: Path) -> None:
    drawn = draw_page(pdf_path, 1, width_px=612, quote="with the quote and its end")
    assert len(drawn.rects) == 2
    (left, top, width, height), (second_left, second_top, _, _) = drawn.rects
    # At one pixel a point the lines begin 72 points from the left, 704 and 688 from the bottom of 792.
    assert left > 72 + 60 and 72 <= second_left <= 76
    assert 792 - 704 - 14 <= top <= 792 - 704 and 792 - 688 - 14 <= second_top <= 792 - 688
    assert width > 60 and 5 <= height <= 20


def test_marks_follow_a_turned_page(tmp_path: Path, make_pdf: MakePdf) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(make_pdf([["Top left words."]])))
    writer.pages[0].rotate(90)
    path = tmp_path / "turned.pdf"
    writer.write(path)
    drawn = draw_page(path, 1, width_px=792, quote="Top left words")
    ((left, top, width, height),) = drawn.rects
    assert height > width  # the line runs down
    assert left > 600 and top < 100  # the page's top left is the drawing's top right


def test_a_quote_that_is_not_there_marks_nothing(pdf_path: Path) -> None:
    assert draw_page(pdf_path, 1, width_px=100, quote="entirely different wording, nowhere to be found").rects == ()


def test_errors_have_reasons(pdf_path: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRequestError):
        draw_page(pdf_path, 3, width_px=100)
    with pytest.raises(NoteMissingError):
        draw_page(tmp_path / "none.pdf", 1, width_px=100)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 no")
    with pytest.raises(NoteUnreadableError) as caught:
        draw_page(broken, 1, width_px=100)
    assert caught.value.reason == "damaged"


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("An infor-\r\nmation age", "information age", "infor-\r\nmation age"),
        ("the ﬁrst  of\r\nmany", "the first of many", "the ﬁrst  of\r\nmany"),
        ("第一行的文\r\n字在这里。", "文字在这里", "文\r\n字在这里"),
        (
            "end of page. A sentence that goes over to",
            "A sentence that goes over to the next page, on and on.",
            "A sentence that goes over to",
        ),
        ("He said: stop it now, or else", "He said; stop that now, or else", None),
    ],
)
def test_a_quote_is_found_in_differently_extracted_text(text: str, quote: str, expected: str | None) -> None:
    found = find_quote(text, quote)
    if expected is None:
        assert found is None or text[found[0] : found[1]] in text
    else:
        assert found is not None
        assert text[found[0] : found[1]] == expected


def test_an_empty_quote_is_nowhere() -> None:
    assert find_quote("words", " .,") is None
    assert find_quote("", "words") is None


def test_png_rows_leave_out_the_padding() -> None:
    png = encode_png(b"\x01\x02\x03\xff\x04\x05\x06\xff", 1, 2, 4, 3)
    start = png.index(b"IDAT")
    (length,) = struct.unpack(">I", png[start - 4 : start])
    assert zlib.decompress(png[start + 4 : start + 4 + length]) == b"\x00\x01\x02\x03\x00\x04\x05\x06"
