"""The power goes: what was not synced is lost in part and in disorder. What was answered is there, and what can be made again is."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.chat.backups import is_sound, list_backups
from assistant.chat.conversations import ConversationStore
from assistant.retrieval.vectors import GuardedVectors
from tests.faults.conftest import IS_FULL, Fault
from tests.faults.disk_log import DiskLog, compiled_shim, shimmed
from tests.faults.pictures import differences
from tests.faults.vector_faults import assert_every_answer_is_right, healed
from tests.faults.watched_child import ROWS, answer_of
from tests.slow.retrieval.vector_stack import MemorySource, VectorStack, names, unit_vectors
from tests.unit.library.library_fakes import Bench, picture

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled_shim(tmp_path_factory.mktemp("shim"))


def watched(shim: Path, what: str, folder: Path) -> DiskLog:
    log = folder.with_name(folder.name + ".log")
    command = [sys.executable, "-m", "tests.faults.watched_child", what, str(folder)]
    subprocess.run(command, cwd=ROOT, env=os.environ | shimmed(shim, folder, log), check=True)
    return DiskLog(log, folder)


def cuts(log: DiskLog, count: int, seed: int) -> list[int]:
    return sorted(random.Random(seed).choices(range(1, len(log.operations) + 1), k=count))


def test_what_was_said_is_there_after_a_power_cut(
    fault: Fault, shim: Path, tmp_path: Path, scale: Callable[[int, int], int]
) -> None:
    folder = tmp_path / "chats"
    folder.mkdir()
    log = watched(shim, "chats", folder)
    assert len(log.operations) > 300
    for seed, cut in enumerate(cuts(log, scale(40, 3000), 5)):
        with fault.trial():
            target = tmp_path / f"cut-{seed}"
            log.build(cut, seed, target)
            store = ConversationStore(target / "conversations.sqlite", target / "backups")
            assert store.report.moved_aside is None, cut
            turns = [turn for chat in store.list_conversations() for turn in store.open_conversation(chat.id)[1]]
            found = {turn.question: turn.answer.text for turn in turns}
            store.close()
            for mark in log.marks_before(cut):
                what, _, number = mark.partition("-")
                is_there = f"question {number}?" in found
                if what == "answered":
                    is_there = found.get(f"question {number}?") == answer_of(int(number))
                fault.lost(not is_there)
                assert is_there, (cut, mark)
            assert all(is_sound(info.path) for info in list_backups(target / "backups"))
            shutil.rmtree(target)


def test_catalog_is_whole_or_made_again_after_a_power_cut(
    fault: Fault, shim: Path, tmp_path: Path, scale: Callable[[int, int], int]
) -> None:
    base = tmp_path / "library"
    (base / "notes").mkdir(parents=True)
    (base / "data").mkdir()
    for number in range(12):
        (base / "notes" / f"{number}.md").write_text(f"# Note {number}\n\n" + f"Words of note {number}. " * 30)
    log = watched(shim, "library", base / "data")
    right = _after_cut(tmp_path / "right", base / "notes")
    for seed, cut in enumerate(cuts(log, scale(5, 300), 6)):
        with fault.trial():
            target = tmp_path / f"cut-{seed}"
            log.build(cut, seed, target / "data")
            found = _after_cut(target, base / "notes")
            assert differences(found, right) == [], cut
            shutil.rmtree(target)


def _after_cut(base: Path, notes: Path) -> dict[str, object]:
    base.mkdir(exist_ok=True)
    (base / "notes").symlink_to(notes)
    bench = Bench(base)
    bench.add()
    bench.settle()
    found = picture(bench)
    bench.library.close()
    return found


@pytest.mark.skipif(not IS_FULL, reason="starts Chroma after each cut; kills at each of its writes are tried in F01")
def test_vector_index_is_right_or_built_again_after_a_power_cut(fault: Fault, shim: Path, tmp_path: Path) -> None:
    folder = tmp_path / "chroma"
    folder.mkdir()
    log = watched(shim, "vectors", folder)
    source = MemorySource(names(ROWS)[100:], unit_vectors(ROWS)[100:])
    for seed, cut in enumerate(cuts(log, 60, 7)):
        with fault.trial():
            target = tmp_path / f"cut-{seed}"
            log.build(cut, seed, target / "chroma")
            stack = VectorStack(target / "chroma")
            try:
                assert_every_answer_is_right(GuardedVectors(stack.client, source), source)
                healed(stack, source)
            finally:
                stack.stop()
            shutil.rmtree(target)
