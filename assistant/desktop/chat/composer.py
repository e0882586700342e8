"""Where questions are written: a field that grows, one button that is Ask or Stop, and a line that says what is happening."""

from __future__ import annotations

import math

from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from assistant.desktop.common.dragged_notes import NOTE_FORMAT, places_of
from assistant.desktop.common.theme import Theme

MOST_LINES = 8
PADDING = 20
EDGE_PX, EDGE_BELOW_PX = 4, 6
"""From the widget's sides and its bottom to the edge of the card it paints."""
LONGEST_QUESTION_CHARS = 20_000


class QuestionEdit(QPlainTextEdit):
    """The field. Enter asks, Shift+Enter makes a new line; Enter that only ends an input method's composition does neither.

    Signals:
        asked(): Enter was pressed on purpose.
        height_wanted(int): pixels for the lines there are.
        focus_changed(): it has the focus now, or no longer.
        places_dropped(list): notes and folders of the library were let go here, to be asked.
    """

    asked = Signal()
    height_wanted = Signal(int)
    focus_changed = Signal()
    places_dropped = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._composing = False
        self._just_committed = False
        self._most_px = 10_000
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.setAccessibleName(self.tr("Your question"))
        self.setAccessibleDescription(self.tr("Enter asks, Shift and Enter begin a new line."))
        self.textChanged.connect(self._tell_height)
        self.dress()

    def dress(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.PlaceholderText, self._theme.color("soft"))
        self.setPalette(palette)
        self.setFont(self._theme.font("reading"))
        self.setStyleSheet(
            f"font-size: {self._theme.font('reading').pixelSize()}px; background: transparent; border: none;"
        )
        self._tell_height()

    @property
    def is_composing(self) -> bool:
        """The keys belong to an input method."""
        return self._composing or self._just_committed

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        if event.commitString():
            # Some input methods send the Enter that chose a word right behind it: that one belongs to them.
            self._just_committed = True
            QTimer.singleShot(0, self._forget_commit)
        super().inputMethodEvent(event)

    def _forget_commit(self) -> None:
        self._just_committed = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        if self._composing or self._just_committed:
            event.accept()
            return
        if event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier):
            self.textCursor().insertText("\n")
            self.ensureCursorVisible()
            return
        self.asked.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Files of other programs are for the window, whose overlay takes them; words are pasted, not dropped."""
        return source.hasFormat(NOTE_FORMAT) or (source.hasText() and not source.hasUrls())

    def insertFromMimeData(self, source: QMimeData) -> None:
        if places := places_of(source):
            self.places_dropped.emit(places)
            return
        text = source.text()
        room = LONGEST_QUESTION_CHARS - self.document().characterCount()
        if room > 0:
            self.textCursor().insertText(text[:room])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_height()

    def _tell_height(self) -> None:
        lines = max(1.0, self.document().size().height())  # of plain text it is counted in lines
        # What the lines really take: those of Chinese text are taller than the interface font says.
        taken = max(self._text_height(), self.fontMetrics().lineSpacing() * lines)
        wanted = math.ceil(taken * min(1.0, MOST_LINES / lines)) + 4
        self.height_wanted.emit(max(math.ceil(taken / lines) + 4, min(wanted, self._most_px)))

    def set_most_height(self, most_px: int) -> None:
        """However much is written; one line is always shown."""
        if most_px != self._most_px:
            self._most_px = most_px
            self._tell_height()

    def _text_height(self) -> float:
        height, block = 0.0, self.document().firstBlock()
        while block.isValid():
            height += self.blockBoundingRect(block).height()
            block = block.next()
        return height


class Composer(QFrame):
    """The card at the bottom of the chat.

    Signals:
        asked(str): a question was sent; the field is empty now.
        stop_asked(): Stop was pressed.
        draft_changed(str): the text in the field.
    """

    asked = Signal(str)
    stop_asked = Signal()
    draft_changed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._busy = False
        self._progress: float | None = None
        self._sweep = 0.0
        self.edit = QuestionEdit(theme, self)
        self.button = QPushButton(self)
        self.button.setProperty("kind", "primary")
        self.button.setAutoDefault(False)
        self._status = QLabel(self)
        self._status.setProperty("role", "small")
        self._status.setTextFormat(Qt.TextFormat.PlainText)
        self._ticker = QTimer(self)
        self._ticker.setInterval(40)
        self._ticker.timeout.connect(self._on_tick)
        self._lay_out()
        self.edit.asked.connect(self._on_asked)
        self.edit.focus_changed.connect(self._refresh)
        self.edit.focus_changed.connect(self.update)
        self.edit.textChanged.connect(self._on_text_changed)
        self.edit.height_wanted.connect(self.edit.setFixedHeight)
        self.button.clicked.connect(self._on_button)
        theme.changed.connect(self._on_theme_changed)
        self.set_placeholder(self.tr("Ask about your notes…"))
        self._refresh()

    # ---- what the pane uses ------------------------------------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        return self._busy

    def draft(self) -> str:
        return self.edit.toPlainText()

    def set_draft(self, text: str) -> None:
        self.edit.setPlainText(text)
        self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)

    def set_placeholder(self, text: str) -> None:
        self.edit.setPlaceholderText(text)

    def set_room(self, height_px: int) -> None:
        """The most it may take of the chat's height. Squeezed by a layout, its lines would run under its button."""
        margins = self._column.contentsMargins()
        rest = margins.top() + margins.bottom() + self._column.spacing() + self.button.sizeHint().height()
        self.edit.set_most_height(height_px - rest)

    def set_busy(self, busy: bool) -> None:
        self._busy = busy
        if not busy:
            self.set_status("", None)
        self._refresh()

    def set_status(self, text: str, progress: float | None = None, *, moving: bool = False) -> None:
        """What is happening; progress within [0, 1], or moving while how far it has come is not known."""
        self._status.setText(text)
        self._progress = progress
        if moving and progress is None and self._theme.motion_ms():
            self._ticker.start()
        else:
            self._ticker.stop()
            self._sweep = 0.0
        self._refresh()
        self.update()

    def status(self) -> str:
        return self._status.text()

    # ---- inside ------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = self._column = QVBoxLayout(self)
        self._space()
        column.addWidget(self.edit)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._status, 1)
        row.addWidget(self.button)
        column.addLayout(row)

    def _space(self) -> None:
        px = self._theme.px
        # As far from the painted edge at the right and below: around the card is room for its shadow.
        self._column.setContentsMargins(px(PADDING), px(16), px(12) + EDGE_PX, px(12) + EDGE_BELOW_PX)
        self._column.setSpacing(px(6))

    def _refresh(self) -> None:
        empty = not self.edit.toPlainText().strip()
        self.button.setText(self.tr("Stop") if self._busy else self.tr("Ask"))
        self.button.setAccessibleName(self.tr("Stop the answer") if self._busy else self.tr("Ask"))
        self.button.setToolTip(self.tr("Stop (Esc)") if self._busy else self.tr("Ask (Enter)"))
        self.button.setEnabled(self._busy or not empty)
        if not self._busy and not self._ticker.isActive() and self._progress is None:
            self._status.setText(
                self.tr("Enter asks · Shift+Enter begins a new line") if self.edit.hasFocus() and not empty else ""
            )

    def _on_text_changed(self) -> None:
        self._refresh()
        self.draft_changed.emit(self.draft())

    def _on_asked(self) -> None:
        text = self.draft().strip()
        if text and not self._busy:
            self.edit.clear()
            self.asked.emit(text)

    def _on_button(self) -> None:
        if self._busy:
            self.stop_asked.emit()
        else:
            self._on_asked()
        self.edit.setFocus()

    def _on_tick(self) -> None:
        self._sweep = (self._sweep + 0.018) % 1.4
        self.update()

    def _on_theme_changed(self) -> None:
        self._space()
        self.edit.dress()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.edit.setFocus()

    def sizeHint(self) -> QSize:
        return QSize(600, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(EDGE_PX + 0.5, 2.5, -EDGE_PX - 0.5, -EDGE_BELOW_PX - 0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        shade = self._theme.color("shadow")
        for step in range(5):
            shade.setAlphaF(0.016 if not self._theme.is_dark else 0.05)
            painter.setBrush(shade)
            painter.drawRoundedRect(box.adjusted(-step * 0.8, step * 0.4, step * 0.8, step + 1.0), 14 + step, 14 + step)
        shape = QPainterPath()
        shape.addRoundedRect(box, 14, 14)
        painter.fillPath(shape, self._theme.color("card"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        has_focus = self.edit.hasFocus()
        painter.setPen(QPen(self._theme.color("accent" if has_focus else "control"), 1.5 if has_focus else 1))
        painter.drawPath(shape)
        self._paint_progress(painter, box, shape)

    def _paint_progress(self, painter: QPainter, box: QRectF, shape: QPainterPath) -> None:
        """A thin line along the upper edge: how far reading has come, or a piece that wanders while nobody can tell."""
        if self._progress is None and not self._ticker.isActive():
            return
        painter.setClipPath(shape)
        left, width = box.left(), box.width() * (self._progress or 0.0)
        if self._progress is None:
            left, width = box.left() + box.width() * (self._sweep - 0.4), box.width() * 0.3
        painter.fillRect(QRectF(left, box.top(), width, 2.0), self._theme.color("accent"))
