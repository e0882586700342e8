"""The library from inside: counts, reasons, files to filter, chunks as indexed, and what can be done about each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from fake_engine import FLIGHT, TEXT, FakeLink, file_entry
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from assistant.desktop.common.dialogs import PasswordQuestion
from assistant.desktop.library import files_model
from assistant.desktop.library.chunks_page import ChunksPage
from assistant.desktop.library.files_model import PAGE_ROWS
from assistant.desktop.library.library_cards import ReasonRow
from assistant.desktop.library.library_page import FILES, OVERVIEW, PLACES, LibraryPage
from assistant.domain.errors import StoreUnavailableError
from assistant.domain.library import FileQuery, FileState, FolderState, IndexProgress, LibraryCounts, Renewal, TreeEntry
from assistant.ipc import engine_messages as m
from assistant.ipc.wire import ErrorMessage


def shown_text(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def press(qtbot, button: QPushButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def settle(qtbot, client) -> None:
    qtbot.waitUntil(lambda: not client.is_waiting)
    QApplication.processEvents()


@pytest.fixture
def page(qtbot, ready_client, theme) -> LibraryPage:
    made = LibraryPage(ready_client, theme)
    qtbot.addWidget(made)
    made.resize(700, 800)
    made.show()
    return made


def opened(qtbot, client, page: LibraryPage) -> LibraryPage:
    page.open()
    settle(qtbot, client)
    return page


# ---- overview --------------------------------------------------------------------------------------------------------


def test_the_overview_says_how_everything_stands(qtbot, ready_client, page, link: FakeLink):
    link.parts = (m.PartHealth("vectors", "broken"),)
    link.exact_search = True
    text = shown_text(opened(qtbot, ready_client, page))
    for words in (
        "5,300",
        "Everything that can be read is read.",
        "It lies on a network drive",
        "in 0.4 s: nothing had changed. Last changes",
        "3 new, 1 gone",
        "This file is locked. Enter its password to read it.",
        "off after several crashes",
        "exact, over every passage",
        "148 MB",
        "3 chats with 7 questions here.",
    ):
        assert words in text, words


def test_what_is_being_done_moves_and_can_be_paused(qtbot, ready_client, page, link: FakeLink):
    opened(qtbot, ready_client, page)
    link.move_index(IndexProgress("embedding", 25, 100, 2.0, 190.0, current="a/b.md"), LibraryCounts(notes=9, ready=4))
    qtbot.waitUntil(lambda: page.work.bar.isVisible())
    assert page.work.bar.value() == 250
    assert "About 3 min left" in page.work.hint.text()
    assert "a/b.md" in page.work.hint.text()
    press(qtbot, page.work.pause)
    assert link.sent_of(m.PauseIndexing) == [m.PauseIndexing(True)]
    qtbot.waitUntil(lambda: page.work.pause.text() == "Go on")


def test_compare_now_is_answered_when_the_comparison_has_ended(qtbot, ready_client, page, link: FakeLink):
    opened(qtbot, ready_client, page)
    link.held.add(m.RescanFolder)
    press(qtbot, page.work.compare)
    assert not page.work.compare.isEnabled()
    with qtbot.waitSignal(ready_client.finished):
        link.answer(link.last_id(m.RescanFolder), m.Done())
    assert page.work.compare.isEnabled()


def test_what_holds_indexing_up_is_said_in_words(qtbot, ready_client, page, link: FakeLink):
    link.troubles = (ErrorMessage("disk-full", fields={"needed_bytes": 500_000_000, "free_bytes": 1_000_000}),)
    link.renewal = Renewal("bge-m3", IndexProgress("embedding", 1, 4))
    text = shown_text(opened(qtbot, ready_client, page))
    assert "The disk is nearly full: 500 MB are needed" in text
    assert "bge-m3 is being built beside this one: 25 %" in text
    press(qtbot, page.work.cancel)
    assert link.sent_of(m.CancelRenewal)


def test_an_engine_that_cannot_say_is_reported_and_forgotten_when_it_can(qtbot, ready_client, page, link: FakeLink):
    link.errors[m.GetStatus] = StoreUnavailableError(store="catalog", reason="damaged")
    opened(qtbot, ready_client, page)
    assert "The index cannot be used just now." in page.trouble.text()
    link.errors.clear()
    opened(qtbot, ready_client, page)
    assert page.trouble.isHidden()


def test_an_empty_library_says_so(qtbot, ready_client, page, link: FakeLink):
    link.folders, link.counts, link.reasons, link.backups = (), LibraryCounts(), (), ()
    text = shown_text(opened(qtbot, ready_client, page))
    assert "There is nothing to read yet." in text
    assert "Every file could be read." in text
    assert "There is no backup yet." in text


def test_a_folder_that_goes_takes_its_card_along(qtbot, ready_client, page, link: FakeLink):
    opened(qtbot, ready_client, page)
    assert "Papers" in shown_text(page)
    link.folders = (replace(link.folders[0], state=FolderState.MISSING),)
    opened(qtbot, ready_client, page)
    assert "Papers" not in shown_text(page)
    assert "This folder is not there just now." in shown_text(page)


@pytest.mark.parametrize("joint", ["-", "_"])
def test_a_model_with_a_long_name_leaves_the_page_its_width(qtbot, ready_client, page, link: FakeLink, joint):
    link.chat_model_title = joint.join(["DeepSeek-R1-Distill-Qwen-14B", "abliterated", "imatrix", "Q4_K_M"] * 2)
    page.resize(500, 480)
    opened(qtbot, ready_client, page)
    widget = page.area.widget()
    assert widget is not None
    qtbot.waitUntil(lambda: widget.width() == page.area.viewport().width())


def test_all_of_a_reason_are_retried_or_shown(qtbot, ready_client, page, link: FakeLink):
    opened(qtbot, ready_client, page)
    first = page.findChildren(ReasonRow)[0]
    press(qtbot, first.retry)
    press(qtbot, page.retry_failed)
    assert [request.query for request in link.sent_of(m.RetryFiles)] == [
        FileQuery(states=(FileState.FAILED,), reason="encrypted"),
        FileQuery(states=(FileState.FAILED,)),
    ]
    settle(qtbot, ready_client)
    press(qtbot, page.findChildren(ReasonRow)[0].show_files)
    settle(qtbot, ready_client)
    assert page.switch.current == FILES
    assert page.files.title.text() == "Contract.pdf"
    assert page.files.count.text() == "1 file"


def test_a_count_leads_to_its_files(qtbot, ready_client, page, link: FakeLink):
    opened(qtbot, ready_client, page)
    press(qtbot, page.total.links[FileState.QUEUED])
    settle(qtbot, ready_client)
    assert page.files.states.currentText() == "Waiting"
    assert page.files.title.text() == "Roof quotes.docx"
    assert page.files.retry_all.isHidden()
    page.show_overview()
    assert page.switch.current == OVERVIEW


# ---- files -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def files(qtbot, ready_client, page):
    page.show_attention()
    opened(qtbot, ready_client, page)
    return page.files


def test_a_password_is_passed_on(qtbot, ready_client, files, link: FakeLink):
    assert files.retry.text() == "Enter password…"
    press(qtbot, files.retry)
    (question,) = files.findChildren(PasswordQuestion)
    question.field.setText("secret")
    with qtbot.waitSignal(ready_client.finished):
        press(qtbot, question.yes)
    assert link.sent_of(m.RetryFile) == [m.RetryFile(1, "Scans/Contract.pdf", "secret")]


def test_a_damaged_file_is_retried_by_keyboard(qtbot, ready_client, files, link: FakeLink):
    link.tree, link.attention = {}, (file_entry("a.docx", FileState.FAILED, "damaged"),)
    files.states.setCurrentIndex(1)
    settle(qtbot, ready_client)
    assert files.title.text() == "a.docx"
    qtbot.keyClick(files.view, Qt.Key.Key_Return)
    settle(qtbot, ready_client)
    assert link.sent_of(m.RetryFile) == [m.RetryFile(1, "a.docx")]


def test_when_all_is_well_the_list_says_so(qtbot, ready_client, files, link: FakeLink):
    link.tree, link.attention = {}, ()
    files.refresh()
    settle(qtbot, ready_client)
    assert files.empty.text() == "Nothing needs your attention."
    assert files.detail.isHidden()


def test_a_chosen_reason_that_no_file_has_any_more_limits_nothing(qtbot, ready_client, page, files, link: FakeLink):
    files.reasons.setCurrentIndex(files.reasons.findData("encrypted"))
    settle(qtbot, ready_client)
    assert files.count.text() == "1 file"
    link.reasons, link.tree, link.attention = link.reasons[1:], {}, link.attention[1:]
    opened(qtbot, ready_client, page)
    assert files.reasons.currentText() == "Every reason"
    assert files.count.text() == "1 file"
    assert files.title.text() == "Old fax.pdf"


def test_files_are_filtered_by_name_and_lead_to_the_note(qtbot, ready_client, files, link: FakeLink):
    files.states.setCurrentIndex(6)
    settle(qtbot, ready_client)
    before = files.model.rowCount()
    qtbot.keyClicks(files.name, "lisbon")
    qtbot.waitUntil(lambda: 0 < files.model.rowCount() < before)
    assert files.title.text() == "Lisbon 2026.md"
    with qtbot.waitSignal(files.note_chosen) as chosen:
        press(qtbot, files.show_note)
    assert chosen.args[0].note_path == "/home/ada/My notes/Travel/Lisbon 2026.md"
    with qtbot.waitSignal(files.chunks_asked):
        press(qtbot, files.chunks)


def test_many_failures_come_a_page_at_a_time(qtbot, ready_client, page, link: FakeLink):
    link.attention = tuple(file_entry(f"{n:06}.pdf", FileState.FAILED, "damaged") for n in range(3 * PAGE_ROWS))
    page.show_attention()
    opened(qtbot, ready_client, page)
    model = page.files.model
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert model.rowCount() < 3 * PAGE_ROWS, "no more than is on screen, and a page ahead"
    assert page.files.count.text() == "601 files"
    for _page in range(4):
        settle(qtbot, ready_client)
        model.fetchMore(model.index(-1, -1))
    assert not model.canFetchMore(model.index(-1, -1))
    assert model.rowCount() == 3 * PAGE_ROWS + 1  # and the locked one of the tree

    assert all(request.limit <= PAGE_ROWS for request in link.sent_of(m.ListFiles))
    del tester


def show_waiting(link: FakeLink, files, client, qtbot, names: Iterable[int]) -> None:
    """The list as it is while notes are read: from time to time one of them is no longer waiting."""
    link.tree = {(1, ""): tuple(with_id(n) for n in names)}
    files.refresh()
    settle(qtbot, client)


def with_id(n: int) -> TreeEntry:
    entry = file_entry(f"{n:03}.md", FileState.QUEUED)
    assert entry.file is not None
    return replace(entry, file=replace(entry.file, file_id=1000 + n))


@pytest.fixture
def waiting(qtbot, ready_client, files, link: FakeLink):
    """150 files that wait to be read."""
    link.tree, link.attention = {(1, ""): tuple(map(with_id, range(150)))}, ()
    files.show_files(PLACES[FileState.QUEUED])
    settle(qtbot, ready_client)
    return files


def first_in_sight(files) -> str:
    return files.view.indexAt(QPoint(0, 0)).data()


def test_the_list_stays_where_it_is_while_notes_are_read(qtbot, ready_client, waiting, link: FakeLink):
    view = waiting.view
    view.verticalScrollBar().setValue(2010)
    seen, into = first_in_sight(waiting), view.visualRect(view.indexAt(QPoint(0, 0))).top()
    assert into < 0, "in the middle of a row"
    show_waiting(link, waiting, ready_client, qtbot, range(10, 150))
    assert first_in_sight(waiting) == seen
    assert view.visualRect(view.indexAt(QPoint(0, 0))).top() == into


def test_a_file_that_is_read_while_in_sight_leaves_the_next_ones_in_place(qtbot, ready_client, waiting, link: FakeLink):
    view = waiting.view
    view.verticalScrollBar().setValue(2010)
    first = view.indexAt(QPoint(0, 0)).row()
    top = view.visualRect(waiting.model.index(first + 1, 0)).top()
    show_waiting(link, waiting, ready_client, qtbot, (n for n in range(150) if n != first))
    assert waiting.model.index(first, 0).data() == f"{first + 1:03}.md"
    assert view.visualRect(waiting.model.index(first, 0)).top() == top


def test_the_chosen_file_stays_chosen_until_it_is_gone(qtbot, ready_client, waiting, link: FakeLink):
    waiting.view.setCurrentIndex(waiting.model.index(40, 0))
    show_waiting(link, waiting, ready_client, qtbot, range(30, 150))
    assert waiting.view.currentIndex().row() == 10
    assert waiting.title.text() == "040.md"
    show_waiting(link, waiting, ready_client, qtbot, range(41, 150))
    assert not waiting.view.currentIndex().isValid(), "no other file is taken for it"
    assert not waiting.view.selectionModel().hasSelection()
    assert waiting.detail.isHidden()


def test_a_menu_acts_on_the_file_it_was_opened_for(qtbot, ready_client, files, link: FakeLink):
    link.tree, link.attention = {}, tuple(file_entry(f"{n}.docx", FileState.FAILED, "damaged") for n in range(3))
    files.show_files(1)
    settle(qtbot, ready_client)
    files.view.setCurrentIndex(files.model.index(1, 0))
    menu = files.make_menu()
    link.attention = link.attention[2:]
    files.refresh()
    settle(qtbot, ready_client)
    menu.actions()[0].trigger()
    assert link.sent_of(m.RetryFile) == [m.RetryFile(1, "1.docx")]


# ---- chunks ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def chunks(qtbot, ready_client, theme) -> ChunksPage:
    made = ChunksPage(ready_client, theme)
    qtbot.addWidget(made)
    made.resize(700, 700)
    made.show_note(FLIGHT)
    made.show()
    made.open()
    settle(qtbot, ready_client)
    return made


def test_a_notes_chunks_are_shown_exactly_as_indexed(qtbot, chunks):
    assert chunks.model.rowCount() == 2
    assert chunks.text.toPlainText() == TEXT[: TEXT.index("Hotel")]
    assert "2 passages, 1 of them with their meaning" in chunks.facts.text()
    words = chunks.model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Hotel · page 2 · characters" in words


def test_the_chosen_chunk_is_marked_in_the_note(qtbot, chunks):
    with qtbot.waitSignal(chunks.passage_marked) as marked:
        qtbot.keyClick(chunks.view, Qt.Key.Key_Down)
    assert marked.args[0].text == TEXT[TEXT.index("Hotel") :]
    assert marked.args[0].start == TEXT.index("Hotel")
    with qtbot.waitSignal(chunks.passage_chosen):
        press(qtbot, chunks.show_in_note)


def test_a_note_that_is_gone_has_no_chunks_and_says_so(qtbot, ready_client, chunks):
    chunks.show_note(replace(FLIGHT, note="gone.md"))
    chunks.open()
    settle(qtbot, ready_client)
    assert chunks.model.rowCount() == 0
    assert "This is not possible here." in chunks.facts.text()
    assert not chunks.show_in_note.isEnabled()


def test_the_same_note_opened_again_shows_its_passage_again(qtbot, ready_client, chunks):
    qtbot.keyClick(chunks.view, Qt.Key.Key_Down)
    chunks.show_note(FLIGHT)
    with qtbot.waitSignal(chunks.passage_marked) as marked:
        chunks.open()
    assert chunks.text.toPlainText() == TEXT[TEXT.index("Hotel") :]
    assert marked.args[0].start == TEXT.index("Hotel")


def test_a_page_that_is_a_list_is_read_by_keyboard_at_once(whole_window):
    whole_window.ways.show_chunks(FLIGHT)
    assert whole_window.focusWidget() is whole_window.chunks_page.view


# ---- a long list -----------------------------------------------------------------------------------------------------


def test_a_list_that_was_scrolled_far_down_stays_where_it_is(qtbot, ready_client, page, link: FakeLink, monkeypatch):
    monkeypatch.setattr(files_model, "MOST_REFRESHED", 30)
    monkeypatch.setattr(files_model, "PAGE_ROWS", 25)
    link.tree[1, ""] = tuple(file_entry(f"Note {number:03}.md") for number in range(100))
    opened(qtbot, ready_client, page)
    page._show_files(len(PLACES))
    model = page.files.model
    while model.rowCount() < 90:
        settle(qtbot, ready_client)
        model.fetchMore(page.files.view.rootIndex())
    settle(qtbot, ready_client)
    rows = model.rowCount()
    page.files.view.scrollTo(model.index(rows - 1, 0))
    seen = page.files.view.verticalScrollBar().value()
    assert seen > 0
    link.tree[1, ""] = (replace_state(link.tree[1, ""][0]), *link.tree[1, ""][1:])
    asked = len(link.sent_of(m.ListFiles))
    page.files.refresh()
    settle(qtbot, ready_client)
    assert model.rowCount() == rows
    assert page.files.view.verticalScrollBar().value() == seen
    assert {request.limit for request in link.sent_of(m.ListFiles)[asked:]} <= {30, *range(1, 30)}


def replace_state(entry: TreeEntry) -> TreeEntry:
    assert entry.file is not None
    return replace(entry, file=replace(entry.file, chunks=9))
