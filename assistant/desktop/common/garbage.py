"""Garbage of the window is collected on the UI thread alone.

Python collects on whichever thread makes the object that is one too many. If that is a thread beside the window (the one that
reads from the engine, one that writes a PDF), widgets in a cycle are deleted there, and the process ends by a segmentation
fault; it may also come in the middle of making a widget. So Python's own timing is switched off, and a timer of the UI thread
collects between two events, by the same thresholds.
"""

from __future__ import annotations

import gc
import logging
import time

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1000
SLOW_S = 0.05

log = logging.getLogger(__name__)


class GarbageCollection(QObject):
    """Lives on the UI thread and collects there until the process ends."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """To be called before the first thread is started and the first widget made."""
        gc.disable()
        self._timer.start()

    def set_aside(self) -> None:
        """What lives now (modules, classes) is not looked at again."""
        gc.collect()
        gc.freeze()

    def collect(self) -> None:
        """The oldest generation that is due, and with it the younger ones; nothing, if none is."""
        due = [number for number, count in enumerate(gc.get_count()) if count > self._thresholds[number]]
        if not due:
            return
        started = time.perf_counter()
        gc.collect(due[-1])
        took = time.perf_counter() - started
        if took > SLOW_S:
            log.info("collecting generation %s took %.0f ms", due[-1], took * 1000)
