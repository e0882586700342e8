"""F03: kill -9 while an answer streams. The question is kept, what was shown is kept but for a second, and it is marked as cut."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from whole_engine import WholeEngine, wait_for

from assistant.chat.backups import is_sound
from assistant.domain.answers import Turn, TurnState
from assistant.domain.errors import ProcessDiedError
from assistant.ipc import engine_messages as m
from tests.faults.conftest import Fault
from tests.faults.streaming_child import QUESTION, TOKENS_A_SECOND, token
from tests.unit.chat.chat_fakes import open_store

Scale = Callable[[int, int], int]
ROOT = Path(__file__).resolve().parents[2]
ASKED = "When does the flight to Lisbon leave?"


@pytest.fixture
def streamer() -> Iterator[subprocess.Popen[str]]:
    child = Path(__file__).with_name("streaming_child.py")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(child)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment,
    ) as process:  # fmt: skip
        yield process
        process.kill()


def _kill_while_streaming(streamer: subprocess.Popen[str], folder: Path, chance: random.Random) -> int:
    """Stream into a data folder and kill at a random moment; returns how many characters had been shown."""
    assert streamer.stdin is not None
    assert streamer.stdout is not None
    streamer.stdin.write(f"{folder}\n")
    streamer.stdin.flush()
    pid = int(streamer.stdout.readline())
    shown = 0
    for _ in range(chance.randint(2, 300)):
        shown = int(streamer.stdout.readline())
    time.sleep(chance.uniform(0, 0.01))
    os.kill(pid, signal.SIGKILL)
    while (line := streamer.stdout.readline().strip()) != "gone":
        shown = int(line)
    return shown


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that forks streams them all")
def test_killed_while_streaming_loses_a_second_of_text_at_most(
    streamer: subprocess.Popen[str], tmp_path: Path, fault: Fault, scale: Scale
) -> None:
    whole = "".join(token(number) for number in range(400))
    for number in range(scale(6, 100)):
        with fault.trial():
            folder = tmp_path / str(number)
            shown = _kill_while_streaming(streamer, folder, random.Random(number))
            turn = _only_turn(folder)
            assert turn.question == QUESTION
            assert turn.state is TurnState.CUT
            kept = len(turn.answer.text)
            assert turn.answer.text == whole[:kept].rstrip()
            lost_tokens = whole[kept:shown].count("follows")
            assert lost_tokens <= TOKENS_A_SECOND, f"{lost_tokens / TOKENS_A_SECOND} s of text"


def _only_turn(folder: Path) -> Turn:
    """As the next start finds it."""
    store = open_store(folder)
    try:
        assert store.report.moved_aside is None
        [conversation] = store.list_conversations()
        [turn] = store.open_conversation(conversation.id)[1]
    finally:
        store.close()
    assert is_sound(folder / "conversations.sqlite")
    return turn


# ---- the same with real processes ---------------------------------------------------------------------------------------


def _kill_when_writing(engine: WholeEngine, kill: Callable[[], object], events: list[object]) -> None:
    """Ask, and kill when the model is at work. events: filled with what came."""
    is_killed = False
    for event in engine.begin(m.Ask(ASKED)).events():
        events.append(event)
        if isinstance(event, m.PhaseChanged) and event.phase in {"reading", "writing"} and not is_killed:
            kill()
            is_killed = True


def test_model_killed_during_an_answer_keeps_the_evidence_and_works_again(
    shared_engine: WholeEngine, fault: Fault
) -> None:
    with fault.trial():
        events: list[object] = []
        _kill_when_writing(shared_engine, lambda: shared_engine.child("_model").kill(), events)
        ended = events[-1]
        assert isinstance(ended, m.Failed)
        assert ended.error.kind == "process-died"
        assert ended.turn is not None
        assert ended.turn.state is TurnState.FAILED
        assert ended.turn.answer.passages
        assert shared_engine.ask(ASKED).state is TurnState.DONE
        stored = shared_engine.say(m.OpenConversation(ended.turn.conversation_id)).turns
        assert [turn.question for turn in stored] == [ASKED]


def test_vector_process_killed_during_an_answer_does_not_touch_it(shared_engine: WholeEngine, fault: Fault) -> None:
    wait_for(lambda: not shared_engine.say(m.GetStatus()).exact_search)
    with fault.trial():
        before = shared_engine.say(m.SearchNotes("航班几点起飞？", top=3)).passages
        events: list[object] = []
        _kill_when_writing(shared_engine, lambda: shared_engine.child("_vectors").kill(), events)
        ended = events[-1]
        assert isinstance(ended, m.Answered)
        assert ended.turn.state is TurnState.DONE
        during = shared_engine.say(m.SearchNotes("航班几点起飞？", top=3)).passages
        assert [passage.note for passage in during] == [passage.note for passage in before]
        wait_for(lambda: not shared_engine.say(m.GetStatus()).exact_search)


def test_engine_killed_during_an_answer_takes_its_children_along_and_keeps_question_and_evidence(
    shared_engine: WholeEngine, fault: Fault
) -> None:
    with fault.trial():
        children = [shared_engine.child("_model"), shared_engine.child("_vectors")]
        pid = shared_engine.link.pid
        events: list[object] = []
        with pytest.raises(ProcessDiedError):
            _kill_when_writing(shared_engine, lambda: shared_engine.link.kill(deliberate=False), events)
        _, alive = psutil.wait_procs(children, timeout=20)
        assert alive == []
        wait_for(lambda: shared_engine.link.pid not in (None, pid))
        started = events[0]
        assert isinstance(started, m.TurnStarted)
        (turn,) = shared_engine.say(m.OpenConversation(started.conversation.id)).turns
        assert turn.question == ASKED
        assert turn.state is TurnState.CUT
        assert turn.answer.passages
        assert shared_engine.ask(ASKED, started.conversation.id).state is TurnState.DONE
