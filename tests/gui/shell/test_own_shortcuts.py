"""The user gives the window's commands other keys: they count at once and after a restart, a clash is told, and there is a way back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from assistant.desktop.settings.key_row import KeyRow
from assistant.desktop.settings.settings_page import SettingsPage
from assistant.desktop.shell.actions import KeyHint, WindowActions
from assistant.desktop.shell.main_window import MainWindow
from assistant.desktop.shell.palette_sources import _action_entry
from assistant.domain.settings import Settings
from assistant.ipc import engine_messages as m

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def actions(qtbot) -> WindowActions:
    window = QWidget()
    qtbot.addWidget(window)
    return WindowActions(window)


@pytest.fixture
def page(qtbot, ready_client, theme, actions, link: FakeLink) -> SettingsPage:
    """The page in a window with its commands, put together as the main window does."""
    made = SettingsPage(ready_client, theme, actions.parent())
    made.settings_changed.connect(lambda settings: actions.choose_keys(settings.shortcuts))
    made.resize(900, 800)
    made.window().resize(900, 800)
    made.window().show()
    made.open()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    return made


def row_of(page: SettingsPage, name: str) -> KeyRow:
    return page.shortcuts.key_row(name)


def press(qtbot, page: SettingsPage, name: str, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> KeyRow:
    """As somebody does it by keyboard: to the field, Space, and the key."""
    row = row_of(page, name)
    row.field.setFocus()
    QTest.keyClick(row.field, Qt.Key.Key_Space)
    QTest.keyClick(row.field, key, modifiers)
    qtbot.waitUntil(lambda: not page._client.is_waiting)
    return row


def keys(action: QAction) -> str:
    return action.shortcut().toString()


# ---- in the whole window ---------------------------------------------------------------------------------------------


def test_another_key_counts_at_once_and_the_old_one_no_longer(qtbot, whole_window: MainWindow, link: FakeLink, client):
    window = whole_window
    window.activateWindow()
    window.show_page(window.settings_page)
    qtbot.waitUntil(lambda: not client.is_waiting)
    press(qtbot, window.settings_page, "new-chat", Qt.Key.Key_T, CTRL)
    assert link.settings.shortcuts == ("new-chat=Ctrl+T",)
    before = window.chat.new_chats
    QTest.keyClick(window, Qt.Key.Key_N, CTRL)
    assert window.chat.new_chats == before
    QTest.keyClick(window, Qt.Key.Key_T, CTRL)
    assert window.chat.new_chats == before + 1
    press(qtbot, window.settings_page, "left-pane", Qt.Key.Key_F9)
    assert window.header.left.toolTip() == "Library (F9)"


def test_own_keys_are_there_after_a_restart(qtbot, link: FakeLink, client, theme, tmp_path, request):
    link.settings = replace(link.settings, shortcuts=("new-chat=Ctrl+T", "palette="))
    window: MainWindow = request.getfixturevalue("whole_window")
    assert keys(window.commands.new_chat) == "Ctrl+T"
    assert keys(window.commands.palette) == ""
    assert keys(window.commands.settings) == "Ctrl+,"


# ---- changing --------------------------------------------------------------------------------------------------------


def test_the_list_the_palette_and_tooltips_show_the_new_key(qtbot, page, actions, theme):
    from assistant.desktop.common.controls import IconButton

    button = IconButton(theme, "more", "New chat", page)
    KeyHint(button, actions.new_chat)
    assert button.toolTip() == "New chat (Ctrl+N)"
    row = press(qtbot, page, "new-chat", Qt.Key.Key_F7, ALT)
    assert row.field.text() == "Alt+F7"
    assert row.field.accessibleDescription().startswith("Alt+F7")
    assert button.toolTip() == "New chat (Alt+F7)"
    assert _action_entry(actions.new_chat).keys == "Alt+F7"
    page.search.setText("alt+f7")
    page.open()
    assert row_of(page, "new-chat").isVisible()


def test_a_command_without_a_key_can_be_given_one(qtbot, page, actions, link: FakeLink):
    assert row_of(page, "models").field.text() == "No key"
    press(qtbot, page, "models", Qt.Key.Key_M, CTRL | ALT)
    assert keys(actions.models) == "Ctrl+Alt+M"
    press(qtbot, page, "models", Qt.Key.Key_Backspace)
    assert keys(actions.models) == ""
    assert link.settings.shortcuts == ()


def test_keys_for_writing_are_refused_and_it_goes_on_waiting(qtbot, page, actions, link):
    row = row_of(page, "new-chat")
    row.field.click()
    for key, modifiers, told in (
        (Qt.Key.Key_A, NONE, "this one is for writing"),
        (Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier, "this one is for writing"),
        (Qt.Key.Key_C, CTRL, "Fields need Ctrl+C for text"),
        (Qt.Key.Key_Right, CTRL, "Fields need Ctrl+Right"),
    ):
        QTest.keyClick(row.field, key, modifiers)
        assert told in row.note.text()
        assert row.field.is_waiting
    assert link.sent_of(m.ChangeSettings) == []
    QTest.keyClick(row.field, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: keys(actions.new_chat) == "F7")
    assert not row.note.isVisible()


def test_escape_tab_and_leaving_change_nothing(qtbot, page, actions, link: FakeLink):
    for leave in (Qt.Key.Key_Escape, Qt.Key.Key_Tab):
        row = press(qtbot, page, "new-chat", leave)
        assert not row.field.is_waiting
        assert row.field.text() == "Ctrl+N"
    row.field.click()
    page.search.setFocus()
    assert not row.field.is_waiting
    assert link.sent_of(m.ChangeSettings) == []


def test_walking_over_a_field_takes_no_key(qtbot, page, actions, link: FakeLink):
    row = row_of(page, "new-chat")
    row.field.setFocus()
    QTest.keyClick(row.field, Qt.Key.Key_T, CTRL)
    assert keys(actions.new_chat) == "Ctrl+N"
    assert link.sent_of(m.ChangeSettings) == []


# ---- clashes ---------------------------------------------------------------------------------------------------------


def test_a_clash_names_the_command_and_can_be_settled_on_the_spot(qtbot, page, actions, link: FakeLink):
    row = press(qtbot, page, "new-chat", Qt.Key.Key_K, CTRL)
    assert row.note.text() == "“Go to anything” has Ctrl+K."
    assert row.field.text() == "Ctrl+N"
    assert link.sent_of(m.ChangeSettings) == []
    qtbot.mouseClick(row.instead, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: keys(actions.new_chat) == "Ctrl+K")
    assert keys(actions.palette) == ""
    assert row_of(page, "palette").field.text() == "No key"
    assert not row.note.isVisible()
    assert not row.instead.isVisible()


def test_a_key_of_one_pane_cannot_be_taken(qtbot, page, actions, link: FakeLink):
    find = QShortcut(QKeySequence("Ctrl+F"), page)
    find.setWhatsThis("Find in this note")
    row = press(qtbot, page, "new-chat", Qt.Key.Key_F, CTRL)
    assert row.note.text() == "“Find in this note” has Ctrl+F. Choose another key."
    assert not row.instead.isVisible()
    assert link.sent_of(m.ChangeSettings) == []


def test_the_key_for_every_program_cannot_be_taken(qtbot, page, ready_client, link: FakeLink):
    link.settings = replace(link.settings, quick_ask_keys="Ctrl+Alt+Q")
    page.open()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    row = press(qtbot, page, "new-chat", Qt.Key.Key_Q, CTRL | ALT)
    assert "Quick question from every program" in row.note.text()
    press(qtbot, page, "quick-ask", Qt.Key.Key_Q, CTRL | ALT)
    assert link.settings.shortcuts == ("quick-ask=Ctrl+Alt+Q",)


# ---- the way back ----------------------------------------------------------------------------------------------------


def test_one_key_is_brought_back_by_mouse(qtbot, page, actions, link: FakeLink):
    row = press(qtbot, page, "palette", Qt.Key.Key_Backspace)
    assert keys(actions.palette) == ""
    assert row.reset.isVisible()
    qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: keys(actions.palette) == "Ctrl+K")
    assert link.settings.shortcuts == ()
    assert not row.reset.isVisible()


def test_a_shipped_key_that_another_command_has_by_now_is_told(qtbot, page, actions):
    press(qtbot, page, "new-chat", Qt.Key.Key_F7)
    press(qtbot, page, "models", Qt.Key.Key_N, CTRL)
    row = row_of(page, "new-chat")
    qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    assert row.note.text() == "“Models” has Ctrl+N."
    assert keys(actions.new_chat) == "F7"


def test_all_keys_are_brought_back_at_once_by_mouse(qtbot, page, actions, link: FakeLink):
    assert not page.shortcuts.reset_all.isVisible()
    for name in ("palette", "settings", "quit", "new-chat"):
        press(qtbot, page, name, Qt.Key.Key_Backspace)
    assert [keys(action) for action in (actions.palette, actions.settings, actions.quit)] == ["", "", ""]
    qtbot.mouseClick(page.shortcuts.reset_all, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: keys(actions.palette) == "Ctrl+K")
    assert keys(actions.settings) == "Ctrl+,"
    assert link.settings.shortcuts == ()
    assert not page.shortcuts.reset_all.isVisible()


def test_nonsense_in_the_file_leaves_every_command_its_key(actions):
    shipped = {action.objectName(): keys(action) for action in actions.all()}
    actions.choose_keys(("", "=", "new-chat", "new-chat=Nonsense", "left-pane=Ctrl+K, Ctrl+B", "no-such=Ctrl+J"))
    assert {action.objectName(): keys(action) for action in actions.all()} == shipped


def test_two_commands_with_one_key_in_the_file_are_not_both_dead(actions):
    actions.choose_keys(("new-chat=Ctrl+K", "models=Ctrl+K"))
    assert [keys(action) for action in actions.all() if keys(action) == "Ctrl+K"] == ["Ctrl+K"]


def test_what_another_version_knows_is_kept(qtbot, page, ready_client, link: FakeLink):
    link.settings = replace(link.settings, shortcuts=("of-a-later-version=Ctrl+Alt+9",))
    page.open()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    press(qtbot, page, "new-chat", Qt.Key.Key_F7)
    assert set(link.settings.shortcuts) == {"of-a-later-version=Ctrl+Alt+9", "new-chat=F7"}


def test_shipped_keys_are_all_different_and_none_is_needed_by_fields(actions):
    from assistant.desktop.settings.key_rules import why_not

    shipped = [action.shortcut() for action in actions.all() if not action.shortcut().isEmpty()]
    assert len({sequence.toString() for sequence in shipped}) == len(shipped)
    assert [why_not(sequence[0]) for sequence in shipped] == [""] * len(shipped)
    assert Settings().shortcuts == ()
