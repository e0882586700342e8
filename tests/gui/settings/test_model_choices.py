"""Another model is chosen in the settings as safely as on the models' page: loaded first, and the old one stays where that fails."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import Qt

from assistant.desktop.common.dialogs import Question
from assistant.desktop.settings.model_row import ModelRow
from assistant.desktop.settings.settings_page import SettingsPage
from assistant.domain.errors import Cancelled, ModelUnavailableError
from assistant.domain.models import ModelRole
from assistant.ipc import engine_messages as m


@pytest.fixture
def models(link: FakeLink) -> dict[ModelRole, list[str]]:
    """Two of each kind are installed. Their names, the one in use first."""
    link.models = tuple(replace(entry, installed=True) for entry in link.models)
    chats, embedders = (
        [entry for entry in link.models if entry.role is role] for role in (ModelRole.CHAT, ModelRole.EMBEDDER)
    )
    if len(embedders) < 2:
        embedders.append(replace(embedders[0], name="other-embedder", title="Other embedder"))
        link.models = (*link.models, embedders[-1])
    link.chat_model, link.embedder = chats[0].name, embedders[0].name
    return {ModelRole.CHAT: [entry.name for entry in chats], ModelRole.EMBEDDER: [entry.name for entry in embedders]}


def choose(qtbot, page: SettingsPage, key: str, name: str) -> ModelRow:
    row = page.rows[key]
    row.box.setCurrentIndex(row.box.findData(name))
    return row


def settled(qtbot, page: SettingsPage) -> None:
    qtbot.waitUntil(lambda: not page._client.is_waiting)


def test_the_one_in_use_is_shown(models, page):
    assert page.rows["use_chat_model"].box.currentData() == models[ModelRole.CHAT][0]
    assert page.rows["use_embedder"].box.currentData() == models[ModelRole.EMBEDDER][0]


def test_another_chat_model_is_loaded_before_it_counts(qtbot, models, page, link: FakeLink):
    link.held.add(m.UseModel)
    other = models[ModelRole.CHAT][1]
    row = choose(qtbot, page, "use_chat_model", other)
    assert link.sent_of(m.UseModel) == [m.UseModel(other)]
    assert link.sent_of(m.ChangeSettings) == []
    assert row.note.text() == "Loading it to see whether it works…"
    assert not row.box.isEnabled()
    link.chat_model = other
    link.answer(link.last_id(m.UseModel), m.Done())
    settled(qtbot, page)
    assert row.note.text().endswith("writes your answers now.")
    assert row.box.currentData() == other
    assert row.box.isEnabled()


def test_one_that_fails_says_why_and_the_old_one_is_shown_again(qtbot, models, page, link: FakeLink):
    link.errors[m.UseModel] = ModelUnavailableError(model="Other", reason="crashed-loading")
    row = choose(qtbot, page, "use_chat_model", models[ModelRole.CHAT][1])
    settled(qtbot, page)
    assert "The one in use stays in use." in row.note.text()
    assert row.box.currentData() == models[ModelRole.CHAT][0]


def test_loading_can_be_stopped(qtbot, models, page, link: FakeLink):
    link.held.add(m.UseModel)
    row = choose(qtbot, page, "use_chat_model", models[ModelRole.CHAT][1])
    qtbot.mouseClick(row.stop, Qt.MouseButton.LeftButton)
    assert link.cancelled == [link.last_id(m.UseModel)]
    link.fail(link.last_id(m.UseModel), Cancelled())
    settled(qtbot, page)
    assert row.note.text() == ""
    assert row.box.currentData() == models[ModelRole.CHAT][0]


def test_another_embedder_is_asked_about_first(qtbot, models, page, link: FakeLink):
    other = models[ModelRole.EMBEDDER][1]
    row = choose(qtbot, page, "use_embedder", other)
    (question,) = page.window().findChildren(Question)
    assert link.sent_of(m.UseModel) == []
    qtbot.mouseClick(question.no, Qt.MouseButton.LeftButton)
    assert row.box.currentData() == models[ModelRole.EMBEDDER][0]
    qtbot.waitUntil(lambda: not page.window().findChildren(Question))
    choose(qtbot, page, "use_embedder", other)
    (question,) = page.window().findChildren(Question)
    qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    settled(qtbot, page)
    assert link.sent_of(m.UseModel) == [m.UseModel(other)]
    assert row.box.currentData() == other


def test_without_a_model_the_box_says_so(qtbot, link: FakeLink, request):
    link.models = ()
    page: SettingsPage = request.getfixturevalue("page")
    row = page.rows["use_chat_model"]
    assert row.box.currentText() == "No model yet"
    assert not row.box.isEnabled()
