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
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_words import plain, words_under
from note_files import NOTES, note_bytes

from assistant.documents.limits import ReaderLimits
from assistant.documents.page_drawing import draw_page, encode_png
from assistant.documents.quote_finding import find_quote
from assistant.documents.reading import read_document
from assistant.domain.documents import part_on_page
from assistant.domain.errors import BadRequestError, NoteMissingError, NoteUnreadableError
from assistant.domain.sentences import split_sentences

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


def test_the_characters_of_a_page_are_told_with_their_places(pdf_path: Path) -> None:
    assert draw_page(pdf_path, 1, width_px=612).text == ""
    drawn = draw_page(pdf_path, 1, width_px=612, with_text=True)
    assert drawn.text.splitlines() == ["First line.", "Second line with the quote", "and its end."]
    assert len(drawn.boxes) == len(drawn.text)
    places = {char: box for char, box in zip(drawn.text, drawn.boxes, strict=True) if char in "FS"}
    assert 72 <= places["F"][0] <= 76 and places["F"][1] < places["S"][1]
    assert drawn.boxes[drawn.text.index("\n")] == (0, 0, 0, 0)
    larger = draw_page(pdf_path, 1, width_px=1224, with_text=True)
    assert abs(larger.boxes[0][0] - 2 * drawn.boxes[0][0]) <= 1


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
        ("“Stop it,” he said.", "he said.", "he said."),
        ("One. “Stop it!” Two.", "“Stop it!”", "“Stop it!”"),
    ],
)
def test_a_quote_is_found_in_differently_extracted_text(text: str, quote: str, expected: str) -> None:
    ((start, end),) = find_quote(text, quote)
    assert text[start:end] == expected


def test_of_two_places_with_the_same_words_the_surrounded_one_is_marked() -> None:
    text = "Mon: closed all day. Tue: open. Wed: closed all day. Thu: open again."
    for at in (5, 37):
        around = (text[:at], text[at + 15 :])
        assert find_quote(text, "closed all day.", around) == [(at, at + 15)]


def test_what_reads_otherwise_is_marked_between_its_surroundings() -> None:
    page = "The area of the first figure is 𝛼∘𝛽∘𝛾 exactly, as was to be proved by the pupils."
    around = ("The area of the first figure is", "exactly, as was to be proved by the pupils.")
    ((start, end),) = find_quote(page, "a b", around)
    assert page[start:end].strip() == "𝛼∘𝛽∘𝛾"


def test_what_only_the_page_has_within_a_quote_is_left_unmarked() -> None:
    note = "The geese arrive in October and the ducks in November when the first frost comes over the river."
    stranger = " MARGIN NOTE THAT BELONGS TO ANOTHER COLUMN OF THIS PAGE ALTOGETHER "
    page = note[:28] + stranger + note[28:]
    assert "".join(page[start:end] for start, end in find_quote(page, note)).replace(" ", "") == note.replace(" ", "")


@settings(max_examples=40)
@given(
    st.text(alphabet="ab, é重ﬁ😀", max_size=60),
    st.text(alphabet="ab, é重ﬁ😀", max_size=30),
    st.text(max_size=8),
    st.text(max_size=8),
)
def test_never_marks_outside_the_page(text: str, quote: str, before: str, after: str) -> None:
    place = 0
    for start, end in find_quote(text, quote, (before, after)):
        assert place <= start < end <= len(text)
        place = end


def test_an_empty_quote_is_nowhere() -> None:
    assert find_quote("words", " .,") == []
    assert find_quote("", "words") == []


@pytest.mark.parametrize("name", [name for name in NOTES if name.endswith(".pdf")])
def test_marks_lie_over_exactly_the_words_of_every_sentence(tmp_path: Path, name: str) -> None:
    """Also over those whose glyphs cannot be drawn (the font is not there), and over the second of two equal sentences."""
    path = tmp_path / "note.pdf"
    path.write_bytes(note_bytes(name))
    document = read_document(path, limits=ReaderLimits())
    tops: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for page in document.pages:
        for first, last in split_sentences(document.text[page.start : page.end]):
            quote, around = part_on_page(document, page.number, page.start + first, page.start + last)
            drawn = draw_page(path, page.number, width_px=900, quote=quote, around=around)
            assert plain(words_under(path, page.number, (drawn.width_px, drawn.height_px), drawn.rects)) == plain(quote)
            assert all(10 <= height <= 24 for _, _, _, height in drawn.rects)
            tops.setdefault((page.number, quote), []).append((drawn.rects[0][1], drawn.rects[0][0]))
    assert all(places == sorted(set(places)) for places in tops.values())


def test_png_rows_leave_out_the_padding() -> None:
    png = encode_png(b"\x01\x02\x03\xff\x04\x05\x06\xff", 1, 2, 4, 3)
    start = png.index(b"IDAT")
    (length,) = struct.unpack(">I", png[start - 4 : start])
    assert zlib.decompress(png[start + 4 : start + 4 + length]) == b"\x00\x01\x02\x03\x00\x04\x05\x06"
