"""One piece of slow work beside the UI thread: writing a file to a disk that may be slow, drawing the pages of a PDF."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from assistant.domain.errors import AssistantError, InternalError

log = logging.getLogger(__name__)


class Background(QObject):
    """Lives on the UI thread; its signals come there. The thread is waited for when Elephant ends, so that no file is left half written.

    Signals:
        done(object): what the work returned.
        failed(AssistantError): what it raised.
    """

    done = Signal(object)
    failed = Signal(object)
    _ended = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ended.connect(self._on_ended)

    def run(self, work: Callable[[], Any]) -> None:
        """work: touches no widget and nothing that the UI thread changes."""
        threading.Thread(target=self._work, args=(work,), name="background").start()

    def _work(self, work: Callable[[], Any]) -> None:
        result, error = None, None
        try:
            result = work()
        except AssistantError as caught:
            error = caught
        except Exception as caught:
            log.exception("work beside the window failed")
            error = InternalError(type(caught).__name__)
        try:
            self._ended.emit(result, error)
        except RuntimeError:
            log.info("the window has gone before its work was done")

    def _on_ended(self, result: object, error: object) -> None:
        if error is None:
            self.done.emit(result)
        else:
            self.failed.emit(error)
