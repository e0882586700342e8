"""What the model process does with a request: every kind of request becomes a job of small steps for the one worker thread."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Protocol

from assistant.domain.errors import AssistantError, Cancelled, InternalError, ModelUnavailableError
from assistant.domain.models import CompletionStats
from assistant.ipc.model_messages import (
    BackendsDescribed,
    ChatDescribed,
    Complete,
    Completed,
    CountChatTokens,
    CountEmbedderTokens,
    DescribeBackends,
    DescribeChat,
    DescribeEmbedder,
    EmbeddedRows,
    EmbedderDescribed,
    EmbedTexts,
    ModelRequest,
    PromptRead,
    RerankTexts,
    TextsScored,
    TextWritten,
    TokensCounted,
    UnloadChat,
    Unloaded,
)
from assistant.models.job_queue import Job, JobQueue, Urgency
from assistant.models.llama_runtime import AbortFlag
from assistant.models.loaded_models import LoadedModels
from assistant.models.ports import FloatMatrix, PromptProgress
from assistant.models.text_preparation import TextRole, normalise, prepare

log = logging.getLogger(__name__)

FLUSH_S = 0.04
"""Text goes out this often: the eye sees no difference to every token, the wire and the window do."""

STRETCH_TEXTS = 32
"""Texts packed and sent together: enough to fill windows well, few enough that results keep coming."""

_LOADING_NEWS_S = 0.25


class ModelCall(Protocol):
    """What a worker needs of `ipc.service.Call`."""

    body: ModelRequest
    cancelled: threading.Event

    def emit(self, body: Any) -> None: ...

    def finish(self, body: Any) -> None: ...

    def fail(self, error: BaseException) -> None: ...


class ModelWorker:
    """Owns llama.cpp's thread (`run`), the queue before it, and a second thread that only counts tokens.

    Thread: `handle` and `close` from any.
    """

    def __init__(self, models: LoadedModels) -> None:
        self._models = models
        self._queue = JobQueue()
        self._counter = ThreadPoolExecutor(1, "count-tokens")

    def handle(self, call: ModelCall) -> None:
        """Take a request; returns at once."""
        if isinstance(call.body, CountEmbedderTokens | CountChatTokens):
            self._counter.submit(self._count, call, call.body)
            return
        urgency, steps = self._plan(call)
        self._queue.put(Job(urgency, steps, call.cancelled.is_set, call.fail))

    def run(self) -> None:
        """Do steps until closed, then free the models."""
        while (job := self._queue.wait_for_next()) is not None:
            if not self._step(job):
                self._queue.remove(job)
        self._models.close()

    def close(self) -> None:
        """End `run` after the step under way."""
        self._queue.close()
        self._counter.shutdown(wait=False, cancel_futures=True)

    def _step(self, job: Job) -> bool:
        """Whether the job has more to do."""
        try:
            next(job.steps)
            return True
        except StopIteration:
            return False
        except AssistantError as error:
            job.fail(error)
        except MemoryError:
            job.fail(ModelUnavailableError(model="", reason="no-memory"))
        except Exception:  # the worker boundary: a bug in one request must not end the others
            log.exception("a model request failed")
            job.fail(InternalError(where="model process"))
        return False

    def _plan(self, call: ModelCall) -> tuple[Urgency, Iterator[None]]:
        body = call.body
        if isinstance(body, EmbedTexts):
            urgency = Urgency.QUERY if body.role == TextRole.QUERY else Urgency.PASSAGES
            return urgency, self._embed(call, body)
        if isinstance(body, Complete):
            return Urgency.CHAT, self._complete(call, body)
        if isinstance(body, RerankTexts):
            return Urgency.RERANK, self._rerank(call, body)
        if isinstance(body, DescribeEmbedder):
            return Urgency.QUERY, self._describe_embedder(call, body)
        if isinstance(body, DescribeChat):
            return Urgency.CHAT, self._describe_chat(call, body)
        if isinstance(body, DescribeBackends):
            return Urgency.QUERY, self._describe_backends(call, body)
        assert isinstance(body, UnloadChat)
        return Urgency.CHAT, self._unload(call)

    # ---- small requests ----------------------------------------------------------------------------------------------

    def _describe_embedder(self, call: ModelCall, body: DescribeEmbedder) -> Iterator[None]:
        call.finish(EmbedderDescribed(self._models.describe_embedder(body.model, _not_set(call))))
        yield

    def _describe_chat(self, call: ModelCall, body: DescribeChat) -> Iterator[None]:
        _still_wanted(call)
        ready, _load_s = self._models.chat(body.model, _not_set(call))
        call.finish(ChatDescribed(ready.info))
        yield

    def _describe_backends(self, call: ModelCall, body: DescribeBackends) -> Iterator[None]:
        call.finish(BackendsDescribed(self._models.backends(with_gpu=body.with_gpu)))
        yield

    def _unload(self, call: ModelCall) -> Iterator[None]:
        _still_wanted(call)
        self._models.unload_chat()
        call.finish(Unloaded())
        yield

    # ---- counting ----------------------------------------------------------------------------------------------------

    def _count(self, call: ModelCall, body: CountEmbedderTokens | CountChatTokens) -> None:
        """On the counting thread. llama.cpp tokenises without touching a context, so this is safe beside a running answer."""
        try:
            counts = self._counts(body)
        except Exception:  # the worker boundary, as in _step
            log.exception("counting tokens failed")
            call.fail(InternalError(where="model process"))
            return
        if counts is not None:
            call.finish(TokensCounted(counts))
        else:  # not in memory yet: loading is the worker's business, and a chat model must not be loaded in the middle of an answer
            urgency = Urgency.CHAT if isinstance(body, CountChatTokens) else Urgency.QUERY
            self._queue.put(Job(urgency, self._load_and_count(call, body), call.cancelled.is_set, call.fail))

    def _counts(self, body: CountEmbedderTokens | CountChatTokens) -> list[int] | None:
        if isinstance(body, CountChatTokens):
            return self._models.count_chat(body.model, body.texts)
        return self._models.count_embedder(body.model, [prepare(text, TextRole.PASSAGE) for text in body.texts])

    def _load_and_count(self, call: ModelCall, body: CountEmbedderTokens | CountChatTokens) -> Iterator[None]:
        _still_wanted(call)
        if isinstance(body, CountChatTokens):
            self._models.chat(body.model, _not_set(call))
        else:
            self._models.embedder(body.model, _not_set(call))
        yield
        counts = self._counts(body)
        if counts is None:  # another model was loaded in between
            self._counter.submit(self._count, call, body)
        else:
            call.finish(TokensCounted(counts))

    # ---- embedding ---------------------------------------------------------------------------------------------------

    def _embed(self, call: ModelCall, body: EmbedTexts) -> Iterator[None]:
        role = TextRole(body.role)
        for start in range(0, max(len(body.texts), 1), STRETCH_TEXTS):
            texts = body.texts[start : start + STRETCH_TEXTS]
            rows = yield from self._embed_stretch(call, body, texts, role)
            message = EmbeddedRows(len(texts), rows.shape[1], rows.astype("<f4").tobytes())
            is_last = start + STRETCH_TEXTS >= len(body.texts)
            (call.finish if is_last else call.emit)(message)

    def _embed_stretch(
        self, call: ModelCall, body: EmbedTexts, texts: list[str], role: TextRole
    ) -> Generator[None, None, FloatMatrix]:
        while True:
            ready = self._models.embedder(body.model, _not_set(call))
            steps = ready.engine.embed_steps([prepare(text, role) for text in texts])
            try:
                while True:
                    if call.cancelled.is_set():
                        raise Cancelled
                    if self._models.embedder(body.model, _not_set(call)) is not ready:
                        break  # another request had another embedder loaded between two steps: start this stretch anew
                    next(steps)
                    yield
            except StopIteration as end:
                return ready.centring.apply(end.value, texts, role)

    # ---- reranking ---------------------------------------------------------------------------------------------------

    def _rerank(self, call: ModelCall, body: RerankTexts) -> Iterator[None]:
        query, texts = normalise(body.query), [normalise(text) for text in body.texts]
        while True:
            ready = self._models.reranker(body.model, _not_set(call))
            steps = ready.engine.score_steps(query, texts)
            with _StopWatch(call, ready.engine.abort):
                try:
                    while True:
                        if call.cancelled.is_set():
                            raise Cancelled
                        if self._models.reranker(body.model, _not_set(call)) is not ready:
                            break  # as in _embed_stretch
                        next(steps)
                        yield
                except StopIteration as end:
                    call.finish(TextsScored(end.value))
                    return

    # ---- answering ---------------------------------------------------------------------------------------------------

    def _complete(self, call: ModelCall, body: Complete) -> Iterator[None]:
        call.emit(PromptRead("loading"))
        try:
            _still_wanted(call)
            ready, load_s = self._models.chat(body.model, _telling(call))
        except Cancelled:
            call.finish(Completed(CompletionStats(finish="stopped")))
            return
        prompt = ready.prompts.tokens(body.messages)
        sampling = replace(body.sampling, stop=(*body.sampling.stop, *ready.prompts.template.stop))
        outbox = _Outbox(call)
        with _StopWatch(call, ready.engine.abort):
            for item in ready.engine.stream(prompt, sampling, call.cancelled.is_set, load_s):
                if isinstance(item, PromptProgress):
                    call.emit(PromptRead(item.phase, item.done, item.total))
                elif isinstance(item, str):
                    outbox.add(item)
                else:
                    outbox.flush()
                    call.finish(Completed(item))
                yield


def _still_wanted(call: ModelCall) -> None:
    """Raises Cancelled. A cancelled job goes before all others, also before an answer under way: it must not unload that one's model."""
    if call.cancelled.is_set():
        raise Cancelled


def _not_set(call: ModelCall) -> Callable[[], bool]:
    return lambda: not call.cancelled.is_set()


def _telling(call: ModelCall) -> Callable[[], bool]:
    """As _not_set, and now and then says that loading goes on."""
    told = time.monotonic()

    def keep_going() -> bool:
        nonlocal told
        now = time.monotonic()
        if now - told >= _LOADING_NEWS_S:
            told = now
            call.emit(PromptRead("loading"))
        return not call.cancelled.is_set()

    return keep_going


class _Outbox:
    """Collects text between two flushes. The first text goes at once: it is what the user waits for."""

    def __init__(self, call: ModelCall) -> None:
        self._call = call
        self._text = ""
        self._flushed_at = 0.0

    def add(self, text: str) -> None:
        self._text += text
        if self._text and time.monotonic() - self._flushed_at >= FLUSH_S:
            self.flush()

    def flush(self) -> None:
        if self._text:
            self._call.emit(TextWritten(self._text))
            self._text = ""
            self._flushed_at = time.monotonic()


class _StopWatch:
    """While open, a stop request for the call also stops the computation under way. Costs one sleeping thread."""

    _LOOK_EVERY_S = 0.02

    def __init__(self, call: ModelCall, flag: AbortFlag) -> None:
        self._call = call
        self._flag = flag
        self._lock = threading.Lock()
        self._is_over = False
        self._thread = threading.Thread(target=self._watch, name="stop-watch", daemon=True)

    def _watch(self) -> None:
        while not self._is_over:
            if self._call.cancelled.wait(self._LOOK_EVERY_S):
                with self._lock:
                    if not self._is_over:
                        self._flag.set()
                return

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self._is_over = True
            self._flag.clear()
