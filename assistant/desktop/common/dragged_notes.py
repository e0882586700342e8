"""Notes and folders on their way out of the window: other programs are given the files, the question in the making what is to be asked."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QMimeData, QUrl

from assistant.domain.answers import Passage

NOTE_FORMAT = "application/x-elephant-note"
"""Says that a drag began in our own window: such files are in the library already."""


class DraggedPlace(msgspec.Struct, frozen=True):
    """path: below the watched folder, "" for all of that. file: where it lies on disk."""

    folder_id: int
    path: str
    file: str
    title: str
    is_folder: bool = False


def mime_of(notes: Sequence[Passage], folders: Sequence[Passage] = ()) -> QMimeData | None:
    """What is dragged for these; None if where they lie is not known. A folder: as a passage without words."""
    places = [
        DraggedPlace(one.folder_id, one.note, one.note_path, one.title, is_folder)
        for some, is_folder in ((notes, False), (folders, True))
        for one in some
        if one.note_path
    ]
    if not places:
        return None
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(place.file) for place in places])
    data.setText("\n".join(place.file for place in places))
    data.setData(NOTE_FORMAT, msgspec.json.encode(places))
    return data


def places_of(data: QMimeData) -> list[DraggedPlace]:
    """What a drag brings that began in our own window; nothing for another one."""
    try:
        return msgspec.json.decode(data.data(NOTE_FORMAT).data(), type=list[DraggedPlace])
    except msgspec.MsgspecError:
        return []
