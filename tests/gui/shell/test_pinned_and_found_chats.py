"""Chats stand under pins and days, and what was said in them is found."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from assistant.desktop.chat.chat_groups import heading_of, moment_in_group
from assistant.desktop.chat.chats_list import ChatsList, ChatsModel
from assistant.desktop.common.painting import find_words
from assistant.desktop.notes.note_actions import NoteActions
from assistant.desktop.search.search_results import HitsModel, SearchResults
from assistant.domain.answers import Conversation
from assistant.ipc import engine_messages as m

TODAY = dt.date(2026, 9, 21)


def changed(days_ago: int, number: int = 1, *, pinned: bool = False) -> Conversation:
    at_s = time.mktime((TODAY - dt.timedelta(days=days_ago)).timetuple()) + 3600 * 12
    return Conversation(number, f"Chat {number}", at_s, at_s, 1, is_pinned=pinned)


@pytest.mark.parametrize(
    ("days", "heading"),
    [
        (-1, "Today"),
        (0, "Today"),
        (1, "Yesterday"),
        (2, "Last 7 days"),
        (7, "Last 7 days"),
        (8, "Last 30 days"),
        (31, "Earlier"),
    ],
)
def test_a_chat_stands_under_its_day(days, heading):
    assert heading_of(changed(days), TODAY) == heading


def test_under_yesterday_stands_the_time_of_day_and_on_a_pinned_chat_the_day():
    noon = dt.datetime.combine(TODAY, dt.time(12))
    assert moment_in_group(changed(1), noon) == "12:00"
    assert moment_in_group(changed(1, pinned=True), noon) == "yesterday"
    assert moment_in_group(changed(40), noon) == "12 Aug"


def test_each_heading_stands_once_above_its_first_chat():
    model = ChatsModel(today=lambda: TODAY)
    model.show_chats([changed(40, 1, pinned=True), changed(0, 2), changed(0, 3), changed(1, 4)])
    headings = [model.index(row, 0).data(ChatsModel.HEADING_ROLE) for row in range(4)]
    assert headings == ["Pinned", "Today", "", "Yesterday"]
    assert model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("Today: Chat 2")


@pytest.fixture
def chats(qtbot, ready_client, theme) -> ChatsList:
    made = ChatsList(ready_client, theme)
    qtbot.addWidget(made)
    made.resize(260, 500)
    made.show()
    with qtbot.waitSignal(ready_client.finished):
        made.refresh()
    return made


def test_a_pinned_chat_goes_to_the_top_and_the_keys_stay_on_it(qtbot, chats, link: FakeLink):
    chats.view.setCurrentIndex(chats.model.index(2, 0))
    with qtbot.waitSignal(chats.model.modelReset):
        chats._pin_current()
    assert link.sent_of(m.PinConversation) == [m.PinConversation(1, True)]
    assert chats.model.index(0, 0).data(ChatsModel.HEADING_ROLE) == "Pinned"
    assert chats.view.currentIndex().row() == 0
    with qtbot.waitSignal(chats.model.modelReset):
        chats._pin_current()
    assert link.sent_of(m.PinConversation)[-1] == m.PinConversation(1, False)


def test_the_name_of_a_chat_under_a_heading_is_edited_below_it(chats):
    index = chats.model.index(0, 0)
    chats.view.setCurrentIndex(index)
    chats._rename_current()
    editor = next(child for child in chats.view.viewport().children() if child.inherits("QLineEdit"))
    row = chats.view.visualRect(index)
    assert editor.geometry().bottom() == row.bottom()
    assert editor.geometry().top() > row.top()


def test_what_is_found_in_a_chat_is_shown_and_leads_to_its_turn(qtbot, ready_client, theme, link: FakeLink):
    chat = replace(changed(0, 5), found="…大象记得水源在哪里…", found_turn=77)
    link.found_chats = (chat, changed(0, 6))
    window = QWidget()
    qtbot.addWidget(window)
    results = SearchResults(ready_client, theme, NoteActions(ready_client, window), window)
    window.show()
    results.resize(260, 500)
    results.show()
    results.chats_first = True
    with qtbot.waitSignal(results.understood):
        results.search("水源")
    model = results.view.model()
    first = model.index(0, 0).data(HitsModel.HIT_ROLE)
    assert first.snippet == chat.found
    assert [chat.found[start:end] for start, end in find_words(first.snippet, model.words)] == ["水源"]
    with qtbot.waitSignal(results.turn_chosen) as chosen:
        results.choose()
    assert chosen.args == [5, 77]
    results.step(1)
    with qtbot.waitSignal(results.conversation_chosen) as chosen:
        results.choose()
    assert chosen.args == [6]
