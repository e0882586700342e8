"""The images of the open note: asked of the engine, which alone reads files, and shown as they arrive."""

from __future__ import annotations

import base64

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.source.source_view import SourceView
from assistant.ipc.engine_messages import NoteImageRead, ReadNoteImage, SourceOpened

NARROWEST_PX = 200


class NoteImages(QObject):
    """Lives on the UI thread."""

    def __init__(self, client: EngineClient, view: SourceView, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._view = view
        self._opened: SourceOpened | None = None
        self._wanted: dict[int, int] = {}
        view.image_wanted.connect(self._on_wanted)
        client.finished.connect(self._on_finished)

    def belong_to(self, opened: SourceOpened | None) -> None:
        """The note whose images are wanted from now on; what is still to come for another one is dropped."""
        self._opened = opened
        self._wanted = {}

    def _on_wanted(self, number: int, target: str) -> None:
        opened = self._opened
        if opened is not None and target:
            width = max(NARROWEST_PX, round(self._view.viewport().width() * self._view.devicePixelRatioF()))
            request = self._client.send(ReadNoteImage(opened.folder_id, opened.note, target, width))
            self._wanted[request] = number

    def _on_finished(self, request: int, event: object) -> None:
        if isinstance(event, NoteImageRead) and request in self._wanted:
            image = QImage()
            if event.png:
                image.loadFromData(base64.b64decode(event.png))
            self._view.set_image(self._wanted.pop(request), image)
