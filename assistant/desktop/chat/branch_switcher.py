"""Which branch of the conversation is shown at a turn, and the way to the others: ‹ 1 / 2 ›."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from assistant.desktop.common.controls import make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import number

SIDE_PX = 22


class BranchSwitcher(QWidget):
    """Hidden while there is only one branch.

    Signals:
        branch_chosen(int): show the branch that goes through this turn.
    """

    branch_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._turns: tuple[int, ...] = ()
        self._at = 0
        self._is_locked = False
        self.before = self._make_arrow("‹", self.tr("Branch before"))
        self._label = make_label("", "small", parent=self)
        self.after = self._make_arrow("›", self.tr("Branch after"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(2))
        for widget in (self.before, self._label, self.after):
            row.addWidget(widget)
        self.before.clicked.connect(self._on_before)
        self.after.clicked.connect(self._on_after)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_turns(self, turns: Sequence[int], shown: int) -> None:
        """turns: with the same turn before, oldest first. shown: the one that is looked at."""
        self._turns = tuple(turns) if shown in turns else ()
        self._at = self._turns.index(shown) if self._turns else 0
        count = len(self._turns)
        self._label.setText(f"{number(self._at + 1)} / {number(count)}")
        said = self.tr("Branch {n} of {count}").format(n=number(self._at + 1), count=number(count))
        self._label.setAccessibleName(said)
        self.setAccessibleName(said)
        self.setToolTip(self.tr("This question was edited or answered again. All versions are kept."))
        self._refresh()
        self.setVisible(count > 1)

    def set_locked(self, is_locked: bool) -> None:
        """While an answer is being made its branch stays in sight."""
        self._is_locked = is_locked
        self._refresh()

    def take_focus(self) -> None:
        """On the arrow that leads on, or else the one that leads back."""
        (self.after if self.after.isEnabled() else self.before).setFocus()

    @property
    def text(self) -> str:
        return self._label.text()

    def _make_arrow(self, sign: str, name: str) -> QToolButton:
        arrow = QToolButton(self)
        arrow.setText(sign)
        arrow.setAccessibleName(name)
        arrow.setToolTip(name)
        arrow.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return arrow

    def _refresh(self) -> None:
        self.before.setEnabled(not self._is_locked and self._at > 0)
        self.after.setEnabled(not self._is_locked and self._at < len(self._turns) - 1)

    def _on_before(self) -> None:
        self._go(self._at - 1)

    def _on_after(self) -> None:
        self._go(self._at + 1)

    def _go(self, at: int) -> None:
        if 0 <= at < len(self._turns):
            self.branch_chosen.emit(self._turns[at])

    def _dress(self) -> None:
        tokens, side = self._theme.tokens, self._theme.px(SIDE_PX)
        for arrow in (self.before, self.after):
            arrow.setFixedSize(side, side)
            arrow.setStyleSheet(
                f"QToolButton {{ color: {tokens.soft}; border: 1px solid transparent; border-radius: 6px; padding: 0;"
                f" font-size: {self._theme.px(15)}px; background: transparent; }}"
                f" QToolButton:hover {{ color: {tokens.accent}; background: {tokens.hover}; }}"
                f" QToolButton:focus {{ border-color: {tokens.accent}; color: {tokens.accent}; }}"
                f" QToolButton:disabled {{ color: {tokens.line}; }}"
            )
