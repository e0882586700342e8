"""The palette over the whole window: what it finds, how it is driven by keys, and where it leads."""

from __future__ import annotations

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from assistant.desktop.shell.main_window import MainWindow
from assistant.desktop.shell.palette import Palette
from assistant.desktop.shell.palette_entries import Kind
from assistant.desktop.shell.palette_rows import spoken
from assistant.ipc import engine_messages as m

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot, whole_window: MainWindow) -> MainWindow:
    whole_window.resize(1200, 800)
    qtbot.waitUntil(whole_window.isActiveWindow)
    return whole_window


@pytest.fixture
def palette(qtbot, window: MainWindow) -> Palette:
    """Open, with the chats it knows."""
    found = window.finding.palette
    window.chat.question.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    qtbot.waitUntil(lambda: any(entry.kind is Kind.CHAT for entry in window.finding._sources.entries()))
    return found


def type_words(qtbot, palette: Palette, words: str) -> None:
    palette.field.setText(words)
    qtbot.waitUntil(lambda: not palette._sources._pause.isActive())
    sent = palette._sources._client
    qtbot.waitUntil(lambda: not sent.is_waiting)


def titles(palette: Palette) -> list[str]:
    return [entry.title for entry in palette.rows]


def test_ctrl_k_opens_it_with_its_field_ready_and_escape_gives_the_focus_back(qtbot, window, palette):
    assert palette.isVisible()
    assert palette.field.hasFocus()
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert window.chat.question.hasFocus()


def test_ctrl_k_closes_it_again(qtbot, window, palette):
    qtbot.keyClick(palette.field, Qt.Key.Key_K, CONTROL)
    assert not palette.isVisible()


def test_at_rest_it_lists_what_can_be_done_with_its_keys(window, palette):
    rows = {entry.title: entry for entry in palette.rows}
    assert rows["New chat"].keys == "Ctrl+N"
    assert {entry.kind for entry in palette.rows} == {Kind.ACTION}
    assert "Add a folder" in rows


def test_an_action_is_done_by_enter(qtbot, window, palette):
    palette.field.setText("new ch")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.chat.new_chats == 1
    assert not palette.isVisible()


def test_the_about_page_is_in_the_palette_and_in_the_menu(qtbot, window, palette):
    palette.field.setText("about")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.about_page.isVisible()
    window.show_chat()
    (action,) = [action for action in window.header.menu.menu().actions() if action.text() == "About Elephant"]
    action.trigger()
    assert window.about_page.isVisible()
    assert window.page_name() == "about_page"


def test_what_was_chosen_is_first_the_next_time(qtbot, window, palette):
    palette.field.setText("priv")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.privacy_page.isVisible()
    window.finding.open()
    assert titles(palette)[0] == "Privacy"


def test_notes_are_found_by_name_and_opened(qtbot, window, palette, link: FakeLink):
    type_words(qtbot, palette, "hotel")
    assert link.sent_of(m.ListFiles)[-1].query.name == "hotel"
    entry = palette.rows[0]
    assert (entry.kind, entry.title, entry.detail) == (Kind.NOTE, "Tickets and hotel.pdf", "Travel")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    shown = window._source.shown[-1]
    assert (shown.folder_id, shown.note) == (1, "Travel/Tickets and hotel.pdf")
    assert shown.note_path == "/home/ada/My notes/Travel/Tickets and hotel.pdf"


def test_chats_are_found_by_their_titles_and_opened(qtbot, window, palette):
    type_words(qtbot, palette, "roofer")
    chat = next(entry for entry in palette.rows if entry.kind is Kind.CHAT)
    assert chat.title == "What did the roofer say about the chimney?"
    palette.view.setCurrentIndex(palette._model.index(palette.rows.index(chat), 0))
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.chat.opened == [1]


def test_a_folder_below_a_watched_one_lists_its_notes(qtbot, window, palette, link: FakeLink):
    type_words(qtbot, palette, "hou")
    assert link.sent_of(m.CompleteFilter)[-1].key == "folder"
    folder = next(entry for entry in palette.rows if entry.kind is Kind.FOLDER)
    assert (folder.title, folder.detail) == ("House", "Its notes")
    palette.view.setCurrentIndex(palette._model.index(palette.rows.index(folder), 0))
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.library.search_field.text() == "folder:House "
    assert window.library.search_field.hasFocus()
    qtbot.waitUntil(lambda: link.sent_of(m.SearchNotes) != [])


def test_a_watched_folder_is_no_folder_below_itself(qtbot, window, palette):
    type_words(qtbot, palette, "my no")
    assert [entry.title for entry in palette.rows if entry.kind is Kind.FOLDER] == ["My notes"]


def test_a_folder_is_shown_in_the_tree(qtbot, window, palette):
    palette.field.setText("papers")
    assert (palette.current().kind, palette.current().title) == (Kind.FOLDER, "Papers")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.library.tree.hasFocus()
    assert window.library.tree.currentIndex().data() == "Papers"
    assert window.library.tree.isExpanded(window.library.tree.currentIndex())


def test_a_setting_is_shown_on_its_page_with_the_focus(qtbot, window, palette):
    palette.field.setText("text size")
    assert palette.current().kind is Kind.SETTING
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.settings_page.isVisible()
    assert window.settings_page.control("font_scale").hasFocus()


def test_chinese_is_found_by_its_characters_and_by_the_first_letters_of_their_sounds(qtbot, window, palette):
    for typed in ("预算", "sydys"):
        type_words(qtbot, palette, typed)
        assert "三月的预算是多少？" in titles(palette)


def test_what_comes_later_and_fits_better_is_taken_unless_the_keys_have_chosen(qtbot, window, palette):
    palette.field.setText("roof")
    assert palette.current().kind is Kind.CHAT
    qtbot.waitUntil(lambda: palette.current().kind is Kind.NOTE)
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    chosen = palette.current()
    palette._sources.changed.emit()
    assert palette.current() == chosen


def test_the_appearance_is_changed_from_it(qtbot, window, palette, link: FakeLink):
    palette.field.setText("dark app")
    with qtbot.waitSignal(window.settings_changed) as changed:
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert changed.args[0].theme == "dark"


def test_nothing_found_is_said(qtbot, window, palette):
    type_words(qtbot, palette, "zeppelin")
    assert palette.rows == ()
    assert palette.nothing.isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_arrows_and_tab_walk_round_the_list_and_the_focus_stays_in_the_field(qtbot, window, palette):
    first = palette.current()
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.current() == palette.rows[1]
    qtbot.keyClick(palette.field, Qt.Key.Key_Tab)
    assert palette.current() == palette.rows[2]
    qtbot.keyClick(palette.field, Qt.Key.Key_Backtab)
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.current() == first
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.current() == palette.rows[-1]
    assert palette.field.hasFocus()


def test_each_row_is_said_with_its_role(qtbot, window, palette, said: list[str]):
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert said == [spoken(palette.rows[1])]
    assert ", Action, " in said[0]
    palette.field.setText("papers")
    assert said[-1].startswith("1 found. Papers, Folder")
    row = QAccessible.queryAccessibleInterface(palette.view).child(0)
    assert row.text(QAccessible.Text.Name).startswith("Papers, Folder")


def test_a_shortcut_pressed_over_it_closes_it(qtbot, window, palette):
    qtbot.keyClick(palette.field, Qt.Key.Key_Comma, CONTROL)
    assert window.settings_page.isVisible()
    assert not palette.isVisible()


def test_a_deleted_chat_is_no_longer_among_the_recent(qtbot, window, palette):
    type_words(qtbot, palette, "roofer")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.recent == ((Kind.CHAT, "1"),)
    window.library.conversation_deleted.emit(1)
    assert palette.recent == ()


def test_it_fits_a_small_window(qtbot, window, palette):
    window.resize(640, 480)
    assert palette.rect() == window.rect()
    assert palette._panel.geometry().right() < 640
    assert palette._panel.geometry().bottom() < 480


def test_a_click_beside_it_closes_it(qtbot, window, palette):
    qtbot.mouseClick(palette, Qt.MouseButton.LeftButton, pos=palette.rect().bottomLeft())
    assert not palette.isVisible()


def test_the_menu_and_the_palette_hold_the_same_actions(window, palette):
    known = set(window.commands.all())
    menu = {action for action in window.header.menu.menu().actions() if not action.isSeparator()}
    assert menu < known
    assert known <= set(window.actions())
    shortcuts = [action.shortcut().toString() for action in known if not action.shortcut().isEmpty()]
    assert len(shortcuts) == len(set(shortcuts))
    assert all(action.objectName() for action in known)
