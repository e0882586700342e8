"""The section of the shortcuts: the key of every command, and how to change it; below, the keys that belong to one list or pane."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.settings.key_row import KeyRow
from assistant.desktop.settings.setting_row import SettingRow
from assistant.desktop.settings.shortcuts import Shortcut, chosen_keys, entries_of, shortcuts_of
from assistant.domain.settings import Settings

QUICK_ASK = "quick-ask"
"""The command that the key for every program does, too: those two may be the same."""


class ShortcutsSection(QObject):
    """Owns its rows. The keys that count are those the actions have: somebody else gives them these.

    Signals:
        wished(list): the setting is to be this.
    """

    wished = Signal(object)

    def __init__(self, theme: Theme, layout: QVBoxLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._layout = layout
        self._settings = Settings()
        self._window: QWidget | None = None
        self._shown: tuple[tuple[str, str, str, str], ...] = ()
        self.rows: list[SettingRow] = []
        self.groups: list[tuple[QLabel, list[SettingRow]]] = []
        self.reset_all = make_button(self.tr("All keys as they were shipped"), "link", "accent")
        self.reset_all.clicked.connect(self._on_reset_all)
        self.reset_all.hide()
        layout.addWidget(self.reset_all, 0, Qt.AlignmentFlag.AlignLeft)

    def key_row(self, name: str) -> KeyRow:
        """Raises KeyError."""
        rows = {row.key: row for row in self.rows if isinstance(row, KeyRow)}
        return rows[name]

    def show_shortcuts(self, window: QWidget) -> None:
        """As the actions of the window are now; new parts of it may have come since the last time. Where none have, the rows stay."""
        self._window = window
        all_found = shortcuts_of(window)
        shown = tuple((found.group, found.text, found.name, "" if found.name else found.keys) for found in all_found)
        if shown == self._shown:
            self._refresh()
            return
        self._shown = shown
        self._clear()
        for found in all_found:
            if not self.groups or self.groups[-1][0].text() != found.group:
                self.groups.append((make_label(found.group, "section"), []))
                self._layout.addWidget(self.groups[-1][0])
            row = self._make_row(found)
            self.groups[-1][1].append(row)
            self.rows.append(row)
            self._layout.addWidget(row)
        self._refresh()

    def show_settings(self, settings: Settings) -> None:
        self._settings = settings
        self._refresh()

    def fit_search(self, *, is_found: bool) -> None:
        """After a search has hidden some rows: a group without any has no name to show."""
        for label, rows in self.groups:
            is_empty = all(row.isHidden() for row in rows)
            if label.isHidden() != is_empty:
                label.setHidden(is_empty)
        self.reset_all.setVisible(is_found and self._is_any_changed())

    def owner_of(self, keys: str, but_not: str) -> Shortcut | None:
        """What has this key already. but_not: the command it is for."""
        if not keys or self._window is None:
            return None
        others = (found for found in shortcuts_of(self._window) if not found.name or found.name != but_not)
        return next((found for found in others if keys in found.all_keys), None)

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def _clear(self) -> None:
        for widget in (*self.rows, *(label for label, _rows in self.groups)):
            widget.hide()
            widget.deleteLater()
        self.rows.clear()
        self.groups.clear()

    def _make_row(self, found: Shortcut) -> SettingRow:
        words = f"{found.group} shortcuts keyboard keys 快捷键 键盘 按键"
        if not found.name:
            row = SettingRow(self._theme, "", (found.text, "", f"{found.keys} {words}"), None)
            row.show_keys(found.keys)
            return row
        changeable = KeyRow(self._theme, found.name, found.text, words)
        changeable.wished.connect(self._on_wished)
        changeable.taken.connect(self._on_taken)
        changeable.reset_asked.connect(self._on_reset)
        return changeable

    def _commands(self) -> dict[str, Shortcut]:
        found = shortcuts_of(self._window) if self._window is not None else []
        return {shortcut.name: shortcut for shortcut in found if shortcut.name}

    def _refresh(self) -> None:
        commands = self._commands()
        for row in self.rows:
            if isinstance(row, KeyRow) and row.key in commands:
                command = commands[row.key]
                row.show_keys_of("".join(command.all_keys[:1]), command.shipped)
        self.reset_all.setVisible(self._is_any_changed())

    def _is_any_changed(self) -> bool:
        return bool(self._settings.shortcuts) and bool(self.rows)

    def _on_wished(self, name: str, keys: str) -> None:
        other = self.owner_of(keys, name)
        if other is not None:
            self.key_row(name).tell_clash(keys, other.text, can_be_taken=bool(other.name))
        elif keys and keys == self._settings.quick_ask_keys and name != QUICK_ASK:
            text = self.tr("Quick question from every program")
            self.key_row(name).tell_clash(keys, text, can_be_taken=False)
        else:
            self._wish({name: keys})

    def _on_taken(self, name: str, keys: str) -> None:
        other = self.owner_of(keys, name)
        taken_from = {other.name: ""} if other is not None and other.name else {}
        self._wish({**taken_from, name: keys})

    def _on_reset(self, name: str) -> None:
        self._on_wished(name, self._commands()[name].shipped)

    def _on_reset_all(self) -> None:
        self.wished.emit([])

    def _wish(self, changes: dict[str, str]) -> None:
        """Of commands that this version does not have, what was chosen is kept."""
        chosen = {**chosen_keys(self._settings.shortcuts), **changes}
        commands = self._commands()
        kept = {name: keys for name, keys in chosen.items() if name not in commands or keys != commands[name].shipped}
        self.wished.emit(entries_of(kept))
