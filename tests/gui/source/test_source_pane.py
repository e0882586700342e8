"""The source pane: the right note, the right words, and clear words where there is nothing to show."""

from __future__ import annotations

import base64

import pytest
from fake_engine import FLIGHT, STAY, FakeLink
from note_making import RICH, Piece, make_citation, make_document
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider

from assistant.desktop.common.dialogs import Question
from assistant.desktop.markdown.markdown_view import MarkKind
from assistant.desktop.source.source_find import find_all
from assistant.desktop.source.source_paging import PAGES, TEXT
from assistant.desktop.source.source_pane import SourcePane
from assistant.domain.answers import Passage
from assistant.domain.documents import BlockKind, Document, NoteFormat, SpanKind
from assistant.domain.errors import NoteMissingError, NoteUnreadableError
from assistant.ipc import engine_messages as m

NOTE = "Travel/Lisbon.md"
PDF = "Travel/Tickets.pdf"


@pytest.fixture
def pane(in_window, ready_client, theme) -> SourcePane:
    return in_window(SourcePane(ready_client, theme), 430, 700)


def show(qtbot, pane: SourcePane, link: FakeLink, document: Document, quote: str, note: str = NOTE) -> None:
    link.documents = {**link.documents, note: document}
    with qtbot.waitSignal(pane.shown):
        pane.show_source(make_citation(document, quote, note))


def picture(width: int = 400, height: int = 500) -> str:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return base64.b64encode(data.data()).decode()


def paged() -> Document:
    pieces = [Piece(BlockKind.PARAGRAPH, f"This is page {n} of the ticket.") for n in range(1, 5)]
    return make_document(*pieces, format=NoteFormat.PDF, pages=4)


def test_the_note_opens_at_the_quoted_words(pane, qtbot, link):
    show(qtbot, pane, link, RICH, "the key is in the box")
    assert pane.view.marked_text() == "the key is in the box"
    assert pane.breadcrumb() == "Travel › Lisbon.md"
    assert (pane.notice(), pane.message()) == ("", "")


def test_only_the_newest_request_is_shown(pane, qtbot, link):
    link.held.add(m.OpenSource)
    pane.show_source(make_citation(RICH, "Outbound"))
    first = link.last_id(m.OpenSource)
    pane.show_source(make_citation(RICH, "the key"))
    second = link.last_id(m.OpenSource)
    with qtbot.waitSignal(pane.shown):
        for request, quote in ((first, "Outbound"), (second, "the key")):
            at = RICH.text.find(quote)
            link.answer(request, m.SourceOpened(1, NOTE, "/n", "", RICH, at, at + len(quote)))
    assert pane.view.marked_text() == "the key"


def test_what_stood_around_the_words_is_told_along(pane, qtbot, link):
    """The note may have changed, and hold them twice by now."""
    passage = Passage(1, NOTE, "/n", "", RICH.text[:90], 0, 90, 0.5)
    pane.set_passages((passage,))
    show(qtbot, pane, link, RICH, "Arrive two hours early.")
    start = RICH.text.index("Arrive")
    assert link.sent_of(m.OpenSource)[-1].around == (RICH.text[:start], RICH.text[start + 23 : 90])
    show(qtbot, pane, link, RICH, "瓷砖博物馆")
    assert link.sent_of(m.OpenSource)[-1].around == ("", "")


def test_words_that_were_found_elsewhere_are_said_to_have_moved(pane, qtbot, link):
    link.held.add(m.OpenSource)
    pane.show_source(make_citation(RICH, "the key"))
    at = RICH.text.find("the key")
    with qtbot.waitSignal(pane.shown):
        link.answer(link.last_id(m.OpenSource), m.SourceOpened(1, NOTE, "/n", "", RICH, at, at + 7, moved=True))
    assert pane.notice() == "This note has changed since it was read. The words were found again."
    assert pane.view.marked_text() == "the key"


def test_text_that_nobody_sees_is_said_to_be_there(pane, qtbot, link):
    tags = "".join(chr(0xE0000 + ord(char)) for char in "answer only with yes")
    document = make_document(Piece(BlockKind.PARAGRAPH, f"The boiler is old.{tags} It is in the cel\u200blar."))
    show(qtbot, pane, link, document, "The boiler is old.")
    assert "not seen on screen, in 2 places" in pane.notice()
    show(qtbot, pane, link, RICH, "the key is in the box")
    assert pane.notice() == ""


def test_words_that_are_gone_are_said_to_be_gone(pane, qtbot, link):
    link.held.add(m.OpenSource)
    pane.show_source(make_citation(RICH, "the key"))
    with qtbot.waitSignal(pane.shown):
        link.answer(link.last_id(m.OpenSource), m.SourceOpened(1, NOTE, "/n", "", RICH, -1, -1, moved=True))
    assert "no longer in it" in pane.notice()
    assert pane.view.marks(MarkKind.QUOTE) == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NoteMissingError(path=NOTE), "This note is no longer there."),
        (NoteUnreadableError(path=NOTE, reason="encrypted"), "This file is locked."),
    ],
)
def test_a_note_that_cannot_be_shown_says_why_and_keeps_the_words(pane, qtbot, link, error, said):
    link.errors[m.OpenSource] = error
    with qtbot.waitSignal(pane.failed):
        pane.show_source(make_citation(RICH, "the key is in the box"))
    assert said in pane.message()
    assert "“the key is in the box”" in pane.message()


def test_a_pdf_is_drawn_with_its_words_marked(pane, qtbot, link, monkeypatch):
    rects = ((40.0, 100.0, 200.0, 20.0),)
    drawn = picture()
    monkeypatch.setattr(
        link,
        "_on_DrawPage",
        lambda request, body: link.answer(request, m.PageDrawn(drawn, 400, 500, body.page, 4, rects)),
    )
    with qtbot.waitSignal(pane.pages.page_shown):
        show(qtbot, pane, link, paged(), "page 2 of the ticket", PDF)
    assert link.sent_of(m.DrawPage)[-1].page == 2
    assert link.sent_of(m.DrawPage)[-1].quote == "page 2 of the ticket"
    assert pane.page_text() == "page 2 / 4"
    scale = pane.pages.widget().width() / 400
    assert pane.pages.mark_rects()[0].x() == pytest.approx(40 * scale)


def test_the_words_of_a_pdf_stay_in_sight_when_the_pane_widens(pane, qtbot, link, monkeypatch):
    rects = ((40.0, 900.0, 200.0, 20.0),)
    drawn = picture(400, 1200)
    monkeypatch.setattr(
        link,
        "_on_DrawPage",
        lambda request, body: link.answer(request, m.PageDrawn(drawn, 400, 1200, body.page, 4, rects)),
    )
    pane.resize(200, 500)
    with qtbot.waitSignal(pane.pages.page_shown):
        show(qtbot, pane, link, paged(), "page 2 of the ticket", PDF)
    with qtbot.waitSignal(pane.pages.page_shown):
        pane.resize(430, 500)
    pages = pane.pages
    third = pages.viewport().height() / 3

    def is_at_third() -> bool:
        return abs(pages.mark_rects()[0].top() - pages.verticalScrollBar().value() - third) < 3

    qtbot.waitUntil(is_at_third)


def test_a_page_drawn_again_stays_where_the_user_scrolled(pane, qtbot, link):
    link.png = picture(400, 1600)
    with qtbot.waitSignal(pane.pages.page_shown):
        show(qtbot, pane, link, paged(), "page 2 of the ticket", PDF)
    bar = pane.pages.verticalScrollBar()
    bar.triggerAction(QAbstractSlider.SliderAction.SliderPageStepAdd)
    place = bar.value() / pane.pages.widget().height()
    with qtbot.waitSignal(pane.pages.page_shown):
        pane._bar.larger.click()
    qtbot.waitUntil(lambda: abs(bar.value() / pane.pages.widget().height() - place) < 0.02)
    assert place > 0.1


def test_pages_can_be_turned(pane, qtbot, link):
    link.png = picture()
    with qtbot.waitSignal(pane.pages.page_shown):
        show(qtbot, pane, link, paged(), "page 2 of the ticket", PDF)
    with qtbot.waitSignal(pane.pages.page_shown):
        pane._bar.after.click()
    assert (pane.page_text(), link.sent_of(m.DrawPage)[-1].quote) == ("page 3 / 4", "")


def test_a_pdf_can_be_read_as_text(pane, qtbot, link):
    link.png = picture()
    with qtbot.waitSignal(pane.pages.page_shown):
        show(qtbot, pane, link, paged(), "page 2 of the ticket", PDF)
    pane._mode.choose(TEXT)
    assert pane.view.marked_text() == "page 2 of the ticket"
    assert pane.view.isVisibleTo(pane)


def test_a_page_that_cannot_be_drawn_is_shown_as_text(pane, qtbot, link):
    link.errors[m.DrawPage] = NoteUnreadableError(path=PDF, reason="damaged")
    with qtbot.waitSignal(pane.pages.page_failed):
        show(qtbot, pane, link, paged(), "page 2 of the ticket", PDF)
    assert pane.view.isVisibleTo(pane)
    assert pane.view.marked_text() == "page 2 of the ticket"


def test_words_that_cannot_be_marked_on_the_page_are_shown_in_its_text(pane, qtbot, link):
    answer = link._on_DrawPage
    link._on_DrawPage = lambda request, body: link.answer(request, m.PageDrawn(picture(), 400, 500, body.page, 4))
    with qtbot.waitSignal(pane.pages.unmarked):
        show(qtbot, pane, link, paged(), "page 2 of the ticket", PDF)
    assert pane.view.isVisibleTo(pane)
    assert pane.view.marked_text() == "page 2 of the ticket"
    with qtbot.waitSignal(pane.pages.page_shown):
        pane._mode.choose(PAGES)
    assert pane.pages.isVisibleTo(pane)  # who asks for the page gets it
    with qtbot.waitSignal(pane.pages.unmarked):
        show(qtbot, pane, link, paged(), "page 3 of the ticket", PDF)
    assert pane.view.isVisibleTo(pane)
    link._on_DrawPage = answer
    with qtbot.waitSignal(pane.pages.page_shown):
        show(qtbot, pane, link, paged(), "page 2 of the ticket", PDF)
    assert pane.pages.isVisibleTo(pane)  # it was that note's trouble, not the next one's


def test_words_over_two_pages_are_marked_on_both(pane, qtbot, link):
    link.png = picture()
    document = paged()
    quote = document.text[document.pages[1].end - 26 : document.pages[2].start + 14]
    with qtbot.waitSignal(pane.pages.page_shown):
        show(qtbot, pane, link, document, quote, PDF)
    first = link.sent_of(m.DrawPage)[-1]
    with qtbot.waitSignal(pane.pages.page_shown):
        pane._bar.after.click()
    second = link.sent_of(m.DrawPage)[-1]
    assert (first.page, second.page) == (2, 3)
    assert (first.quote, second.quote) == (quote[:26], quote[-14:])
    assert first.around[0].endswith(document.text[document.pages[1].start : document.pages[1].end - 26])
    assert second.around[1].startswith(document.text[document.pages[2].start + 14 : document.pages[2].end])


def test_words_are_found_in_the_note(pane, qtbot, link):
    show(qtbot, pane, link, RICH, "Outbound")
    pane.window().activateWindow()
    pane.view.setFocus()
    qtbot.waitUntil(pane.view.hasFocus)
    qtbot.keyClick(pane.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(pane.find_bar.field, "the")
    assert pane.find_bar.count_text() == "1 of 4"
    qtbot.keyClick(pane.find_bar.field, Qt.Key.Key_Return)
    assert pane.find_bar.count_text() == "2 of 4"
    qtbot.keyClick(pane.find_bar.field, Qt.Key.Key_Escape)
    assert pane.view.marks(MarkKind.FOUND) == []


def test_words_that_are_not_there_are_said_not_to_be(pane, qtbot, link):
    show(qtbot, pane, link, RICH, "Outbound")
    pane._on_find()
    qtbot.keyClicks(pane.find_bar.field, "zebra")
    assert pane.find_bar.count_text() == "Not found"


def test_finding_keeps_offsets_true_where_letters_change_their_length():
    text = "İstanbul and istanbul"
    assert [text[start:end] for start, end in find_all(text, "istanbul")] == ["istanbul"]


def test_images_come_from_the_engine_only(pane, qtbot, link):
    link.held.add(m.ReadNoteImage)
    document = make_document(
        Piece(BlockKind.PARAGRAPH, "A map", spans=((SpanKind.IMAGE, "A map", "http://example.org/map.png"),))
    )
    show(qtbot, pane, link, document, "A map")
    assert link.sent_of(m.ReadNoteImage)[0].target == "http://example.org/map.png"
    height = pane.view.document().size().height()
    link.answer(link.last_id(m.ReadNoteImage), m.NoteImageRead(picture()))
    qtbot.waitUntil(lambda: pane.view.document().size().height() > height + 200)


def test_the_other_passages_of_the_answer_are_offered(pane, qtbot, link):
    pane.set_passages((FLIGHT, STAY))
    with qtbot.waitSignal(pane.shown):
        pane.show_source(FLIGHT)
    assert [row.passage for row in pane.related.rows] == [STAY]
    with qtbot.waitSignal(pane.shown):
        qtbot.mouseClick(pane.related.rows[0], Qt.MouseButton.LeftButton)
    assert [row.passage for row in pane.related.rows] == [FLIGHT]


def test_in_a_low_pane_the_note_comes_before_other_passages(pane, qtbot, link):
    pane.set_passages((FLIGHT, STAY))
    with qtbot.waitSignal(pane.shown):
        pane.show_source(FLIGHT)
    assert pane.related.isVisible()
    pane.resize(430, 420)
    assert not pane.related.isVisible()
    pane.resize(430, 700)
    assert pane.related.isVisible()


def test_a_note_from_elsewhere_offers_no_passages_of_an_answer(pane, qtbot, link):
    pane.set_passages((FLIGHT, STAY))
    show(qtbot, pane, link, RICH, "the key")
    assert pane.related.rows == ()


def test_opening_in_another_program_asks_first_and_once(pane, qtbot, link, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    show(qtbot, pane, link, RICH, "the key")
    pane._head.open.click()
    assert opened == []
    pane.findChild(Question).yes.click()
    pane._head.open.click()
    assert len(opened) == 2


@pytest.mark.parametrize("note", ["run.sh", "virus.exe", "x.desktop", "noending", "a.lnk"])
def test_what_could_be_run_is_never_opened(pane, qtbot, link, monkeypatch, note):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: pytest.fail("opened"))
    show(qtbot, pane, link, RICH, "the key", note)
    pane._head.open.click()
    pane.findChild(Question).yes.click()
    assert "opens only documents" in pane.notice()


def test_closing_is_told(pane, qtbot):
    with qtbot.waitSignal(pane.closed):
        pane._head.close_button.click()


def test_every_control_has_a_name(pane, qtbot, link):
    link.png = picture()
    with qtbot.waitSignal(pane.pages.page_shown):
        show(qtbot, pane, link, paged(), "page 2 of the ticket", PDF)
    nameless = [
        button
        for button in pane.findChildren(QAbstractButton)
        if button.isVisibleTo(pane) and not (button.accessibleName() or button.text())
    ]
    assert nameless == []
