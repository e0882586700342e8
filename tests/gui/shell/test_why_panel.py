"""Why a note is among the results, or is not: every verdict in words, and the panel driven by mouse and keys."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fake_engine import FLIGHT, STAY, FakeLink, explained_note, file_entry, passage, sample_explanation
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from assistant.desktop.search.why_panel import LEAST_HEIGHT_PX, LEAST_WIDTH_PX, WhyPanel
from assistant.desktop.search.why_words import (
    as_text,
    meaning_words,
    note_facts,
    result_rows,
    search_facts,
    verdict_words,
)
from assistant.desktop.shell.library_pane import LibraryPane
from assistant.domain.errors import StoreUnavailableError
from assistant.domain.library import FileState
from assistant.domain.search import (
    DateRange,
    ExplainedPassage,
    FilterKey,
    LegView,
    NoteExplanation,
    QueryFilter,
    QueryWord,
    SearchExplanation,
    Understood,
    Verdict,
)
from assistant.ipc import engine_messages as m

TRANSLATIONS = Path(__file__).resolve().parents[3] / "resources" / "translations"
FOLDER = QueryFilter(FilterKey.FOLDER, "work", 0, 11)
NOT_TAG = QueryFilter(FilterKey.TAG, "draft", 12, 22, excludes=True)


def explained(
    verdict: Verdict, state: FileState | None = FileState.READY, reason: str = "", **values
) -> SearchExplanation:
    file = file_entry("Travel/Old.md", state, reason).file if state is not None else None
    return replace(sample_explanation(), note=NoteExplanation("Travel/Old.md", verdict, file, **values))


VERDICTS = [
    (
        explained(Verdict.FOUND, rank=2, keyword=LegView(3, 1.0), vector=LegView(12, 0.4)),
        "It is result 2. Its words are 3rd of 120, and its meaning is 12th of 2,300.",
        "它是第 2 条结果。按字词排第 3 位（共 120），按内容排第 12 位（共 2,300）。",
    ),
    (
        explained(Verdict.FOUND, rank=27, vector=LegView(22, 0.4)),
        "It is result 27, below those shown. It has none of the words, and its meaning is 22nd of 2,300.",
        "它是第 27 条结果，排在显示的结果之后。它没有这些字词，按内容排第 22 位（共 2,300）。",
    ),
    (
        explained(Verdict.UNKNOWN_NOTE, None),
        "This note is not in the library.",
        "资料库中没有这篇笔记。",
    ),
    (
        explained(Verdict.NOT_READ, FileState.FAILED, "encrypted"),
        "It could not be read. This file is locked. Enter its password to read it.",
        "它无法读取。这个文件已加密，输入密码后即可读取。",
    ),
    (
        explained(Verdict.NOT_READ, FileState.SKIPPED, "pattern"),
        "It was left out. Your own patterns in the settings leave this out.",
        "它没有被读取。",
    ),
    (
        explained(Verdict.NOT_READ, FileState.QUEUED),
        "It has not been read yet. It is waiting to be read",
        "它还没有读取。",
    ),
    (
        explained(Verdict.FILTERED, failed_filters=(FOLDER,)),
        "A filter keeps it out. Folder: work",
        "它被一个筛选条件排除了。文件夹：work",
    ),
    (
        explained(Verdict.FILTERED, failed_filters=(FOLDER, NOT_TAG)),
        "Filters keep it out. Folder: work · Not tag: draft",
        "它被筛选条件排除了。文件夹：work · 排除标签：draft",
    ),
    (
        explained(Verdict.NO_MEANING_YET, FileState.KEYWORD_READY),
        "Its meaning has not been read yet. It has none of the words.",
        "它的内容还没有理解完。它没有这些字词。",
    ),
    (
        explained(Verdict.NO_MEANING_YET, FileState.KEYWORD_READY, held=("flight",)),
        "Its meaning has not been read yet. Its words alone do not bring it up.",
        "它的内容还没有理解完。只凭字词，它排不上来。",
    ),
    (
        explained(Verdict.OUTRANKED, keyword=LegView(41, 1.0), vector=LegView(88, 0.1)),
        "Other notes fit better. Its words are 41st of 120, and its meaning is 88th of 2,300.",
        "其他笔记更符合。按字词排第 41 位（共 120），按内容排第 88 位（共 2,300）。",
    ),
    (
        replace(explained(Verdict.OUTRANKED, keyword=LegView(11, 1.0)), missing="model-unavailable"),
        "Other notes fit better. Its words are 11th of 120, and meaning was not searched.",
        "其他笔记更符合。按字词排第 11 位（共 120），没有按内容搜索。",
    ),
    (
        explained(Verdict.OUTRANKED, held=("flight",)),
        "Other notes fit better. It has only some of the words, and its meaning is not among the nearest.",
        "其他笔记更符合。它只有一部分字词，内容不在最接近之列。",
    ),
    (
        explained(Verdict.OUTRANKED, rank=27, keyword=LegView(30, 1.0)),
        "It is result 27, below those shown. Its words are 30th of 120, and its meaning is not among the nearest.",
        "它是第 27 条结果，排在显示的结果之后。按字词排第 30 位（共 120），内容不在最接近之列。",
    ),
    (
        replace(explained(Verdict.OUTRANKED, vector=LegView(88, 0.1)), words=()),
        "Other notes fit better. Its meaning is 88th of 2,300.",
        "其他笔记更符合。按内容排第 88 位（共 2,300）。",
    ),
    (explained(Verdict.NOT_READ, FileState.READY), "It holds no text.", "它没有文字内容。"),
]


def verdict_text(found: SearchExplanation) -> tuple[str, str]:
    words = verdict_words(found)
    return f"{words.headline} {words.detail}", f"{words.headline}{words.detail}"


@pytest.mark.parametrize(("found", "english", "_chinese"), VERDICTS)
def test_every_verdict_is_a_sentence(qapp, found, english, _chinese):
    assert verdict_text(found)[0].startswith(english)


@pytest.mark.parametrize(("found", "_english", "chinese_words"), VERDICTS)
def test_every_verdict_is_a_chinese_sentence(qapp, chinese, found, _english, chinese_words):
    text = verdict_text(found)[1]
    assert text.startswith(chinese_words)
    assert not re.search(r"[a-z]{3}", text.replace("work", "").replace("draft", ""))


def test_no_verdict_is_without_words():
    assert {found.note.verdict for found, _english, _chinese in VERDICTS} == set(Verdict)


def test_a_note_that_was_read_in_part_says_so(qapp):
    words = verdict_words(explained(Verdict.OUTRANKED, FileState.READY, "partial"))
    assert words.detail.endswith("that part is searchable.")


def test_a_search_by_filters_alone_compares_nothing(qapp):
    found = replace(
        explained(Verdict.FOUND, rank=1),
        words=(),
        understood=Understood("", (FOLDER,)),
        keyword_found=0,
        vector_found=0,
    )
    assert verdict_words(found).detail == ""
    assert "only filters" in meaning_words(found)
    assert "Counted" not in [fact.label for fact in search_facts(found)]


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("", "searched"),
        ("switched-off", "switched off"),
        ("model-unavailable", "there is no model"),
        ("process-died", "had just stopped"),
        ("process-broken", "has stopped"),
        ("store-unavailable", "its index cannot be used"),
        ("something-new", "not searched this time"),
    ],
)
def test_whether_meaning_was_searched_is_said(qapp, missing, words):
    assert words in meaning_words(replace(sample_explanation(), missing=missing))


def test_exact_search_is_named(qapp):
    assert meaning_words(replace(sample_explanation(), exact=True)) == "searched, by exact search"


def test_the_facts_name_words_filters_and_dates(qapp):
    days = DateRange(date(2026, 11, 9), date(2026, 11, 15))
    found = replace(
        sample_explanation(),
        understood=Understood("flight lisbon", (FOLDER, NOT_TAG), (days,), ("check-in",)),
        words=(QueryWord("flight", 2.0, 34, ("flights", "flying", "flew", "flown")), QueryWord("zeppelin", 3.0, 0)),
        reranker="bge reranker",
    )
    facts = {fact.label: fact.text for fact in search_facts(found)}
    assert facts["Words"] == "flight (in 34 passages, also flights, flying, flew), zeppelin (nowhere)"
    assert facts["Filters and dates"] == "Folder: work · Not tag: draft · 9–15 Nov 2026"
    assert facts["Exactly"] == "“check-in”"
    assert facts["Counted"] == "words 55%, meaning 45%"
    assert facts["Sorted again by"] == "bge reranker"


def test_held_and_lacking_words_are_listed(qapp):
    note = NoteExplanation("a.md", Verdict.OUTRANKED, held=("flight", "june"), lacking=("lisbon",))
    assert [(fact.label, fact.text) for fact in note_facts(note)] == [("Has", "flight, june"), ("Lacks", "lisbon")]


@pytest.mark.parametrize("verdict", [Verdict.NOT_READ, Verdict.UNKNOWN_NOTE])
def test_nothing_is_said_of_the_words_of_a_note_that_was_not_read(qapp, verdict):
    assert note_facts(NoteExplanation("a.md", verdict, lacking=("lisbon",))) == ()


def test_a_row_says_what_counted(qapp):
    found = sample_explanation()
    first, second = result_rows(found)
    assert (first.rank, first.words, first.meaning, first.counted) == (
        "1",
        "1st · 12.3",
        "2nd · 0.61",
        "words 58% · meaning 42%",
    )
    assert (second.words, second.counted) == ("–", "meaning 88% · date 12%")
    reranked = replace(found, passages=(replace(found.passages[0], reranked=3.217, vector_part=-0.1),))
    assert result_rows(reranked)[0].counted == "words 100% · sorted again 3.22"


def test_a_row_without_any_part_says_nothing(qapp):
    bare = ExplainedPassage(FLIGHT, LegView(), LegView(), 0.0, 0.0)
    row = result_rows(replace(sample_explanation(), passages=(bare,)))[0]
    assert (row.words, row.meaning, row.counted) == ("–", "–", "–")


def test_a_part_that_hardly_counted_is_left_out(qtbot):
    hardly = ExplainedPassage(FLIGHT, LegView(1, 1.0), LegView(1, 1.0), 1.0, 0.001)
    assert result_rows(replace(sample_explanation(), passages=(hardly,)))[0].counted == "words 100%"


def test_the_shares_of_a_row_add_up_to_a_hundred(qapp):
    thirds = ExplainedPassage(FLIGHT, LegView(1, 1.0), LegView(1, 1.0), 0.1, 0.1, 0.1)
    counted = result_rows(replace(sample_explanation(), passages=(thirds,)))[0].counted
    assert sum(int(share) for share in re.findall(r"(\d+)%", counted)) == 100


def test_the_whole_explanation_is_text(qapp):
    found = sample_explanation()
    found = replace(found, note=explained_note(FLIGHT.note, found))
    text = as_text("folder:Travel flight", found)
    assert text.startswith("Search: folder:Travel flight\n\nNote: Travel/Tickets and hotel.pdf\nIt is result 1.")
    assert "Has: flight\nLacks: lisbon\n" in text
    assert "1. Travel/Tickets and hotel.pdf | Words 1st · 12.3 | Meaning 2nd · 0.61 | What counted words 58%" in text
    assert "Filters and dates: Folder: Travel" in text


# ---- the panel -------------------------------------------------------------------------------------------------------


def search(qtbot, pane: LibraryPane, client, text: str) -> None:
    with qtbot.waitSignal(client.finished, check_params_cb=lambda _id, body: isinstance(body, m.SearchDone)):
        pane.search_field.setText(text)


def answered(qtbot, client, kind: type = m.SearchExplained):
    return qtbot.waitSignal(client.finished, check_params_cb=lambda _id, body: isinstance(body, kind))


def the_panel(pane: LibraryPane) -> WhyPanel:
    (panel,) = pane.findChildren(WhyPanel)
    return panel


def shown_text(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def action(menu, text: str):
    return next(found for found in menu.actions() if found.text() == text)


def asked_why(qtbot, pane: LibraryPane, client, row: int = 0) -> WhyPanel:
    search(qtbot, pane, client, "flight lisbon")
    index = pane.results.view.model().index(row, 0)
    pane.results.view.setCurrentIndex(index)
    with answered(qtbot, client):
        action(pane.results.build_menu(index), "Why is this here?").trigger()
    return the_panel(pane)


def test_a_result_says_why_it_is_there(qtbot, pane, ready_client, link: FakeLink):
    panel = asked_why(qtbot, pane, ready_client)
    assert link.sent_of(m.ExplainSearch) == [m.ExplainSearch("flight lisbon", 20, 0, 1, FLIGHT.note)]
    text = shown_text(panel)
    assert "Why these results for “flight lisbon”?" in text
    assert "It is result 1." in text
    assert "Its words are 1st of 120, and its meaning is 2nd of 2,300." in text
    assert "flight (in 34 passages, also flights)" in text
    assert panel.field.text() == FLIGHT.note
    assert panel.table.model().rowCount() == 2


def test_the_menu_key_opens_the_menu_of_the_current_result(qtbot, pane, ready_client, monkeypatch):
    search(qtbot, pane, ready_client, "flight")
    pane.results.view.setCurrentIndex(pane.results.view.model().index(1, 0))
    opened = []
    monkeypatch.setattr(type(pane.results), "build_menu", lambda self, index: opened.append(index.row()))
    pane.results.view.customContextMenuRequested.emit(QPoint(10_000, 10_000))
    assert opened == [1]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_shift_f10_opens_the_menu_of_the_current_result(qtbot, pane, ready_client, link: FakeLink):
    search(qtbot, pane, ready_client, "flight")
    pane.activateWindow()
    pane.results.view.setFocus()
    pane.results.view.setCurrentIndex(pane.results.view.model().index(1, 0))
    qtbot.keyClick(pane.results.view, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    menu = QApplication.activePopupWidget()
    assert "Why is this here?" in [found.text() for found in menu.actions()]
    menu.close()


def test_a_chat_among_the_results_has_no_why(qtbot, pane, ready_client, link: FakeLink):
    link.held.add(m.SearchNotes)
    pane.search_field.setText("budget")
    qtbot.waitUntil(lambda: bool(link.sent_of(m.SearchNotes)))
    with qtbot.waitSignal(ready_client.finished):
        link.answer(link.last_id(m.SearchNotes), m.SearchDone((), link.conversations[:1]))
    assert pane.results.build_menu(pane.results.view.model().index(0, 0)) is None


@pytest.mark.parametrize("passages", [(FLIGHT, STAY), ()])
def test_a_missing_note_is_asked_for_below_the_results(qtbot, pane, ready_client, link: FakeLink, passages):
    link.passages = passages
    search(qtbot, pane, ready_client, "zeppelin")
    assert pane.results.missing.isVisible()
    with answered(qtbot, ready_client):
        qtbot.mouseClick(pane.results.missing, Qt.MouseButton.LeftButton)
    panel = the_panel(pane)
    assert link.sent_of(m.ExplainSearch) == [m.ExplainSearch("zeppelin", 20, 0, 0, "")]
    assert panel.verdict.isHidden()
    assert panel.focusWidget() is panel.field
    assert "Which note did you expect?" in shown_text(panel)


def test_there_is_nothing_missing_before_a_search(qtbot, pane, ready_client, link: FakeLink):
    assert not pane.results.missing.isVisibleTo(pane.results)
    search(qtbot, pane, ready_client, "flight")
    pane.search_field.clear()
    assert not pane.results.missing.isVisibleTo(pane.results)


@pytest.fixture
def panel(qtbot, ready_client, theme, link: FakeLink) -> WhyPanel:
    """A panel that asks for a note."""
    made = WhyPanel(ready_client, theme, "flight lisbon")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    with answered(qtbot, ready_client):
        made.explain(0, "")
        made.show()
    return made


def typed(qtbot, client, panel: WhyPanel, text: str) -> None:
    with answered(qtbot, client, m.SearchDone):
        qtbot.keyClicks(panel.field, text)


def test_a_note_is_found_by_a_part_of_its_name_and_explained(qtbot, panel, ready_client, link: FakeLink):
    link.passages = (passage("x", "Travel/Packing.md"), FLIGHT, FLIGHT)
    typed(qtbot, ready_client, panel, "Pack")
    assert link.sent_of(m.SearchNotes)[-1].query == 'title:"Pack"'
    assert [(row.text, row.detail) for row in panel.field.list.rows] == [
        ("Packing.md", "Travel"),
        ("Tickets and hotel.pdf", "Travel"),
    ]
    with answered(qtbot, ready_client):
        qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert link.sent_of(m.ExplainSearch)[-1] == m.ExplainSearch("flight lisbon", 20, 0, 1, "Travel/Packing.md")
    assert "Other notes fit better." in shown_text(panel)
    assert panel.field.text() == "Travel/Packing.md"
    assert panel.field.list.rows == ()


def test_a_note_that_could_not_be_read_can_be_chosen(qtbot, panel, ready_client, link: FakeLink):
    link.passages = ()
    typed(qtbot, ready_client, panel, "fax")
    assert [row.text for row in panel.field.list.rows] == ["Old fax.pdf"]
    with answered(qtbot, ready_client):
        qtbot.keyClick(panel.field, Qt.Key.Key_Down)
        qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert link.sent_of(m.ExplainSearch)[-1].note == "Scans/Old fax.pdf"


def test_a_name_that_no_note_has_says_so(qtbot, panel, ready_client, link: FakeLink):
    link.passages = ()
    typed(qtbot, ready_client, panel, "zeppelin")
    assert "No note has this in its name." in shown_text(panel)
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert len(link.sent_of(m.ExplainSearch)) == 1


def test_escape_closes_the_list_of_notes_before_the_panel(qtbot, panel, ready_client, link: FakeLink):
    typed(qtbot, ready_client, panel, "tick")
    assert panel.field.list.is_open
    qtbot.keyClick(panel.field, Qt.Key.Key_Escape)
    assert not panel.field.list.is_open
    assert panel.isVisible()
    qtbot.keyClick(panel.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not panel.isVisible())


def test_quotation_marks_in_a_name_do_no_harm(qtbot, panel, ready_client, link: FakeLink):
    typed(qtbot, ready_client, panel, 'a "b"')
    assert link.sent_of(m.SearchNotes)[-1].query == 'title:"a b"'


def test_enter_on_a_result_explains_that_one(qtbot, panel, ready_client, link: FakeLink):
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.table.model().index(1, 1))
    with answered(qtbot, ready_client):
        qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert link.sent_of(m.ExplainSearch)[-1].note == STAY.note
    assert panel.isVisible()


def test_an_explanation_that_comes_late_is_dropped(qtbot, panel, ready_client, link: FakeLink):
    link.held.add(m.ExplainSearch)
    panel.explain(1, "Travel/Packing.md")
    old = link.last_id(m.ExplainSearch)
    panel.explain(1, FLIGHT.note)
    with answered(qtbot, ready_client):
        link.answer(old, m.SearchExplained(explained(Verdict.UNKNOWN_NOTE, None)))
        found = sample_explanation()
        found = replace(found, note=explained_note(FLIGHT.note, found))
        link.answer(link.last_id(m.ExplainSearch), m.SearchExplained(found))
    assert old in link.cancelled
    assert "It is result 1." in shown_text(panel)


def test_a_failure_is_said_in_words_and_nothing_old_is_left(qtbot, panel, ready_client, link: FakeLink):
    link.errors[m.ExplainSearch] = StoreUnavailableError(store="catalog", reason="locked")
    with qtbot.waitSignal(ready_client.failed):
        panel.explain(1, FLIGHT.note)
    assert "The index cannot be used just now." in shown_text(panel)
    assert panel.table.isHidden()
    assert not panel.copy.isEnabled()
    del link.errors[m.ExplainSearch]
    with answered(qtbot, ready_client):
        panel.explain(1, FLIGHT.note)
    assert "The index cannot be used just now." not in shown_text(panel)
    assert panel.copy.isEnabled()


def test_everything_is_copied_as_text(qtbot, panel, ready_client, qapp, link: FakeLink):
    with answered(qtbot, ready_client):
        panel.explain(1, FLIGHT.note)
    qtbot.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    text = qapp.clipboard().text()
    assert "It is result 1." in text
    assert "Travel/Tickets and hotel.pdf" in text
    assert panel.copy.text() == "Copied"


def test_the_panel_fits_the_smallest_window(qtbot, panel):
    assert panel.minimumWidth() == LEAST_WIDTH_PX <= 640
    assert panel.minimumHeight() == LEAST_HEIGHT_PX <= 480
    panel.resize(LEAST_WIDTH_PX, LEAST_HEIGHT_PX)
    QApplication.processEvents()
    assert panel.area.widget().width() <= panel.area.viewport().width()
    assert panel.copy.geometry().bottom() < panel.height()


def test_the_panel_scrolls_only_when_it_must(qtbot, panel, ready_client):
    panel.resize(720, 700)
    with answered(qtbot, ready_client):
        panel.explain(1, FLIGHT.note)
    QApplication.processEvents()
    assert panel.area.verticalScrollBar().maximum() == 0


def test_everything_in_the_panel_is_named(qtbot, panel, ready_client):
    with answered(qtbot, ready_client):
        panel.explain(1, FLIGHT.note)
    assert panel.windowTitle() == "Why these results for “flight lisbon”?"
    assert panel.field.accessibleName() == "Name of a note"
    assert panel.table.accessibleName() == "Results"
    assert panel.verdict.accessibleName() == "It is result 1."
    assert panel.copy.text() == "Copy"
    cell = panel.table.model().index(0, 2)
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "Words: 1st · 12.3"


def test_names_are_never_taken_for_markup(qtbot, panel, ready_client, link: FakeLink):
    hostile = passage("<b>x</b>", "<img src=x>.md")
    link.explanation = replace(
        sample_explanation(), passages=(ExplainedPassage(hostile, LegView(1, 1.0), LegView(), 1.0, 0.0),)
    )
    with answered(qtbot, ready_client):
        panel.explain(1, hostile.note)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in panel.findChildren(QLabel) if label.text())
    assert "<img" not in panel.table.model().index(0, 1).data(Qt.ItemDataRole.ToolTipRole)


def test_the_panel_speaks_chinese(qtbot, chinese, ready_client, theme, link: FakeLink):
    made = WhyPanel(ready_client, theme, "航班")
    qtbot.addWidget(made)
    with answered(qtbot, ready_client):
        made.explain(1, FLIGHT.note)
        made.show()
    text = shown_text(made)
    assert "“航班”的结果是怎么来的？" in text
    assert "它是第 1 条结果。" in text
    assert "字词 55%，内容 45%" in text
    assert made.table.model().headerData(4, Qt.Orientation.Horizontal) == "依据"


# ---- from the library ------------------------------------------------------------------------------------------------


def test_a_note_in_the_library_is_asked_about_after_a_search(qtbot, pane, ready_client, link: FakeLink):
    with qtbot.waitSignal(pane.model.listed):
        pane.tree.expand(pane.model.index(0, 0))
    node = pane.model.node(pane.model.index(4, 0, pane.model.index(0, 0)))
    assert not any("Why" in found.text() for found in pane.menu.build(node).actions())
    search(qtbot, pane, ready_client, "a very long query about flights")
    pane.search_field.clear()
    menu = pane.menu.build(node)
    with answered(qtbot, ready_client):
        action(menu, "Why not found by “a very long query about…”?").trigger()
    request = link.sent_of(m.ExplainSearch)[-1]
    assert request == m.ExplainSearch("a very long query about flights", 20, 0, 1, "Reading list.md")
    assert the_panel(pane).isVisible()
