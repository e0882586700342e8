"""What was open comes back with the next start; what is gone or makes no sense does not stand in its way."""

from __future__ import annotations

import pytest
from fake_engine import FLIGHT, FakeLink
from kept_state import kept_state, wait_written
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from stand_ins import end

from assistant.desktop.chat.chat_empty import QUIET_MS
from assistant.desktop.shell.app import Desktop
from assistant.desktop.shell.session import OpenThings, open_things_from
from assistant.desktop.shell.three_panes import RIGHT
from assistant.desktop.shell.window_state import FILE_NAME, WindowState, is_reachable
from assistant.domain.library import LibraryCounts
from assistant.domain.settings import Settings
from assistant.ipc import engine_messages as m


@pytest.fixture
def start(qtbot, qapp, tmp_path):
    made: list[Desktop] = []

    def begin() -> tuple[Desktop, FakeLink]:
        link = FakeLink()
        link.settings = Settings(language="en")
        desktop = Desktop(qapp, tmp_path, link)
        made.append(desktop)
        desktop.window.resize(1300, 800)  # wider than the screen of the tests
        with qtbot.waitSignal(desktop.client.welcomed):
            desktop.start()
        qtbot.waitUntil(lambda: not desktop.client.is_waiting)
        return desktop, link

    yield begin
    for desktop in made[-1:]:
        end(desktop)


def test_chat_note_page_list_and_open_folders_come_back(qtbot, start):
    desktop, _ = start()
    window = desktop.window
    window.open_conversation(2)
    window.show_source(FLIGHT)
    window.library.switch.choose(1)
    model, tree = window.library.model, window.library.tree
    tree.expand(model.index(0, 0))
    qtbot.waitUntil(lambda: model.rowCount(model.index(0, 0)) > 0)
    tree.expand(model.index(0, 0, model.index(0, 0)))
    qtbot.waitUntil(lambda: not desktop.client.is_waiting)
    window.show_page(window.models_page)
    qtbot.waitUntil(lambda: not desktop.client.is_waiting)
    assert window.chat.conversation_id == 2
    end(desktop)

    desktop, link = start()
    window = desktop.window
    assert window.models_page.isVisible()
    assert window.chat.conversation_id == 2
    assert window.panes.is_open(RIGHT)
    assert [(asked.folder_id, asked.note) for asked in link.sent_of(m.OpenSource)] == [(1, FLIGHT.note)]
    assert window.library.switch.current == 1
    model, tree = window.library.model, window.library.tree
    window.library.switch.choose(0)  # a tree asks for its folders when it is seen
    qtbot.waitUntil(lambda: tree.isExpanded(model.index(0, 0, model.index(0, 0))))
    assert tree.isExpanded(model.index(0, 0))


def test_a_note_that_was_forgotten_or_closed_is_not_remembered(qtbot, start, tmp_path):
    desktop, _ = start()
    desktop.window.show_source(FLIGHT)
    desktop.window.library.forgotten.emit(FLIGHT, 0)
    desktop.window.save_state()
    assert "hotel" not in kept_state(tmp_path).open_things()


def test_clearing_everything_leaves_no_word_of_a_note_on_the_disk(qtbot, start, tmp_path):
    desktop, _ = start()
    window = desktop.window
    model, tree = window.library.model, window.library.tree
    tree.expand(model.index(0, 0))
    qtbot.waitUntil(lambda: model.rowCount(model.index(0, 0)) > 0)
    tree.expand(model.index(0, 0, model.index(0, 0)))
    qtbot.waitUntil(lambda: not desktop.client.is_waiting)
    window.show_source(FLIGHT)
    window.save_state()
    kept = tmp_path / FILE_NAME
    wait_written()
    assert "Travel" in kept.read_text()
    with qtbot.waitSignal(desktop.client.finished, check_params_cb=lambda _id, body: isinstance(body, m.Cleared)):
        desktop.client.request(m.ClearData("everything"))
    assert not window.panes.is_open(RIGHT)
    window.save_state()  # as when it is closed at once
    wait_written()
    assert "Travel" not in kept.read_text()
    assert not open_things_from(kept_state(tmp_path).open_things()).folders
    qtbot.waitUntil(lambda: not desktop.client.is_waiting)
    window.save_state()
    wait_written()
    assert "Travel" not in kept.read_text()


def test_a_chat_that_is_gone_leaves_an_empty_one(qtbot, start, tmp_path):
    WindowState(tmp_path).save_open_things(OpenThings(chat=999, note=(77, "gone.md"), page="no_page").as_text())
    wait_written()
    desktop, link = start()
    assert desktop.window.chat.conversation_id == 0
    assert desktop.window.chat.isVisible()
    assert link.sent_of(m.OpenSource) == []


# ---- before the engine has answered, at a start after the first ------------------------------------------------------


@pytest.fixture
def starting(qtbot, qapp, tmp_path):
    """A start with a library at the last one, and with chat 2 open then; the engine has not answered yet."""
    state = WindowState(tmp_path)
    state.save_library(had_library=True)
    state.save_open_things(OpenThings(chat=2).as_text())
    state.wait_written()
    link = FakeLink()
    link.settings = Settings(language="en")
    link.held.add(m.Hello)
    desktop = Desktop(qapp, tmp_path, link)
    desktop.window.resize(1300, 800)
    desktop.start()
    qtbot.waitUntil(desktop.window.isActiveWindow)
    yield desktop, link
    end(desktop)


def answer(qtbot, desktop: Desktop, link: FakeLink) -> None:
    with qtbot.waitSignal(desktop.client.welcomed):
        link.answer_held()
    qtbot.waitUntil(lambda: not desktop.client.is_waiting)


def test_a_question_begun_at_once_goes_on_in_the_chat_that_was_open(qtbot, starting):
    desktop, link = starting
    window = desktop.window
    edit = window.chat.composer.edit
    assert window.chat.isVisible()
    assert edit.hasFocus()
    qtbot.keyClicks(edit, "And how")
    answer(qtbot, desktop, link)
    assert window.chat.conversation_id == 2
    assert edit.hasFocus()
    qtbot.keyClicks(edit, " long?")
    assert window.chat.draft() == "And how long?"


def test_a_question_asked_at_once_is_answered_when_the_engine_is_there(qtbot, starting):
    desktop, link = starting
    chat = desktop.window.chat
    qtbot.keyClicks(chat.composer.edit, "When do we fly?")
    qtbot.keyClick(chat.composer.edit, Qt.Key.Key_Return)
    assert chat.is_answering
    answer(qtbot, desktop, link)
    qtbot.waitUntil(lambda: not chat.is_answering)
    assert [view.question for view in chat.column.views] == ["When do we fly?"]
    assert link.sent_of(m.OpenConversation) == []


def test_nothing_is_said_of_notes_or_models_that_are_not_known_yet(qtbot, starting):
    desktop, _ = starting
    chat = desktop.window.chat
    buttons = [
        button.text() for part in (chat, chat.header) for button in part.findChildren(QPushButton) if button.isVisible()
    ]
    said = " ".join([*visible_words(desktop), *buttons])
    assert not any(word in said for word in ("folder", "odel", "answered", "New chat")), said
    assert chat.header.title.text() == ""
    qtbot.waitUntil(lambda: "Opening your library…" in visible_words(desktop), timeout=3 * QUIET_MS)


def visible_words(desktop: Desktop) -> list[str]:
    return [label.text() for label in desktop.window.chat.findChildren(QLabel) if label.isVisible()]


def test_a_library_that_is_gone_leads_to_the_first_run_and_keeps_the_words(qtbot, starting):
    desktop, link = starting
    window = desktop.window
    qtbot.keyClicks(window.chat.composer.edit, "And how")
    link.folders, link.counts = (), LibraryCounts()
    answer(qtbot, desktop, link)
    assert window.first_run.isVisible()
    assert not window.header.isVisible()
    assert window.chat.draft() == "And how"


def test_an_engine_that_does_not_come_is_said_and_can_be_started_again(qtbot, starting):
    desktop, link = starting
    window = desktop.window
    qtbot.keyClicks(window.chat.composer.edit, "And how")
    with qtbot.waitSignal(desktop.client.health_changed, check_params_cb=lambda health: health.state == "broken"):
        link.die("broken", 3)
    assert window.starting.again.isVisible()
    assert not window.header.isVisible()
    link.held.clear()
    with qtbot.waitSignal(desktop.client.welcomed):
        qtbot.mouseClick(window.starting.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not desktop.client.is_waiting)
    assert window.chat.isVisible()
    assert window.header.isVisible()
    assert window.library.isVisible()
    assert window.chat.draft() == "And how"


def test_a_page_that_is_read_stays_when_the_engine_does_not_come(qtbot, starting):
    desktop, link = starting
    window = desktop.window
    window.show_page(window.settings_page)
    with qtbot.waitSignal(desktop.client.health_changed, check_params_cb=lambda health: health.state == "broken"):
        link.die("broken", 3)
    assert window.settings_page.isVisible()
    window.show_chat()
    assert window.starting.again.isVisible()


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"chat": "x"}', '{"chat": 1, "note": [1], "page": ""}'])
def test_what_makes_no_sense_is_as_good_as_nothing(text):
    assert open_things_from(text) == OpenThings()


def test_what_was_saved_is_read_again():
    things = OpenThings(3, (1, "旅行/里斯本, 2026.md"), "models_page", 1, ((1, ""), (1, "旅行")))
    assert open_things_from(things.as_text()) == things


def test_a_window_is_reachable_only_on_a_screen_that_exists(qapp):
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert is_reachable(QRect(screen.left() + 10, screen.top() + 10, 800, 600))
    assert not is_reachable(QRect(screen.right() + 500, screen.top(), 800, 600))
    assert not is_reachable(QRect(screen.left(), screen.bottom() + 5, 800, 600))
    assert not is_reachable(QRect(screen.right() - 20, screen.top() + 10, 800, 600))
