"""Pictures off the wire, unpacked beside the UI thread: a page at twice its size takes ten frames."""

from __future__ import annotations

import base64

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from assistant.desktop.common.background import Background

AT_ONCE_PX = 250_000
"""A picture with no more pixels is unpacked at once, in 8 ms: a page as wide as the pane on a plain screen."""

_HEAD_CHARS = 32
_SIZE = slice(16, 24)
"""Of a PNG: its width and height."""


class Pictures(QObject):
    """Lives on the UI thread.

    Signals:
        ready(object, object): what a picture was called, and its QImage; a null one if there is none.
    """

    ready = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._job = Background(self)
        self._job.done.connect(self._on_done)

    def unpack(self, name: object, png: str) -> None:
        """png: base64. Pictures may be ready in another order than they were asked for."""
        if pixels_of(png) <= AT_ONCE_PX:
            self.ready.emit(name, unpacked(png))
        else:
            self._job.run(lambda: (name, unpacked(png)))

    def _on_done(self, result: tuple[object, QImage]) -> None:
        self.ready.emit(*result)


def pixels_of(png: str) -> int:
    """How many pixels a picture says that it has; 0 if it says nothing."""
    try:
        size = base64.b64decode(png[:_HEAD_CHARS])[_SIZE]
    except ValueError:
        return 0
    return int.from_bytes(size[:4], "big") * int.from_bytes(size[4:], "big")


def unpacked(png: str) -> QImage:
    """Thread: any."""
    image = QImage()
    if png:
        image.loadFromData(base64.b64decode(png))
    return image
