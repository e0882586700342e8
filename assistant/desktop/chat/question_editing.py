"""An earlier question in the input, to be asked otherwise. What stood there before comes back."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from assistant.desktop.chat.chat_turn import TurnView
from assistant.desktop.chat.composer import Composer


class QuestionEditing:
    """line: says what sending would do. Lives on the UI thread."""

    def __init__(self, composer: Composer, line: QWidget) -> None:
        self._composer = composer
        self._line = line
        self._before = ""
        self.replaced: TurnView | None = None

    def begin(self, view: TurnView, question: str) -> None:
        if self.replaced is None:
            self._before = self._composer.draft()
        self.replaced = view
        self._line.show()
        self._composer.set_draft(question)
        self._composer.edit.setFocus()

    def cancel(self) -> None:
        self._composer.set_draft("")
        self.end()
        self._composer.edit.setFocus()

    def end(self) -> None:
        """What stood in the input before the editing comes back, below an edit that was not sent."""
        self._line.hide()
        if self.replaced is not None:
            self.replaced = None
            parts = [part for part in (self._composer.draft().rstrip(), self._before) if part]
            self._composer.set_draft("\n".join(parts))
            self._before = ""
