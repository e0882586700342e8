"""Paths are broken where the line ends, and leave the window as they are."""

from __future__ import annotations

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from assistant.desktop.common.path_label import PathLabel
from assistant.desktop.settings.folders_box import FoldersBox
from assistant.desktop.settings.privacy_page import PrivacyPage

PATH = "/home/ada/2024/3333333333/66666666666/My notes"


@pytest.fixture
def label(qtbot) -> PathLabel:
    made = PathLabel(PATH, "small")
    qtbot.addWidget(made)
    made.resize(120, 200)
    made.show()
    QApplication.clipboard().clear()
    return made


def test_a_path_is_wrapped_where_no_space_is(label):
    assert label.heightForWidth(130) >= 3 * label.fontMetrics().height()


def test_keys_copy_the_path_as_it_is(label, qtbot):
    label.setSelection(0, len(label.text()))
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == PATH


def test_a_part_of_it_is_copied_as_it_is(label, qtbot):
    label.setSelection(0, len("/\u200bhome/\u200bada"))
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "/home/ada"


def test_the_menu_copies_the_path_as_it_is(label):
    (copy,) = label.menu().actions()
    copy.trigger()
    assert QApplication.clipboard().text() == PATH
    label.setSelection(0, len("/\u200bhome"))
    copy, whole = label.menu().actions()
    assert (copy.text(), whole.text()) == ("Copy", "Copy the whole path")
    copy.trigger()
    assert QApplication.clipboard().text() == "/home"


def test_a_press_on_what_is_selected_begins_a_new_selection(label, qtbot):
    label.setSelection(0, len(label.text()))
    qtbot.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(10, 8))
    assert not label.hasSelectedText()


def test_the_pages_show_their_paths_so(qtbot, ready_client, theme, link: FakeLink):
    privacy, folders = PrivacyPage(ready_client, theme), FoldersBox(ready_client)
    for widget in (privacy, folders):
        qtbot.addWidget(widget)
    privacy.open()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    assert {label.path for label in privacy.findChildren(PathLabel)} == {part.path for part in link.stored}
    assert {label.path for label in folders.findChildren(PathLabel)} == {folder.path for folder in link.folders}
