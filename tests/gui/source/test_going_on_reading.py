"""A note goes on where it was left, unless somebody asks for a place in it."""

from __future__ import annotations

import pytest
from fake_engine import FakeLink
from note_making import Piece, make_citation, make_document

from assistant.desktop.source.source_asked import note_source
from assistant.desktop.source.source_history import MOST_PLACES, History
from assistant.desktop.source.source_pane import SourcePane
from assistant.domain.documents import BlockKind

LONG, OTHER = "Travel/Lisbon.md", "Travel/Packing.md"
DOCUMENT = make_document(
    Piece(BlockKind.HEADING, "Lisbon", level=1),
    *(Piece(BlockKind.PARAGRAPH, f"Line {n} of the trip.") for n in range(80)),
    Piece(BlockKind.HEADING, "Home", level=1),
    *(Piece(BlockKind.PARAGRAPH, f"Line {n} of the way home.") for n in range(80)),
)


@pytest.fixture
def pane(in_window, ready_client, theme, link: FakeLink) -> SourcePane:
    link.documents = {LONG: DOCUMENT, OTHER: make_document(Piece(BlockKind.PARAGRAPH, "Shirts."))}
    return in_window(SourcePane(ready_client, theme), 430, 700)


def opened(qtbot, pane: SourcePane, note: str, heading: str = "") -> None:
    with qtbot.waitSignal(pane.shown):
        pane.visit(note_source(1, note), heading)
    qtbot.waitUntil(lambda: not pane.view.is_growing)


def top_line(pane: SourcePane) -> str:
    start = pane.view.top_offset()
    return DOCUMENT.text[start:].split("\n", 1)[0]


@pytest.fixture
def left(pane, qtbot) -> str:
    """The note was scrolled and left for another; what stood at its top."""
    line = scrolled(qtbot, pane)
    opened(qtbot, pane, OTHER)
    return line


def scrolled(qtbot, pane: SourcePane) -> str:
    opened(qtbot, pane, LONG)
    bar = pane.view.verticalScrollBar()
    bar.setSliderPosition(bar.maximum() // 4)
    bar.triggerAction(bar.SliderAction.SliderSingleStepAdd)
    line = top_line(pane)
    assert line.startswith("Line ")
    return line


def test_a_note_that_is_opened_again_goes_on_where_it_was_left(pane, qtbot, left):
    opened(qtbot, pane, LONG)
    assert top_line(pane) == left


def test_it_does_so_after_the_pane_was_emptied(pane, qtbot):
    left = scrolled(qtbot, pane)
    pane.clear()
    opened(qtbot, pane, LONG)
    assert top_line(pane) == left
    assert not pane.history.can_go_back


def test_the_note_that_is_open_stays_where_it_is(pane, qtbot, left):
    opened(qtbot, pane, LONG)
    opened(qtbot, pane, LONG)
    assert top_line(pane) == left


def test_a_citation_and_a_heading_open_at_their_own_place(pane, qtbot, left):
    with qtbot.waitSignal(pane.shown):
        pane.show_source(make_citation(DOCUMENT, "Line 2 of the trip."))
    assert top_line(pane) != left
    assert pane.view.marked_text() == "Line 2 of the trip."
    opened(qtbot, pane, OTHER)
    opened(qtbot, pane, LONG, "Home")
    assert top_line(pane) in {"Line 79 of the trip.", "Home"}


def test_only_so_many_places_are_kept():
    history = History()
    for number in range(MOST_PLACES + 1):
        history.visit(note_source(1, f"{number}.md"))
        history.remember(number + 1)
    for number, offset in ((0, -1), (1, 2), (MOST_PLACES, MOST_PLACES + 1)):
        history.visit(note_source(1, f"{number}.md"))
        assert history.current is not None and history.current.offset == offset


# ---- a note that is forgotten ------------------------------------------------------------------------------------------


def test_a_forgotten_note_is_shown_no_more_and_no_way_leads_back(pane, qtbot, left):
    opened(qtbot, pane, LONG)
    pane.forget_note(1, LONG)
    assert "Lisbon" not in pane.view.toPlainText()
    assert "trip" not in pane.view.toPlainText()
    opened(qtbot, pane, OTHER)
    assert not pane.history.can_go_back
    opened(qtbot, pane, LONG)
    assert top_line(pane) == "Lisbon"  # from its beginning, not from where it was left


def test_forgetting_another_note_leaves_the_open_one_and_drops_the_way_to_it(pane, qtbot, left):
    opened(qtbot, pane, LONG)
    pane.forget_note(1, OTHER)
    assert "trip" in pane.view.toPlainText()
    assert not pane.history.can_go_back or pane.history._visits[0].source.note == LONG
    assert all(visit.source.note == LONG for visit in pane.history._visits)
