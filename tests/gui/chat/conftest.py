"""Widgets of the chat live in a window: shown alone, their fixed sizes make the offscreen platform complain."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QWidget

Shown = TypeVar("Shown", bound=QWidget)


@pytest.fixture
def in_window(qtbot) -> Callable[[Shown, int, int], Shown]:
    """Put a widget into a window of its own and show it."""
    windows: list[QWidget] = []

    def show(widget: Shown, width: int = 600, height: int = 400) -> Shown:
        window = QWidget()
        windows.append(window)
        qtbot.addWidget(window)
        window.resize(width, height)
        widget.setParent(window)
        widget.resize(width, height)
        window.show()
        widget.show()
        return widget

    return show
