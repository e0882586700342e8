"""Chosen words can be asked about and copied: by a button beside them, from the menu, by keys."""

from __future__ import annotations

import pytest
from fake_engine import FakeLink
from note_making import RICH
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication

from assistant.desktop.common.dialogs import Question
from assistant.desktop.source.source_asked import note_source
from assistant.desktop.source.source_pane import SourcePane

NOTE = "Travel/Lisbon.md"


@pytest.fixture
def pane(in_window, ready_client, theme, link: FakeLink, qtbot) -> SourcePane:
    link.documents = {NOTE: RICH}
    pane = in_window(SourcePane(ready_client, theme), 430, 700)
    with qtbot.waitSignal(pane.shown):
        pane.show_source(note_source(1, NOTE))
    return pane


def choose(pane: SourcePane, words: str) -> None:
    pane.view.setTextCursor(pane.view.document().find(words))


def test_the_button_stands_by_the_chosen_words_and_asks_about_them(pane, qtbot):
    choose(pane, "two hours early")
    button = pane.chosen_words.button
    qtbot.waitUntil(button.isVisible)
    below = pane.view.viewport().mapTo(pane, pane.view.cursorRect().bottomLeft()).y()
    assert 0 <= button.y() - below < 20
    with qtbot.waitSignal(pane.ask_wanted) as asked:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    question, passage = asked.args
    assert question == "About “two hours early” in Lisbon.md: "
    assert (passage.folder_id, passage.note, passage.text) == (1, NOTE, "two hours early")
    assert not button.isVisible()


def test_without_chosen_words_there_is_no_button(pane, qtbot):
    choose(pane, "two hours early")
    qtbot.waitUntil(pane.chosen_words.button.isVisible)
    cursor = pane.view.textCursor()
    cursor.clearSelection()
    pane.view.setTextCursor(cursor)
    qtbot.waitUntil(lambda: not pane.chosen_words.button.isVisible())


def test_keys_ask_about_chinese_words(pane, qtbot):
    choose(pane, "瓷砖博物馆")
    pane.window().activateWindow()
    pane.view.setFocus()
    qtbot.waitUntil(pane.view.hasFocus)
    with qtbot.waitSignal(pane.ask_wanted) as asked:
        qtbot.keyClick(pane.view, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert "“瓷砖博物馆”" in asked.args[0]


def test_the_menu_offers_what_can_be_done(pane, qtbot):
    menu = pane.chosen_words.make_menu()
    assert [action.isEnabled() for action in menu.actions() if action.text() in ("Copy", "Ask about this")] == [
        False,
        False,
    ]
    choose(pane, "two hours early")
    menu = pane.chosen_words.make_menu("http://example.org/")
    actions = {action.text(): action for action in menu.actions()}
    actions["Copy"].trigger()
    assert QGuiApplication.clipboard().text() == "two hours early"
    actions["Copy the link"].trigger()
    assert QGuiApplication.clipboard().text() == "http://example.org/"
    with qtbot.waitSignal(pane.ask_wanted):
        actions["Ask about this"].trigger()


def test_the_link_under_the_pointer_is_told(pane):
    cursor = pane.view.document().find("the site")
    cursor.setPosition(cursor.selectionStart() + 2)
    assert pane.view.target_at(pane.view.cursorRect(cursor).center()) == "http://example.org/"
    assert pane.view.target_at(QPoint(0, 0)) == ""


def test_a_file_that_no_program_takes_is_said_to_be_so(pane, qtbot, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: False)
    pane._head.open.click()
    pane.findChild(Question).yes.click()
    assert pane.notice().startswith("No program on this computer took the file.")
    assert "/home/ada/My notes/Travel/Lisbon.md" in pane.notice() and ".md" in pane.notice()
