"""The folders of the library, as the settings show them: where they are, how many notes they hold, and how to take one out."""

from __future__ import annotations

from functools import partial
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.dialogs import Question
from assistant.desktop.common.page import empty_layout
from assistant.desktop.common.path_label import PathLabel
from assistant.desktop.common.words import count_notes, error_words, translate
from assistant.domain.errors import AssistantError
from assistant.domain.library import FolderInfo
from assistant.ipc.engine_messages import FoldersChanged, RemoveFolder, Welcome


class FoldersBox(QWidget):
    """Signals:
    folder_wanted: the user wants to add one.
    failed(str): why one could not be removed, in words.
    """

    folder_wanted = Signal()
    failed = Signal(str)

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._shown: tuple[tuple[int, str, int], ...] | None = None
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.add = make_button(self.tr("Add a folder…"), parent=self)
        self.add.clicked.connect(self.folder_wanted)
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._rows)
        layout.addLayout(row)
        self.setFocusProxy(self.add)
        client.welcomed.connect(self._on_welcomed)
        client.noticed.connect(self._on_noticed)
        if client.welcome is not None:
            self._on_welcomed(client.welcome)

    def show_folders(self, folders: tuple[FolderInfo, ...]) -> None:
        """Made anew only if something that is shown has changed: they are told of several times a second while indexing."""
        shown = tuple((folder.id, folder.path, folder.notes) for folder in folders)
        if shown == self._shown:
            return
        self._shown = shown
        focused = cast("QWidget | None", self.window().focusWidget())
        had_keyboard = focused is not None and self.isAncestorOf(focused)
        empty_layout(self._rows)
        for folder in folders:
            self._rows.addWidget(self._make_row(folder))
        if not folders:
            self._rows.addWidget(make_label(self.tr("No folder yet."), "soft"))
        if had_keyboard:
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_row(self, folder: FolderInfo) -> QWidget:
        holder = QWidget(self)
        remove = make_button(self.tr("Remove…"), "link")
        remove.setAccessibleName(self.tr("Remove {name}").format(name=folder.name))
        remove.clicked.connect(partial(self._ask_remove, folder))
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(PathLabel(folder.path), 1)
        row.addWidget(make_label(count_notes(folder.notes), "small"))
        row.addWidget(remove)
        return holder

    def _ask_remove(self, folder: FolderInfo, _checked: bool = False) -> None:
        question = Question(
            self.window(),
            translate("LibraryMenu", "Remove “{name}” from the library?").format(name=folder.name),
            translate(
                "LibraryMenu",
                "Elephant forgets what it has read from {notes}. The files themselves stay where they are, unchanged.",
            ).format(notes=count_notes(folder.notes)),
            translate("LibraryMenu", "Remove"),
        )
        question.agreed.connect(partial(self._remove, folder.id))
        question.open()

    def _remove(self, folder_id: int) -> None:
        self._client.request(RemoveFolder(folder_id), None, self._on_failed)

    def _on_failed(self, error: AssistantError) -> None:
        self.failed.emit(error_words(error).as_text())

    def _on_welcomed(self, welcome: Welcome) -> None:
        self.show_folders(welcome.status.folders)

    def _on_noticed(self, notice: object) -> None:
        if isinstance(notice, FoldersChanged):
            self.show_folders(notice.folders)
