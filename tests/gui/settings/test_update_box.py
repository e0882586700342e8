"""Whom the button asks is told before it is pressed; what came of it stands there in words."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from fake_engine import FakeLink
from page_looks import has_button, settle, shown_text
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices

from assistant.cli.words import RELEASE_REASONS
from assistant.desktop.common.links import LinkQuestion
from assistant.desktop.settings.update_box import UpdateBox
from assistant.desktop.settings.update_words import why_not_known
from assistant.domain.errors import Cancelled, InternalError, ReleaseCheckError
from assistant.domain.releases import VARIABLE, ReleaseNews, ReleaseState
from assistant.ipc.release_messages import CheckForUpdate

LEFT = Qt.MouseButton.LeftButton
ADDRESS = "https://forge.example/elephant/releases/latest"
PAGE = "https://forge.example/elephant/releases/2.0"
NEWER = ReleaseNews(ReleaseState.NEWER, "1.0", "2.0", PAGE, "Reads tables.\n<b>Starts</b> faster.")


def make(qtbot, client, theme) -> UpdateBox:
    box = UpdateBox(client, theme)
    qtbot.addWidget(box)
    box.resize(640, 400)
    box.show()
    return box


@pytest.fixture
def box(qtbot, ready_client, theme, monkeypatch) -> UpdateBox:
    monkeypatch.setenv(VARIABLE, ADDRESS)
    return make(qtbot, ready_client, theme)


def press(qtbot, box: UpdateBox, client) -> None:
    qtbot.mouseClick(box.check, LEFT)
    settle(qtbot, client)


def test_before_it_is_pressed_it_says_whom_it_would_ask_and_asks_nobody(
    qtbot, box, theme, ready_client, link: FakeLink
):
    told = shown_text(box).replace("\u200b", "")
    assert "Elephant never looks for new versions by itself." in told
    assert "sends nothing but the request for that page:" in told
    assert ADDRESS in told
    assert ADDRESS in box.check.accessibleDescription()
    theme.choose("dark", 1.0)
    settle(qtbot, ready_client)
    assert link.sent_of(CheckForUpdate) == []
    assert not box.cancel.isVisible()
    assert not box.get.isVisible()


def test_the_newest_version_is_told_with_the_time_it_was_asked_for(qtbot, box, ready_client, said):
    press(qtbot, box, ready_client)
    assert re.fullmatch(r"This is the newest version \(1\.0, checked today at \d\d:\d\d\)\.", box.result.text())
    assert said == [box.result.text()]
    assert not has_button(box, "Open the download page")
    assert not box.notes.isVisible()
    assert box.check.isVisible()


def test_a_newer_version_comes_with_what_is_new_as_plain_text(qtbot, box, ready_client, link: FakeLink, said):
    link.release = NEWER
    press(qtbot, box, ready_client)
    assert box.result.text() == "Version 2.0 is there. This is version 1.0."
    assert box.notes.toPlainText() == NEWER.notes
    assert box.notes.isReadOnly()
    assert box.notes.accessibleName() == "What is new in version 2.0"
    assert said == ["Version 2.0 is there. This is version 1.0."]


def test_the_download_page_is_shown_in_full_and_opened_only_when_accepted(qtbot, box, ready_client, link, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    link.release = NEWER
    press(qtbot, box, ready_client)
    assert box.get.accessibleDescription() == PAGE
    qtbot.mouseClick(box.get, LEFT)
    (question,) = box.findChildren(LinkQuestion)
    assert question.shown.toPlainText() == PAGE
    assert opened == []
    qtbot.mouseClick(question.yes, LEFT)
    assert opened == [PAGE]


def test_a_newer_version_without_notes_has_no_empty_box(qtbot, box, ready_client, link: FakeLink):
    link.release = replace(NEWER, notes="")
    press(qtbot, box, ready_client)
    assert not box.notes.isVisible()
    assert box.get.isVisible()


def test_long_notes_are_scrolled_and_take_no_more_than_their_room(qtbot, box, ready_client, link: FakeLink):
    link.release = replace(NEWER, notes="One line.")
    press(qtbot, box, ready_client)
    low = box.notes.height()
    link.release = replace(NEWER, notes="A line.\n" * 200)
    press(qtbot, box, ready_client)
    assert low < box.notes.height() < 300
    assert box.notes.verticalScrollBar().maximum() > 0


def test_a_build_that_is_newer_than_what_is_announced_says_so(qtbot, box, ready_client, link: FakeLink):
    link.release = ReleaseNews(ReleaseState.OLDER, "2.1", "2.0", PAGE, "Notes of an old one.")
    press(qtbot, box, ready_client)
    assert box.result.text() == "This build (2.1) is newer than the version that is announced (2.0)."
    assert not box.notes.isVisible()
    assert not box.get.isVisible()


def test_it_can_be_stopped_while_it_asks(qtbot, box, ready_client, link: FakeLink):
    link.held.add(CheckForUpdate)
    qtbot.mouseClick(box.check, LEFT)
    assert not box.check.isVisible()
    assert "Asking forge.example…" in shown_text(box)
    qtbot.mouseClick(box.cancel, LEFT)
    assert link.cancelled == [link.last_id(CheckForUpdate)]
    with qtbot.waitSignal(ready_client.failed):
        link.fail(link.last_id(CheckForUpdate), Cancelled())
    assert box.result.text() == "Stopped."
    assert box.result.property("tone") != "warn"
    assert box.check.isVisible()
    assert not box.cancel.isVisible()
    assert not box.busy.isVisible()


def test_the_keyboard_asks_stops_and_asks_again(qtbot, box, ready_client, link: FakeLink):
    link.held.add(CheckForUpdate)
    box.check.setFocus()
    qtbot.keyClick(box.check, Qt.Key.Key_Space)
    assert box.focusWidget() is box.cancel
    qtbot.keyClick(box.cancel, Qt.Key.Key_Space)
    with qtbot.waitSignal(ready_client.failed):
        link.fail(link.last_id(CheckForUpdate), Cancelled())
    assert box.focusWidget() is box.check
    link.held.clear()
    link.release = NEWER
    qtbot.keyClick(box.check, Qt.Key.Key_Space)
    settle(qtbot, ready_client)
    assert box.focusWidget() is box.check
    qtbot.keyClick(box.check, Qt.Key.Key_Tab)
    assert box.focusWidget() is box.notes
    qtbot.keyClick(box.notes, Qt.Key.Key_Tab)
    assert box.focusWidget() is box.get, "the notes let the keyboard go on"


def test_what_was_told_goes_when_it_is_asked_again(qtbot, box, ready_client, link: FakeLink):
    link.release = NEWER
    press(qtbot, box, ready_client)
    link.errors[CheckForUpdate] = ReleaseCheckError(reason="no-network", place="forge.example")
    press(qtbot, box, ready_client)
    assert box.result.text() == "forge.example could not be reached. Check the connection, then try again."
    assert box.result.property("tone") == "warn"
    assert not box.get.isVisible()
    assert not box.notes.isVisible()
    del link.errors[CheckForUpdate]
    press(qtbot, box, ready_client)
    assert box.result.property("tone") == ""
    assert box.get.isVisible()


def test_an_engine_that_dies_meanwhile_is_told(qtbot, box, ready_client, link: FakeLink):
    link.held.add(CheckForUpdate)
    qtbot.mouseClick(box.check, LEFT)
    with qtbot.waitSignal(ready_client.failed):
        link.die()
    assert "A part of Elephant stopped unexpectedly." in box.result.text()
    assert box.check.isVisible()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "This build does not know where new versions are announced, so it cannot look for one."),
        ("http://forge.example/latest", "it must begin with https:// and hold no name"),
    ],
)
def test_without_an_address_there_is_a_sentence_and_no_dead_button(
    qtbot, ready_client, theme, monkeypatch, address, told
):
    monkeypatch.setenv(VARIABLE, address)
    box = make(qtbot, ready_client, theme)
    assert told in shown_text(box)
    assert not box.check.isVisible()
    assert not box.address.isVisible()


def test_every_reason_has_words_of_its_own_that_name_the_place():
    general = why_not_known(ReleaseCheckError(reason="from-a-later-version", place="forge.example"))
    assert general.startswith("It could not be found out whether there is a newer version.")
    assert why_not_known(ReleaseCheckError(reason="failed", place="forge.example")) == general
    for reason in RELEASE_REASONS.keys() - {"failed"}:
        told = why_not_known(ReleaseCheckError(reason=reason, place="forge.example"))
        assert told != general
        assert ("forge.example" in told) is (not reason.endswith("-address")), reason
        assert "{" not in told
    assert "Something in Elephant went wrong." in why_not_known(InternalError())


def test_the_address_is_copied_as_it_is(box, qapp):
    assert [action.text() for action in box.address.menu().actions()] == ["Copy the address"]
    box.address.copy_all()
    assert qapp.clipboard().text() == ADDRESS


def test_it_speaks_chinese(qtbot, chinese, ready_client, theme, monkeypatch, link: FakeLink):
    monkeypatch.setenv(VARIABLE, ADDRESS)
    box = make(qtbot, ready_client, theme)
    link.release = NEWER
    press(qtbot, box, ready_client)
    texts = [
        *shown_text(box).split("\n"),
        box.check.text(),
        box.cancel.text(),
        box.get.text(),
        box.busy.text(),
        box.notes.accessibleName(),
    ]
    texts = [text for text in texts if text and not text.startswith("https:")]
    assert len(texts) == 8
    assert all(re.search("[\u4e00-\u9fff]", text) for text in texts), texts
