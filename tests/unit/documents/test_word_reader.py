"""Word files: headings, lists, tables and footnotes; never what was deleted, never more than a reader can hold."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from assistant.documents.limits import ReaderLimits
from assistant.documents.word import check_package, read_word
from assistant.domain.documents import BlockKind, Document, SpanKind
from assistant.domain.errors import NoteUnreadableError


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(document: Any) -> Document:
    return read_word(saved(document), ReaderLimits())


def blocks(document: Document) -> list[tuple[str, str, int]]:
    return [(block.kind.value, document.text[block.start : block.end], block.level) for block in document.blocks]


def test_headings_paragraphs_and_lists_keep_their_kind() -> None:
    word = docx.Document()
    word.add_heading("Report", 1)
    word.add_paragraph("Some words.")
    word.add_heading("Details", 2)
    word.add_paragraph("first", style="List Number")
    word.add_paragraph("second", style="List Number")
    word.add_paragraph("point", style="List Bullet")
    word.add_paragraph("said", style="Quote")
    document = read(word)
    assert blocks(document) == [
        ("heading", "Report", 1),
        ("paragraph", "Some words.", 0),
        ("heading", "Details", 2),
        ("list-item", "first", 1),
        ("list-item", "second", 1),
        ("list-item", "point", 1),
        ("quote", "said", 1),
    ]
    assert [block.marker for block in document.blocks if block.kind is BlockKind.LIST_ITEM] == ["1.", "2.", "•"]
    assert document.blocks[3].heading_path == ("Report", "Details")
    assert document.title == "Report"


def test_a_localised_or_outlined_style_is_a_heading() -> None:
    word = docx.Document()
    style = word.styles.add_style("标题 2", 1)
    word.add_paragraph("章节", style=style)
    outlined = word.add_paragraph("Outlined")
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "2")
    outlined._p.get_or_add_pPr().append(level)
    assert [(kind, level) for kind, _, level in blocks(read(word))] == [("heading", 2), ("heading", 3)]


def test_tables_become_rows_with_cells() -> None:
    word = docx.Document()
    table = word.add_table(rows=2, cols=2)
    for row, values in enumerate((("Name", "Age"), ("Ann", ""))):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    inner = table.cell(1, 1).add_table(1, 1)
    inner.cell(0, 0).text = "nested"
    document = read(word)
    assert [text for _, text, _ in blocks(document)] == ["Name | Age", "Ann | nested"]
    cells = [document.text[s.start : s.end] for s in document.spans if s.kind is SpanKind.CELL]
    assert cells == ["Name", "Age", "Ann", "nested"]


def test_bold_runs_are_spans() -> None:
    word = docx.Document()
    paragraph = word.add_paragraph("plain ")
    paragraph.add_run("bold").bold = True
    paragraph.add_run(" end").bold = False
    document = read(word)
    assert [(s.kind, document.text[s.start : s.end]) for s in document.spans] == [(SpanKind.STRONG, "bold")]


def test_deleted_text_is_not_shown_and_inserted_text_is() -> None:
    word = docx.Document()
    paragraph = word.add_paragraph("We meet on ")
    for tag, text_tag, text in (("w:del", "w:delText", "Monday"), ("w:ins", "w:t", "Tuesday")):
        change, run, content = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
        content.text = text
        run.append(content)
        change.append(run)
        paragraph._p.append(change)
    assert read(word).text == "We meet on Tuesday"


def test_text_in_content_controls_is_read() -> None:
    word = docx.Document()
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    control.append(content)
    content.append(word.add_paragraph("inside")._p)
    word.element.body.insert(0, control)
    assert read(word).text == "inside"


def rewritten(data: bytes, changes: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return out.getvalue()


def reason_of(data: bytes) -> str:
    with pytest.raises(NoteUnreadableError) as caught:
        read_word(data, ReaderLimits())
    return str(caught.value.reason)


def a_word_file(text: str = "words") -> bytes:
    word = docx.Document()
    word.add_paragraph(text)
    return saved(word)


def test_a_part_that_unpacks_a_hundredfold_is_refused_unread() -> None:
    assert reason_of(rewritten(a_word_file(), {"word/document.xml": b"<w:p/>" * 500_000})) == "bomb"


def test_thousands_of_parts_are_refused() -> None:
    assert reason_of(rewritten(a_word_file(), {f"word/part{n}.xml": b"" for n in range(2_100)})) == "bomb"


def test_external_entities_are_not_read() -> None:
    evil = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY l "lol">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        b"<w:t>seen &x;</w:t></w:r></w:p></w:body></w:document>"
    )
    assert read_word(rewritten(a_word_file(), {"word/document.xml": evil}), ReaderLimits()).text == "seen"


def test_broken_packages_are_damaged() -> None:
    data = a_word_file()
    assert reason_of(data[: len(data) // 2]) == "damaged"
    assert reason_of(b"PK\x03\x04 nothing") == "damaged"
    assert reason_of(rewritten(data, {"word/document.xml": b"<w:document"})) == "damaged"


def test_a_file_without_words_has_no_text() -> None:
    assert reason_of(a_word_file("")) == "no-text"


def test_an_ordinary_file_passes_the_check() -> None:
    check_package(a_word_file("words " * 50_000))
