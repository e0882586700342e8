"""What has changed of late, as a list to look through and to open notes from."""

from __future__ import annotations

from datetime import datetime

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from assistant.desktop.common.rows import ROW_ROLE
from assistant.desktop.library.changes_panel import TODAY, WEEK, YESTERDAY, since_s
from assistant.desktop.library.library_page import LibraryPage
from assistant.domain.errors import StoreUnavailableError
from assistant.ipc import engine_messages as m
from assistant.retrieval.query_dates import find_dates


@pytest.fixture
def page(qtbot, ready_client, theme, link: FakeLink) -> LibraryPage:
    with qtbot.waitSignal(ready_client.welcomed):
        ready_client.say_hello()
    made = LibraryPage(ready_client, theme)
    qtbot.addWidget(made)
    made.resize(700, 700)
    made.show()
    return made


def shown(qtbot, client, page: LibraryPage) -> list[str]:
    qtbot.waitUntil(lambda: not client.is_waiting)
    model = page.changes.model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_periods_begin_at_midnight():
    now = datetime(2026, 11, 22, 0, 30)  # noqa: DTZ001 (the clock on the user's wall is meant)
    days = [datetime.fromtimestamp(since_s(period, now)) for period in (TODAY, YESTERDAY, WEEK)]  # noqa: DTZ006 (same)
    assert [(day.day, day.hour) for day in days] == [(22, 0), (21, 0), (15, 0)]


def test_the_last_7_days_are_those_of_a_search():
    now = datetime(2026, 11, 22, 12, 0)  # noqa: DTZ001 (the clock on the user's wall is meant)
    begin = datetime.fromtimestamp(since_s(WEEK, now)).date()  # noqa: DTZ006 (same)
    assert [days.first for days in find_dates("last 7 days", now.date())] == [begin]


def test_the_latest_change_comes_first_and_says_what_happened(qtbot, ready_client, page):
    page.show_changes()
    names = shown(qtbot, ready_client, page)
    assert names[:1] == ["Reading list.md"]
    renamed = page.changes.model.index(2, 0)
    assert "was Travel/List.md" in renamed.data(ROW_ROLE).second
    assert "renamed" in renamed.data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_longer_period_shows_more(qtbot, ready_client, page):
    page.show_changes()
    before = len(shown(qtbot, ready_client, page))
    qtbot.mouseClick(page.changes.periods.button(WEEK), Qt.MouseButton.LeftButton)
    names = shown(qtbot, ready_client, page)
    assert len(names) > before
    assert names[-1] == "Old roof.docx"


def test_a_changed_note_is_opened_and_a_removed_one_is_not(qtbot, ready_client, page):
    page.show_changes()
    page.changes.periods.choose(WEEK)
    shown(qtbot, ready_client, page)
    with qtbot.waitSignal(page.note_chosen) as chosen:
        page.changes.view.activated.emit(page.changes.model.index(0, 0))
    assert chosen.args[0].note == "Reading list.md"
    page.changes.view.setCurrentIndex(page.changes.model.index(3, 0))
    assert page.changes.build_menu() is None
    with qtbot.assertNotEmitted(page.note_chosen):
        page.changes.view.activated.emit(page.changes.model.index(3, 0))


def test_a_day_without_changes_offers_a_week(qtbot, ready_client, page, link: FakeLink):
    link.changes = link.changes[-1:]
    page.show_changes()
    assert shown(qtbot, ready_client, page) == []
    assert page.changes.empty.text() == "Nothing has changed today."
    qtbot.mouseClick(page.changes.longer, Qt.MouseButton.LeftButton)
    assert shown(qtbot, ready_client, page) == ["Old roof.docx"]
    assert not page.changes.longer.isVisible()


def test_news_comes_while_the_list_is_looked_at(qtbot, ready_client, page, link: FakeLink):
    page.show_changes()
    assert len(shown(qtbot, ready_client, page)) == 3
    link.changes = link.changes[1:]
    page._refresh.setInterval(1)
    link.change_folders(link.folders)
    qtbot.waitUntil(lambda: page.changes.model.rowCount() == 2)


def test_a_failure_is_told(qtbot, ready_client, page, link: FakeLink):
    link.errors[m.ListChanges] = StoreUnavailableError(store="catalog", reason="locked")
    page.show_changes()
    qtbot.waitUntil(page.changes.trouble.isVisible)


def test_the_model_keeps_the_rules_of_models(qtbot, ready_client, page):
    tester = QAbstractItemModelTester(page.changes.model)
    page.show_changes()
    assert shown(qtbot, ready_client, page)
    assert tester
