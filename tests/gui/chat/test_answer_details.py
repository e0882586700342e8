"""On demand an answer tells what it was made from, by which model, and how long each step took."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FakeLink, sample_answer
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from assistant.desktop.chat.chat_turn import TurnView
from assistant.desktop.chat.chat_words import step_lines
from assistant.desktop.chat.quote_card import QuoteCard
from assistant.domain.answers import Answer, Timings, Turn, TurnState

TIMES = Timings(
    search_s=0.21,
    quote_s=0.08,
    load_s=1.5,
    prompt_s=0.9,
    first_token_s=0.44,
    write_s=2.0,
    prompt_tokens=1_812,
    cached_tokens=400,
    completion_tokens=118,
)


@pytest.fixture
def turn(in_window, theme, link: FakeLink) -> TurnView:
    view = in_window(TurnView(theme, "When?"), 680, 900)
    view.set_turn(
        Turn(1, 1, "When?", replace(sample_answer(), timings=TIMES, model="SmolLM2 135M"), TurnState.DONE, 0.0)
    )
    view.set_last(True)
    return view


def test_every_step_is_told_with_its_time_and_its_tokens():
    lines = dict(step_lines(Answer(timings=TIMES, model="SmolLM2 135M")))
    assert lines == {
        "Searching your notes": "0.2 s",
        "Choosing the quote": "0.1 s",
        "Loading the model": "1.5 s",
        "Reading the passages": "0.9 s · 1,812 tokens, 400 of them remembered",
        "First word": "0.4 s",
        "Writing": "2.0 s · 118 tokens · 59 tokens/s",
        "Written by": "SmolLM2 135M",
    }


def test_steps_that_did_not_run_are_not_told():
    assert step_lines(Answer()) == []


def test_details_are_opened_and_closed_by_key(turn, qtbot):
    button = turn.actions_row.buttons["summary"]
    assert button.accessibleName() == "Details: 2 passages · first word 0.4 s · 59 tokens/s"
    before = len(turn.findChildren(QuoteCard))
    qtbot.keyClick(button, Qt.Key.Key_Space)
    texts = [label.text() for label in turn.findChildren(QLabel)]
    assert "Passages used" in texts
    cards = turn.findChildren(QuoteCard)
    assert len(cards) == before + 2
    assert "page 2" in cards[-1].accessibleName()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(turn.findChildren(QuoteCard)) == before)


def test_a_passage_of_the_details_opens_its_place(turn, qtbot):
    turn.actions_row.buttons["summary"].click()
    card = turn.findChildren(QuoteCard)[-1]
    with qtbot.waitSignal(turn.source_chosen) as chosen:
        card.click()
    assert chosen.args == [turn.passages[-1]]
