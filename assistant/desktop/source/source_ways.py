"""The keys of the pane, and the mouse's own buttons for back and forward, wherever it is over the note."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QWidget

_WAYS = {Qt.MouseButton.BackButton: -1, Qt.MouseButton.ForwardButton: 1}


class MouseWays(QObject):
    """Signals:
    gone(int): -1 for back, 1 for forward.
    """

    gone = Signal(int)

    def __init__(self, parts: Iterable[QWidget], parent: QObject) -> None:
        """parts: what a mouse is over when it is over the note."""
        super().__init__(parent)
        for part in parts:
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            by = _WAYS.get(event.button())
            if by:
                self.gone.emit(by)
                return True
        return super().eventFilter(watched, event)


def add_keys(pane: QWidget, group: str, keys: QKeySequence, name: str, slot: Callable[[], None]) -> None:
    """A shortcut that counts while the focus is in the pane, and is listed with the others. slot: a method of the pane."""
    shortcut = QShortcut(keys, pane)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.setWhatsThis(name)
    shortcut.setProperty("group", group)
    shortcut.activated.connect(slot)
