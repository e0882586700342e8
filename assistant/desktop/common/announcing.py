"""Telling a screen reader what appears on screen while the keyboard is elsewhere."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str) -> None:
    """Have `text` said once what is being said now is at its end. What is not on screen speaks through its window."""
    if text and is_heard():
        speaker = widget if widget.isVisible() else widget.window()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(speaker, text))


def is_heard() -> bool:
    """Whether a screen reader, or anything else that reads the window instead of looking at it, is at work."""
    return QAccessible.isActive()
