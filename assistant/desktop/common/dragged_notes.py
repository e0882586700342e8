"""Notes on their way out of the window: other programs are given the file, a question in the making the note's @-name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QUrl

from assistant.domain.answers import Passage

NOTE_FORMAT = "application/x-elephant-note"
"""Says that a drag began in our own window: such files are in the library already."""


def at_name(note: str) -> str:
    """A note as a question names it."""
    return f"@{note.rsplit('/', 1)[-1]}"


def mime_of(notes: Sequence[Passage]) -> QMimeData | None:
    """What is dragged for these notes; None if where they lie is not known."""
    there = [note for note in notes if note.note_path]
    if not there:
        return None
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(note.note_path) for note in there])
    data.setText(" ".join(at_name(note.note) for note in there) + " ")
    data.setData(NOTE_FORMAT, b"1")
    return data
