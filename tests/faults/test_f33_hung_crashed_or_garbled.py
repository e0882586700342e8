"""F33: a child process that crashes, hangs or sends what is no message is noticed, ended and replaced; its parent goes on.

Over every kind of child there is, by the supervisors that the product itself makes for them.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from whole_engine import WholeEngine, wait_for

from assistant.desktop.client.engine_link import ProcessEngineLink
from assistant.domain.errors import AssistantError, ProcessBrokenError, ProcessDiedError
from assistant.ipc import engine_messages as m
from assistant.ipc.model_messages import UnloadChat
from assistant.ipc.supervisor import HANG_AFTER_S, HUNG, ChildCommand, Supervisor, own_command
from assistant.ipc.vector_messages import GetVectorState
from assistant.library.reader_pool import ReaderPool
from assistant.models.client import model_supervisor
from assistant.retrieval.vector_client import vector_supervisor
from tests.faults.conftest import Fault

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reaches into pipes by /proc"),
    pytest.mark.timeout(400),
]

ROOT = Path(__file__).resolve().parents[2]
LONG_MESSAGE_BYTES = 10**9
Damage = Callable[[Supervisor], None]
Scale = Callable[[int, int], int]


@dataclass
class Part:
    """A supervised child of one kind, and something harmless to ask it."""

    supervisor: Supervisor
    question: Callable[[], Any]


@pytest.fixture
def part(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Part]:
    monkeypatch.setattr(Supervisor, "BACK_OFF_S", (0.01,))
    monkeypatch.setenv("ELEPHANT_MODELS_DIR", str(tmp_path / "no-models"))
    made = _make(request.param, tmp_path)
    yield made
    made.supervisor.stop(10.0)


def _make(kind: str, folder: Path) -> Part:
    if kind == "model":
        return Part(model_supervisor(folder / "models", folder / "log", restart=True), UnloadChat)
    if kind == "vectors":
        return Part(vector_supervisor(folder / "chroma", folder / "log"), GetVectorState)
    arguments = ("--data-dir", str(folder / "data"))
    return Part(
        Supervisor("engine", own_command("_engine", *arguments, log_path=folder / "log"), m.EngineEvent), m.Hello
    )


# ---- what is done to a child --------------------------------------------------------------------------------------------


def _crash(supervisor: Supervisor) -> None:
    os.kill(supervisor.pid or 0, signal.SIGSEGV)


def _talk_garbage(supervisor: Supervisor) -> None:
    """Bytes in the pipe from the child, as if the child had written them."""
    assert supervisor._child is not None
    assert supervisor._child.process.stdout is not None
    with open(f"/proc/self/fd/{supervisor._child.process.stdout.fileno()}", "wb", buffering=0) as pipe:
        pipe.write(random.Random(supervisor.pid).randbytes(3000) + b"\n")


def _hear_garbage(supervisor: Supervisor) -> None:
    """Bytes in the pipe to the child that break its next request, with or without an end of line."""
    assert supervisor._child is not None
    stream = supervisor._child.writer._stream
    chance = random.Random(supervisor.pid)
    stream.write(chance.randbytes(3000) + (b"\n" if chance.random() < 0.5 else b""))
    stream.flush()


def _ask_until_answered(part: Part) -> None:
    """A call under way fails as one that died; it may be made again, which is what every caller does."""
    for _ in range(4):
        try:
            part.supervisor.call(part.question()).result()
            return
        except ProcessDiedError:
            continue
    raise AssertionError("no answer")


@pytest.mark.parametrize("part", ["model", "vectors", "engine"], indirect=True)
def test_part_that_crashes_or_talks_garbage_is_replaced(
    part: Part, fault: Fault, scale: Scale, request: pytest.FixtureRequest
) -> None:
    _ask_until_answered(part)
    # Bounded, each part suffers one of them that the others do not.
    bounded = {"model": [_talk_garbage], "vectors": [_crash], "engine": [_hear_garbage]}
    kind = str(request.node.callspec.params["part"])
    full = [_crash, _talk_garbage, _hear_garbage] * 3
    for damage in bounded[kind] if scale(0, 1) == 0 else full:
        with fault.trial():
            damage(part.supervisor)
            _ask_until_answered(part)
            assert part.supervisor.health.state == "running"
            part.supervisor.reset()


def test_reader_that_talks_garbage_or_crashes_costs_no_note(tmp_path: Path, fault: Fault, scale: Scale) -> None:
    note = tmp_path / "note.md"
    note.write_text("# A note\n\nIts words.\n", "utf-8")
    pool = ReaderPool()
    try:
        pool.read(note)
        for damage in [_crash, _talk_garbage, _hear_garbage] * scale(1, 7):
            with fault.trial():
                damage(pool._all[0].link)
                assert "Its words." in pool.read(note).text
    finally:
        pool.close()


# ---- hanging ------------------------------------------------------------------------------------------------------------


class _Listener:
    def __init__(self) -> None:
        self.states: list[tuple[str, str]] = []
        self.failures: list[AssistantError] = []
        self.ended: list[int] = []

    def wait_for(self, request_id: int) -> None:
        wait_for(lambda: request_id in self.ended)

    def on_event(self, request_id: int, body: Any, last: bool) -> None:
        if last:
            self.ended.append(request_id)

    def on_failure(self, request_id: int, error: AssistantError) -> None:
        self.failures.append(error)

    def on_health(self, health: m.PartHealth) -> None:
        self.states.append((health.state, health.reason))


def test_every_part_that_hangs_is_noticed_and_replaced(
    shared_engine: WholeEngine, tmp_path: Path, fault: Fault, scale: Scale
) -> None:
    """Model, vectors and engine are stopped at the same time; each is noticed by its own parent."""
    # One look of the watch more than its limit: that is when a silent child is ended.
    assert HANG_AFTER_S * 1.25 <= 10.0
    arguments = ("--data-dir", str(tmp_path / "second"))
    link, listener = ProcessEngineLink(own_command("_engine", *arguments, log_path=tmp_path / "log")), _Listener()
    link.start(listener)
    first = link.send(m.Hello())
    listener.wait_for(first)
    engine, doors = shared_engine, ("_model", "_vectors")
    for _ in range(scale(1, 5)):
        listener.states.clear()
        assert link._supervisor is not None
        pids = {door: engine.child(door).pid for door in doors}
        for pid in (*pids.values(), link._supervisor.pid):
            os.kill(pid or 0, signal.SIGSTOP)
        waiting = link.send(m.GetSettings())
        assert engine.say(m.SearchNotes("flight")).passages, "words need neither of them"
        for door in doors:
            with fault.trial():
                engine.replaced(door, pids[door])
        with fault.trial():
            wait_for(lambda: ("running", "") in listener.states)
            assert listener.states[0] == ("restarting", HUNG)
            assert waiting not in listener.ended
            assert isinstance(listener.failures[-1], ProcessDiedError)
            listener.wait_for(link.send(m.Hello()))
        engine.say(m.RestartPart("model"))
        engine.say(m.RestartPart("vectors"))
        link.restart()
        engine.settle()
        assert engine.say(m.SearchNotes("When do we fly?")).passages
    link.close()


# ---- messages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def liar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Supervisor]]:
    """A child that answers its first request with what `code` writes."""
    monkeypatch.setattr(Supervisor, "BACK_OFF_S", (0.01,))
    made: list[Supervisor] = []

    def make(code: str) -> Supervisor:
        program = f"import os, sys\nsys.stdin.buffer.readline()\nout = sys.stdout.buffer\n{code}\nout.flush()"
        command = ChildCommand((sys.executable, "-S", "-c", program), tmp_path / "log")
        made.append(Supervisor("liar", command, m.EngineEvent, restart=False))
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.stop(1.0)


def test_random_bytes_are_never_taken_for_an_answer(
    liar: Callable[[str], Supervisor], fault: Fault, scale: Scale
) -> None:
    for seed in range(scale(8, 200)):
        noise = random.Random(seed).randbytes(random.Random(seed).randint(1, 5000))
        if seed % 2:  # and some that look like the real thing
            noise = b'{"id":1,"last":true,"body":{"type":"Wel' + noise
        with fault.trial(), pytest.raises(ProcessDiedError):
            liar(f"out.write({noise!r} + b'\\n')").call(m.Hello()).result()


def test_message_without_end_is_given_up_and_the_next_child_works(
    liar: Callable[[str], Supervisor], fault: Fault, scale: Scale
) -> None:
    """A billion bytes that never end a line: the parent stops reading and ends whoever sends them."""
    for _ in range(scale(1, 3)):
        with fault.trial():
            supervisor = liar(
                f"block = b'a' * 10**6\nfor _ in range({LONG_MESSAGE_BYTES} // 10**6): out.write(block)\nsys.stdin.read()"
            )
            with pytest.raises(ProcessDiedError):
                supervisor.call(m.Hello()).result()
            assert "garbage" in supervisor.health.reason


def test_after_three_in_a_row_it_stays_down_until_it_is_asked_for(
    liar: Callable[[str], Supervisor], fault: Fault
) -> None:
    supervisor = liar("out.write(b'no message\\n')")
    with fault.trial():
        for _ in range(3):
            with pytest.raises(ProcessDiedError):
                supervisor.call(m.Hello()).result()
        with pytest.raises(ProcessBrokenError):
            supervisor.call(m.Hello())
        assert supervisor.health.state == "broken"
        supervisor.reset()
        assert supervisor.pid is not None


def test_model_that_dies_again_and_again_stays_down_and_words_are_searched(
    shared_engine: WholeEngine, fault: Fault
) -> None:
    with fault.trial():
        for _ in range(3):
            model = shared_engine.child("_model")
            model.kill()
            model.wait(20)
        wait_for(lambda: _state_of_model(shared_engine) == "broken")
        broken = shared_engine.say(m.Ask("When does the flight leave?"))
        assert isinstance(broken, m.Failed)
        assert broken.error.kind == "process-broken"
        assert shared_engine.say(m.SearchNotes("flight")).passages
        shared_engine.say(m.RestartPart("model"))
        assert shared_engine.ask("When does the flight leave?").answer.passages


def _state_of_model(engine: WholeEngine) -> str:
    return str({part.part: part.state for part in engine.say(m.GetStatus()).parts}["model"])
