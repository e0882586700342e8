"""Notes, folders and tags in a question: offered while they are typed, marked, taken out whole, and never in an input method's way."""

from __future__ import annotations

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from assistant.desktop.chat.chat_pane import ChatPane
from assistant.desktop.chat.mention_typing import mention_at, mention_text
from assistant.ipc import engine_messages as m


@pytest.fixture
def pane(in_window, ready_client, link: FakeLink, theme) -> ChatPane:
    made = ChatPane(ready_client, theme)
    in_window(made, 720, 700)
    made.set_library_state(link.counts, link.folders)
    made.focus_question()
    return made


def type_words(qtbot, pane: ChatPane, words: str) -> None:
    qtbot.keyClicks(pane.composer.edit, words)


def wait_for_list(qtbot, pane: ChatPane) -> list[str]:
    qtbot.waitUntil(lambda: pane.mentions.list.is_open)
    return [f"{row.text} ({row.detail})" for row in pane.mentions.list.rows]


def press(qtbot, pane: ChatPane, key: Qt.Key) -> None:
    qtbot.keyClick(pane.composer.edit, key)


def compose(pane: ChatPane, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(pane.composer.edit, event)


def marked(pane: ChatPane) -> list[str]:
    block = pane.composer.edit.document().firstBlock()
    return [block.text()[one.start : one.start + one.length] for one in block.layout().formats()]


@pytest.mark.parametrize(
    ("text", "beginning", "is_tag"),
    [
        ("@", "", False),
        ("see @Lis", "Lis", False),
        ("问@里斯", "里斯", False),
        ("#tra", "tra", True),
        ("（＃旅", "旅", True),
    ],
)
def test_a_sign_begins_a_mention(text: str, beginning: str, is_tag: bool):
    found = mention_at(text, len(text))
    assert found is not None
    assert (found.beginning, found.is_tag) == (beginning, is_tag)


@pytest.mark.parametrize("text", ["ada@example", "C#", "a@", "@two words", "plain", "issue5#", '@"quoted'])
def test_addresses_and_ordinary_words_begin_none(text: str):
    assert mention_at(text, len(text)) is None


def test_a_mention_in_the_middle_of_a_word_begins_none():
    assert mention_at("@Lisbon", 3) is None


def test_behind_a_chinese_word_a_space_parts_the_filter():
    found = mention_at("问@里斯", 4)
    assert found is not None
    assert mention_text(found, "title", "里斯本", in_chinese=True) == ' 标题:"里斯本"'
    assert mention_text(found, "tag", "big plans", in_chinese=False) == ' tag:"big plans"'


def test_notes_come_before_folders(qtbot, pane):
    type_words(qtbot, pane, "what of @")
    assert wait_for_list(qtbot, pane)[:3] == ["Tickets and hotel (Note)", "Travel budget (Note)", "里斯本行程 (Note)"]
    assert "House (Folder)" in wait_for_list(qtbot, pane)
    assert not any("quoted" in row for row in wait_for_list(qtbot, pane))


def test_what_is_chosen_narrows_the_question_and_is_marked(qtbot, pane, link):
    type_words(qtbot, pane, "when @tic")
    assert wait_for_list(qtbot, pane) == ["Tickets and hotel (Note)"]
    press(qtbot, pane, Qt.Key.Key_Return)
    assert pane.composer.draft() == 'when title:"Tickets and hotel" '
    assert marked(pane) == ['title:"Tickets and hotel"']
    assert not pane.mentions.list.is_open
    with qtbot.waitSignal(pane.stopped):
        press(qtbot, pane, Qt.Key.Key_Return)
    assert link.sent_of(m.Ask)[-1].question == 'when title:"Tickets and hotel"'


def test_tags_are_offered_behind_a_hash(qtbot, pane, link):
    type_words(qtbot, pane, "#big")
    assert wait_for_list(qtbot, pane) == ["#big plans (Tag)"]
    press(qtbot, pane, Qt.Key.Key_Tab)
    assert pane.composer.draft() == 'tag:"big plans" '
    assert [body.key for body in link.sent_of(m.CompleteFilter)] == ["tag"]


def test_arrows_choose_and_escape_leaves_everything_as_it_is(qtbot, pane):
    type_words(qtbot, pane, "@")
    wait_for_list(qtbot, pane)
    press(qtbot, pane, Qt.Key.Key_Down)
    press(qtbot, pane, Qt.Key.Key_Down)
    assert pane.mentions.list.current().text == "Travel budget"
    press(qtbot, pane, Qt.Key.Key_Escape)
    assert not pane.mentions.list.is_open
    assert pane.composer.draft() == "@"


def test_a_bare_sign_can_be_sent(qtbot, pane):
    type_words(qtbot, pane, "what does # mean? #")
    wait_for_list(qtbot, pane)
    with qtbot.waitSignal(pane.stopped):
        press(qtbot, pane, Qt.Key.Key_Return)


def test_while_the_engine_is_slow_only_what_still_fits_is_offered(qtbot, pane, link):
    type_words(qtbot, pane, "@t")
    wait_for_list(qtbot, pane)
    link.held.add(m.CompleteFilter)
    type_words(qtbot, pane, "ick")
    assert [row.text for row in pane.mentions.list.rows] == ["Tickets and hotel"]
    type_words(qtbot, pane, "z")
    assert not pane.mentions.list.is_open


def test_enter_that_ends_a_composition_neither_sends_nor_takes(qtbot, pane):
    type_words(qtbot, pane, "@")
    wait_for_list(qtbot, pane)
    compose(pane, "li si ben")
    assert pane.mentions.list.is_open
    with qtbot.assertNotEmitted(pane.composer.asked):
        press(qtbot, pane, Qt.Key.Key_Return)
    assert pane.composer.draft() == "@"
    assert pane.composer.edit.is_composing
    with qtbot.assertNotEmitted(pane.composer.asked):
        compose(pane, "", "里斯本")
        press(qtbot, pane, Qt.Key.Key_Return)
    assert pane.composer.draft() == "@里斯本"
    qtbot.waitUntil(lambda: not pane.composer.edit.is_composing)
    qtbot.waitUntil(lambda: [row.text for row in pane.mentions.list.rows] == ["里斯本行程"])
    press(qtbot, pane, Qt.Key.Key_Return)
    assert pane.composer.draft() == 'title:"里斯本行程" '


def test_enter_while_composing_takes_no_suggestion(qtbot, pane):
    type_words(qtbot, pane, "@t")
    wait_for_list(qtbot, pane)
    assert pane.mentions.list.current() is not None
    compose(pane, "li si ben")
    press(qtbot, pane, Qt.Key.Key_Return)
    press(qtbot, pane, Qt.Key.Key_Tab)
    assert pane.composer.draft() == "@t"


def test_backspace_takes_a_mention_out_whole(qtbot, pane):
    pane.composer.set_draft('when title:"Tickets and hotel"')
    press(qtbot, pane, Qt.Key.Key_Backspace)
    assert pane.composer.draft() == "when "
    type_words(qtbot, pane, "x")
    press(qtbot, pane, Qt.Key.Key_Backspace)
    assert pane.composer.draft() == "when "


def test_the_list_lies_above_the_input_inside_the_window(qtbot, pane):
    type_words(qtbot, pane, "@")
    wait_for_list(qtbot, pane)
    shown = pane.mentions.list
    top = pane.composer.mapTo(pane.window(), pane.composer.rect().topLeft()).y()
    assert shown.y() >= 0 and shown.geometry().bottom() <= top


def test_the_list_closes_when_the_field_is_left(qtbot, pane):
    type_words(qtbot, pane, "@")
    wait_for_list(qtbot, pane)
    pane.header.scope.setFocus()
    assert not pane.mentions.list.is_open


def test_a_draft_that_comes_back_opens_no_list(qtbot, pane, link):
    pane.header.scope.setFocus()
    pane.set_draft("see @Tick")
    assert link.sent_of(m.CompleteFilter) == []
    assert not pane.mentions.list.is_open
