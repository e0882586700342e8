"""What the library page and `elephant status` ask: files by state and reason, chunks as indexed, when a folder was last compared."""

from __future__ import annotations

import os

from assistant.domain.documents import ReasonCode
from assistant.domain.library import FileQuery, FileState
from assistant.domain.order import TreeOrder
from tests.unit.library.library_fakes import Bench

FAILED = FileQuery(states=(FileState.FAILED,))


def names(bench: Bench, query: FileQuery) -> list[str]:
    return [file.note for file in bench.library.files(query)]


def with_failures(bench: Bench, count: int = 3) -> int:
    for number in range(count):
        bench.write(f"a/slow {number}.md", f"Slow {number}.")
        bench.reader.bad[f"slow {number}.md"] = ReasonCode.TIMED_OUT
    bench.write("crash_1.md", "Crash.")
    bench.reader.bad["crash_1.md"] = ReasonCode.READER_CRASHED
    bench.write("fine.md", "Fine.")
    bench.write("picture.png", "no note")
    bench.write("empty.md", "")
    return bench.add()


def test_files_are_found_by_state_reason_and_name(bench: Bench) -> None:
    with_failures(bench)
    assert names(bench, FAILED) == ["crash_1.md", "a/slow 0.md", "a/slow 1.md", "a/slow 2.md"]
    assert names(bench, FileQuery(reason="reader-crashed")) == ["crash_1.md"]
    assert names(bench, FileQuery(name="SLOW 1")) == ["a/slow 1.md"]
    assert names(bench, FileQuery(name="_1")) == ["crash_1.md"], "what is typed is no pattern"
    assert names(bench, FileQuery(name="%")) == []
    assert names(bench, FileQuery(states=(FileState.READY,))) == ["fine.md"]
    assert bench.library.count_files(FAILED) == 4


def test_pages_of_files_join_without_gap_or_repetition(bench: Bench) -> None:
    with_failures(bench)
    whole = bench.library.files(FileQuery())
    paged = []
    after = None
    while page := bench.library.files(FileQuery(), after, 2):
        paged += page
        after = (page[-1].reason, page[-1].folder_id, page[-1].note)
    assert paged == whole


def test_reasons_are_counted_failures_first(bench: Bench) -> None:
    with_failures(bench)
    found = [(why.state.value, why.reason, why.files, why.attention) for why in bench.library.reasons()]
    assert found[:2] == [("failed", "timed-out", 3, True), ("failed", "reader-crashed", 1, True)]
    assert ("skipped", "empty", 1, False) in found


def test_all_of_a_reason_are_retried_at_once(bench: Bench) -> None:
    folder_id = with_failures(bench)
    bench.reader.bad.clear()
    assert bench.library.retry_all(FileQuery(reason="timed-out")) == 3
    bench.settle()
    assert names(bench, FAILED) == ["crash_1.md"]
    assert bench.library.retry_all(FileQuery(states=(FileState.FAILED,), folder_id=folder_id)) == 1
    bench.settle()
    assert names(bench, FAILED) == []


def test_a_retry_of_everything_leaves_ready_notes_alone(bench: Bench) -> None:
    with_failures(bench)
    bench.reader.read_names.clear()
    bench.library.retry_all(FileQuery())
    bench.settle()
    assert "fine.md" not in bench.reader.read_names
    assert "crash_1.md" in bench.reader.read_names


def test_chunks_are_shown_as_they_are_indexed(bench: Bench) -> None:
    text = "# Soup\n\n# More\nLentils.\n\nLime."
    bench.write("soup.md", text)
    folder_id = bench.add()
    file, chunks = bench.library.chunks_of(folder_id, "soup.md")
    assert (file.chunks, len(chunks)) == (3, 3)
    assert all(text[chunk.start : chunk.end] == chunk.text and chunk.has_vector for chunk in chunks)
    assert chunks[2].heading_path == ("More",)
    assert [chunk.ordinal for chunk in bench.library.chunks_of(folder_id, "soup.md", 0, 1)[1]] == [1]


def test_a_comparison_is_remembered_with_what_it_changed_also_after_a_restart(bench: Bench) -> None:
    bench.write("a.md", "A.")
    bench.add()
    [folder] = bench.library.folders()
    assert folder.last_change is not None
    assert folder.last_change.added == 1
    bench.settle()
    [later] = bench.library.folders()
    assert later.last_scan is not None and later.last_scan.changes == 0
    assert later.last_change == folder.last_change
    bench.reopen()
    [again] = bench.library.folders()
    assert again.last_change == folder.last_change
    bench.library.remove_folder(again.id)
    assert bench.rows("SELECT name FROM meta WHERE name GLOB 'scan:*' OR name GLOB 'change:*'") == []


def test_the_tree_comes_in_pages_and_by_the_newest_change(bench: Bench) -> None:
    for place, name in enumerate(("b.md", "A.md", "c.md", "Old/x.md", "New/y.md")):
        os.utime(bench.write(name, f"Words of {name}."), (1_000_000 + place, 1_000_000 + place))
    folder_id = bench.add()
    tree = bench.library
    by_name = ["New", "Old", "A.md", "b.md", "c.md"]
    assert [entry.name for entry in tree.tree(folder_id)] == by_name
    pages = [tree.tree_page(folder_id, offset=offset, limit=2) for offset in (0, 2, 4, 6)]
    assert [[entry.name for entry in entries] for entries, _ in pages] == [by_name[:2], by_name[2:4], by_name[4:], []]
    assert {total for _, total in pages} == {5}
    assert [entry.name for entry in tree.tree_page(folder_id, offset=1, limit=2)[0]] == ["Old", "A.md"]
    changed = tree.tree(folder_id, order=TreeOrder.CHANGED)
    assert [entry.name for entry in changed] == ["New", "Old", "c.md", "A.md", "b.md"]
