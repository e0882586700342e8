"""The window as a whole, with simple panes for chat and source: first run, drawers, keys, drops, and what is remembered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import FLIGHT, IDLE, FakeLink
from kept_state import kept_state
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel
from stand_ins import StandInChat, StandInSource

from assistant.desktop.chat.composer import Composer
from assistant.desktop.common.controls import IconButton
from assistant.desktop.common.dragged_notes import mime_of
from assistant.desktop.shell.main_window import MainWindow
from assistant.desktop.shell.three_panes import LEFT, RIGHT
from assistant.desktop.shell.window_parts import Panes, Places
from assistant.desktop.shell.window_state import FILE_NAME
from assistant.domain.answers import Conversation
from assistant.domain.errors import FolderUnavailableError
from assistant.domain.library import LibraryCounts
from assistant.ipc import engine_messages as m


def is_added(_request_id: int, body: object) -> bool:
    return isinstance(body, m.FolderAdded)


@pytest.fixture
def make_window(qtbot, client, theme, tmp_path):
    def make() -> MainWindow:
        chat, source = StandInChat(), StandInSource()
        places = Places(tmp_path, tmp_path / "samples")
        window = MainWindow(client, theme, kept_state(tmp_path), Panes(chat, chat, source, source), places)
        qtbot.addWidget(window)
        window.resize(1360, 860)
        window.show()
        return window

    return make


@pytest.fixture
def window(qtbot, client, make_window) -> MainWindow:
    made = make_window()
    with qtbot.waitSignal(client.welcomed):
        client.start()
    return made


@pytest.fixture
def empty_window(qtbot, client, link: FakeLink, make_window) -> MainWindow:
    link.folders, link.counts = (), LibraryCounts()
    made = make_window()
    with qtbot.waitSignal(client.welcomed):
        client.start()
    return made


# ---- start -----------------------------------------------------------------------------------------------------------


def test_before_the_engine_has_answered_nothing_is_claimed(qtbot, client, link: FakeLink, make_window):
    link.held.add(m.Hello)
    window = make_window()
    client.start()
    assert window.starting.isVisible()
    assert not window.library.isVisible()
    assert not window.first_run.isVisible()
    with qtbot.waitSignal(client.welcomed):
        link.held.clear()
        client.say_hello()
    assert window.chat.isVisible()
    assert window.library.isVisible()


def test_an_engine_that_does_not_start_can_be_started_again(qtbot, client, link: FakeLink, make_window):
    link.held.add(m.Hello)
    window = make_window()
    client.start()
    with qtbot.waitSignal(client.health_changed, check_params_cb=lambda health: health.state == "broken"):
        link.die("broken", 3)
    assert "safe" in window.starting.words.text()
    link.held.clear()
    with qtbot.waitSignal(client.welcomed):
        qtbot.mouseClick(window.starting.again, Qt.MouseButton.LeftButton)
    assert window.chat.isVisible()


def test_the_library_keeps_its_place_from_start_to_start(qtbot, window, make_window, link: FakeLink):
    window.close()
    again = make_window()
    assert again.library.isVisible()


# ---- first run -------------------------------------------------------------------------------------------------------


def test_without_folders_the_window_is_the_first_run_and_nothing_else(empty_window):
    assert empty_window.first_run.isVisible()
    assert not empty_window.library.isVisible()
    assert not empty_window.header.isVisible()


def test_a_page_opened_at_the_first_run_has_its_way_back(qtbot, empty_window):
    qtbot.mouseClick(empty_window.status_line.privacy, Qt.MouseButton.LeftButton)
    assert empty_window.privacy_page.isVisible()
    assert empty_window.header.back.text() == "Back to the start"
    qtbot.mouseClick(empty_window.header.back, Qt.MouseButton.LeftButton)
    assert empty_window.first_run.isVisible()
    assert not empty_window.header.isVisible()
    assert not empty_window.library.isVisible()


def test_escape_from_a_page_at_the_first_run_leads_to_the_first_run(qtbot, empty_window):
    qtbot.keyClick(empty_window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert empty_window.library.isVisible()
    qtbot.mouseClick(empty_window.header.left, Qt.MouseButton.LeftButton)
    assert not empty_window.library.isVisible()
    qtbot.mouseClick(empty_window.header.left, Qt.MouseButton.LeftButton)
    assert empty_window.library.isVisible()
    qtbot.keyClick(empty_window, Qt.Key.Key_Escape)
    assert empty_window.first_run.isVisible()
    assert not empty_window.library.isVisible()
    assert not empty_window.header.isVisible()


@pytest.mark.parametrize("news", ["an index at rest", "no folders still"])
def test_news_of_the_engine_leave_a_page_open_at_the_first_run(qtbot, empty_window, client, link: FakeLink, news):
    empty_window.show_page(empty_window.settings_page)
    with qtbot.waitSignal(client.noticed):
        if news == "an index at rest":
            link.move_index(IDLE)
        else:
            link.change_folders(())
    assert empty_window.settings_page.isVisible()
    assert empty_window.header.back.isVisible()


def test_a_first_folder_added_on_a_page_leaves_it_open_and_brings_the_library(qtbot, empty_window, client):
    empty_window.show_page(empty_window.models_page)
    with qtbot.waitSignal(client.finished, check_params_cb=is_added):
        empty_window.adding.add("/home/ada/My notes")
    qtbot.waitUntil(lambda: empty_window.library.isVisible())
    assert empty_window.models_page.isVisible()
    qtbot.keyClick(empty_window, Qt.Key.Key_Escape)
    assert empty_window.chat.isVisible()
    assert empty_window.header.isVisible()


def test_without_folders_old_chats_can_still_be_read(qtbot, empty_window):
    empty_window.open_conversation(2)
    assert empty_window.chat.isVisible()
    assert empty_window.header.isVisible()
    qtbot.keyClick(empty_window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert empty_window.first_run.isVisible()


def test_keys_lead_nowhere_before_the_engine_has_answered(qtbot, client, link: FakeLink, make_window):
    link.held.add(m.Hello)
    window = make_window()
    client.start()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.starting.isVisible()
    assert not window.first_run.isVisible()


def test_a_first_folder_turns_it_into_the_library_and_a_chat(qtbot, empty_window, client, link: FakeLink):
    with qtbot.waitSignal(client.finished, check_params_cb=is_added):
        empty_window.adding.add("/home/ada/My notes")
    qtbot.waitUntil(lambda: empty_window.library.isVisible())
    assert link.sent_of(m.AddFolder) == [m.AddFolder("/home/ada/My notes")]
    assert not empty_window.first_run.isVisible()
    assert empty_window.chat.isVisible()
    assert empty_window.chat.question.hasFocus()


def test_a_folder_given_before_the_engine_is_there_is_added_once_it_is(qtbot, client, link: FakeLink, make_window):
    window = make_window()
    window.adding.add("/home/ada/Later")
    assert link.sent_of(m.AddFolder) == []
    with qtbot.waitSignal(client.finished, check_params_cb=is_added):
        client.start()
    assert link.sent_of(m.AddFolder) == [m.AddFolder("/home/ada/Later")]


def test_a_folder_that_cannot_be_added_is_told_in_words(qtbot, window, client, link: FakeLink):
    link.errors[m.AddFolder] = FolderUnavailableError(path="/media/stick", reason="missing")
    with qtbot.waitSignal(client.failed):
        window.adding.add("/media/stick")
    assert window.notice.isVisible()
    assert "Your other folders are not affected." in window.notice.text
    qtbot.mouseClick(window.notice.close_button, Qt.MouseButton.LeftButton)
    assert not window.notice.isVisible()


# ---- panes -----------------------------------------------------------------------------------------------------------


def test_the_panes_have_their_sizes_and_the_source_opens_when_asked_for(qtbot, window):
    assert window.panes.is_open(LEFT)
    assert not window.panes.is_open(RIGHT)
    window.chat.source_requested.emit(FLIGHT)
    assert window.panes.is_open(RIGHT)
    assert window._source.shown == [FLIGHT]
    QApplication.processEvents()
    left, right = window.panes.widths()
    assert abs(left - 268) <= 2
    assert abs(right - 430) <= 2


def test_a_question_about_words_of_a_note_is_begun_in_the_chat_and_keeps_what_is_written(qtbot, window):
    window._source.ask_wanted.emit("About “two hours” in Lisbon.md: ", FLIGHT)
    assert window.chat.draft() == "About “two hours” in Lisbon.md: "
    window.chat.set_draft("Half a question")
    window._source.ask_wanted.emit("About “the key” in Lisbon.md: ", FLIGHT)
    assert window.chat.draft() == "Half a question\n\nAbout “the key” in Lisbon.md: "


def test_below_1000_px_the_source_is_a_drawer_that_escape_closes(qtbot, window):
    window.resize(900, 700)
    window.chat.source_requested.emit(FLIGHT)
    assert window.panes.is_drawer(RIGHT)
    assert not window.panes.is_drawer(LEFT)
    assert window._source.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window._source.isVisible()


def test_below_720_px_both_are_drawers_and_one_is_out_at_a_time(qtbot, window):
    window.resize(650, 500)
    assert window.panes.is_drawer(LEFT)
    assert not window.library.isVisible()
    window.panes.set_open(LEFT, True)
    assert window.library.isVisible()
    window.panes.set_open(RIGHT, True)
    assert window._source.isVisible()
    assert not window.library.isVisible()


def test_a_wide_window_gets_its_panes_back(qtbot, window):
    window.resize(650, 500)
    window.resize(1360, 860)
    QApplication.processEvents()
    assert window.library.isVisible()
    assert window.panes.splitter.count() == 3
    assert [window.panes.splitter.widget(place) for place in (0, 2)] == [window.library, window._source]
    assert abs(window.library.width() - 268) <= 2


def test_a_click_beside_a_drawer_closes_it(qtbot, window):
    window.resize(650, 500)
    window.panes.set_open(LEFT, True)
    qtbot.mouseClick(window.panes._scrim, Qt.MouseButton.LeftButton, pos=QPoint(600, 300))
    assert not window.panes.is_open(LEFT)


def test_the_window_can_be_as_small_as_640_by_480(window):
    window.resize(100, 100)
    assert (window.width(), window.height()) == (640, 480)


# ---- keys ------------------------------------------------------------------------------------------------------------


def test_ctrl_shift_f_searches_and_ctrl_l_writes_a_question(qtbot, window):
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_F, both)
    assert window.library.search_field.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.chat.question.hasFocus()


def test_ctrl_n_begins_a_new_chat(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.chat.new_chats == 1


def test_ctrl_comma_opens_the_settings_and_escape_leads_back(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert window.settings_page.isVisible()
    assert not window.chat.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.chat.isVisible()


def test_the_way_back_from_a_page_is_in_the_header(qtbot, window):
    window.show_page(window.privacy_page)
    assert window.header.back.text() == "Back to the chat"
    qtbot.mouseClick(window.header.back, Qt.MouseButton.LeftButton)
    assert window.chat.isVisible()


def test_escape_stops_an_answer(qtbot, window):
    window.chat.is_answering = True
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.chat.stops == 1


def test_f6_goes_round_the_panes(qtbot, window):
    window.chat.focus_question()
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert window.library.search_field.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert window.chat.question.hasFocus()


# ---- conversations ---------------------------------------------------------------------------------------------------


def test_a_chosen_chat_is_opened_and_marked(qtbot, window, link: FakeLink):
    window.show_page(window.settings_page)
    window.library.conversation_chosen.emit(2)
    assert window.chat.opened == [2]
    assert window.chat.isVisible()


def test_deleting_the_open_chat_leads_to_an_empty_one(qtbot, window):
    window.open_conversation(2)
    window.library.conversation_deleted.emit(3)
    assert window.chat.new_chats == 0
    window.library.conversation_deleted.emit(2)
    assert window.chat.new_chats == 1


def test_the_list_of_chats_follows_a_new_conversation(qtbot, window, client, link: FakeLink):
    link.conversations = (Conversation(9, "A new one", 1.0, 2.0, 1), *link.conversations)
    with qtbot.waitSignal(window.library.chats.model.modelReset):
        window.chat.conversation_changed.emit(9)
    assert window.library.chats.view.currentIndex().data() == "A new one"


def test_words_without_a_hit_become_a_question_in_a_new_chat(window):
    window.library.question_asked.emit("zeppelin")
    assert window.chat.new_chats == 1
    assert window.chat.asked == ["zeppelin"]


def test_the_chat_learns_of_library_and_model(qtbot, window, client, link: FakeLink):
    assert window.chat.model == ("smollm2-135m", "SmolLM2 135M")
    assert window.chat.folders == link.folders
    with qtbot.waitSignal(client.noticed):
        link.notice(m.ModelChanged("qwen3-4b", "Qwen3 4B", "e5"))
    assert window.chat.model == ("qwen3-4b", "Qwen3 4B")


# ---- dropping --------------------------------------------------------------------------------------------------------


def mime(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag_over(widget, data: QMimeData) -> QDragEnterEvent:
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, buttons, keys)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event


def let_go(window: MainWindow, data: QMimeData) -> None:
    # Not sent through the application: it delivers drops only to the target of a drag that the system has begun.
    window.overlay.dropEvent(drop_of(data))


def drop_of(data: QMimeData) -> QDropEvent:
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, buttons, keys)


def test_a_dragged_folder_is_announced_and_added(qtbot, window, tmp_path, link: FakeLink):
    folder = tmp_path / "Recipes"
    folder.mkdir()
    data = mime(folder)
    drag_over(window, data)
    assert window.overlay.isVisible()
    assert "Recipes" in window.overlay.title.text()
    let_go(window, data)
    assert not window.overlay.isVisible()
    assert [Path(request.path) for request in link.sent_of(m.AddFolder)] == [folder]


def test_a_note_that_is_dragged_within_the_window_is_not_added_again(qtbot, window, tmp_path):
    data = mime_of([replace(FLIGHT, note_path=str(tmp_path))])
    drag_over(window, data)
    assert not window.overlay.isVisible()
    drag_over(window.library.search_field, data)
    assert not window.overlay.isVisible()


def test_a_note_that_is_let_go_where_a_question_is_written_is_to_be_asked(qtbot, window):
    composer = Composer(window._theme, window)
    composer.show()
    window.overlay.watch()
    data = mime_of([FLIGHT])
    assert drag_over(composer.edit.viewport(), data).isAccepted()
    assert not window.overlay.isVisible()
    with qtbot.waitSignal(composer.edit.places_dropped) as dropped:
        composer.edit.dropEvent(drop_of(data))
    assert [(place.folder_id, place.path) for place in dropped.args[0]] == [(FLIGHT.folder_id, FLIGHT.note)]
    assert composer.edit.toPlainText() == ""


def test_files_of_other_programs_are_not_for_the_question(window, tmp_path):
    composer = Composer(window._theme, window)
    composer.show()
    window.overlay.watch()
    folder = tmp_path / "Recipes"
    folder.mkdir()
    drag_over(composer.edit.viewport(), mime(folder))
    assert window.overlay.isVisible()


def test_asking_about_a_note_keeps_what_is_being_written(qtbot, window):
    window.chat.set_draft("Compare this with")
    window.library.ask_asked.emit(FLIGHT)
    assert window.chat.draft() == "Compare this with"
    assert window.chat.only == [FLIGHT.note]
    assert window.chat.question.hasFocus()


def test_one_click_shows_what_has_changed(qtbot, window):
    qtbot.mouseClick(window.library.changes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.library_page.changes.model.rowCount() == 3)
    assert window.library_page.changes.view.isVisible()


def test_a_drag_over_a_text_field_is_for_the_window(qtbot, window, tmp_path):
    folder = tmp_path / "Recipes"
    folder.mkdir()
    drag_over(window.library.search_field, mime(folder))
    assert window.overlay.isVisible()


def test_what_cannot_be_read_is_refused_beforehand(qtbot, window, tmp_path, link: FakeLink):
    film = tmp_path / "film.mp4"
    film.write_bytes(b"")
    data = mime(film)
    drag_over(window, data)
    assert "cannot read" in window.overlay.title.text()
    let_go(window, data)
    assert link.sent_of(m.AddFolder) == []


def test_a_dropped_model_is_looked_at_for_the_shelf(qtbot, window, tmp_path, link: FakeLink):
    model = tmp_path / "tiny.gguf"
    model.write_bytes(b"GGUF")
    data = mime(model)
    drag_over(window, data)
    let_go(window, data)
    assert [Path(request.path) for request in link.sent_of(m.InspectModel)] == [model]
    assert window.models_page.isVisible()


# ---- what is remembered, and what is named -----------------------------------------------------------------------------


def test_sizes_and_open_panes_are_remembered(qtbot, window, make_window):
    window.chat.source_requested.emit(FLIGHT)
    window.panes.splitter.setSizes([320, 600, 440])
    window.resize(1300, 800)
    QApplication.processEvents()
    width = window.library.width()
    window.close()
    again = make_window()
    again.resize(1300, 800)
    QApplication.processEvents()
    assert again.panes.is_open(RIGHT)
    assert abs(again.library.width() - width) <= 2


@pytest.mark.parametrize(
    "text",
    ['{"panes": "oops,-4", "open": "yes", "geometry": "zz", "scale": "wide", "theme": 7}', "[1]", '{"panes": "1', ""],
)
def test_a_damaged_window_file_is_as_good_as_none(qtbot, tmp_path, make_window, text):
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    window = make_window()
    assert window.panes.is_open(LEFT)
    assert kept_state(tmp_path).look() == ("system", 1.0, "comfortable", "system")


def test_every_label_shows_names_as_they_are(window):
    rich = [label.text() for label in window.findChildren(QLabel) if label.textFormat() is not Qt.TextFormat.PlainText]
    assert [text for text in rich if text] == []


def test_every_icon_button_has_a_name(window):
    assert all(button.accessibleName() for button in window.findChildren(IconButton))
