"""Branches are switched at their turn, drafts stay with their chat, and chips offer what to ask next."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FakeLink, sample_answer
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from assistant.desktop.chat.chat_pane import ChatPane
from assistant.desktop.chat.drafts import PAUSE_MS
from assistant.domain.answers import Answer, Turn, TurnState
from assistant.domain.errors import StoreUnavailableError
from assistant.ipc import engine_messages as m


@pytest.fixture
def pane(qtbot, in_window, ready_client, link: FakeLink, theme) -> ChatPane:
    made = ChatPane(ready_client, theme)
    in_window(made, 720, 700)
    made.set_model("smollm2-135m", "SmolLM2 135M")
    made.set_library_state(link.counts, link.folders)
    settle(qtbot, ready_client)
    return made


def turn(number: int, parent: int = 0, question: str = "", siblings: tuple[int, ...] = (), text: str = "") -> Turn:
    return Turn(
        number,
        3,
        question or f"Question {number}",
        Answer(text=text or f"Answer {number}."),
        TurnState.DONE,
        0.0,
        parent_id=parent,
        siblings=siblings or (number,),
    )


ONE = turn(1)
FIRST = (ONE, turn(2, 1, siblings=(2, 4)), turn(3, 2))
SECOND = (ONE, turn(4, 1, "Question 2 b", siblings=(2, 4)))


@pytest.fixture
def forked(pane, qtbot, link) -> ChatPane:
    """A conversation whose second question was edited; the edited one is shown."""
    link.turns = {3: SECOND}
    link.branches = {2: FIRST, 4: SECOND}
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    qtbot.waitUntil(lambda: [view.turn for view in pane.column.views] == list(SECOND))
    return pane


def questions(pane: ChatPane) -> list[str]:
    return [view.question for view in pane.column.views]


def last(pane: ChatPane):
    return pane.column.views[-1]


def settle(qtbot, client) -> None:
    qtbot.waitUntil(lambda: not client.is_waiting)


def test_a_turn_with_branches_says_which_one_is_shown(forked):
    first, second = (view.branches for view in forked.column.views)
    assert first.isHidden()
    assert second.isVisible()
    assert second.text == "2 / 2"
    assert second.accessibleName() == "Branch 2 of 2"
    assert second.before.accessibleName() == "Branch before"
    assert not second.after.isEnabled()


def test_the_keys_switch_to_another_branch_and_back(forked, qtbot, link):
    forked.window().activateWindow()
    arrow = last(forked).branches.before
    arrow.setFocus()
    qtbot.waitUntil(arrow.hasFocus)
    kept = forked.column.views[0]
    qtbot.keyClick(arrow, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: questions(forked) == ["Question 1", "Question 2", "Question 3"])
    assert [sent.turn_id for sent in link.sent_of(m.ChooseBranch)] == [2]
    assert forked.column.views[0] is kept, "what is above stays as it is"
    after = forked.column.views[1].branches.after
    qtbot.waitUntil(after.hasFocus)
    qtbot.keyClick(after, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: questions(forked) == ["Question 1", "Question 2 b"])


def test_the_next_question_follows_the_branch_that_is_shown(forked, qtbot, link):
    last(forked).branches.before.click()
    qtbot.waitUntil(lambda: len(questions(forked)) == 3)
    with qtbot.waitSignal(forked.stopped):
        forked.ask("And then?")
    sent = link.sent_of(m.Ask)[-1]
    assert (sent.conversation_id, sent.replace_turn, sent.after_turn) == (3, 0, 3)


def test_an_earlier_question_can_be_edited_and_begins_a_branch(forked, qtbot, link):
    first = forked.column.views[0]
    first.actions_row.buttons["edit"].click()
    forked.set_draft("Question 1 b")
    with qtbot.waitSignal(forked.stopped):
        qtbot.keyClick(forked.composer.edit, Qt.Key.Key_Return)
    assert link.sent_of(m.Ask)[-1].replace_turn == 1
    assert questions(forked) == ["Question 1 b"]
    assert last(forked).branches.text == "2 / 2"


def test_while_an_answer_is_made_nothing_can_be_made_again_or_switched(forked, qtbot, link):
    link.held.add(m.Ask)
    forked.ask("When?")
    before = forked.column.views[1]
    assert not before.actions_row.buttons["again"].isEnabled()
    assert not before.branches.before.isEnabled()
    with qtbot.waitSignal(forked.stopped):
        link.answer(link.last_id(m.Ask), m.Answered(turn(9, 4, "When?")))
    assert before.actions_row.buttons["again"].isEnabled()
    assert before.branches.before.isEnabled()


def test_a_long_branch_is_built_only_where_it_is_read(forked, qtbot, link):
    long = [ONE, turn(2, 1, siblings=(2, 4), text="Words. " * 200)]
    long += [turn(number, number - 1, text="Words. " * 200) for number in range(5, 300)]
    link.branches[2] = tuple(long)
    last(forked).branches.before.click()
    qtbot.waitUntil(lambda: len(questions(forked)) > 2)
    QApplication.processEvents()
    assert len(questions(forked)) < 15
    assert len(questions(forked)) + forked.column.waiting == len(long)
    assert questions(forked)[:2] == ["Question 1", "Question 2"]
    forked.column.go_to_bottom()
    qtbot.waitUntil(lambda: bool(forked.column.views) and last(forked).question == "Question 299")
    assert len(questions(forked)) + forked.column.waiting == len(long)


def test_a_turn_that_was_found_is_shown_at_the_top(pane, qtbot, link):
    many = tuple(turn(number, number - 1, text="Words. " * 150) for number in range(1, 101))
    link.branches[50] = many
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3, 50)
    found = next(view for view in pane.column.views if view.question == "Question 50")
    bar = pane.column.verticalScrollBar()
    qtbot.waitUntil(lambda: pane.column.views[0].question != "Question 50" and bar.value() > 0)
    qtbot.waitUntil(lambda: abs(found.y() - bar.value()) < 60)
    assert len(pane.column.views) < 20


# ---- drafts ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_soon_after_typing_and_comes_back_with_its_chat(pane, qtbot, link):
    qtbot.keyClicks(pane.composer.edit, "Half a")
    assert link.sent_of(m.SaveDraft) == []
    qtbot.waitUntil(lambda: link.drafts == {0: "Half a"}, timeout=PAUSE_MS * 5)
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    assert pane.draft() == ""
    pane.set_draft("Of Lisbon")
    pane.new_chat()
    assert pane.draft() == "Half a"
    assert link.drafts == {0: "Half a", 3: "Of Lisbon"}
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    assert pane.draft() == "Of Lisbon"


def test_drafts_of_the_last_run_are_there_after_a_start(in_window, client, qtbot, link, theme):
    link.drafts = {0: "From before", 3: "Of Lisbon"}
    made = ChatPane(client, theme)
    in_window(made, 720, 700)
    with qtbot.waitSignal(client.welcomed):
        client.start()
    qtbot.waitUntil(lambda: made.draft() == "From before")
    with qtbot.waitSignal(made.conversation_changed):
        made.open_conversation(3)
    assert made.draft() == "Of Lisbon"


@pytest.mark.parametrize(
    ("stored", "typed", "both"),
    [
        ("From before", "New words", "From before\nNew words"),
        ("From before", "", "From before"),
        ("", "New words", "New words"),
        ("When do", "When do we fly?", "When do we fly?"),
    ],
)
def test_what_is_typed_before_the_engine_is_there_goes_below_what_it_knows(
    in_window, client, qtbot, link, theme, stored, typed, both
):
    link.drafts = {0: stored}
    made = ChatPane(client, theme)
    in_window(made, 720, 700)
    made.set_draft(typed)
    with qtbot.waitSignal(client.welcomed):
        client.start()
    settle(qtbot, client)
    assert made.draft() == both
    qtbot.waitUntil(lambda: link.drafts == {0: both}, timeout=PAUSE_MS * 5)


@pytest.fixture
def typed_at_a_start(in_window, client, qtbot, theme):
    """A pane in which something was typed before the engine was there. expected: the chat that was open the last time."""

    def make(words: str, expected: int) -> ChatPane:
        made = ChatPane(client, theme)
        in_window(made, 720, 700)
        made.expect(expected)
        qtbot.keyClicks(made.composer.edit, words)
        return made

    return make


@pytest.fixture
def engine_comes(client, qtbot):
    def come() -> None:
        with qtbot.waitSignal(client.welcomed):
            client.start()

    return come


def test_what_is_typed_at_a_start_is_meant_for_the_chat_of_the_last_time(
    typed_at_a_start, engine_comes, client, qtbot, link
):
    link.drafts = {0: "Of a new one", 3: "Of Lisbon"}
    made = typed_at_a_start("and back", 3)
    engine_comes()
    made.open_conversation(3)
    settle(qtbot, client)
    assert made.draft() == "Of Lisbon\nand back"
    made.drafts.save()
    made.new_chat()
    assert made.draft() == "Of a new one"
    assert link.drafts == {0: "Of a new one", 3: "Of Lisbon\nand back"}


def test_what_is_typed_at_a_start_goes_to_the_first_chat_that_is_opened(
    typed_at_a_start, engine_comes, client, qtbot, link
):
    link.drafts = {2: "Of bread", 3: "Of Lisbon"}
    made = typed_at_a_start("and back", 3)
    engine_comes()
    made.open_conversation(3)
    made.open_conversation(2)  # the other one is not waited for
    settle(qtbot, client)
    assert made.conversation_id == 2
    assert made.draft() == "Of bread\nand back"
    made.open_conversation(3)
    settle(qtbot, client)
    assert made.draft() == "Of Lisbon"


def test_what_is_typed_for_a_chat_that_is_gone_stays_in_the_input(typed_at_a_start, engine_comes, client, qtbot, link):
    link.drafts = {0: "Of a new one"}
    made = typed_at_a_start("and back", 999)
    engine_comes()
    with qtbot.waitSignal(made.failed):
        made.open_conversation(999)
    settle(qtbot, client)
    assert made.draft() == "Of a new one\nand back"
    qtbot.waitUntil(lambda: link.drafts == {0: "Of a new one\nand back"}, timeout=PAUSE_MS * 5)


def test_a_question_sent_at_a_start_begins_a_chat_and_leaves_the_drafts(typed_at_a_start, client, qtbot, link):
    link.drafts = {3: "Of Lisbon"}
    made = typed_at_a_start("When do we fly?", 3)
    qtbot.keyClick(made.composer.edit, Qt.Key.Key_Return)
    assert made.is_answering
    assert link.sent_of(m.Ask) == []
    with qtbot.waitSignal(made.stopped):
        client.start()
    settle(qtbot, client)
    assert [(ask.question, ask.conversation_id) for ask in link.sent_of(m.Ask)] == [("When do we fly?", 0)]
    assert link.drafts[3] == "Of Lisbon"


def test_asking_clears_the_draft(pane, qtbot, link):
    pane.set_draft("When do we fly?")
    pane.drafts.save()
    with qtbot.waitSignal(pane.stopped):
        qtbot.keyClick(pane.composer.edit, Qt.Key.Key_Return)
    pane.drafts.save()
    assert link.drafts[0] == ""


def test_words_typed_while_a_first_answer_is_made_stay_with_its_chat(pane, qtbot, link):
    link.pace_ms = 2
    pane.ask("When do we fly?")
    pane.set_draft("And back?")
    qtbot.waitUntil(lambda: pane.conversation_id > 0)
    pane.drafts.save()
    assert link.drafts == {0: "", pane.conversation_id: "And back?"}
    qtbot.waitUntil(lambda: not pane.is_answering)
    pane.new_chat()
    assert pane.draft() == ""


def test_what_was_written_before_an_edit_comes_back(forked, qtbot, link):
    forked.set_draft("My next question")
    last(forked).actions_row.buttons["edit"].click()
    assert forked.draft() == "Question 2 b"
    qtbot.keyClick(forked.composer.edit, Qt.Key.Key_Escape)
    assert forked.draft() == "My next question"
    last(forked).actions_row.buttons["edit"].click()
    with qtbot.waitSignal(forked.stopped):
        qtbot.keyClick(forked.composer.edit, Qt.Key.Key_Return)
    assert forked.draft() == "My next question"


def test_a_restored_backup_takes_no_drafts_of_other_chats(pane, qtbot, link, ready_client):
    pane.set_draft("Words")
    ready_client.finished.emit(1, m.BackupRestored(link.backups[0], link.backups[1]))
    assert pane.drafts.of(0) == ""


# ---- what to ask next ------------------------------------------------------------------------------------------------


def test_chips_offer_what_to_ask_next_and_ask_it(pane, qtbot, link):
    link.follow_ups = ("What does “Lisbon” say about Hotel?", "A & B?")
    with qtbot.waitSignal(pane.stopped):
        pane.ask("When do we fly?")
    qtbot.waitUntil(lambda: len(pane.follow_ups.chips) == 2)
    assert pane.follow_ups.isVisible()
    assert [chip.accessibleName() for chip in pane.follow_ups.chips] == list(link.follow_ups)
    link.held.add(m.Ask)
    qtbot.mouseClick(pane.follow_ups.chips[1], Qt.MouseButton.LeftButton)
    assert link.sent_of(m.Ask)[-1].question == "A & B?"
    assert pane.follow_ups.chips == ()


def test_nothing_is_asked_for_before_the_answer_has_ended(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.ask("When?")
    link.answer(link.last_id(m.Ask), m.TextAdded("Words"), last=False)
    qtbot.waitUntil(lambda: last(pane).answer.markdown == "Words")
    assert link.sent_of(m.SuggestFollowUps) == []


def test_a_new_question_gives_up_what_was_to_be_suggested(pane, qtbot, link):
    link.held.add(m.SuggestFollowUps)
    with qtbot.waitSignal(pane.stopped):
        pane.ask("When?")
    waiting = link.last_id(m.SuggestFollowUps)
    link.held.add(m.Ask)
    pane.ask("And then?")
    assert waiting in link.cancelled
    link.answer(waiting, m.QuestionsSuggested(("Late?",)))
    QApplication.processEvents()
    assert pane.follow_ups.chips == ()


def test_an_opened_chat_offers_what_to_ask_next(pane, qtbot, link):
    link.follow_ups = ("And the hotel?",)
    link.turns = {3: (replace(turn(7), answer=sample_answer()),)}
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    qtbot.waitUntil(lambda: [chip.question for chip in pane.follow_ups.chips] == ["And the hotel?"])
    assert link.sent_of(m.SuggestFollowUps) == [m.SuggestFollowUps(7)]
    pane.new_chat()
    assert pane.follow_ups.chips == ()


# ---- thumbs ----------------------------------------------------------------------------------------------------------


def test_why_an_answer_was_not_helpful_is_sent_and_shown(pane, qtbot, link):
    with qtbot.waitSignal(pane.stopped):
        pane.ask("When?")
    view = last(pane)
    view.actions_row.buttons["bad"].click()
    panel = view.panel
    assert panel is not None
    assert panel.isVisible()
    panel.button("wrong-passage").click()
    qtbot.keyClicks(panel.words, "It is about trains.")
    qtbot.keyClick(panel.words, Qt.Key.Key_Return)
    assert link.sent_of(m.SetFeedback) == [
        m.SetFeedback(view.turn_id, -1),
        m.SetFeedback(view.turn_id, -1, ("wrong-passage",), "It is about trains."),
    ]
    assert view.panel is None
    assert view.actions_row.buttons["why"].accessibleName() == "Your reason: Wrong passage · It is about trains."
    view.actions_row.buttons["bad"].click()
    assert link.sent_of(m.SetFeedback)[-1] == m.SetFeedback(view.turn_id, 0)
    assert view.actions_row.buttons["why"].isHidden()


def test_a_reason_is_shown_again_and_can_be_changed(pane, qtbot, link):
    link.turns = {3: (replace(turn(7), feedback=-1, feedback_reasons=("incomplete",), feedback_text="Short."),)}
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    view = last(pane)
    assert view.actions_row.buttons["why"].text() == "Incomplete · Short."
    view.actions_row.buttons["why"].click()
    assert view.panel.reasons() == ("incomplete",)
    assert view.panel.words.text() == "Short."
    view.panel.button("incomplete").click()
    view.panel.done.click()
    assert link.sent_of(m.SetFeedback) == [m.SetFeedback(7, -1, (), "Short.")]


def test_escape_leaves_the_reasons_and_keeps_the_thumb(pane, qtbot, link):
    with qtbot.waitSignal(pane.stopped):
        pane.ask("When?")
    view = last(pane)
    view.actions_row.buttons["good"].click()
    assert list(view.panel._buttons) == [], "only what was wrong has reasons to choose from"
    qtbot.keyClick(view.panel.words, Qt.Key.Key_Escape)
    assert view.panel is None
    assert [sent.feedback for sent in link.sent_of(m.SetFeedback)] == [1]


def test_short_turns_are_built_until_they_fill_the_window(pane, qtbot, link):
    link.turns = {3: tuple(turn(number, number - 1) for number in range(1, 501))}
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    bar = pane.column.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > pane.column.viewport().height() // 2)
    assert len(pane.column.views) < 30
    assert bar.value() == bar.maximum()


def test_an_edit_ends_when_another_branch_takes_its_question_out_of_sight(forked, qtbot, link):
    last(forked).actions_row.buttons["edit"].click()
    forked.set_draft("Question 2 c")
    last(forked).branches.before.click()
    qtbot.waitUntil(lambda: len(questions(forked)) == 3)
    assert forked.editing.replaced is None
    with qtbot.waitSignal(forked.stopped):
        qtbot.keyClick(forked.composer.edit, Qt.Key.Key_Return)
    sent = link.sent_of(m.Ask)[-1]
    assert (sent.question, sent.replace_turn, sent.after_turn) == ("Question 2 c", 0, 3)


# ---- answers that another window asked for ---------------------------------------------------------------------------


@pytest.fixture
def foreign(pane, qtbot, link) -> ChatPane:
    """A chat whose last answer is being written for another window."""
    link.turns = {3: (ONE, replace(turn(2, 1, text=" "), state=TurnState.RUNNING))}
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    link.turns = {3: (ONE, turn(2, 1, text="It is done."))}
    return pane


def answer_shown(pane: ChatPane) -> str:
    return last(pane).answer.markdown if pane.column.views else ""


def test_an_answer_of_another_window_is_shown_when_it_is_done(foreign, qtbot, ready_client):
    ready_client.finished.emit(99, m.Answered(turn(2, 1, text="It is done.")))
    qtbot.waitUntil(lambda: answer_shown(foreign) == "It is done.")


def test_one_that_fails_elsewhere_is_shown_as_it_is_kept(foreign, qtbot, ready_client):
    ready_client.failed.emit(99, StoreUnavailableError(store="catalog", reason="damaged"))
    qtbot.waitUntil(lambda: answer_shown(foreign) == "It is done.")


def test_a_chat_with_such_an_answer_is_read_anew_when_it_is_chosen_again(foreign, qtbot):
    foreign.open_conversation(3)
    qtbot.waitUntil(lambda: answer_shown(foreign) == "It is done.")


def test_an_engine_that_was_started_anew_is_asked_what_became_of_it(foreign, qtbot, ready_client):
    ready_client.say_hello()
    qtbot.waitUntil(lambda: answer_shown(foreign) == "It is done.")


# ---- clearing --------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_not_kept_over_clearing(pane, qtbot, ready_client, link):
    pane.composer.edit.setPlainText("my secret question")
    qtbot.waitUntil(lambda: link.sent_of(m.SaveDraft) != [])
    already = len(link.sent_of(m.SaveDraft))
    ready_client.send(m.ClearData("everything"))
    settle(qtbot, ready_client)
    ready_client.say_hello()
    settle(qtbot, ready_client)
    qtbot.wait(PAUSE_MS + 100)
    assert pane.draft() == ""
    assert not any("secret" in body.text for body in link.sent_of(m.SaveDraft)[already:])


def test_clearing_the_index_leaves_what_is_typed(pane, qtbot, ready_client):
    pane.composer.edit.setPlainText("my question")
    ready_client.send(m.ClearData("index"))
    settle(qtbot, ready_client)
    assert pane.draft() == "my question"
