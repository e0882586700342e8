"""What is kept where is told, and nothing is cleared that was not asked about first."""

from __future__ import annotations

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from assistant.desktop.common.dialogs import Question
from assistant.desktop.settings.privacy_page import PrivacyPage
from assistant.domain.errors import BadRequestError, StoreUnavailableError
from assistant.ipc import engine_messages as m


def shown_text(widget: QWidget) -> str:
    return "\n".join(label.text().replace("\u200b", "") for label in widget.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def privacy(qtbot, ready_client, theme) -> PrivacyPage:
    made = PrivacyPage(ready_client, theme)
    qtbot.addWidget(made)
    made.resize(700, 900)
    made.show()
    made.open()
    qtbot.waitUntil(lambda: not ready_client.is_waiting and "Your chats" in shown_text(made))
    return made


def test_every_place_is_told_with_its_size(privacy, link: FakeLink):
    text = shown_text(privacy)
    for part in link.stored:
        assert part.path in text
    assert "212 MB" in text
    assert "Your chats" in text
    assert "Backups of your chats, the last seven" in text
    assert "The network is used for two things only, each when you press the button for it" in text


@pytest.mark.parametrize(
    ("what", "goes", "stays"),
    [
        ("chats", "3 chats with 7 questions, and 4 backups of them", "Your notes stay as they are."),
        ("index", "every note is read again", "Your chats, folders and settings stay."),
        ("everything", "3 chats with 7 questions, and 4 backups of them", "The models stay."),
    ],
)
def test_clearing_asks_with_what_goes_and_what_stays(qtbot, privacy, ready_client, link: FakeLink, what, goes, stays):
    qtbot.mouseClick(getattr(privacy, what), Qt.MouseButton.LeftButton)
    (question,) = privacy.findChildren(Question)
    assert goes in shown_text(question)
    assert stays in shown_text(question)
    assert question.no.hasFocus() or question.focusWidget() is question.no
    assert link.sent_of(m.ClearData) == []
    with qtbot.waitSignal(ready_client.finished, check_params_cb=lambda _id, body: isinstance(body, m.Cleared)):
        qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    assert link.sent_of(m.ClearData) == [m.ClearData(what)]
    assert any(word in privacy.result.text() for word in ("gone", "cleared"))
    qtbot.waitUntil(lambda: len(link.sent_of(m.ListStored)) == 2)


def test_cancelling_clears_nothing(qtbot, privacy, link: FakeLink):
    privacy.everything.click()
    (question,) = privacy.findChildren(Question)
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert link.sent_of(m.ClearData) == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BadRequestError(reason="answering"), "An answer is being written just now, so nothing was cleared."),
        (StoreUnavailableError(store="index", reason="held"), "The index cannot be used just now."),
    ],
)
def test_what_could_not_be_cleared_is_told(qtbot, privacy, ready_client, link: FakeLink, error, told):
    link.errors[m.ClearData] = error
    privacy.chats.click()
    (question,) = privacy.findChildren(Question)
    with qtbot.waitSignal(ready_client.failed):
        question.yes.click()
    assert told in privacy.result.text()
    assert privacy.chats.isEnabled()


def test_the_page_does_not_promise_that_nothing_is_ever_written(privacy):
    assert "writes nothing there unless you save an answer or an export there yourself" in shown_text(privacy)
