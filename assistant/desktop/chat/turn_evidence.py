"""What the notes say, above the written answer: the quote, or the passages that come nearest."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from assistant.desktop.chat.chat_words import page_word, refusal_line, step_lines
from assistant.desktop.chat.quote_card import QuoteCard, instant_quote_card, passage_card
from assistant.desktop.chat.turn_slot import TurnSlot
from assistant.desktop.common.controls import make_label
from assistant.desktop.common.theme import Theme
from assistant.domain.answers import Answer, InstantQuote, Passage

NEAREST_SHOWN = 3


class TurnEvidence(TurnSlot):
    """Signals:
    source_chosen(object): an InstantQuote or Passage whose note is to be opened.
    """

    source_chosen = Signal(object)

    def show_answer(self, answer: Answer, before: QWidget) -> None:
        """before: what the cards come before by Tab, though they are made later."""
        self.clear()
        if answer.refused:
            self.add(make_label(refusal_line(bool(answer.passages)), "reading", wraps=True))
            for passage in answer.passages[:NEAREST_SHOWN]:
                self.add(self._linked(passage_card(self._theme, passage, page_word()), passage))
        elif answer.quote is not None:
            for number, quote in enumerate(answer.quote.parts):
                head = "" if number else self.tr("In your notes")
                card = self._linked(instant_quote_card(self._theme, quote, head, page_word(), self), quote)
                self.add(card)
                self.setTabOrder(card, before)
        self.setVisible(answer.refused or answer.quote is not None)

    def _linked(self, card: QuoteCard, source: InstantQuote | Passage) -> QuoteCard:
        card.setProperty("source", source)
        card.clicked.connect(self._on_card)
        return card

    def _on_card(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.source_chosen.emit(sender.property("source"))


class TurnDetails(QWidget):
    """How long each step took, and the passages used.

    Signals:
        source_chosen(object): a Passage whose note is to be opened.
    """

    source_chosen = Signal(object)

    def __init__(self, theme: Theme, answer: Answer, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(2))
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(step_lines(answer)):
            grid.addWidget(make_label(name, "small"), row, 0)
            grid.addWidget(make_label(value, "small"), row, 1)
        column.addLayout(grid)
        if answer.passages:
            column.addWidget(make_label(self.tr("Passages used"), "small"))
        for passage in answer.passages:
            card = passage_card(theme, passage, page_word())
            card.setProperty("source", passage)
            card.clicked.connect(self._on_card)
            column.addWidget(card)

    def _on_card(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.source_chosen.emit(sender.property("source"))
