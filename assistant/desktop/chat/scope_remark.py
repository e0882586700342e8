"""The line under an answer that says it was made from some of the notes only, and offers to ask all of them where they had nothing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from assistant.desktop.chat.scope_words import asked_line
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.theme import Theme
from assistant.domain.answers import Answer


class ScopeRemark(QWidget):
    """Signals:
    all_notes_asked(): ask the question again, of all notes.
    """

    all_notes_asked = Signal()

    def __init__(self, theme: Theme, answer: Answer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(12))
        row.addWidget(make_label(asked_line(answer.scope), "small", wraps=True), 1)
        if answer.refused:
            button = make_button(self.tr("Ask all notes"), "link", "accent", parent=self)
            button.setStyleSheet("padding: 0")
            button.clicked.connect(self.all_notes_asked)
            row.addWidget(button)
