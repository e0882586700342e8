"""Find in a note: a field, how many there are, up and down."""

from __future__ import annotations

import re
from itertools import islice

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import number

MOST_FOUND = 10_000


def find_all(text: str, wanted: str, *, over_lines: bool = False) -> list[tuple[int, int]]:
    """Where a text holds another one, regardless of case where that keeps the offsets true.

    over_lines: the text has the lines of a page, so a blank may be the end of a line, and a word may be divided or, in Chinese, go on there.
    """
    if not wanted.strip():
        return []
    folded, wanted_folded = text.lower(), wanted.lower()
    if len(folded) != len(text) or len(wanted_folded) != len(wanted):
        folded, wanted_folded = text, wanted
    if over_lines:
        pattern = re.compile(_over_lines(wanted_folded))
        return [found.span() for found in islice(pattern.finditer(folded), MOST_FOUND)]
    found: list[tuple[int, int]] = []
    at = folded.find(wanted_folded)
    while at >= 0 and len(found) < MOST_FOUND:
        found.append((at, at + len(wanted)))
        at = folded.find(wanted_folded, at + len(wanted))
    return found


def _over_lines(wanted: str) -> str:
    parts: list[str] = []
    for char in wanted.strip():
        if char.isspace():
            if parts[-1] != r"\s+":
                parts.append(r"\s+")
            continue
        if parts and parts[-1] != r"\s+":
            parts.append(r"\s*" if "\u2e80" <= char <= "\uffee" else "(?:\u00ad\\s*)?")
        parts.append(re.escape(char))
    return "".join(parts)


class FindBar(QWidget):
    """Signals:
    wanted(str): the words to look for changed.
    moved(int): 1 for the next, -1 for the one before.
    closed(): the bar is hidden.
    """

    wanted = Signal(str)
    moved = Signal(int)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Find in this note"))
        self.field.setAccessibleName(self.tr("Find in this note"))
        self._count = make_label("", "small", parent=self)
        before = make_button("↑", "link", parent=self)
        before.setAccessibleName(self.tr("The one before"))
        before.setToolTip(self.tr("The one before (Shift+Enter)"))
        after = make_button("↓", "link", parent=self)
        after.setAccessibleName(self.tr("The next one"))
        after.setToolTip(self.tr("The next one (Enter)"))
        done = make_button(self.tr("Done"), "link", parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(12), theme.px(6), theme.px(12), theme.px(6))
        row.setSpacing(theme.px(4))
        row.addWidget(self.field, 1)
        for widget in (self._count, before, after, done):
            row.addWidget(widget)
        self.field.textChanged.connect(self.wanted)
        self.field.returnPressed.connect(self._on_return)
        before.clicked.connect(self._on_before)
        after.clicked.connect(self._on_after)
        done.clicked.connect(self.close_bar)
        self.hide()

    def open_bar(self) -> None:
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def close_bar(self) -> None:
        if not self.isHidden():
            self.hide()
            self.field.clear()
            self.closed.emit()

    def show_count(self, here: int, count: int) -> None:
        """here counts from 0."""
        if not self.field.text():
            self._count.setText("")
        elif not count:
            self._count.setText(self.tr("Not found"))
        else:
            self._count.setText(self.tr("{n} of {m}").format(n=number(here + 1), m=number(count)))

    def count_text(self) -> str:
        return self._count.text()

    def _on_return(self) -> None:
        self.moved.emit(1)

    def _on_before(self) -> None:
        self.moved.emit(-1)

    def _on_after(self) -> None:
        self.moved.emit(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.matches(QKeySequence.StandardKey.FindPrevious) or (event.key() == Qt.Key.Key_Up):
            self.moved.emit(-1)
        elif event.matches(QKeySequence.StandardKey.FindNext) or event.key() == Qt.Key.Key_Down:
            self.moved.emit(1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and shifted:
            self.moved.emit(-1)
        else:
            super().keyPressEvent(event)
