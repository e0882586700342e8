"""Filters in the search field: what was understood as chips, completion by keys and mouse, and the menu that teaches them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication

from assistant.desktop.common.filter_writing import points_before, written_value
from assistant.desktop.search.filter_typing import (
    moved_stretch,
    typing_at,
    with_space_around,
)
from assistant.desktop.search.filter_words import days_label, filter_label, understood_label
from assistant.desktop.shell.library_pane import LibraryPane
from assistant.domain.errors import StoreUnavailableError
from assistant.domain.search import DateRange, FilterKey, QueryFilter, Understood
from assistant.ipc import engine_messages as m

TRANSLATIONS = Path(__file__).resolve().parents[3] / "resources" / "translations"
WEEK = DateRange(date(2026, 11, 9), date(2026, 11, 15), is_relative=True)


@pytest.fixture
def pane(quiet_pane: LibraryPane) -> LibraryPane:
    return quiet_pane


def stretch(query: str, written: str, key: FilterKey, value: str, *, excludes: bool = False) -> QueryFilter:
    start = query.index(written)
    return QueryFilter(key, value, start, start + len(written), excludes)


def search(qtbot, pane: LibraryPane, client, text: str) -> None:
    with qtbot.waitSignal(client.finished, check_params_cb=lambda _id, body: isinstance(body, m.SearchDone)):
        pane.search_field.setText(text)


def labels(pane: LibraryPane) -> list[str]:
    return [chip.text for chip in pane.filters.chips]


def offered(pane: LibraryPane) -> list[str]:
    return [row.text for row in pane.search_field.completion.list.rows]


def asked(qtbot, client, link: FakeLink, pane: LibraryPane, text: str) -> None:
    """Type, and wait until the engine has said what may follow."""
    with qtbot.waitSignal(client.finished, check_params_cb=lambda _id, body: isinstance(body, m.FilterCompleted)):
        qtbot.keyClicks(pane.search_field, text)


# ---- chips -----------------------------------------------------------------------------------------------------------

QUERY = "folder:work lisbon -tag:draft last week"


def understood_query() -> Understood:
    return Understood(
        "lisbon last week",
        (
            stretch(QUERY, "folder:work", FilterKey.FOLDER, "work"),
            stretch(QUERY, "-tag:draft", FilterKey.TAG, "draft", excludes=True),
        ),
        (WEEK,),
    )


def test_what_was_understood_is_shown_under_the_field(qtbot, pane, ready_client, link: FakeLink):
    link.understood[QUERY] = understood_query()
    search(qtbot, pane, ready_client, QUERY)
    assert labels(pane) == ["Folder: work", "Not tag: draft", "9–15 Nov 2026"]
    assert pane.filters.isVisible()
    assert [chip.cross is not None for chip in pane.filters.chips] == [True, True, False]
    assert pane.search_field.accessibleDescription() == "Folder: work, Not tag: draft, 9–15 Nov 2026"


def test_ordinary_words_show_no_chips(qtbot, pane, ready_client):
    search(qtbot, pane, ready_client, "lisbon")
    assert labels(pane) == []
    assert not pane.filters.isVisible()


@pytest.mark.parametrize(
    ("query", "written", "left"),
    [
        ("folder:work lisbon flight", "folder:work", "lisbon flight"),
        ("lisbon folder:work flight", "folder:work", "lisbon flight"),
        ("lisbon flight folder:work", "folder:work", "lisbon flight"),
        ("folder:work", "folder:work", ""),
        ('lisbon -tag:"big plans" folder:work', '-tag:"big plans"', "lisbon folder:work"),
        ("🌍🌍 folder:work flight", "folder:work", "🌍🌍 flight"),
        ("  lisbon folder:work flight", "folder:work", "  lisbon flight"),
        ("预算 文件夹：工作 三月", "文件夹：工作", "预算 三月"),
        ("folder:work folder:workshop", "folder:work", "folder:workshop"),
    ],
)
def test_a_cross_takes_exactly_its_stretch_out(qtbot, pane, ready_client, link: FakeLink, query, written, left):
    link.understood[query.strip()] = Understood("", (stretch(query.strip(), written, FilterKey.FOLDER, "work"),))
    search(qtbot, pane, ready_client, query)
    (chip,) = pane.filters.chips
    qtbot.mouseClick(chip.cross, Qt.MouseButton.LeftButton)
    assert pane.search_field.text() == left


def test_taking_a_filter_away_can_be_undone(qtbot, pane, ready_client, link: FakeLink):
    link.understood[QUERY] = understood_query()
    search(qtbot, pane, ready_client, QUERY)
    qtbot.mouseClick(pane.filters.chips[0].cross, Qt.MouseButton.LeftButton)
    pane.search_field.undo()
    assert pane.search_field.text() == QUERY


def test_a_cross_is_pressed_by_keyboard_and_is_named(qtbot, pane, ready_client, link: FakeLink):
    link.understood[QUERY] = understood_query()
    search(qtbot, pane, ready_client, QUERY)
    cross = pane.filters.chips[1].cross
    assert cross.accessibleName() == "Take away: Not tag: draft"
    assert cross.focusPolicy() & Qt.FocusPolicy.TabFocus
    qtbot.keyClick(cross, Qt.Key.Key_Space)
    assert pane.search_field.text() == "folder:work lisbon last week"


def test_tab_goes_from_the_field_over_its_button_to_the_crosses(qtbot, pane, ready_client, link: FakeLink):
    link.understood[QUERY] = understood_query()
    search(qtbot, pane, ready_client, QUERY)
    pane.activateWindow()
    pane.search_field.setFocus()
    stops = []
    for _ in range(3):
        qtbot.keyClick(pane.focusWidget(), Qt.Key.Key_Tab)
        stops.append(pane.focusWidget())
    assert stops == [pane.search_field.filter_button, *(chip.cross for chip in pane.filters.chips[:2])]


def test_a_cross_finds_its_stretch_after_more_was_typed(qtbot, pane, ready_client, link: FakeLink):
    link.understood[QUERY] = understood_query()
    search(qtbot, pane, ready_client, QUERY)
    link.held.add(m.SearchNotes)
    pane.search_field.setText("alfama " + QUERY)
    qtbot.mouseClick(pane.filters.chips[1].cross, Qt.MouseButton.LeftButton)
    assert pane.search_field.text() == "alfama folder:work lisbon last week"


def test_a_cross_leaves_a_filter_that_was_edited_since(qtbot, pane, ready_client, link: FakeLink):
    link.understood[QUERY] = understood_query()
    search(qtbot, pane, ready_client, QUERY)
    link.held.add(m.SearchNotes)
    edited = QUERY.replace("folder:work", "folder:workshop")
    pane.search_field.setText(edited)
    qtbot.mouseClick(pane.filters.chips[0].cross, Qt.MouseButton.LeftButton)
    assert pane.search_field.text() == edited


def test_the_chips_stay_while_words_are_added_and_keep_their_place(qtbot, pane, ready_client, link: FakeLink):
    link.understood[QUERY] = understood_query()
    search(qtbot, pane, ready_client, QUERY)
    before = pane.filters.chips
    longer = "alfama " + QUERY
    moved = tuple(QueryFilter(f.key, f.value, f.start + 7, f.end + 7, f.excludes) for f in understood_query().filters)
    link.understood[longer] = Understood("alfama lisbon last week", moved, (WEEK,))
    search(qtbot, pane, ready_client, longer)
    assert pane.filters.chips == before
    qtbot.mouseClick(pane.filters.chips[0].cross, Qt.MouseButton.LeftButton)
    assert pane.search_field.text() == "alfama lisbon -tag:draft last week"


def test_clearing_the_field_clears_the_chips(qtbot, pane, ready_client, link: FakeLink):
    link.understood[QUERY] = understood_query()
    search(qtbot, pane, ready_client, QUERY)
    pane.search_field.clear()
    assert labels(pane) == []
    assert not pane.filters.isVisible()


def test_a_failed_search_shows_no_chips_of_the_one_before(qtbot, pane, ready_client, link: FakeLink):
    link.understood[QUERY] = understood_query()
    search(qtbot, pane, ready_client, QUERY)
    link.errors[m.SearchNotes] = StoreUnavailableError(store="catalog", reason="locked")
    with qtbot.waitSignal(ready_client.failed):
        pane.search_field.setText(QUERY + "s")
    assert labels(pane) == []


def test_a_long_value_is_cut_and_told_whole(qtbot, pane, ready_client, link: FakeLink):
    value = "a folder with quite a long name that nobody can read at once"
    link.understood["folder:x"] = Understood("", (QueryFilter(FilterKey.FOLDER, value, 0, 8),))
    search(qtbot, pane, ready_client, "folder:x")
    (chip,) = pane.filters.chips
    assert value in chip.toolTip()
    assert chip.cross.accessibleName() == f"Take away: Folder: {value}"
    assert chip.sizeHint().width() <= pane.width() - 24


def test_markup_in_a_value_is_shown_as_it_is(qtbot, pane, ready_client, link: FakeLink):
    value = "<b>x</b>" * 8
    link.understood["folder:x"] = Understood("", (QueryFilter(FilterKey.FOLDER, value, 0, 8),))
    search(qtbot, pane, ready_client, "folder:x")
    assert "<b>" not in pane.filters.chips[0].toolTip()


def test_words_are_marked_without_those_of_the_filters(qtbot, pane, ready_client, link: FakeLink):
    query = "folder:terminal flight"
    link.understood[query] = Understood("flight", (stretch(query, "folder:terminal", FilterKey.FOLDER, "terminal"),))
    search(qtbot, pane, ready_client, query)
    assert pane.results.view.model().words == ("flight",)


def test_days_counted_from_today_are_not_marked(qtbot, pane, ready_client, link: FakeLink):
    words = "flight last week of May 2026"
    days = (DateRange(WEEK.first, WEEK.last, 7, 16, True), DateRange(date(2026, 5, 1), date(2026, 5, 31), 20, 28))
    link.understood[words] = Understood(words, (), days)
    search(qtbot, pane, ready_client, words)
    assert pane.results.view.model().words == ("flight", "of", "may", "2026")


def test_a_query_of_filters_alone_lists_notes(qtbot, pane, ready_client, link: FakeLink):
    link.understood["folder:work"] = Understood("", (QueryFilter(FilterKey.FOLDER, "work", 0, 11),))
    search(qtbot, pane, ready_client, "folder:work")
    assert pane.results.view.model().rowCount() == len(link.passages)
    assert pane.results.view.model().words == ()


def test_nothing_found_within_filters_names_the_words_only(qtbot, pane, ready_client, link: FakeLink):
    link.passages = ()
    query = "folder:work zeppelin"
    link.understood[query] = Understood("zeppelin", (QueryFilter(FilterKey.FOLDER, "work", 0, 11),))
    search(qtbot, pane, ready_client, query)
    assert pane.results.notice == "Nothing has “zeppelin” within these filters."
    link.understood["folder:work"] = Understood("", (QueryFilter(FilterKey.FOLDER, "work", 0, 11),))
    search(qtbot, pane, ready_client, "folder:work")
    assert pane.results.notice == "No note fits these filters."


# ---- filters and days in words ---------------------------------------------------------------------------------------

DAYS = [
    (date(2026, 11, 9), date(2026, 11, 9), "9 Nov 2026", "2026年11月9日"),
    (date(2026, 11, 9), date(2026, 11, 15), "9–15 Nov 2026", "2026年11月9日–15日"),
    (date(2026, 10, 28), date(2026, 11, 3), "28 Oct – 3 Nov 2026", "2026年10月28日 – 11月3日"),
    (date(2025, 12, 28), date(2026, 1, 3), "28 Dec 2025 – 3 Jan 2026", "2025年12月28日 – 2026年1月3日"),
    (date(2024, 2, 1), date(2024, 2, 29), "February 2024", "2024年2月"),
    (date(2026, 1, 1), date(2026, 12, 31), "2026", "2026年"),
    (date(2024, 1, 1), date(2026, 12, 31), "2024–2026", "2024–2026年"),
    (date(2026, 3, 1), date.max, "since 1 Mar 2026", "2026年3月1日起"),
    (date.min, date(2026, 3, 31), "until 31 Mar 2026", "2026年3月31日及之前"),
]


@pytest.mark.parametrize(("first", "last", "english", "_chinese"), DAYS)
def test_days_are_written_briefly_and_without_doubt(qapp, first, last, english, _chinese):
    assert days_label(DateRange(first, last)) == english


@pytest.mark.parametrize(("first", "last", "_english", "chinese_words"), DAYS)
def test_days_are_written_in_chinese(qapp, chinese, first, last, _english, chinese_words):
    assert days_label(DateRange(first, last)) == chinese_words


LABELS = [
    (FilterKey.FOLDER, "Folder: work", "Not folder: work", "文件夹：work", "排除文件夹：work"),
    (FilterKey.TYPE, "Type: work", "Not type: work", "类型：work", "排除类型：work"),
    (FilterKey.TAG, "Tag: work", "Not tag: work", "标签：work", "排除标签：work"),
    (FilterKey.TITLE, "Title: work", "Not title: work", "标题：work", "排除标题：work"),
    (FilterKey.AFTER, "From 9 Nov 2026 on", "Not from 9 Nov 2026 on", "2026年11月9日起", "排除2026年11月9日起"),
    (FilterKey.BEFORE, "Before 9 Nov 2026", "Not before 9 Nov 2026", "2026年11月9日之前", "排除2026年11月9日之前"),
    (FilterKey.DATE, "Date: 9–15 Nov 2026", "Not 9–15 Nov 2026", "日期：2026年11月9日–15日", "排除2026年11月9日–15日"),
    (FilterKey.STATE, "State: work", "Not state: work", "状态：work", "排除状态：work"),
]


def both_labels(key: FilterKey) -> tuple[str, str]:
    days = WEEK if key in {FilterKey.AFTER, FilterKey.BEFORE, FilterKey.DATE} else None
    kept, left_out = (QueryFilter(key, "work", 0, 1, excludes, days) for excludes in (False, True))
    return filter_label(kept), filter_label(left_out)


@pytest.mark.parametrize(("key", "kept", "left_out", "_kept_zh", "_left_out_zh"), LABELS)
def test_every_filter_has_words(qapp, key, kept, left_out, _kept_zh, _left_out_zh):
    assert both_labels(key) == (kept, left_out)


@pytest.mark.parametrize(("key", "_kept", "_left_out", "kept_zh", "left_out_zh"), LABELS)
def test_every_filter_has_chinese_words(qapp, chinese, key, _kept, _left_out, kept_zh, left_out_zh):
    assert both_labels(key) == (kept_zh, left_out_zh)


def test_no_filter_is_without_words():
    assert [label[0] for label in LABELS] == list(FilterKey)


def test_filters_and_dates_are_listed_in_one_line(qapp):
    found = QueryFilter(FilterKey.AFTER, "last-week", 0, 15, days=WEEK)
    assert understood_label(Understood("", (found,), (WEEK,))) == "From 9 Nov 2026 on · 9–15 Nov 2026"


# ---- what is being typed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "t",
        "flight",
        "a note on tagging",
        "data:",
        "metatag:x",
        "http://x",
        "tag: ",
        "tag:x ",
        'tag:"a b" ',
        "标",
        "note-ta",
    ],
)
def test_ordinary_words_are_no_filter(text):
    assert typing_at(text, len(text)) is None


@pytest.mark.parametrize(
    ("text", "key", "beginning"),
    [
        ("ta", "", "ta"),
        ("flight fo", "", "fo"),
        ("-ta", "", "ta"),
        ("Fold", "", "Fold"),
        ("标签", "", "标签"),
        ("tag:", "tag", ""),
        ("flight tag:dr", "tag", "dr"),
        ("-tag:dr", "tag", "dr"),
        ("TAG:dr", "tag", "dr"),
        ('folder:"my no', "folder", "my no"),
        ("文件夹:工", "folder", "工"),
        ("文件夹：工", "folder", "工"),
        ("#dr", "tag", "dr"),
        ("date:last-", "date", "last-"),
        ("in:wo", "folder", "wo"),
        ("预算，标签:工", "tag", "工"),
    ],
)
def test_the_beginning_of_a_filter_is_seen(text, key, beginning):
    found = typing_at(text, len(text))
    assert found is not None
    assert (found.key, found.beginning) == (key, beginning)


def test_nothing_is_offered_in_the_middle_of_a_word():
    assert typing_at("tag:draft", 6) is None
    assert typing_at("ta flight", 2) is None
    assert typing_at("tag:dr flight", 6) is not None


def test_positions_are_counted_as_the_field_counts_them():
    assert points_before("🌍a", 3) == 2
    assert points_before("🌍a", 2) == 1
    assert points_before("abc", 2) == 2


def test_a_stretch_is_followed_through_an_edit_around_it():
    assert moved_stretch("a tag:x b", "a tag:x bcd", 2, 7) == (2, 7)
    assert moved_stretch("a tag:x b", "abc tag:x b", 2, 7) == (4, 9)
    assert moved_stretch("a tag:x b", "a tag:yx b", 2, 7) is None
    assert moved_stretch("a tag:x b", "", 2, 7) is None


def test_one_space_is_left_where_words_meet():
    assert with_space_around("a tag:x b", 2, 7) == (2, 8)
    assert with_space_around("a tag:x", 2, 7) == (1, 7)
    assert with_space_around("tag:x b", 0, 5) == (0, 6)


def test_values_with_spaces_are_written_in_quotation_marks():
    assert written_value("draft") == ("draft", False)
    assert written_value("big plans") == ('"big plans"', False)
    assert written_value("big plans", is_hash=True) == ('"big plans"', True)
    assert written_value("预算、决算") == ('"预算、决算"', False)
    assert written_value("a/b-c", is_hash=True) == ("a/b-c", False)
    assert written_value("2026", is_hash=True) == ("2026", True)


# ---- completion ------------------------------------------------------------------------------------------------------


def test_the_beginning_of_a_key_offers_it_and_tab_takes_it(qtbot, pane, ready_client, link: FakeLink):
    qtbot.keyClicks(pane.search_field, "flight ta")
    assert offered(pane) == ["tag:"]
    with qtbot.waitSignal(ready_client.finished, check_params_cb=lambda _id, body: isinstance(body, m.FilterCompleted)):
        qtbot.keyClick(pane.search_field, Qt.Key.Key_Tab)
    assert pane.search_field.text() == "flight tag:"
    assert link.sent_of(m.CompleteFilter) == [m.CompleteFilter("tag", "")]
    assert offered(pane) == ["travel", "big plans", "draft", "旅行"]


@pytest.mark.parametrize("text", ["t", "flight lisbon", "hotel in lisbon"])
def test_ordinary_words_open_no_list(qtbot, pane, ready_client, link: FakeLink, text):
    qtbot.keyClicks(pane.search_field, text)
    assert offered(pane) == []
    assert link.sent_of(m.CompleteFilter) == []


def test_arrows_and_enter_take_a_value_with_its_quotation_marks(qtbot, pane, ready_client, link: FakeLink):
    asked(qtbot, ready_client, link, pane, "flight tag:")
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Down)
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Down)
    with qtbot.assertNotEmitted(pane.passage_chosen):
        qtbot.keyClick(pane.search_field, Qt.Key.Key_Return)
    assert pane.search_field.text() == 'flight tag:"big plans" '
    assert offered(pane) == []


def test_a_value_in_the_middle_gets_no_second_space(qtbot, pane, ready_client, link: FakeLink):
    pane.search_field.setText("tag: flight")
    pane.search_field.setCursorPosition(4)
    asked(qtbot, ready_client, link, pane, "dr")
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Tab)
    assert pane.search_field.text() == "tag:draft flight"


def test_what_is_typed_of_a_quoted_value_is_replaced_with_its_mark(qtbot, pane, ready_client, link: FakeLink):
    pane.search_field.setText("🌍 ")
    asked(qtbot, ready_client, link, pane, '-tag:"big')
    assert offered(pane) == ["big plans"]
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Tab)
    assert pane.search_field.text() == '🌍 -tag:"big plans" '


def test_a_hash_is_completed_and_written_long_where_it_must_be(qtbot, pane, ready_client, link: FakeLink):
    asked(qtbot, ready_client, link, pane, "#d")
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Tab)
    assert pane.search_field.text() == "#draft "
    pane.search_field.clear()
    asked(qtbot, ready_client, link, pane, "-#bi")
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Tab)
    assert pane.search_field.text() == '-tag:"big plans" '


def test_enter_opens_the_first_hit_while_nothing_is_chosen_in_the_list(qtbot, pane, ready_client, link: FakeLink):
    search(qtbot, pane, ready_client, "flight")
    pane.search_field.end(False)
    qtbot.keyClicks(pane.search_field, " ta")
    assert offered(pane) == ["tag:"]
    with qtbot.waitSignal(pane.passage_chosen) as chosen:
        qtbot.keyClick(pane.search_field, Qt.Key.Key_Return)
    assert chosen.args == [link.passages[0]]
    assert offered(pane) == []
    assert pane.search_field.text() == "flight ta"


def test_going_up_from_the_first_row_leaves_the_list_to_itself(qtbot, pane, ready_client, link: FakeLink):
    search(qtbot, pane, ready_client, "flight")
    pane.search_field.end(False)
    qtbot.keyClicks(pane.search_field, " ta")
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Down)
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Up)
    with qtbot.waitSignal(pane.passage_chosen):
        qtbot.keyClick(pane.search_field, Qt.Key.Key_Return)


def test_escape_closes_the_list_first_and_then_clears_the_field(qtbot, pane, ready_client):
    qtbot.keyClicks(pane.search_field, "ta")
    assert offered(pane) == ["tag:"]
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Escape)
    assert offered(pane) == []
    assert pane.search_field.text() == "ta"
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Escape)
    assert pane.search_field.text() == ""


def test_the_arrow_keys_walk_through_the_hits_while_no_list_is_open(qtbot, pane, ready_client):
    search(qtbot, pane, ready_client, "flight")
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Down)
    assert pane.results.view.currentIndex().row() == 0
    pane.search_field.end(False)
    qtbot.keyClicks(pane.search_field, " ta")
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Down)
    assert pane.results.view.currentIndex().row() == 0
    assert pane.search_field.completion.list.current().text == "tag:"


def test_tab_moves_on_while_no_list_is_open(qtbot, pane, ready_client):
    pane.activateWindow()
    pane.search_field.setFocus()
    qtbot.keyClicks(pane.search_field, "flight")
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Tab)
    assert pane.search_field.text() == "flight"
    assert pane.focusWidget() is pane.search_field.filter_button


def test_a_click_takes_a_value(qtbot, pane, ready_client, link: FakeLink):
    asked(qtbot, ready_client, link, pane, "type:")
    view = pane.search_field.completion.list.view
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(1, 0)).center())
    assert pane.search_field.text() == "type:pdf "


def test_typing_on_asks_once_and_drops_the_late_answer(qtbot, pane, ready_client, link: FakeLink):
    link.held.add(m.CompleteFilter)
    qtbot.keyClicks(pane.search_field, "tag:d")
    qtbot.waitUntil(lambda: len(link.sent_of(m.CompleteFilter)) == 1)
    old = link.last_id(m.CompleteFilter)
    qtbot.keyClicks(pane.search_field, "r")
    qtbot.waitUntil(lambda: len(link.sent_of(m.CompleteFilter)) == 2)
    with qtbot.waitSignal(ready_client.finished, check_params_cb=lambda _id, body: isinstance(body, m.FilterCompleted)):
        link.answer(old, m.FilterCompleted(("dog", "draft")))
        link.answer(link.last_id(m.CompleteFilter), m.FilterCompleted(("draft",)))
    assert old in link.cancelled
    assert offered(pane) == ["draft"]


def test_an_answer_for_less_than_is_typed_by_now_opens_nothing(qtbot, pane, link: FakeLink):
    link.held.add(m.CompleteFilter)
    qtbot.keyClicks(pane.search_field, "tag:d")
    qtbot.waitUntil(lambda: bool(link.sent_of(m.CompleteFilter)))
    qtbot.keyClicks(pane.search_field, "r")
    link.answer(link.last_id(m.CompleteFilter), m.FilterCompleted(("dog", "draft")))
    QApplication.processEvents()
    assert offered(pane) == []


def test_tab_takes_nothing_that_does_not_fit_any_more(qtbot, pane, ready_client, link: FakeLink):
    asked(qtbot, ready_client, link, pane, "tag:")
    link.held.add(m.CompleteFilter)
    qtbot.keyClicks(pane.search_field, "b")
    assert offered(pane) == ["big plans"]
    qtbot.keyClicks(pane.search_field, "z")
    assert offered(pane) == []


def test_a_key_is_not_offered_as_its_own_value(qtbot, pane, link: FakeLink):
    link.held.add(m.CompleteFilter)
    qtbot.keyClicks(pane.search_field, "tag")
    assert offered(pane) == ["tag:"]
    qtbot.keyClicks(pane.search_field, ":")
    assert offered(pane) == []
    pane.search_field.clear()
    qtbot.keyClicks(pane.search_field, "title:x")
    assert offered(pane) == []


def test_an_answer_that_comes_after_escape_opens_nothing(qtbot, pane, ready_client, link: FakeLink):
    link.held.add(m.CompleteFilter)
    qtbot.keyClicks(pane.search_field, "tag:")
    qtbot.waitUntil(lambda: bool(link.sent_of(m.CompleteFilter)))
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Escape)
    link.answer(link.last_id(m.CompleteFilter), m.FilterCompleted(("draft",)))
    search(qtbot, pane, ready_client, "flight")
    assert offered(pane) == []


def test_a_value_that_is_typed_whole_needs_no_list(qtbot, pane, ready_client, link: FakeLink):
    asked(qtbot, ready_client, link, pane, "type:pdf")
    assert offered(pane) == []


def test_no_answer_to_a_completion_is_no_trouble(qtbot, pane, ready_client, link: FakeLink):
    link.errors[m.CompleteFilter] = StoreUnavailableError(store="catalog", reason="locked")
    with qtbot.waitSignal(ready_client.failed):
        qtbot.keyClicks(pane.search_field, "tag:")
    assert offered(pane) == []
    assert "cannot be used" not in pane.results.notice


def test_date_keys_offer_a_few_words(qtbot, pane, ready_client, link: FakeLink):
    qtbot.keyClicks(pane.search_field, "date:")
    assert offered(pane) == ["today", "yesterday", "last-week", "last-month", "this-year"]
    qtbot.keyClicks(pane.search_field, "last-m")
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Tab)
    assert pane.search_field.text() == "date:last-month "
    assert link.sent_of(m.CompleteFilter) == []


def test_chinese_keys_are_completed_in_chinese(qtbot, pane, ready_client, link: FakeLink):
    field = pane.search_field
    for text, rows in (
        ("标签", ["标签:"]),
        ("之后：", ["今天", "昨天", "上周", "上个月", "今年"]),
        ("日期:上", ["上周", "上个月"]),
    ):
        field.setText(text)
        field.completion.look()
        assert offered(pane) == rows
    with qtbot.waitSignal(ready_client.finished, check_params_cb=lambda _id, body: isinstance(body, m.FilterCompleted)):
        field.setText("文件夹：会")
        field.completion.look()
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == "文件夹：会议 "


def test_the_list_closes_when_the_focus_leaves(qtbot, pane, ready_client):
    qtbot.keyClicks(pane.search_field, "ta")
    QApplication.sendEvent(pane.search_field, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason))
    assert offered(pane) == []


def test_the_list_closes_when_the_cursor_goes_elsewhere(qtbot, pane, ready_client):
    qtbot.keyClicks(pane.search_field, "flight ta")
    pane.search_field.home(False)
    assert offered(pane) == []


def test_the_list_is_named_and_each_row_says_what_it_does(qtbot, pane, ready_client):
    qtbot.keyClicks(pane.search_field, "ta")
    view = pane.search_field.completion.list.view
    assert view.accessibleName() == "Suggestions"
    assert view.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "tag:, with a tag"


# ---- the menu of filters ---------------------------------------------------------------------------------------------


def test_the_filters_are_told_where_one_looks_for_them(qtbot, pane):
    button = pane.search_field.filter_button
    assert button.accessibleName() == "Filters"
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert "folder:" in pane.search_field.toolTip()
    menu = pane.search_field.build_menu()
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts[:5] == ["Folder", "Type", "Date", "Tag", "State"]
    assert texts[5:] == ["Title\ttitle:lisbon", "Leave out\t-tag:draft", 'Exact words\t"big picture"']


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_button_opens_the_menu_by_keyboard(qtbot, pane):
    pane.activateWindow()
    pane.search_field.filter_button.setFocus()
    qtbot.keyClick(pane.search_field.filter_button, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert menu.actions()[0].text().startswith("Folder")
    menu.close()


def test_a_filter_of_the_menu_is_begun_after_what_is_typed(qtbot, pane, ready_client, link: FakeLink):
    pane.search_field.setText("flight")
    menu = pane.search_field.build_menu()
    with qtbot.waitSignal(ready_client.finished, check_params_cb=lambda _id, body: isinstance(body, m.FilterCompleted)):
        menu.submenu(FilterKey.TYPE).actions()[-1].trigger()
    assert pane.search_field.text() == "flight type:"
    qtbot.waitUntil(lambda: offered(pane) == ["md", "pdf", "docx", "html", "txt"])


def test_exact_words_are_begun_between_quotation_marks(qtbot, pane):
    pane.search_field.build_menu().actions()[-1].trigger()
    qtbot.keyClicks(pane.search_field, "big picture")
    assert pane.search_field.text() == '"big picture"'


def test_a_chinese_window_teaches_chinese_filters(qtbot, qapp, chinese, ready_client, theme):
    made = LibraryPane(ready_client, theme)
    qtbot.addWidget(made)
    menu = made.search_field.build_menu()
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts[:5] == ["文件夹", "类型", "日期", "标签", "状态"]
    dates = [action.text() for action in menu.submenu(FilterKey.DATE).actions() if action.isCheckable()]
    assert dates == ["今天", "昨天", "最近 7 天", "本月", "今年"]
    menu.submenu(FilterKey.DATE).actions()[2].trigger()
    assert made.search_field.text() == "日期:最近7天 "
    assert "标签:" in made.search_field.toolTip()
