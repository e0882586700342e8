"""Widgets of the source pane live in a window: shown alone, their fixed sizes make the offscreen platform complain."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parent))

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
