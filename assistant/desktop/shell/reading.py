"""The note at the right: opened by whatever part of the window, closed again, and known by its place while it is open."""

from __future__ import annotations

from PySide6.QtCore import QObject

from assistant.desktop.shell.focus_travel import FocusTravel
from assistant.desktop.shell.library_pane import LibraryPane
from assistant.desktop.shell.three_panes import RIGHT, ThreePanes
from assistant.desktop.shell.window_parts import Panes
from assistant.domain.answers import Citation, InstantQuote, Passage


class Reading(QObject):
    """open_note: id of its folder and path, () for none."""

    def __init__(
        self, given: Panes, panes: ThreePanes, library: LibraryPane, travel: FocusTravel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._source = given.source
        self._chat_widget = given.chat_widget
        self._panes = panes
        self._library = library
        self._travel = travel
        self.open_note: tuple[int, str] | tuple[()] = ()

    def show_source(self, source: Citation | InstantQuote | Passage) -> None:
        self._travel.remember()
        self._panes.set_open(RIGHT, True)
        self.open_note = (source.folder_id, source.note)
        self._source.show_source(source)
        self._library.show_note(source.folder_id, source.note)

    def show_source_of_answer(self, source: Citation | InstantQuote | Passage) -> None:
        """The keys follow to the note that was opened from an answer; Escape brings them back."""
        self.show_source(source)
        if self._travel.came_from(self._chat_widget):
            self._travel.to_source()

    def mark_source(self, passage: Passage) -> None:
        """Beside the page, where there is room for both; a drawer would hide what is being looked at."""
        if not self._panes.is_drawer(RIGHT):
            self.show_source(passage)

    def close_source(self) -> None:
        self.open_note = ()
        self._panes.set_open(RIGHT, False)
        self._travel.leave_side()

    def forget_note(self, note: Passage) -> None:
        """Nothing of it is kept: neither on the screen nor in the ways back to it."""
        self._source.forget_note(note.folder_id, note.note)
        if self.open_note == (note.folder_id, note.note):
            self.forget()

    def forget(self) -> None:
        """Of no note is anything to be left, on the screen or in memory."""
        self.open_note = ()
        self._source.clear()
        self._panes.set_open(RIGHT, False)
