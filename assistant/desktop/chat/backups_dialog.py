"""The backups of the chats: what is in each, what putting one back would change, and the way back from that."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from assistant.desktop.chat.backup_words import backup_kind, restore_failed_words
from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_button, make_label, set_tone
from assistant.desktop.common.rows import ROW_ROLE, Row, RowList
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import chats_and_questions, count_chats, join, when
from assistant.domain.answers import BackupSummary
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import BackUpNow, BackupRestored, BackupsListed, ListBackups, RestoreBackup

Index = QModelIndex | QPersistentModelIndex


class BackupsModel(QAbstractListModel):
    BACKUP_ROLE = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backups: tuple[BackupSummary, ...] = ()

    def show_backups(self, backups: tuple[BackupSummary, ...]) -> None:
        self.beginResetModel()
        self._backups = backups
        self.endResetModel()

    def row_of(self, number: int) -> int:
        return next((row for row, backup in enumerate(self._backups) if backup.number == number), 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._backups)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._backups):
            return None
        backup = self._backups[index.row()]
        made = when(backup.made_at_s)
        inside = chats_and_questions(backup.conversations, backup.turns) if backup.is_sound else ""
        kind = backup_kind(backup)
        if role == self.BACKUP_ROLE:
            return backup
        if role == ROW_ROLE:
            return Row(made[:1].upper() + made[1:], " · ".join(part for part in (inside, kind) if part))
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return ", ".join(part for part in (made, inside, kind) if part)
        return None


class BackupsDialog(QDialog):
    """Whoever shows chats hears of one put back from the client: the dialog may be closed before it is done.

    Signals:
        restore_begun(int): the id of the request, for whoever says that it failed when the dialog is gone.
    """

    restore_begun = Signal(int)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Backups of your chats"))
        self.setModal(True)
        self._client = client
        self._chats = 0
        self._undo_number = 0
        self.model = BackupsModel(self)
        self.now = make_label("", wraps=True)
        self.said = make_label("", "warn", wraps=True)
        self.said.hide()
        self.undo = make_button(self.tr("Undo"), "link", "accent")
        self.undo.hide()
        self.empty = make_label(
            self.tr(
                "There is no backup yet. One is made every hour in which something changed, and when Elephant closes."
            ),
            "soft",
            wraps=True,
        )
        self.view = RowList(theme, self.tr("Backups"), self)
        self.view.setModel(self.model)
        self.what = make_label("", "small", wraps=True)
        self.make = make_button(self.tr("Back up now"))
        self.close_button = make_button(self.tr("Close"))
        self.restore = make_button(self.tr("Restore this backup"), "primary")
        self._lay_out(theme)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.make.clicked.connect(self._on_make)
        self.restore.clicked.connect(self._on_restore)
        self.undo.clicked.connect(self._on_undo)
        self.close_button.clicked.connect(self.accept)
        self._show_current()
        client.request(ListBackups(), self._on_listed, self._on_failed)

    def _lay_out(self, theme: Theme) -> None:
        said = QHBoxLayout()
        said.addWidget(self.said, 1)
        said.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.addWidget(self.make)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.restore)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(10)
        layout.addWidget(make_label(self.tr("Backups of your chats"), "title", wraps=True))
        layout.addWidget(self.now)
        layout.addLayout(said)
        layout.addWidget(self.empty)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.what)
        layout.addSpacing(4)
        layout.addLayout(buttons)
        self.resize(theme.px(520), theme.px(480))

    # ---- what is shown ---------------------------------------------------------------------------------------------------

    def _on_listed(self, listed: BackupsListed) -> None:
        self._chats = listed.conversations
        current = self._current()
        self.now.setText(
            self.tr("You have {chats} now.").format(chats=chats_and_questions(listed.conversations, listed.turns))
        )
        self.model.show_backups(listed.backups)
        self.empty.setVisible(not listed.backups)
        self.view.setVisible(bool(listed.backups))
        if listed.backups:
            self.view.setCurrentIndex(self.model.index(self.model.row_of(current.number if current else 0), 0))
            self.view.setFocus()
        self._show_current()

    def _on_current(self, _index: QModelIndex) -> None:
        self._show_current()

    def _show_current(self) -> None:
        backup = self._current()
        self.restore.setEnabled(backup is not None and backup.is_sound)
        self.what.setText(self._what_changes(backup) if backup is not None else "")

    def _what_changes(self, backup: BackupSummary) -> str:
        if not backup.is_sound:
            return self.tr("This backup is damaged and cannot be used.")
        return join(
            self.tr("You have {now}; this backup has {then}, from {when}.").format(
                now=count_chats(self._chats), then=count_chats(backup.conversations), when=when(backup.made_at_s)
            ),
            self.tr("Whatever was asked, renamed or deleted after that is undone."),
            self.tr("What you have now is backed up first, so you can come back to it."),
        )

    def _current(self) -> BackupSummary | None:
        backup = self.view.currentIndex().data(BackupsModel.BACKUP_ROLE)
        return backup if isinstance(backup, BackupSummary) else None

    # ---- what the user does ----------------------------------------------------------------------------------------------

    def _on_make(self) -> None:
        self._client.request(BackUpNow(), self._on_made, self._on_failed)

    def _on_made(self, listed: BackupsListed) -> None:
        self._on_listed(listed)
        self._say(self.tr("Backed up."), good=True)

    def _on_restore(self) -> None:
        backup = self._current()
        if backup is not None:
            self._restore(backup.number)

    def _on_undo(self) -> None:
        self._restore(self._undo_number)

    def _restore(self, number: int) -> None:
        self.restore.setEnabled(False)
        self.restore_begun.emit(self._client.request(RestoreBackup(number), self._on_restored, self._on_failed))

    def _on_restored(self, done: BackupRestored) -> None:
        self._undo_number = done.undo.number
        self._say(
            self.tr("Your chats are those of {when} again: {inside}.").format(
                when=when(done.restored.newest_at_s or done.restored.made_at_s),
                inside=chats_and_questions(done.restored.conversations, done.restored.turns),
            ),
            good=True,
        )
        self.undo.show()
        self._client.request(ListBackups(), self._on_listed, self._on_failed)

    def _on_failed(self, error: AssistantError) -> None:
        self._say(restore_failed_words(error), good=False)
        self._show_current()

    def _say(self, text: str, *, good: bool) -> None:
        self.said.setText(text)
        self.said.setProperty("role", "small-ink" if good else "warn")
        set_tone(self.said, "good" if good else "bad")
        self.said.show()
        self.undo.hide()
        announce(self.said, text)
