"""What is highlighted on screen is the quote, for every sentence of every kind of note, as the real readers read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_engine import FakeLink
from marked_words import plain, words_under
from note_files import NOTES, note_bytes
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QTextCursor

from assistant.desktop.markdown.markdown_view import MarkKind
from assistant.desktop.source.source_paging import TEXT
from assistant.desktop.source.source_pane import SourcePane
from assistant.desktop.source.source_view import SourceView
from assistant.documents.limits import ReaderLimits
from assistant.documents.page_drawing import draw_page
from assistant.documents.reading import read_document
from assistant.domain.answers import Citation, Support
from assistant.domain.documents import BlockKind, Document
from assistant.domain.sentences import split_sentences
from assistant.ipc import engine_messages as m

PDFS = [name for name in NOTES if name.endswith(".pdf")]
LONG_PARTS = 60


@pytest.fixture
def pane(in_window, ready_client, theme) -> SourcePane:
    return in_window(SourcePane(ready_client, theme), 430, 700)


def read(tmp_path: Path, name: str) -> Document:
    path = tmp_path / f"note{Path(name).suffix}"
    path.write_bytes(note_bytes(name))
    return read_document(path, limits=ReaderLimits())


def citation(document: Document, note: str, start: int, end: int) -> Citation:
    return Citation(1, "", 1, note, f"/home/ada/{note}", "", document.text[start:end], start, end, Support.QUOTED)


def inked(document: Document, start: int, end: int) -> str:
    """What of a text is to be seen: no white space, and of a table no strokes between its cells."""
    text = document.text[start:end]
    for block in document.blocks:
        if block.kind is BlockKind.TABLE_ROW and block.start <= start < block.end:
            text = text.replace(" | ", " ")
    return "".join(text.split())


def open_at(qtbot, pane: SourcePane, link: FakeLink, document: Document, note: str, start: int, end: int) -> None:
    link.documents = {note: document}
    with qtbot.waitSignal(pane.shown):
        pane.show_source(citation(document, note, start, end))


@pytest.mark.parametrize("note", NOTES)
def test_every_sentence_of_a_note_is_marked_as_it_stands(pane, qtbot, link, tmp_path, note):
    document = read(tmp_path, note)
    pane._mode.choose(TEXT)
    for start, end in split_sentences(document.text):
        open_at(qtbot, pane, link, document, note, start, end)
        assert "".join(pane.view.marked_text().split()) == inked(document, start, end)
        qtbot.waitUntil(lambda: not pane.view.is_growing)
        assert "".join(pane.view.marked_text().split()) == inked(document, start, end)


@pytest.mark.parametrize(
    ("note", "scheme"), [*((note, "light") for note in NOTES), ("Travel/Lisbon.md", "dark"), ("旅行/里斯本.md", "dark")]
)
def test_every_sentence_of_a_note_is_painted_over_and_nothing_else(in_window, qtbot, theme, tmp_path, note, scheme):
    """Told from the pixels: what differs between the page with its mark and the same page without."""
    theme.choose(scheme, 1.0)
    view = in_window(SourceView(theme), 430, 700)
    document = read(tmp_path, note)
    for start, end in split_sentences(document.text):
        view.show_document(document, start, end)
        qtbot.waitUntil(lambda: not view.is_growing)
        assert "".join(painted_text(view).split()) == inked(document, start, end)


def painted_text(view: SourceView) -> str:
    """The characters that stand on another colour when the marks are taken away."""
    marks = view.marks(MarkKind.QUOTE)
    marked = picture_of(view)
    view.set_marks([])
    bare = picture_of(view)
    view.set_marks(marks)
    here, there = QTextCursor(view.document()), QTextCursor(view.document())
    found = ""
    while there.movePosition(QTextCursor.MoveOperation.NextCharacter):
        if here.block() == there.block():
            text = view.text_between(here.position(), there.position())
            if text.strip() and is_changed(marked, bare, room_of(view, here, there)):
                found += text
        here.setPosition(there.position())
    return found


def picture_of(view: SourceView) -> QImage:
    return view.viewport().grab().toImage()


def room_of(view: SourceView, before: QTextCursor, after: QTextCursor) -> QRectF:
    """Where a character is drawn, by Qt's own text cursors: between the one before it and the one behind it."""
    here, there = QRectF(view.cursorRect(before)), QRectF(view.cursorRect(after))
    right = there.left() if there.top() == here.top() and there.left() > here.left() else here.left() + 6
    return QRectF(here.left(), here.top(), right - here.left(), here.height())


def is_changed(one: QImage, other: QImage, room: QRectF) -> bool:
    """Is a good part of a character's room another colour? Its ink is none of it, and its line is taller than the mark."""
    columns = {round(room.left() + room.width() * share) for share in (0.25, 0.5, 0.75)}
    rows = range(round(room.top()), round(room.bottom()), 2)
    places = [(x, y) for x in columns for y in rows if one.rect().contains(x, y)]
    return sum(one.pixel(x, y) != other.pixel(x, y) for x, y in places) > len(places) / 5


@pytest.mark.parametrize("note", PDFS)
def test_every_sentence_of_a_pdf_is_marked_on_its_page(pane, qtbot, link, tmp_path, note):
    """The real reader draws the page; the marks are read off the sheet as it is shown."""
    document = read(tmp_path, note)
    path = tmp_path / "note.pdf"

    def draw(request: int, body: m.DrawPage) -> None:
        drawn = draw_page(path, body.page, width_px=body.width_px, quote=body.quote, around=body.around)
        size = (drawn.width_px, drawn.height_px)
        link.answer(request, m.PageDrawn(drawn.png, *size, drawn.page, drawn.page_count, drawn.rects))

    link._on_DrawPage = draw
    for page in document.pages:
        for first, last in split_sentences(document.text[page.start : page.end]):
            start, end = page.start + first, page.start + last
            with qtbot.waitSignal(pane.pages.page_shown):
                open_at(qtbot, pane, link, document, note, start, end)
            assert pane.pages.isVisibleTo(pane)
            assert pane.pages.page == page.number
            sheet = pane.pages.widget()
            rects = [rect.getRect() for rect in pane.pages.mark_rects()]
            under = words_under(path, page.number, (sheet.width(), sheet.height()), rects)
            assert plain(under) == plain(document.text[start:end])


def long_note() -> bytes:
    """A note of some hundred slices, with everything in it that moves offsets."""
    part = note_bytes("Travel/Lisbon.md").decode().split("---\n", 2)[2]
    chinese = note_bytes("旅行/里斯本.md").decode().split("---\n", 2)[2]
    return "\n\n".join(f"# Part {n} 🧭\n\n{part}\n\n{chinese}" for n in range(LONG_PARTS)).encode()


def wide_note() -> bytes:
    """One paragraph that is cut into several slices, and a table that is cut into several tables."""
    words = " ".join(f"Sentence number {n} has an 🐝 and a 重要 word." for n in range(900))
    rows = "\n".join(f"| cell {n} 🏛 | **bold** {n} | 表格 {n} |" for n in range(300))
    return f"{words}\n\n| a | b | c |\n| - | - | - |\n{rows}\n\n- last item 🏁\n".encode()


@pytest.mark.parametrize("make", [long_note, wide_note])
def test_sentences_of_long_notes_are_marked_wherever_they_stand(in_window, qtbot, theme, tmp_path, make):
    view = in_window(SourceView(theme), 430, 700)
    path = tmp_path / "long.md"
    path.write_bytes(make())
    document = read_document(path, limits=ReaderLimits())
    ranges = split_sentences(document.text)
    assert len(ranges) > 900
    for start, end in [*ranges[:3], *ranges[3:-3:97], *ranges[-3:]]:
        view.show_document(document, start, end)
        assert "".join(view.marked_text().split()) == inked(document, start, end)
        qtbot.waitUntil(lambda: not view.is_growing)
        assert "".join(view.marked_text().split()) == inked(document, start, end)


def test_a_long_passage_is_marked_over_all_slices_once_they_are_drawn(in_window, qtbot, theme, tmp_path):
    view = in_window(SourceView(theme), 430, 700)
    path = tmp_path / "long.md"
    path.write_bytes(wide_note())
    document = read_document(path, limits=ReaderLimits())
    start = document.text.index("Sentence number 100 ")
    end = document.text.index("Sentence number 300 ")
    view.show_document(document, start, end)
    qtbot.waitUntil(lambda: not view.is_growing)
    assert view.marked_text().startswith("Sentence number 100 has an 🐝")
    assert "".join(document.text[start:end].split()).startswith("".join(view.marked_text().split()))
