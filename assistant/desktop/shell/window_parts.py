"""What the main window is given: the panes that are made elsewhere, as far as it needs them, and where its pictures are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from assistant.domain.answers import Citation, InstantQuote, Passage
from assistant.domain.library import FolderInfo, LibraryCounts


class ChatLike(Protocol):
    """What the window needs of the chat pane."""

    @property
    def header(self) -> QWidget: ...
    @property
    def conversation_id(self) -> int: ...
    @property
    def is_answering(self) -> bool: ...
    @property
    def source_requested(self) -> SignalInstance: ...
    @property
    def conversation_changed(self) -> SignalInstance: ...
    @property
    def model_chosen(self) -> SignalInstance: ...
    @property
    def folder_wanted(self) -> SignalInstance: ...
    @property
    def stopped(self) -> SignalInstance: ...
    @property
    def failed(self) -> SignalInstance: ...

    def new_chat(self) -> None: ...
    def open_conversation(self, conversation_id: int, at_turn: int = 0) -> None: ...
    def open_again(self) -> None: ...
    def set_library_state(self, counts: LibraryCounts, folders: tuple[FolderInfo, ...]) -> None: ...
    def set_model(self, name: str, title: str) -> None: ...
    def focus_question(self) -> None: ...
    def ask(self, text: str) -> None: ...
    def stop(self) -> None: ...
    def draft(self) -> str: ...
    def set_draft(self, text: str) -> None: ...


class SourceLike(Protocol):
    """What the window needs of the source pane."""

    @property
    def closed(self) -> SignalInstance: ...

    @property
    def chunks_asked(self) -> SignalInstance: ...

    @property
    def ask_wanted(self) -> SignalInstance: ...

    def show_source(self, source: Citation | InstantQuote | Passage) -> None: ...

    def clear(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Panes:
    """The panes made elsewhere. Each widget is its pane."""

    chat: ChatLike
    chat_widget: QWidget
    source: SourceLike
    source_widget: QWidget


@dataclass(frozen=True, slots=True)
class Places:
    """Where the window finds what is shipped with it."""

    pictures: Path
    sample_notes: Path
