"""Saving an answer as a note of its own: only where the user says, and never over anything unasked."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from assistant.desktop.chat.answer_copies import note_copy
from assistant.desktop.chat.notes_folders import NotesFolders
from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.background import Background
from assistant.desktop.common.dialogs import Question, make_file_dialog
from assistant.desktop.common.file_names import file_name
from assistant.desktop.common.words import error_words
from assistant.domain.answers import Answer
from assistant.domain.errors import AssistantError
from assistant.domain.whole_files import write_chosen

SUFFIX = ".md"


class SavingAnswer(QObject):
    """Signals:
    said(str): it is saved, or why not.
    """

    said = Signal(str)

    def __init__(self, client: EngineClient, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._folders = NotesFolders(client, self)
        self._text = ""
        self._target = Path()
        self._job = Background(self)
        self._job.done.connect(self._on_done)
        self._job.failed.connect(self._on_failed)

    def save(self, question: str, answer: Answer) -> None:
        """Ask where to."""
        self._text = note_copy(question, answer)
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = make_file_dialog(
            self._window,
            self.tr("Save the answer as a note"),
            documents or str(Path.home()),
            self.tr("Markdown (*.md)"),
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX[1:])
        dialog.selectFile(f"{file_name(question)}{SUFFIX}")
        dialog.fileSelected.connect(self.write)
        dialog.open()

    def write(self, path: str) -> None:
        """To this file, chosen by the user."""
        if path.casefold().endswith(SUFFIX):
            self._target = Path(path)
            self._write()  # the dialog has asked about what is there
            return
        # The dialog takes whatever follows a point for an ending ("Report v1.2"), so it has not asked about this file.
        self._target = Path(f"{path}{SUFFIX}")
        if not self._target.exists():
            self._write()
            return
        question = Question(
            self._window,
            self.tr("Replace “{name}”?").format(name=self._target.name),
            self.tr("There is a file of this name already. What is in it would be lost."),
            self.tr("Replace"),
        )
        question.agreed.connect(self._write)
        question.open()

    def _write(self) -> None:
        target, data = self._target, self._text.encode("utf-8", "replace")

        def work() -> str:
            write_chosen(target, [data])
            return str(target)

        self._job.run(work)

    def _on_done(self, path: str) -> None:
        if self._folders.holding(path):
            text = self.tr("Saved to {path}. It lies among your notes, so it is read like any other note.")
        else:
            text = self.tr("Saved to {path}")
        self.said.emit(text.format(path=path))

    def _on_failed(self, error: AssistantError) -> None:
        self.said.emit(error_words(error).as_text())
