"""The line at the bottom: states, what needs attention, restarts and breakers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from assistant.desktop.library.work_panel import WorkPanel
from assistant.desktop.shell import status_line as module
from assistant.desktop.shell.status_line import StatusLine
from assistant.domain.library import IndexProgress, LibraryCounts
from assistant.ipc import engine_messages as m


@pytest.fixture
def line(qtbot, client, theme) -> StatusLine:
    made = StatusLine(client, theme)
    qtbot.addWidget(made)
    made.resize(1200, 28)
    made.show()
    return made


@pytest.fixture
def ready_line(qtbot, line, client) -> StatusLine:
    with qtbot.waitSignal(client.welcomed):
        client.start()
    return line


def test_it_says_starting_until_the_engine_has_answered(qtbot, line, client):
    assert line.state.text() == "Starting"
    with qtbot.waitSignal(client.welcomed):
        client.start()
    assert line.state.text() == "Ready"
    assert line.counts.text() == "5,722 notes · 41,208 passages"


def test_what_needs_attention_opens_the_list(qtbot, ready_line):
    assert ready_line.attention.text() == "2 need attention"
    with qtbot.waitSignal(ready_line.attention_asked):
        qtbot.mouseClick(ready_line.attention, Qt.MouseButton.LeftButton)


def test_a_file_that_fails_while_reading_is_counted_at_once(qtbot, ready_line, client, link: FakeLink):
    with qtbot.waitSignal(client.noticed):
        link.move_index(IndexProgress("idle", 0, 0), LibraryCounts(notes=9, ready=6, failed=3))
    assert ready_line.attention.text() == "3 need attention"


def test_what_was_left_out_stays_counted_while_notes_are_read(qtbot, ready_line, client, link: FakeLink):
    link.folders = (replace(link.folders[0], attention=5), *link.folders[1:])  # two that failed and three left out
    with qtbot.waitSignal(client.noticed):
        link.change_folders(link.folders)
    assert ready_line.attention.text() == "5 need attention"
    with qtbot.waitSignal(client.noticed):
        link.move_index(IndexProgress("reading", 3, 9), replace(link.counts, failed=1))
    assert ready_line.attention.text() == "4 need attention"
    with qtbot.waitSignal(client.noticed):
        link.move_index(IndexProgress("idle", 0, 0), replace(link.counts, failed=0))
    assert ready_line.attention.text() == "3 need attention"
    assert ready_line.attention.isVisible()


def test_nothing_needing_attention_is_not_mentioned(qtbot, ready_line, client, link: FakeLink):
    with qtbot.waitSignal(client.noticed):
        link.change_folders(link.folders[1:], LibraryCounts(notes=412, ready=412))
    assert not ready_line.attention.isVisible()


def test_the_privacy_page_is_one_click_away(qtbot, ready_line):
    with qtbot.waitSignal(ready_line.privacy_asked):
        qtbot.mouseClick(ready_line.privacy, Qt.MouseButton.LeftButton)


def test_a_crash_is_said_quietly_and_so_is_the_recovery(qtbot, ready_line, client, link: FakeLink, monkeypatch):
    with qtbot.waitSignal(client.health_changed):
        link.health("model", "restarting", 1, "exit code -9")
    assert "being restarted" in ready_line.trouble.text()
    assert not ready_line.again.isVisible()
    with qtbot.waitSignal(client.health_changed):
        link.health("model", "running")
    assert ready_line.trouble.text().endswith("It has been restarted.")
    assert ready_line.state.text() == "Ready"


def test_the_recovery_is_not_said_for_ever(qtbot, line, client, link: FakeLink, monkeypatch):
    line._news_timer.setInterval(1)
    with qtbot.waitSignal(client.welcomed):
        client.start()
    with qtbot.waitSignal(line._news_timer.timeout):
        link.health("vectors", "restarting", 1)
        link.health("vectors", "running")
    assert line.trouble.text() == ""
    assert module.GOOD_NEWS_MS > 1000


def test_an_open_breaker_of_the_model_can_be_closed(qtbot, ready_line, client, link: FakeLink):
    with qtbot.waitSignal(client.health_changed):
        link.health("model", "broken", 3)
    assert ready_line.again.isVisible()
    qtbot.mouseClick(ready_line.again, Qt.MouseButton.LeftButton)
    assert link.sent_of(m.RestartPart) == [m.RestartPart("model")]


def test_an_engine_that_stays_down_can_be_started_again(qtbot, ready_line, client, link: FakeLink):
    with qtbot.waitSignal(client.health_changed):
        link.die("broken", 3)
    assert ready_line.state.text() == "Stopped"
    with qtbot.waitSignal(client.welcomed):
        qtbot.mouseClick(ready_line.again, Qt.MouseButton.LeftButton)
    assert link.restarts == 1
    assert ready_line.state.text() == "Ready"


def test_the_engine_s_trouble_is_said_before_the_model_s(qtbot, ready_line, client, link: FakeLink):
    with qtbot.waitSignal(client.health_changed):
        link.health("model", "broken", 3)
    with qtbot.waitSignal(client.health_changed):
        link.die()
    assert ready_line.state.text() == "Restarting"
    assert "engine" in ready_line.trouble.text()


def test_in_a_narrow_window_the_counts_make_room_for_what_went_wrong(qtbot, ready_line, client, link: FakeLink):
    ready_line.resize(640, 28)
    assert not ready_line.counts.isHidden()
    with qtbot.waitSignal(client.health_changed):
        link.health("engine", "restarting", 1)
    assert ready_line.counts.isHidden()
    ready_line.layout().activate()
    assert ready_line.trouble.width() >= 150


def test_what_has_no_room_is_cut_visibly_and_said_in_full_by_its_tooltip(qtbot, ready_line, client, link: FakeLink):
    line = ready_line
    line.resize(640, 28)
    with qtbot.waitSignal(client.health_changed):
        link.health("model", "restarting", 1)
    trouble = line.trouble
    assert trouble.width() < QFontMetrics(line._theme.font("small")).horizontalAdvance(trouble.text())
    assert trouble.text() in trouble.toolTip()
    cut = trouble.grab().toImage()
    trouble.setText(trouble.text() + " and more")
    assert trouble.grab().toImage() == cut, "the same beginning, ended by an ellipsis"
    trouble.setText("Another model stopped.")
    assert trouble.grab().toImage() != cut


# ---- the work panel --------------------------------------------------------------------------------------------------


@pytest.fixture
def work(qtbot, ready_client, theme) -> WorkPanel:
    made = WorkPanel(ready_client, theme)
    qtbot.addWidget(made)
    return made


READING = IndexProgress("embedding", 50, 100, 10.0, 190.0)


def test_work_is_shown_only_while_there_is_some(qtbot, work, ready_client, link: FakeLink):
    assert work.isHidden()
    with qtbot.waitSignal(ready_client.noticed):
        link.move_index(READING, LibraryCounts(notes=10, ready=4, keyword_ready=6))
    assert not work.isHidden()
    assert "4 of 10 notes" in work.text
    assert "About 3 min left" in work.text
    with qtbot.waitSignal(ready_client.noticed):
        link.move_index(IndexProgress("idle", 0, 0))
    assert work.isHidden()


def test_work_is_paused_and_goes_on(qtbot, work, ready_client, link: FakeLink):
    with qtbot.waitSignal(ready_client.noticed):
        link.move_index(READING)
    with qtbot.waitSignal(ready_client.noticed):
        qtbot.mouseClick(work.pause_button, Qt.MouseButton.LeftButton)
    assert "Paused" in work.text
    with qtbot.waitSignal(ready_client.noticed):
        qtbot.mouseClick(work.pause_button, Qt.MouseButton.LeftButton)
    assert [request.paused for request in link.sent_of(m.PauseIndexing)] == [True, False]
