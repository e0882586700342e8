"""Everything the window can be told to do, declared once: its menu, the palette and the page of shortcuts are made from these."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from assistant.desktop.settings.key_rules import native
from assistant.desktop.settings.shortcuts import SHIPPED_KEYS, chosen_keys


class WindowActions(QObject):
    """Owns the window's actions. Whoever does what they say connects to `triggered`.

    An action's object name is its lasting name, whatever language its text is in; `all()` is in the order of the menu.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._groups: list[list[QAction]] = []
        self._only_found: set[QAction] = set()
        self._begin()
        self.palette = self._add("palette", self.tr("Go to anything…"), "Ctrl+K")
        self.new_chat = self._add("new-chat", self.tr("New chat"), "Ctrl+N")
        self.question = self._add("question", self.tr("Write a question"), "Ctrl+L")
        self.search = self._add("search", self.tr("Search notes and chats"), "Ctrl+Shift+F")
        self.quick_ask = self._add("quick-ask", self.tr("Quick question…"), "Ctrl+Shift+K")
        self._begin()
        self.add_folder = self._add("add-folder", self.tr("Add a folder…"), "Ctrl+O")
        self.library_page = self._add("library-page", self.tr("Inside the library"), "Ctrl+I")
        self.attention = self._add("attention", self.tr("Files that need attention"), only_found=True)
        self._begin()
        self.left = self._add("left-pane", self.tr("Show or hide the library"), "Ctrl+B")
        self.right = self._add("right-pane", self.tr("Show or hide the source"), "Ctrl+J")
        self.notes = self._add("notes", self.tr("List of notes"), "Ctrl+1", only_found=True)
        self.chats = self._add("chats", self.tr("List of chats"), "Ctrl+2", only_found=True)
        self.next_pane = self._add("next-pane", self.tr("Next pane"), "F6")
        self.previous_pane = self._add("previous-pane", self.tr("Previous pane"), "Shift+F6", only_found=True)
        self._begin()
        self.backups = self._add("backups", self.tr("Backups of your chats…"))
        self.export_all = self._add("export-all", self.tr("Export all chats…"))
        self._begin()
        self.models = self._add("models", self.tr("Models"))
        self.settings = self._add("settings", self.tr("Settings"), "Ctrl+,")
        self.privacy = self._add("privacy", self.tr("Privacy"))
        self.light = self._add("light", self.tr("Light appearance"), only_found=True)
        self.dark = self._add("dark", self.tr("Dark appearance"), only_found=True)
        self.as_system = self._add("as-system", self.tr("Appearance as the system"), only_found=True)
        self._begin()
        self.about = self._add("about", self.tr("About Elephant"))
        self.quit = self._add("quit", self.tr("Quit"), "Ctrl+Q")

    def all(self) -> tuple[QAction, ...]:
        return tuple(action for group in self._groups for action in group)

    def choose_keys(self, entries: Iterable[str]) -> None:
        """entries: the setting. A key that two would have goes to one alone: two that share a key are both dead."""
        chosen = chosen_keys(entries)
        taken: set[str] = set()
        for action in sorted(self.all(), key=lambda action: action.objectName() not in chosen):
            keys = chosen.get(action.objectName(), str(action.property(SHIPPED_KEYS)))
            sequence = QKeySequence("" if keys in taken else keys)
            taken.add(keys)
            if action.shortcut() != sequence:
                action.setShortcut(sequence)

    def fill(self, menu: QMenu) -> None:
        """Put those into a menu that belong there; the others are found in the palette."""
        for group in self._groups:
            if not menu.isEmpty():
                menu.addSeparator()
            menu.addActions([action for action in group if action not in self._only_found])

    def _begin(self) -> None:
        self._groups.append([])

    def _add(self, name: str, text: str, keys: str = "", *, only_found: bool = False) -> QAction:
        action = QAction(text.replace("&", "&&"), self._window)
        action.setObjectName(name)
        action.setProperty(SHIPPED_KEYS, keys)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self._groups[-1].append(action)
        self._window.addAction(action)
        if only_found:
            self._only_found.add(action)
        return action


class KeyHint(QObject):
    """Has a button say in its tooltip which key does the same, whatever key that is by now."""

    def __init__(self, button: QAbstractButton, action: QAction) -> None:
        super().__init__(button)
        self._button = button
        self._action = action
        action.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        text, keys = self._button.accessibleName() or self._button.text(), native(self._action.shortcut())
        self._button.setToolTip(f"{text} ({keys})" if keys else text)


def plain_text(action: QAction) -> str:
    """An action's text as it is read: without the mark of its key, and without the dots that promise a dialog."""
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…").rstrip(".")
