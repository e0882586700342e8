"""What is said below the written answer: what the notes do not support, its sources, its scope, and how it ended."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from assistant.desktop.chat.chat_words import citation_lines, unsupported_line
from assistant.desktop.chat.error_card import ErrorCard
from assistant.desktop.chat.quote_card import SourceButton
from assistant.desktop.chat.scope_remark import ScopeRemark
from assistant.desktop.chat.turn_slot import TurnSlot
from assistant.desktop.common.controls import make_label
from assistant.desktop.common.flow_layout import FlowLayout
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.words import error_words
from assistant.domain.answers import Answer, Turn, TurnState
from assistant.domain.errors import AssistantError, ProcessDiedError, error_class


class TurnRemarks(TurnSlot):
    """Signals:
    source_chosen(object): a Citation whose note is to be opened.
    all_notes_asked(), again_asked(), model_asked(): ask again of all notes, ask again, choose another model.
    """

    source_chosen = Signal(object)
    all_notes_asked = Signal()
    again_asked = Signal()
    model_asked = Signal()

    @property
    def has_error_card(self) -> bool:
        """Whether the answer can be asked for again from here."""
        return bool(self.findChildren(ErrorCard))

    def show_turn(self, turn: Turn, error: AssistantError | None, *, is_capped: bool) -> None:
        self.clear()
        doubts = unsupported_line(turn.answer)
        if doubts:
            self.add(make_label(doubts, "small", wraps=True))
        self._add_sources(turn.answer)
        if turn.answer.scope:
            remark = ScopeRemark(self._theme, turn.answer, self)
            remark.all_notes_asked.connect(self.all_notes_asked)
            self.add(remark)
        self._add_state(turn, error)
        if is_capped:
            self.add(make_label(self.tr("The answer is very long. Copy takes all of it."), "small", wraps=True))
        self.setVisible(not self.is_empty)

    def _add_sources(self, answer: Answer) -> None:
        """The chips once more in words: what they mean can be read without opening anything, and reached by key."""
        citations = answer.citations
        if not citations:
            return
        row = QWidget(self)
        flow = FlowLayout(row, self._theme.px(14), self._theme.px(4))
        for citation, place in zip(citations, citation_lines(citations), strict=True):
            button = SourceButton(self._theme, citation.number, place)
            button.setProperty("source", citation)
            button.setToolTip(plain_tip(citation.quote))
            button.setAccessibleName(
                self.tr("Source {n}: {place}. {quote}").format(n=citation.number, place=place, quote=citation.quote)
            )
            button.clicked.connect(self._on_source)
            flow.addWidget(button)
        self.add(row)

    def _on_source(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.source_chosen.emit(sender.property("source"))

    def _add_state(self, turn: Turn, error: AssistantError | None) -> None:
        if turn.state is TurnState.STOPPED:
            self.add(make_label(self.tr("Stopped."), "small"))
        elif turn.state is TurnState.CUT:
            words = self.tr("The answer was cut off when Elephant stopped. What was written is kept.")
            self.add(make_label(words, "small", wraps=True))
        elif turn.state is TurnState.FAILED:
            self._add_failure(turn, error or error_class(turn.error)())
        elif turn.state is TurnState.RUNNING:
            self.add(make_label(self.tr("This answer is still being written."), "small"))

    def _add_failure(self, turn: Turn, error: AssistantError) -> None:
        if isinstance(error, ProcessDiedError) and (turn.answer.text or turn.answer.quote):
            self.add(make_label(error_words(error).as_text(), "warn", wraps=True))
            return
        card = ErrorCard(self._theme, error)
        card.again_asked.connect(self.again_asked)
        card.model_asked.connect(self.model_asked)
        self.add(card)
