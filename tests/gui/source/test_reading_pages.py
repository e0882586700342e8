"""Pages of a PDF: their size, their number, what is found, chosen and copied on them."""

from __future__ import annotations

import base64

import pytest
from fake_engine import FakeLink
from note_making import Piece, make_document
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from assistant.desktop.source.source_asked import note_source
from assistant.desktop.source.source_find import find_all
from assistant.desktop.source.source_page_text import PageText, pages_of
from assistant.desktop.source.source_pane import SourcePane
from assistant.domain.documents import BlockKind, NoteFormat
from assistant.ipc import engine_messages as m

PDF = "Travel/Tickets.pdf"
LINES = ("The flight leaves on", "3 June. 预算讨", "论在三月。")
"""A page in three lines, ten pixels a character."""

SIZE = (400, 500)


def picture() -> str:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return base64.b64encode(data.data()).decode()


def page_text() -> PageText:
    text, boxes = "", []
    for row, line in enumerate(LINES):
        for column, char in enumerate(line):
            text += char
            boxes.append((20 + 10 * column, 100 + 30 * row, 10, 20))
        text += "\r\n"
        boxes += [(0, 0, 0, 0)] * 2
    return PageText(text, tuple(boxes))


@pytest.fixture
def pane(in_window, ready_client, theme, link: FakeLink) -> SourcePane:
    document = make_document(
        *(Piece(BlockKind.PARAGRAPH, "\n".join(LINES)) for _ in range(4)), format=NoteFormat.PDF, pages=4
    )
    layer = page_text()
    link.documents = {PDF: document}
    drawn = picture()

    def draw(request: int, body: m.DrawPage) -> None:
        assert body.with_text
        link.answer(request, m.PageDrawn(drawn, *SIZE, body.page, 4, (), layer.text, tuple(layer.boxes)))

    link._on_DrawPage = draw
    return in_window(SourcePane(ready_client, theme), 430, 700)


@pytest.fixture
def shown(pane, qtbot) -> SourcePane:
    with qtbot.waitSignal(pane.pages.page_shown):
        pane.show_source(note_source(1, PDF))
    pane.window().activateWindow()
    pane.pages.setFocus()
    qtbot.waitUntil(pane.pages.hasFocus)
    return pane


def at(pane: SourcePane, x: float, y: float) -> QPoint:
    """A point of the sheet, given in pixels of the picture."""
    scale = pane.pages.sheet.width() / SIZE[0]
    return QPointF(x * scale, y * scale).toPoint()


def wheel(pane: SourcePane, down: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    place = QPointF(50, 50)
    view = pane.pages.viewport()
    event = QWheelEvent(
        place, view.mapToGlobal(place), QPoint(), QPoint(0, -down), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def test_keys_make_the_page_larger_and_smaller_and_fit_it(shown, qtbot):
    fit = shown.pages.sheet.width()
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(shown.pages, Qt.Key.Key_Plus, control)
    assert shown.pages.sheet.width() == pytest.approx(fit * 1.25, abs=2)
    qtbot.keyClick(shown.pages, Qt.Key.Key_0, control)
    assert shown.pages.sheet.width() == fit
    qtbot.keyClick(shown.pages, Qt.Key.Key_Minus, control)
    assert shown.pages.sheet.width() == pytest.approx(fit / 1.25, abs=2)
    shown._bar.fit.click()
    assert shown.pages.sheet.width() == fit


def test_the_wheel_with_control_makes_the_page_larger(shown):
    fit = shown.pages.sheet.width()
    wheel(shown, -120, Qt.KeyboardModifier.ControlModifier)
    assert shown.pages.sheet.width() > fit


def test_the_wheel_turns_the_page_at_its_end_and_only_one(shown, qtbot):
    shown.pages.verticalScrollBar().setValue(shown.pages.verticalScrollBar().maximum())
    with qtbot.waitSignal(shown.pages.page_shown):
        wheel(shown, 120)
    wheel(shown, 120)
    qtbot.wait(20)
    assert shown.page_text() == "page 2 / 4"


def test_a_page_is_gone_to_by_its_number(shown, qtbot, link):
    shown._bar.field.setFocus()
    shown._bar.field.selectAll()
    with qtbot.waitSignal(shown.pages.page_shown):
        qtbot.keyClicks(shown._bar.field, "3")
        qtbot.keyClick(shown._bar.field, Qt.Key.Key_Return)
    assert (shown.page_text(), link.sent_of(m.DrawPage)[-1].page) == ("page 3 / 4", 3)
    shown._bar.field.selectAll()
    with qtbot.waitSignal(shown.pages.page_shown):
        qtbot.keyClicks(shown._bar.field, "99")
        qtbot.keyClick(shown._bar.field, Qt.Key.Key_Return)
    assert shown.page_text() == "page 4 / 4"


def test_keys_turn_pages(shown, qtbot):
    for key, page in ((Qt.Key.Key_Right, 2), (Qt.Key.Key_Left, 1)):
        with qtbot.waitSignal(shown.pages.page_shown):
            qtbot.keyClick(shown.pages, key)
        assert shown.pages.page == page
    with qtbot.waitSignal(shown.pages.page_shown):
        qtbot.keyClick(shown.pages, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert shown.pages.page == 4


def test_the_way_back_leads_to_the_page(shown, qtbot, link):
    with qtbot.waitSignal(shown.pages.page_shown):
        shown.paging.go_to(3)
    with qtbot.waitSignal(shown.shown):
        shown.show_source(note_source(1, "Other.md"))
    with qtbot.waitSignal(shown.pages.page_shown):
        shown.go(-1)
    qtbot.waitUntil(lambda: shown.page_text() == "page 3 / 4")


# ---- finding -------------------------------------------------------------------------------------------------------------


def test_words_are_found_on_the_pages_and_marked_there(shown, qtbot):
    shown._on_find()
    with qtbot.waitSignal(shown.pages.page_shown):
        qtbot.keyClicks(shown.find_bar.field, "flight")
        qtbot.keyClick(shown.find_bar.field, Qt.Key.Key_Return)
    assert shown.find_bar.count_text() == "2 of 4"
    assert (shown.page_text(), shown.pages.isVisible()) == ("page 2 / 4", True)
    (rect,) = shown.pages.sheet.found_rects(0)
    scale = shown.pages.sheet.width() / SIZE[0]
    assert rect.getRect() == pytest.approx((60 * scale, 100 * scale, 60 * scale, 20 * scale))
    shown.find_bar.close_bar()
    assert shown.pages.sheet.found_rects(0) == []


def test_chinese_words_are_found_over_the_end_of_a_line(shown, qtbot):
    shown._on_find()
    shown.find_bar.field.setText("预算讨论")
    assert shown.find_bar.count_text() == "1 of 4"
    assert len(shown.pages.sheet.found_rects(0)) == 2


def test_finding_goes_on_in_the_text_of_the_pages(shown, qtbot):
    shown._on_find()
    shown.find_bar.field.setText("leaves on 3 June")
    assert shown.find_bar.count_text() == "1 of 4"
    shown._mode.choose(1)
    assert shown.find_bar.count_text() == "1 of 4"
    assert shown.view.isVisible()


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("a flight\nleaves", "Flight leaves", ["flight\nleaves"]),
        ("预\n算 预算", "预算", ["预\n算", "预算"]),
        ("walk\u00ad\r\ning", "walking", ["walk\u00ad\r\ning"]),
        ("he re", "here", []),
        ("a.b axb", "a.b", ["a.b"]),
        ("anything", "  ", []),
    ],
)
def test_the_lines_of_a_page_do_not_part_what_belongs_together(text: str, wanted: str, found: list[str]):
    assert [text[start:end] for start, end in find_all(text, wanted, over_lines=True)] == found


def test_finds_are_counted_page_by_page():
    assert pages_of([0, 10, 20], [(1, 2), (5, 6), (21, 22), (25, 26)]) == [(0, 0), (0, 1), (2, 0), (2, 1)]
    assert pages_of([0], []) == []


# ---- choosing and copying ------------------------------------------------------------------------------------------------


def drag(qtbot, pane: SourcePane, start: QPoint, end: QPoint) -> None:
    sheet = pane.pages.sheet
    qtbot.mousePress(sheet, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(sheet, end)
    move = (end + start) / 2
    for point in (move, end):
        from PySide6.QtGui import QMouseEvent

        event = QMouseEvent(
            QMouseEvent.Type.MouseMove, QPointF(point), sheet.mapToGlobal(QPointF(point)), Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(sheet, event)
    qtbot.mouseRelease(sheet, Qt.MouseButton.LeftButton, pos=end)


def test_words_are_chosen_by_dragging_and_copied(shown, qtbot):
    drag(qtbot, shown, at(shown, 61, 110), at(shown, 88, 140))
    assert shown.pages.chosen_words() == "flight leaves on\n3 June."
    assert len(shown.pages.sheet.chosen_rects()) == 2
    qtbot.keyClick(shown.pages, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "flight leaves on\n3 June."


def test_a_double_click_chooses_a_word_and_a_click_nothing(shown, qtbot):
    qtbot.mouseDClick(shown.pages.sheet, Qt.MouseButton.LeftButton, pos=at(shown, 75, 110))
    assert shown.pages.chosen_words() == "flight"
    qtbot.mouseClick(shown.pages.sheet, Qt.MouseButton.LeftButton, pos=at(shown, 75, 110))
    assert shown.pages.chosen_words() == ""


def test_another_page_has_nothing_chosen(shown, qtbot, link):
    qtbot.keyClick(shown.pages, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert "三月" in shown.pages.chosen_words()
    link._on_DrawPage = lambda request, body: link.answer(
        request, m.PageDrawn(picture(), *SIZE, body.page, 4, (), "x", ((5, 5, 9, 9),))
    )
    with qtbot.waitSignal(shown.pages.page_shown):
        shown.pages.turn(1)
    assert shown.pages.chosen_words() == ""


def test_a_word_that_is_divided_is_copied_whole():
    layer = PageText("walk\u00ad\r\ning on", tuple((10 * n, 0, 10, 10) for n in range(13)))
    assert layer.words(0, 13) == "walking on"


def test_a_page_in_the_dark_is_paper_and_not_a_lamp(shown, theme):
    sheet = shown.pages.sheet
    middle = sheet.rect().center()
    assert sheet.grab().toImage().pixelColor(middle).lightness() == 255
    theme.choose("dark", 1.0)
    assert 200 < sheet.grab().toImage().pixelColor(middle).lightness() < 245
