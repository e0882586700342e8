"""Rows whose control is a field for a key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from assistant.desktop.common.controls import make_button
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import join, translate
from assistant.desktop.settings.global_key_words import ASKED_AGAIN, NEVER, TO_BE_MENDED, KeyState, state_words
from assistant.desktop.settings.key_field import KeyField
from assistant.desktop.settings.key_rules import native
from assistant.desktop.settings.setting_row import SettingRow
from assistant.desktop.settings.settings_controls import FIELD_PX


class KeyRow(SettingRow):
    """The key of a command of the window.

    Signals:
        wished(str, str): the command, and the key it is to have; "" for none.
        taken(str, str): the same, though another command has the key.
    """

    wished = Signal(str, str)
    taken = Signal(str, str)

    def __init__(self, theme: Theme, name: str, text: str, words: str) -> None:
        field = KeyField(theme)
        super().__init__(theme, name, (text, "", words), field, is_own=False)
        self.field = field
        self._plain_words = words
        self._refused = ""
        self.instead = make_button(translate("Shortcuts", "Use it here"), "link", "accent", parent=self)
        self.instead.hide()
        self.instead.clicked.connect(self._on_instead)
        self.below.addWidget(self.instead)
        self.field.chosen.connect(self._on_chosen)
        self.field.refused.connect(self._on_refused)
        self.field.began.connect(self.quieten)

    def show_keys_of(self, keys: str, shipped: str) -> None:
        if self.field.keys != keys or self.field.is_waiting:
            self.field.show_value(keys)
        self._words = f"{native(keys)} {self._plain_words}"  # it is found by its key, too
        self.show_default(keys == shipped)
        self.quieten()

    def tell_clash(self, keys: str, other: str, *, can_be_taken: bool) -> None:
        self._refused = keys
        self.say(_clash_words(keys, other, can_be_taken=can_be_taken), "warn")
        self.instead.setAccessibleName(
            translate("Shortcuts", "Use {keys} for {command}").format(keys=native(keys), command=self.name)
        )
        self.instead.setVisible(can_be_taken)

    def quieten(self) -> None:
        self.say("")
        if self.instead.hasFocus():
            self.field.setFocus()
        self.instead.hide()

    def _on_chosen(self, keys: str) -> None:
        self.wished.emit(self.key, keys)

    def _on_refused(self, why: str) -> None:
        self.say(why, "warn")

    def _on_instead(self) -> None:
        self.taken.emit(self.key, self._refused)


class GlobalKeyRow(SettingRow):
    """The key that works in every program. Where none can be had, it says what to do instead.

    Signals:
        asked_again: the desktop is to be asked once more.
    """

    asked_again = Signal()

    def __init__(self, theme: Theme, key: str, texts: tuple[str, str, str]) -> None:
        field = KeyField(theme, FIELD_PX)
        super().__init__(theme, key, texts, field)
        self.field = field
        self.again = make_button(translate("GlobalKey", "Ask again"), "link", "accent", parent=self)
        self.again.setAccessibleName(translate("GlobalKey", "Ask the desktop for the key again"))
        self.again.hide()
        self.again.clicked.connect(self.asked_again)
        self.below.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)
        self.field.refused.connect(self._on_refused)
        self.field.began.connect(self._on_began)

    def show_state(self, state: KeyState, given: str = "") -> None:
        """given: the key, in the desktop's words. A key that is chosen can be taken away also where none can be had."""
        if self.again.hasFocus():
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.setEnabled(state not in NEVER or bool(self.field.keys))
        self.say(state_words(state, given), "warn" if state in TO_BE_MENDED else "")
        self.again.setVisible(state in ASKED_AGAIN)

    def tell_clash(self, keys: str, other: str) -> None:
        self.say(_clash_words(keys, other, can_be_taken=False), "warn")

    def _on_began(self) -> None:
        self.say("")

    def _on_refused(self, why: str) -> None:
        self.say(why, "warn")


def _clash_words(keys: str, other: str, *, can_be_taken: bool) -> str:
    told = translate("Shortcuts", "“{command}” has {keys}.").format(command=other, keys=native(keys))
    return told if can_be_taken else join(told, translate("Shortcuts", "Choose another key."))
