"""The engine's view of the model process: the ports of this room, over the link.

The process is started by the first request, and again by the next one after it died. A stop that it does not answer in time ends
it: killing the process is how a computation that does not listen is stopped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant.domain.errors import Cancelled
from assistant.domain.models import (
    Backends,
    ChatModelInfo,
    CompletionStats,
    EmbedderInfo,
    PromptMessage,
    PromptPart,
    Sampling,
)
from assistant.ipc.model_messages import (
    BackendsDescribed,
    Complete,
    Completed,
    CountChatTokens,
    CountEmbedderTokens,
    DescribeBackends,
    DescribeChat,
    DescribeEmbedder,
    EmbeddedRows,
    EmbedTexts,
    ModelChoice,
    ModelEvent,
    PromptRead,
    RerankTexts,
    TextsScored,
    TextWritten,
    UnloadChat,
)
from assistant.ipc.supervisor import HANG_AFTER_S, Health, Supervisor, own_command
from assistant.models.ports import FloatMatrix, PromptProgress, StreamItem
from assistant.models.text_preparation import TextRole

STOP_PATIENCE_S = 3.0
PROCESS_NAME = "model"
DOOR = "_model"


def model_supervisor(
    models_dir: Path,
    log_path: Path | None = None,
    on_health: Callable[[Health], None] | None = None,
    *,
    restart: bool = False,
) -> Supervisor:
    """The supervisor of a model process whose small records (checksums, failed loads) are kept in `models_dir`.

    restart: whether it comes back by itself after a crash, not only for the next request."""
    command = own_command(DOOR, "--models-dir", str(models_dir), log_path=log_path)
    return Supervisor(
        PROCESS_NAME, command, ModelEvent, on_health=on_health, restart=restart, hang_after_s=HANG_AFTER_S
    )


def wire_text(text: str) -> str:
    """A text that can cross the link: a lone surrogate, which UTF-8 cannot hold, becomes a question mark."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def describe_backends(supervisor: Supervisor, *, with_gpu: bool) -> Backends:
    """What llama.cpp computes on. Raises ModelUnavailableError, ProcessDiedError, ProcessBrokenError."""
    described: BackendsDescribed = supervisor.call(DescribeBackends(with_gpu)).result()
    return described.backends


class EmbedderClient:
    """Embedder, by the model process. Thread: any."""

    def __init__(self, supervisor: Supervisor, choice: ModelChoice) -> None:
        self._supervisor = supervisor
        self._choice = choice
        self._info: EmbedderInfo | None = None

    def info(self) -> EmbedderInfo:
        if self._info is None:
            described = self._supervisor.call(DescribeEmbedder(self._choice)).result()
            self._info = described.info
        return self._info

    def open_by(self, choice: ModelChoice) -> None:
        """From the next request on. choice: the same model, opened otherwise."""
        self._choice = choice

    def embed_passages(self, texts: Sequence[str], cancelled: threading.Event | None = None) -> FloatMatrix:
        return self._embed(texts, TextRole.PASSAGE, cancelled)

    def embed_queries(self, texts: Sequence[str], cancelled: threading.Event | None = None) -> FloatMatrix:
        return self._embed(texts, TextRole.QUERY, cancelled)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        request = CountEmbedderTokens(self._choice, [wire_text(text) for text in texts])
        counts: list[int] = self._supervisor.call(request).result().counts
        return counts

    def _embed(self, texts: Sequence[str], role: TextRole, cancelled: threading.Event | None) -> FloatMatrix:
        if not texts:
            return np.zeros((0, self.info().dim), dtype=np.float32)
        request = EmbedTexts(self._choice, [wire_text(text) for text in texts], role.value)
        pending = self._supervisor.call(request)
        # No patience: whoever cancels an embedding drops it. The process ends it before its next step.
        stretches = [_matrix(rows) for rows in pending.events(cancelled, patience_s=0.0)]
        return np.concatenate(stretches)


def _matrix(message: EmbeddedRows) -> FloatMatrix:
    return np.frombuffer(message.rows, dtype="<f4").reshape(message.count, message.dim).astype(np.float32, copy=False)


class RerankerClient:
    """Reranker, by the model process. Thread: any."""

    def __init__(self, supervisor: Supervisor, choice: ModelChoice, name: str) -> None:
        self._supervisor = supervisor
        self._choice = choice
        self.name = name

    def scores(self, query: str, texts: Sequence[str], cancelled: threading.Event | None = None) -> list[float]:
        if not texts:
            return []
        request = RerankTexts(self._choice, wire_text(query), [wire_text(text) for text in texts])
        # No patience, as for an embedding.
        scored: list[TextsScored] = list(self._supervisor.call(request).events(cancelled, patience_s=0.0))
        return scored[-1].scores


class ChatClient:
    """ChatModel, by the model process. Thread: any."""

    def __init__(self, supervisor: Supervisor, choice: ModelChoice, stop_patience_s: float = STOP_PATIENCE_S) -> None:
        self._supervisor = supervisor
        self._choice = choice
        self._stop_patience_s = stop_patience_s
        self._info: ChatModelInfo | None = None

    def info(self) -> ChatModelInfo:
        """Loads the model when first asked."""
        if self._info is None:
            self._info = self._supervisor.call(DescribeChat(self._choice)).result().info
        return self._info

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        request = CountChatTokens(self._choice, [wire_text(text) for text in texts])
        counts: list[int] = self._supervisor.call(request).result().counts
        return counts

    def stream(
        self, messages: Sequence[PromptMessage], sampling: Sampling, cancelled: threading.Event
    ) -> Iterator[StreamItem]:
        if cancelled.is_set():
            yield CompletionStats(finish="stopped")
            return
        pending = self._supervisor.call(Complete(self._choice, [_clean(message) for message in messages], sampling))
        is_over = False
        try:
            for event in pending.events(cancelled, self._stop_patience_s):
                is_over = isinstance(event, Completed)
                yield _stream_item(event)
        except Cancelled:
            is_over = True
            if not cancelled.is_set():
                raise
            self._supervisor.kill()
            yield CompletionStats(finish="stopped")
        finally:
            if not is_over:
                pending.cancel()  # the reader of this stream left early

    def load(self, cancelled: threading.Event) -> None:
        """Have the model in memory. Raises as every method, and Cancelled; loading that does not listen is ended with its process."""
        pending = self._supervisor.call(DescribeChat(self._choice))
        try:
            self._info = pending.result(cancelled, self._stop_patience_s).info
        except Cancelled as error:
            if error.fields.get("reason"):
                self._supervisor.kill()
            raise

    def unload(self) -> None:
        """Give the model's memory back until it is needed again."""
        self._supervisor.call(UnloadChat()).result()


def _clean(message: PromptMessage) -> PromptMessage:
    return PromptMessage(message.role, tuple(PromptPart(wire_text(part.text), part.trusted) for part in message.parts))


def _stream_item(event: PromptRead | TextWritten | Completed) -> StreamItem:
    if isinstance(event, TextWritten):
        return event.text
    if isinstance(event, PromptRead):
        return PromptProgress(event.phase, event.done, event.total)
    return event.stats
