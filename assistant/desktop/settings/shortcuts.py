"""Every action of a window that has keys, gathered from the actions themselves, so that no list can say something else than they do."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from assistant.desktop.common.words import translate

GROUP = "group"
"""Property of an action or a shortcut: the name of its group, in the window's language."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """keys: as this system writes them."""

    group: str
    text: str
    keys: str


def shortcuts_of(window: QWidget) -> list[Shortcut]:
    """Grouped, each once, in the order in which they were made. An action without a name, or without keys, is left out."""
    found: dict[Shortcut, None] = {}
    for action in window.findChildren(QAction):
        add(found, action, action.text(), action.shortcuts())
    for shortcut in window.findChildren(QShortcut):
        add(found, shortcut, shortcut.whatsThis(), [shortcut.key()])
    everywhere = translate("Shortcuts", "Everywhere in the window")
    groups = [everywhere, *dict.fromkeys(shortcut.group for shortcut in found if shortcut.group != everywhere)]
    return sorted(found, key=lambda shortcut: groups.index(shortcut.group))


def add(found: dict[Shortcut, None], owner: QObject, text: str, keys: list[QKeySequence]) -> None:
    shown = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys]
    name = text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("….")
    if name and any(shown):
        between = translate("Shortcuts", " or ")
        found[Shortcut(_group_of(owner), name, between.join(key for key in shown if key))] = None


def _group_of(owner: QObject) -> str:
    """As it says itself; else the name of the part that it belongs to."""
    group = owner.property(GROUP)
    if isinstance(group, str) and group:
        return group
    parent = owner.parent()
    while isinstance(parent, QWidget) and not parent.isWindow():
        if parent.accessibleName():
            return parent.accessibleName()
        parent = parent.parent()
    return translate("Shortcuts", "Everywhere in the window")
