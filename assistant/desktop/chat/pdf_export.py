"""Fetches the chats that are to become a PDF, one after the other, and has it drawn and written beside the UI thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal

from assistant.desktop.chat.chat_pdf import Opened, PdfWords, chats_as_pdf
from assistant.desktop.chat.chat_words import page_word, refusal_line
from assistant.desktop.chat.scope_words import asked_line
from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.background import Background
from assistant.desktop.common.look import paper_look
from assistant.desktop.common.theme import Theme
from assistant.domain.answers import TurnState
from assistant.domain.errors import AssistantError
from assistant.domain.whole_files import write_chosen
from assistant.ipc.engine_messages import ConversationOpened, ConversationsListed, ListConversations, OpenConversation

MOST_CHATS = 100_000


class PdfExport(QObject):
    """One at a time. Lives on the UI thread.

    Signals:
        done(str, int): the file, and how many chats it holds.
        failed(AssistantError): nothing was written.
    """

    done = Signal(str, int)
    failed = Signal(object)

    def __init__(self, client: EngineClient, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self._target = Path()
        self._title = ""
        self._waiting: list[int] = []
        self._chats: list[Opened] = []
        self._is_busy = False
        self._job = Background(self)
        self._job.done.connect(self._on_written)
        self._job.failed.connect(self._on_failed)

    @property
    def is_busy(self) -> bool:
        return self._is_busy

    def write(self, path: str, ids: tuple[int, ...], title: str) -> None:
        """Write these chats, or all if none is named."""
        self._is_busy = True
        self._target, self._title, self._chats = Path(path), title, []
        if ids:
            self._waiting = list(ids)
            self._fetch()
        else:
            self._client.request(ListConversations(limit=MOST_CHATS), self._on_listed, self._on_failed)

    def _on_listed(self, listed: ConversationsListed) -> None:
        self._waiting = [chat.id for chat in listed.conversations]
        self._fetch()

    def _fetch(self) -> None:
        if self._waiting:
            self._client.request(OpenConversation(self._waiting.pop(0)), self._on_opened, self._on_failed)
        else:
            self._draw()

    def _on_opened(self, opened: ConversationOpened) -> None:
        self._chats.append((opened.conversation, opened.turns))
        self._fetch()

    def _draw(self) -> None:
        chats, target, title = tuple(self._chats), self._target, self._title
        look, words = paper_look(self._theme), self._words()

        def work() -> tuple[str, int]:
            write_chosen(target, [chats_as_pdf(chats, look, words, title)])
            return str(target), len(chats)

        self._job.run(work)

    def _words(self) -> PdfWords:
        locale = QLocale()
        form = QLocale.FormatType.LongFormat
        return PdfWords(
            page=self.tr("Page {n} of {count}"),
            place_on_page="{note} · " + page_word(),
            states={
                TurnState.STOPPED.value: self.tr("Stopped."),
                TurnState.FAILED.value: self.tr("The answer could not be finished."),
                TurnState.CUT.value: self.tr("The answer was cut off when Elephant stopped."),
                TurnState.RUNNING.value: self.tr("This answer is still being written."),
            },
            refused=refusal_line(has_passages=False),
            days={
                chat.id: locale.toString(QDateTime.fromSecsSinceEpoch(int(chat.created_at_s)).date(), form)
                for chat, _ in self._chats
            },
            asked={turn.id: asked_line(turn.answer.scope) for _, turns in self._chats for turn in turns},
        )

    def _on_written(self, written: tuple[str, int]) -> None:
        self._is_busy = False
        self._chats = []
        self.done.emit(*written)

    def _on_failed(self, error: AssistantError) -> None:
        self._is_busy = False
        self._chats = []
        self.failed.emit(error)
