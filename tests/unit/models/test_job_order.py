"""The order in which the model process does its work."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from assistant.models.job_queue import Job, JobQueue, Urgency


def _job(name: str, urgency: Urgency, steps: int, done: list[str], is_cancelled: threading.Event | None = None) -> Job:
    def work() -> Iterator[None]:
        for _ in range(steps):
            done.append(name)
            yield

    return Job(urgency, work(), (is_cancelled or threading.Event()).is_set, lambda error: None)


def _step(queue: JobQueue) -> None:
    job = queue.wait_for_next()
    assert job is not None
    try:
        next(job.steps)
    except StopIteration:
        queue.remove(job)


def test_passages_wait_for_an_answer_and_a_query_waits_for_neither() -> None:
    done: list[str] = []
    queue = JobQueue()
    queue.put(_job("passages", Urgency.PASSAGES, 3, done))
    _step(queue)
    queue.put(_job("chat", Urgency.CHAT, 2, done))
    _step(queue)
    queue.put(_job("query", Urgency.QUERY, 1, done))
    for _ in range(7):
        _step(queue)
    assert done == ["passages", "chat", "query", "chat", "passages", "passages"]


def test_equals_go_in_order_of_arrival() -> None:
    done: list[str] = []
    queue = JobQueue()
    for name in "abc":
        queue.put(_job(name, Urgency.PASSAGES, 2, done))
    for _ in range(9):
        _step(queue)
    assert done == ["a", "a", "b", "b", "c", "c"]


def test_a_cancelled_job_is_ended_before_anything_else() -> None:
    done: list[str] = []
    queue = JobQueue()
    cancelled = threading.Event()
    queue.put(_job("chat", Urgency.CHAT, 5, done))
    queue.put(_job("passages", Urgency.PASSAGES, 1, done, cancelled))
    cancelled.set()
    _step(queue)
    assert done == ["passages"]


def test_closing_sends_the_waiting_taker_home() -> None:
    queue = JobQueue()
    taken: list[Job | None] = []
    taker = threading.Thread(target=lambda: taken.append(queue.wait_for_next()))
    taker.start()
    queue.close()
    taker.join(5)
    assert taken == [None]
