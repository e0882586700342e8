"""What appears while the keyboard is elsewhere is told to a screen reader: notices, ways back, results and troubles."""

from __future__ import annotations

import pytest
from fake_engine import FakeLink, sample_answer
from page_looks import opened, settle
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from assistant.desktop.chat.backups_dialog import BackupsDialog
from assistant.desktop.common import undo_bar
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_label
from assistant.desktop.common.dialogs import Question
from assistant.desktop.common.undo_bar import UndoBar
from assistant.desktop.models.downloads import Downloads
from assistant.desktop.models.models_page import ModelsPage
from assistant.desktop.models.pull_progress import PullBox
from assistant.desktop.models.side_by_side import SideBySide
from assistant.desktop.settings.privacy_page import PrivacyPage
from assistant.desktop.settings.settings_page import SettingsPage
from assistant.desktop.shell.notice_bar import NoticeBar
from assistant.domain.errors import Cancelled, StoreUnavailableError
from assistant.ipc import engine_messages as m

LEFT = Qt.MouseButton.LeftButton
NO_DISK = StoreUnavailableError(store="settings", reason="No space left on device")


@pytest.fixture
def box(qtbot, ready_client, link: FakeLink) -> PullBox:
    link.held.add(m.PullModel)
    downloads = Downloads(ready_client, ready_client)
    made = PullBox(downloads.of("qwen3-4b"), "Get it")
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_notice_is_said_when_it_appears_and_not_when_it_goes(qtbot, theme, said: list[str]):
    bar = NoticeBar(theme)
    qtbot.addWidget(bar)
    bar.say("The chat could not be renamed.")
    bar.say("")
    assert said == ["The chat could not be renamed."]


def test_nothing_is_told_where_nobody_listens(qtbot, theme):
    bar = NoticeBar(theme)
    qtbot.addWidget(bar)
    bar.say("Saved.")  # must not trip over the missing screen reader
    assert bar.text == "Saved."


def test_what_is_not_on_screen_is_said_by_its_window(qtbot, said: list[str], monkeypatch):
    window = make_label("A window")
    part = make_label("of it", parent=window)
    qtbot.addWidget(window)
    speakers: list[object] = []
    monkeypatch.setattr(
        "assistant.desktop.common.announcing.QAccessibleAnnouncementEvent",
        lambda speaker, _text: speakers.append(speaker),
    )
    monkeypatch.setattr("assistant.desktop.common.announcing.QAccessible.updateAccessibility", lambda _event: None)
    announce(part, "Done.")
    window.show()
    announce(part, "Done.")
    assert speakers == [window, part]


def test_a_way_back_is_said_and_stays_longer_for_who_hears_it(qtbot, said: list[str]):
    bar = UndoBar()
    qtbot.addWidget(bar)
    bar.offer("Chat deleted.")
    assert said == ["Chat deleted. It can be undone."]
    assert bar._timer.interval() == undo_bar.UNDO_HEARD_MS
    bar.withdraw()
    assert bar.isHidden()
    assert not bar._timer.isActive()


def test_the_end_of_clearing_is_said(qtbot, ready_client, theme, said: list[str]):
    page = opened(qtbot, ready_client, PrivacyPage(ready_client, theme))
    qtbot.mouseClick(page.index, LEFT)
    (question,) = page.findChildren(Question)
    qtbot.mouseClick(question.yes, LEFT)
    settle(qtbot, ready_client)
    assert said == ["Clearing…", page.result.text()]


def test_a_setting_that_is_refused_is_said(qtbot, ready_client, theme, link: FakeLink, said: list[str]):
    page = opened(qtbot, ready_client, SettingsPage(ready_client, theme))
    link.errors[m.ChangeSettings] = NO_DISK
    page.control("theme").setCurrentIndex(1)
    page.control("theme").activated.emit(1)
    settle(qtbot, ready_client)
    assert said == [page.trouble.text()]
    assert said[0]


def test_the_end_of_a_download_is_said_and_not_each_step(qtbot, ready_client, box: PullBox, link: FakeLink, said):
    qtbot.mouseClick(box.button, LEFT)
    request_id = link.last_id(m.PullModel)
    link.answer(request_id, m.PullProgress("fetching", 100, 200), last=False)
    link.answer(request_id, m.ModelsListed(link.models, "", ""))
    settle(qtbot, ready_client)
    assert said == ["The download is finished."]


@pytest.mark.parametrize("error", [Cancelled(), NO_DISK])
def test_a_download_that_ends_early_is_said(qtbot, ready_client, box: PullBox, link: FakeLink, said, error):
    qtbot.mouseClick(box.button, LEFT)
    request_id = link.last_id(m.PullModel)
    link.answer(request_id, m.PullProgress("fetching", 100, 200), last=False)
    link.fail(request_id, error)
    settle(qtbot, ready_client)
    assert said == [box.words]
    assert box.words


def test_each_of_two_models_is_said_when_it_has_answered(qtbot, ready_client, theme, link: FakeLink, said: list[str]):
    dialog = SideBySide(ready_client, theme, link.models[:2], link.models[0].name)
    qtbot.addWidget(dialog)
    dialog.show()
    link.held.add(m.CompareModels)
    dialog.question.setText("When do we fly?")
    qtbot.keyClick(dialog.question, Qt.Key.Key_Return)
    request_id = link.last_id(m.CompareModels)
    link.answer(request_id, m.ModelTried(0, text="It leaves"), last=False)
    link.answer(request_id, m.ModelTried(0, answer=sample_answer()), last=False)
    link.fail(request_id, NO_DISK)
    settle(qtbot, ready_client)
    assert said == [f"{dialog.columns[0].title}: 2 of 3 sentences are in your notes.", dialog.words.text()]


def test_what_happens_on_the_shelf_is_said(qtbot, ready_client, theme, link: FakeLink, said: list[str]):
    page = opened(qtbot, ready_client, ModelsPage(ready_client, theme))
    page._tell("Qwen3 4B writes your answers now.")
    link.errors[m.ListModels] = NO_DISK
    page.open()
    settle(qtbot, ready_client)
    assert said == ["Qwen3 4B writes your answers now.", page.trouble.text()]


def test_a_backup_that_was_made_is_said(qtbot, ready_client, theme, said: list[str]):
    holder = QWidget()
    qtbot.addWidget(holder)
    dialog = BackupsDialog(ready_client, theme, holder)
    dialog.show()
    dialog._on_make()
    settle(qtbot, ready_client)
    assert said == ["Backed up."]
