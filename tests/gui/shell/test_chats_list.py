"""Conversations are opened, renamed, deleted and brought back."""

from __future__ import annotations

import pytest
from fake_engine import NOW_S, FakeLink
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from assistant.desktop.chat.chats_list import ChatsList
from assistant.domain.answers import Conversation
from assistant.domain.errors import BadRequestError, StoreUnavailableError
from assistant.ipc import engine_messages as m


@pytest.fixture
def chats(qtbot, ready_client, theme) -> ChatsList:
    made = ChatsList(ready_client, theme)
    qtbot.addWidget(made)
    made.resize(260, 500)
    made.show()
    with qtbot.waitSignal(ready_client.finished):
        made.refresh()
    return made


def titles(chats: ChatsList) -> list[str]:
    return [chats.model.index(row, 0).data() for row in range(chats.model.rowCount())]


def test_a_click_opens_a_conversation(qtbot, chats):
    place = chats.view.visualRect(chats.model.index(1, 0)).center()
    with qtbot.waitSignal(chats.conversation_chosen) as chosen:
        qtbot.mouseClick(chats.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [2]


def test_the_open_chat_can_be_chosen_again(qtbot, chats):
    chats.show_current(2)
    place = chats.view.visualRect(chats.model.index(1, 0)).center()
    with qtbot.waitSignal(chats.conversation_chosen) as chosen:
        qtbot.mouseClick(chats.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [2]


def test_a_conversation_is_renamed_in_place(qtbot, chats, ready_client, link: FakeLink):
    chats.view.setCurrentIndex(chats.model.index(0, 0))
    chats._rename_current()
    editor = chats.view.findChild(QLineEdit)
    editor.setText("Lisbon")
    with qtbot.waitSignal(chats.model.modelReset):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert link.sent_of(m.RenameConversation) == [m.RenameConversation(3, "Lisbon")]
    assert titles(chats)[0] == "Lisbon"


def test_a_name_being_typed_outlives_news_of_the_list(qtbot, chats, ready_client, link: FakeLink):
    chats.view.setCurrentIndex(chats.model.index(1, 0))
    chats._rename_current()
    editor = chats.view.findChild(QLineEdit)
    editor.setText("A name half")
    link.conversations = (Conversation(9, "A new one", NOW_S, NOW_S, 1), *link.conversations)
    with qtbot.waitSignal(ready_client.finished):
        chats.refresh()
    chats.show_current(9)
    assert editor.isVisible()
    assert link.sent_of(m.RenameConversation) == []
    editor.setText("A name typed to its end")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(link.sent_of(m.RenameConversation)))
    assert link.sent_of(m.RenameConversation) == [m.RenameConversation(2, "A name typed to its end")]
    qtbot.waitUntil(lambda: titles(chats)[:1] + titles(chats)[2:3] == ["A new one", "A name typed to its end"])
    assert chats.view.currentIndex().data() == "A name typed to its end"


def test_a_name_given_up_lets_the_news_in(qtbot, chats, ready_client, link: FakeLink):
    chats.view.setCurrentIndex(chats.model.index(1, 0))
    chats._rename_current()
    editor = chats.view.findChild(QLineEdit)
    link.conversations = link.conversations[:2]
    with qtbot.waitSignal(ready_client.finished):
        chats.refresh()
    assert len(titles(chats)) == 3
    with qtbot.waitSignal(chats.model.modelReset):
        qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert len(titles(chats)) == 2


def test_the_row_of_the_keys_stays_on_its_chat_when_the_list_is_renewed(qtbot, chats, link: FakeLink):
    chats.show_current(3)
    chats.view.setFocus()
    qtbot.keyClick(chats.view, Qt.Key.Key_Down)
    link.conversations = (Conversation(9, "A new one", NOW_S, NOW_S, 1), *link.conversations)
    with qtbot.waitSignal(chats.model.modelReset):
        chats.refresh()
    assert chats.view.currentIndex().row() == 2
    chats.show_current(9)  # a chat that the keys were not on has opened meanwhile
    qtbot.keyClick(chats.view, Qt.Key.Key_Delete)
    assert link.sent_of(m.DeleteConversation) == [m.DeleteConversation(2)]


def test_after_a_delete_the_keys_are_on_the_next_chat(qtbot, chats, ready_client, link: FakeLink):
    chats.show_current(3)
    chats.view.setFocus()
    qtbot.keyClick(chats.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(
        ready_client.finished, check_params_cb=lambda _id, body: isinstance(body, m.ConversationsListed)
    ):
        qtbot.keyClick(chats.view, Qt.Key.Key_Delete)
    assert chats.view.currentIndex().data() == link.conversations[-1].title
    assert titles(chats) == [chat.title for chat in link.conversations]


def test_an_empty_name_changes_nothing(qtbot, chats, link: FakeLink):
    chats.view.setCurrentIndex(chats.model.index(0, 0))
    chats._rename_current()
    editor = chats.view.findChild(QLineEdit)
    editor.setText("   ")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert link.sent_of(m.RenameConversation) == []


def test_delete_takes_a_chat_away_and_undo_brings_it_back(qtbot, chats, ready_client, link: FakeLink):
    chats.view.setFocus()
    chats.view.setCurrentIndex(chats.model.index(1, 0))
    with qtbot.waitSignal(chats.conversation_deleted) as deleted:
        qtbot.keyClick(chats.view, Qt.Key.Key_Delete)
    assert deleted.args == [2]
    assert len(titles(chats)) == 2
    assert chats.undo.isVisible()
    with qtbot.waitSignal(chats.model.modelReset):
        chats.undo.undo.click()
    assert link.sent_of(m.RestoreConversation) == [m.RestoreConversation(2)]
    assert titles(chats)[1] == "三月的预算是多少？"
    assert not chats.undo.isVisible()


def test_a_delete_that_fails_is_told_and_the_chat_is_back(qtbot, chats, ready_client, link: FakeLink):
    gone: list[int] = []
    chats.conversation_deleted.connect(gone.append)
    link.errors[m.DeleteConversation] = StoreUnavailableError(store="conversations", reason="disk-full")
    chats.view.setCurrentIndex(chats.model.index(1, 0))
    with qtbot.waitSignal(chats.failed) as told:
        chats._delete_current()
    assert told.args[0]
    assert len(titles(chats)) == 3
    assert chats.view.currentIndex().row() == 1
    assert not chats.undo.isVisible()
    assert not chats._empty.isVisible()
    assert gone == []


def test_undo_is_offered_for_what_was_deleted_when_the_next_delete_fails(qtbot, chats, ready_client, link: FakeLink):
    chats.view.setCurrentIndex(chats.model.index(1, 0))
    with qtbot.waitSignal(chats.conversation_deleted):
        chats._delete_current()
    link.errors[m.DeleteConversation] = StoreUnavailableError(store="conversations", reason="disk-full")
    with qtbot.waitSignal(chats.failed):
        chats._delete_current()
    assert chats.undo.isVisible()
    chats.undo.undo.click()
    assert link.sent_of(m.RestoreConversation) == [m.RestoreConversation(2)]


def test_of_two_deletes_under_way_each_has_its_own_end(qtbot, chats, ready_client, link: FakeLink):
    link.held.add(m.DeleteConversation)
    chats.view.setFocus()
    chats.view.setCurrentIndex(chats.model.index(0, 0))
    for _ in range(2):  # the second press is for the same chat, which is not gone yet
        qtbot.keyClick(chats.view, Qt.Key.Key_Delete)
    chats.view.setCurrentIndex(chats.model.index(1, 0))
    qtbot.keyClick(chats.view, Qt.Key.Key_Delete)
    first, second = (request_id for request_id, body in link.sent if isinstance(body, m.DeleteConversation))
    with qtbot.waitSignal(chats.conversation_deleted) as deleted:
        link.answer(second, m.Done())
    assert deleted.args == [2]
    with qtbot.waitSignal(chats.failed):
        link.fail(first, StoreUnavailableError(store="conversations", reason="disk-full"))
    link.held.add(m.RestoreConversation)
    chats.undo.undo.click()
    assert link.sent_of(m.RestoreConversation)[-1] == m.RestoreConversation(2)


def test_an_undo_that_fails_is_told_and_can_be_tried_again(qtbot, chats, ready_client, link: FakeLink):
    chats.view.setCurrentIndex(chats.model.index(1, 0))
    with qtbot.waitSignal(chats.conversation_deleted):
        chats._delete_current()
    link.errors[m.RestoreConversation] = StoreUnavailableError(store="conversations", reason="disk-full")
    with qtbot.waitSignal(chats.failed):
        chats.undo.undo.click()
    assert chats.undo.isVisible()
    link.errors.clear()
    with qtbot.waitSignal(chats.model.modelReset):
        chats.undo.undo.click()
    assert len(titles(chats)) == 3


def test_an_undo_that_comes_too_late_is_told_and_not_offered_again(qtbot, chats, ready_client, link: FakeLink):
    chats.view.setCurrentIndex(chats.model.index(1, 0))
    with qtbot.waitSignal(chats.conversation_deleted):
        chats._delete_current()
    link.errors[m.RestoreConversation] = BadRequestError(reason="no such conversation")
    with qtbot.waitSignal(chats.failed) as told:
        chats.undo.undo.click()
    assert told.args == ["This chat was deleted too long ago to be brought back."]
    assert not chats.undo.isVisible()


def test_the_way_back_stays_while_the_keys_are_on_it(qtbot, chats):
    chats.view.setCurrentIndex(chats.model.index(1, 0))
    with qtbot.waitSignal(chats.conversation_deleted):
        chats._delete_current()
    chats.undo.undo.setFocus()
    chats.undo._on_time()
    assert chats.undo.isVisible()
    chats.view.setFocus()
    chats.undo._on_time()
    assert not chats.undo.isVisible()


def test_other_chats_have_no_undo_for_what_was_deleted_before_them(qtbot, chats, ready_client, link: FakeLink):
    chats.view.setCurrentIndex(chats.model.index(1, 0))
    with qtbot.waitSignal(chats.conversation_deleted):
        chats._delete_current()
    ready_client.request(m.ClearData("index"))
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    assert chats.undo.isVisible()
    ready_client.request(m.ClearData("chats"))
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    assert not chats.undo.isVisible()


def test_a_rename_that_fails_is_told_and_the_old_name_stays(qtbot, chats, ready_client, link: FakeLink):
    link.errors[m.RenameConversation] = StoreUnavailableError(store="conversations", reason="disk-full")
    with qtbot.waitSignal(chats.failed) as told:
        chats.model.setData(chats.model.index(0, 0), "Lisbon")
    assert told.args[0]
    assert titles(chats)[0] == link.conversations[0].title


def test_five_hundred_conversations_are_listed(qtbot, chats, ready_client, link: FakeLink):
    link.conversations = tuple(Conversation(n, f"Question {n}", NOW_S, NOW_S - n) for n in range(1, 501))
    with qtbot.waitSignal(chats.model.modelReset):
        chats.refresh()
    assert len(titles(chats)) == 500


def test_without_conversations_the_list_says_what_it_is_for(qtbot, chats, ready_client, link: FakeLink):
    link.conversations = ()
    with qtbot.waitSignal(chats.model.modelReset):
        chats.refresh()
    assert chats._empty.isVisible()
