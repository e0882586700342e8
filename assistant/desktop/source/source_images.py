"""The images of the open note: asked of the engine, which alone reads files, and shown as they arrive."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.source.source_pictures import Pictures
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
        self._wanted: dict[int, str] = {}
        self._pictures = Pictures(self)
        self._pictures.ready.connect(self._on_ready)
        view.image_wanted.connect(self._on_wanted)
        client.finished.connect(self._on_finished)
        client.failed.connect(self._on_failed)

    def belong_to(self, opened: SourceOpened | None) -> None:
        """The note whose images are wanted from now on; what is still to come for another one is dropped."""
        self._opened = opened
        self._wanted = {}

    def _on_wanted(self, target: str) -> None:
        opened = self._opened
        if opened is not None and target and target not in self._wanted.values():
            width = max(NARROWEST_PX, round(self._view.viewport().width() * self._view.devicePixelRatioF()))
            request = self._client.send(ReadNoteImage(opened.folder_id, opened.note, target, width))
            self._wanted[request] = target

    def _on_finished(self, request: int, event: object) -> None:
        if isinstance(event, NoteImageRead) and request in self._wanted:
            self._pictures.unpack((self._opened, self._wanted.pop(request)), event.png)

    def _on_failed(self, request: int, _error: object) -> None:
        self._wanted.pop(request, None)

    def _on_ready(self, name: tuple[SourceOpened | None, str], image: QImage) -> None:
        opened, target = name
        if opened is self._opened:
            self._view.set_image(target, image)
