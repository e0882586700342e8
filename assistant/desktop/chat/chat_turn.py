"""One question and its answer in the column: bubble, quote card, written answer, what to say about it, what to do with it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from assistant.desktop.chat.answer_copies import markdown_copy, plain_copy
from assistant.desktop.chat.answer_menu import AnswerMenu
from assistant.desktop.chat.answer_view import AnswerView
from assistant.desktop.chat.branch_switcher import BranchSwitcher
from assistant.desktop.chat.chat_words import (
    citation_lines,
    page_word,
    refusal_line,
    step_lines,
    summary_line,
    unsupported_line,
)
from assistant.desktop.chat.feedback_panel import FeedbackPanel, reasons_line
from assistant.desktop.chat.quote_card import QuoteCard, SourceButton, instant_quote_card, passage_card
from assistant.desktop.chat.scope_remark import ScopeRemark
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.flow_layout import FlowLayout
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, join
from assistant.domain.answers import Answer, Passage, SentenceCheck, Turn, TurnState
from assistant.domain.errors import (
    AssistantError,
    ModelUnavailableError,
    ProcessDiedError,
    PromptTooLongError,
    error_class,
)
from assistant.ipc.engine_messages import EvidenceFound

NEAREST_SHOWN = 3
LONGEST_BALANCED_CHARS = 300
_CURED_BY_A_MODEL = frozenset((ModelUnavailableError.kind, PromptTooLongError.kind))


class QuestionBubble(QLabel):
    """The question, at the right, as wide as it needs up to four fifths of the column."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setProperty("role", "reading")
        self._room = 400
        self.dress()
        self.setAccessibleName(self.tr("Your question: {text}").format(text=text))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)

    def dress(self) -> None:
        px = self._theme.px
        self.setContentsMargins(px(14), px(9), px(14), px(10))
        self.fit(self._room)

    def fit(self, room: int) -> None:
        """Take the width that the text needs, up to the room there is."""
        self._room = room
        most = max(120, room)
        self.ensurePolished()
        margins = self.contentsMargins()
        inner = most - margins.left() - margins.right()
        flags = int(Qt.TextFlag.TextWordWrap)
        box = self._box(inner, flags)
        if len(self.text()) <= LONGEST_BALANCED_CHARS and box.height() > self.fontMetrics().lineSpacing() * 1.5:
            box = self._balanced(box, flags)
        width = min(most, box.width() + margins.left() + margins.right() + 3)
        self.setFixedSize(width, box.height() + margins.top() + margins.bottom())

    def _box(self, width: int, flags: int) -> QRect:
        return self.fontMetrics().boundingRect(0, 0, width, 100_000, flags, self.text())

    def _balanced(self, box: QRect, flags: int) -> QRect:
        """The narrowest box with as many lines: no last line with one lone word, or one lone character in Chinese."""
        low, high = box.width() // 2, box.width()
        while high - low > 4:
            middle = (low + high) // 2
            narrower = self._box(middle, flags)
            if narrower.height() > box.height() or narrower.width() > middle:
                low = middle
            else:
                high, box = middle, narrower
        return box

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(box, 12, 12)
        corner = QPainterPath()
        corner.addRoundedRect(QRectF(box.right() - 24, box.bottom() - 24, 24, 24), 3, 3)
        painter.fillPath(shape.united(corner), self._theme.color("bubble"))
        painter.end()
        super().paintEvent(event)


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


class TurnView(QWidget):
    """Builds itself from a Turn, or live from the events of an Ask. Lives on the UI thread.

    Signals:
        source_chosen(object): a Citation, InstantQuote or Passage whose note is to be opened.
        link_chosen(str): a link's target, not opened.
        regenerate_asked(), edit_asked(str), model_asked(): from the actions.
        feedback_given(int, object, str): thumb, reasons and words.
        branch_asked(int): show the branch that goes through this turn.
        all_notes_asked(): ask the question again, of all notes.
        save_asked(): save the answer as a note.
        grown(): the height changed.
    """

    source_chosen = Signal(object)
    link_chosen = Signal(str)
    regenerate_asked = Signal()
    edit_asked = Signal(str)
    feedback_given = Signal(int, object, str)
    branch_asked = Signal(int)
    model_asked = Signal()
    all_notes_asked = Signal()
    save_asked = Signal()
    grown = Signal()

    def __init__(self, theme: Theme, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.question = question
        self.turn: Turn | None = None
        self.turn_id = 0
        self._answer = Answer()
        self._feedback = 0
        self._reasons: tuple[str, ...] = ()
        self._why = ""
        self._panel: FeedbackPanel | None = None
        self._is_locked = False
        self._is_last = False
        self._is_lively = False
        self._details: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(14))
        self._bubble = QuestionBubble(theme, question, self)
        self._column.addWidget(self._bubble, 0, Qt.AlignmentFlag.AlignRight)
        self.branches = BranchSwitcher(theme, self)
        self.branches.branch_chosen.connect(self.branch_asked)
        self._column.addWidget(self.branches, 0, Qt.AlignmentFlag.AlignRight)
        self._evidence = self._slot()
        self.answer = AnswerView(theme, self)
        self.answer.grown.connect(self.grown)
        self.answer.link_chosen.connect(self.link_chosen)
        self.answer.citation_chosen.connect(self._on_citation)
        self._column.addWidget(self.answer)
        self._remarks = self._slot()
        self._actions = QWidget(self)
        policy = self._actions.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        policy.setHeightForWidth(True)
        self._actions.setSizePolicy(policy)
        self._actions.hide()
        self._column.addWidget(self._actions)
        self._buttons: dict[str, QPushButton] = {}
        theme.changed.connect(self._on_theme_changed)

    # ---- live --------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self.answer.start()

    def set_evidence(self, evidence: EvidenceFound) -> None:
        """What the notes say, before the first word is written."""
        self._answer = replace(self._answer, passages=evidence.passages, quote=evidence.quote, refused=evidence.weak)
        self._show_evidence()

    def add_text(self, text: str) -> None:
        self.answer.append(text)

    def set_checks(self, checks: tuple[SentenceCheck, ...]) -> None:
        self.answer.flush()
        self.answer.set_checks(checks)

    def end(self, turn: Turn) -> None:
        """The answer is complete, or stopped: show it as it is stored."""
        if turn.answer.text and turn.answer.text == self.answer.markdown:
            self.answer.finish()
            self._adopt(turn)
            self.answer.set_checks(turn.answer.sentences, turn.answer.citations)
            self._show_remarks()
        else:
            self.set_turn(turn)

    def fail(self, error: AssistantError, turn: Turn | None) -> None:
        """Keep what was written and say what happened."""
        self.answer.finish()
        if turn is not None and len(turn.answer.text) >= len(self.answer.markdown):
            self.set_turn(turn, error)
            return
        self._adopt(
            Turn(
                self.turn_id,
                0,
                self.question,
                replace(self._answer, text=self.answer.markdown),
                TurnState.FAILED,
                0.0,
                error=error.kind,
            )
        )
        self._show_remarks(error)

    # ---- stored ------------------------------------------------------------------------------------------------------------

    def set_turn(self, turn: Turn, error: AssistantError | None = None) -> None:
        self._adopt(turn)
        self._show_evidence()
        text = "" if turn.answer.refused and turn.answer.passages else turn.answer.text
        self.answer.set_answer(text, turn.answer.sentences, turn.answer.citations)
        self._show_remarks(error)

    def _adopt(self, turn: Turn) -> None:
        self.turn, self.turn_id = turn, turn.id
        self._answer, self._feedback = turn.answer, turn.feedback
        self._reasons, self._why = turn.feedback_reasons, turn.feedback_text
        self.branches.show_turns(turn.siblings, turn.id)

    def stored(self) -> Turn | None:
        """The turn from which this view can be built again; None while it is being answered, or something is open in it."""
        turn = self.turn
        if turn is None or not turn.id or turn.state is TurnState.RUNNING or self._panel or self._details:
            return None
        return replace(turn, feedback=self._feedback, feedback_reasons=self._reasons, feedback_text=self._why)

    @property
    def passages(self) -> tuple[Passage, ...]:
        return self._answer.passages

    def copied(self) -> str:
        """The answer with its sources, for the clipboard."""
        return markdown_copy(self._answer, self.answer.markdown)

    # ---- parts -------------------------------------------------------------------------------------------------------------

    def _slot(self) -> QWidget:
        slot = QWidget(self)
        layout = QVBoxLayout(slot)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(self._theme.px(8))
        slot.hide()
        self._column.addWidget(slot)
        return slot

    def _show_evidence(self) -> None:
        _empty(self._evidence)
        answer = self._answer
        if answer.refused:
            self._add(self._evidence, make_label(refusal_line(bool(answer.passages)), "reading", wraps=True))
            for passage in answer.passages[:NEAREST_SHOWN]:
                self._add(self._evidence, self._passage_card(passage))
        elif answer.quote is not None:
            for number, quote in enumerate(answer.quote.parts):
                head = "" if number else self.tr("In your notes")
                card = instant_quote_card(self._theme, quote, head, page_word(), self._evidence)
                card.setProperty("source", quote)
                card.clicked.connect(self._on_card)
                self._add(self._evidence, card)
                self.setTabOrder(card, self.answer)  # it is made later, but stands above
        self._evidence.setVisible(answer.refused or answer.quote is not None)
        self.grown.emit()

    def _passage_card(self, passage: Passage) -> QuoteCard:
        card = passage_card(self._theme, passage, page_word())
        card.setProperty("source", passage)
        card.clicked.connect(self._on_card)
        return card

    def _show_remarks(self, error: AssistantError | None = None) -> None:
        _empty(self._remarks)
        turn = self.turn
        assert turn is not None
        doubts = unsupported_line(turn.answer)
        if doubts:
            self._add(self._remarks, make_label(doubts, "small", wraps=True))
        self._add_sources()
        if turn.answer.scope:
            remark = ScopeRemark(self._theme, turn.answer, self._remarks)
            remark.all_notes_asked.connect(self.all_notes_asked)
            self._add(self._remarks, remark)
        self._add_state(turn, error)
        if self.answer.is_capped:
            self._add(
                self._remarks,
                make_label(self.tr("The answer is very long. Copy takes all of it."), "small", wraps=True),
            )
        layout = self._remarks.layout()
        self._remarks.setVisible(layout is not None and layout.count() > 0)
        self._build_actions()
        self.grown.emit()

    def _add_sources(self) -> None:
        """The chips once more in words: what they mean can be read without opening anything, and reached by key."""
        if not self._answer.citations:
            return
        row = QWidget(self._remarks)
        flow = FlowLayout(row, self._theme.px(14), self._theme.px(4))
        citations = self._answer.citations
        for citation, place in zip(citations, citation_lines(citations), strict=True):
            button = SourceButton(self._theme, citation.number, place)
            button.setProperty("source", citation)
            button.setToolTip(plain_tip(citation.quote))
            button.setAccessibleName(
                self.tr("Source {n}: {place}. {quote}").format(n=citation.number, place=place, quote=citation.quote)
            )
            button.clicked.connect(self._on_card)
            flow.addWidget(button)
        self._add(self._remarks, row)

    def _add_state(self, turn: Turn, error: AssistantError | None) -> None:
        if turn.state is TurnState.STOPPED:
            self._add(self._remarks, make_label(self.tr("Stopped."), "small"))
        elif turn.state is TurnState.CUT:
            self._add(
                self._remarks,
                make_label(
                    self.tr("The answer was cut off when Elephant stopped. What was written is kept."),
                    "small",
                    wraps=True,
                ),
            )
        elif turn.state is TurnState.FAILED:
            error = error or error_class(turn.error)()
            if isinstance(error, ProcessDiedError) and (turn.answer.text or turn.answer.quote):
                self._add(self._remarks, make_label(error_words(error).as_text(), "warn", wraps=True))
            else:
                card = ErrorCard(self._theme, error)
                card.again_asked.connect(self.regenerate_asked)
                card.model_asked.connect(self.model_asked)
                self._add(self._remarks, card)
        elif turn.state is TurnState.RUNNING:
            self._add(self._remarks, make_label(self.tr("This answer is still being written."), "small"))

    def _add(self, slot: QWidget, widget: QWidget) -> None:
        layout = slot.layout()
        assert layout is not None
        layout.addWidget(widget)

    # ---- actions -----------------------------------------------------------------------------------------------------------

    def set_last(self, is_last: bool) -> None:
        """The last answer shows its actions always."""
        if is_last != self._is_last:
            self._is_last = is_last
            self._refresh_actions()

    def set_lively(self, is_lively: bool) -> None:
        """The pointer or the focus is here."""
        if is_lively != self._is_lively:
            self._is_lively = is_lively
            self._refresh_actions()

    def set_locked(self, is_locked: bool) -> None:
        """An answer is being made: until it has ended no other can be made, and its branch stays in sight."""
        self._is_locked = is_locked
        self.branches.set_locked(is_locked)
        if self._buttons:
            self._buttons["again"].setEnabled(not is_locked)

    def _build_actions(self) -> None:
        if not self._buttons:
            flow = FlowLayout(self._actions, self._theme.px(14), self._theme.px(2))
            for name, text, slot in (
                ("copy", self.tr("Copy"), self._on_copy),
                ("again", self.tr("Regenerate"), self._on_again),
                ("edit", self.tr("Edit question"), self._on_edit),
                ("good", self.tr("Helpful"), self._on_good),
                ("bad", self.tr("Not helpful"), self._on_bad),
                ("why", "", self._open_panel),
                ("summary", "", self._on_summary),
            ):
                button = make_button(text, "link", parent=self._actions)
                button.setStyleSheet("padding: 0")
                button.clicked.connect(slot)
                self._buttons[name] = button
                flow.addWidget(button)
                if name == "copy":
                    flow.addWidget(self._make_menu())
            self._buttons["copy"].setToolTip(self.tr("Copy the answer with its sources"))
            self._buttons["summary"].setToolTip(self.tr("The passages used and how long each step took"))
        self._refresh_actions()

    def _make_menu(self) -> AnswerMenu:
        menu = self._buttons["more"] = AnswerMenu(self._actions)
        menu.markdown_asked.connect(self._on_copy)
        menu.plain_asked.connect(self._on_copy_plain)
        menu.save_asked.connect(self.save_asked)
        return menu

    def _refresh_actions(self) -> None:
        if not self._buttons or self.turn is None:
            return
        summary = summary_line(self._answer)
        self._buttons["summary"].setText(summary)
        self._buttons["summary"].setAccessibleName(self.tr("Details: {summary}").format(summary=summary))
        self._buttons["summary"].setVisible(bool(summary))
        has_answer = bool(self._answer.text or self._answer.quote) and not self._answer.refused
        self._buttons["again"].setVisible(not self._remarks.findChildren(ErrorCard))
        self._buttons["again"].setEnabled(not self._is_locked)
        for name in ("copy", "more"):
            self._buttons[name].setVisible(has_answer)
        for name in ("good", "bad"):
            self._buttons[name].setVisible(self.turn_id > 0 and self.turn.state is not TurnState.FAILED)
        self._mark_feedback()
        is_open = self._details is not None or self._panel is not None
        self._actions.setVisible(self._is_last or self._is_lively or is_open)
        self._actions.updateGeometry()

    def _mark_feedback(self) -> None:
        for name, value, text, chosen in (
            ("good", 1, self.tr("Helpful"), self.tr("Helpful ✓")),
            ("bad", -1, self.tr("Not helpful"), self.tr("Not helpful ✓")),
        ):
            self._buttons[name].setText(chosen if self._feedback == value else text)
            self._buttons[name].setAccessibleName(chosen if self._feedback == value else text)
        said = reasons_line(self._reasons, self._why)
        shown = self._buttons["why"].fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, self._theme.px(320))
        self._buttons["why"].setText(shown.replace("&", "&&"))
        self._buttons["why"].setAccessibleName(self.tr("Your reason: {reason}").format(reason=said))
        self._buttons["why"].setToolTip(plain_tip(said))
        self._buttons["why"].setVisible(bool(said))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.copied())
        self._buttons["copy"].setText(self.tr("Copied"))

    def _on_copy_plain(self) -> None:
        QGuiApplication.clipboard().setText(plain_copy(self._answer, self.answer.markdown))
        self._buttons["copy"].setText(self.tr("Copied"))

    def _on_again(self) -> None:
        self.regenerate_asked.emit()

    def _on_edit(self) -> None:
        self.edit_asked.emit(self.question)

    def _on_good(self) -> None:
        self._give_feedback(1)

    def _on_bad(self) -> None:
        self._give_feedback(-1)

    def _give_feedback(self, value: int) -> None:
        """A thumb counts at once, and why can be said then. The same thumb again takes it back, with its reasons."""
        self._feedback = 0 if self._feedback == value else value
        self._reasons, self._why = (), ""
        self._tell_feedback()
        if self._feedback:
            self._open_panel()
        else:
            self._close_panel()

    def _tell_feedback(self) -> None:
        self.feedback_given.emit(self._feedback, self._reasons, self._why)
        self._refresh_actions()

    def _open_panel(self) -> None:
        self._close_panel()
        self._panel = FeedbackPanel(self._theme, self._feedback, self._reasons, self._why, self)
        self._panel.said.connect(self._on_said)
        self._panel.closed.connect(self._close_panel)
        self._column.insertWidget(self._column.indexOf(self._actions) + 1, self._panel)
        self._panel.show()
        self._panel.take_focus()
        self.grown.emit()

    def _close_panel(self) -> None:
        panel, self._panel = self._panel, None
        if panel is not None:
            had_focus = panel.isAncestorOf(QApplication.focusWidget() or self)
            self._column.removeWidget(panel)
            panel.hide()
            panel.deleteLater()
            if had_focus:
                self._buttons["good" if self._feedback > 0 else "bad"].setFocus()
            self._refresh_actions()
            self.grown.emit()

    def _on_said(self, reasons: tuple[str, ...], words: str) -> None:
        self._reasons, self._why = reasons, words
        self._tell_feedback()
        self._close_panel()

    def _on_summary(self) -> None:
        if self._details is not None:
            self._details.deleteLater()
            self._details = None
        else:
            self._details = self._make_details()
            self._column.addWidget(self._details)
        self.grown.emit()

    def _make_details(self) -> QWidget:
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._theme.px(8))
        grid = QGridLayout()
        grid.setHorizontalSpacing(self._theme.px(16))
        grid.setVerticalSpacing(self._theme.px(2))
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(step_lines(self._answer)):
            grid.addWidget(make_label(name, "small"), row, 0)
            grid.addWidget(make_label(value, "small"), row, 1)
        column.addLayout(grid)
        if self._answer.passages:
            column.addWidget(make_label(self.tr("Passages used"), "small"))
        for passage in self._answer.passages:
            column.addWidget(self._passage_card(passage))
        return box

    # ---- sources -----------------------------------------------------------------------------------------------------------

    def _on_card(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.source_chosen.emit(sender.property("source"))

    def _on_citation(self, number: int) -> None:
        citation = self.answer.citation(number)
        if citation is not None:
            self.source_chosen.emit(citation)

    # ---- size --------------------------------------------------------------------------------------------------------------

    def fit(self, width: int) -> None:
        """The column is this wide now."""
        self._bubble.fit(width * 4 // 5)

    def sizeHint(self) -> QSize:
        return QSize(600, super().sizeHint().height())

    def enterEvent(self, event: object) -> None:
        self.set_lively(True)

    def leaveEvent(self, event: object) -> None:
        self.set_lively(False)

    def _on_theme_changed(self) -> None:
        self.answer.redraw()
        self._bubble.dress()
        self.update()


def _empty(slot: QWidget) -> None:
    layout = slot.layout()
    assert layout is not None
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
