"""What chat needs of others. Retrieval and the models keep these contracts; the tests' fakes do too."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol

from assistant.domain.answers import InstantQuote
from assistant.models.ports import ChatModel
from assistant.retrieval.ports import Scope
from assistant.retrieval.retriever import Retrieved


class Retriever(Protocol):
    """Raises Cancelled, StoreUnavailableError. An empty library gives no passages."""

    def retrieve(self, query: str, *, top: int, scope: Scope, cancelled: threading.Event) -> Retrieved: ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the passages are worth for a question, before any model has written a word."""

    quote: InstantQuote | None
    weak: bool


class EvidenceFinder(Protocol):
    """Picks the instant quote and says whether what was found is evidence at all.

    question: what the user wants to know, with the key words of earlier questions if it is a follow-up. caution: the setting of
    that name. Raises Cancelled.
    """

    def find(self, question: str, found: Retrieved, caution: str, cancelled: threading.Event) -> Evidence: ...


@dataclass(frozen=True, slots=True)
class ChatChoice:
    """The chat model in use. languages: those it speaks ("en", "zh"); empty if nobody knows."""

    model: ChatModel
    languages: tuple[str, ...] = ()


class ChatModelSource(Protocol):
    """Gives the chosen chat model, which may change between two answers; None if none is installed."""

    def chosen(self) -> ChatChoice | None: ...


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """The settings that shape an answer, as plain values."""

    passages: int = 6
    answer_tokens: int = 400
    caution: str = "balanced"
    temperature: float = 0.0


class LimitsSource(Protocol):
    def current(self) -> AnswerLimits: ...
