"""Says that long work has ended, to somebody who has turned to other windows. Never a word of a note, a question or an answer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.words import count_notes
from assistant.domain.errors import Cancelled
from assistant.ipc.engine_messages import Answered, IndexMoved, ModelsListed, PullProgress, TurnStarted

LONG_INDEXING_S = 60.0
LONG_ANSWER_S = 20.0
FETCHING = frozenset({"waiting", "fetching", "building"})
"""Stages of a download alone: a file of the user's that is looked at or copied is checked, too."""


class Notifications(QObject):
    """Listens to what the engine does.

    Signals:
        due(str, str): title and text of what is to be said.
    """

    due = Signal(str, str)

    def __init__(
        self,
        client: EngineClient,
        now_s: Callable[[], float],
        is_in_front: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """now_s: a clock that never goes back."""
        super().__init__(parent)
        self._now_s = now_s
        self._is_in_front = is_in_front
        self.is_on = True
        self._indexing_since_s: float | None = None
        self._answers: dict[int, float] = {}
        self._pulls: set[int] = set()
        self._copies: set[int] = set()
        client.noticed.connect(self._on_noticed)
        client.event_arrived.connect(self._on_event)
        client.finished.connect(self._on_finished)
        client.failed.connect(self._on_failed)

    def _on_noticed(self, notice: object) -> None:
        if not isinstance(notice, IndexMoved):
            return
        if notice.progress.stage != "idle":
            if self._indexing_since_s is None:
                self._indexing_since_s = self._now_s()
        elif self._indexing_since_s is not None:
            lasted_s, self._indexing_since_s = self._now_s() - self._indexing_since_s, None
            if lasted_s >= LONG_INDEXING_S and not notice.progress.paused:
                self._say(self.tr("Your notes are read"), count_notes(notice.counts.notes))

    def _on_event(self, request_id: int, event: object) -> None:
        if isinstance(event, TurnStarted):
            self._answers[request_id] = self._now_s()
        elif isinstance(event, PullProgress) and event.stage in FETCHING:
            self._pulls.add(request_id)
        elif isinstance(event, PullProgress) and event.stage == "copying":
            self._copies.add(request_id)

    def _on_finished(self, request_id: int, event: object) -> None:
        begun_s = self._answers.pop(request_id, None)
        if isinstance(event, Answered) and begun_s is not None and self._now_s() - begun_s >= LONG_ANSWER_S:
            self._say(self.tr("Your answer is ready"), self.tr("Open Elephant to read it."))
        if request_id in self._pulls:
            self._pulls.discard(request_id)
            if isinstance(event, ModelsListed):
                self._say(self.tr("The model is here"), self.tr("It was fetched and checked."))
        if request_id in self._copies:
            self._copies.discard(request_id)
            self._say(self.tr("The model is on the shelf"), self.tr("It was copied into the models folder."))

    def _on_failed(self, request_id: int, error: object) -> None:
        self._answers.pop(request_id, None)
        was_fetching, was_copying = request_id in self._pulls, request_id in self._copies
        self._pulls.discard(request_id)
        self._copies.discard(request_id)
        if isinstance(error, Cancelled):
            return
        if was_fetching:
            self._say(self.tr("The model could not be fetched"), self.tr("Open Elephant to see why."))
        elif was_copying:
            self._say(self.tr("The model could not be copied"), self.tr("Open Elephant to see why."))

    def _say(self, title: str, text: str) -> None:
        if self.is_on and not self._is_in_front():
            self.due.emit(title, text)
