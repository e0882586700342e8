"""F19: the notes folder is renamed while it is indexed. Nothing is forgotten, and no path is made up."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

from assistant.domain.library import FolderState
from tests.faults.benches import EVENTS_ONLY, opened, tree_bytes, until
from tests.faults.conftest import Fault

NOTES = 60


def test_renaming_the_root_at_any_moment_of_indexing(
    fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]
) -> None:
    seed = 19
    print("seed", seed)
    chance = random.Random(seed)
    for number in range(scale(4, 20)):
        base = tmp_path / str(number)
        with fault.trial(), opened(base, watch=True, quiet_s=0.05, times=EVENTS_ONLY) as bench:
            bench.reader.before_read = lambda path: time.sleep(0.005)
            names = [f"sub {note % 5}/{note}.md" for note in range(NOTES)]
            for note, name in enumerate(names):
                bench.write(name, f"Words of {note}.")
            expected = {*names, "sub 0/new.md"}
            before = tree_bytes(bench.notes)
            bench.library.add_folder(str(bench.notes))
            time.sleep(chance.random() * 0.5)
            elsewhere = bench.notes.with_name("renamed")
            known = set(bench.states())
            bench.notes.rename(elsewhere)
            until(lambda: bench.library.folders()[0].state == FolderState.MISSING, bench)
            assert known <= set(bench.states()) <= set(names)
            assert not bench.library.folders()[0].pending_deletes
            # Events of the renamed folder still arrive under its old path.
            (elsewhere / "sub 0" / "new.md").write_text("New words.", "utf-8")
            (elsewhere / "sub 1" / "1.md").write_text("Other words of 1.", "utf-8")
            time.sleep(0.15)
            assert bench.library.folders()[0].state == FolderState.MISSING
            assert known <= set(bench.states()) <= set(names)
            elsewhere.rename(bench.notes)
            until(lambda expected=expected: set(bench.states()) == expected, bench)  # type: ignore[misc]
            until(lambda: set(bench.states().values()) == {"ready"} and bench.library.is_idle, bench)
            assert len(bench.found("words")) == NOTES + 1
            assert bench.found("other") == {"sub 1/1.md"}
            after = tree_bytes(bench.notes)
            assert {name: body for name, body in after.items() if before.get(name) != body} == {
                "sub 0/new.md": b"New words.",
                "sub 1/1.md": b"Other words of 1.",
            }


def test_a_root_that_was_renamed_can_be_added_under_its_new_name(fault: Fault, tmp_path: Path) -> None:
    with fault.trial(), opened(tmp_path, watch=True, quiet_s=0.05, times=EVENTS_ONLY) as bench:
        for note in range(NOTES):
            bench.write(f"{note}.md", f"Words of {note}.")
        bench.add()
        elsewhere = bench.notes.with_name("renamed")
        bench.notes.rename(elsewhere)
        until(lambda: bench.library.folders()[0].state == FolderState.MISSING, bench)
        bench.embedder.embedded.clear()
        added, _ = bench.library.add_folder(str(elsewhere))
        until(lambda: len(bench.found("words")) == NOTES and bench.library.is_idle, bench)
        paths = bench.rows("SELECT count(*) FROM files WHERE folder_id = ?", added.id)
        assert paths == [(NOTES,)]
        assert bench.embedder.embedded == []  # equal text has its vector already
