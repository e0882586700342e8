"""Puts the sample notes where the user can see, change and delete them."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot


def documents_folder() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())


class SampleNotes(QObject):
    """Copies on a thread of its own: a home folder can lie on a slow network disk.

    Signals:
        copied(str): the folder that now holds them.
        failed(str): why not, in the system's words.
    """

    copied = Signal(str)
    failed = Signal(str)

    _ended = Signal(str, str)

    def __init__(self, source: Path, parent_folder: Path, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._target = parent_folder / name
        self._ended.connect(self._on_ended)

    def copy(self) -> None:
        threading.Thread(target=self._copy, name="sample-notes", daemon=True).start()

    def _copy(self) -> None:
        try:
            # What the user has changed in an earlier copy is the user's: it is not written over.
            if not self._target.exists():
                shutil.copytree(self._source, self._target)
        except OSError as error:
            self._ended.emit("", error.strerror or type(error).__name__)
        else:
            self._ended.emit(str(self._target), "")

    @Slot(str, str)
    def _on_ended(self, folder: str, reason: str) -> None:
        if folder:
            self.copied.emit(folder)
        else:
            self.failed.emit(reason)
