"""The card in place of an answer that could not be made."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, join
from assistant.domain.errors import AssistantError, ModelUnavailableError, PromptTooLongError

_CURED_BY_A_MODEL = frozenset((ModelUnavailableError.kind, PromptTooLongError.kind))


class ErrorCard(QFrame):
    """What happened, what still works, what to do.

    Signals:
        again_asked(): ask the question again.
        model_asked(): choose another model.
    """

    again_asked = Signal()
    model_asked = Signal()

    def __init__(self, theme: Theme, error: AssistantError, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        said = error_words(error)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(16), theme.px(12), theme.px(14), theme.px(12))
        layout.setSpacing(theme.px(4))
        layout.addWidget(make_label(said.happened, "title", wraps=True))
        rest = join(said.still, said.todo)
        if rest:
            layout.addWidget(make_label(rest, "soft", wraps=True))
        again = make_button(self.tr("Ask again"), "link", "accent")
        again.setStyleSheet("padding: 0")
        again.clicked.connect(self.again_asked)
        row = QHBoxLayout()
        row.setContentsMargins(0, theme.px(4), 0, 0)
        if error.kind in _CURED_BY_A_MODEL:
            choose = make_button(self.tr("Choose a model"), "link", "accent")
            choose.setStyleSheet("padding: 0")
            choose.clicked.connect(self.model_asked)
            row.addWidget(choose)
            row.addSpacing(theme.px(12))
        row.addWidget(again)
        row.addStretch(1)
        layout.addLayout(row)
        self.setAccessibleName(said.as_text())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.fillPath(shape, self._theme.color("warn_ground"))
        painter.setClipPath(shape)
        painter.fillRect(QRectF(0, 0, self._theme.px(3), self.height()), self._theme.color("warn"))
