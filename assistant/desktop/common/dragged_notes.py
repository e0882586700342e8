"""Notes on their way out of the window: other programs are given the files, the question in the making the notes to be asked."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QMimeData, QUrl

from assistant.domain.answers import Passage

NOTE_FORMAT = "application/x-elephant-note"
"""Says that a drag began in our own window: such files are in the library already."""


def mime_of(notes: Sequence[Passage]) -> QMimeData | None:
    """What is dragged for these notes; None if where they lie is not known."""
    there = [note for note in notes if note.note_path]
    if not there:
        return None
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(note.note_path) for note in there])
    data.setText("\n".join(note.note_path for note in there))
    places = [(note.folder_id, note.note, note.note_path, note.title) for note in there]
    data.setData(NOTE_FORMAT, msgspec.json.encode(places))
    return data


def notes_of(data: QMimeData) -> list[Passage]:
    """The notes of a drag that began in our own window, without their words; none of another drag."""
    try:
        places = msgspec.json.decode(data.data(NOTE_FORMAT).data(), type=list[tuple[int, str, str, str]])
    except msgspec.MsgspecError:
        return []
    return [Passage(*place, "", 0, 0, 0.0) for place in places]
