"""The worker of the model process with models made of Python: order, stop, failures, and text that leaves in few messages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from assistant.domain.errors import AssistantError, Cancelled, InternalError, ModelUnavailableError
from assistant.domain.models import CompletionStats, EmbedderInfo, PromptMessage, PromptPart, Sampling
from assistant.ipc.model_messages import (
    Complete,
    Completed,
    CountEmbedderTokens,
    EmbeddedRows,
    EmbedTexts,
    ModelChoice,
    PromptRead,
    RerankTexts,
    TextsScored,
    TextWritten,
    TokensCounted,
)
from assistant.models.centring import Centring
from assistant.models.model_worker import STRETCH_TEXTS, ModelWorker
from assistant.models.ports import FloatMatrix, PromptProgress, StreamItem
from assistant.models.templates import PLAIN

CHOICE = ModelChoice("/models/m.gguf")
ASK = Complete(CHOICE, [PromptMessage("user", (PromptPart("Q"),))], Sampling(stop=("END",)))


@dataclass
class FakeCall:
    body: Any
    cancelled: threading.Event = field(default_factory=threading.Event)
    events: list[Any] = field(default_factory=list)
    error: BaseException | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    def emit(self, body: Any) -> None:
        self.events.append(body)

    def finish(self, body: Any) -> None:
        self.events.append(body)
        self.ended.set()

    def fail(self, error: BaseException) -> None:
        self.error = error
        self.ended.set()


class FakeEngine:
    """Every kind of model: rows and scores that spell a text's length, and a script of stream items."""

    def __init__(self, script: Sequence[StreamItem]) -> None:
        self.script = script
        self.abort = SimpleNamespace(set=lambda: None, clear=lambda: None)
        self.samplings: list[Sampling] = []

    def embed_steps(self, prepared: Sequence[str]) -> Generator[None, None, FloatMatrix]:
        for _text in prepared:
            yield
        return np.array([[len(text), 0.0] for text in prepared], dtype=np.float32)

    def score_steps(self, query: str, texts: Sequence[str]) -> Generator[None, None, list[float]]:
        for _text in texts:
            yield
        return [float(len(query + text)) for text in texts]

    def stream(
        self, _prompt: list[int], sampling: Sampling, cancelled: Callable[[], bool], _load_s: float
    ) -> Iterator[StreamItem]:
        self.samplings.append(sampling)
        for item in self.script:
            if cancelled() and not isinstance(item, CompletionStats):
                continue
            yield item


class FakeModels:
    def __init__(self, script: Sequence[StreamItem] = (), failure: BaseException | None = None) -> None:
        self.engine = FakeEngine(script)
        self.failure = failure
        self.is_loaded = False
        self.is_closed = False
        self.rerankers: list[ModelChoice] = []
        self.ready_reranker = SimpleNamespace(engine=self.engine)
        self.loads_anew_at = 0

    def embedder(self, choice: ModelChoice, keep_going: Callable[[], bool]) -> Any:
        if self.failure is not None:
            raise self.failure
        self.is_loaded = True
        if not hasattr(self, "ready"):
            info = EmbedderInfo("id", "fake", 2, 512)
            self.ready = SimpleNamespace(choice=choice, info=info, engine=self.engine, centring=Centring({}))
        return self.ready

    def reranker(self, choice: ModelChoice, keep_going: Callable[[], bool]) -> Any:
        if self.failure is not None:
            raise self.failure
        self.rerankers.append(choice)
        if self.loads_anew_at == len(self.rerankers):
            self.ready_reranker = SimpleNamespace(engine=self.engine)
        return self.ready_reranker

    def chat(self, choice: ModelChoice, keep_going: Callable[[], bool]) -> tuple[Any, float]:
        if self.failure is not None:
            raise self.failure
        if not keep_going():
            raise Cancelled
        prompts = SimpleNamespace(tokens=lambda messages: [1, 2], template=PLAIN)
        return SimpleNamespace(choice=choice, engine=self.engine, prompts=prompts), 0.0

    def count_embedder(self, choice: ModelChoice, prepared: Sequence[str]) -> list[int] | None:
        return [len(text) for text in prepared] if self.is_loaded else None

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def work() -> Iterator[Callable[..., list[FakeCall]]]:
    workers: list[tuple[ModelWorker, threading.Thread]] = []

    def run(models: FakeModels, *calls: FakeCall) -> list[FakeCall]:
        worker = ModelWorker(models)  # type: ignore[arg-type]
        for call in calls:  # all are waiting before the first step is done
            worker.handle(call)
        thread = threading.Thread(target=worker.run)
        workers.append((worker, thread))
        thread.start()
        for call in calls:
            assert call.ended.wait(10)
        return list(calls)

    yield run
    for worker, thread in workers:
        worker.close()
        thread.join(10)


def _rows(call: FakeCall) -> FloatMatrix:
    parts = [np.frombuffer(event.rows, "<f4").reshape(event.count, event.dim) for event in call.events]
    return np.concatenate(parts)


def test_rows_come_in_stretches_and_in_order(work: Callable[..., list[FakeCall]]) -> None:
    texts = ["x" * length for length in range(2 * STRETCH_TEXTS + 3)]
    (call,) = work(FakeModels(), FakeCall(EmbedTexts(CHOICE, texts, "passage")))
    assert [type(event) for event in call.events] == [EmbeddedRows] * 3
    rows = _rows(call)
    assert (np.diff(rows[:, 0]) == 1).all()


def test_an_answer_is_made_before_a_ranking_and_that_before_waiting_passages(
    work: Callable[..., list[FakeCall]],
) -> None:
    order: list[str] = []
    models = FakeModels(["a", "b", CompletionStats("stop")])
    passages, answer = FakeCall(EmbedTexts(CHOICE, ["x"] * 5, "passage")), FakeCall(ASK)
    ranking = FakeCall(RerankTexts(CHOICE, "q", ["x"] * 5))
    for name, call in (("passages", passages), ("ranking", ranking), ("answer", answer)):
        call.finish = lambda body, call=call, name=name: (
            order.append(name),
            call.events.append(body),
            call.ended.set(),
        )  # type: ignore[method-assign,misc]
    work(models, passages, ranking, answer)
    assert order == ["answer", "ranking", "passages"]


def test_text_leaves_in_order_and_few_messages(work: Callable[..., list[FakeCall]]) -> None:
    letters = [chr(97 + i % 26) for i in range(500)]
    models = FakeModels([PromptProgress("reading", 2, 2), *letters, CompletionStats("length", completion_tokens=500)])
    (call,) = work(models, FakeCall(ASK))
    texts = [event.text for event in call.events if isinstance(event, TextWritten)]
    assert "".join(texts) == "".join(letters)
    assert len(texts) < len(letters) / 4
    assert texts[0] == "a"  # the first word is what the user waits for
    assert isinstance(call.events[0], PromptRead)
    assert isinstance(call.events[-1], Completed)
    assert models.engine.samplings[0].stop == ("END", *PLAIN.stop)


def test_a_stop_while_loading_ends_as_stopped(work: Callable[..., list[FakeCall]]) -> None:
    call = FakeCall(ASK)
    call.cancelled.set()
    work(FakeModels(["never", CompletionStats("stop")]), call)
    assert call.events[-1] == Completed(CompletionStats("stopped"))
    assert not [event for event in call.events if isinstance(event, TextWritten)]


def test_a_cancelled_embedding_fails_as_cancelled(work: Callable[..., list[FakeCall]]) -> None:
    call = FakeCall(EmbedTexts(CHOICE, ["x"], "query"))
    call.cancelled.set()
    work(FakeModels(), call)
    assert isinstance(call.error, Cancelled)


def test_texts_are_scored_in_order_and_normalised(work: Callable[..., list[FakeCall]]) -> None:
    (call,) = work(FakeModels(), FakeCall(RerankTexts(CHOICE, " ｑ\n", ["", "a  b", "ﬁve"])))
    assert call.events == [TextsScored([1.0, 4.0, 5.0])]


def test_a_ranking_begins_anew_when_another_reranker_came_between(work: Callable[..., list[FakeCall]]) -> None:
    models = FakeModels()
    models.loads_anew_at = 3
    (call,) = work(models, FakeCall(RerankTexts(CHOICE, "q", ["a", "bc", "d"])))
    assert call.events == [TextsScored([2.0, 3.0, 2.0])]
    assert len(models.rerankers) > 5


def test_a_cancelled_ranking_fails_as_cancelled(work: Callable[..., list[FakeCall]]) -> None:
    call = FakeCall(RerankTexts(CHOICE, "q", ["x"]))
    call.cancelled.set()
    work(FakeModels(), call)
    assert isinstance(call.error, Cancelled)


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (ModelUnavailableError(model="m", reason="damaged"), ModelUnavailableError),
        (MemoryError(), ModelUnavailableError),
        (ZeroDivisionError(), InternalError),
    ],
)
def test_a_failure_ends_its_request_only(
    work: Callable[..., list[FakeCall]],
    caplog: pytest.LogCaptureFixture,
    failure: BaseException,
    kind: type[AssistantError],
) -> None:
    asked = (ASK, EmbedTexts(CHOICE, ["x"], "query"), RerankTexts(CHOICE, "q", ["x"]))
    calls = work(FakeModels(failure=failure), *(FakeCall(body) for body in asked))
    assert [type(call.error) for call in calls] == [kind] * 3


def test_counting_loads_a_model_that_is_not_there_yet(work: Callable[..., list[FakeCall]]) -> None:
    (call,) = work(FakeModels(), FakeCall(CountEmbedderTokens(CHOICE, ["ab"])))
    assert call.events == [TokensCounted([len("passage: ab")])]
