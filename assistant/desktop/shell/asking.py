"""Chats as the window opens and begins them, whichever of its parts asks for it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from assistant.desktop.shell.three_panes import ThreePanes
from assistant.desktop.shell.ways import Ways
from assistant.desktop.shell.window_parts import ChatLike
from assistant.domain.answers import Passage


class Asking(QObject):
    def __init__(self, chat: ChatLike, ways: Ways, panes: ThreePanes, parent: QObject) -> None:
        super().__init__(parent)
        self._chat = chat
        self._ways = ways
        self._panes = panes

    def new_chat(self) -> None:
        self._ways.show_chat()
        self._panes.close_drawer()
        self._chat.new_chat()
        self._chat.focus_question()

    def open_conversation(self, conversation_id: int, at_turn: int = 0) -> None:
        self._ways.show_chat_pane()
        self._panes.close_drawer()
        self._chat.open_conversation(conversation_id, at_turn)

    def ask(self, text: str) -> None:
        """In a chat of its own."""
        self.new_chat()
        self._ways.show_chat_pane()
        self._chat.ask(text)

    def write_question(self, question: str, _passage: Passage) -> None:
        """Begin a question about words of the note beside the chat; what is written there already stays."""
        self._begin(question, "\n\n")

    def ask_about(self, note: Passage) -> None:
        """Begin a question that is asked of this note alone; what is being written stays."""
        self._ways.focus_question()
        self._chat.ask_only([note])

    def on_conversation_deleted(self, conversation_id: int) -> None:
        if conversation_id == self._chat.conversation_id:
            self._chat.new_chat()

    def _begin(self, words: str, between: str) -> None:
        draft = self._chat.draft().rstrip()
        self._ways.focus_question()
        self._chat.set_draft(f"{draft}{between}{words}" if draft else words)
