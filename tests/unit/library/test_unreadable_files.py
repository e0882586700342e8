"""Files that may not be opened, are too large, or are no files: a reason each, and nothing else harmed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.library import words
from tests.unit.library.library_fakes import Bench


def reasons(bench: Bench) -> dict[object, object]:
    return dict(bench.rows("SELECT note, reason FROM files"))


def test_a_file_that_may_not_be_opened_is_read_once_it_may(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write("closed.md", "Closed words.")
    bench.write("open.md", "Open words.")
    real = words.content_hash

    def refuse(path: Path) -> bytes:
        if path.name == "closed.md":
            raise PermissionError(13, "no")
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(words, "content_hash", refuse)
        bench.add()
    assert bench.states() == {"closed.md": "failed", "open.md": "ready"}
    assert reasons(bench)["closed.md"] == "no-permission"
    bench.settle()
    assert bench.states()["closed.md"] == "ready"


@pytest.mark.skipif(os.name != "posix", reason="POSIX file types")
def test_pipes_links_and_loops_are_listed_and_never_opened(bench: Bench) -> None:
    bench.write("real/a.md", "Real words.")
    os.mkfifo(bench.notes / "pipe.md")
    (bench.notes / "real" / "loop").symlink_to(bench.notes)
    (bench.notes / "twin.md").symlink_to(bench.notes / "real" / "a.md")
    folder_id = bench.add()
    assert bench.states() == {"pipe.md": "skipped", "real/a.md": "ready", "real/loop": "skipped", "twin.md": "skipped"}
    bench.library.retry(folder_id, "pipe.md")
    bench.settle()
    assert bench.states()["pipe.md"] == "skipped"
    assert reasons(bench)["pipe.md"] == "special-file"
    assert bench.reader.read_names == ["a.md"]


@pytest.mark.skipif(os.name != "posix", reason="POSIX file types")
def test_a_note_replaced_by_a_pipe_between_scan_and_reading_does_not_hang(
    make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = make_bench()
    path = bench.write("a.md", "Words.")
    bench.library.pause(True)
    bench.library.add_folder(str(bench.notes))
    bench.library.rescan(wait=True)
    path.unlink()
    os.mkfifo(path)
    bench.library.pause(False)
    bench.settle()
    assert bench.states() == {"a.md": "skipped"}


def test_a_file_of_200_megabytes_is_skipped_with_a_reason(bench: Bench) -> None:
    with (bench.notes / "huge.txt").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    bench.write("a.md", "Words.")
    bench.add()
    assert bench.states() == {"a.md": "ready", "huge.txt": "skipped"}
    assert reasons(bench)["huge.txt"] == "too-large"
    assert [entry.path for entry in bench.library.attention()] == ["huge.txt"]


def test_names_in_every_script_are_found_and_opened(bench: Bench) -> None:
    names = [
        "🐘 memories.md",
        "喜马拉雅山.md",
        "Ünïcödé ñotes.md",
        "a" * 250 + ".md",
        "two  spaces .md",
        "<b>bold</b>.md",
        "%41.md",
    ]
    for name in names:
        bench.write(name, "Shared words.")
    folder_id = bench.add()
    assert bench.found("shared") == set(names)
    for name in names:
        assert bench.library.resolve(folder_id, name).read_text("utf-8") == "Shared words."


def test_text_that_cannot_be_stored_fails_its_note_only(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.write("a.md", "Good words.")
    bench.write("b.md", "bad")
    real = bench.splitter.embedding_text
    bench.splitter.embedding_text = lambda title, chunk: (
        (_ for _ in ()).throw(ValueError()) if chunk.text == "bad" else real(title, chunk)
    )  # type: ignore[method-assign]
    bench.add()
    assert bench.states() == {"a.md": "ready", "b.md": "failed"}
    assert reasons(bench)["b.md"] == "read-error"
