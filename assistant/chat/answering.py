"""From a question to a stored, cited answer: the order of the steps, and what is kept when one of them fails or is stopped."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.chat.citations import Checked
from assistant.chat.conversations import ConversationStore
from assistant.chat.draft import Draft
from assistant.chat.events import (
    ChatEvent,
    EvidenceFound,
    PhaseChanged,
    SentencesChecked,
    TextAdded,
    TurnEnded,
    TurnStarted,
)
from assistant.chat.ports import ChatModelSource, EvidenceFinder, LimitsSource, Retriever
from assistant.chat.prompt_texts import PromptLibrary
from assistant.chat.prompts import PromptBuilder, PromptRequest
from assistant.chat.routing import Route, TurnKind, route_question
from assistant.chat.writing import Writer, can_write
from assistant.domain.answers import Answer, AskScope, SentenceCheck, Support, Turn, TurnState
from assistant.domain.errors import AssistantError, BadRequestError, Cancelled, InternalError, ModelUnavailableError
from assistant.domain.sentences import split_sentences, text_language
from assistant.models.ports import Embedder
from assistant.retrieval.ports import Scope

_SAVE_EVERY_S = 0.5
_LOOK_EVERY_S = 0.05
# More turns than this never fit a context beside passages.
_HISTORY_TURNS = 40


@dataclass(frozen=True, slots=True)
class AnswerTools:
    """What an Answerer works with. embedder: for paraphrases in the citation check, None to go by words alone."""

    retriever: Retriever
    evidence: EvidenceFinder
    models: ChatModelSource
    limits: LimitsSource
    prompts: PromptLibrary
    embedder: Embedder | None = None


class Answerer:
    """Answers questions, one at a time: a second caller waits for the first. Runs on the caller's thread, never the window's."""

    def __init__(self, tools: AnswerTools, store: ConversationStore) -> None:
        self._tools = self.tools = tools
        self._store = store
        self._writer = Writer(PromptBuilder(tools.prompts), tools.embedder)
        self._one_at_a_time = threading.Lock()

    def forget_earlier(self) -> None:
        """A note was forgotten: no model is to read again what was said of it."""
        self._writer.forget_earlier()

    def answer(
        self,
        question: str,
        conversation_id: int,
        scope: Scope,
        cancelled: threading.Event,
        replace_turn: int = 0,
        after_turn: int = 0,
        asked: AskScope | None = None,
    ) -> Iterator[ChatEvent]:
        """Answer a question and store the turn. conversation_id, replace_turn, after_turn: as ConversationStore.start_turn. asked: what the
        scope is called; it is kept with the answer.

        Yields TurnStarted, PhaseChanged*, EvidenceFound, TextAdded*, SentencesChecked* and TurnEnded, always last. Setting
        `cancelled` ends it in every phase; what is there is kept and the turn is "stopped". A consumer that goes away stops it too.

        Raises:
            BadRequestError: an empty question, an unknown conversation or turn.
            AssistantError: any step failed, after TurnEnded has given the failed turn with the part that was finished.
        """
        question = question.strip()
        if not question:
            raise BadRequestError(reason="empty question")
        conversation, turn = self._store.start_turn(question, conversation_id, replace_turn, after_turn)
        draft = Draft(scope=asked or AskScope())
        try:
            yield TurnStarted(conversation, turn.id)
            with self._own_turn(cancelled):
                history = self._store.recent_turns(conversation.id, turn.id, _HISTORY_TURNS + 1)
                saved_at = time.monotonic()
                for event in self._steps(turn, history, scope, draft, cancelled):
                    yield event
                    if time.monotonic() - saved_at >= _SAVE_EVERY_S or isinstance(event, EvidenceFound):
                        self._store.save_partial(turn.id, draft.answer())
                        saved_at = time.monotonic()
        except Cancelled:
            draft.was_stopped = True
        except GeneratorExit:
            self._store.finish_turn(turn.id, draft.answer(), TurnState.STOPPED)
            raise
        except AssistantError as error:
            yield TurnEnded(self._store.finish_turn(turn.id, draft.answer(), TurnState.FAILED, error.kind))
            raise
        except Exception:
            # A bug of ours: the question and the text so far are worth keeping all the same.
            yield TurnEnded(self._store.finish_turn(turn.id, draft.answer(), TurnState.FAILED, InternalError.kind))
            raise
        state = TurnState.STOPPED if draft.was_stopped else TurnState.DONE
        yield TurnEnded(self._store.finish_turn(turn.id, draft.answer(), state))

    def answer_once(self, question: str, scope: Scope, cancelled: threading.Event | None = None) -> Answer:
        """Answer a question without a conversation and without storing anything.

        Raises:
            Cancelled: `cancelled` was set. Other errors as `answer`.
        """
        draft = Draft()
        for _ in self.stream_once(question, scope, draft, cancelled or threading.Event()):
            pass
        return draft.answer()

    def stream_once(self, question: str, scope: Scope, draft: Draft, cancelled: threading.Event) -> Iterator[ChatEvent]:
        """As answer_once, giving the events on the way. The draft holds the answer, also after a failure."""
        question = question.strip()
        if not question:
            raise BadRequestError(reason="empty question")
        turn = Turn(0, 0, question, Answer(), TurnState.RUNNING, time.time())
        with self._own_turn(cancelled):
            yield from self._steps(turn, (), scope, draft, cancelled)
        if draft.was_stopped:
            raise Cancelled

    @contextlib.contextmanager
    def _own_turn(self, cancelled: threading.Event) -> Iterator[None]:
        """Wait until nobody else is being answered. Raises Cancelled."""
        while not self._one_at_a_time.acquire(timeout=_LOOK_EVERY_S):
            if cancelled.is_set():
                raise Cancelled
        try:
            yield
        finally:
            self._one_at_a_time.release()

    # ---- steps -------------------------------------------------------------------------------------------------------

    def _steps(
        self, turn: Turn, history: Sequence[Turn], scope: Scope, draft: Draft, cancelled: threading.Event
    ) -> Iterator[ChatEvent]:
        route = route_question(turn.question, [earlier.question for earlier in history])
        if route.kind is TurnKind.SMALL_TALK:
            yield from self._small_talk(turn.question, route, draft)
            return
        yield from self._find_evidence(route, scope, draft, cancelled)
        if draft.refused:
            return
        limits = self._tools.limits.current()
        request = PromptRequest(
            question=turn.question,
            passages=draft.passages,
            quote=draft.quote,
            answer_tokens=limits.answer_tokens,
            temperature=limits.temperature,
            meant=route.search_query,
            conversation_id=turn.conversation_id,
            history=tuple(history[-_HISTORY_TURNS:]),
            has_more_history=len(history) > _HISTORY_TURNS,
        )
        yield from self._write(turn, request, draft, cancelled)

    def _small_talk(self, question: str, route: Route, draft: Draft) -> Iterator[ChatEvent]:
        draft.text = self._tools.prompts.texts(text_language(question)).small_talk[route.topic]
        ranges = split_sentences(draft.text)
        draft.checked = Checked(tuple(SentenceCheck(start, end, Support.NOT_A_CLAIM) for start, end in ranges))
        yield TextAdded(draft.text)
        yield SentencesChecked(draft.checked.sentences)

    def _find_evidence(
        self, route: Route, scope: Scope, draft: Draft, cancelled: threading.Event
    ) -> Iterator[ChatEvent]:
        limits = self._tools.limits.current()
        yield PhaseChanged("searching")
        _check(cancelled)
        with draft.timed("search_s"):
            found = self._tools.retriever.retrieve(
                route.search_query, top=limits.passages, scope=scope, cancelled=cancelled
            )
        draft.passages = found.passages
        _check(cancelled)
        with draft.timed("quote_s"):
            evidence = self._tools.evidence.find(route.search_query, found, limits.caution, cancelled)
        draft.quote = evidence.quote
        draft.refused = evidence.weak or not draft.passages
        yield EvidenceFound(draft.quote, draft.passages, draft.refused)
        _check(cancelled)

    def _write(
        self, turn: Turn, request: PromptRequest, draft: Draft, cancelled: threading.Event
    ) -> Iterator[ChatEvent]:
        """Let the model write. Without one, or with one that cannot read this, the quote is the answer."""
        choice = self._tools.models.chosen()
        if choice is None or not can_write(choice, request):
            return
        try:
            yield PhaseChanged("loading")
            yield from self._writer.write(turn.id, request, choice, draft, cancelled)
        except ModelUnavailableError as error:
            # Not there is a state that the window shows; damaged or too large is news that the user must hear.
            if error.fields.get("reason") != "missing":
                raise


def _check(cancelled: threading.Event) -> None:
    if cancelled.is_set():
        raise Cancelled
