"""Two models on one question: who says what, what it took, and that nothing but the asked-for choice remains."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FakeLink, sample_answer
from page_looks import button, opened, settle, shown_text
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat

from assistant.desktop.models.models_page import ModelsPage
from assistant.desktop.models.side_by_side import SideBySide
from assistant.desktop.models.tried_column import TriedColumn
from assistant.domain.answers import Answer
from assistant.domain.errors import BadRequestError, Cancelled, ModelUnavailableError
from assistant.ipc import engine_messages as m
from assistant.ipc.wire import error_message

LEFT = Qt.MouseButton.LeftButton
QUESTION = "When do we fly to Lisbon?"


@pytest.fixture
def page(qtbot, ready_client, theme, link: FakeLink) -> ModelsPage:
    link.models = tuple(replace(entry, installed=True) for entry in link.models)
    return opened(qtbot, ready_client, ModelsPage(ready_client, theme))


@pytest.fixture
def dialog(qtbot, page: ModelsPage) -> SideBySide:
    qtbot.mouseClick(page.compare_button, LEFT)
    (made,) = page.findChildren(SideBySide)
    return made


def ask(qtbot, dialog: SideBySide) -> None:
    dialog.question.setText(QUESTION)
    qtbot.keyClick(dialog.question, Qt.Key.Key_Return)


def dotted(column: TriedColumn) -> list[str]:
    """What carries the dotted line."""
    found = []
    block = column.text.document().begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            fragment = pieces.fragment()
            if fragment.charFormat().underlineStyle() == QTextCharFormat.UnderlineStyle.DotLine:
                found.append(fragment.text())
            pieces += 1
        block = block.next()
    return found


def test_it_is_offered_only_where_there_are_two(qtbot, ready_client, theme, link: FakeLink):
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    assert page.compare_button.isHidden()


def test_both_answers_come_with_what_they_took_and_what_the_notes_prove(qtbot, ready_client, dialog, link: FakeLink):
    assert [column.name for column in dialog.columns] == ["smollm2-135m", "qwen3-4b"]
    ask(qtbot, dialog)
    settle(qtbot, ready_client)
    assert link.sent_of(m.CompareModels) == [m.CompareModels(QUESTION, ("smollm2-135m", "qwen3-4b"))]
    for column in dialog.columns:
        shown = column.text.toPlainText()
        assert "from terminal 2. [1] The hotel is" in shown
        assert shown.endswith("\n[1] Tickets and hotel.pdf, page 2\n[2] Tickets and hotel.pdf, page 2")
        assert column.state.text() == "2 of 3 sentences are in your notes."
        assert column.figures.text() == "first word 0.4 s · 58 tokens/s · 2 places cited"
        assert dotted(column) == ["Breakfast is served until eleven."]
    assert link.sent_of(m.Ask) == [], "nothing is stored"
    assert not dialog.is_busy


def test_the_model_that_is_being_loaded_is_named_and_the_other_waits(qtbot, ready_client, dialog, link: FakeLink):
    link.held.add(m.CompareModels)
    ask(qtbot, dialog)
    first, second = dialog.columns
    assert second.state.text() == "Waiting for SmolLM2 135M"
    request_id = link.last_id(m.CompareModels)
    with qtbot.waitSignal(ready_client.event_arrived):
        link.answer(request_id, m.ModelTried(0, phase=m.PhaseChanged("loading")), last=False)
    assert first.state.text() == "Loading SmolLM2 135M"
    assert not first.model.isEnabled()
    link.answer(request_id, m.ModelTried(0, text="It leaves "), last=False)
    with qtbot.waitSignal(ready_client.event_arrived):
        link.answer(request_id, m.ModelTried(0, text="at 07:45."), last=False)
    qtbot.waitUntil(lambda: first.text.toPlainText() == "It leaves at 07:45.")


def test_one_that_fails_says_why_and_the_other_still_answers(qtbot, ready_client, dialog, link: FakeLink):
    link.held.add(m.CompareModels)
    ask(qtbot, dialog)
    request_id = link.last_id(m.CompareModels)
    failure = error_message(ModelUnavailableError(model="smollm2", reason="load-failed"))
    link.answer(request_id, m.ModelTried(0, answer=Answer(), error=failure), last=False)
    link.answer(request_id, m.ModelTried(1, answer=sample_answer()), last=False)
    link.answer(request_id, m.Done())
    settle(qtbot, ready_client)
    first, second = dialog.columns
    assert "It could not be loaded." in first.state.text()
    assert not first.use.isEnabled()
    assert second.use.isEnabled()


def test_it_can_be_stopped_midway(qtbot, ready_client, dialog, link: FakeLink):
    link.held.add(m.CompareModels)
    ask(qtbot, dialog)
    qtbot.mouseClick(button(dialog, "Stop"), LEFT)
    request_id = link.last_id(m.CompareModels)
    assert link.cancelled == [request_id]
    with qtbot.waitSignal(ready_client.failed):
        link.fail(request_id, Cancelled())
    assert dialog.columns[1].state.text() == "Stopped."
    assert not dialog.is_busy


def test_closing_it_midway_stops_the_engine(qtbot, ready_client, dialog, link: FakeLink):
    link.held.add(m.CompareModels)
    ask(qtbot, dialog)
    dialog.close()
    assert link.cancelled == [link.last_id(m.CompareModels)]
    assert link.sent_of(m.UseModel) == []


def test_use_this_one_puts_it_to_use(qtbot, ready_client, page, dialog, link: FakeLink):
    ask(qtbot, dialog)
    settle(qtbot, ready_client)
    qtbot.mouseClick(dialog.columns[1].use, LEFT)
    settle(qtbot, ready_client)
    assert link.sent_of(m.UseModel) == [m.UseModel("qwen3-4b")]
    assert page.news.text() == "Qwen3 4B Instruct writes your answers now."


def test_an_empty_question_asks_nobody(qtbot, dialog, link: FakeLink):
    qtbot.mouseClick(dialog.ask, LEFT)
    assert link.sent_of(m.CompareModels) == []


def test_what_keeps_both_from_answering_is_told_once(qtbot, ready_client, dialog, link: FakeLink):
    link.errors[m.CompareModels] = BadRequestError(reason="no such model")
    ask(qtbot, dialog)
    settle(qtbot, ready_client)
    assert "not possible" in dialog.words.text()


def test_two_files_of_one_model_can_be_told_apart(qtbot, ready_client, theme, link: FakeLink):
    link.models = (link.models[0], replace(link.models[0], name="twin", is_user=True))
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    qtbot.mouseClick(page.compare_button, LEFT)
    (dialog,) = page.findChildren(SideBySide)
    assert [column.title for column in dialog.columns] == ["SmolLM2 135M (smollm2-135m)", "SmolLM2 135M (twin)"]


def test_the_same_model_twice_is_allowed_and_said(qtbot, dialog):
    dialog.columns[1].choose("smollm2-135m")
    assert "the same model" in dialog.words.text()


def test_the_quote_stands_where_a_model_wrote_nothing_that_is_proven(qtbot, ready_client, dialog, link: FakeLink):
    link.answer_made = replace(sample_answer(), text="", sentences=())
    ask(qtbot, dialog)
    settle(qtbot, ready_client)
    assert "The outbound flight leaves on 3 June" in dialog.columns[0].text.toPlainText()
    assert "the quote is the answer" in dialog.columns[0].state.text()


def test_a_refusal_says_that_no_model_was_asked(qtbot, ready_client, dialog, link: FakeLink):
    link.answer_made = Answer(refused=True)
    ask(qtbot, dialog)
    settle(qtbot, ready_client)
    assert "no model was asked" in shown_text(dialog)
