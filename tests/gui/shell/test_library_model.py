"""The tree costs what has been opened, and what has been opened stays where it is when files change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FakeLink, file_entry, folder_entry
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from assistant.desktop.library.library_model import BATCH_ROWS, PAGE_ENTRIES, LibraryModel
from assistant.domain.library import FileState, IndexProgress, TreeEntry
from assistant.ipc import engine_messages as m


@pytest.fixture
def model(qtbot, client, link: FakeLink) -> LibraryModel:
    made = LibraryModel(client)
    with qtbot.waitSignal(client.welcomed):
        client.start()
    return made


def open_row(qtbot, model: LibraryModel, index: QModelIndex) -> None:
    with qtbot.waitSignal(model.listed):
        model.fetchMore(index)


def names(model: LibraryModel, parent: QModelIndex) -> list[str]:
    return [model.index(row, 0, parent).data() for row in range(model.rowCount(parent))]


def test_the_model_keeps_qts_rules(qtbot, qtmodeltester, model: LibraryModel):
    open_row(qtbot, model, model.index(0, 0))
    qtmodeltester.check(model, force_py=True)


def test_a_folder_is_asked_for_only_when_it_is_opened(qtbot, model: LibraryModel, link: FakeLink):
    assert names(model, QModelIndex()) == ["My notes", "Papers"]
    assert link.sent_of(m.ListTree) == []
    open_row(qtbot, model, model.index(0, 0))
    assert names(model, model.index(0, 0)) == ["Travel", "会议", "House", "Scans", "Reading list.md"]
    assert link.sent_of(m.ListTree) == [m.ListTree(1, "", limit=PAGE_ENTRIES)]


def test_an_answer_lost_to_a_second_welcome_is_asked_for_again(qtbot, model: LibraryModel, client, link: FakeLink):
    link.held.add(m.ListTree)
    notes = model.index(0, 0)
    model.fetchMore(notes)
    link.held.clear()
    with qtbot.waitSignal(model.listed):
        client.say_hello()
    assert names(model, notes)


def test_an_opened_folder_is_asked_again_when_reading_has_ended(qtbot, model: LibraryModel, link: FakeLink):
    open_row(qtbot, model, model.index(0, 0))
    link.move_index(IndexProgress("embedding", 1, 2), link.counts)
    with qtbot.waitSignal(model.listed):
        link.move_index(IndexProgress("embedding", 2, 2), link.counts)
    asked = len(link.sent_of(m.ListTree))
    with qtbot.waitSignal(model.listed):
        link.move_index(IndexProgress("idle", 0, 0), link.counts)
    assert len(link.sent_of(m.ListTree)) == asked + 1


def test_a_huge_folder_is_shown_a_batch_at_a_time(qtbot, model: LibraryModel, link: FakeLink):
    file = file_entry("any.md", folder_id=2).file
    link.tree[2, ""] = tuple(TreeEntry(f"{n:06}.md", f"{n:06}.md", file=file) for n in range(100_000))
    papers = model.index(1, 0)
    open_row(qtbot, model, papers)
    assert model.rowCount(papers) == BATCH_ROWS
    assert model.canFetchMore(papers)
    model.fetchMore(papers)
    assert model.rowCount(papers) == 2 * BATCH_ROWS
    assert model.index(2 * BATCH_ROWS - 1, 0, papers).data() == f"{2 * BATCH_ROWS - 1:06}.md"


def test_new_and_gone_files_are_merged_without_losing_the_open_rows(qtbot, model: LibraryModel, link: FakeLink):
    notes = model.index(0, 0)
    open_row(qtbot, model, notes)
    open_row(qtbot, model, model.index(2, 0, notes))
    house = QPersistentModelIndex(model.index(2, 0, notes))
    link.tree[1, ""] = (
        folder_entry("Garden", 1),
        *(entry for entry in link.tree[1, ""] if entry.name not in {"会议", "Reading list.md"}),
        file_entry("Zebra.md"),
    )
    with qtbot.waitSignal(model.listed):
        model.refresh()
    assert names(model, notes) == ["Garden", "Travel", "House", "Scans", "Zebra.md"]
    assert house.isValid()
    assert house.row() == 2
    assert model.rowCount(model.index(2, 0, notes)) == 2


def test_a_changed_state_reaches_the_row(qtbot, model: LibraryModel, link: FakeLink):
    notes = model.index(0, 0)
    open_row(qtbot, model, notes)
    link.tree[1, ""] = (*link.tree[1, ""][:-1], file_entry("Reading list.md", FileState.FAILED, "damaged"))
    with qtbot.waitSignal(model.dataChanged):
        model.refresh()
    spoken = model.index(4, 0, notes).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "damaged" in spoken


def test_files_in_another_order_are_shown_in_it(qtbot, model: LibraryModel, link: FakeLink):
    notes = model.index(0, 0)
    open_row(qtbot, model, notes)
    link.tree[1, ""] = tuple(reversed(link.tree[1, ""]))
    with qtbot.waitSignal(model.listed):
        model.refresh()
    assert names(model, notes) == ["Reading list.md", "Scans", "House", "会议", "Travel"]


def test_folders_come_and_go_with_the_notice(qtbot, model: LibraryModel, link: FakeLink):
    with qtbot.waitSignal(model.rowsRemoved):
        link.change_folders(link.folders[1:])
    assert names(model, QModelIndex()) == ["Papers"]
    with qtbot.waitSignal(model.rowsInserted):
        link.change_folders((replace(link.folders[0], id=7, name="Diary"), *link.folders))
    assert names(model, QModelIndex()) == ["Diary", "Papers"]


def test_a_listing_lost_in_a_crash_is_asked_again(qtbot, model: LibraryModel, link: FakeLink):
    link.held.add(m.ListTree)
    notes = model.index(0, 0)
    model.fetchMore(notes)
    assert not model.canFetchMore(notes)
    with qtbot.waitSignal(model._client.health_changed):
        link.die()
    link.held.clear()
    with qtbot.waitSignal(model.listed):
        link.come_back()
    assert model.rowCount(notes) == 5


def test_a_name_that_looks_like_markup_is_shown_as_it_is(qtbot, model: LibraryModel, link: FakeLink):
    link.tree[2, ""] = (file_entry("<img src=x>.md", folder_id=2),)
    papers = model.index(1, 0)
    open_row(qtbot, model, papers)
    tip = model.index(0, 0, papers).data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip
    assert "&lt;img src=x&gt;.md" in tip


def test_a_large_folder_comes_in_pages_as_it_is_scrolled(qtbot, model, link: FakeLink):
    link.tree[2, ""] = tuple(file_entry(f"{n:06}.md", folder_id=2) for n in range(2 * PAGE_ENTRIES + 50))
    papers = model.index(1, 0)
    with qtbot.waitSignal(model.listed):
        model.fetchMore(papers)
    while model.canFetchMore(papers):
        before = model.rowCount(papers)
        model.fetchMore(papers)
        qtbot.waitUntil(lambda before=before: model.rowCount(papers) > before)
    assert model.rowCount(papers) == 2 * PAGE_ENTRIES + 50
    assert model.index(2 * PAGE_ENTRIES + 49, 0, papers).data() == f"{2 * PAGE_ENTRIES + 49:06}.md"
    offsets = [(request.offset, request.limit) for request in link.sent_of(m.ListTree)]
    assert offsets == [(page * PAGE_ENTRIES, PAGE_ENTRIES) for page in range(3)]
