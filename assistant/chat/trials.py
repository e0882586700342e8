"""One question answered by several models from the same evidence, one after the other, for comparing them. Nothing is stored."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.chat.answering import Answerer, AnswerTools
from assistant.chat.conversations import ConversationStore
from assistant.chat.draft import Draft
from assistant.chat.events import ChatEvent
from assistant.chat.ports import ChatChoice, Evidence, EvidenceFinder, Retriever
from assistant.domain.answers import Answer
from assistant.domain.errors import AssistantError, Cancelled
from assistant.retrieval.ports import Scope
from assistant.retrieval.retriever import Retrieved


@dataclass(frozen=True, slots=True)
class Tried:
    """How one model's answer ended. error: what kept it from writing; the answer then holds what there was before."""

    answer: Answer
    error: AssistantError | None = None


def try_models(
    tools: AnswerTools,
    store: ConversationStore,
    question: str,
    choices: Sequence[ChatChoice],
    scope: Scope,
    cancelled: threading.Event,
) -> Iterator[tuple[int, ChatEvent | Tried]]:
    """Yield (place, event) for each model in turn, and (place, Tried) at the end of each. One that fails does not keep the next from
    its turn.

    Raises Cancelled, and what the search for evidence raises, since that concerns all of them.
    """
    evidence = _SameEvidence(tools.retriever, tools.evidence)
    for place, choice in enumerate(choices):
        answerer = Answerer(replace(tools, retriever=evidence, evidence=evidence, models=_Only(choice)), store)
        draft = Draft()
        try:
            for event in answerer.stream_once(question, scope, draft, cancelled):
                yield place, event
        except Cancelled:
            yield place, Tried(draft.answer())
            raise
        except AssistantError as error:
            if not evidence.is_found:
                raise
            yield place, Tried(draft.answer(), error)
        else:
            yield place, Tried(draft.answer())


class _Only:
    """ChatModelSource of one model."""

    def __init__(self, choice: ChatChoice) -> None:
        self._choice = choice

    def chosen(self) -> ChatChoice:
        return self._choice


class _SameEvidence:
    """Retriever and EvidenceFinder that search once, whatever is changed in the notes meanwhile."""

    def __init__(self, retriever: Retriever, evidence: EvidenceFinder) -> None:
        self._retriever = retriever
        self._evidence = evidence
        self._found: Retrieved | None = None
        self._judged: Evidence | None = None

    @property
    def is_found(self) -> bool:
        return self._judged is not None

    def retrieve(self, query: str, *, top: int, scope: Scope, cancelled: threading.Event) -> Retrieved:
        if self._found is None:
            self._found = self._retriever.retrieve(query, top=top, scope=scope, cancelled=cancelled)
        return self._found

    def find(self, question: str, found: Retrieved, caution: str, cancelled: threading.Event) -> Evidence:
        if self._judged is None:
            self._judged = self._evidence.find(question, found, caution, cancelled)
        return self._judged
