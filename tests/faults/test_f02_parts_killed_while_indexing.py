"""F02: the engine and its parts killed with signal 9 at random while they index. Everything is found afterwards, once."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from whole_engine import WholeEngine, assert_same_index, copy_sample_notes, doubled_chunks, whole_engine

from assistant.ipc import engine_messages as m
from tests.faults.conftest import IS_FULL, Fault, write_small_notes

KILLS_A_SEED = 10


@pytest.mark.timeout(400)
def test_everything_killed_at_random_while_indexing(
    tmp_path: Path, models_dir: Path, fault: Fault, scale: Callable[[int, int], int]
) -> None:
    for seed in range(scale(1, 10)):
        base = tmp_path / str(seed)
        notes = copy_sample_notes(base / "notes") if IS_FULL else write_small_notes(base / "notes")
        _kill_and_compare(base, notes, random.Random(seed), scale(3, KILLS_A_SEED), fault)


def _kill_and_compare(base: Path, notes: Path, chance: random.Random, kills: int, fault: Fault) -> None:
    data = base / "data"
    with whole_engine(data) as engine:
        engine.add(notes)
        for number in range(kills):
            time.sleep(chance.uniform(0.05, 0.8))
            with fault.trial():
                _kill(engine, chance.choice(["_model", "_vectors", "_engine"]))
                (notes / f"late {number}.md").write_text(
                    f"# Late {number}\n\nWritten between two kills, word{number}.\n", "utf-8"
                )
                engine.say(m.RestartPart("model"))
                engine.say(m.RestartPart("vectors"))
        engine.settle()
        found = {
            passage.note
            for number in range(kills)
            for passage in engine.say(m.SearchNotes(f"word{number}", top=1)).passages
        }
        missing = {f"late {number}.md" for number in range(kills)} - found
        fault.lost(len(missing))
        assert not missing
    assert doubled_chunks(data) == []
    if not IS_FULL:
        return  # making the same index a second time costs as much as all of the above
    with whole_engine(base / "fresh") as engine:
        engine.add(notes)
        engine.settle()
    assert_same_index(data, base / "fresh")


def _kill(engine: WholeEngine, door: str) -> None:
    if door == "_engine":
        engine.restart()
        return
    for process in engine.children():
        try:
            if door in process.cmdline():
                process.kill()
        except psutil.Error:
            pass
