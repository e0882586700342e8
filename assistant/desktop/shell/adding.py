"""Adding to the library and to the shelf, by dialog, by drop, by command line or from the sample notes."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.dialogs import make_file_dialog
from assistant.desktop.common.words import error_words, join, number
from assistant.desktop.shell.drop_overlay import Drop
from assistant.desktop.shell.sample_notes import SampleNotes, documents_folder
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import AddFolder, FolderAdded


class Adding(QObject):
    """Signals:
    said(str): something to tell, in words.
    model_dropped(str): a model file was let go on the window.
    """

    said = Signal(str)
    model_dropped = Signal(str)

    def __init__(self, client: EngineClient, samples_dir: Path, window: QWidget) -> None:
        super().__init__(window)
        self._client = client
        self._window = window
        self._waiting: deque[str] = deque()
        self._waiting_models: deque[str] = deque()
        self._samples = SampleNotes(samples_dir, documents_folder(), self.tr("Elephant sample notes"), self)
        self._samples.copied.connect(self.add)
        self._samples.failed.connect(self._on_samples_failed)
        client.welcomed.connect(self._on_welcomed)

    def choose_folder(self) -> None:
        dialog = make_file_dialog(self._window, self.tr("Choose a folder of notes"), str(documents_folder()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.add)
        dialog.open()

    def try_samples(self) -> None:
        self._samples.copy()

    def add(self, path: str) -> None:
        """Add a folder or a file; before the engine is there, as soon as it is."""
        self._waiting.append(path)
        if self._client.is_ready:
            self._send()

    def open_paths(self, paths: Sequence[str]) -> None:
        """What the application was started with, or a file manager asks for: folders and notes are added, model files put on the shelf.

        What is not there is asked for all the same: the engine says in words what is wrong with it."""
        for path in paths:
            if path.lower().endswith(".gguf"):
                self._waiting_models.append(path)
            else:
                self._waiting.append(path)
        if self._client.is_ready:
            self._send()

    def take_drop(self, drop: Drop) -> None:
        for path in (*drop.folders, *drop.notes):
            self.add(path)
        for path in drop.models:
            self.model_dropped.emit(path)
        if drop.refused:
            others = len(drop.refused) - 1
            words = (
                self.tr("Elephant cannot read {name} and {n} more.")
                if others
                else self.tr("Elephant cannot read {name}.")
            )
            self.said.emit(words.format(name=Path(drop.refused[0]).name, n=number(others)))

    def _send(self) -> None:
        while self._waiting:
            self._client.request(AddFolder(self._waiting.popleft()), self._on_added, self._on_failed)
        while self._waiting_models:
            self.model_dropped.emit(self._waiting_models.popleft())

    def _on_welcomed(self, _welcome: object) -> None:
        self._send()

    def _on_added(self, added: FolderAdded) -> None:
        if added.already:
            self.said.emit(self.tr("“{name}” is in the library already.").format(name=added.folder.name))

    def _on_failed(self, error: AssistantError) -> None:
        self.said.emit(error_words(error).as_text())

    def _on_samples_failed(self, reason: str) -> None:
        self.said.emit(join(self.tr("The sample notes could not be copied to your documents."), reason))
