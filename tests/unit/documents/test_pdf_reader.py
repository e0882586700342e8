"""PDF files: pages with offsets, paragraphs put together from lines, and a reason where there is nothing to read."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence

import pypdf
import pytest

from assistant.documents.limits import ReaderLimits
from assistant.documents.pdf import join_lines, read_pdf
from assistant.domain.errors import NoteUnreadableError

MakePdf = Callable[[Sequence[Sequence[str]]], bytes]


def encrypted(data: bytes, password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def reason_of(data: bytes, limits: ReaderLimits | None = None) -> str:
    with pytest.raises(NoteUnreadableError) as caught:
        read_pdf(data, limits or ReaderLimits())
    return str(caught.value.reason)


def test_pages_hold_their_text(make_pdf: MakePdf) -> None:
    document = read_pdf(make_pdf([["Page one here."], [], ["Page three here."]]), ReaderLimits())
    assert document.text == "Page one here.\n\nPage three here."
    assert [(page.number, document.text[page.start : page.end]) for page in document.pages] == [
        (1, "Page one here."),
        (2, ""),
        (3, "Page three here."),
    ]
    assert [block.page for block in document.blocks] == [1, 3]
    assert document.notices == ("no-text-pages",)


def test_lines_become_paragraphs(make_pdf: MakePdf) -> None:
    document = read_pdf(
        make_pdf([["The first line of this paragraph goes on and is hyphen-", "ated at its end; it has a", "stop. "]]),
        ReaderLimits(),
    )
    assert document.text == "The first line of this paragraph goes on and is hyphenated at its end; it has a stop."


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        (
            "这是第一行中文内容，后面还有很多字一直写\n到第二行才结束。",
            ["这是第一行中文内容，后面还有很多字一直写到第二行才结束。"],
        ),
        ("Introduction\nThis is the first sentence of a longer text that\ngoes on.", 2),
        ("Things to buy for the weekend and for the days after\n• milk\n• bread and butter", 3),
        ("One line.\n\nAnother line.", ["One line.", "Another line."]),
        ("", []),
    ],
)
def test_paragraphs_end_where_a_reader_sees_an_end(lines: str, paragraphs: list[str] | int) -> None:
    found = list(join_lines(lines))
    assert found == paragraphs if isinstance(paragraphs, list) else len(found) == paragraphs


def test_a_locked_pdf_opens_with_its_password_only(make_pdf: MakePdf) -> None:
    data = encrypted(make_pdf([["Secret words."]]), "open sesame")
    assert reason_of(data) == "encrypted"
    assert read_pdf(data, ReaderLimits(), "open sesame").text == "Secret words."


def test_a_pdf_that_is_only_protected_from_printing_is_read(make_pdf: MakePdf) -> None:
    assert read_pdf(encrypted(make_pdf([["Open words."]]), ""), ReaderLimits()).text == "Open words."


def test_a_page_without_text_has_no_text(make_pdf: MakePdf) -> None:
    assert reason_of(make_pdf([[]])) == "no-text"


def test_what_is_no_pdf_is_damaged(make_pdf: MakePdf) -> None:
    assert reason_of(b"%PDF-1.7\nnothing else") == "damaged"
    assert reason_of(b"no pdf at all") == "damaged"


def test_a_truncated_pdf_gives_its_text_or_a_reason(make_pdf: MakePdf) -> None:
    data = make_pdf([[f"Page {number} has words."] for number in range(5)])
    for share in range(1, 10):
        try:
            text = read_pdf(data[: len(data) * share // 10], ReaderLimits()).text
        except NoteUnreadableError as error:
            assert error.reason in {"damaged", "no-text"}  # noqa: PT017 (either is right, depending on the cut)
        else:
            assert "words" in text


def test_only_the_first_pages_of_a_very_long_pdf_are_read(make_pdf: MakePdf) -> None:
    document = read_pdf(make_pdf([["one"], ["two"], ["three"]]), ReaderLimits(max_pages=2))
    assert document.text == "one\n\ntwo"
    assert document.notices == ("partial",)


def test_a_page_that_takes_too_long_is_read_by_the_other_library(
    make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pypdf.PageObject.extract_text

    def slow_on_page_one(page: pypdf.PageObject, *args: object, **options: object) -> str:
        while page.page_number == 0:
            time.sleep(0.01)
        return str(real(page))

    monkeypatch.setattr(pypdf.PageObject, "extract_text", slow_on_page_one)
    document = read_pdf(make_pdf([["Slow page."], ["Quick page."]]), ReaderLimits(page_time_s=0.1))
    assert document.text == "Slow page.\n\nQuick page."
    assert document.notices == ()


def test_one_bad_page_does_not_cost_the_others(make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    real = pypdf.PageObject.extract_text

    def broken_on_page_one(page: pypdf.PageObject, *args: object, **options: object) -> str:
        if page.page_number == 0:
            raise KeyError("/Font")
        return str(real(page))

    monkeypatch.setattr(pypdf.PageObject, "extract_text", broken_on_page_one)
    monkeypatch.setattr("assistant.documents.pdf.page_text", lambda document, number: "")
    document = read_pdf(make_pdf([["Bad page."], ["Good page."]]), ReaderLimits())
    assert document.text == "Good page."
    assert "partial" in document.notices


def test_the_title_is_taken_unless_it_is_a_file_name(make_pdf: MakePdf) -> None:
    for given, expected in (("The Title", "The Title"), ("Microsoft Word - draft.doc", ""), ("untitled", "")):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(make_pdf([["words"]])))
        writer.add_metadata({"/Title": given})
        out = io.BytesIO()
        writer.write(out)
        assert read_pdf(out.getvalue(), ReaderLimits()).title == expected


def test_letters_drawn_as_one_are_taken_apart(make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pypdf.PageObject, "extract_text", lambda page: "The o\ufb03ce was \ufb01lled.")
    assert read_pdf(make_pdf([["x"]]), ReaderLimits()).text == "The office was filled."
