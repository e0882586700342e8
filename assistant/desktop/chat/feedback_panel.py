"""Why an answer was helpful or not: a few plain reasons and the person's own words, neither of them needed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from assistant.desktop.common.controls import make_button, make_label, set_tone
from assistant.desktop.common.flow_layout import FlowLayout
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import translate
from assistant.domain.answers import FEEDBACK_REASONS

LONGEST_CHARS = 1000


def reason_text(reason: str) -> str:
    return {
        "not-in-notes": translate("FeedbackPanel", "Not in my notes"),
        "wrong-passage": translate("FeedbackPanel", "Wrong passage"),
        "incomplete": translate("FeedbackPanel", "Incomplete"),
        "unclear": translate("FeedbackPanel", "Hard to understand"),
    }.get(reason, reason)


def reasons_line(reasons: Sequence[str], text: str) -> str:
    """What was said of an answer, on one line."""
    return " · ".join([*map(reason_text, reasons), *([" ".join(text.split())] if text.strip() else [])])


class FeedbackPanel(QWidget):
    """Signals:
    said(object, str): reasons and words, at Done or Enter.
    closed(): it is not wanted any more.
    """

    said = Signal(object, str)
    closed = Signal()

    def __init__(
        self, theme: Theme, feedback: int, reasons: Sequence[str], text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._buttons: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(4), 0, 0)
        column.setSpacing(theme.px(8))
        if feedback < 0:
            column.addWidget(make_label(self.tr("What was wrong? You need not say."), "small", wraps=True))
            row = QWidget(self)
            flow = FlowLayout(row, theme.px(6), theme.px(6))
            for reason in FEEDBACK_REASONS:
                flow.addWidget(self._make_reason(reason, is_on=reason in reasons))
            column.addWidget(row)
        else:
            column.addWidget(make_label(self.tr("What helped? You need not say."), "small", wraps=True))
        self.words = QLineEdit(text, self)
        self.words.setMaxLength(LONGEST_CHARS)
        self.words.setPlaceholderText(self.tr("In your own words"))
        self.words.setAccessibleName(self.tr("Why, in your own words"))
        self.words.returnPressed.connect(self._on_done)
        self.done = make_button(self.tr("Done"), parent=self)
        self.done.clicked.connect(self._on_done)
        line = QHBoxLayout()
        line.addWidget(self.words, 1)
        line.addWidget(self.done)
        column.addLayout(line)
        column.addWidget(make_label(self.tr("It stays on this machine, with this answer."), "small", wraps=True))

    def take_focus(self) -> None:
        first = next(iter(self._buttons.values()), self.words)
        first.setFocus()

    def reasons(self) -> tuple[str, ...]:
        return tuple(reason for reason, button in self._buttons.items() if button.isChecked())

    def button(self, reason: str) -> QPushButton:
        return self._buttons[reason]

    def _make_reason(self, reason: str, *, is_on: bool) -> QPushButton:
        button = make_button(reason_text(reason), "chip", "accent" if is_on else "", parent=self)
        button.setCheckable(True)
        button.setChecked(is_on)
        button.toggled.connect(self._on_toggled)
        self._buttons[reason] = button
        return button

    def _on_toggled(self, is_on: bool) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            set_tone(button, "accent" if is_on else "")

    def _on_done(self) -> None:
        self.said.emit(self.reasons(), self.words.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
