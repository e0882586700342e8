"""Simple panes for tests of the window around them: they keep the contract and write down what they are told."""

from __future__ import annotations

from collections.abc import Sequence

import shiboken6
from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from assistant.desktop.common.controls import make_label
from assistant.desktop.shell.app import Desktop
from assistant.domain.answers import Passage


def end(desktop: Desktop) -> None:
    """Take a whole application apart. Its window goes before the objects it asks for colours and sizes."""
    desktop.close()
    window = desktop.window
    window.hide()
    shiboken6.delete(window)
    desktop._theme.choose("light", 1.0)
    desktop._language.choose("en")
    QLocale.setDefault(QLocale(QLocale.Language.English))


class StandInChat(QWidget):
    source_requested = Signal(object)
    conversation_changed = Signal(int)
    model_chosen = Signal()
    folder_wanted = Signal()
    stopped = Signal()
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header = make_label("A title", "title", parent=self)
        self.question = QLineEdit(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self.header)
        layout.addStretch(1)
        layout.addWidget(self.question)
        self.conversation_id = self.expected = 0
        self.is_answering = False
        self.asked: list[str] = []
        self.opened: list[int] = []
        self.only: list[str] = []
        self.forgotten_notes: list[tuple[int, str]] = []
        self.stops = 0
        self.new_chats = 0
        self.model = ("", "")
        self.folders: tuple[object, ...] = ()

    def expect(self, conversation_id: int) -> None:
        self.expected = conversation_id

    def new_chat(self) -> None:
        self.new_chats += 1
        self.conversation_id = 0

    def open_conversation(self, conversation_id: int, _at_turn: int = 0) -> None:
        self.opened.append(conversation_id)
        self.conversation_id = conversation_id
        self.conversation_changed.emit(conversation_id)

    def open_again(self) -> None:
        self.opened.append(self.conversation_id)

    def set_library_state(self, _counts: object, folders: tuple[object, ...]) -> None:
        self.folders = folders

    def set_model(self, name: str, title: str) -> None:
        self.model = (name, title)

    def focus_question(self) -> None:
        self.question.setFocus()

    def ask(self, text: str) -> None:
        self.asked.append(text)

    def ask_only(self, notes: Sequence[Passage]) -> None:
        self.only = [note.note for note in notes]
        self.question.setFocus()

    def forget_note(self, folder_id: int, note: str) -> None:
        self.forgotten_notes.append((folder_id, note))

    def stop(self) -> None:
        self.stops += 1

    def draft(self) -> str:
        return self.question.text()

    def set_draft(self, text: str) -> None:
        self.question.setText(text)


class StandInSource(QWidget):
    closed = Signal()
    chunks_asked = Signal(object)
    ask_wanted = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: list[object] = []

    def show_source(self, source: object) -> None:
        self.shown.append(source)

    def clear(self) -> None:
        self.shown.clear()

    def forget_note(self, folder_id: int, note: str) -> None:
        self.shown = [one for one in self.shown if (one.folder_id, one.note) != (folder_id, note)]  # type: ignore[attr-defined]
