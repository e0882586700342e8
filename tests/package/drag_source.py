"""A little window to drag folders out of, as a file manager's: python drag_source.py X Y PATH... Prints "ready" when it can be dragged from, and
"dropped" or "refused" once that is done. Ends when it is ended."""

from __future__ import annotations

import sys

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


class Source(QLabel):
    def __init__(self, paths: list[str]) -> None:
        super().__init__("drag me")
        self.setWindowTitle("drag source")
        self.setWindowFlag(Qt.WindowType.X11BypassWindowManagerHint)
        self.setFixedSize(120, 60)
        self._paths = paths

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton:
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in self._paths])
        drag = QDrag(self)
        drag.setMimeData(data)
        taken = drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.LinkAction)
        # It goes on running: what was dropped is read from here only now.
        print("dropped" if taken != Qt.DropAction.IgnoreAction else "refused", flush=True)


app = QApplication([])
source = Source(sys.argv[3:])
source.move(int(sys.argv[1]), int(sys.argv[2]))
source.show()
source.raise_()
app.processEvents()
print("ready", flush=True)
sys.exit(app.exec())
