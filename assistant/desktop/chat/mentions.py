"""Notes, folders and tags in a question: offered while they are typed, marked where they stand, taken out whole.

Listens to the keys of the field before the field does, and takes only what belongs to its list while that is open. Nothing is taken while
an input method composes: those keys are the input method's.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QSyntaxHighlighter, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QWidget

from assistant.desktop.chat.composer import EDGE_PX, QuestionEdit
from assistant.desktop.chat.mention_typing import UNWRITABLE, MentionTyping, mention_at, mention_text
from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.client.filter_values import FilterValues, FoundValues
from assistant.desktop.common.filter_writing import points_before, written_filters
from assistant.desktop.common.offset_map import utf16_length
from assistant.desktop.common.suggestions import Suggestion, Suggestions
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import is_chinese

MOST_NOTES = 5
MOST_SHOWN = 8


class MentionMarks(QSyntaxHighlighter):
    """Marks what narrows the search, so that it is seen to be no ordinary word."""

    def __init__(self, theme: Theme, edit: QuestionEdit) -> None:
        super().__init__(edit.document())
        self._theme = theme
        theme.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        form = QTextCharFormat()
        form.setForeground(self._theme.color("accent"))
        form.setBackground(self._theme.color("accent_ground"))
        for start, end in written_filters(text):
            self.setFormat(utf16_length(text[:start]), utf16_length(text[start:end]), form)


class Mentions(QObject):
    """Owns the list above the input and the requests that fill it. around: what the list is laid above."""

    def __init__(self, client: EngineClient, theme: Theme, edit: QuestionEdit, around: QWidget) -> None:
        super().__init__(edit)
        self._edit = edit
        self._typing: MentionTyping | None = None
        self._values = FilterValues(client, self)
        self._values.found.connect(self._on_found)
        self._values.failed.connect(self.close)
        self.list = Suggestions(theme, around, EDGE_PX)
        self.list.chosen.connect(self._take)
        self.list.dismissed.connect(self.close)
        self.marks = MentionMarks(theme, edit)
        edit.textChanged.connect(self._on_text_changed)
        edit.cursorPositionChanged.connect(self._on_moved)
        edit.installEventFilter(self)

    def close(self) -> None:
        self._values.forget()
        self._typing = None
        self.list.close_list()

    # ---- typing ------------------------------------------------------------------------------------------------------------

    def _typing_now(self) -> MentionTyping | None:
        cursor = self._edit.textCursor()
        if cursor.hasSelection() or not self._edit.hasFocus():
            return None
        text = self._edit.toPlainText()
        return mention_at(text, points_before(text, cursor.position()))

    def _on_text_changed(self) -> None:
        typing = self._typing_now()
        if typing == self._typing:
            return
        before, self._typing = self._typing, typing
        if typing is None:
            self.close()
            return
        same = before is not None and (before.start, before.is_tag) == (typing.start, typing.is_tag)
        # Until the engine answers, only what still fits may be taken.
        fitting = [row for row in self.list.rows if same and typing.beginning.casefold() in row.text.casefold()]
        self.list.open(fitting, choose_first=bool(typing.beginning))
        self._values.ask_soon(typing.keys, typing.beginning)

    def _on_moved(self) -> None:
        """The cursor has gone elsewhere: what was offered for another place is void."""
        if self._typing is not None and self._typing_now() is None:
            self.close()

    def _on_found(self, found: FoundValues) -> None:
        typing = self._typing
        if typing is None or found.beginning != typing.beginning:
            return
        rows, notes = [], 0
        for key, value in found.values:
            notes += key == "title"
            if any(mark in value for mark in UNWRITABLE) or (key == "title" and notes > MOST_NOTES):
                continue
            rows.append(Suggestion(f"#{value}" if key == "tag" else value, self._kind(key), (key, value)))
        self.list.open(rows[:MOST_SHOWN], choose_first=bool(typing.beginning))

    def _kind(self, key: str) -> str:
        return {"title": self.tr("Note"), "folder": self.tr("Folder")}.get(key, self.tr("Tag"))

    def _take(self, suggestion: Suggestion) -> None:
        typing, chosen = self._typing, suggestion.value
        if typing is None or not isinstance(chosen, tuple):
            return
        self.close()
        text = self._edit.toPlainText()
        new = mention_text(typing, *chosen, in_chinese=is_chinese())
        if not text[typing.end : typing.end + 1].isspace():
            new += " "
        cursor = self._edit.textCursor()
        cursor.setPosition(utf16_length(text[: typing.start]))
        cursor.setPosition(utf16_length(text[: typing.end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(new)
        self._edit.setTextCursor(cursor)
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.close()

    # ---- keys --------------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not self._edit.is_composing:
            return self.list.take_key(event) or self._take_out(event)
        if kind in {QEvent.Type.FocusOut, QEvent.Type.Hide}:
            self.close()
        return False

    def _take_out(self, event: QKeyEvent) -> bool:
        """Backspace right behind a quoted mention removes all of it: nobody wants to retype half a title."""
        cursor = self._edit.textCursor()
        if event.key() != Qt.Key.Key_Backspace or event.modifiers() or cursor.hasSelection():
            return False
        text = self._edit.toPlainText()
        at = points_before(text, cursor.position())
        for start, end in written_filters(text):
            if end == at and text[end - 1] in '"”':
                cursor.setPosition(utf16_length(text[:start]), QTextCursor.MoveMode.KeepAnchor)
                cursor.removeSelectedText()
                return True
        return False
