"""What is typed and not sent, kept for each chat soon after the typing stops."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from assistant.desktop.client.engine_client import EngineClient
from assistant.ipc.engine_messages import SaveDraft

PAUSE_MS = 400
"""Long enough not to write at every letter, short enough that a kill takes hardly more than a word."""


class Drafts(QObject):
    """Knows the drafts of this run and has the engine keep them. Lives on the UI thread. Chat 0: the one that has not begun."""

    def __init__(self, client: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._texts: dict[int, str] = {}
        self._unsaved: set[int] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.save)
        client.welcomed.connect(self._on_welcomed)

    def typed(self, chat: int, text: str) -> None:
        if self._texts.get(chat, "") != text:
            self._texts[chat] = text
            self._unsaved.add(chat)
            self._timer.start()

    def of(self, chat: int, stored: str = "") -> str:
        """What is to stand in the input. stored: as the engine tells it, which is older than what was typed in this run."""
        return self._texts.setdefault(chat, stored) if stored else self._texts.get(chat, "")

    def is_known(self, chat: int) -> bool:
        return chat in self._texts

    def move(self, chat: int, to: int) -> None:
        """A chat has got its number: what is typed goes on there."""
        text = self._texts.get(chat, "")
        self.typed(chat, "")
        self.typed(to, text)

    def forget(self) -> None:
        """All chats are others now: what was typed belongs to none of them."""
        self._timer.stop()
        self._texts.clear()
        self._unsaved.clear()

    def save(self) -> None:
        """Have the engine keep what it does not have yet. Without one it waits for the next."""
        self._timer.stop()
        if not self._client.is_ready:
            return
        for chat in sorted(self._unsaved):
            self._client.send(SaveDraft(chat, self._texts.get(chat, "")))
        self._unsaved.clear()

    def _on_welcomed(self, _welcome: object) -> None:
        # The engine before it may have died with what it was told last.
        self._unsaved |= self._texts.keys()
        self.save()
