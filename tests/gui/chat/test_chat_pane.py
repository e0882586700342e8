"""The chat from question to sources, against a scripted engine and real signals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FLIGHT, QUOTE, QUOTE_FOUND, SENTENCES, STAY, FakeLink, sample_answer
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from assistant.desktop.chat.chat_pane import ChatPane
from assistant.desktop.chat.quote_card import QuoteCard, SourceButton
from assistant.desktop.common.links import LinkQuestion, is_web_address
from assistant.desktop.markdown.markdown_view import MarkKind
from assistant.domain.answers import Answer, Conversation, Turn, TurnState
from assistant.domain.errors import ModelUnavailableError, ProcessDiedError
from assistant.domain.library import LibraryCounts
from assistant.ipc import engine_messages as m


@pytest.fixture
def pane(in_window, ready_client, link: FakeLink, theme) -> ChatPane:
    made = ChatPane(ready_client, theme)
    in_window(made, 720, 700)
    made.set_model("smollm2-135m", "SmolLM2 135M")
    made.set_library_state(link.counts, link.folders)
    return made


def ask(qtbot, pane: ChatPane, question: str = "When do we fly?") -> None:
    with qtbot.waitSignal(pane.stopped):
        pane.ask(question)


def texts(pane: ChatPane) -> str:
    """Every label that is to be seen."""
    return "\n".join(label.text() for label in pane.findChildren(QLabel) if label.isVisibleTo(pane))


def last(pane: ChatPane):
    return pane.column.views[-1]


def events(link: FakeLink, *bodies: object) -> None:
    for body in bodies:
        link.answer(link.last_id(m.Ask), body, last=False)


def test_a_question_brings_an_answer_with_its_sources(pane, qtbot):
    ask(qtbot, pane)
    shown = last(pane).answer.document().toPlainText()
    assert "Your flight to Lisbon leaves on 3 June at 07:45" in shown
    assert "One sentence is not in your notes." in texts(pane)
    assert len(last(pane).answer.marks(MarkKind.CHIP)) == 2


def test_the_quote_is_there_before_the_first_word(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.ask("When?")
    events(link, m.TurnStarted(Conversation(9, "When?", 0, 0), 90), m.EvidenceFound(QUOTE_FOUND, (FLIGHT, STAY)))
    qtbot.waitUntil(lambda: any(card.quote_text == QUOTE for card in pane.findChildren(QuoteCard)))
    assert last(pane).answer.markdown == ""
    assert pane.is_answering


def test_how_much_was_left_out_is_said(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.ask("When?")
    events(link, m.TurnStarted(Conversation(9, "When?", 0, 0), 90), m.EvidenceFound(QUOTE_FOUND, (FLIGHT, STAY)))
    ended = Turn(90, 9, "When?", Answer(quote=QUOTE_FOUND, left_out=2), TurnState.DONE, 0.0)
    link.answer(link.last_id(m.Ask), m.Answered(ended))
    qtbot.waitUntil(
        lambda: "The model wrote 2 sentences that your notes do not prove; they are left out." in texts(pane)
    )


def test_words_are_shown_as_they_stream(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.ask("When?")
    events(link, m.TextAdded("The flight "), m.TextAdded("leaves at **seven**"))
    qtbot.waitUntil(lambda: last(pane).answer.document().toPlainText() == "The flight leaves at seven")


def test_what_is_happening_is_said_in_the_input(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.ask("When?")
    assert pane.composer.status() == "Searching your notes"
    events(link, m.PhaseChanged("loading", 1, 4))
    qtbot.waitUntil(lambda: pane.composer.status() == "Loading the model")
    events(link, m.PhaseChanged("reading", 100, 812, 6))
    qtbot.waitUntil(lambda: pane.composer.status() == "Reading 6 passages")
    events(link, m.PhaseChanged("writing"))
    qtbot.waitUntil(lambda: pane.composer.status() == "Writing")


def test_stop_ends_the_answer_and_keeps_what_is_written(pane, qtbot, link):
    link.pace_ms = 5
    with qtbot.waitSignal(pane.stopped):
        pane.ask("When?")
        qtbot.waitUntil(lambda: bool(last(pane).answer.markdown))
        qtbot.mouseClick(pane.composer.button, Qt.MouseButton.LeftButton)
    assert link.cancelled == [link.last_id(m.Ask)]
    assert last(pane).turn.state is TurnState.STOPPED
    assert "Stopped." in texts(pane)
    assert not pane.composer.is_busy


def test_escape_stops_too(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.window().activateWindow()
    pane.focus_question()
    pane.ask("When?")
    qtbot.waitUntil(pane.composer.edit.hasFocus)
    qtbot.keyClick(pane.composer.edit, Qt.Key.Key_Escape)
    assert link.cancelled == [link.last_id(m.Ask)]


def test_the_conversation_is_told_once_it_is_stored(pane, qtbot):
    with qtbot.waitSignals([pane.conversation_changed, pane.title_changed]):
        pane.ask("When do we fly?")
    assert pane.conversation_id > 0
    assert pane.header.title.text() == "When do we fly?"


def test_the_next_question_goes_to_the_same_conversation(pane, qtbot, link):
    ask(qtbot, pane)
    ask(qtbot, pane, "And the hotel?")
    assert link.sent_of(m.Ask)[-1].conversation_id == pane.conversation_id
    assert len(pane.column.views) == 2


def test_a_chip_opens_its_own_source(pane, qtbot):
    ask(qtbot, pane)
    with qtbot.waitSignals([pane.passages_changed, pane.source_requested]):
        last(pane).answer.citation_chosen.emit(2)
    with qtbot.waitSignal(pane.source_requested) as asked:
        last(pane).answer.citation_chosen.emit(2)
    assert asked.args[0].quote == STAY.text


def test_the_quote_card_and_the_source_line_open_the_note(pane, qtbot):
    ask(qtbot, pane)
    card = next(card for card in pane.findChildren(QuoteCard) if card.quote_text == QUOTE)
    with qtbot.waitSignal(pane.source_requested) as asked:
        qtbot.keyClick(card, Qt.Key.Key_Return)
    assert asked.args[0] == QUOTE_FOUND
    second = [button for button in pane.findChildren(SourceButton) if not button.isHidden()][1]
    with qtbot.waitSignal(pane.source_requested) as asked:
        qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert asked.args[0].number == 2


def test_a_second_quote_has_its_own_card_and_opens_its_own_place(pane, qtbot, link):
    elsewhere = replace(QUOTE_FOUND, text="Elsewhere it says so too.", start=900, end=925, marks=())
    link.answer_made = Answer(quote=replace(QUOTE_FOUND, second=elsewhere), passages=(FLIGHT, STAY))
    ask(qtbot, pane)

    def cards() -> list[QuoteCard]:
        return [card for card in last(pane).findChildren(QuoteCard) if card.isVisibleTo(pane)]

    qtbot.waitUntil(lambda: [card.quote_text for card in cards()] == [QUOTE, elsewhere.text])
    with qtbot.waitSignal(pane.source_requested) as asked:
        qtbot.keyClick(cards()[1], Qt.Key.Key_Return)
    assert asked.args[0] == elsewhere


def test_a_refusal_shows_the_nearest_passages(pane, qtbot, link):
    link.answer_made = Answer(refused=True, passages=(FLIGHT, STAY))
    ask(qtbot, pane)
    assert "Your notes do not seem to say. These come closest:" in texts(pane)
    assert [card.quote_text for card in last(pane).findChildren(QuoteCard) if card.isVisibleTo(pane)] == [
        FLIGHT.text,
        STAY.text,
    ]


def test_a_failure_says_what_happened_and_what_to_do(pane, qtbot, link):
    link.errors[m.Ask] = ModelUnavailableError(model="")
    ask(qtbot, pane)
    said = texts(pane)
    assert "There is no model to write answers yet." in said
    assert "Search and the quotes from your notes still work." in said
    assert not pane.composer.is_busy


def test_a_failure_keeps_the_partial_answer_that_comes_with_it(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.ask("When?")
    turn = Turn(5, 9, "When?", Answer(text="The flight leaves"), TurnState.FAILED, 0.0, error="process-died")
    error = m.ErrorMessage("process-died", "", {"process": "model", "exit_code": -6})
    with qtbot.waitSignal(pane.stopped):
        link.answer(link.last_id(m.Ask), m.Failed(error, turn))
    assert last(pane).answer.document().toPlainText() == "The flight leaves"
    assert "The model stopped unexpectedly." in texts(pane)


def test_the_death_of_the_engine_keeps_the_words_and_asking_again_works(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.ask("When?")
    events(link, m.TextAdded("The flight leaves at"))
    qtbot.waitUntil(lambda: last(pane).answer.markdown != "")
    with qtbot.waitSignal(pane.stopped):
        link.die()
    assert last(pane).answer.document().toPlainText() == "The flight leaves at"
    assert "Your notes and chats are safe." in texts(pane)
    link.held.clear()
    link.come_back()
    ask(qtbot, pane, "And now?")
    assert SENTENCES[0] in last(pane).answer.markdown


def test_a_question_sent_while_the_engine_restarts_is_answered_by_the_next_one(pane, qtbot, link):
    link.die()
    qtbot.waitUntil(lambda: not pane._client.is_ready)
    pane.ask("When?")
    assert link.sent_of(m.Ask) == []
    assert pane.is_answering
    assert "Waiting for the engine to start" in texts(pane)
    with qtbot.waitSignal(pane.stopped):
        link.come_back()
    assert [sent.question for sent in link.sent_of(m.Ask)] == ["When?"]
    assert SENTENCES[0] in last(pane).answer.markdown


def test_a_question_that_the_dying_engine_never_took_is_asked_again(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.ask("When?")
    link.die()
    qtbot.waitUntil(lambda: "Waiting for the engine to start" in texts(pane))
    link.held.clear()
    with qtbot.waitSignal(pane.stopped):
        link.come_back()
    assert len(link.sent_of(m.Ask)) == 2
    assert SENTENCES[0] in last(pane).answer.markdown
    assert len(pane.column.views) == 1


def test_a_waiting_question_can_be_stopped_and_ends_when_the_engine_is_given_up(pane, qtbot, link):
    link.die()
    qtbot.waitUntil(lambda: not pane._client.is_ready)
    pane.ask("When?")
    with qtbot.waitSignal(pane.stopped):
        pane.stop()
    assert not pane.is_answering
    pane.ask("And now?")
    with qtbot.waitSignal(pane.stopped):
        link.health("engine", "broken", 5)
    assert "Your notes and chats are safe." in texts(pane)
    link.come_back()
    qtbot.waitUntil(lambda: pane._client.is_ready)
    assert link.sent_of(m.Ask) == []


UNSENT = "Your question was not sent. Here it is again."


@pytest.fixture
def waiting(pane, qtbot, link) -> ChatPane:
    """The chat with a question that waits for the engine to come back."""
    link.die()
    qtbot.waitUntil(lambda: not pane._client.is_ready)
    pane.ask("When?")
    return pane


def test_a_waiting_question_left_behind_comes_back_to_the_input_when_the_engine_is_given_up(waiting, qtbot, link):
    waiting.new_chat()
    waiting.set_draft("My own words")
    with qtbot.waitSignal(waiting.stopped):
        link.health("engine", "broken", 5)
    assert waiting.draft() == "My own words\nWhen?"
    assert UNSENT in texts(waiting)
    waiting.set_draft("")
    assert UNSENT not in texts(waiting)


def test_a_waiting_question_left_behind_comes_back_to_the_input_when_it_is_stopped(waiting, qtbot):
    waiting.new_chat()
    with qtbot.waitSignal(waiting.stopped):
        qtbot.mouseClick(waiting.composer.button, Qt.MouseButton.LeftButton)
    assert waiting.draft() == "When?"
    assert UNSENT in texts(waiting)
    assert not waiting.composer.is_busy


def test_a_question_that_was_not_sent_comes_along_when_its_chat_is_left(waiting, qtbot, link):
    with qtbot.waitSignal(waiting.stopped):
        link.health("engine", "broken", 5)
    assert waiting.draft() == ""
    waiting.new_chat()
    assert waiting.draft() == "When?"
    assert UNSENT in texts(waiting)


def test_a_question_asked_again_after_it_was_not_sent_is_not_kept_twice(waiting, qtbot, link):
    with qtbot.waitSignal(waiting.stopped):
        waiting.stop()
    link.come_back()
    qtbot.waitUntil(lambda: waiting._client.is_ready)
    with qtbot.waitSignal(waiting.stopped):
        last(waiting).regenerate_asked.emit()
    waiting.new_chat()
    assert waiting.draft() == ""


def test_a_waiting_question_goes_to_its_own_chat_while_another_is_read(waiting, qtbot, link):
    with qtbot.waitSignal(waiting.conversation_changed):
        waiting.open_conversation(3)
    with qtbot.waitSignal(waiting.stopped):
        link.come_back()
    assert [(sent.question, sent.conversation_id) for sent in link.sent_of(m.Ask)] == [("When?", 0)]
    assert waiting.conversation_id == 3
    assert waiting.draft() == ""


def test_a_waiting_question_is_there_when_its_chat_is_opened_again(pane, qtbot, link):
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    link.die()
    qtbot.waitUntil(lambda: not pane._client.is_ready)
    pane.ask("When?")
    pane.new_chat()
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    assert [view.question for view in pane.column.views] == ["When?"]
    with qtbot.waitSignal(pane.stopped):
        link.come_back()
    assert SENTENCES[0] in last(pane).answer.markdown


def test_a_new_answer_that_was_not_begun_still_takes_the_place_of_the_old_one(pane, qtbot, link):
    ask(qtbot, pane)
    turn_id = last(pane).turn_id
    link.die()
    qtbot.waitUntil(lambda: not pane._client.is_ready)
    last(pane).regenerate_asked.emit()
    with qtbot.waitSignal(pane.stopped):
        pane.stop()
    link.come_back()
    qtbot.waitUntil(lambda: pane._client.is_ready)
    with qtbot.waitSignal(pane.stopped):
        last(pane).regenerate_asked.emit()
    assert link.sent_of(m.Ask)[-1].replace_turn == turn_id


def test_late_words_of_a_dead_answer_are_dropped(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.ask("When?")
    dead = link.last_id(m.Ask)
    events(link, m.TurnStarted(Conversation(9, "When?", 0, 0), 90))
    with qtbot.waitSignal(pane.stopped):
        link.fail(dead, ProcessDiedError(process="engine", exit_code=-9))
    link.answer(dead, m.TextAdded("ghost"), last=False)
    QApplication.processEvents()
    assert last(pane).answer.markdown == ""


def test_regenerate_puts_a_new_answer_in_the_place_of_the_last(pane, qtbot, link):
    ask(qtbot, pane)
    turn_id = last(pane).turn_id
    with qtbot.waitSignal(pane.stopped):
        last(pane).regenerate_asked.emit()
    assert link.sent_of(m.Ask)[-1].replace_turn == turn_id
    assert len(pane.column.views) == 1


def test_an_edited_question_replaces_the_turn(pane, qtbot, link):
    ask(qtbot, pane)
    turn_id = last(pane).turn_id
    last(pane).edit_asked.emit("When do we fly?")
    assert pane.draft() == "When do we fly?"
    pane.set_draft("When do we fly back?")
    with qtbot.waitSignal(pane.stopped):
        qtbot.keyClick(pane.composer.edit, Qt.Key.Key_Return)
    sent = link.sent_of(m.Ask)[-1]
    assert (sent.question, sent.replace_turn) == ("When do we fly back?", turn_id)
    assert len(pane.column.views) == 1


def test_editing_can_be_given_up(pane, qtbot, link):
    ask(qtbot, pane)
    last(pane).edit_asked.emit("When do we fly?")
    qtbot.keyClick(pane.composer.edit, Qt.Key.Key_Escape)
    pane.set_draft("")
    ask(qtbot, pane, "Something else")
    assert link.sent_of(m.Ask)[-1].replace_turn == 0


def test_copy_takes_the_answer_with_its_sources(pane, qtbot):
    ask(qtbot, pane)
    last(pane).actions_row.buttons["copy"].click()
    copied = QApplication.clipboard().text()
    assert "terminal 2. [1]" in copied
    assert f"[2] Tickets and hotel.pdf · page 2 · Hotel: “{STAY.text}”" in copied


def test_feedback_is_sent_and_can_be_taken_back(pane, qtbot, link):
    ask(qtbot, pane)
    last(pane).actions_row.buttons["good"].click()
    last(pane).actions_row.buttons["good"].click()
    assert [body.feedback for body in link.sent_of(m.SetFeedback)] == [1, 0]


def test_the_summary_shows_passages_and_steps(pane, qtbot):
    ask(qtbot, pane)
    button = last(pane).actions_row.buttons["summary"]
    assert button.text() == "2 passages · first word 0.4 s · 58 tokens/s"
    before = len(last(pane).findChildren(QuoteCard))
    button.click()
    assert len(last(pane).findChildren(QuoteCard)) == before + 2
    qtbot.waitUntil(lambda: "Searching your notes" in texts(pane))


def test_four_questions_are_offered_in_an_empty_chat(pane, qtbot, link):
    qtbot.waitUntil(lambda: len(pane.empty.buttons) == 4)
    with qtbot.waitSignal(pane.stopped):
        qtbot.mouseClick(pane.empty.buttons[1], Qt.MouseButton.LeftButton)
    assert link.sent_of(m.Ask)[-1].question == link.questions[1]


def test_an_empty_library_points_to_the_drop(pane, qtbot):
    pane.set_library_state(LibraryCounts(), ())
    assert "Drop a folder of notes anywhere on this window." in texts(pane)


def test_no_model_is_said_and_leads_to_the_models(pane, qtbot):
    pane.set_model("", "")
    assert "No model writes answers yet." in texts(pane)
    with qtbot.waitSignal(pane.model_chosen):
        qtbot.mouseClick(pane.header.model, Qt.MouseButton.LeftButton)


def test_a_long_conversation_is_built_from_its_end(pane, qtbot, link):
    link.turns = {3: tuple(Turn(n, 3, f"Question {n}", sample_answer(), TurnState.DONE, 0.0) for n in range(1, 501))}
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    assert last(pane).question == "Question 500"
    assert len(pane.column.views) < 40
    assert len(pane.column.views) + pane.column.waiting == 500


def test_older_turns_come_when_the_reader_goes_up(pane, qtbot, link):
    link.turns = {3: tuple(Turn(n, 3, f"Question {n}", sample_answer(), TurnState.DONE, 0.0) for n in range(1, 31))}
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    before = len(pane.column.views)
    qtbot.waitUntil(lambda: pane.column.verticalScrollBar().maximum() > 0)
    pane.column.verticalScrollBar().setValue(0)
    qtbot.waitUntil(lambda: len(pane.column.views) > before)
    assert last(pane).question == "Question 30"


def test_the_column_follows_only_a_reader_at_the_bottom(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.ask("When?")
    bar = pane.column.verticalScrollBar()
    events(link, m.TextAdded("A line of words.\n\n" * 60))
    qtbot.waitUntil(lambda: bar.maximum() > 200 and bar.value() == bar.maximum())
    bar.setValue(0)
    before = bar.maximum()
    events(link, m.TextAdded("More lines of words.\n\n" * 30))
    qtbot.waitUntil(lambda: bar.maximum() > before)
    assert bar.value() == 0


def test_an_answer_under_way_goes_on_while_another_chat_is_read(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.ask("When?")
    events(link, m.TurnStarted(Conversation(3, "When?", 0, 0), 90), m.TextAdded("Half"))
    qtbot.waitUntil(lambda: last(pane).answer.markdown == "Half")
    pane.new_chat()
    assert link.cancelled == []
    events(link, m.TextAdded(" and whole"))
    link.turns = {3: (Turn(90, 3, "When?", Answer(text="Half"), TurnState.RUNNING, 0.0),)}
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    assert [view.answer.markdown for view in pane.column.views] == ["Half and whole"]


def test_a_new_chat_stays_new_when_the_question_before_it_is_stored(pane, qtbot, link):
    link.die()
    qtbot.waitUntil(lambda: not pane._client.is_ready)
    pane.ask("One")
    pane.new_chat()
    link.held.add(m.Ask)
    link.come_back()
    qtbot.waitUntil(lambda: bool(link.sent_of(m.Ask)))
    events(link, m.TurnStarted(Conversation(77, "One", 0, 0), 901), m.TextAdded("Words"))
    ended = Turn(901, 77, "One", Answer(text="Words"), TurnState.DONE, 0.0)
    with qtbot.waitSignal(pane.stopped):  # the list of chats learns of the one that nobody looks at
        link.answer(link.last_id(m.Ask), m.Answered(ended))
    assert pane.conversation_id == 0
    assert pane.header.title.text() == "New chat"
    assert pane.empty.isVisible()
    link.held.clear()
    ask(qtbot, pane, "Two")
    assert link.sent_of(m.Ask)[-1] == m.Ask("Two", 0, 0)


def test_the_chat_of_a_question_left_behind_shows_its_answer_when_it_is_opened(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.ask("One")
    pane.new_chat()
    events(link, m.TurnStarted(Conversation(3, "One", 0, 0), 90), m.TextAdded("Half"))
    link.turns = {3: (Turn(90, 3, "One", Answer(), TurnState.RUNNING, 0.0),)}
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    assert [view.answer.markdown for view in pane.column.views] == ["Half"]


BUSY = "An answer is still being written. Send your question when it is done."


def test_a_question_from_elsewhere_waits_in_the_input_while_an_answer_is_written(pane, qtbot, link):
    link.held.add(m.Ask)
    pane.ask("One")
    events(link, m.TurnStarted(Conversation(3, "One", 0, 0), 90))
    pane.new_chat()
    pane.ask("Two")
    assert pane.draft() == "Two"
    assert BUSY in texts(pane)
    with qtbot.waitSignal(pane.stopped):
        link.answer(link.last_id(m.Ask), m.Answered(Turn(90, 3, "One", Answer(), TurnState.DONE, 0.0)))
    assert BUSY not in texts(pane)
    link.held.clear()
    with qtbot.waitSignal(pane.stopped):
        qtbot.keyClick(pane.composer.edit, Qt.Key.Key_Return)
    assert [(sent.question, sent.conversation_id) for sent in link.sent_of(m.Ask)] == [("One", 0), ("Two", 0)]
    assert pane.draft() == ""


def test_a_suggestion_waits_in_the_input_below_what_is_written_there(pane, qtbot, link):
    qtbot.waitUntil(lambda: len(pane.empty.buttons) == 4)
    link.held.add(m.Ask)
    pane.ask("One")
    pane.new_chat()
    pane.set_draft("My own words")
    for _ in range(2):
        qtbot.mouseClick(pane.empty.buttons[1], Qt.MouseButton.LeftButton)
    assert pane.draft() == f"My own words\n{link.questions[1]}"
    assert BUSY in texts(pane)
    assert len(link.sent_of(m.Ask)) == 1


def test_a_chat_that_is_shown_stays_as_it_is_when_it_is_opened_again(pane, qtbot, link):
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    pane.open_conversation(2)  # on its way, and given up for the one that is shown
    pane.open_conversation(3)
    assert link.cancelled == [link.last_id(m.OpenConversation)]
    assert [sent.conversation_id for sent in link.sent_of(m.OpenConversation)] == [3, 2]
    QApplication.processEvents()
    assert pane.conversation_id == 3


def test_the_theme_can_change_under_an_answer(pane, qtbot, theme):
    ask(qtbot, pane)
    before = last(pane).answer.document().toPlainText()
    theme.choose("dark", 1.0)
    assert last(pane).answer.document().toPlainText() == before


def test_every_control_has_a_name(pane, qtbot):
    ask(qtbot, pane)
    nameless = [
        button
        for button in pane.findChildren(QAbstractButton)
        if button.isVisibleTo(pane) and not (button.accessibleName() or button.text())
    ]
    assert nameless == []


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd", "javascript:alert(1)", "smb://host/share", "\\\\host\\share", "//host/share", "data:text/html,x",
        "ms-word:ofe|u|http://x", "vbscript:x", "http://", "http:///etc/passwd", "https://a\\b.org", "http://a b.org", "mailto:a@b.c",
        "ftp://a.org", "/etc/passwd", "C:\\x.exe", "", "http://[::1", "about:blank", "steam://run/1", "HTTPS", "tel:1",
        "file:\\\\host\\share", "FILE:///etc/passwd", "file://localhost/etc/passwd", "jar:http://a.org!/x", "view-source:http://a.org",
        "ssh://a.org", "sftp://a.org", "telnet://a.org", "nfs://a.org/x", "dav://a.org", "ldap://a.org", "gopher://a.org", "git://a.org/x",
        "magnet:?xt=x", "zoommtg://x", "slack://x", "vscode://file/etc/passwd", "search-ms:query=x", "ms-settings:x", "shell:startup",
        "intent://x#Intent;end", "blob:http://a.org/x", "resource://x", "qrc:/x", "http:a.org", "https:///x", "http://\u202egro.a", "http://a.org/\nb",
    ],
)  # fmt: skip
def test_other_targets_are_never_opened(pane, qtbot, monkeypatch, target):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    assert not is_web_address(target)
    dialog = LinkQuestion(pane, target)
    dialog.open()
    dialog.yes.click()
    assert opened == []


def test_a_web_address_is_shown_in_full_and_opened_only_after_a_yes(pane, qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    target = "https://example.org/" + "x" * 300 + "?secret=1"
    dialog = LinkQuestion(pane, target)
    dialog.open()
    assert dialog.shown.toPlainText() == target
    dialog.no.click()
    assert opened == []
    again = LinkQuestion(pane, target)
    again.open()
    again.yes.click()
    assert [url.toString() for url in opened] == [target]


def test_a_missing_model_leads_to_the_models(pane, qtbot, link):
    link.errors[m.Ask] = ModelUnavailableError(model="")
    ask(qtbot, pane)
    choose = next(button for button in last(pane).findChildren(QAbstractButton) if button.text() == "Choose a model")
    with qtbot.waitSignal(pane.model_chosen):
        qtbot.mouseClick(choose, Qt.MouseButton.LeftButton)


def test_asking_again_after_a_failure_takes_the_place_of_the_failed_turn(pane, qtbot, link):
    link.errors[m.Ask] = ModelUnavailableError(model="")
    ask(qtbot, pane)
    link.errors.clear()
    with qtbot.waitSignal(pane.stopped):
        next(button for button in last(pane).findChildren(QAbstractButton) if button.text() == "Ask again").click()
    assert len(pane.column.views) == 1
    assert SENTENCES[0] in last(pane).answer.markdown


def test_what_is_read_stays_where_it_is_while_older_turns_are_built(pane, qtbot, link):
    link.turns = {3: tuple(Turn(n, 3, f"Question {n}", sample_answer(), TurnState.DONE, 0.0) for n in range(1, 31))}
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    bar = pane.column.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    first, built = pane.column.views[0], len(pane.column.views)
    bar.setValue(40)
    place = first.y() - bar.value()
    qtbot.waitUntil(lambda: len(pane.column.views) > built and bar.value() > 200)
    assert abs(first.y() - bar.value() - place) < 4


def test_after_reading_old_turns_a_new_question_is_followed_to_the_bottom(pane, qtbot, link):
    link.turns = {3: tuple(Turn(n, 3, f"Question {n}", sample_answer(), TurnState.DONE, 0.0) for n in range(1, 31))}
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(3)
    bar = pane.column.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    built = len(pane.column.views)
    bar.setValue(40)
    qtbot.waitUntil(lambda: len(pane.column.views) > built and bar.value() > 200)
    ask(qtbot, pane)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    assert last(pane).question == "When do we fly?"
