"""The input: what Enter does, what the button is, what it says while working."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from assistant.desktop.chat.composer import MOST_LINES, Composer


@pytest.fixture
def composer(in_window, theme) -> Composer:
    made = in_window(Composer(theme), 600, 120)
    made.edit.setFocus()
    return made


def compose(composer: Composer, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(composer.edit, event)


def test_enter_asks_and_empties_the_field(composer, qtbot):
    qtbot.keyClicks(composer.edit, "when?")
    with qtbot.waitSignal(composer.asked) as asked:
        qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert asked.args == ["when?"]
    assert composer.draft() == ""


def test_shift_enter_begins_a_new_line(composer, qtbot):
    qtbot.keyClicks(composer.edit, "a")
    with qtbot.assertNotEmitted(composer.asked):
        qtbot.keyClick(composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(composer.edit, "b")
    assert composer.draft() == "a\nb"


def test_enter_during_chinese_composition_does_not_ask(composer, qtbot):
    compose(composer, "ni hao")
    with qtbot.assertNotEmitted(composer.asked):
        qtbot.keyClick(composer.edit, Qt.Key.Key_Return)


def test_the_enter_that_ends_a_composition_does_not_ask(composer, qtbot):
    compose(composer, "你好")
    with qtbot.assertNotEmitted(composer.asked):
        compose(composer, "", commit="你好")
        qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert composer.draft() == "你好"


def test_the_next_enter_does_ask(composer, qtbot):
    compose(composer, "", commit="你好")
    QApplication.processEvents()
    with qtbot.waitSignal(composer.asked) as asked:
        qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert asked.args == ["你好"]


def test_nothing_is_asked_with_nothing_written(composer, qtbot):
    assert not composer.button.isEnabled()
    with qtbot.assertNotEmitted(composer.asked):
        qtbot.keyClicks(composer.edit, "   ")
        qtbot.keyClick(composer.edit, Qt.Key.Key_Return)


def test_the_same_button_is_ask_and_stop(composer, qtbot):
    qtbot.keyClicks(composer.edit, "x")
    assert composer.button.text() == "Ask"
    composer.set_busy(True)
    assert composer.button.text() == "Stop"
    with qtbot.waitSignal(composer.stop_asked):
        qtbot.mouseClick(composer.button, Qt.MouseButton.LeftButton)


def test_a_question_can_be_written_while_an_answer_is_made(composer, qtbot):
    composer.set_busy(True)
    qtbot.keyClicks(composer.edit, "next")
    with qtbot.assertNotEmitted(composer.asked):
        qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert composer.draft() == "next"


def test_it_grows_to_eight_lines(composer):
    heights = []
    for lines in (1, 3, MOST_LINES, 20):
        composer.set_draft("\n".join("x" * lines))
        heights.append(composer.edit.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]


def test_chinese_lines_are_given_the_room_they_take(composer):
    """They are taller than the interface font says: a bar to scroll with would stand beside lines that all have room."""
    composer.set_draft("\n".join(["早餐呢？"] * MOST_LINES))
    edit = composer.edit
    assert edit.verticalScrollBar().maximum() == 0
    assert edit.height() >= MOST_LINES * edit.blockBoundingRect(edit.document().firstBlock()).height()


def test_in_a_low_window_the_lines_end_above_the_button(composer):
    composer.set_room(140)
    composer.set_draft("x\n" * 20)
    composer.resize(600, composer.sizeHint().height())
    assert composer.height() <= 140
    assert composer.edit.geometry().bottom() < composer.button.geometry().top()


def test_one_line_is_shown_however_low_the_window_is(composer):
    composer.set_room(10)
    assert composer.edit.height() >= composer.edit.fontMetrics().lineSpacing()


def test_the_draft_is_told_and_taken_back(composer, qtbot):
    with qtbot.waitSignal(composer.draft_changed) as changed:
        composer.set_draft("half a thought")
    assert changed.args == ["half a thought"]
    assert composer.draft() == "half a thought"


def test_pasting_brings_plain_text_only(composer):
    QApplication.clipboard().setText("a <b>b</b>")
    composer.edit.paste()
    assert composer.draft() == "a <b>b</b>"


def test_what_is_happening_is_said(composer):
    composer.set_busy(True)
    composer.set_status("Reading 6 passages", 0.5)
    assert composer.status() == "Reading 6 passages"
    composer.set_busy(False)
    assert composer.status() != "Reading 6 passages"
