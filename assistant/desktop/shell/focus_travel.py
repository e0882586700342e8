"""Where the keyboard goes from pane to pane, and back from a pane to what it came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from assistant.desktop.shell.focus import give_focus
from assistant.desktop.shell.library_pane import LibraryPane
from assistant.desktop.shell.three_panes import RIGHT, ThreePanes


class FocusTravel(QObject):
    """Remembers what the source was opened from."""

    def __init__(
        self, window: QWidget, panes: ThreePanes, library: LibraryPane, source: QWidget, to_middle: Callable[[], None]
    ) -> None:
        """to_middle: gives the keyboard to whatever the middle shows."""
        super().__init__(window)
        self._window = window
        self._panes = panes
        self._library = library
        self._source = source
        self._to_middle = to_middle
        self._before_source: QWidget | None = None

    def has(self, pane: QWidget) -> bool:
        """Whether the keyboard is in a pane."""
        focus = self._focused()
        return focus is not None and (focus is pane or pane.isAncestorOf(focus))

    def is_in_side(self) -> bool:
        return self.has(self._source) or self.has(self._library)

    def next_pane(self) -> None:
        self._go_round(1)

    def previous_pane(self) -> None:
        self._go_round(-1)

    def to_source(self) -> None:
        give_focus(self._source)

    def remember(self) -> None:
        """A note is about to be opened: what has the keyboard now is what it is opened from."""
        self._before_source = self._focused()

    def came_from(self, pane: QWidget) -> bool:
        """Whether the note that is open was opened from this pane."""
        return self._before_source is not None and pane.isAncestorOf(self._before_source)

    def leave_side(self) -> None:
        """Back from a side pane: to what its note was opened from, if that is still there, else to the middle."""
        before, self._before_source = self._before_source, None
        if before is not None and shiboken6.isValid(before) and before.isVisible() and not self.has(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._to_middle()

    def _go_round(self, by: int) -> None:
        """F6: the middle, the note at the right, the library at the left, and again."""
        stops = [self._to_middle]
        if self._panes.is_open(RIGHT):
            stops.append(self.to_source)
        if self._library.isVisible():
            stops.append(self._library.focus_search)
        stops[(self._stop_with_focus(len(stops)) + by) % len(stops)]()

    def _stop_with_focus(self, stops: int) -> int:
        if self.has(self._library):
            return stops - 1
        return 1 if self.has(self._source) else 0

    def _focused(self) -> QWidget | None:
        return cast("QWidget | None", self._window.focusWidget())
