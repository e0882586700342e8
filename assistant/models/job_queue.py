"""The one queue in front of llama.cpp: work in small steps, the more urgent first, between any two steps.

A query's embedding takes a hundredth of a second and is let in between two tokens of an answer; passages wait until no answer is
being made, and for the reranker: somebody waits for a search. Within one urgency the order of arrival holds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum


class Urgency(IntEnum):
    """Lower goes first."""

    QUERY = 0
    CHAT = 1
    RERANK = 2
    PASSAGES = 3


@dataclass(slots=True, eq=False)
class Job:
    """steps: does one small piece of the work for each `next`. is_cancelled: such a job goes first, since it only has to end."""

    urgency: Urgency
    steps: Iterator[None]
    is_cancelled: Callable[[], bool]
    fail: Callable[[BaseException], None]


class JobQueue:
    """Jobs in order. Thread: any puts, one takes."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._condition = threading.Condition()
        self._is_closed = False

    def put(self, job: Job) -> None:
        with self._condition:
            self._jobs.append(job)
            self._condition.notify()

    def wait_for_next(self) -> Job | None:
        """The job whose step is due; it stays in the queue until `remove`. Waits for one; None once closed."""
        with self._condition:
            while not self._jobs and not self._is_closed:
                self._condition.wait()
            if self._is_closed:
                return None
            return min(self._jobs, key=lambda job: (not job.is_cancelled(), job.urgency))

    def remove(self, job: Job) -> None:
        with self._condition:
            self._jobs.remove(job)

    def close(self) -> None:
        """Let the taker go home; what is queued is dropped."""
        with self._condition:
            self._is_closed = True
            self._condition.notify_all()
