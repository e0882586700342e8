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
        self._told: set[int] = set()
        """The chats whose draft of the last run is known. Others are not saved: what is stored of them would be lost."""
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

    def of(self, chat: int) -> str:
        """What is to stand in the input."""
        return self._texts.get(chat, "")

    def learn(self, chat: int, stored: str) -> str:
        """What is to stand in the input. stored: as the engine tells it. What was typed before it told goes below, what was typed since is newer."""
        if chat not in self._told:
            self._told.add(chat)
            both = _below(stored, self.of(chat))
            if both == stored:
                self._texts[chat] = stored
                self._unsaved.discard(chat)
            else:
                self.typed(chat, both)
                self._timer.start()
        return self.of(chat)

    def is_told(self, chat: int) -> bool:
        return chat in self._told

    def move(self, chat: int, to: int) -> None:
        """What is typed was meant for another chat: it goes below what stands there."""
        text = self.of(chat)
        self.typed(chat, "")
        self.typed(to, _below(self.of(to), text))

    def begin(self, chat: int) -> None:
        """The new chat has got its number: what is typed goes on there."""
        self._told.add(chat)
        self.move(0, chat)

    def forget(self) -> None:
        """All chats are others now: what was typed belongs to none of them."""
        self._timer.stop()
        self._texts.clear()
        self._unsaved.clear()
        self._told = {0}

    def save(self) -> None:
        """Have the engine keep what it does not have yet. Without one it waits for the next."""
        self._timer.stop()
        if not self._client.is_ready:
            return
        due = self._unsaved & self._told
        for chat in sorted(due):
            self._client.send(SaveDraft(chat, self.of(chat)))
        self._unsaved -= due

    def _on_welcomed(self, _welcome: object) -> None:
        # The engine before it may have died with what it was told last.
        self._unsaved |= self._texts.keys()
        self.save()


def _below(stored: str, typed: str) -> str:
    if not stored or typed.startswith(stored):
        return typed
    return f"{stored}\n{typed}" if typed else stored
