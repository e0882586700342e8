"""A conversation of hundreds of turns: asked for in pages, built one by one, kept small, and left where the reader is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FLIGHT, FakeLink
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from assistant.desktop.chat.chat_pane import ChatPane
from assistant.desktop.chat.chat_turn import TurnView
from assistant.desktop.chat.turn_order import PAGE_TURNS
from assistant.domain.answers import Answer, Turn, TurnState
from assistant.domain.errors import StoreUnavailableError
from assistant.ipc import engine_messages as m


def turn(number: int, words: int = 60) -> Turn:
    answer = Answer(text=f"Answer {number}. " + "Some words. " * words)
    return Turn(number, 3, f"Question {number}", answer, TurnState.DONE, 0.0, parent_id=number - 1, siblings=(number,))


@pytest.fixture
def pane(in_window, ready_client, link: FakeLink, theme) -> ChatPane:
    made = ChatPane(ready_client, theme)
    in_window(made, 720, 500)
    made.set_model("smollm2-135m", "SmolLM2 135M")
    made.set_library_state(link.counts, link.folders)
    link.turns = {3: tuple(turn(number) for number in range(1, 301))}
    link.branches = {150: link.turns[3]}
    return made


def questions(pane: ChatPane) -> list[int]:
    return [int(view.question.split()[1]) for view in pane.column.views]


def is_settled(pane: ChatPane) -> bool:
    column = pane.column
    return not (column._more.isActive() or column._unfilled or column._removal.isActive() or pane._client.is_waiting)


def open_chat(pane: ChatPane, qtbot, at_turn: int = 0) -> None:
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3, at_turn)
    qtbot.waitUntil(lambda: is_settled(pane))


def test_only_a_page_is_asked_for(pane, qtbot, link):
    open_chat(pane, qtbot)
    assert link.sent_of(m.OpenConversation) == [m.OpenConversation(3, PAGE_TURNS)]
    asked = [one for sent in link.sent_of(m.GetTurns) for one in sent.turn_ids]
    assert len(asked) <= 2 * PAGE_TURNS
    assert len(pane.column.views) + pane.column.waiting == 300


def test_one_turn_is_made_in_a_round_of_the_event_loop(pane, qtbot, link, monkeypatch):
    made: list[int] = []
    rounds = [0]
    clock = QTimer(pane)
    clock.timeout.connect(lambda: rounds.__setitem__(0, rounds[0] + 1))
    make = ChatPane._make_view

    def counted(self: ChatPane, question: str) -> TurnView:
        made.append(rounds[0])
        return make(self, question)

    monkeypatch.setattr(ChatPane, "_make_view", counted)
    clock.start(0)
    link.turns[3] = tuple(turn(number, words=5) for number in range(1, 101))
    open_chat(pane, qtbot)
    assert len(made) >= 5
    assert len(set(made)) == len(made), "two turns were made between two looks of another timer"


def test_turns_far_from_the_reader_are_taken_away_and_come_back(pane, qtbot):
    open_chat(pane, qtbot)
    bar = pane.column.verticalScrollBar()
    for _ in range(9):
        bar.setValue(bar.value() - 700)
        QApplication.processEvents()
        qtbot.waitUntil(lambda: is_settled(pane))
    shown = questions(pane)
    assert shown[-1] < 300, "the newest ones are far below"
    assert len(shown) < 20
    assert shown == list(range(shown[0], shown[-1] + 1))
    assert len(shown) + pane.column.waiting == 300
    for _ in range(9):
        bar.setValue(bar.value() + 700)
        QApplication.processEvents()
        qtbot.waitUntil(lambda: is_settled(pane))
    assert questions(pane)[-1] == 300
    assert bar.value() == bar.maximum()


def test_what_is_read_stays_while_turns_come_and_go_above(pane, qtbot):
    open_chat(pane, qtbot)
    bar = pane.column.verticalScrollBar()
    for _ in range(10):
        bar.setValue(bar.value() - 150)
        top = next(view for view in pane.column.views if view.y() + view.height() > bar.value())
        place = top.y() - bar.value()
        qtbot.waitUntil(lambda: is_settled(pane))
        assert abs(top.y() - bar.value() - place) < 4


def test_a_thumb_that_was_given_is_there_when_the_turn_comes_back(pane, qtbot):
    open_chat(pane, qtbot)
    pane.column.views[-1].give_feedback(1)
    pane.column.views[-1].close_panel()
    pane.column.go_to_bottom()
    stored = pane.column.views[-1].stored()
    assert stored is not None
    assert stored.feedback == 1


def test_the_button_leads_from_the_middle_to_the_newest_turn(pane, qtbot):
    open_chat(pane, qtbot, 150)
    assert questions(pane)[0] < 150 < questions(pane)[-1] < 300
    pane.column._down.click()
    qtbot.waitUntil(lambda: is_settled(pane) and bool(pane.column.views))
    assert questions(pane)[-1] == 300
    bar = pane.column.verticalScrollBar()
    assert bar.value() == bar.maximum()


def test_follow_ups_are_asked_for_the_last_turn_when_it_has_come(pane, qtbot, link):
    last = replace(link.turns[3][-1], answer=replace(link.turns[3][-1].answer, passages=(FLIGHT,)))
    link.branches[150] = (*link.turns[3][:-1], last)
    open_chat(pane, qtbot, 150)
    assert link.sent_of(m.SuggestFollowUps) == []
    pane.column.go_to_bottom()
    qtbot.waitUntil(lambda: [sent.turn_id for sent in link.sent_of(m.SuggestFollowUps)] == [300])


def test_a_question_asked_in_the_middle_goes_to_the_end(pane, qtbot, link):
    open_chat(pane, qtbot, 150)
    with qtbot.waitSignal(pane.stopped):
        pane.ask("And now?")
    assert link.sent_of(m.Ask)[-1].after_turn == 300
    qtbot.waitUntil(lambda: is_settled(pane))
    assert [view.question for view in pane.column.views][-2:] == ["Question 300", "And now?"]


def test_a_page_that_could_not_be_read_is_asked_for_again(pane, qtbot, link):
    link.errors[m.GetTurns] = StoreUnavailableError(store="conversations", reason="busy")
    open_chat(pane, qtbot)
    bar = pane.column.verticalScrollBar()
    bar.setValue(0)
    qtbot.waitUntil(lambda: is_settled(pane))
    first = questions(pane)[0]
    link.errors.clear()
    bar.setValue(1)
    bar.setValue(0)
    qtbot.waitUntil(lambda: questions(pane)[0] < first)


def test_a_chat_is_where_the_reader_left_it(pane, qtbot, link):
    open_chat(pane, qtbot, 150)
    bar = pane.column.verticalScrollBar()
    bar.setValue(bar.value() + 700)
    qtbot.waitUntil(lambda: is_settled(pane))
    kept = pane.column.place()
    assert kept is not None
    pane.new_chat()
    open_chat(pane, qtbot)
    assert link.sent_of(m.OpenConversation)[-1].at_turn == kept[0]
    assert pane.column.place() == pytest.approx(kept, abs=4)


def test_a_chat_left_at_its_end_opens_at_its_end(pane, qtbot):
    open_chat(pane, qtbot)
    pane.new_chat()
    open_chat(pane, qtbot)
    bar = pane.column.verticalScrollBar()
    assert questions(pane)[-1] == 300
    assert bar.value() == bar.maximum() > 0
