"""Brings the column the turns of its conversation that it comes to, a page at a time."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from assistant.desktop.chat.chat_column import ChatColumn
from assistant.desktop.client.engine_client import EngineClient
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import GetTurns, TurnsFound


class TurnFetching(QObject):
    """One page is on its way at a time; what was asked for before the column was cleared is forgotten. Lives on the UI thread.

    Signals:
        last_arrived(Turn): the last one of the branch, which was not among the first page.
    """

    last_arrived = Signal(object)

    def __init__(self, client: EngineClient, column: ChatColumn, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._column = column
        self._request = 0
        self._ids: tuple[int, ...] = ()
        column.turns_wanted.connect(self._fetch)
        column.emptied.connect(self._forget)
        client.welcomed.connect(self._on_welcomed)

    def _fetch(self, ids: tuple[int, ...]) -> None:
        if not self._request:
            self._ids = ids
            self._request = self._client.request(GetTurns(ids), self._on_found, self._on_failed)

    def _forget(self) -> None:
        if self._request:
            self._client.forget(self._request)
            self._request = 0

    def _on_found(self, event: object) -> None:
        self._request = 0
        if isinstance(event, TurnsFound):
            last = self._column.last_stored()
            self._column.take_turns(self._ids, event.turns)
            for turn in event.turns:
                if turn.id == last:
                    self.last_arrived.emit(turn)

    def _on_failed(self, _error: AssistantError) -> None:
        # They are asked for again when the reader moves, and when the engine is back.
        self._request = 0

    def _on_welcomed(self, _welcome: object) -> None:
        self._column.want_more()
