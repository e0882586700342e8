"""What the engine's threads do with work that waits when Elephant ends."""

from __future__ import annotations

import threading
from typing import Any

from assistant.engine.workers import ANSWER, QUICK, SIZES, SLOW, Workers


class Call:
    """As much of a call as the threads use."""

    def __init__(self) -> None:
        self.body = self
        self.results: list[Any] = []

    def finish(self, result: Any) -> None:
        self.results.append(result)

    def fail(self, error: Exception) -> None:
        self.results.append(error)


def fill(workers: Workers, pool: str, until: threading.Event) -> None:
    """Every thread of a pool is busy."""
    started = [threading.Event() for _ in range(SIZES[pool])]
    for one in started:
        workers.run(pool, Call(), lambda _call, one=one: (one.set(), until.wait(5)))  # type: ignore[arg-type, misc]
    assert all(one.wait(5) for one in started)


def test_what_is_stored_quickly_is_stored_before_the_end_however_late_it_came() -> None:
    workers, stored, go_on = Workers(), [], threading.Event()
    fill(workers, QUICK, go_on)
    workers.run(QUICK, Call(), lambda _call: stored.append("the last words"))  # type: ignore[arg-type]
    threading.Timer(0.05, go_on.set).start()
    workers.close()
    assert stored == ["the last words"]


def test_long_work_that_has_not_begun_is_given_up() -> None:
    for pool in (SLOW, ANSWER):
        workers, begun, go_on = Workers(), [], threading.Event()
        fill(workers, pool, go_on)
        workers.run(pool, Call(), lambda _call, begun=begun: begun.append(1))  # type: ignore[arg-type, misc]
        workers.close()
        go_on.set()
        workers._pools[pool].shutdown(wait=True)
        assert begun == []


def test_quick_work_that_hangs_does_not_keep_the_engine_from_ending(monkeypatch) -> None:
    monkeypatch.setattr("assistant.engine.workers.LAST_QUICK_S", 0.05)
    workers, go_on = Workers(), threading.Event()
    fill(workers, QUICK, go_on)
    workers.close()
    assert not go_on.is_set()
    go_on.set()
