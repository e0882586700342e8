"""The real link to a real process: the contract that the scripted link keeps, and what only processes do."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.client.engine_link import ProcessEngineLink
from assistant.domain.errors import NoteMissingError, ProcessDiedError
from assistant.ipc import engine_messages as m
from assistant.ipc.supervisor import ChildCommand

ENGINE = str(Path(__file__).resolve().parents[1] / "tiny_engine.py")


@pytest.fixture
def make_client(qapp, caplog) -> Iterator[object]:
    made: list[EngineClient] = []

    def make(*arguments: str) -> EngineClient:
        client = EngineClient(ProcessEngineLink(ChildCommand((sys.executable, ENGINE, *arguments))))
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(qtbot, make_client) -> EngineClient:
    made = make_client()
    with qtbot.waitSignal(made.welcomed):
        made.start()
    return made


def test_the_engine_is_started_and_greeted(client):
    assert client.welcome.data_dir == "/d"
    assert client.is_ready


def test_an_answer_and_an_error_come_back_to_their_requests(qtbot, client):
    with qtbot.waitSignal(client.finished) as finished:
        asked = client.send(m.GetStatus())
    assert finished.args[0] == asked
    with qtbot.waitSignal(client.failed) as failed:
        retried = client.send(m.RetryFile(1, "a.md"))
    assert failed.args[0] == retried
    assert isinstance(failed.args[1], NoteMissingError)


def test_a_cancel_reaches_the_engine(qtbot, client):
    asked = client.send(m.Ask("When?"))
    with qtbot.waitSignal(client.finished) as finished:
        client.cancel(asked)
    assert finished.args[0] == asked


def test_a_crash_fails_what_was_under_way_and_the_engine_comes_back(qtbot, client):
    asked = client.send(m.Ask("When?"))
    with qtbot.waitSignals([client.failed, client.welcomed], order="none"):
        client.send(m.RescanFolder())
    assert client.is_ready
    with qtbot.assertNotEmitted(client.finished, wait=50):
        client.cancel(asked)


def test_an_engine_that_cannot_live_is_given_up_and_can_be_tried_again(qtbot, make_client):
    made = make_client("--crash")
    with qtbot.waitSignal(made.health_changed, check_params_cb=lambda health: health.state == "broken"):
        made.start()
    assert not made.is_ready
    with qtbot.waitSignal(made.failed) as failed:
        made.send(m.GetStatus())
    assert failed.args[1].kind == "process-broken"
    with qtbot.waitSignal(made.health_changed, check_params_cb=lambda health: health.state == "broken"):
        made.restart_engine()


def test_closing_ends_the_process(qtbot, client):
    process = client._link._supervisor._child.process
    client.close()
    assert process.poll() is not None


def test_what_was_asked_for_before_the_end_is_still_sent(client):
    told: list[object] = []
    link, real = client._link, client._link._supervisor

    class Told:
        def send(self, body, call):
            told.append(body)
            return 1

        def stop(self, timeout_s):
            told.append("stop")
            real.stop(timeout_s)

    link._jobs.put(lambda: time.sleep(0.1))  # a pipe that is full for a moment
    link._supervisor = Told()
    client.send(m.SaveDraft(0, "the last words"))
    client.close()
    assert told == [m.SaveDraft(0, "the last words"), "stop"]


def test_a_program_that_is_not_there_is_a_broken_engine(qtbot, caplog):
    made = EngineClient(ProcessEngineLink(ChildCommand(("no-such-program-here",))))
    with qtbot.waitSignal(made.health_changed) as changed:
        made.start()
    assert changed.args[0].state == "broken"
    made.close()
    assert ProcessDiedError.kind == "process-died"
