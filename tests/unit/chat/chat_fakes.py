"""Fakes that keep the contracts of chat/ports.py and models/ports.py."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from assistant.chat.answering import Answerer, AnswerTools
from assistant.chat.conversations import ConversationStore
from assistant.chat.ports import AnswerLimits, ChatChoice, Evidence
from assistant.chat.prompt_texts import PromptLibrary
from assistant.domain.answers import InstantQuote, Passage
from assistant.domain.errors import Cancelled, PromptTooLongError
from assistant.domain.models import ChatModelInfo, CompletionStats, EmbedderInfo, PromptMessage, Sampling
from assistant.models.ports import FloatMatrix, PromptProgress, StreamItem
from assistant.retrieval.ports import Scope
from assistant.retrieval.retriever import Retrieved


def make_passage(text: str, note: str = "notes/tower.md", start: int = 0, **more: object) -> Passage:
    title = note.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    values: dict[str, object] = {"folder_id": 1, "note": note, "note_path": f"/n/{note}", "title": title, "score": 0.5}
    return Passage(**(values | {"text": text, "start": start, "end": start + len(text)} | more))  # type: ignore[arg-type]


def quote_of(passage: Passage, text: str, index: int = 0) -> InstantQuote:
    at = passage.text.index(text)
    return InstantQuote(
        text=text,
        folder_id=passage.folder_id,
        note=passage.note,
        note_path=passage.note_path,
        title=passage.title,
        start=passage.start + at,
        end=passage.start + at + len(text),
        passage=index,
        confidence=0.9,
    )


@dataclass
class FakeRetriever:
    passages: tuple[Passage, ...] = ()
    queries: list[str] = field(default_factory=list)
    before: Callable[[], None] | None = None

    def retrieve(self, query: str, *, top: int, scope: Scope, cancelled: threading.Event) -> Retrieved:
        self.queries.append(query)
        if self.before:
            self.before()
        if cancelled.is_set():
            raise Cancelled
        return Retrieved(self.passages[:top], complete=True)


@dataclass
class FakeEvidence:
    quote: InstantQuote | None = None
    weak: bool = False

    def find(self, question: str, found: Retrieved, caution: str, cancelled: threading.Event) -> Evidence:
        return Evidence(self.quote, self.weak)


class ScriptedModel:
    """Streams scripted items; calls in the script are run, errors in it are raised. Counts a word or a Chinese character as a token
    and, like the real model, refuses a prompt longer than its context."""

    def __init__(
        self, script: Sequence[object] = (), context_tokens: int = 4096, parameters: int = 7_000_000_000
    ) -> None:
        self.script = list(script)
        self.context_tokens = context_tokens
        self.parameters = parameters
        self.finish = "stop"
        self.prompts: list[tuple[PromptMessage, ...]] = []

    def info(self) -> ChatModelInfo:
        return ChatModelInfo("scripted", "/m/scripted.gguf", self.context_tokens, "CPU", self.parameters)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"[\u4e00-\u9fff]|[^\s\u4e00-\u9fff]+", text)) for text in texts]

    def stream(
        self, messages: Sequence[PromptMessage], sampling: Sampling, cancelled: threading.Event
    ) -> Iterator[StreamItem]:
        self.prompts.append(tuple(messages))
        total = sum(self.count_tokens(["".join(part.text for part in m.parts)])[0] + 4 for m in messages)
        if total + sampling.max_tokens > self.context_tokens:
            raise PromptTooLongError(needed_tokens=total, limit_tokens=self.context_tokens)
        finish = self.finish
        written = 0
        yield PromptProgress("reading", total, total)
        for item in self.script:
            if callable(item):
                item()
                continue
            if cancelled.is_set():
                finish = "stopped"
                break
            if isinstance(item, BaseException):
                raise item
            assert isinstance(item, str | PromptProgress)
            written += isinstance(item, str)
            yield item
        if cancelled.is_set():
            finish = "stopped"
        yield CompletionStats(finish, 0.5, 0.25, 0.75, 1.5, total, 0, written)


class HashingEmbedder:
    """Bags of words as vectors: the same words, the same vector."""

    def __init__(self, dim: int = 64) -> None:
        self.dim = dim
        self.calls = 0

    def info(self) -> EmbedderInfo:
        return EmbedderInfo("hashing", "hashing", self.dim, 512)

    def embed_passages(self, texts: Sequence[str], cancelled: threading.Event | None = None) -> FloatMatrix:
        self.calls += 1
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                vectors[row, sum(word.encode()) % self.dim] += 1
        return vectors / np.maximum(1e-6, np.linalg.norm(vectors, axis=1, keepdims=True))

    def embed_queries(self, texts: Sequence[str], cancelled: threading.Event | None = None) -> FloatMatrix:
        return self.embed_passages(texts, cancelled)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]


@dataclass
class FakeModels:
    choice: ChatChoice | None

    def chosen(self) -> ChatChoice | None:
        return self.choice


@dataclass
class FakeLimits:
    limits: AnswerLimits = field(default_factory=AnswerLimits)

    def current(self) -> AnswerLimits:
        return self.limits


def open_store(folder: Path) -> ConversationStore:
    return ConversationStore(folder / "conversations.sqlite", folder / "backups")


def pass_time(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Have every clock that says the time of day show `seconds` later."""
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + seconds)


def make_answerer(
    store: ConversationStore,
    *,
    passages: Sequence[Passage] = (),
    evidence: FakeEvidence | None = None,
    model: ScriptedModel | None = None,
    languages: tuple[str, ...] = (),
    retriever: FakeRetriever | None = None,
    limits: AnswerLimits | None = None,
) -> Answerer:
    tools = AnswerTools(
        retriever=retriever or FakeRetriever(tuple(passages)),
        evidence=evidence or FakeEvidence(),
        models=FakeModels(ChatChoice(model, languages) if model else None),
        limits=FakeLimits(limits or AnswerLimits()),
        prompts=PromptLibrary(),
    )
    return Answerer(tools, store)
