"""Waiting that a stop can end, for calls that cannot be stopped themselves."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from assistant.domain.errors import Cancelled

Result = TypeVar("Result")

_LOOK_EVERY_S = 0.05


class AnyOf(threading.Event):
    """An event that is also set while any of the others is: the user's stop, or our own."""

    def __init__(self, *others: threading.Event) -> None:
        super().__init__()
        self._others = others

    def is_set(self) -> bool:
        return super().is_set() or any(other.is_set() for other in self._others)

    def wait(self, timeout: float | None = None) -> bool:
        until = None if timeout is None else time.monotonic() + timeout
        while not self.is_set():
            left = _LOOK_EVERY_S if until is None else min(_LOOK_EVERY_S, until - time.monotonic())
            if left <= 0:
                return False
            super().wait(left)
        return True


def wait_for(call: Callable[[], Result], cancelled: threading.Event) -> Result:
    """Run a call on a thread of its own and wait for it.

    Raises:
        Cancelled: `cancelled` was set first. The call then ends by itself, unheard.
        What the call raises.
    """
    outcome: list[Result] = []
    failure: list[BaseException] = []
    ended = threading.Event()

    def run() -> None:
        try:
            outcome.append(call())
        except BaseException as error:  # noqa: BLE001 (handed to the waiting thread)
            failure.append(error)
        finally:
            ended.set()

    threading.Thread(target=run, name="chat-wait", daemon=True).start()
    while not ended.wait(_LOOK_EVERY_S):
        if cancelled.is_set():
            raise Cancelled
    if failure:
        raise failure[0]
    return outcome[0]
