"""What to ask next, as quiet chips under the last answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.theme import Theme


class FollowUpChip(QPushButton):
    """A question; one that is wider than the column is cut with an ellipsis and told whole in its tooltip."""

    def __init__(self, theme: Theme, question: str, parent: QWidget) -> None:
        super().__init__(parent)
        made = make_button("", "chip")
        self.setProperty("kind", made.property("kind"))
        made.deleteLater()
        self._theme = theme
        self.question = question
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(question)
        self.setAccessibleDescription(self.tr("Asks this question."))
        self.setToolTip(plain_tip(question))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._shorten(100_000)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(80), super().minimumSizeHint().height())

    def fit(self, width: int) -> None:
        self._shorten(width - self._theme.px(28))

    def _shorten(self, room: int) -> None:
        shown = self.fontMetrics().elidedText(self.question, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))


class FollowUps(QWidget):
    """Signals:
    question_chosen(str): one of them is to be asked.
    """

    question_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._width = 600
        self.setAccessibleName(self.tr("Questions to ask next"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(6))
        self._column.addWidget(make_label(self.tr("Ask next"), "section", parent=self))
        self._chips: list[FollowUpChip] = []
        self.hide()

    @property
    def chips(self) -> tuple[FollowUpChip, ...]:
        return tuple(self._chips)

    def set_questions(self, questions: Sequence[str]) -> None:
        """Without any nothing is shown."""
        for chip in self._chips:
            self._column.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [FollowUpChip(self._theme, question, self) for question in questions]
        for chip in self._chips:
            chip.clicked.connect(self._on_chip)
            self._column.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
            chip.show()
        self.fit(self._width)
        self.setVisible(bool(questions))

    def fit(self, width: int) -> None:
        """The column is this wide now."""
        self._width = width
        for chip in self._chips:
            chip.fit(width)

    def _on_chip(self) -> None:
        chip = self.sender()
        if isinstance(chip, FollowUpChip):
            self.question_chosen.emit(chip.question)
