"""The real window on the real engine: searching, narrowing, ordering, news and leaving out, on files that change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from assistant.desktop.client.engine_link import ProcessEngineLink
from assistant.desktop.search.hits import Hit
from assistant.desktop.shell.app import Desktop
from assistant.desktop.shell.main_window import MainWindow
from assistant.domain.answers import Passage
from assistant.domain.search import FilterKey
from assistant.ipc.supervisor import own_command

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PATIENCE_MS = 40_000


@pytest.fixture
def desktop(qapp: QApplication, tmp_path: Path) -> Iterator[Desktop]:
    data = tmp_path / "data"
    data.mkdir()
    made = Desktop(
        qapp, data, ProcessEngineLink(own_command("_engine", "--data-dir", str(data), log_path=data / "engine.log"))
    )
    yield made
    made.close()
    made.window.close()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "Choosing a roof.md").write_text("We chose slate for the roof in the end.", "utf-8")
    (folder / "预算.md").write_text("三月預算討論：机票和酒店。", "utf-8")
    (folder / "Roof photo.pdf").write_bytes(b"%PDF-1.4 nothing to be read")
    return folder


def hits(window: MainWindow) -> list[Hit]:
    model = window.library.results.view.model()
    return [model.index(row, 0).data(model.HIT_ROLE) for row in range(model.rowCount())]


def titles(window: MainWindow) -> list[str]:
    return [hit.title for hit in hits(window)]


def test_searching_narrowing_and_news(qtbot, desktop: Desktop, notes: Path) -> None:
    window, client = desktop.window, desktop.client

    def until(holds: Callable[[], bool]) -> None:
        qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    with qtbot.waitSignal(client.welcomed, timeout=PATIENCE_MS):
        desktop.start()
    window.show()
    window.adding.add(str(notes))
    until(lambda: window._counts.notes == 3 and window._counts.queued == 0)
    field, words = window.library.search_field, window.library.results.view.model()

    field.setText("choose")
    until(lambda: "Choosing a roof.md" in titles(window))
    assert {"chose", "choosing"} <= set(words.words)
    field.setText("预算")
    until(lambda: titles(window)[:1] == ["预算.md"])
    assert "預算" in words.words

    field.setText("roof")
    until(lambda: titles(window)[:1] == ["Choosing a roof.md"] and "Roof photo.pdf" in titles(window))
    assert next(hit for hit in hits(window) if hit.title == "Roof photo.pdf").file is not None
    window.library.sorting.restore("", "newest")
    until(lambda: titles(window) == ["Choosing a roof.md", "Roof photo.pdf"] and bool(hits(window)[0].date))
    menu = field.build_menu().submenu(FilterKey.STATE)
    next(action for action in menu.actions() if action.text() == "Not read").trigger()
    until(lambda: titles(window) == ["Roof photo.pdf"])
    assert [chip.text for chip in window.library.filters.chips] == ["State: unread"]

    field.clear()
    (notes / "Choosing a roof.md").rename(notes / "The roof.md")
    (notes / "New.md").write_text("Something new.", "utf-8")
    (notes / "预算.md").unlink()
    window.ways.show_changes()
    model = window.library_page.changes.model
    until(lambda: model.rowCount() == 3)
    news = {model.change(model.index(row, 0)).note: model.change(model.index(row, 0)).kind.value for row in range(3)}
    assert news == {"The roof.md": "renamed", "New.md": "added", "预算.md": "removed"}

    (folder,) = window.finding._folders
    left_out = Passage(folder.id, "New.md", str(Path(folder.path, "New.md")), "", "", 0, 0, 0.0)
    window.library.note_actions._excluding.exclude(left_out, is_folder=False)
    until(window.library.undo.isVisible)
    until(lambda: window._counts.notes == 2)
    window.library.undo.undo.click()
    until(lambda: window._counts.notes == 3 and window._counts.queued == 0)
    field.setText("something")
    until(lambda: titles(window) == ["New.md"])
