"""A running download belongs to the whole window: wherever it was started, it can be seen, paused and stopped, and not thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import DEFAULT_FOLDERS, FakeLink
from page_looks import has_button, settle, shown_text
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from stand_ins import end

from assistant.desktop.models.downloads import Downloads
from assistant.desktop.models.model_card import ModelCard
from assistant.desktop.models.models_page import ModelsPage
from assistant.desktop.models.pull_progress import PullBox
from assistant.desktop.shell.app import Desktop
from assistant.domain.errors import Cancelled, DownloadError
from assistant.ipc import engine_messages as m

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def link() -> FakeLink:
    """Nobody has chosen a folder yet, no model is here, and a download takes until the test ends it."""
    made = FakeLink()
    made.folders = ()
    made.models = tuple(replace(entry, installed=False, fetch_bytes=100_000_000) for entry in made.models)
    made.held.add(m.PullModel)
    return made


@pytest.fixture
def desktop(qtbot, qapp: QApplication, tmp_path: Path, link: FakeLink) -> Iterator[Desktop]:
    made = Desktop(qapp, tmp_path, link)
    with qtbot.waitSignal(made.client.welcomed):
        made.start()
    settle(qtbot, made.client)
    yield made
    end(made)


def start_at_the_first_run(qtbot, desktop: Desktop, link: FakeLink) -> int:
    box = desktop.window.first_run.pull
    assert box.button.isVisible()
    qtbot.mouseClick(box.button, LEFT)
    tell(qtbot, desktop, link)
    return link.last_id(m.PullModel)


def tell(qtbot, desktop: Desktop, link: FakeLink, done: int = 43_000_000) -> None:
    with qtbot.waitSignal(desktop.client.event_arrived):
        link.answer(link.last_id(m.PullModel), m.PullProgress("fetching", done, 100_000_000), last=False)


def on_the_models_page(qtbot, desktop: Desktop) -> ModelsPage:
    page = desktop.window.models_page
    desktop.window.show_page(page)
    qtbot.waitUntil(lambda: bool(page.findChildren(ModelCard)))
    QApplication.processEvents()
    return page


def smol(page: ModelsPage) -> ModelCard:
    return next(card for card in page.findChildren(ModelCard) if card.entry.name == "smollm2-135m")


def test_a_download_begun_at_the_first_run_goes_on_in_sight_when_a_folder_is_chosen(
    qtbot, desktop: Desktop, link: FakeLink
):
    request_id = start_at_the_first_run(qtbot, desktop, link)
    link.change_folders(DEFAULT_FOLDERS)
    qtbot.waitUntil(lambda: not desktop.window.first_run.isVisible())
    box = on_the_models_page(qtbot, desktop).starter
    assert box.isVisible()
    assert box.words == "43 MB of 100 MB"
    assert box.pause.isVisible()
    assert not box.discard.isVisible()
    qtbot.mouseClick(box.pause, LEFT)
    assert link.cancelled == [request_id]
    with qtbot.waitSignal(desktop.client.failed):
        link.fail(request_id, Cancelled())
    assert box.button.text() == "Go on"
    assert link.sent_of(m.DropPull) == []


def test_the_line_at_the_bottom_tells_of_a_download_and_leads_to_it(qtbot, desktop: Desktop, link: FakeLink):
    line = desktop.window.status_line
    assert not line.fetching.isVisible()
    request_id = start_at_the_first_run(qtbot, desktop, link)
    assert line.fetching.isVisible()
    assert line.fetching.text() == "Fetching a model · 43 %"
    qtbot.mouseClick(line.fetching, LEFT)
    assert desktop.window.models_page.isVisible()
    with qtbot.waitSignal(desktop.client.failed):
        link.fail(request_id, Cancelled())
    assert not line.fetching.isVisible()


def test_a_download_goes_on_in_sight_in_another_language(qtbot, desktop: Desktop, link: FakeLink):
    request_id = start_at_the_first_run(qtbot, desktop, link)
    old = desktop.window
    with qtbot.waitSignal(desktop.client.welcomed):
        old.settings_page._change("language", "zh")
    tell(qtbot, desktop, link, 60_000_000)
    box = on_the_models_page(qtbot, desktop).starter
    assert desktop.window is not old
    assert "60 MB" in box.words
    qtbot.mouseClick(box.stop, LEFT)
    assert link.cancelled == [request_id]
    with qtbot.waitSignal(desktop.client.failed):
        link.fail(request_id, Cancelled())
    qtbot.waitUntil(lambda: link.sent_of(m.DropPull) == [m.DropPull("starter")])


def test_what_comes_with_the_starter_models_is_neither_fetched_twice_nor_thrown_away(
    qtbot, desktop: Desktop, link: FakeLink
):
    link.models = tuple(replace(e, partial_bytes=5_000_000 if e.is_starter else 0) for e in link.models)
    start_at_the_first_run(qtbot, desktop, link)
    card = smol(on_the_models_page(qtbot, desktop))
    assert "Another download fetches it already." in shown_text(card)
    for words in ("Get it", "Go on", "Discard"):
        assert not has_button(card, words)
    with qtbot.waitSignal(desktop.client.failed):
        link.fail(link.last_id(m.PullModel), DownloadError(name="smollm2", reason="no-network"))
    assert has_button(card, "Go on")


def test_stopping_what_waits_for_another_download_of_the_same_throws_nothing_away(qtbot, ready_client, link: FakeLink):
    downloads = Downloads(ready_client, ready_client)
    with qtbot.waitSignal(ready_client.finished):
        ready_client.send(m.ListModels())
    one, starter = downloads.of("smollm2-135m"), downloads.of("starter")
    one.start()
    starter.start()
    starter.stop()
    with qtbot.waitSignal(ready_client.failed):
        link.fail(link.last_id(m.PullModel), Cancelled())
    assert not starter.is_running
    starter.discard()
    assert link.sent_of(m.DropPull) == []
    one.stop()
    with qtbot.waitSignal(ready_client.failed):
        link.fail(link.last_id(m.PullModel) - 1, Cancelled())
    assert link.sent_of(m.DropPull) == [m.DropPull("smollm2-135m")]


def test_two_boxes_of_one_download_say_the_same(qtbot, ready_client, link: FakeLink):
    download = Downloads(ready_client, ready_client).of("starter")
    boxes = [PullBox(download, "Get the starter models") for _ in range(2)]
    for box in boxes:
        qtbot.addWidget(box)
        box.show()
    qtbot.mouseClick(boxes[0].button, LEFT)
    assert [box.words for box in boxes] == ["Starting"] * 2
    qtbot.mouseClick(boxes[1].stop, LEFT)
    assert not boxes[0].stop.isEnabled()
    with qtbot.waitSignal(ready_client.failed):
        link.fail(link.last_id(m.PullModel), DownloadError(name="smollm2", reason="no-network"))
    assert len(link.sent_of(m.PullModel)) == 1
    assert not any(box.is_busy for box in boxes)
