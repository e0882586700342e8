"""What was open comes back with the next start; what is gone or makes no sense does not stand in its way."""

from __future__ import annotations

import pytest
from fake_engine import FLIGHT, FakeLink
from kept_state import kept_state, wait_written
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from stand_ins import end

from assistant.desktop.shell.app import Desktop
from assistant.desktop.shell.session import OpenThings, open_things_from
from assistant.desktop.shell.three_panes import RIGHT
from assistant.desktop.shell.window_state import FILE_NAME, WindowState, is_reachable
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
