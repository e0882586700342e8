"""What replaces or removes what is kept, as far as the window has to follow it: backups put back, and clearing."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from assistant.desktop.chat.backup_words import restore_failed_words
from assistant.desktop.chat.backups_dialog import BackupsDialog
from assistant.desktop.client.chat_news import replaces_chats
from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.theme import Theme
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import Cleared


class Upkeep(QObject):
    """Owns the numbers of the restores under way.

    Signals:
        chats_replaced: the open chat may be another now, or none.
        all_cleared: everything is as on the first day.
        failed(str): why a restore failed, in words, with nobody else to say so.
    """

    chats_replaced = Signal()
    all_cleared = Signal()
    failed = Signal(str)

    def __init__(self, client: EngineClient, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._client = client
        self._theme = theme
        self._window = window
        self._restores: set[int] = set()
        client.finished.connect(self._on_finished)
        client.failed.connect(self._on_failed)

    def show_backups(self) -> None:
        dialog = BackupsDialog(self._client, self._theme, self._window)
        dialog.restore_begun.connect(self._restores.add)
        dialog.open()

    def _on_finished(self, request_id: int, body: object) -> None:
        self._restores.discard(request_id)
        if isinstance(body, Cleared) and body.what == "everything":
            self.all_cleared.emit()
        if replaces_chats(body):
            self.chats_replaced.emit()

    def _on_failed(self, request_id: int, error: AssistantError) -> None:
        """A restore that fails after its dialog was closed."""
        if request_id in self._restores:
            self._restores.discard(request_id)
            if not any(dialog.isVisible() for dialog in self._window.findChildren(BackupsDialog)):
                self.failed.emit(restore_failed_words(error))
