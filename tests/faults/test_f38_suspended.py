"""F38: everything, or a part, stands still for a while, as in a suspended machine, and goes on. Nothing is doubled or ended for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from whole_engine import WholeEngine, doubled_chunks

from assistant.domain.answers import TurnState
from assistant.ipc import engine_messages as m
from tests.faults.conftest import Fault

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP there"), pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
HANG_AFTER_S = 1.2
Scale = Callable[[int, int], int]


@contextmanager
def _stopped(pids: Sequence[int]) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            # One that stood still for long on its own is taken for hung, and ended.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def test_parent_and_child_that_stood_still_together_go_on_together(fault: Fault, scale: Scale) -> None:
    """The watch must not count the time in which it could not look. It would end a child after `HANG_AFTER_S`."""
    parent = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("stopped_parent.py")), str(HANG_AFTER_S)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        child = _ask(parent)
        for _ in range(scale(1, 10)):
            with fault.trial():
                with _stopped([child]):
                    time.sleep(HANG_AFTER_S / 3)  # the parent has noticed a silence when it stands still too
                    with _stopped([parent.pid]):
                        time.sleep(scale(2, 60))
                assert _ask(parent) == child, "the child was ended for a silence that was nobody's"
                time.sleep(HANG_AFTER_S)
                assert _ask(parent) == child
    finally:
        parent.kill()
        parent.communicate()


def _ask(parent: subprocess.Popen[str]) -> int:
    """The process id of the child that answers."""
    assert parent.stdin is not None
    assert parent.stdout is not None
    parent.stdin.write("hello\n")
    parent.stdin.flush()
    pid, said = parent.stdout.readline().split()
    assert said == "hello"
    return int(pid)


def test_parts_that_stood_still_while_indexing_and_answering_double_nothing(
    shared_engine: WholeEngine, fault: Fault, scale: Scale
) -> None:
    notes = Path(shared_engine.say(m.GetStatus()).folders[0].path)
    conversation, asked = 0, 0
    doors = ("_model", "_vectors", "whole")
    for number in range(scale(3, 9)):
        with fault.trial():
            door = doors[number % len(doors)]
            (notes / f"late {number}.md").write_text(f"# Late {number}\n\nThe code word is pelican{number}.\n", "utf-8")
            # Small talk needs no model: the parts have enough to do, and it is stored all the same.
            question = "When does the flight to Lisbon leave?" if door == "whole" else "Hello!"
            pending = shared_engine.begin(m.Ask(question, conversation))
            with _stopped(_processes(shared_engine, door)):
                # Shorter than a hang (F33) in CI; in full a part that stands still alone is replaced.
                time.sleep(scale(1, 60))
            ended = pending.result()
            asked += 1
            conversation = conversation or ended.turn.conversation_id
            assert ended.turn.state in {TurnState.DONE, TurnState.FAILED}
            shared_engine.settle()
            assert shared_engine.say(m.SearchNotes(f"pelican{number}", top=1)).passages[0].note == f"late {number}.md"
            assert doubled_chunks(shared_engine.data_dir) == []
            assert len(shared_engine.say(m.OpenConversation(conversation)).turns) == asked
            shared_engine.say(m.RestartPart("model"))
            shared_engine.say(m.RestartPart("vectors"))


def _processes(engine: WholeEngine, door: str) -> list[int]:
    if door != "whole":
        return [engine.child(door).pid]
    return [engine.link.pid or 0, *(child.pid for child in engine.children())]
