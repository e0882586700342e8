"""News for the window, a few times a second at most: while it goes fast the newest counts, and the last word is never lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from assistant.domain.errors import AssistantError

log = logging.getLogger(__name__)

MOST_OFTEN_S = 0.25


class Notices:
    """Calls listeners on a thread of its own. Thread: `tell` from any."""

    def __init__(self, listeners: Mapping[str, Callable[[], None]], most_often_s: float = MOST_OFTEN_S) -> None:
        self._listeners = dict(listeners)
        self._most_often_s = most_often_s
        self._lock = threading.Lock()
        self._due: set[str] = set()
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="library-notices", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def tell(self, name: str) -> None:
        with self._lock:
            self._due.add(name)
        self._wake.set()

    def stop(self) -> None:
        """Deliver what is due and end."""
        self._stopped.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(2.0)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._wake.wait()
            self._wake.clear()
            self._deliver()
            self._stopped.wait(self._most_often_s)
        self._deliver()

    def _deliver(self) -> None:
        with self._lock:
            due, self._due = self._due, set()
        for name in sorted(due):
            try:
                self._listeners[name]()
            except AssistantError as error:  # what it looks at is damaged or closed, which is told elsewhere
                log.info("%s could not be told: %s", name, error.kind)
            except Exception:
                log.exception("a listener to %s failed", name)
