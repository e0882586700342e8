"""How a test opens a page and reads what it shows."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.page import Page

Opened = TypeVar("Opened", bound=Page)


def shown_text(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def button(widget: QWidget, text: str) -> QPushButton:
    return next(found for found in widget.findChildren(QPushButton) if found.text() == text and not found.isHidden())


def has_button(widget: QWidget, text: str) -> bool:
    return any(found.text() == text and found.isVisible() for found in widget.findChildren(QPushButton))


def settle(qtbot, client: EngineClient) -> None:
    qtbot.waitUntil(lambda: not client.is_waiting)
    QApplication.processEvents()  # rows made just now are shown with the next turn of the loop


def opened(qtbot, client: EngineClient, page: Opened) -> Opened:
    """A page that is shown and has its answers."""
    qtbot.addWidget(page)
    page.resize(700, 800)
    page.show()
    page.open()
    settle(qtbot, client)
    return page
