"""The files that need a look: grouped by what is wrong with them, with what can be done."""

from __future__ import annotations

from itertools import groupby
from pathlib import PurePath

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assistant.desktop.controls import make_button, make_label
from assistant.desktop.dialogs import PasswordQuestion
from assistant.desktop.engine_client import EngineClient
from assistant.desktop.file_manager import reveal
from assistant.desktop.page import Page, empty_layout, make_card
from assistant.desktop.theme import Theme
from assistant.desktop.words import error_words, number, reason_sentence, translate
from assistant.domain.documents import ReasonCode
from assistant.domain.errors import AssistantError
from assistant.domain.library import FileInfo
from assistant.ipc.engine_messages import FoldersChanged, GetStatus, ListAttention, RetryFile, StatusReport, TreeListed

MOST_ROWS = 200


class FileRow(QWidget):
    """Signals:
    retry_asked(FileInfo), reveal_asked(FileInfo): its buttons.
    """

    retry_asked = Signal(object)
    reveal_asked = Signal(object)

    def __init__(self, file: FileInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file = file
        folder, _, name = file.note.rpartition("/")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(make_label(name, wraps=True))
        if folder:
            words.addWidget(make_label(folder, "small", wraps=True))
        locked = file.reason == ReasonCode.ENCRYPTED
        self.retry = make_button(self.tr("Enter password…") if locked else self.tr("Retry"), "link", "accent")
        show = make_button(self.tr("Show in file manager"), "link")
        self.retry.clicked.connect(self._on_retry)
        show.clicked.connect(self._on_show)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.addLayout(words, 1)
        layout.addWidget(self.retry)
        layout.addWidget(show)

    def _on_retry(self) -> None:
        self.retry_asked.emit(self._file)

    def _on_show(self) -> None:
        self.reveal_asked.emit(self._file)


class AttentionPage(Page):
    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, translate("AttentionPage", "Needs attention"), parent)
        self._client = client
        self._paths: dict[int, str] = {}
        self._asking: FileInfo | None = None
        self.intro = make_label("", "soft", wraps=True)
        self.trouble = make_label("", "warn", wraps=True)
        self.trouble.hide()
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self.body.addWidget(self.intro)
        self.body.addWidget(self.trouble)
        self.body.addLayout(self._list)
        self.body.addStretch(1)
        client.noticed.connect(self._on_noticed)

    def open(self) -> None:
        self._client.request(GetStatus(), self._on_status)
        self._client.request(ListAttention(), self._on_listed, self._on_failed)

    def _on_status(self, status: StatusReport) -> None:
        self._paths = {folder.id: folder.path for folder in status.folders}

    def _on_noticed(self, notice: object) -> None:
        if isinstance(notice, FoldersChanged):
            self._paths = {folder.id: folder.path for folder in notice.folders}
            if self.isVisible():
                self.open()

    def _on_listed(self, listed: TreeListed) -> None:
        empty_layout(self._list)
        files = [entry.file for entry in listed.entries if entry.file is not None]
        self.intro.setText(
            self.tr("These files could not be read. Everything else is searchable.")
            if files
            else self.tr("Every file could be read.")
        )
        for reason, group in groupby(sorted(files[:MOST_ROWS], key=_reason), key=_reason):
            self._add_group(reason, list(group))
        if len(files) > MOST_ROWS:
            more = self.tr("and {n} more").format(n=number(len(files) - MOST_ROWS))
            self._list.addWidget(make_label(more, "small"))

    def _add_group(self, reason: str, files: list[FileInfo]) -> None:
        card, layout = make_card()
        layout.addWidget(make_label(reason_sentence(reason, files[0].reason_detail), "title", wraps=True))
        for file in files:
            row = FileRow(file)
            row.retry_asked.connect(self._on_retry)
            row.reveal_asked.connect(self._on_reveal)
            layout.addWidget(row)
        self._list.addWidget(card)

    def _on_retry(self, file: FileInfo) -> None:
        if file.reason == ReasonCode.ENCRYPTED:
            self._asking = file
            question = PasswordQuestion(self, file.note.rsplit("/", 1)[-1])
            question.given.connect(self._on_password)
            question.open()
        else:
            self._client.request(RetryFile(file.folder_id, file.note), self._on_retried, self._on_failed)

    def _on_password(self, password: str) -> None:
        file = self._asking
        if file is not None:
            self._client.request(RetryFile(file.folder_id, file.note, password), self._on_retried, self._on_failed)

    def _on_retried(self, _done: object) -> None:
        self.trouble.hide()
        self.open()

    def _on_reveal(self, file: FileInfo) -> None:
        reveal(str(PurePath(self._paths.get(file.folder_id, ""), *file.note.split("/"))))

    def _on_failed(self, error: AssistantError) -> None:
        self.trouble.setText(error_words(error).as_text())
        self.trouble.show()


def _reason(file: FileInfo) -> str:
    return file.reason
