"""The lines between the conversation and the input: what is missing, and what sending would do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from assistant.desktop.chat.composer import PADDING
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.theme import Theme


class _Line(QWidget):
    """A sentence and one thing to do about it.

    Signals:
        chosen(): do it.
    """

    chosen = Signal()

    def __init__(self, theme: Theme, words: str, action: str, tone: str, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(PADDING), 0, theme.px(PADDING), theme.px(2))
        row.addWidget(make_label(words, "small", wraps=True), 1)
        button = make_button(action, "link", tone)
        button.clicked.connect(self.chosen)
        row.addWidget(button)


class NoModelLine(_Line):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        words = self.tr("No model writes answers yet. Quotes from your notes and search work.")
        super().__init__(theme, words, self.tr("Choose a model"), "accent", parent)


class EditingLine(_Line):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        words = self.tr("The edited question begins another branch. This one stays, with all that follows.")
        super().__init__(theme, words, self.tr("Do not edit"), "", parent)
        self.hide()
