"""A parent and a real child process over the link: answers, stops, deaths, restarts, the breaker."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.domain.errors import Cancelled, ModelUnavailableError, ProcessBrokenError, ProcessDiedError
from assistant.ipc.supervisor import HUNG, ChildCommand, Health, Supervisor

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("echo_child", HERE / "echo_child.py")
assert _spec and _spec.loader
echo = importlib.util.module_from_spec(_spec)
sys.modules["echo_child"] = echo
_spec.loader.exec_module(echo)


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Supervisor]]:
    monkeypatch.setenv("PYTHONPATH", str(HERE.parents[2]))
    monkeypatch.setattr(Supervisor, "BACK_OFF_S", (0.01,))
    made: list[Supervisor] = []

    def _make(**options: object) -> Supervisor:
        command = ChildCommand((sys.executable, str(HERE / "echo_child.py")), tmp_path / "logs" / "child.log")
        made.append(Supervisor("echo", command, echo.Said, **options))  # type: ignore[arg-type]
        return made[-1]

    yield _make
    for supervisor in made:
        supervisor.stop(1.0)


def wait_for(claim: Callable[[], bool], limit_s: float = 10.0) -> None:
    end = time.monotonic() + limit_s
    while not claim():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.005)


def test_answer_comes_back_whole(make: Callable[..., Supervisor]) -> None:
    text = "notes 笔记 🐘 \u2028 \n\t" * 1000
    assert make().call(echo.Echo(text)).result().text == text


def test_many_threads_share_one_link(make: Callable[..., Supervisor]) -> None:
    supervisor, wrong = make(), []

    def talk(who: int) -> None:
        for n in range(50):
            if supervisor.call(echo.Echo(f"{who}-{n}")).result().text != f"{who}-{n}":
                wrong.append((who, n))

    threads = [threading.Thread(target=talk, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert wrong == []


def test_cancel_ends_a_stream_with_what_it_has(make: Callable[..., Supervisor]) -> None:
    cancelled, seen = threading.Event(), []
    for said in make().call(echo.Count()).events(cancelled):
        seen.append(said.text)
        if len(seen) == 5:
            cancelled.set()
    assert seen[:5] == ["1", "2", "3", "4", "5"]
    assert seen[-1] == "stopped"


def test_error_crosses_with_its_fields(make: Callable[..., Supervisor]) -> None:
    with pytest.raises(ModelUnavailableError) as caught:
        make().call(echo.Refuse()).result()
    assert (caught.value.model, caught.value.reason, caught.value.needed_bytes) == ("m.gguf", "truncated", 7)


def test_prints_of_libraries_do_not_reach_the_wire(make: Callable[..., Supervisor], tmp_path: Path) -> None:
    supervisor = make()
    assert supervisor.call(echo.Print()).result().text == "printed"
    supervisor.stop()
    log = (tmp_path / "logs" / "child.log").read_text()
    assert "this is no message" in log
    assert "nor is this" in log


def test_death_fails_every_waiting_call_and_the_next_one_works(make: Callable[..., Supervisor]) -> None:
    supervisor = make()
    waiting = supervisor.call(echo.Count())
    with pytest.raises(ProcessDiedError) as caught:
        supervisor.call(echo.Die()).result()
    assert caught.value.exit_code == 3
    with pytest.raises(ProcessDiedError):
        waiting.result()
    assert supervisor.call(echo.Echo("again")).result().text == "again"


def test_child_comes_back_by_itself(make: Callable[..., Supervisor]) -> None:
    states: list[Health] = []
    supervisor = make(on_health=states.append)
    supervisor.start()
    first = supervisor.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: supervisor.pid not in (None, first))
    assert [health.state for health in states] == ["running", "restarting", "running"]
    assert "-9" in states[1].reason


def test_three_crashes_in_a_row_open_the_breaker_and_reset_closes_it(make: Callable[..., Supervisor]) -> None:
    supervisor = make()
    for _ in range(3):
        with pytest.raises(ProcessDiedError):
            supervisor.call(echo.Die()).result()
    with pytest.raises(ProcessBrokenError) as caught:
        supervisor.call(echo.Echo("?"))
    assert caught.value.crashes == 3
    assert supervisor.health.state == "broken"
    supervisor.reset()
    assert supervisor.call(echo.Echo("!")).result().text == "!"


def test_success_at_something_else_does_not_hide_a_crash_loop(make: Callable[..., Supervisor]) -> None:
    supervisor = make()
    for _ in range(3):
        with pytest.raises(ProcessDiedError):
            supervisor.call(echo.Die()).result()
        if supervisor.health.state != "broken":
            supervisor.call(echo.Echo("fine")).result()
    assert supervisor.health.state == "broken"


def test_garbage_on_the_link_ends_the_child_not_us(make: Callable[..., Supervisor]) -> None:
    supervisor = make()
    with pytest.raises(ProcessDiedError):
        supervisor.call(echo.Garbage()).result()
    assert supervisor.call(echo.Echo("ok")).result().text == "ok"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP there")
def test_child_that_hangs_is_ended(make: Callable[..., Supervisor]) -> None:
    supervisor = make(hang_after_s=0.4)
    supervisor.call(echo.Echo("alive")).result()
    with pytest.raises(ProcessDiedError):
        supervisor.call(echo.Stall()).result()
    assert supervisor.call(echo.Echo("back")).result().text == "back"


def test_child_that_computes_without_an_answer_is_left_alone(
    make: Callable[..., Supervisor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that keeps the interpreter to itself for a while is busy, not dead."""
    supervisor = make(hang_after_s=0.2)
    supervisor.call(echo.Echo("alive")).result()
    assert supervisor.call(echo.Compute(1.5)).result().text == "computed"
    monkeypatch.setattr(Supervisor, "BUSY_PATIENCE_S", 0.5)
    with pytest.raises(ProcessDiedError):
        supervisor.call(echo.Compute(60)).result()
    assert supervisor.health.reason == HUNG


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP there")
def test_stop_that_is_not_answered_is_given_up(make: Callable[..., Supervisor]) -> None:
    supervisor = make()
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        supervisor.call(echo.Stall()).result(stop, patience_s=0.2)
    supervisor.kill()
    wait_for(lambda: supervisor.pid is None)
    assert supervisor.health.crashes == 0


def test_fresh_child_waits_for_the_end_of_a_killed_one(make: Callable[..., Supervisor]) -> None:
    supervisor = make()
    first = slow_to_die(supervisor)
    supervisor.kill()
    assert supervisor.pid is None
    assert supervisor.call(echo.Echo("again")).result().text == "again"
    assert first.poll() is not None


def test_nothing_runs_after_a_stop_that_follows_a_kill(make: Callable[..., Supervisor]) -> None:
    supervisor = make()
    first = slow_to_die(supervisor)
    supervisor.kill()
    supervisor.stop()
    assert first.poll() is not None


def test_killed_child_that_does_not_end_is_not_waited_for_without_end(
    make: Callable[..., Supervisor], monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor = make()
    first = slow_to_die(supervisor, after_s=100.0)
    monkeypatch.setattr(supervisor, "END_PATIENCE_S", 0.1)
    supervisor.kill()
    assert supervisor.call(echo.Echo("again")).result().text == "again"
    subprocess.Popen.kill(first)


def slow_to_die(supervisor: Supervisor, after_s: float = 1.0) -> subprocess.Popen[bytes]:
    """Start the child; it dies so long after it is killed, as one that holds much memory or waits for a disk does."""
    supervisor.start()
    assert supervisor._child is not None
    process = supervisor._child.process
    alarm = threading.Timer(after_s, process.kill)
    alarm.daemon = True
    process.kill = alarm.start  # type: ignore[method-assign]
    return process


def test_child_ends_when_its_parent_closes_the_link(make: Callable[..., Supervisor]) -> None:
    supervisor = make()
    supervisor.call(echo.Echo("x")).result()
    child = supervisor.pid
    assert child is not None
    supervisor.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_unknown_request_is_refused_not_ignored(make: Callable[..., Supervisor]) -> None:
    import msgspec

    class Unheard(msgspec.Struct, frozen=True, tag=True):
        pass

    from assistant.domain.errors import BadRequestError

    with pytest.raises(BadRequestError):
        make().call(Unheard()).result()
