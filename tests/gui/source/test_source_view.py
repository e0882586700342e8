"""A Document on the page: what is marked is what was quoted, wherever it stands."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from note_making import RICH, Piece, make_document
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractSlider, QWidget

from assistant.desktop.markdown.markdown_view import MarkKind
from assistant.desktop.source.source_view import MOST_SLICES, SourceView
from assistant.domain.documents import Block, BlockKind, Document, NoteFormat, Span, SpanKind


@pytest.fixture
def view(in_window, theme) -> SourceView:
    return in_window(SourceView(theme), 430, 700)


def show(qtbot, view: SourceView, document: Document, quote: str = "") -> None:
    start = document.text.find(quote) if quote else -1
    view.show_document(document, start, start + len(quote))
    qtbot.waitUntil(lambda: not view.is_growing)


@pytest.mark.parametrize(
    "quote",
    [
        "The flight leaves at 07:45 😀 from terminal 2.",
        "Arrive two hours early.",
        "Outbound",
        "late arrival has been announced",
        "the key is in the box",
        "Breakfast until eleven.\nSecond line of it.",
        "瓷砖博物馆",
        "def nights(a, b):\n    return (b - a).days",
        "钥匙在盒子里",
    ],
)
def test_the_marked_words_are_the_quote(view, qtbot, quote):
    show(qtbot, view, RICH, quote)
    assert view.marked_text() == quote


def test_a_quote_over_several_blocks_is_marked_in_all_of_them(view, qtbot):
    quote = "box\n\nBreakfast until eleven.\nSecond"
    show(qtbot, view, RICH, quote)
    assert view.marked_text() == quote.replace("\n\n", "")


def test_a_table_row_is_marked_cell_by_cell(view, qtbot):
    show(qtbot, view, RICH, "Tue\t瓷砖博物馆\t€8")
    marks = [view.text_between(mark.start, mark.end) for mark in view.marks(MarkKind.QUOTE)]
    assert marks == ["Tue", "瓷砖博物馆", "€8"]


def test_plain_text_without_blocks_is_shown_line_by_line(view, qtbot):
    show(qtbot, view, Document("one\n\ntwo words\nthree", NoteFormat.TEXT), "two words")
    assert view.marked_text() == "two words"
    assert view.document().toPlainText().split("\n") == ["one", "two words", "three"]


def test_text_that_no_block_claims_is_shown_too(view, qtbot):
    document = Document("left out\nkept", NoteFormat.TEXT, blocks=(Block(BlockKind.PARAGRAPH, 9, 13),))
    show(qtbot, view, document)
    assert view.document().toPlainText() == "left out\nkept"


def test_a_note_that_begins_with_a_rule_is_shown(view, qtbot):
    """Its first block is empty, and nothing stands before it. Front matter that is no YAML begins with one."""
    text = "title: broken\n\nThe note."
    blocks = (Block(BlockKind.RULE, 0, 0), Block(BlockKind.HEADING, 0, 13, level=2), Block(BlockKind.PARAGRAPH, 15, 24))
    view.show_document(Document(text, format=NoteFormat.MARKDOWN, blocks=blocks))
    assert "title: broken\nThe note." in view.document().toPlainText()


def test_the_quote_stands_at_a_third_of_the_height(view, qtbot):
    lines = [Piece(BlockKind.PARAGRAPH, f"Paragraph number {n}.") for n in range(200)]
    show(qtbot, view, make_document(*lines), "Paragraph number 120.")
    mark = view.marks(MarkKind.QUOTE)[0]
    top = view.rects_of(mark.start, mark.end)[0].top() - view.verticalScrollBar().value()
    assert abs(top - view.viewport().height() / 3) < 4


def distance_from_third(view: SourceView) -> float:
    mark = view.marks(MarkKind.QUOTE)[0]
    top = view.rects_of(mark.start, mark.end)[0].top() - view.verticalScrollBar().value()
    return abs(top - view.viewport().height() / 3)


LONG_LINES = [Piece(BlockKind.PARAGRAPH, f"Paragraph number {n}. " + "words " * (n % 40)) for n in range(300)]


def test_the_quote_stays_at_a_third_when_the_pane_opens_late(qtbot, theme):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 700)
    window.show()
    view = SourceView(theme, window)
    view.resize(40, 30)
    show(qtbot, view, make_document(*LONG_LINES[:80]), "Paragraph number 50.")
    assert view.is_complete
    for width in (90, 260, 430):
        view.resize(width, 640)
        view.show()
        qtbot.wait(1)
    qtbot.waitUntil(lambda: distance_from_third(view) < 4)


def test_the_quote_stays_at_a_third_when_the_window_changes(view, qtbot):
    show(qtbot, view, make_document(*LONG_LINES), "Paragraph number 150.")
    for size in ((300, 700), (560, 300), (430, 500)):
        view.resize(*size)
        qtbot.waitUntil(lambda: distance_from_third(view) < 4)


def test_a_scroll_that_is_not_the_users_is_taken_back(view, qtbot):
    show(qtbot, view, make_document(*LONG_LINES[:80]), "Paragraph number 50.")
    assert view.is_complete
    view.verticalScrollBar().setValue(0)
    qtbot.waitUntil(lambda: distance_from_third(view) < 4)


def test_once_the_user_scrolls_the_page_stays_where_he_left_it(view, qtbot):
    show(qtbot, view, make_document(*LONG_LINES), "Paragraph number 150.")
    bar = view.verticalScrollBar()
    bar.triggerAction(QAbstractSlider.SliderAction.SliderPageStepAdd)
    qtbot.waitUntil(lambda: not view.is_growing)
    place = bar.value()
    view.resize(view.width(), view.height() - 40)
    qtbot.wait(20)
    assert bar.value() == place
    assert distance_from_third(view) > 100


def test_a_large_note_is_drawn_only_around_the_quote(view, qtbot):
    lines = [Piece(BlockKind.PARAGRAPH, f"Paragraph number {n}. " + "words " * 60) for n in range(3_000)]
    document = make_document(*lines)
    show(qtbot, view, document, "Paragraph number 1500.")
    assert view.marked_text() == "Paragraph number 1500."
    assert view.document().characterCount() < len(document.text) // 5


def test_a_large_note_can_be_read_to_both_ends(view, qtbot):
    lines = [Piece(BlockKind.PARAGRAPH, f"Paragraph number {n}. " + "words " * 40) for n in range(900)]
    show(qtbot, view, make_document(*lines), "Paragraph number 450.")
    bar = view.verticalScrollBar()
    for place, words in ((0, "Paragraph number 0."), (1, "Paragraph number 899.")):
        for _ in range(60):
            view._let_go()
            bar.setValue(bar.maximum() * place)
            qtbot.waitUntil(lambda: not view.is_growing)
            assert view._last - view._first <= MOST_SLICES
            if words in view.document().toPlainText():
                break
        assert words in view.document().toPlainText()


def test_what_is_read_does_not_move_while_more_is_drawn_above(view, qtbot):
    lines = [Piece(BlockKind.PARAGRAPH, f"Paragraph number {n}. " + "words " * 40) for n in range(400)]
    document = make_document(*lines)
    view.show_document(
        document, document.text.find("Paragraph number 200."), document.text.find("Paragraph number 201.")
    )
    view._let_go()
    before = view.top_offset()
    first = view._first
    qtbot.waitUntil(lambda: not view.is_growing)
    assert view._first < first
    assert abs(view.top_offset() - before) < 120


def test_a_line_of_a_megabyte_is_shown_at_its_place(view, qtbot):
    text = "x" * 500_000 + " needle in hay " + "y" * 500_000
    show(qtbot, view, Document(text, NoteFormat.TEXT), "needle in hay")
    assert view.marked_text() == "needle in hay"


def test_found_words_are_marked_and_the_current_one_apart(view, qtbot):
    show(qtbot, view, RICH)
    found = [(at, at + 3) for at in range(len(RICH.text)) if RICH.text.startswith("the", at)]
    view.set_found(found, 1)
    assert [view.text_between(m.start, m.end) for m in view.marks(MarkKind.FOUND)] == ["the"] * (len(found) - 1)
    assert len(view.marks(MarkKind.FOUND_HERE)) == 1


def test_links_only_tell_their_target(view, qtbot):
    show(qtbot, view, RICH, "the site")
    mark = view.marks(MarkKind.QUOTE)[0]
    place = view.rects_of(mark.start, mark.end)[0].center().toPoint()
    place.setY(place.y() - view.verticalScrollBar().value())
    with qtbot.waitSignal(view.link_chosen) as chosen:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["http://example.org/"]


def test_an_image_is_asked_for_by_signal_and_shown_when_it_comes(view, qtbot):
    document = make_document(
        Piece(BlockKind.PARAGRAPH, "A map of it", spans=((SpanKind.IMAGE, "A map of it", "file:///etc/passwd"),)),
        Piece(BlockKind.PARAGRAPH, "After it."),
    )
    with qtbot.waitSignal(view.image_wanted) as wanted:
        view.show_document(document, document.text.find("After"), document.text.find("After") + 5)
    assert wanted.args == ["file:///etc/passwd"]
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    height = view.document().size().height()
    view.set_image("file:///etc/passwd", image)
    assert view.document().size().height() > height + 50
    assert view.marked_text() == "After"


def test_an_image_is_never_shown_in_the_place_of_another(view):
    gap = [Piece(BlockKind.PARAGRAPH, f"Line {number}. " + "Words. " * 40) for number in range(400)]
    one, two = (
        Piece(BlockKind.PARAGRAPH, name, spans=((SpanKind.IMAGE, name, f"{name}.png"),)) for name in ("one", "two")
    )
    document = make_document(one, *gap, two, Piece(BlockKind.PARAGRAPH, "After it."))
    view.show_document(document, -1, -1)
    red = QImage(200, 100, QImage.Format.Format_RGB32)
    red.fill(0xFF0000)
    view.set_image("one.png", red)
    after = document.text.find("After it")
    view.show_document(document, -1, -1, top=after)
    shown = view.document().size().height()
    view.set_image("one.png", red)  # was asked for by the first drawing
    assert view.document().size().height() == shown
    assert [view.loadResource(2, f"note-image:{number}").size() for number in range(2)].count(red.size()) == 0
    view.set_image("two.png", red)
    assert view.document().size().height() > shown + 50


def test_an_image_that_stands_twice_is_shown_twice(view):
    piece = Piece(BlockKind.PARAGRAPH, "one", spans=((SpanKind.IMAGE, "one", "one.png"),))
    view.show_document(make_document(piece, Piece(BlockKind.PARAGRAPH, "Between."), piece), -1, -1)
    height = view.document().size().height()
    view.set_image("one.png", QImage(200, 100, QImage.Format.Format_RGB32))
    assert view.document().size().height() > height + 150


def test_a_change_of_theme_keeps_the_mark(view, qtbot, theme):
    show(qtbot, view, RICH, "the key is in the box")
    theme.choose("dark", 1.3)
    view.redraw()
    assert view.marked_text() == "the key is in the box"


BLOCKS = st.lists(
    st.tuples(
        st.sampled_from([k for k in BlockKind if k is not BlockKind.RULE]),
        st.text(alphabet="ab 重。😀\n\t-", min_size=1, max_size=30).filter(lambda text: text.strip() != ""),
        st.integers(0, 3),
        st.text(alphabet="\n x", max_size=3),
    ),
    min_size=1,
    max_size=8,
)
SPANS = st.lists(
    st.tuples(
        st.sampled_from([k for k in SpanKind if k is not SpanKind.CELL]), st.integers(0, 200), st.integers(1, 20)
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BLOCKS, SPANS, st.data())
def test_every_character_of_any_document_stands_where_the_map_says(view, blocks, spans, data):
    text, made = "", []
    for kind, words, level, gap in blocks:
        made.append(Block(kind, len(text), len(text) + len(words), level=level, marker="•"))
        text += words + gap
    found = tuple(Span(kind, at % len(text), min(len(text), at % len(text) + size), "t") for kind, at, size in spans)
    view.show_document(Document(text, NoteFormat.TEXT, blocks=tuple(made), spans=found))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    shown = "".join(view.text_between(*where) for where in view.offsets.ranges(start, end))
    assert "".join(shown.split()) == "".join(text[start:end].split())
