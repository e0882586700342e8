"""Threads for the engine's requests, by what they must not wait for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from assistant.domain.errors import AssistantError, InternalError
from assistant.ipc.service import Call

log = logging.getLogger(__name__)

QUICK, SLOW, ANSWER, FETCH = "quick", "slow", "answer", "fetch"
SIZES = {QUICK: 4, SLOW: 4, ANSWER: 4, FETCH: 16}
"""FETCH: downloads wait for one another, each on its thread, so that each can be stopped while it waits."""

LAST_QUICK_S = 2.0


class Workers:
    """Small pools: look-ups that a person waits for, long jobs, answers, and downloads. None can starve another."""

    def __init__(self) -> None:
        self._pools = {name: ThreadPoolExecutor(size, thread_name_prefix=name) for name, size in SIZES.items()}
        self._newest: dict[str, Call[Any]] = {}
        self._lock = threading.Lock()

    def run(self, pool: str, call: Call[Any], work: Callable[[Call[Any]], Any]) -> None:
        """Run `work(call)` on a pool and end the call with what it returns, or with its error."""
        self._pools[pool].submit(self._finish, call, work)

    def replace(self, lane: str, call: Call[Any]) -> None:
        """Latest wins: cancel the older call of this lane."""
        with self._lock:
            older = self._newest.get(lane)
            self._newest[lane] = call
        if older is not None:
            older.cancelled.set()

    def close(self) -> None:
        """What stores something quickly (a draft, a name, a pin) is done first, however late it came; the rest is given up."""
        for name, pool in self._pools.items():
            if name != QUICK:
                pool.shutdown(wait=False, cancel_futures=True)
        rest = threading.Thread(target=self._pools[QUICK].shutdown, name="last-quick", daemon=True)
        rest.start()
        rest.join(LAST_QUICK_S)
        self._pools[QUICK].shutdown(wait=False, cancel_futures=True)

    @staticmethod
    def _finish(call: Call[Any], work: Callable[[Call[Any]], Any]) -> None:
        try:
            call.finish(work(call))
        except AssistantError as error:
            call.fail(error)
        except Exception as error:
            log.exception("request %s failed", type(call.body).__name__)
            call.fail(InternalError(type(error).__name__, where=type(call.body).__name__))
