"""Questions to begin a chat with, and what may be asked next: fetched beside everything else, shown when they come in time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLocale, QObject

from assistant.desktop.chat.chat_empty import EmptyChat
from assistant.desktop.chat.follow_ups import FollowUps
from assistant.desktop.client.engine_client import EngineClient
from assistant.domain.answers import Turn, TurnState
from assistant.domain.library import LibraryCounts
from assistant.ipc.engine_messages import QuestionsSuggested, SuggestFollowUps, SuggestQuestions

SUGGESTIONS = 4


class Suggesting(QObject):
    """is_answering: an answer is being made, after which other things may be asked. Lives on the UI thread."""

    def __init__(
        self,
        client: EngineClient,
        empty: EmptyChat,
        follow_ups: FollowUps,
        is_answering: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._empty = empty
        self._follow_ups = follow_ups
        self._is_answering = is_answering
        self._suggested_for: tuple[object, ...] | None = None
        self._following = 0

    def begin_anew(self) -> None:
        """Another engine: what it suggested before may be worth nothing."""
        self._suggested_for = None

    def suggest_first(self, counts: LibraryCounts) -> None:
        """Ask for questions for a new chat when there is something new to make them from."""
        if not self._client.is_ready or not counts.notes:
            return
        searchable = counts.ready + counts.keyword_ready
        state = (searchable > 0, searchable // 50, QLocale().language())
        if not searchable or state == self._suggested_for:
            return
        self._suggested_for = state
        language = "zh" if QLocale().language() == QLocale.Language.Chinese else "en"
        self._client.request(SuggestQuestions(SUGGESTIONS, language), self._on_suggested)

    def _on_suggested(self, event: object) -> None:
        if isinstance(event, QuestionsSuggested):
            self._empty.set_questions(event.questions[:SUGGESTIONS])

    def suggest_next(self, turn: Turn) -> None:
        """Ask what may be asked after this turn, which is the last one that is shown."""
        self.forget_next()
        if turn.state is TurnState.DONE and turn.answer.passages and self._client.is_ready:
            self._following = self._client.request(SuggestFollowUps(turn.id), self._on_next_suggested)

    def _on_next_suggested(self, event: object) -> None:
        self._following = 0
        if isinstance(event, QuestionsSuggested) and not self._is_answering():
            self._follow_ups.set_questions(event.questions)

    def forget_next(self) -> None:
        if self._following:
            self._client.forget(self._following)
            self._following = 0
        self._follow_ups.set_questions(())
