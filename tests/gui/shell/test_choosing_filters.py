"""Filters chosen from the menu instead of typed, and the orders of tree and results."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from fake_engine import FakeLink
from kept_state import kept_state
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QMenu

from assistant.desktop.search.days_dialog import DaysDialog
from assistant.desktop.search.filter_menu import FilterMenu
from assistant.desktop.shell.library_pane import LibraryPane
from assistant.desktop.shell.main_window import MainWindow
from assistant.domain.order import ResultOrder, TreeOrder
from assistant.domain.search import DateRange, FilterKey, QueryFilter, Understood
from assistant.ipc import engine_messages as m


def choices(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.isCheckable()]


def filled(qtbot, pane: LibraryPane) -> FilterMenu:
    menu = pane.search_field.build_menu()
    qtbot.waitUntil(
        lambda: all(choices(menu.submenu(key)) for key in (FilterKey.FOLDER, FilterKey.TYPE, FilterKey.TAG))
    )
    return menu


def pick(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text().partition("\t")[0] == text).trigger()


def search(qtbot, pane: LibraryPane, client, text: str) -> None:
    with qtbot.waitSignal(client.finished, check_params_cb=lambda _id, body: isinstance(body, m.SearchDone)):
        pane.search_field.setText(text)


# ---- filters ---------------------------------------------------------------------------------------------------------


def test_the_engine_says_which_folders_types_and_tags_there_are(qtbot, pane, link: FakeLink):
    link.filter_values = {"folder": ("Travel", "big plans"), "type": ("md", "pdf"), "tag": ("garden",)}
    menu = filled(qtbot, pane)
    assert choices(menu.submenu(FilterKey.FOLDER)) == ["Travel", "big plans"]
    assert choices(menu.submenu(FilterKey.TYPE)) == ["md", "pdf"]
    assert choices(menu.submenu(FilterKey.STATE)) == ["Ready", "Found by words so far", "Waiting", "Not read"]


@pytest.mark.parametrize(
    ("key", "choice", "text"),
    [
        (FilterKey.FOLDER, "big plans", 'flight folder:"big plans" '),
        (FilterKey.TYPE, "pdf", "flight type:pdf "),
        (FilterKey.DATE, "Last 7 days", "flight date:last-7-days "),
        (FilterKey.STATE, "Not read", "flight state:unread "),
    ],
)
def test_a_choice_is_written_into_the_query(qtbot, pane, link: FakeLink, key, choice, text):
    link.filter_values = {"folder": ("Travel", "big plans"), "type": ("md", "pdf"), "tag": ("garden",)}
    pane.search_field.setText("flight")
    pick(filled(qtbot, pane).submenu(key), choice)
    assert pane.search_field.text() == text


def test_a_filter_of_the_query_is_ticked_and_choosing_it_takes_it_back(qtbot, pane, ready_client, link: FakeLink):
    link.filter_values = {"folder": ("Travel",), "type": ("pdf",), "tag": ("garden",)}
    query = "flight folder:travel lisbon"
    link.understood[query] = Understood("flight lisbon", (QueryFilter(FilterKey.FOLDER, "travel", 7, 20),))
    search(qtbot, pane, ready_client, query)
    menu = filled(qtbot, pane).submenu(FilterKey.FOLDER)
    assert menu.actions()[0].isChecked()
    pick(menu, "Travel")
    assert pane.search_field.text() == "flight lisbon"


def test_other_days_take_the_place_of_the_chosen_ones(qtbot, pane, ready_client, link: FakeLink):
    query = "date:today flight"
    day = date(2026, 11, 22)
    today = QueryFilter(FilterKey.DATE, "today", 0, 10, days=DateRange(day, day))
    link.understood[query] = Understood("flight", (today,))
    search(qtbot, pane, ready_client, query)
    pick(pane.search_field.build_menu().submenu(FilterKey.DATE), "This month")
    assert pane.search_field.text() == "flight date:this-month "


def test_two_days_are_chosen_whichever_comes_first(qtbot, pane):
    pick(pane.search_field.build_menu().submenu(FilterKey.DATE), "Between two days…")
    (dialog,) = pane.findChildren(DaysDialog)
    dialog.first.setDate(QDate(2026, 3, 31))
    dialog.last.setDate(QDate(2026, 3, 1))
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert pane.search_field.text() == "date:2026-03-01..2026-03-31 "


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_values_that_come_after_the_menu_is_gone_are_let_go(qtbot, pane, link: FakeLink):
    link.held.add(m.CompleteFilter)
    menu = pane.search_field.build_menu()
    menu.show()
    menu.close()
    assert len(link.cancelled) == 3


def test_nothing_found_within_filters_offers_a_search_without_them(qtbot, pane, ready_client, link: FakeLink):
    link.passages = ()
    query = "folder:work zeppelin"
    link.understood[query] = Understood("zeppelin", (QueryFilter(FilterKey.FOLDER, "work", 0, 11),))
    search(qtbot, pane, ready_client, query)
    assert pane.results.without_filters.isVisible()
    with qtbot.waitSignal(ready_client.finished, check_params_cb=lambda _id, body: isinstance(body, m.SearchDone)):
        qtbot.mouseClick(pane.results.without_filters, Qt.MouseButton.LeftButton)
    assert pane.search_field.text() == "zeppelin"
    assert not pane.results.without_filters.isVisible()


# ---- orders ----------------------------------------------------------------------------------------------------------


def test_results_are_asked_for_in_the_chosen_order_with_their_dates(qtbot, pane, ready_client, link: FakeLink):
    link.dates_s = (1_500_000_000.0, 1_400_000_000.0)
    search(qtbot, pane, ready_client, "flight")
    assert pane.results.view.model().index(0, 0).data(pane.results.view.model().HIT_ROLE).date == ""
    with qtbot.waitSignal(ready_client.finished):
        pick(pane.sorting.build_menu(), "Newest first")
    assert link.sent_of(m.SearchNotes)[-1] == m.SearchNotes("flight", order=ResultOrder.NEWEST)
    assert "2017" in pane.results.view.model().index(0, 0).data(pane.results.view.model().HIT_ROLE).date
    assert pane.sorting.accessibleName() == "Order: Newest first"


def test_the_tree_is_asked_for_by_its_newest_change(qtbot, pane, link: FakeLink):
    with qtbot.waitSignal(pane.model.listed):
        pane.tree.expand(pane.model.index(0, 0))
    with qtbot.waitSignal(pane.model.listed):
        pick(pane.sorting.build_menu(), "Newest change first")
    assert link.sent_of(m.ListTree)[-1].order is TreeOrder.CHANGED


def test_chats_have_no_order_to_choose(qtbot, pane):
    pane.switch.choose(1)
    assert not pane.sorting.isEnabled()
    pane.switch.choose(0)
    assert pane.sorting.isEnabled()


def test_both_orders_are_kept_for_the_next_start(qtbot, whole_window: MainWindow, tmp_path: Path):
    whole_window.library.sorting.restore("changed", "oldest")
    whole_window.save_state()
    assert kept_state(tmp_path).orders() == ("changed", "oldest")
    whole_window.library.sorting.restore("nonsense", "")
    assert whole_window.library.model._order is TreeOrder.CHANGED
