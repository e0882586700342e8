"""The images of the open note: asked of the engine, which alone reads files, and shown as they arrive."""

from __future__ import annotations

import base64

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.background import Background
from assistant.desktop.source.source_view import SourceView
from assistant.ipc.engine_messages import NoteImageRead, ReadNoteImage, SourceOpened

NARROWEST_PX = 200


class NoteImages(QObject):
    """Lives on the UI thread. Pictures are decoded beside it: a large one takes a tenth of a second and more."""

    def __init__(self, client: EngineClient, view: SourceView, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._view = view
        self._opened: SourceOpened | None = None
        self._wanted: dict[int, str] = {}
        self._decoding = Background(self)
        self._decoding.done.connect(self._on_decoded)
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
        if request not in self._wanted or not isinstance(event, NoteImageRead):
            return
        png, opened, target = event.png, self._opened, self._wanted.pop(request)
        if png:
            self._decoding.run(lambda: (opened, target, decoded(png)))

    def _on_failed(self, request: int, _error: object) -> None:
        self._wanted.pop(request, None)

    def _on_decoded(self, found: tuple[SourceOpened, str, QImage]) -> None:
        opened, target, image = found
        if opened is self._opened:
            self._view.set_image(target, image)


def decoded(png: str) -> QImage:
    """A picture from its base64 text; a null one if it is damaged. Thread: any."""
    image = QImage()
    image.loadFromData(base64.b64decode(png))
    return image
