"""What can be done with a note from tree, results and files, by menu and by keys."""

from __future__ import annotations

from pathlib import PurePath

import pathspec
import pytest
from fake_engine import FLIGHT, FakeLink
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QMenu

from assistant.desktop.common.dialogs import Question
from assistant.desktop.common.dragged_notes import mime_of, places_of
from assistant.desktop.library import library_view
from assistant.desktop.notes import note_actions
from assistant.desktop.shell.library_pane import LibraryPane
from assistant.domain.ignore_patterns import pattern_of, pattern_of_place
from assistant.ipc import engine_messages as m


def pick(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text().partition("\t")[0] == text).trigger()


def texts(menu: QMenu) -> list[str]:
    return [action.text().partition("\t")[0] for action in menu.actions() if not action.isSeparator()]


@pytest.fixture
def reading(qtbot, pane: LibraryPane) -> LibraryPane:
    """The tree with its first folder open and "Reading list.md" chosen."""
    root = pane.model.index(0, 0)
    with qtbot.waitSignal(pane.model.listed):
        pane.tree.expand(root)
    pane.tree.setCurrentIndex(pane.model.index(4, 0, root))
    pane.activateWindow()
    pane.tree.setFocus()
    return pane


def test_a_hit_offers_what_a_row_of_the_tree_offers(qtbot, reading, ready_client):
    of_tree = texts(reading.menu.build(reading.tree.current_node()))
    with qtbot.waitSignal(ready_client.finished):
        reading.search_field.setText("flight")
    qtbot.waitUntil(lambda: reading.results.view.model().rowCount() > 0)
    of_hit = texts(reading.results.build_menu(reading.results.view.model().index(0, 0)))
    both = {"Show", "Ask about this note", "Open in its own program", "Show in file manager", "Copy path", "Read again"}
    both |= {"Leave out of the library", "Forget this note…"}
    assert both <= set(of_tree)
    assert both <= set(of_hit)


def test_keys_act_on_the_chosen_row(qtbot, reading, qapp, link: FakeLink, monkeypatch):
    opened = []
    monkeypatch.setattr(note_actions, "open_document", lambda path: opened.append(path) is None)
    ctrl, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(reading.tree, Qt.Key.Key_C, ctrl | shift)
    assert qapp.clipboard().text().replace("\\", "/") == "/home/ada/My notes/Reading list.md"
    qtbot.keyClick(reading.tree, Qt.Key.Key_Return, ctrl)
    assert [path.replace("\\", "/") for path in opened] == ["/home/ada/My notes/Reading list.md"]
    qtbot.keyClick(reading.tree, Qt.Key.Key_F5)
    assert link.sent_of(m.RetryFile) == [m.RetryFile(1, "Reading list.md")]
    with qtbot.waitSignal(reading.ask_asked) as asked:
        qtbot.keyClick(reading.tree, Qt.Key.Key_A, ctrl | shift)
    assert asked.args[0].note == "Reading list.md"


def test_what_may_not_be_opened_says_where_it_lies(qtbot, reading, monkeypatch):
    monkeypatch.setattr(note_actions, "open_document", lambda _path: False)
    with qtbot.waitSignal(reading.failed) as failed:
        pick(reading.menu.build(reading.tree.current_node()), "Open in its own program")
    assert "Reading list.md" in failed.args[0]


def test_leaving_out_keeps_other_patterns_and_can_be_undone(qtbot, reading, link: FakeLink):
    link.settings = link.settings.__class__(ignore_patterns=("drafts/",))
    whole = str(PurePath("/home/ada/My notes", "Reading list.md"))
    place = pattern_of_place(whole, "Reading list.md", is_folder=False)
    with qtbot.waitSignal(reading.note_actions.excluded):
        pick(reading.menu.build(reading.tree.current_node()), "Leave out of the library")
    assert link.sent_of(m.ChangeSettings)[-1].values == {"ignore_patterns": ["drafts/", place]}
    assert reading.undo.isVisible()
    assert "Reading list.md" in reading.undo.text
    qtbot.mouseClick(reading.undo.undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(link.sent_of(m.ChangeSettings)) == 2)
    assert link.sent_of(m.ChangeSettings)[-1].values == {"ignore_patterns": ["drafts/"]}
    assert not reading.undo.isVisible()


def test_a_sub_folder_can_be_left_out_and_a_watched_one_is_removed_instead(qtbot, reading):
    root = reading.model.index(0, 0)
    below = texts(reading.menu.build(reading.model.node(reading.model.index(0, 0, root))))
    assert "Leave out of the library" in below
    assert "Open in its own program" not in below
    assert "Leave out of the library" not in texts(reading.menu.build(reading.model.node(root)))


@pytest.mark.parametrize(
    "path",
    ["plain.md", "[draft] what? *now*.md", "#tag.md", "!important.md", "ends with space ", "a\\b.md", "会议/预算.md"],
)
def test_a_pattern_means_one_path_alone(path: str):
    spec = pathspec.GitIgnoreSpec.from_lines([pattern_of(path, is_folder=False)])
    assert spec.match_file(path)
    assert not spec.match_file(f"other/{path}")
    assert not spec.match_file(path.replace("?", "x").replace("*", "x") + "x")


def test_a_folder_is_left_out_with_all_in_it():
    spec = pathspec.GitIgnoreSpec.from_lines([pattern_of("Work/Old", is_folder=True)])
    assert spec.match_file("Work/Old/deep/note.md")
    assert not spec.match_file("Work/Older/note.md")


def test_a_hit_is_forgotten_after_a_question(qtbot, reading, ready_client, link: FakeLink):
    reading.note_actions.ask_forget(FLIGHT)
    (question,) = reading.findChildren(Question)
    assert link.sent_of(m.ForgetNote) == []
    with qtbot.waitSignal(reading.forgotten):
        question.yes.click()
    assert link.sent_of(m.ForgetNote) == [m.ForgetNote(1, FLIGHT.note)]


def test_a_dragged_row_of_the_tree_is_its_file_or_folder(qtbot, reading):
    model, index = reading.model, reading.tree.currentIndex()
    data = model.mimeData([index])
    assert [url.toLocalFile() for url in data.urls()] == ["/home/ada/My notes/Reading list.md"]
    assert data.text() == "/home/ada/My notes/Reading list.md"
    assert model.supportedDragActions() == Qt.DropAction.CopyAction
    folder = model.mimeData([model.index(0, 0)])
    assert [url.toLocalFile() for url in folder.urls()] == ["/home/ada/My notes"]
    assert [(place.path, place.is_folder) for place in places_of(folder)] == [("", True)]
    assert mime_of([]) is None
    assert places_of(QMimeData()) == []


def test_a_row_of_the_tree_is_dragged_as_a_copy(qtbot, reading, monkeypatch):
    dragged = []
    monkeypatch.setattr(
        library_view.QDrag, "exec", lambda drag, actions: dragged.append((drag.mimeData().text(), actions))
    )
    for row in (reading.tree.currentIndex(), reading.model.index(0, 0)):
        start = reading.tree.visualRect(row).center()
        qtbot.mousePress(reading.tree.viewport(), Qt.MouseButton.LeftButton, pos=start)
        end = start + QPoint(60, 0)
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(end),
            QPointF(end),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        reading.tree.mouseMoveEvent(move)
        qtbot.mouseRelease(reading.tree.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert dragged == [
        ("/home/ada/My notes/Reading list.md", Qt.DropAction.CopyAction),
        ("/home/ada/My notes", Qt.DropAction.CopyAction),
    ]
