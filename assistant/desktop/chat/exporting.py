"""Writing chats into a file of the user's choice, as Markdown, JSON or PDF."""

from __future__ import annotations

import re
from pathlib import Path, PurePath

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from assistant.desktop.chat.notes_folders import NotesFolders
from assistant.desktop.chat.pdf_export import PdfExport
from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.dialogs import Question, make_file_dialog
from assistant.desktop.common.file_names import file_name
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import count_chats, error_words
from assistant.domain.answers import Conversation
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import ExportConversations, Exported

_ENDING = re.compile(r"\.(md|json|pdf)$", re.IGNORECASE)


class Exporting(QObject):
    """Asks where to, and has the engine write. Proposes the documents folder, and asks again before anything goes among the notes.

    Signals:
        said(str): it is done, or why not.
    """

    said = Signal(str)

    def __init__(self, client: EngineClient, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._client = client
        self._window = window
        self._ids: tuple[int, ...] = ()
        self._target = ""
        self._suffix = "md"
        self._name = ""
        self._folders = NotesFolders(client, self)
        self._pdf = PdfExport(client, theme, self)
        self._pdf.done.connect(self._on_written)
        self._pdf.failed.connect(self._on_failed)

    def export_all(self) -> None:
        self._ask((), self.tr("Elephant chats"))

    def export_one(self, chat: Conversation) -> None:
        self._ask((chat.id,), chat.title)

    def write(self, path: str) -> None:
        """To this file, chosen by the user; its ending says the format."""
        if _ENDING.search(path):
            self._target = path
            self._send_unless_among_notes()
            return
        # The dialog takes whatever follows a point for an ending ("Report v1.2"), so it has not asked about this file.
        self._target = f"{path}.{self._suffix}"
        if not Path(self._target).exists():
            self._send_unless_among_notes()
            return
        question = Question(
            self._window,
            self.tr("Replace “{name}”?").format(name=PurePath(self._target).name),
            self.tr("There is a file of this name already. What is in it would be lost."),
            self.tr("Replace"),
        )
        question.agreed.connect(self._send_unless_among_notes)
        question.open()

    def _send_unless_among_notes(self) -> None:
        target = self._target
        folder = self._folders.holding(target)
        if not folder:
            self._send()
            return
        question = Question(
            self._window,
            self.tr("Save it among your notes?"),
            self.tr("{folder} is one of your notes folders, so the exported chats would be read as a note.").format(
                folder=folder
            ),
            self.tr("Save it there"),
        )
        question.agreed.connect(self._send)
        question.open()

    def _ask(self, ids: tuple[int, ...], name: str) -> None:
        self._ids, self._suffix, self._name = ids, "md", name
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or str(
            Path.home()
        )
        kinds = self.tr("Markdown (*.md)"), self.tr("JSON (*.json)"), self.tr("PDF (*.pdf)")
        dialog = make_file_dialog(self._window, self.tr("Export chats"), documents, *kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("md")
        dialog.selectFile(f"{file_name(name)}.md")
        dialog.filterSelected.connect(self._on_filter)
        dialog.fileSelected.connect(self.write)
        dialog.open()

    def _on_filter(self, chosen: str) -> None:
        dialog = self.sender()
        if isinstance(dialog, QFileDialog):
            self._suffix = next((one for one in ("json", "pdf") if one in chosen), "md")
            dialog.setDefaultSuffix(self._suffix)
            for selected in dialog.selectedFiles()[:1]:
                dialog.selectFile(f"{_ENDING.sub('', PurePath(selected).name)}.{self._suffix}")

    def _send(self) -> None:
        if self._target.lower().endswith(".pdf"):
            self._send_pdf()
            return
        form = "json" if self._target.lower().endswith(".json") else "md"
        self._client.request(ExportConversations(self._target, form, self._ids), self._on_done, self._on_failed)

    def _send_pdf(self) -> None:
        if self._pdf.is_busy:
            self.said.emit(self.tr("A PDF is still being made. Export this one when it is done."))
            return
        self.said.emit(self.tr("Making the PDF…"))
        self._pdf.write(self._target, self._ids, self._name)

    def _on_done(self, done: Exported) -> None:
        self._on_written(done.path, done.conversations)

    def _on_written(self, path: str, chats: int) -> None:
        self.said.emit(self.tr("{chats} exported to {path}").format(chats=count_chats(chats), path=path))

    def _on_failed(self, error: AssistantError) -> None:
        self.said.emit(error_words(error).as_text())
