"""What the chat does with little room: suggested questions of two lines, a long title, sources of the same name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FLIGHT, citation

from assistant.desktop.chat.chat_empty import EmptyChat
from assistant.desktop.chat.chat_header import ChatHeader
from assistant.desktop.chat.chat_pane import ChatPane
from assistant.desktop.chat.chat_words import citation_lines
from assistant.desktop.chat.quote_card import QuoteCard
from assistant.domain.answers import Citation, Conversation
from assistant.domain.library import FolderInfo, FolderState
from assistant.ipc import engine_messages as m

SHORT = "When does the flight leave?"
LONG = "What was the pressure of the boiler after the service in October, and who wrote it down in the book beside it?"


@pytest.mark.parametrize("size", [(420, 600), (420, 480), (420, 330)])
def test_every_suggested_question_has_its_lines_and_its_margins(in_window, qtbot, theme, size):
    empty = EmptyChat(theme)
    empty.set_library(20, has_folders=True)
    empty.set_questions([SHORT, LONG, SHORT, LONG])
    in_window(empty, *size)
    line, margins = theme.px(21), theme.px(20)
    heights = [line + margins, 2 * line + margins] * 2

    def are_whole() -> bool:
        """Those that have no room are left out; how many depends on the letters of this machine."""
        shown = [button.height() for button in empty.buttons if button.isVisible()]
        return len(shown) >= 3 and shown == heights[: len(shown)]

    qtbot.waitUntil(are_whole)


def test_gaps_between_suggested_questions_are_even(in_window, theme):
    empty = EmptyChat(theme)
    empty.set_library(20, has_folders=True)
    empty.set_questions([SHORT, LONG, SHORT, LONG])
    in_window(empty, 420, 600)
    empty.resize(430, 620)
    theme.changed.emit()
    boxes = [button.geometry() for button in empty.buttons]
    gaps = {boxes[row + 1].top() - boxes[row].bottom() - 1 for row in range(3)}
    assert gaps == {theme.px(8)}


def test_every_passage_of_a_refusal_shows_its_place(in_window, qtbot, ready_client, link, theme):
    pane = ChatPane(ready_client, theme)
    in_window(pane, 720, 700)
    pane.set_library_state(link.counts, link.folders)
    passages = tuple(replace(FLIGHT, text=f"{LONG} " * count) for count in (3, 2, 1))
    link.held.add(m.Ask)
    pane.ask("What is the capital of Mongolia?")
    conversation = Conversation(9, "Q", 0, 0)
    link.answer(link.last_id(m.Ask), m.TurnStarted(conversation, 90), last=False)
    link.answer(link.last_id(m.Ask), m.EvidenceFound(None, passages, weak=True), last=False)
    qtbot.waitUntil(lambda: len(pane.findChildren(QuoteCard)) == 3)
    for width in (720, 460, 620):
        pane.resize(width, 700)
        cards = pane.findChildren(QuoteCard)
        qtbot.waitUntil(lambda cards=cards: all(card.height() == card.height_for(card.width()) for card in cards))


@pytest.fixture
def header(in_window, theme) -> ChatHeader:
    made = ChatHeader(theme)
    made.set_folders([FolderInfo(1, "/home/ada/Notes", "Notes", FolderState.WATCHING, 5, 5, 0)])
    made.set_model("smollm2", "SmolLM2 135M")
    return in_window(made, 900, 47)


def test_with_room_the_model_says_where_it_runs(header):
    header.title.set_text("A short title")
    assert header.model.text() == "SmolLM2 135M · on this machine"


def test_the_model_says_less_before_the_title_is_cut(header):
    header.title.set_text("When does our flight to Lisbon leave?")
    header.resize(520, 47)
    assert header.model.text() == "SmolLM2 135M"
    assert "on this machine" in header.model.accessibleName()
    header.resize(900, 47)
    assert header.model.text() == "SmolLM2 135M · on this machine"


def test_a_model_that_is_elsewhere_says_so_at_every_width(header):
    header.set_model("large", "Large 70B", "cellar.local")
    header.title.set_text("When does our flight to Lisbon leave, and is the hotel paid?")
    header.resize(400, 47)
    assert "cellar.local" in header.model.text()


def cited(number: int, note: str, page: int | None = None, heading: str = "") -> Citation:
    made = citation(number, "A sentence.", FLIGHT)
    return replace(made, note=note, page=page, heading_path=(heading,) if heading else ())


def test_a_source_is_told_by_file_and_page():
    assert citation_lines([cited(1, "Travel/Tickets.pdf", 2)]) == ["Tickets.pdf · page 2"]


def test_sources_of_the_same_name_are_told_apart_by_their_folders():
    sources = [cited(1, "Work/Notes.md"), cited(2, "House/Notes.md"), cited(3, "Travel/Plan.md")]
    assert citation_lines(sources) == ["Work › Notes.md", "House › Notes.md", "Plan.md"]


def test_two_places_of_one_note_are_told_apart_by_their_headings():
    sources = [cited(1, "Travel/Plan.md", heading="Flight"), cited(2, "Travel/Plan.md", heading="Hotel")]
    assert citation_lines(sources) == ["Plan.md · Flight", "Plan.md · Hotel"]
