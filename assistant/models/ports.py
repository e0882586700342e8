"""What the rest of Elephant knows of a model. The model process's client and the tests' fakes both keep these contracts."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.domain.models import ChatModelInfo, CompletionStats, EmbedderInfo, PromptMessage, Sampling

FloatMatrix = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Texts to centred unit vectors. Safe to call from several engine threads; the calls queue in the model process.

    Raises (every method): ModelUnavailableError (no file, damaged), ProcessDiedError (the model process died; may be tried
    again), ProcessBrokenError (it is not started again), Cancelled.
    """

    def info(self) -> EmbedderInfo: ...

    def embed_passages(self, texts: Sequence[str], cancelled: threading.Event | None = None) -> FloatMatrix:
        """float32, shape (len(texts), dim), rows of unit length, centred for storage. Empty input gives shape (0, dim).
        Texts longer than the window are cut at its end. Low priority: waits for chat."""
        ...

    def embed_queries(self, texts: Sequence[str], cancelled: threading.Event | None = None) -> FloatMatrix:
        """As embed_passages, for questions; before any waiting passage batch."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as embed_passages would feed it, with prefix, BOS and EOS, uncut."""
        ...


class Reranker(Protocol):
    """How well each of a few texts answers a question, read together with it: slower and surer than comparing vectors.

    Raises as Embedder.
    """

    @property
    def name(self) -> str: ...

    def scores(self, query: str, texts: Sequence[str], cancelled: threading.Event | None = None) -> list[float]:
        """One finite number a text, in their order; higher is better. Raw scores of the model: only their order, and differences
        between scores of one model, mean something. No texts give no scores. A text that does not fit beside the question is cut
        at its end. Waits for chat, goes before passages waiting to be embedded."""
        ...


@dataclass(frozen=True, slots=True)
class PromptProgress:
    """How much of the prompt the model has read, in tokens. phase: "loading" (counts are 0) or "reading"."""

    phase: str
    done: int
    total: int


StreamItem = PromptProgress | str | CompletionStats


class ChatModel(Protocol):
    """A chat model behind one queue. Raises as Embedder, and PromptTooLongError."""

    def info(self) -> ChatModelInfo: ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as plain content, without template."""
        ...

    def stream(
        self, messages: Sequence[PromptMessage], sampling: Sampling, cancelled: threading.Event
    ) -> Iterator[StreamItem]:
        """Yield PromptProgress while loading and reading, then text pieces (str), then one CompletionStats, always last.

        Setting `cancelled` ends the stream within a second in every phase with finish "stopped".
        """
        ...
