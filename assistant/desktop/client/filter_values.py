"""Asks the engine what may stand behind a filter's key while it is typed: after a short pause, and only for what was typed last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from assistant.desktop.client.engine_client import EngineClient
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import CompleteFilter, FilterCompleted

ASK_PAUSE_MS = 120


@dataclass(frozen=True, slots=True)
class FoundValues:
    """values: (key, value), those of the key asked first come first."""

    beginning: str
    values: tuple[tuple[str, str], ...]


class FilterValues(QObject):
    """Lives on the UI thread.

    Signals:
        found(FoundValues): of all keys asked for.
        failed(): the engine could not say.
    """

    found = Signal(object)
    failed = Signal()

    def __init__(self, client: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._wanted: tuple[str, ...] = ()
        self._waiting: list[str] = []
        self._beginning = ""
        self._values: list[tuple[str, str]] = []
        self._request_id = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(ASK_PAUSE_MS)
        self._pause.timeout.connect(self._begin)

    def ask_soon(self, keys: Sequence[str], beginning: str) -> None:
        """What begins like this; it takes the place of what was asked before."""
        self.forget()
        self._wanted, self._beginning = tuple(keys), beginning
        self._pause.start()

    def forget(self) -> None:
        self._pause.stop()
        if self._request_id:
            self._client.forget(self._request_id)
            self._request_id = 0

    def _begin(self) -> None:
        self.forget()
        self._waiting, self._values = list(self._wanted), []
        self._ask_next()

    def _ask_next(self) -> None:
        request = CompleteFilter(self._waiting[0], self._beginning)
        self._request_id = self._client.request(request, self._on_completed, self._on_failed)

    def _on_completed(self, completed: FilterCompleted) -> None:
        self._request_id = 0
        key = self._waiting.pop(0)
        self._values += [(key, value) for value in completed.values]
        if self._waiting:
            self._ask_next()
        else:
            self.found.emit(FoundValues(self._beginning, tuple(self._values)))

    def _on_failed(self, _error: AssistantError) -> None:
        self._request_id = 0
        self.failed.emit()
