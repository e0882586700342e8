"""Words of a PDF are chosen over the end of a page, with Shift or by dragging on, and copied in one piece."""

from __future__ import annotations

import base64

import pytest
from fake_engine import FakeLink
from note_making import Piece, make_document
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage

from assistant.desktop.source.source_across import AcrossPages
from assistant.desktop.source.source_asked import note_source
from assistant.desktop.source.source_page_text import PageText
from assistant.desktop.source.source_pane import SourcePane
from assistant.domain.documents import BlockKind, NoteFormat
from assistant.ipc import engine_messages as m

PDF, PAGES, SIZE = "Travel/Tickets.pdf", 4, (400, 900)
DOCUMENT = make_document(
    *(Piece(BlockKind.PARAGRAPH, f"Page {n} in words.") for n in range(1, PAGES + 1)),
    format=NoteFormat.PDF,
    pages=PAGES,
)
SHIFT = Qt.KeyboardModifier.ShiftModifier


def page_text(page: int) -> PageText:
    text = f"Page {page} in words."
    return PageText(text, tuple((20 + 10 * column, 100, 10, 20) for column in range(len(text))))


def picture() -> str:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return base64.b64encode(data.data()).decode()


@pytest.fixture
def pane(in_window, ready_client, theme, qtbot, link: FakeLink) -> SourcePane:
    link.documents = {PDF: DOCUMENT}
    drawn = picture()

    def draw(request: int, body: m.DrawPage) -> None:
        layer = page_text(body.page)
        link.answer(request, m.PageDrawn(drawn, *SIZE, body.page, PAGES, (), layer.text, tuple(layer.boxes)))

    link._on_DrawPage = draw
    made = in_window(SourcePane(ready_client, theme), 430, 500)
    with qtbot.waitSignal(made.pages.page_shown):
        made.show_source(note_source(1, PDF))
    return made


def before(pane: SourcePane, character: int) -> QPoint:
    """The point of the sheet between two characters."""
    scale = pane.pages.sheet.width() / SIZE[0]
    return QPointF((20 + 10 * character + 1) * scale, 110 * scale).toPoint()


def go(qtbot, pane: SourcePane, page: int) -> None:
    with qtbot.waitSignal(pane.pages.page_shown):
        pane.paging.go_to(page)


def click(qtbot, pane: SourcePane, character: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.mouseClick(pane.pages.sheet, Qt.MouseButton.LeftButton, keys, before(pane, character))


def test_a_click_with_shift_goes_on_with_what_is_chosen_on_the_page(pane, qtbot):
    click(qtbot, pane, 5)
    click(qtbot, pane, 9, SHIFT)
    assert pane.pages.chosen_words() == "1 in"
    click(qtbot, pane, 0, SHIFT)
    assert pane.pages.chosen_words() == "Page"


def test_it_goes_on_over_pages_and_all_of_it_is_copied(pane, qtbot):
    click(qtbot, pane, 5)
    go(qtbot, pane, 2)
    assert pane.pages.chosen_words() == ""
    go(qtbot, pane, 3)
    click(qtbot, pane, 6, SHIFT)
    whole = "1 in words.\nPage 2 in words.\nPage 3"
    assert pane.pages.chosen_words() == whole
    qtbot.keyClick(pane.pages, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == whole
    assert pane.pages.sheet.chosen_words() == "Page 3"
    go(qtbot, pane, 2)
    assert pane.pages.sheet.chosen_words() == "Page 2 in words."
    go(qtbot, pane, 4)
    assert pane.pages.sheet.chosen_words() == ""
    assert pane.pages.chosen_words() == whole
    click(qtbot, pane, 3)
    assert pane.pages.chosen_words() == ""


def test_it_goes_backwards_too(pane, qtbot):
    go(qtbot, pane, 2)
    click(qtbot, pane, 4)
    go(qtbot, pane, 1)
    click(qtbot, pane, 12, SHIFT)
    assert pane.pages.chosen_words() == "rds.\nPage"


def test_dragging_below_the_pane_moves_the_page_and_turns_it_at_its_end(pane, qtbot):
    pane.pages._dragging.timeout.disconnect()  # it follows the real pointer
    pages, bar = pane.pages, pane.pages.verticalScrollBar()
    below = QPoint(200, pages.viewport().height() + 30)
    qtbot.mousePress(pages.sheet, Qt.MouseButton.LeftButton, pos=before(pane, 5))
    pages.drag_to(below)
    assert bar.value() > 0
    assert pages.chosen_words() == "1 in words."
    bar.setValue(bar.maximum())
    with qtbot.waitSignal(pages.page_shown):
        pages.drag_to(below)
    pages.drag_to(below)
    qtbot.mouseRelease(pages.sheet, Qt.MouseButton.LeftButton, pos=before(pane, 5))
    assert pages.page == 2
    assert pages.chosen_words().startswith("1 in words.\nPage 2")


def test_another_note_has_nothing_chosen(pane, qtbot, link):
    click(qtbot, pane, 5)
    go(qtbot, pane, 3)
    click(qtbot, pane, 6, SHIFT)
    link.documents = {**link.documents, "Other.pdf": DOCUMENT}
    with qtbot.waitSignal(pane.pages.page_shown):
        pane.show_source(note_source(1, "Other.pdf"))
    assert pane.pages.chosen_words() == ""


def test_pages_that_were_never_drawn_are_copied_from_the_document():
    across = AcrossPages()
    across.belong_to(DOCUMENT)
    across.begin(4, 6, page_text(4))
    across.reach(1, 5, page_text(1))
    first, *between, last = across.words().split("\n")
    assert (first, last) == ("1 in words.", "Page 4")
    assert "".join("".join(between).split()) == "".join(
        DOCUMENT.text[DOCUMENT.pages[1].start : DOCUMENT.pages[2].end].split()
    )
