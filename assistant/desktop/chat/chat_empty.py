"""What the chat shows before the first question: four questions made from the notes, or where to drop them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from assistant.desktop.chat.quote_card import MarkedText
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import count_notes

WIDTH = 680
QUIET_MS = 700
"""A library that is there sooner is not announced."""


class QuestionButton(QAbstractButton):
    """A suggested question as a quiet row."""

    def __init__(self, theme: Theme, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.question = question
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(question)
        self.setAccessibleDescription(self.tr("Asks this question."))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme_changed)

    def _text(self) -> MarkedText:
        return MarkedText(self.question, (), self._theme.font("interface"), self._theme.px(21), 2)

    def height_for(self, width: int) -> int:
        return round(self._text().lay_out(width - self._theme.px(52))) + self._theme.px(20)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(WIDTH), self._theme.px(41))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._theme.px(41))

    def resizeEvent(self, event: QResizeEvent) -> None:
        # A layout inside layouts passes heights for widths on only roughly: the row takes its own.
        super().resizeEvent(event)
        self.setFixedHeight(self.height_for(event.size().width()))

    def _on_theme_changed(self) -> None:
        self.setFixedHeight(self.height_for(self.width()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lively = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(theme.color("accent" if lively else "line"), 2 if self.hasFocus() else 1))
        painter.setBrush(theme.color("hover" if self.isDown() else "card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        text = self._text()
        height = text.lay_out(self.width() - px(52))
        text.draw(painter, QPointF(px(14), (self.height() - height) / 2), theme)
        painter.setPen(
            QPen(theme.color("accent" if lively else "faint"), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        )
        x, y = self.width() - px(20), self.height() / 2
        painter.drawLine(QPointF(x - px(10), y), QPointF(x, y))
        painter.drawLine(QPointF(x - px(4), y - px(4)), QPointF(x, y))
        painter.drawLine(QPointF(x - px(4), y + px(4)), QPointF(x, y))


class EmptyChat(QWidget):
    """Signals:
    question_chosen(str): one of the suggested questions.
    folder_wanted(): the user wants to add a folder.
    """

    question_chosen = Signal(str)
    folder_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._has_notes = False
        outer = QHBoxLayout(self)
        outer.setContentsMargins(theme.px(20), 0, theme.px(20), 0)
        outer.addStretch(1)
        self._inner = QWidget(self)
        self._inner.setMaximumWidth(theme.px(WIDTH))
        outer.addWidget(self._inner, 100)
        outer.addStretch(1)
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addStretch(2)
        self._title = make_label("", "page-title", wraps=True)
        self._hint = make_label("", "soft", wraps=True)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addSpacing(theme.px(10))
        self._questions = QVBoxLayout()
        self._questions.setSpacing(theme.px(8))
        column.addLayout(self._questions)
        self._folder = make_button(self.tr("Choose a folder…"), "primary")
        self._folder.clicked.connect(self.folder_wanted)
        row = QHBoxLayout()
        row.addWidget(self._folder)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)
        self._folder.hide()  # whether there is one is not known yet
        QTimer.singleShot(QUIET_MS, self, self._say_opening)

    @property
    def buttons(self) -> tuple[QuestionButton, ...]:
        items = (self._questions.itemAt(index) for index in range(self._questions.count()))
        found = (item.widget() for item in items if item is not None)
        return tuple(widget for widget in found if isinstance(widget, QuestionButton))

    def _say_opening(self) -> None:
        if not self._title.text():
            self._hint.setText(self.tr("Opening your library…"))

    def set_library(self, notes: int, *, has_folders: bool) -> None:
        self._folder.setVisible(not has_folders)
        if not has_folders:
            self._title.setText(self.tr("Your notes, answered"))
            self._hint.setText(
                self.tr(
                    "Drop a folder of notes anywhere on this window. Elephant reads it, never changes it, and nothing leaves this machine."
                )
            )
        elif not notes:
            self._title.setText(self.tr("No notes yet"))
            self._hint.setText(
                self.tr(
                    "This folder holds nothing that can be read so far. Markdown, text, PDF, Word and web pages work."
                )
            )
        else:
            self._title.setText(self.tr("Ask about your notes"))
            self._hint.setText(
                self.tr("Every answer shows the words it rests on, from {notes}.").format(notes=count_notes(notes))
            )

    def set_questions(self, questions: Sequence[str]) -> None:
        while (item := self._questions.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for question in questions:
            button = QuestionButton(self._theme, question, self._inner)
            button.clicked.connect(self._on_question)
            self._questions.addWidget(button)

        self._fit_questions()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_questions()

    def _fit_questions(self) -> None:
        """As many as there is room for: in a low window, or with large text, a row must not lie on another."""
        width = min(self.width() - 2 * self._theme.px(20), self._theme.px(WIDTH))
        space = self._theme.px(8)
        texts = sum(label.heightForWidth(width) + space for label in (self._title, self._hint))
        room = self.height() - texts - self._theme.px(10) - space
        for button in self.buttons:
            room -= button.height_for(width) + space
            button.setVisible(room >= 0)

    def _on_question(self) -> None:
        sender = self.sender()
        if isinstance(sender, QuestionButton):
            self.question_chosen.emit(sender.question)
