"""Every action of a window that has keys, gathered from the actions themselves, so that no list can say something else than they do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from assistant.desktop.common.words import translate
from assistant.desktop.settings.key_rules import native, portable

GROUP = "group"
"""Property of an action or a shortcut: the name of its group, in the window's language."""

SHIPPED_KEYS = "shipped-keys"
"""Property of an action whose keys the user may change: those it was shipped with, "" for none. Its object name is its lasting name."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """keys: as this system writes them. name: "" for one that cannot be changed. all_keys, shipped: as they are kept."""

    group: str
    text: str
    keys: str
    name: str = field(default="", compare=False)
    all_keys: tuple[str, ...] = field(default=(), compare=False)
    shipped: str = field(default="", compare=False)


def shortcuts_of(window: QWidget) -> list[Shortcut]:
    """Grouped, each once, in the order in which they were made. An action without a name is left out, and one without keys unless it may
    have some."""
    found: dict[Shortcut, None] = {}
    for action in window.findChildren(QAction):
        add(found, action, action.text(), action.shortcuts())
    for shortcut in window.findChildren(QShortcut):
        add(found, shortcut, shortcut.whatsThis(), [shortcut.key()])
    everywhere = translate("Shortcuts", "Everywhere in the window")
    groups = [everywhere, *dict.fromkeys(shortcut.group for shortcut in found if shortcut.group != everywhere)]
    return sorted(found, key=lambda shortcut: groups.index(shortcut.group))


def add(found: dict[Shortcut, None], owner: QObject, text: str, keys: list[QKeySequence]) -> None:
    shipped = owner.property(SHIPPED_KEYS)
    shown = [native(key) for key in keys]
    name = text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("….")
    if name and (any(shown) or shipped is not None):
        between = translate("Shortcuts", " or ")
        found[
            Shortcut(
                _group_of(owner),
                name,
                between.join(key for key in shown if key),
                owner.objectName() if shipped is not None else "",
                tuple(portable(key) for key in keys),
                str(shipped or ""),
            )
        ] = None


def chosen_keys(entries: Iterable[str]) -> dict[str, str]:
    """The keys that the user gave to commands, by the commands' names, as the setting has them. What makes no sense is left out."""
    found = {}
    for entry in entries:
        name, between, keys = entry.partition("=")
        if name and between and (not keys or _is_key(keys)):
            found[name] = keys
    return found


def entries_of(chosen: Mapping[str, str]) -> list[str]:
    return [f"{name}={keys}" for name, keys in chosen.items()]


def _is_key(keys: str) -> bool:
    """Whether Qt reads it as one key and writes it the same way: of a word that is none it makes some key or other."""
    sequence = QKeySequence(keys, QKeySequence.SequenceFormat.PortableText)
    return sequence.count() == 1 and portable(sequence) == keys


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
