"""One question and its answer in the column: bubble, quote card, written answer, what to say about it, what to do with it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from assistant.desktop.chat.answer_copies import markdown_copy, plain_copy
from assistant.desktop.chat.answer_view import AnswerView
from assistant.desktop.chat.branch_switcher import BranchSwitcher
from assistant.desktop.chat.feedback_panel import FeedbackPanel
from assistant.desktop.chat.question_bubble import QuestionBubble
from assistant.desktop.chat.turn_actions import TurnActions
from assistant.desktop.chat.turn_evidence import TurnDetails, TurnEvidence
from assistant.desktop.chat.turn_remarks import TurnRemarks
from assistant.desktop.common.theme import Theme
from assistant.domain.answers import Answer, Passage, SentenceCheck, Turn, TurnState
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import EvidenceFound


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
        self.panel: FeedbackPanel | None = None
        self._is_locked = False
        self._is_last = False
        self._is_lively = False
        self._details: TurnDetails | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(14))
        self._bubble = QuestionBubble(theme, question, self)
        self._column.addWidget(self._bubble, 0, Qt.AlignmentFlag.AlignRight)
        self.branches = BranchSwitcher(theme, self)
        self.branches.branch_chosen.connect(self.branch_asked)
        self._column.addWidget(self.branches, 0, Qt.AlignmentFlag.AlignRight)
        self._evidence = TurnEvidence(theme, self)
        self._evidence.source_chosen.connect(self.source_chosen)
        self._column.addWidget(self._evidence)
        self.answer = AnswerView(theme, self)
        self.answer.grown.connect(self.grown)
        self.answer.link_chosen.connect(self.link_chosen)
        self.answer.citation_chosen.connect(self._on_citation)
        self._column.addWidget(self.answer)
        self._remarks = TurnRemarks(theme, self)
        self._remarks.source_chosen.connect(self.source_chosen)
        self._remarks.all_notes_asked.connect(self.all_notes_asked)
        self._remarks.again_asked.connect(self.regenerate_asked)
        self._remarks.model_asked.connect(self.model_asked)
        self._column.addWidget(self._remarks)
        self.actions_row = self._make_actions()
        self._column.addWidget(self.actions_row)
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
        if turn is None or not turn.id or turn.state is TurnState.RUNNING or self.panel or self._details:
            return None
        return replace(turn, feedback=self._feedback, feedback_reasons=self._reasons, feedback_text=self._why)

    @property
    def passages(self) -> tuple[Passage, ...]:
        return self._answer.passages

    def copied(self) -> str:
        """The answer with its sources, for the clipboard."""
        return markdown_copy(self._answer, self.answer.markdown)

    # ---- parts -------------------------------------------------------------------------------------------------------------

    def _make_actions(self) -> TurnActions:
        actions = TurnActions(self._theme, self)
        actions.copy_asked.connect(self._on_copy)
        actions.plain_copy_asked.connect(self._on_copy_plain)
        actions.save_asked.connect(self.save_asked)
        actions.again_asked.connect(self.regenerate_asked)
        actions.edit_asked.connect(self._on_edit)
        actions.rated.connect(self.give_feedback)
        actions.reason_asked.connect(self._open_panel)
        actions.details_asked.connect(self._on_summary)
        return actions

    def _show_evidence(self) -> None:
        self._evidence.show_answer(self._answer, self.answer)
        self.grown.emit()

    def _show_remarks(self, error: AssistantError | None = None) -> None:
        assert self.turn is not None
        self._remarks.show_turn(self.turn, error, is_capped=self.answer.is_capped)
        self.actions_row.build()
        self._refresh_actions()
        self.grown.emit()

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
        self.actions_row.set_locked(is_locked)

    def _refresh_actions(self) -> None:
        row = self.actions_row
        if not row.buttons or self.turn is None:
            return
        can_rate = self.turn_id > 0 and self.turn.state is not TurnState.FAILED
        row.show_answer(self._answer, can_rate=can_rate, can_ask_again=not self._remarks.has_error_card)
        row.set_locked(self._is_locked)
        row.show_feedback(self._feedback, self._reasons, self._why)
        is_open = self._details is not None or self.panel is not None
        row.setVisible(self._is_last or self._is_lively or is_open)
        row.updateGeometry()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.copied())
        self.actions_row.say_copied()

    def _on_copy_plain(self) -> None:
        QGuiApplication.clipboard().setText(plain_copy(self._answer, self.answer.markdown))
        self.actions_row.say_copied()

    def _on_edit(self) -> None:
        self.edit_asked.emit(self.question)

    def give_feedback(self, value: int) -> None:
        """A thumb counts at once, and why can be said then. The same thumb again takes it back, with its reasons."""
        self._feedback = 0 if self._feedback == value else value
        self._reasons, self._why = (), ""
        self._tell_feedback()
        if self._feedback:
            self._open_panel()
        else:
            self.close_panel()

    def _tell_feedback(self) -> None:
        self.feedback_given.emit(self._feedback, self._reasons, self._why)
        self._refresh_actions()

    def _open_panel(self) -> None:
        self.close_panel()
        self.panel = FeedbackPanel(self._theme, self._feedback, self._reasons, self._why, self)
        self.panel.said.connect(self._on_said)
        self.panel.closed.connect(self.close_panel)
        self._column.insertWidget(self._column.indexOf(self.actions_row) + 1, self.panel)
        self.panel.show()
        self.panel.take_focus()
        self.grown.emit()

    def close_panel(self) -> None:
        panel, self.panel = self.panel, None
        if panel is not None:
            had_focus = panel.isAncestorOf(QApplication.focusWidget() or self)
            self._column.removeWidget(panel)
            panel.hide()
            panel.deleteLater()
            if had_focus:
                self.actions_row.buttons["good" if self._feedback > 0 else "bad"].setFocus()
            self._refresh_actions()
            self.grown.emit()

    def _on_said(self, reasons: tuple[str, ...], words: str) -> None:
        self._reasons, self._why = reasons, words
        self._tell_feedback()
        self.close_panel()

    def _on_summary(self) -> None:
        if self._details is not None:
            self._details.deleteLater()
            self._details = None
        else:
            self._details = TurnDetails(self._theme, self._answer, self)
            self._details.source_chosen.connect(self.source_chosen)
            self._column.addWidget(self._details)
        self.grown.emit()

    # ---- sources -----------------------------------------------------------------------------------------------------------

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
