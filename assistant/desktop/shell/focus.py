"""Where the keyboard goes: into a pane, and back to whoever had it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


def first_stop(pane: QWidget) -> QWidget | None:
    """What the keys should act on in a pane: what is to be read or walked through there, else the first that Tab would reach."""
    stops = tab_stops(pane)
    return next((stop for stop in stops if isinstance(stop, QAbstractScrollArea)), stops[0] if stops else None)


def tab_stops(pane: QWidget) -> list[QWidget]:
    """The visible widgets of a pane that Tab stops at, in its order."""
    found = []
    widget = pane.nextInFocusChain()
    while widget is not None and widget is not pane:
        takes_tab = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
        if takes_tab and widget.isVisible() and widget.isEnabled() and pane.isAncestorOf(widget):
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def give_focus(pane: QWidget, reason: Qt.FocusReason = Qt.FocusReason.ShortcutFocusReason) -> None:
    """Into a pane, wherever there is something for keys in it."""
    (first_stop(pane) or pane).setFocus(reason)
