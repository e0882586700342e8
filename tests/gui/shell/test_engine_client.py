"""Whatever the engine does, a request ends exactly once, on the window's thread."""

from __future__ import annotations

import threading

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import QObject, QThread

from assistant.desktop.client.engine_client import EngineClient
from assistant.domain.errors import AssistantError, NoteMissingError, ProcessBrokenError, ProcessDiedError
from assistant.domain.library import IndexProgress, LibraryCounts
from assistant.ipc import engine_messages as m
from assistant.ipc.wire import ErrorMessage


class Listener(QObject):
    """Writes down what it is told, in order."""

    def __init__(self, client: EngineClient) -> None:
        super().__init__()
        self.ends: list[tuple[str, int]] = []
        self.events: list[tuple[int, object]] = []
        self.threads: set[QThread] = set()
        self.done: list[object] = []
        self.errors: list[AssistantError] = []
        client.finished.connect(self.on_finished)
        client.failed.connect(self.on_failed)
        client.event_arrived.connect(self.on_event)

    def on_finished(self, request_id: int, _body: object) -> None:
        self.ends.append(("finished", request_id))
        self.threads.add(QThread.currentThread())

    def on_failed(self, request_id: int, _error: AssistantError) -> None:
        self.ends.append(("failed", request_id))

    def on_event(self, request_id: int, body: object) -> None:
        self.events.append((request_id, body))

    def on_done(self, body: object) -> None:
        self.done.append(body)

    def on_error(self, error: AssistantError) -> None:
        self.errors.append(error)


def test_hello_is_said_at_the_start_and_after_every_restart(qtbot, ready_client, link: FakeLink):
    assert ready_client.welcome is not None
    link.die()
    with qtbot.waitSignal(ready_client.welcomed):
        link.come_back()
    assert len(link.sent_of(m.Hello)) == 2


def test_a_request_ends_once_although_the_engine_says_more(qtbot, ready_client, link: FakeLink):
    listener = Listener(ready_client)
    link.held.add(m.GetStatus)
    request_id = ready_client.send(m.GetStatus())
    with qtbot.waitSignal(ready_client.finished):
        link.answer(request_id, link.status())
        link.answer(request_id, link.status())
        link.fail(request_id, ProcessDiedError(process="engine"))
    qtbot.wait(20)
    assert listener.ends == [("finished", request_id)]


def test_events_arrive_in_order_before_the_end(qtbot, ready_client, link: FakeLink):
    listener = Listener(ready_client)
    with qtbot.waitSignal(ready_client.finished):
        request_id = ready_client.send(m.Ask("When do we fly?"))
    assert isinstance(listener.events[0][1], m.TurnStarted)
    text = "".join(body.text for _, body in listener.events if isinstance(body, m.TextAdded))
    assert text == link.answer_made.text
    assert listener.ends == [("finished", request_id)]


def test_events_sent_on_another_thread_are_delivered_on_the_ui_thread(qtbot, ready_client, link: FakeLink):
    listener = Listener(ready_client)
    link.held.add(m.GetStatus)
    request_id = ready_client.send(m.GetStatus())
    worker = threading.Thread(target=link.answer, args=(request_id, link.status()))
    with qtbot.waitSignal(ready_client.finished):
        worker.start()
    worker.join()
    assert listener.threads == {ready_client.thread()}


def test_requests_under_way_fail_when_the_engine_dies(qtbot, ready_client, link: FakeLink):
    listener = Listener(ready_client)
    link.held.add(m.ListTree)
    request_id = ready_client.request(m.ListTree(1), listener.on_done, listener.on_error)
    with qtbot.waitSignal(ready_client.failed):
        link.die()
    link.answer(request_id, m.TreeListed(()))
    qtbot.wait(20)
    assert [type(error) for error in listener.errors] == [ProcessDiedError]
    assert listener.done == []
    assert not ready_client.is_ready


def test_a_forgotten_request_is_cancelled_and_never_heard_of_again(qtbot, ready_client, link: FakeLink):
    listener = Listener(ready_client)
    link.held.add(m.SearchNotes)
    old = ready_client.request(m.SearchNotes("lis"), listener.on_done, listener.on_error)
    ready_client.forget(old)
    new = ready_client.request(m.SearchNotes("lisbon"), listener.on_done, listener.on_error)
    with qtbot.waitSignal(ready_client.finished):
        link.answer(old, m.SearchDone(()))
        link.answer(new, m.SearchDone(link.passages))
    assert link.cancelled == [old]
    assert listener.done == [m.SearchDone(link.passages)]


def test_a_cancelled_ask_still_ends_with_its_stopped_turn(qtbot, ready_client, link: FakeLink):
    listener = Listener(ready_client)
    link.pace_ms = 5
    with qtbot.waitSignal(ready_client.event_arrived):
        request_id = ready_client.request(m.Ask("When?"), listener.on_done)
    with qtbot.waitSignal(ready_client.finished):
        ready_client.cancel(request_id)
    (answered,) = listener.done
    assert answered.turn.state == "stopped"


def test_a_failed_message_brings_its_partial_turn_before_the_failure(qtbot, ready_client, link: FakeLink):
    listener = Listener(ready_client)
    link.held.add(m.Ask)
    request_id = ready_client.request(m.Ask("When?"), listener.on_done, listener.on_error)
    with qtbot.waitSignal(ready_client.failed):
        link.answer(request_id, m.Failed(ErrorMessage("note-missing", fields={"path": "a.md"})))
    assert isinstance(listener.events[-1][1], m.Failed)
    assert isinstance(listener.errors[0], NoteMissingError)
    assert listener.errors[0].path == "a.md"


def test_what_cannot_be_sent_fails_like_any_other_request(qtbot, ready_client, link: FakeLink, monkeypatch):
    listener = Listener(ready_client)

    def refuse(_body: object) -> int:
        raise ProcessBrokenError(process="engine", crashes=3)

    monkeypatch.setattr(link, "send", refuse)
    with qtbot.waitSignal(ready_client.failed):
        request_id = ready_client.request(m.GetStatus(), listener.on_done, listener.on_error)
    assert listener.ends == [("failed", request_id)]
    assert isinstance(listener.errors[0], ProcessBrokenError)


def test_a_pane_that_is_gone_is_not_called(qtbot, ready_client, link: FakeLink):
    listener = Listener(ready_client)
    done = listener.done
    link.held.add(m.GetStatus)
    request_id = ready_client.request(m.GetStatus(), listener.on_done)
    listener.deleteLater()
    del listener
    with qtbot.waitSignal(ready_client.finished):
        link.answer(request_id, link.status())
    assert done == []


def test_only_bound_methods_are_taken(ready_client):
    with pytest.raises(TypeError):
        ready_client.request(m.GetStatus(), lambda body: None)


def test_notices_and_health_are_told(qtbot, ready_client, link: FakeLink):
    with qtbot.waitSignal(ready_client.noticed) as noticed:
        link.move_index(IndexProgress("embedding", 3, 9), LibraryCounts(notes=9))
    assert noticed.args[0].progress.done == 3
    with qtbot.waitSignal(ready_client.health_changed) as health:
        link.notice(m.PartHealth("vectors", "restarting", 1))
    assert health.args[0].part == "vectors"
    assert ready_client.health("vectors").state == "restarting"


def test_nothing_is_told_after_close(qtbot, ready_client, link: FakeLink):
    listener = Listener(ready_client)
    ready_client.send(m.GetStatus())
    ready_client.close()
    qtbot.wait(20)
    assert link.is_closed
    assert listener.ends == []
