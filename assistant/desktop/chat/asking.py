"""A question on its way to its answer: handed to the engine, shown as it is written, stopped, failed or done."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from assistant.desktop.chat.chat_column import ChatColumn
from assistant.desktop.chat.chat_turn import TurnView
from assistant.desktop.chat.chat_words import phase_text, refusal_line
from assistant.desktop.chat.composer import Composer
from assistant.desktop.chat.live_answer import LiveAnswer
from assistant.desktop.client.engine_client import ENGINE_PART, EngineClient
from assistant.desktop.common.words import error_words
from assistant.domain.answers import Answer, Turn, TurnState
from assistant.domain.errors import AssistantError, ProcessBrokenError, ProcessDiedError
from assistant.ipc.engine_messages import (
    Answered,
    Ask,
    EvidenceFound,
    Failed,
    PartHealth,
    PhaseChanged,
    SentencesChecked,
    TextAdded,
    TurnStarted,
)


class Asking(QObject):
    """One answer is made at a time; it goes on while another conversation is shown. Lives on the UI thread.

    Signals:
        begun(Conversation): the question that is shown has been stored in it.
        answered(Turn): the answer that is shown is complete, or stopped.
        ending(), ended(): before and after an answer that was being made ends, however it ends.
        handed_back(str, str): a question that was not asked, and why.
        said(str): for a screen reader.
    """

    begun = Signal(object)
    answered = Signal(object)
    ending = Signal()
    ended = Signal()
    handed_back = Signal(str, str)
    said = Signal(str)

    def __init__(self, client: EngineClient, column: ChatColumn, composer: Composer, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._column = column
        self._composer = composer
        self._unsent: TurnView | None = None
        self.live: LiveAnswer | None = None
        client.health_changed.connect(self._on_health)

    def start(self, view: TurnView, body: Ask) -> None:
        """view: it stands in the column already."""
        view.turn_id = body.replace_turn  # until it has a place of its own: asked again, it replaces the same turn
        self._unsent = None
        self.live = LiveAnswer(view, body.conversation_id, body)
        self._lock_turns()
        self._composer.set_busy(True)
        self.send()

    def stop(self) -> None:
        """What is written stays."""
        if self.live is None:
            return
        if self.live.request_id:
            self._composer.set_status(self.tr("Stopping"), None, moving=True)
            self._client.cancel(self.live.request_id)
        else:
            view = self.live.view
            unsent = Turn(view.turn_id, self.live.conversation_id, view.question, Answer(), TurnState.STOPPED, 0.0)
            self._on_answered(Answered(unsent))

    def send(self) -> None:
        """Hand the question to the engine; one that is just starting gets it as soon as it is there."""
        live = self.live
        if live is None or live.request_id:
            return
        if not self._client.is_ready and not self._client.is_given_up:
            self._wait_for_engine()
            return
        self._composer.set_status(phase_text(PhaseChanged("searching")), None, moving=True)
        live.request_id = self._client.request(live.body, self._on_answered, self._on_failed, self._on_event)

    def _wait_for_engine(self) -> None:
        self._composer.set_status(self.tr("Waiting for the engine to start"), None, moving=True)

    def _on_health(self, health: PartHealth) -> None:
        live = self.live
        if health.part == ENGINE_PART and live is not None and not live.request_id and self._client.is_given_up:
            self._on_failed(ProcessBrokenError(process=ENGINE_PART, crashes=health.crashes))

    def _on_event(self, event: object) -> None:
        live = self.live
        if live is None:
            return
        if isinstance(event, TextAdded):
            live.view.add_text(event.text)
        elif isinstance(event, PhaseChanged):
            self._show_phase(event)
        elif isinstance(event, EvidenceFound):
            live.view.set_evidence(event)
        elif isinstance(event, SentencesChecked):
            live.view.set_checks(event.sentences)
        elif isinstance(event, TurnStarted):
            self._on_turn_started(event, live)
        elif isinstance(event, Failed):
            live.partial = event.turn

    def _on_turn_started(self, event: TurnStarted, live: LiveAnswer) -> None:
        shown = live.view in self._column.views  # of two chats that are not stored yet both have the id 0
        live.turn_id = live.view.turn_id = event.turn_id
        live.conversation_id = event.conversation.id
        if shown:
            self.begun.emit(event.conversation)

    def _show_phase(self, phase: PhaseChanged) -> None:
        known = phase.total > 0 and phase.phase in ("loading", "reading")
        progress = min(1.0, phase.done / phase.total) if known else None
        self._composer.set_status(phase_text(phase), progress, moving=progress is None)

    def _on_answered(self, event: object) -> None:
        if self.live is not None and self.live.request_id and isinstance(event, Answered):
            self.live.turn_id = event.turn.id
        live = self._end_live()
        if live is not None and isinstance(event, Answered):
            live.view.end(event.turn)
            self.answered.emit(event.turn)
            self.said.emit(event.turn.answer.text or refusal_line(bool(event.turn.answer.passages)))
        self.ended.emit()

    def _on_failed(self, error: AssistantError) -> None:
        live = self.live
        if live is not None and not live.is_begun and _is_lost_engine(error) and not self._client.is_given_up:
            live.request_id = 0  # nobody has begun with it: the engine that is being started will
            self._wait_for_engine()
            return
        live = self._end_live()
        if live is not None:
            live.view.fail(error, live.partial)
            self.said.emit(error_words(error).as_text())
        self.ended.emit()

    def _end_live(self) -> LiveAnswer | None:
        """The answer that was being made, if it is one that is shown."""
        live, self.live = self.live, None
        self._lock_turns()
        self._composer.set_busy(False)
        self.ending.emit()
        if live is not None and not live.is_begun:
            self._unsent = live.view
        if live is not None and live.view not in self._column.views:
            # Nobody looks at it: it is stored, and built again when its conversation is opened.
            self.keep_unsent()
            live.view.deleteLater()
            return None
        return live

    def keep_unsent(self) -> None:
        """A question that no engine has begun with is stored nowhere: its words are kept when its view goes."""
        view, self._unsent = self._unsent, None
        if view is not None:
            self.handed_back.emit(view.question, self.tr("Your question was not sent. Here it is again."))

    def _lock_turns(self) -> None:
        for view in self._column.views:
            view.set_locked(self.live is not None)


def _is_lost_engine(error: AssistantError) -> bool:
    return isinstance(error, ProcessDiedError) and error.fields.get("process") == ENGINE_PART
