"""Which notes are asked: chosen by mouse or keys, kept for each conversation, told under the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FLIGHT, FakeLink
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QPushButton

from assistant.desktop.chat.chat_pane import ChatPane
from assistant.desktop.chat.scope_remark import ScopeRemark
from assistant.desktop.common.dragged_notes import mime_of
from assistant.domain.answers import AskScope
from assistant.domain.documents import Document, NoteFormat
from assistant.ipc import engine_messages as m

NOTE = "Travel/Lisbon 2026.md"
OPENED = m.SourceOpened(
    1, NOTE, f"/home/ada/My notes/{NOTE}", "Lisbon in June", Document("", NoteFormat.MARKDOWN), -1, -1
)


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


def offered(pane: ChatPane) -> list[str]:
    return [action.text() for action in pane.header.scope.fill_menu().actions() if not action.isSeparator()]


def choose(pane: ChatPane, text: str) -> None:
    actions: list[QAction] = pane.header.scope.fill_menu().actions()
    next(action for action in actions if action.text() == text).trigger()


def asked(link: FakeLink) -> AskScope:
    return link.sent_of(m.Ask)[-1].scope


def remark(pane: ChatPane) -> str:
    found = pane.column.views[-1].findChildren(ScopeRemark)
    return found[0].findChildren(QLabel)[0].text() if found else ""


def test_without_a_choice_all_notes_are_asked_and_nothing_is_said_of_it(pane, qtbot, link):
    ask(qtbot, pane)
    assert not asked(link)
    assert pane.header.scope.text() == "All notes"
    assert remark(pane) == ""


def test_the_open_note_and_its_folder_can_be_asked_alone(pane, qtbot, link):
    pane.set_open_note(OPENED)
    assert "This note: Lisbon in June" in offered(pane)
    choose(pane, "This note: Lisbon in June")
    ask(qtbot, pane)
    assert asked(link) == AskScope(notes=((1, NOTE),), names=("Lisbon in June",))
    assert pane.header.scope.text() == "Lisbon in June"
    assert remark(pane) == "Only asked: “Lisbon in June”"
    choose(pane, "This folder: Travel")
    ask(qtbot, pane)
    assert asked(link) == AskScope(folders=((1, "Travel"),), names=("Travel",))


def test_a_note_that_is_closed_is_no_longer_this_note(pane):
    pane.set_open_note(OPENED)
    pane.forget_open_note()
    assert "This note: Lisbon in June" not in offered(pane)
    assert "Lisbon in June" in offered(pane)


def test_folders_and_notes_are_put_together(pane, qtbot, link):
    pane.set_open_note(OPENED)
    folder = link.folders[0]
    choose(pane, folder.name)
    choose(pane, "Lisbon in June")
    assert pane.header.scope.text() == "2 places"
    ask(qtbot, pane)
    assert (asked(link).folders, asked(link).notes) == (((folder.id, ""),), ((1, NOTE),))
    assert remark(pane) == f"Only asked: “{folder.name}”, “Lisbon in June”"
    choose(pane, folder.name)
    assert pane.header.scope.scope == AskScope(notes=((1, NOTE),), names=("Lisbon in June",))


def test_the_notes_of_the_last_answer_can_be_asked(pane, qtbot, link):
    one, other = link.answer_made.passages[0], replace(link.answer_made.passages[1], note="Money/budget.md")
    link.answer_made = replace(link.answer_made, passages=(one, other))
    ask(qtbot, pane)
    choose(pane, "The 2 notes of the last answer")
    ask(qtbot, pane, "And then?")
    assert asked(link).notes == ((one.folder_id, one.note), (other.folder_id, other.note))


def test_each_conversation_keeps_its_own_choice(pane, qtbot, link):
    pane.set_open_note(OPENED)
    choose(pane, "This note: Lisbon in June")
    ask(qtbot, pane)
    first = pane.conversation_id
    assert pane.header.scope.text() == "Lisbon in June"
    pane.new_chat()
    assert pane.header.scope.text() == "All notes"
    link.conversations = (replace(link.conversations[0], id=first), *link.conversations[1:])
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(link.conversations[1].id)
    assert pane.header.scope.text() == "All notes"
    with qtbot.waitSignal(pane.conversation_changed):
        pane.open_conversation(first)
    assert pane.header.scope.text() == "Lisbon in June"


def test_a_folder_that_is_gone_is_asked_no_longer(pane, qtbot, link):
    choose(pane, link.folders[0].name)
    pane.set_library_state(link.counts, link.folders[1:])
    assert pane.header.scope.text() == "All notes"


def test_where_nothing_is_found_all_notes_are_one_key_away(pane, qtbot, link):
    pane.set_open_note(OPENED)
    choose(pane, "This note: Lisbon in June")
    link.answer_made = replace(link.answer_made, text="", refused=True, quote=None)
    ask(qtbot, pane)
    button = pane.column.views[-1].findChildren(ScopeRemark)[0].findChild(QPushButton)
    assert button.text() == "Ask all notes"
    refused = pane.column.views[-1].turn_id
    with qtbot.waitSignal(pane.stopped):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert not asked(link)
    assert link.sent_of(m.Ask)[-1].replace_turn == refused
    assert pane.header.scope.text() == "All notes"


def test_an_answer_found_in_its_scope_offers_nothing_more(pane, qtbot, link):
    pane.set_open_note(OPENED)
    choose(pane, "This note: Lisbon in June")
    ask(qtbot, pane)
    assert pane.column.views[-1].findChildren(ScopeRemark)[0].findChild(QPushButton) is None


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_is_opened_and_left_by_keys(pane, qtbot, link):
    chip = pane.header.scope
    chip.setFocus()
    qtbot.keyClick(chip, Qt.Key.Key_Down)
    menu = chip._menu
    assert menu.isVisible() and menu.activeAction().text() == "All notes"
    assert chip.accessibleName() == "Notes that are asked: All notes"
    qtbot.keyClick(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()


def test_asking_about_a_note_asks_that_one_alone_and_keeps_what_is_written(pane, qtbot, link):
    pane.set_draft("What is in it?")
    pane.ask_only([FLIGHT])
    assert pane.draft() == "What is in it?"
    ask(qtbot, pane, "What is in it?")
    assert asked(link).notes == ((FLIGHT.folder_id, FLIGHT.note),)


def test_a_forgotten_note_is_neither_asked_nor_offered(pane, qtbot, link):
    pane.set_open_note(OPENED)
    choose(pane, "This note: Lisbon in June")
    pane.forget_note(1, NOTE)
    assert not any("Lisbon in June" in text for text in offered(pane))
    ask(qtbot, pane)
    assert not asked(link)


def test_a_folder_that_is_let_go_over_the_input_is_asked_alone(pane, qtbot, link):
    folder = replace(FLIGHT, note="Travel", note_path="/home/ada/My notes/Travel", title="Travel", text="")
    pane.composer.edit.insertFromMimeData(mime_of([], [folder]))
    ask(qtbot, pane)
    assert asked(link) == AskScope(folders=((1, "Travel"),), names=("Travel",))
