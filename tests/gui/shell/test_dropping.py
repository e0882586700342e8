"""What is dragged over the window is looked at once, and no field of any page takes it for text."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from assistant.desktop.shell import drop_overlay
from assistant.desktop.shell.main_window import MainWindow

BUTTONS, KEYS, COPY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction


@pytest.fixture
def files(tmp_path: Path) -> QMimeData:
    data = QMimeData()
    for number in range(3):
        (tmp_path / f"{number}.md").touch()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / f"{number}.md")) for number in range(3)])
    return data


def enter(widget: QWidget, data: QMimeData) -> None:
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(50, 50), COPY, data, BUTTONS, KEYS))


def test_the_disk_is_asked_once_for_all_moves_of_a_drag(qtbot, whole_window, files, monkeypatch):
    looked: list[Path] = []
    kind_of = drop_overlay._kind_of
    monkeypatch.setattr(drop_overlay, "_kind_of", lambda path: looked.append(path) or kind_of(path))
    overlay = whole_window.overlay
    enter(whole_window, files)
    enter(overlay, files)
    for x in range(20):
        move = QDragMoveEvent(QPoint(x, 50), COPY, files, BUTTONS, KEYS)
        overlay.dragMoveEvent(move)
        assert move.isAccepted()
    with qtbot.waitSignal(overlay.dropped) as dropped:
        overlay.dropEvent(QDropEvent(QPointF(50, 50), COPY, files, BUTTONS, KEYS))
    assert [Path(path).name for path in dropped.args[0].notes] == ["0.md", "1.md", "2.md"]
    assert len(looked) == 3


def test_another_drag_is_looked_at_anew(qtbot, whole_window, files, tmp_path):
    overlay = whole_window.overlay
    enter(whole_window, files)
    overlay.dragLeaveEvent(QDragLeaveEvent())
    for file in tmp_path.glob("*.md"):
        file.unlink()
    enter(whole_window, files)
    move = QDragMoveEvent(QPoint(5, 50), COPY, files, BUTTONS, KEYS)
    overlay.dragMoveEvent(move)
    assert not move.isAccepted()


@pytest.mark.parametrize("field", ["search of the settings", "system prompt", "mirror of the models"])
def test_a_field_of_a_page_made_later_takes_no_dropped_file(qtbot, whole_window: MainWindow, files, field: str):
    if field == "mirror of the models":
        whole_window.show_page(whole_window.models_page)
        target = whole_window.models_page.mirror.field
    else:
        whole_window.show_page(whole_window.settings_page)
        page = whole_window.settings_page
        target = page.search if field.startswith("search") else page.control("system_prompt_en").edit.viewport()
    qtbot.waitUntil(lambda: not whole_window.overlay._late.isActive())
    enter(target, files)
    assert whole_window.overlay.isVisible()
