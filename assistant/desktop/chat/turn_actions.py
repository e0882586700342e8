"""What can be done with an answer, as a row of quiet words below it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from assistant.desktop.chat.answer_menu import AnswerMenu
from assistant.desktop.chat.chat_words import summary_line
from assistant.desktop.chat.feedback_panel import reasons_line
from assistant.desktop.common.controls import make_button
from assistant.desktop.common.flow_layout import FlowLayout
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.theme import Theme
from assistant.domain.answers import Answer


class TurnActions(QWidget):
    """Takes its room also while it is hidden, so that nothing moves when the pointer comes.

    Signals: what was asked for; `rated` tells which thumb, `reason_asked` that the reason is to be seen.
    """

    copy_asked = Signal()
    plain_copy_asked = Signal()
    save_asked = Signal()
    again_asked = Signal()
    edit_asked = Signal()
    rated = Signal(int)
    reason_asked = Signal()
    details_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.buttons: dict[str, QPushButton] = {}
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def build(self) -> None:
        """Make the buttons, once there is an answer."""
        if self.buttons:
            return
        flow = FlowLayout(self, self._theme.px(14), self._theme.px(2))
        for name, text, slot in (
            ("copy", self.tr("Copy"), self.copy_asked),
            ("again", self.tr("Regenerate"), self.again_asked),
            ("edit", self.tr("Edit question"), self.edit_asked),
            ("good", self.tr("Helpful"), self._on_good),
            ("bad", self.tr("Not helpful"), self._on_bad),
            ("why", "", self.reason_asked),
            ("summary", "", self.details_asked),
        ):
            button = make_button(text, "link", parent=self)
            button.setStyleSheet("padding: 0")
            button.clicked.connect(slot)
            self.buttons[name] = button
            flow.addWidget(button)
            if name == "copy":
                flow.addWidget(self._make_menu())
        self.buttons["copy"].setToolTip(self.tr("Copy the answer with its sources"))
        self.buttons["summary"].setToolTip(self.tr("The passages used and how long each step took"))

    def _make_menu(self) -> AnswerMenu:
        menu = self.buttons["more"] = AnswerMenu(self)
        menu.markdown_asked.connect(self.copy_asked)
        menu.plain_asked.connect(self.plain_copy_asked)
        menu.save_asked.connect(self.save_asked)
        return menu

    def show_answer(self, answer: Answer, *, can_rate: bool, can_ask_again: bool) -> None:
        summary = summary_line(answer)
        self.buttons["summary"].setText(summary)
        self.buttons["summary"].setAccessibleName(self.tr("Details: {summary}").format(summary=summary))
        self.buttons["summary"].setVisible(bool(summary))
        has_answer = bool(answer.text or answer.quote) and not answer.refused
        self.buttons["again"].setVisible(can_ask_again)
        for name in ("copy", "more"):
            self.buttons[name].setVisible(has_answer)
        for name in ("good", "bad"):
            self.buttons[name].setVisible(can_rate)

    def set_locked(self, is_locked: bool) -> None:
        """No other answer can be made now."""
        if self.buttons:
            self.buttons["again"].setEnabled(not is_locked)

    def show_feedback(self, value: int, reasons: tuple[str, ...], words: str) -> None:
        for name, thumb, text, chosen in (
            ("good", 1, self.tr("Helpful"), self.tr("Helpful ✓")),
            ("bad", -1, self.tr("Not helpful"), self.tr("Not helpful ✓")),
        ):
            self.buttons[name].setText(chosen if value == thumb else text)
            self.buttons[name].setAccessibleName(chosen if value == thumb else text)
        said = reasons_line(reasons, words)
        why = self.buttons["why"]
        shown = why.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, self._theme.px(320))
        why.setText(shown.replace("&", "&&"))
        why.setAccessibleName(self.tr("Your reason: {reason}").format(reason=said))
        why.setToolTip(plain_tip(said))
        why.setVisible(bool(said))

    def say_copied(self) -> None:
        self.buttons["copy"].setText(self.tr("Copied"))

    def _on_good(self) -> None:
        self.rated.emit(1)

    def _on_bad(self) -> None:
        self.rated.emit(-1)
