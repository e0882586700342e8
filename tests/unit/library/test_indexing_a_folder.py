"""From files to searchable notes, and only the work that a change makes necessary."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable

import pytest

from assistant.domain.documents import ReasonCode
from assistant.domain.errors import ModelUnavailableError, ProcessBrokenError, ProcessDiedError, StoreUnavailableError
from assistant.library.catalog import Catalog
from assistant.library.ports import KeywordText
from assistant.retrieval.keyword import Indexable, KeywordIndex
from tests.unit.library.library_fakes import Bench, HashingEmbedder, picture, vector_of

NOTE = "# Elephants\n\nThey remember water.\n\nThey hum below our hearing.\n\nThey mourn."


def test_a_folder_becomes_searchable(bench: Bench) -> None:
    bench.write("a.md", NOTE)
    bench.write("deep/er/b.txt", "Tigers\n\nThey swim.")
    bench.add()
    assert bench.states() == {"a.md": "ready", "deep/er/b.txt": "ready"}
    assert bench.found("water") == {"a.md"}
    assert bench.found("swim") == {"deep/er/b.txt"}
    counts = bench.library.counts()
    assert (counts.notes, counts.ready, counts.chunks, counts.embedded) == (2, 2, 6, 6)
    assert len(bench.index.vectors) == 6


def test_offsets_point_into_the_text_that_was_read(bench: Bench) -> None:
    bench.write("a.md", NOTE)
    bench.add()
    rows = bench.rows("SELECT id FROM chunks")
    for chunk in bench.library.catalog.chunks.chunks_by_rowid([int(str(row[0])) for row in rows]).values():
        assert NOTE[chunk.start : chunk.end] == chunk.text
        assert chunk.note_path == str(bench.notes / "a.md")


def test_an_edit_embeds_only_what_it_changed(bench: Bench) -> None:
    bench.write("a.md", NOTE)
    bench.add()
    before = dict(bench.rows("SELECT text, id FROM chunks"))
    bench.embedder.embedded.clear()
    bench.write(
        "a.md", "# Elephants\n\nNew first words.\n\n" + NOTE.partition("\n\n")[2].replace("mourn", "mourn long")
    )
    bench.settle()
    assert len(bench.embedder.embedded) == 2
    after = dict(bench.rows("SELECT text, id FROM chunks"))
    assert after["They hum below our hearing."] == before["They hum below our hearing."]
    assert bench.found("mourn") == {"a.md"}
    assert "They mourn." not in after
    assert len(bench.index.vectors) == 5


def test_a_new_title_embeds_the_note_again_because_it_is_part_of_the_meaning(bench: Bench) -> None:
    bench.write("a.md", NOTE)
    bench.add()
    bench.embedder.embedded.clear()
    bench.write("a.md", NOTE.replace("# Elephants", "# Whales"))
    bench.settle()
    assert len(bench.embedder.embedded) == 4
    assert bench.found("whales") == {"a.md"} and bench.found("elephants") == set()


def test_a_rename_reads_and_embeds_nothing(bench: Bench) -> None:
    bench.write("a.md", NOTE)
    bench.write("plain.txt", "No title here.")
    bench.add()
    keys = {row[0] for row in bench.rows("SELECT key FROM files")}
    bench.embedder.embedded.clear()
    bench.reader.read_names.clear()
    (bench.notes / "sub").mkdir()
    (bench.notes / "a.md").rename(bench.notes / "sub" / "b.md")
    (bench.notes / "plain.txt").rename(bench.notes / "walrus.txt")
    bench.settle()
    assert bench.embedder.embedded == [] and bench.reader.read_names == []
    assert bench.states() == {"sub/b.md": "ready", "walrus.txt": "ready"}
    assert {row[0] for row in bench.rows("SELECT key FROM files")} == keys
    assert bench.found("walrus") == {"walrus.txt"} and bench.found("plain") == set()


def test_a_move_to_another_disk_is_followed_by_content(bench: Bench) -> None:
    bench.write("a.md", NOTE)
    bench.add()
    bench.embedder.embedded.clear()
    shutil.copyfile(bench.notes / "a.md", bench.notes / "copy.md")  # a new inode and a new time, as across disks
    (bench.notes / "a.md").unlink()
    bench.settle()
    assert bench.embedder.embedded == []
    assert bench.states() == {"copy.md": "ready"}


def test_a_rename_that_changes_the_format_reads_again(bench: Bench) -> None:
    bench.write("a.md", NOTE)
    bench.add()
    bench.reader.read_names.clear()
    (bench.notes / "a.md").rename(bench.notes / "a.txt")
    bench.settle()
    assert bench.reader.read_names == ["a.txt"]
    assert bench.states() == {"a.txt": "ready"}


def test_two_notes_that_swap_names_end_right(bench: Bench) -> None:
    a, b = bench.write("a.md", "About rain."), bench.write("b.md", "About snow, which is colder.")
    bench.add()
    a.rename(bench.notes / "c.tmp")
    b.rename(a)
    (bench.notes / "c.tmp").rename(b)
    bench.settle()
    assert bench.found("rain") == {"b.md"} and bench.found("snow") == {"a.md"}


def test_a_touched_note_is_not_read_again(bench: Bench) -> None:
    path = bench.write("a.md", NOTE)
    bench.add()
    bench.reader.read_names.clear()
    os.utime(path, (1, 1))
    bench.settle()
    assert bench.reader.read_names == []
    assert bench.states() == {"a.md": "ready"}


def test_a_comparison_without_changes_opens_no_file(bench: Bench, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    for number in range(20):
        bench.write(f"{number}.md", f"Note {number}")
    bench.add()
    opened: list[object] = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *rest, **more: opened.append(path) or real(path, *rest, **more))
    bench.reader.read_names.clear()
    bench.settle()
    assert opened == [] and bench.reader.read_names == []


def test_a_deleted_note_is_gone_everywhere(bench: Bench) -> None:
    bench.write("a.md", NOTE)
    bench.write("b.md", "Still here.")
    bench.add()
    (bench.notes / "a.md").unlink()
    bench.settle()
    assert bench.states() == {"b.md": "ready"}
    assert bench.found("water") == set()
    assert len(bench.index.vectors) == 1


def test_equal_text_elsewhere_takes_over_its_vector(bench: Bench) -> None:
    bench.write("a.md", "The same words.")
    bench.add()
    bench.embedder.embedded.clear()
    bench.write("b.md", "The same words.")
    bench.settle()
    assert bench.embedder.embedded == []
    assert bench.states() == {"a.md": "ready", "b.md": "ready"}
    assert len(bench.index.vectors) == 2


def test_the_same_paragraph_twice_in_a_note_is_two_chunks(bench: Bench) -> None:
    bench.write("a.md", "Again.\n\nAgain.\n\nAgain.")
    bench.add()
    assert len({row[0] for row in bench.rows("SELECT chunk_id FROM chunks")}) == 3


def test_bad_files_have_reasons_and_do_not_stop_the_others(bench: Bench) -> None:
    bench.write("good.md", "Fine.")
    bench.write("empty.md", "")
    bench.write("crash.md", "boom")
    (bench.notes / "binary.md").write_bytes(b"\x00\x01\x02")
    bench.reader.bad["crash.md"] = ReasonCode.READER_CRASHED
    bench.add()
    reasons = dict(bench.rows("SELECT note, reason FROM files"))
    assert bench.states()["good.md"] == "ready"
    assert reasons["empty.md"] == "empty" and bench.states()["empty.md"] == "skipped"
    assert reasons["crash.md"] == "reader-crashed" and bench.states()["crash.md"] == "failed"
    assert reasons["binary.md"] == "not-text" and bench.states()["binary.md"] == "failed"
    assert [entry.path for entry in bench.library.attention()] == ["binary.md", "crash.md"]


def test_a_failed_note_is_tried_again_only_when_it_changes_or_is_asked_for(bench: Bench) -> None:
    path = bench.write("crash.md", "boom")
    bench.reader.bad["crash.md"] = ReasonCode.TIMED_OUT
    folder_id = bench.add()
    bench.settle()
    os.utime(path, (5, 5))
    bench.settle()
    bench.reopen()
    bench.settle()
    assert bench.reader.read_names == ["crash.md"]
    assert bench.states() == {"crash.md": "failed"}
    bench.reader.bad.clear()
    bench.library.retry(folder_id, "crash.md")
    bench.settle()
    assert bench.states() == {"crash.md": "ready"}


def test_a_locked_note_opens_with_its_password(bench: Bench) -> None:
    bench.write("locked.md", "Secret elephants.")
    bench.reader.passwords["locked.md"] = "open sesame"
    folder_id = bench.add()
    assert bench.states() == {"locked.md": "failed"}
    bench.library.retry(folder_id, "locked.md", "open sesame")
    bench.settle()
    assert bench.states() == {"locked.md": "ready"}
    assert bench.library.read_source(folder_id, "locked.md").text == "Secret elephants."
    stored = b"".join(path.read_bytes() for path in bench.data.rglob("*") if path.is_file())
    assert b"open sesame" not in stored


def test_a_note_that_grew_bad_is_not_found_any_more(bench: Bench) -> None:
    bench.write("a.md", NOTE)
    bench.add()
    (bench.notes / "a.md").write_bytes(b"\x00\x00\x00")
    bench.settle()
    assert bench.found("water") == set()
    assert bench.index.vectors == {}


def test_words_can_be_found_while_the_model_is_broken(bench: Bench) -> None:
    bench.embedder.failures = [ProcessBrokenError(process="model", crashes=3)] * 5
    bench.write("a.md", NOTE)
    bench.library.add_folder(str(bench.notes))
    until_read(bench)
    assert bench.found("water") == {"a.md"}
    assert bench.states() == {"a.md": "keyword-ready"}
    bench.embedder.failures.clear()
    bench.library.wake()
    bench.settle()
    assert bench.states() == {"a.md": "ready"}
    assert bench.library.troubles == ()


def test_a_model_that_dies_once_costs_nothing(bench: Bench) -> None:
    bench.embedder.failures = [ProcessDiedError(process="model", exit_code=-9)]
    bench.write("a.md", NOTE)
    bench.add()
    assert bench.states() == {"a.md": "ready"}


def test_notes_measured_without_a_model_are_measured_again_with_it(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    bench.embedder.info_failure = ModelUnavailableError(model="", reason="missing")
    bench.embedder.failures = [ModelUnavailableError(model="", reason="missing")] * 100
    bench.write("a.md", NOTE)
    bench.library.add_folder(str(bench.notes))
    until_read(bench)
    assert str(bench.rows("SELECT shape FROM files")[0][0]).endswith("/estimate")
    bench.library.close()
    bench.embedder = HashingEmbedder()
    bench.open()
    bench.settle()
    assert str(bench.rows("SELECT shape FROM files")[0][0]).endswith("/hashing-1")
    assert bench.states() == {"a.md": "ready"}


def test_another_splitter_version_reads_every_note_again(bench: Bench) -> None:
    bench.write("a.md", NOTE)
    bench.add()
    bench.reader.read_names.clear()
    bench.splitter.version = "paragraphs-2"
    bench.reopen()
    bench.settle()
    assert bench.reader.read_names == ["a.md"]
    assert bench.embedder.embedded.count("Elephants\nElephants\nThey mourn.") == 1


def test_a_note_that_changes_while_it_is_read_is_read_again(bench: Bench) -> None:
    path = bench.write("a.md", "First version.")

    def change(_: object) -> None:
        bench.reader.before_read = lambda path: None
        path.write_text("Second version, longer.", "utf-8")

    bench.reader.before_read = change
    bench.add()
    assert bench.found("second") == {"a.md"} and bench.found("first") == set()


def test_a_scan_during_reading_does_not_lose_the_change(bench: Bench) -> None:
    """The note changes after it was read and checked, and a comparison sees that before the old version is written."""
    path = bench.write("a.md", "First version.")
    bench.write("b.md", "Other.")

    def change() -> None:
        bench.splitter.on_split = lambda: None
        path.write_text("Second version, longer.", "utf-8")
        bench.library.rescan(wait=True)

    bench.splitter.on_split = change
    bench.add()
    assert bench.found("second") == {"a.md"} and bench.found("first") == set()
    assert bench.states() == {"a.md": "ready", "b.md": "ready"}


def test_vectors_in_the_catalog_are_the_embedders(bench: Bench) -> None:
    bench.write("a.md", "Words.")
    bench.add()
    (ids, matrix) = next(iter(bench.library.catalog.chunks.batches()))
    assert ids == list(bench.index.vectors)
    assert abs(matrix[0].astype("float32") - vector_of("\nWords.")).max() < 1e-3


def test_notes_are_ready_although_the_vector_index_is_broken(bench: Bench) -> None:
    bench.index.failure = ProcessBrokenError(process="vectors", crashes=3)
    bench.write("a.md", NOTE)
    bench.library.add_folder(str(bench.notes))
    until(lambda: bench.states() == {"a.md": "ready"})
    bench.index.failure = None
    bench.library.wake()
    bench.settle()
    assert len(bench.index.vectors) == 4


def test_what_the_vector_index_missed_is_told_after_a_restart(bench: Bench) -> None:
    bench.index.failure = ProcessDiedError(process="vectors", exit_code=-9)
    bench.write("a.md", NOTE)
    bench.library.add_folder(str(bench.notes))
    until(lambda: bench.library.counts().embedded == 4)
    bench.library.close()
    bench.index.failure = None
    bench.open()
    bench.settle()
    assert len(bench.index.vectors) == 4
    assert bench.states() == {"a.md": "ready"}


def test_pausing_stops_reading_and_going_on_misses_nothing(bench: Bench) -> None:
    bench.library.pause(True)
    bench.write("a.md", NOTE)
    bench.library.add_folder(str(bench.notes))
    bench.library.rescan(wait=True)
    assert bench.states() == {"a.md": "queued"}
    assert bench.library.progress().paused
    bench.library.pause(False)
    bench.settle()
    assert bench.states() == {"a.md": "ready"}


def test_a_full_disk_pauses_with_a_reason(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(least_free_bytes=2**62)
    bench.write("a.md", NOTE)
    bench.library.add_folder(str(bench.notes))
    until(lambda: [trouble.kind for trouble in bench.library.troubles] == ["disk-full"])
    bench.library.rescan(wait=True)
    assert bench.states() == {"a.md": "queued"}


def test_news_arrives(bench: Bench) -> None:
    bench.write("a.md", NOTE)
    bench.add()
    until(lambda: {"progress", "folders"} <= set(bench.news))


def test_what_needs_attention_is_told_once_it_is_known(bench: Bench) -> None:
    bench.write("a.md", NOTE)
    bench.write("locked.md", NOTE)
    bench.reader.bad["locked.md"] = ReasonCode.ENCRYPTED
    bench.library.pause(True)
    bench.library.add_folder(str(bench.notes))
    bench.library.rescan(wait=True)
    until(lambda: not bench.library._notices._due)
    bench.library.pause(False)
    until(lambda: bench.attention_told == 1)


def test_an_index_made_twice_is_the_same(make_bench: Callable[..., Bench]) -> None:
    one, two = make_bench("one"), make_bench("two")
    for bench in (one, two):
        bench.write("a.md", NOTE)
        bench.write("b.md", "# 大象\n\n它们记得水源。")
        bench.add()
    assert picture(one) == picture(two)
    assert one.found("水源") == {"b.md"}


def until_read(bench: Bench) -> None:
    until(lambda: bench.library.counts().notes > 0 and bench.library.counts().queued == 0)


def until(claim: Callable[[], bool], timeout_s: float = 10.0) -> None:
    end = time.monotonic() + timeout_s
    while not claim():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


def test_a_note_that_goes_while_it_is_waited_for_leaves_nothing_to_do(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(settle_s=0.2)
    path = bench.write("a.md", NOTE)
    bench.library.add_folder(str(bench.notes))
    until(lambda: bench.states() == {"a.md": "queued"})
    path.unlink()
    bench.settle()
    assert bench.states() == {}


def test_embedding_goes_on_while_the_vector_index_is_rebuilt(bench: Bench) -> None:
    bench.index.failure = StoreUnavailableError(store="vectors", reason="rebuilding")
    for number in range(100):
        bench.write(f"{number}.md", f"Note {number}.\n\nMore of {number}.")
    bench.library.add_folder(str(bench.notes))
    until(lambda: set(bench.states().values()) == {"ready"} and len(bench.states()) == 100)
    assert not bench.library.is_idle
    bench.index.failure = None
    bench.library.wake()
    bench.settle()
    assert len(bench.index.vectors) == 200


def test_a_headless_run_ends_although_the_vector_index_is_broken(bench: Bench) -> None:
    bench.index.failure = ProcessBrokenError(process="vectors", crashes=3)
    bench.write("a.md", NOTE)
    bench.library.add_folder(str(bench.notes))
    report = bench.library.run_until_ready()
    assert (report.counts.ready, report.failed) == (1, ())


def test_a_headless_run_says_what_keeps_it_from_ending(bench: Bench) -> None:
    bench.embedder.failures = [ModelUnavailableError(model="e5", reason="missing")] * 100
    bench.write("a.md", NOTE)
    bench.library.add_folder(str(bench.notes))
    with pytest.raises(ModelUnavailableError):
        bench.library.run_until_ready()


def test_a_headless_run_reports_progress_and_failures(bench: Bench) -> None:
    bench.write("a.md", NOTE)
    (bench.notes / "b.md").write_bytes(b"\x00")
    bench.library.add_folder(str(bench.notes))
    stages: list[str] = []
    report = bench.library.run_until_ready(lambda progress: stages.append(progress.stage))
    assert [(file.note, file.reason) for file in report.failed] == [("b.md", "not-text")]
    assert stages[-1] == "idle"


class OlderTerms(KeywordIndex):
    """As a version before would have written them."""

    version = "0"

    def add(self, connection: sqlite3.Connection, texts: Iterable[Indexable]) -> None:
        super().add(connection, [KeywordText(text.rowid, "", (), "nothing") for text in texts])


def test_terms_of_another_version_are_made_anew_without_reading_or_embedding(bench: Bench) -> None:
    bench.write("a.md", "---\n# Smørum\n\nThe ferry leaves at nine.")
    bench.write("b.md", "# Trip\n\nBring the tent.")
    bench.add()
    bench.library.close()
    older = Catalog(bench.data / "index" / "catalog.sqlite", OlderTerms())
    older.close()
    read, embedded = list(bench.reader.read_names), list(bench.embedder.embedded)
    with contextlib.closing(sqlite3.connect(bench.data / "index" / "catalog.sqlite")) as db:
        assert db.execute("SELECT DISTINCT body FROM keyword").fetchall() == [("nothing",)]
    bench.open()
    assert bench.found("ferry") == {"a.md"}
    assert bench.found("trip") == {"b.md"}
    bench.settle()
    assert (bench.reader.read_names, bench.embedder.embedded) == (read, embedded)
