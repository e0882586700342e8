"""A small window for one question, above all others: what the notes say, a short answer, and the way into Elephant."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from assistant.desktop.chat.chat_turn import TurnView
from assistant.desktop.chat.chat_words import phase_text
from assistant.desktop.chat.saving import SavingAnswer
from assistant.desktop.client.engine_client import ENGINE_PART, EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.links import LinkQuestion
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words
from assistant.domain.errors import AssistantError, ProcessBrokenError
from assistant.ipc.engine_messages import (
    Answered,
    Ask,
    EvidenceFound,
    Failed,
    PartHealth,
    PhaseChanged,
    SentencesChecked,
    SetFeedback,
    TextAdded,
    TurnStarted,
)

WIDTH_PX, ANSWER_HEIGHT_PX = 560, 380
LONGEST_QUESTION_CHARS = 2_000


class QuickAsk(QWidget):
    """Asks in a conversation of its own, which is kept like any other.

    Signals:
        chat_asked(int): show this conversation in the large window; 0 for an empty one.
        source_asked(object): show the note of a Citation, InstantQuote or Passage there.
        put_away(): it is no longer on screen.
    """

    chat_asked = Signal(int)
    source_asked = Signal(object)
    put_away = Signal()

    def __init__(self, client: EngineClient, theme: Theme) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self._client = client
        self._theme = theme
        self._request = 0
        self._waiting: Ask | None = None
        self._conversation_id = 0
        self.view: TurnView | None = None
        self.setWindowTitle(self.tr("Quick question"))
        self.setProperty("ground", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.field = QLineEdit(self)
        self.field.setMaxLength(LONGEST_QUESTION_CHARS)
        self.field.setPlaceholderText(self.tr("Ask about your notes…"))
        self.field.setAccessibleName(self.tr("Your question"))
        self.ask_button = make_button(self.tr("Ask"), "primary")
        self.status = make_label(self.tr("Enter asks · Esc closes"), "small", wraps=True)
        self.open_button = make_button(self.tr("Open in Elephant"), "link", "accent")
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(self.tr("Answer"))
        self.area.hide()
        self._lay_out()
        self.field.returnPressed.connect(self._on_asked)
        self.field.textChanged.connect(self._refresh)
        self.ask_button.clicked.connect(self._on_button)
        self.open_button.clicked.connect(self._on_open)
        self._saving = SavingAnswer(client, self)
        self._saving.said.connect(self._say)
        client.welcomed.connect(self._on_welcomed)
        client.health_changed.connect(self._on_health)
        self._refresh()

    @property
    def is_answering(self) -> bool:
        return bool(self._request or self._waiting)

    def bring_up(self) -> None:
        """In front of everything, with the field ready; an answer that is shown stays until the next question."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self.field.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        self.field.selectAll()

    def close_down(self) -> None:
        """Another window takes its place: nothing is shown or asked from here any more."""
        if self._request:
            self._client.cancel(self._request)
        self.blockSignals(True)
        self.hide()
        self.deleteLater()

    # ---- building --------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.field, 1)
        first.addWidget(self.ask_button)
        last = QHBoxLayout()
        last.addWidget(self.status, 1)
        last.addWidget(self.open_button)
        self._answer = QWidget(self)
        answer = QVBoxLayout(self._answer)
        answer.setContentsMargins(4, 8, 12, 8)
        answer.addStretch(1)
        self.area.setWidget(self._answer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(first)
        layout.addWidget(self.area, 1)
        layout.addLayout(last)
        self.resize(self._theme.px(WIDTH_PX), self.sizeHint().height())

    def _show_view(self, question: str) -> TurnView:
        layout = self._answer.layout()
        assert isinstance(layout, QVBoxLayout)
        if self.view is not None:
            self.view.hide()
            self.view.deleteLater()
        self.view = TurnView(self._theme, question, self._answer)
        self.view.source_chosen.connect(self.source_asked)
        self.view.link_chosen.connect(self._on_link)
        self.view.regenerate_asked.connect(self._on_again)
        self.view.edit_asked.connect(self._on_edit)
        self.view.feedback_given.connect(self._on_feedback)
        self.view.save_asked.connect(self._on_save)
        self.view.branch_asked.connect(self._on_open)
        self.view.model_asked.connect(self._on_open)
        layout.insertWidget(0, self.view)
        if self.area.isHidden():
            self.area.show()
            self.resize(self.width(), self.height() + self._theme.px(ANSWER_HEIGHT_PX))
        self._fit()
        return self.view

    def _fit(self) -> None:
        if self.view is not None:
            self.view.fit(self.area.viewport().width() - 16)

    def _refresh(self) -> None:
        busy = self.is_answering
        self.ask_button.setText(self.tr("Stop") if busy else self.tr("Ask"))
        self.ask_button.setEnabled(busy or bool(self.field.text().strip()))
        # Until the engine has said which chat it is, there is nothing to open but an empty one.
        self.open_button.setEnabled(bool(self._conversation_id) or not busy)

    # ---- asking ----------------------------------------------------------------------------------------------------------

    def _on_button(self) -> None:
        if self._request:
            self._client.cancel(self._request)
        elif self._waiting:
            self._waiting = None
            self._say(self.tr("Stopped."))
        else:
            self._on_asked()
        self._refresh()

    def _on_asked(self) -> None:
        question = self.field.text().strip()
        if question and not self.is_answering:
            self._conversation_id = 0
            self._begin(Ask(question))

    def _begin(self, body: Ask) -> None:
        self._show_view(body.question).start()
        self._waiting = body
        self.field.selectAll()
        if self._client.is_ready:
            self._send()
        elif self._client.is_given_up:
            self._on_failed(ProcessBrokenError(process=ENGINE_PART))
        else:
            self._say(self.tr("Waiting for the engine to start"))
        self._refresh()

    def _on_welcomed(self, _welcome: object) -> None:
        self._send()

    def _on_health(self, health: PartHealth) -> None:
        if health.part == ENGINE_PART and self._waiting and self._client.is_given_up:
            self._on_failed(ProcessBrokenError(process=ENGINE_PART, crashes=health.crashes))

    def _send(self) -> None:
        if self._waiting is not None:
            self._request = self._client.request(self._waiting, self._on_answered, self._on_failed, self._on_event)
            self._waiting = None
            self._refresh()

    def _on_event(self, event: object) -> None:
        view = self.view
        if view is None:
            return
        if isinstance(event, TurnStarted):
            self._conversation_id = event.conversation.id
            self._refresh()
        elif isinstance(event, EvidenceFound):
            view.set_evidence(event)
        elif isinstance(event, TextAdded):
            view.add_text(event.text)
        elif isinstance(event, SentencesChecked):
            view.set_checks(event.sentences)
        elif isinstance(event, PhaseChanged):
            self._say(phase_text(event))
        elif isinstance(event, Failed) and event.turn is not None:
            self._conversation_id = event.turn.conversation_id

    def _on_answered(self, event: Answered) -> None:
        self._request = 0
        self._conversation_id = event.turn.conversation_id
        if self.view is not None:
            self.view.end(event.turn)
        self._say(self.tr("The answer is kept among your chats."))
        announce(self, event.turn.answer.text)
        self._refresh()

    def _on_failed(self, error: AssistantError) -> None:
        self._request = 0
        self._waiting = None
        words = error_words(error).as_text()
        if self.view is not None:
            self.view.answer.finish()
        self._say(words)
        announce(self, words)
        self._refresh()

    # ---- what the answer asks for ------------------------------------------------------------------------------------------

    def _on_again(self) -> None:
        """Another answer in the place of this one, which stays as a branch of the chat."""
        view = self.view
        if view is not None and not self.is_answering:
            self._begin(Ask(view.question, self._conversation_id, view.turn_id))

    def _on_edit(self, question: str) -> None:
        self.field.setText(question)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_feedback(self, feedback: int, reasons: tuple[str, ...], words: str) -> None:
        if self.view is not None:
            body = SetFeedback(self.view.turn_id, feedback, tuple(reasons), words)
            self._client.request(body, None, self._on_refused)

    def _on_refused(self, error: AssistantError) -> None:
        self._say(error_words(error).as_text())

    def _on_save(self) -> None:
        if self.view is not None and self.view.turn is not None:
            self._saving.save(self.view.question, self.view.turn.answer)

    def _on_link(self, target: str) -> None:
        LinkQuestion(self, target).open()

    def _on_open(self) -> None:
        self.chat_asked.emit(self._conversation_id)
        self.hide()

    def _say(self, text: str) -> None:
        self.status.setText(text)

    # ---- Qt's side -------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape stops an answer, then puts the window away."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.is_answering:
            self._on_button()
        else:
            self.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.put_away.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
