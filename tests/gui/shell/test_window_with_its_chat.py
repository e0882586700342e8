"""The window with the real chat in it: what passes between the list of chats, the search, the notice bar and the chat."""

from __future__ import annotations

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from stand_ins import StandInSource

from assistant.desktop.chat.chat_pane import ChatPane
from assistant.desktop.shell.main_window import MainWindow
from assistant.desktop.shell.window_parts import Panes, Places
from assistant.desktop.shell.window_state import WindowState
from assistant.domain.answers import Answer, Turn, TurnState
from assistant.domain.errors import StoreUnavailableError
from assistant.ipc import engine_messages as m


@pytest.fixture
def window(qtbot, client, theme, tmp_path) -> MainWindow:
    chat, source = ChatPane(client, theme), StandInSource()
    places = Places(tmp_path, tmp_path / "samples")
    made = MainWindow(client, theme, WindowState(tmp_path), Panes(chat, chat, source, source), places)
    qtbot.addWidget(made)
    made.resize(1360, 860)
    made.show()
    with qtbot.waitSignal(client.welcomed):
        client.start()
    made.library.switch.choose(1)
    qtbot.waitUntil(lambda: made.library.chats.model.rowCount() == 3)
    return made


def click_chat(qtbot, window: MainWindow, row: int) -> None:
    chats = window.library.chats
    place = chats.view.visualRect(chats.model.index(row, 0)).center()
    qtbot.mouseClick(chats.view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_chat_that_cannot_be_opened_is_told_and_can_be_clicked_again(qtbot, window, link: FakeLink):
    link.errors[m.OpenConversation] = StoreUnavailableError(store="conversations", reason="disk-full")
    with qtbot.waitSignal(window.chat.failed) as told:
        click_chat(qtbot, window, 1)
    assert window.notice.isVisible()
    assert window.notice.text == told.args[0] != ""
    assert window.chat.conversation_id == 0
    link.errors.clear()
    with qtbot.waitSignal(window.chat.conversation_changed) as opened:
        click_chat(qtbot, window, 1)
    assert opened.args == [2]


def test_a_click_on_the_open_chat_leaves_a_page(qtbot, window, link: FakeLink):
    with qtbot.waitSignal(window.chat.conversation_changed):
        click_chat(qtbot, window, 1)
    window.show_page(window.settings_page)
    click_chat(qtbot, window, 1)
    assert window.chat.isVisible()
    assert not window.settings_page.isVisible()
    assert len(link.sent_of(m.OpenConversation)) == 1


def test_the_open_chat_stays_when_it_cannot_be_deleted(qtbot, window, link: FakeLink):
    with qtbot.waitSignal(window.chat.conversation_changed):
        click_chat(qtbot, window, 1)
    link.errors[m.DeleteConversation] = StoreUnavailableError(store="conversations", reason="disk-full")
    with qtbot.waitSignal(window.library.chats.failed) as told:
        qtbot.keyClick(window.library.chats.view, Qt.Key.Key_Delete)
    assert window.notice.isVisible()
    assert window.notice.text == told.args[0]
    assert window.chat.conversation_id == 2
    link.errors.clear()
    with qtbot.waitSignal(window.chat.conversation_changed):
        qtbot.keyClick(window.library.chats.view, Qt.Key.Key_Delete)
    assert [sent.conversation_id for sent in link.sent_of(m.DeleteConversation)] == [2, 2]
    assert window.chat.conversation_id == 0


def test_a_window_with_a_waiting_question_closes_and_asks_nothing_more(qtbot, window, client, link: FakeLink):
    link.die()
    qtbot.waitUntil(lambda: not client.is_ready)
    window.chat.ask("When?")
    assert window.chat.is_answering
    assert window.close()
    client.close()
    link.come_back()
    QApplication.processEvents()
    assert link.is_closed
    assert link.sent_of(m.Ask) == []


def test_words_of_the_search_asked_while_an_answer_is_written_wait_in_a_new_chat(qtbot, window, link: FakeLink):
    link.held.add(m.Ask)
    window.chat.ask("One")
    window.library.search_field.setText("Two")
    window.library.results.question_asked.emit("Two")
    assert window.library.search_field.text() == ""
    assert window.chat.draft() == "Two"
    assert window.chat.composer.edit.hasFocus()
    with qtbot.waitSignal(window.chat.stopped):
        link.answer(link.last_id(m.Ask), m.Answered(Turn(90, 3, "One", Answer(), TurnState.DONE, 0.0)))
    qtbot.keyClick(window.chat.composer.edit, Qt.Key.Key_Return)
    assert [(sent.question, sent.conversation_id) for sent in link.sent_of(m.Ask)] == [("One", 0), ("Two", 0)]
