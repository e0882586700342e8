"""What the window shows while another model for finding by meaning is being prepared, and how it is chosen and given up."""

from __future__ import annotations

import pytest

from assistant.desktop.common.dialogs import Question
from assistant.desktop.library.work_panel import WorkPanel
from assistant.desktop.models.model_card import ModelCard
from assistant.desktop.models.models_page import ModelsPage
from assistant.domain.library import IndexProgress, LibraryCounts, Renewal
from assistant.domain.models import ModelRole, ShelfEntry
from assistant.ipc import engine_messages as m
from tests.gui.fake_engine import FakeLink

COUNTS = LibraryCounts(notes=40, ready=40, chunks=200, embedded=200)
IDLE = IndexProgress("idle", 40, 40)
OTHER = ShelfEntry(
    "other-embedder", "Other embedder", ModelRole.EMBEDDER, ("en", "zh"), "MIT", 10**8, 10**8, True, "", "/m/other.gguf", is_user=True
)  # fmt: skip


@pytest.fixture
def panel(qtbot, ready_client, theme) -> WorkPanel:
    panel = WorkPanel(ready_client, theme)
    qtbot.addWidget(panel)
    return panel


def renewal(stage: str, done: int, total: int, left_s: float | None = None) -> Renewal:
    return Renewal("other-embedder", IndexProgress(stage, done, total, left_s=left_s), "multilingual-e5-small")


def test_it_says_how_far_it_is_and_that_search_goes_on(panel: WorkPanel) -> None:
    panel.show_progress(IDLE, COUNTS, renewal("reading", 10, 40))
    assert not panel.isHidden()
    assert "10 of 40 notes" in panel.text
    panel.show_progress(IDLE, COUNTS, renewal("embedding", 50, 200, left_s=600))
    assert "25 %" in panel.text
    assert "search goes on as before" in panel.text.lower()
    assert not panel.keep_button.isHidden()


def test_what_is_done_for_the_index_in_use_comes_first(panel: WorkPanel) -> None:
    panel.show_progress(IndexProgress("reading", 1, 2), COUNTS, renewal("embedding", 50, 200))
    assert "1 of 2 notes" in panel.text
    assert not panel.keep_button.isHidden()


def test_when_it_is_done_nothing_is_left_of_it(panel: WorkPanel) -> None:
    panel.show_progress(IDLE, COUNTS, renewal("embedding", 50, 200))
    panel.show_progress(IDLE, COUNTS)
    assert panel.isHidden()
    assert panel.keep_button.isHidden()


def test_it_can_be_given_up(qtbot, panel: WorkPanel, link: FakeLink) -> None:
    panel.show_progress(IDLE, COUNTS, renewal("embedding", 50, 200))
    panel.keep_button.click()
    qtbot.waitUntil(lambda: link.sent_of(m.CancelRenewal) == [m.CancelRenewal()])
    qtbot.waitUntil(panel.keep_button.isEnabled)


def test_another_embedder_is_chosen_after_a_word_about_what_it_takes(
    qtbot, ready_client, link: FakeLink, theme
) -> None:
    link.models = (*link.models, OTHER)
    page = ModelsPage(ready_client, theme)
    qtbot.addWidget(page)
    page.open()
    qtbot.waitUntil(lambda: bool(cards(page)))
    cards(page)[0].use.click()
    (question,) = page.findChildren(Question)
    assert link.sent_of(m.UseModel) == []
    assert "Other embedder" in question.windowTitle()
    question.yes.click()
    qtbot.waitUntil(lambda: link.sent_of(m.UseModel) == [m.UseModel("other-embedder")])


def cards(page: ModelsPage) -> list[ModelCard]:
    return [card for card in page.findChildren(ModelCard) if card.entry.name == OTHER.name]
