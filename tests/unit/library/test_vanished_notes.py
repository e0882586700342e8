"""Deleting is the one thing that cannot be taken back, so it is believed slowly."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.domain.library import FolderState
from assistant.library.reconcile import BrakeLimits
from assistant.library.scan import scan
from tests.unit.library.library_fakes import Bench


def fill(bench: Bench, count: int, folder: str = "") -> list[Path]:
    return [bench.write(f"{folder}{number}.md", f"Note number {number} about elephants.") for number in range(count)]


def state(bench: Bench) -> FolderState:
    return bench.library.folders()[0].state


def test_a_mass_delete_waits_for_a_yes(bench: Bench) -> None:
    notes = fill(bench, 20)
    folder_id = bench.add()
    for note in notes[:8]:
        note.unlink()
    bench.settle()
    assert state(bench) == FolderState.WAITING_DELETE
    assert bench.library.folders()[0].pending_deletes == 8
    assert len(bench.found("elephants")) == 20
    bench.library.answer_mass_delete(folder_id, accept=True)
    bench.settle()
    assert len(bench.found("elephants")) == 12
    assert bench.library.folders()[0].pending_deletes == 0
    assert state(bench) != FolderState.WAITING_DELETE
    assert len(bench.index.vectors) == 12


def test_a_few_deletes_need_no_yes(bench: Bench) -> None:
    notes = fill(bench, 20)
    bench.add()
    for note in notes[:6]:
        note.unlink()
    bench.settle()
    assert len(bench.states()) == 14


def test_more_than_a_hundred_wait_even_in_a_large_folder(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(brake=BrakeLimits(notes=10))
    notes = fill(bench, 60)
    bench.add()
    for note in notes[:11]:
        note.unlink()
    bench.settle()
    assert bench.library.folders()[0].pending_deletes == 11


def test_deleting_one_by_one_counts_together(bench: Bench) -> None:
    notes = fill(bench, 20)
    bench.add()
    for note in notes[:12]:
        note.unlink()
        bench.settle()
    assert state(bench) == FolderState.WAITING_DELETE
    assert len(bench.states()) >= 14


def test_one_note_that_comes_and_goes_is_no_mass_delete(bench: Bench) -> None:
    fill(bench, 20)
    bench.add()
    for _ in range(12):
        bench.write("draft.md", "Written by a program, again and again.")
        bench.settle()
        (bench.notes / "draft.md").unlink()
        bench.settle()
        assert state(bench) != FolderState.WAITING_DELETE
    assert len(bench.states()) == 20


def test_no_keeps_the_notes_until_the_next_start(bench: Bench) -> None:
    notes = fill(bench, 20)
    folder_id = bench.add()
    for note in notes:
        note.unlink()
    bench.settle()
    bench.library.answer_mass_delete(folder_id, accept=False)
    bench.settle()
    assert state(bench) != FolderState.WAITING_DELETE
    assert len(bench.found("elephants")) == 20
    bench.reopen()
    bench.settle()
    assert state(bench) == FolderState.WAITING_DELETE


def test_waiting_survives_a_restart(bench: Bench) -> None:
    notes = fill(bench, 20)
    bench.add()
    for note in notes:
        note.unlink()
    bench.settle()
    bench.reopen()
    bench.settle()
    assert state(bench) == FolderState.WAITING_DELETE
    assert bench.library.folders()[0].pending_deletes == 20


def test_notes_that_come_back_are_not_asked_about(bench: Bench) -> None:
    notes = fill(bench, 20)
    folder_id = bench.add()
    away = bench.notes.parent / "away"
    away.mkdir()
    for note in notes:
        note.rename(away / note.name)
    bench.settle()
    assert state(bench) == FolderState.WAITING_DELETE
    for note in notes:
        (away / note.name).rename(note)
    bench.library.answer_mass_delete(folder_id, accept=True)  # said yes too late: the notes are there again
    bench.settle()
    assert state(bench) != FolderState.WAITING_DELETE
    assert len(bench.found("elephants")) == 20
    assert bench.reader.read_names.count("0.md") == 1


def test_a_root_that_vanishes_is_missing_and_nothing_is_forgotten(bench: Bench) -> None:
    fill(bench, 3)
    bench.add()
    bench.notes.rename(bench.notes.parent / "unplugged")
    bench.settle()
    assert state(bench) == FolderState.MISSING
    assert len(bench.found("elephants")) == 3
    bench.reopen()
    bench.settle()
    assert state(bench) == FolderState.MISSING
    (bench.notes.parent / "unplugged").rename(bench.notes)
    bench.embedder.embedded.clear()
    bench.settle()
    assert state(bench) == FolderState.POLLING
    assert bench.embedder.embedded == []


def test_an_empty_mount_point_is_not_an_empty_folder(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = fill(bench, 3)
    bench.add()
    for note in notes:
        note.unlink()

    def on_another_device(*given: object, **more: object) -> object:
        found = scan(*given, **more)  # type: ignore[arg-type]
        found.device += 1
        return found

    monkeypatch.setattr("assistant.library.reconcile.scan", on_another_device)
    bench.library.rescan(wait=True)
    assert state(bench) == FolderState.MISSING
    assert len(bench.states()) == 3


def test_a_folder_that_may_not_be_listed_forgets_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(bench, 3, "closed/")
    bench.write("a.md", "Open.")
    bench.add()
    real = os.scandir

    def refuse(path: object) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "no")
        return real(path)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        bench.settle()
        assert len(bench.found("elephants")) == 3
        assert bench.states()["closed"] == "failed"
    bench.settle()
    assert "closed" not in bench.states()
    assert len(bench.found("elephants")) == 3


def test_a_moved_folder_is_no_mass_delete(bench: Bench) -> None:
    fill(bench, 20, "old/")
    bench.add()
    bench.embedder.embedded.clear()
    (bench.notes / "old").rename(bench.notes / "new")
    bench.settle()
    assert state(bench) == FolderState.POLLING
    assert all(note.startswith("new/") for note in bench.states()) and len(bench.states()) == 20
    assert bench.embedder.embedded == []


def test_a_folder_that_becomes_ignored_is_no_mass_delete(bench: Bench) -> None:
    fill(bench, 20, "papers/")
    bench.write("a.md", "Stays.")
    bench.add()
    bench.reopen(patterns=("papers/",))
    bench.settle()
    assert state(bench) == FolderState.POLLING
    assert bench.states() == {"a.md": "ready", "papers": "skipped"}
    bench.reopen(patterns=())
    bench.settle()
    assert len(bench.found("elephants")) == 20


def test_removing_a_folder_forgets_everything_at_once(bench: Bench) -> None:
    fill(bench, 30)
    folder_id = bench.add()
    bench.library.remove_folder(folder_id)
    assert bench.library.folders() == []
    assert bench.library.wait_until_idle(10)
    assert bench.index.vectors == {}
    for table in ("files", "chunks", "vectors", "folders", "keyword_docsize"):
        assert bench.rows(f"SELECT count(*) FROM {table}")[0][0] == 0, table
    assert len(list(bench.notes.iterdir())) == 30


def test_removed_words_are_not_left_in_the_data_folder(bench: Bench) -> None:
    bench.write("a.md", "The password is zanzibarkaputt.")
    folder_id = bench.add()
    bench.library.remove_folder(folder_id)
    bench.library.close()
    left = b"".join(path.read_bytes() for path in bench.data.rglob("*") if path.is_file())
    assert b"zanzibarkaputt" not in left


def test_a_sub_folder_moved_out_takes_its_notes_along(bench: Bench, tmp_path: Path) -> None:
    fill(bench, 30)
    fill(bench, 5, "sub/")
    bench.add()
    shutil.move(bench.notes / "sub", tmp_path / "elsewhere")
    bench.settle()
    assert not any(note.startswith("sub/") for note in bench.states())


def test_a_note_replaced_by_a_folder_of_its_name_is_gone(bench: Bench) -> None:
    bench.write("a.md", "Alpha words.")
    bench.add()
    (bench.notes / "a.md").unlink()
    bench.write("a.md/b.md", "Beta words.")
    bench.settle()
    assert bench.states() == {"a.md/b.md": "ready"}


def test_a_folder_can_be_removed_while_it_is_compared(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(bench, 50)
    begun, go_on = threading.Event(), threading.Event()

    def slowly(*given: object, **more: object) -> object:
        begun.set()
        go_on.wait(5)
        return scan(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("assistant.library.reconcile.scan", slowly)
    folder, _ = bench.library.add_folder(str(bench.notes))
    assert begun.wait(5)
    threading.Timer(0.05, go_on.set).start()
    bench.library.remove_folder(folder.id)
    assert bench.library.wait_until_idle(10)
    assert bench.states() == {} and bench.library.folders() == []
