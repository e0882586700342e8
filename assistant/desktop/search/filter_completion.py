"""Completion of filters while a query is typed: keys, the values the engine knows, and a few words for days.

It listens to the keys of the field before anybody else, and takes only what belongs to its list while that is open.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.client.filter_values import FilterValues, FoundValues
from assistant.desktop.common.filter_writing import points_before, written_value
from assistant.desktop.common.offset_map import utf16_length
from assistant.desktop.common.suggestions import Suggestion, Suggestions
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import is_chinese, translate
from assistant.desktop.search.filter_typing import (
    ASKED_KEYS,
    DATE_KEYS,
    DATE_WORDS,
    STATE_WORDS,
    Typing,
    key_of,
    keys_from,
    typing_at,
)


class FilterCompletion(QObject):
    """Owns the list under the search field and the request that fills it."""

    def __init__(self, client: EngineClient, theme: Theme, field: QLineEdit) -> None:
        super().__init__(field)
        self._field = field
        self._typing: Typing | None = None
        self._values = FilterValues(client, self)
        self._values.found.connect(self._on_completed)
        self._values.failed.connect(self.close)
        self.list = Suggestions(theme, field)
        self.list.chosen.connect(self._take)
        self.list.dismissed.connect(self.close)
        field.textEdited.connect(self._on_edited)
        field.textChanged.connect(self._on_changed)
        field.cursorPositionChanged.connect(self._on_changed)
        theme.changed.connect(self.close)

    # ---- what the field asks ---------------------------------------------------------------------------------------------

    def take_key(self, event: QKeyEvent) -> bool:
        """True if a pressed key was meant for the list."""
        return self.list.take_key(event)

    def look(self) -> None:
        """Offer what fits at the cursor, as if it had just been typed."""
        before, typing = self._typing, self._typing_now()
        if typing != before:
            self._forget()
        self._typing = typing
        if typing is None:
            self.close()
        elif not typing.key:
            self.list.open([_key_suggestion(name) for name in keys_from(typing.beginning)])
        elif typing.key in DATE_KEYS:
            self.list.open(_word_suggestions(typing, DATE_WORDS))
        elif typing.key == "state":
            self.list.open(_word_suggestions(typing, STATE_WORDS))
        elif typing.key in ASKED_KEYS:
            self._keep_fitting(before, typing)
            self._values.ask_soon([typing.key], typing.beginning)
        else:
            self.list.close_list()

    def _keep_fitting(self, before: Typing | None, typing: Typing) -> None:
        """Until the engine answers, only what still fits may be taken."""
        same_value = before is not None and (before.key, before.start) == (typing.key, typing.start)
        beginning = typing.beginning.casefold()
        rows = self.list.rows if same_value else ()
        self.list.open([row for row in rows if row.text.casefold().startswith(beginning)])

    def close(self) -> None:
        self._forget()
        self._typing = None
        self.list.close_list()

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def _typing_now(self) -> Typing | None:
        text = self._field.text()
        return typing_at(text, points_before(text, self._field.cursorPosition()))

    def _on_edited(self) -> None:
        self.look()

    def _on_changed(self) -> None:
        """The text or the cursor has moved, perhaps not by typing: what was offered for another place is void."""
        if self._typing is not None and self._typing_now() != self._typing:
            typing = self._typing_now()
            if typing is None or typing.key != self._typing.key or typing.start != self._typing.start:
                self.close()

    def _forget(self) -> None:
        self._values.forget()

    def _on_completed(self, found: FoundValues) -> None:
        typing = self._typing
        if typing is None:
            return
        # A value that holds quotation marks cannot be written in a query, and one that is typed already needs no help.
        values = [value for _, value in found.values if not any(mark in value for mark in '"“”')]
        if values == [typing.beginning]:
            values = []
        self.list.open([Suggestion(value, "", value) for value in values])

    def _take(self, suggestion: Suggestion) -> None:
        typing = self._typing
        if typing is None:
            return
        text = self._field.text()
        start, new = typing.start, str(suggestion.value)
        if typing.key:
            new, needs_long_form = written_value(new, is_hash=typing.is_hash)
            if needs_long_form:
                start -= 1
                new = f"tag:{new}"
            new += "" if text[typing.end : typing.end + 1].isspace() else " "
        self.close()
        self._field.setSelection(utf16_length(text[:start]), utf16_length(text[start : typing.end]))
        self._field.insert(new)
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.look()


def _key_suggestion(name: str) -> Suggestion:
    return Suggestion(f"{name}:", key_help(key_of(name)), f"{name}:")


def _word_suggestions(typing: Typing, choices: tuple[Sequence[str], Sequence[str]]) -> Sequence[Suggestion]:
    """choices: in English and in Chinese."""
    words = choices[1 if typing.is_chinese or is_chinese() else 0]
    fitting = [word for word in words if word.startswith(typing.beginning.casefold()) and word != typing.beginning]
    return [Suggestion(word, "", word) for word in fitting]


def key_help(key: str) -> str:
    """What a filter does, in a word or two."""
    return {
        "folder": translate("Filters", "in a folder"),
        "type": translate("Filters", "kind of file"),
        "tag": translate("Filters", "with a tag"),
        "title": translate("Filters", "words of the title"),
        "after": translate("Filters", "from a day on"),
        "before": translate("Filters", "up to a day"),
        "date": translate("Filters", "of a day or month"),
        "state": translate("Filters", "how far it is read"),
    }[key]
