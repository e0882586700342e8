"""Texts to raw unit vectors with llama.cpp: tokenised, packed, encoded, pooled the way the file says."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import numpy as np

from assistant.models.llama_runtime import LlamaRuntime
from assistant.models.packed_encoder import PackedEncoder, pack
from assistant.models.ports import FloatMatrix


class LlamaEmbedder:
    """An embedding model, loaded.

    Thread: the one that made it; `count_tokens` from any.
    """

    def __init__(
        self,
        runtime: LlamaRuntime,
        path: Path,
        *,
        threads: int,
        keep_going: Callable[[float], bool],
        plain: bool = False,
    ) -> None:
        self._encoder = PackedEncoder(runtime, path, ranks=False, threads=threads, keep_going=keep_going, plain=plain)
        self._model = self._encoder.model
        self.window_tokens = self._encoder.window_tokens
        self.dim = self._model.dim
        self.embed(["warm-up"])  # a build that dies on this processor dies while the load is on record (`load_record`)

    def count_tokens(self, text: str) -> int:
        """Tokens of a prepared text with begin and end, uncut."""
        return len(self._model.vocabulary.tokens(text, special=False, wrap=True))

    def embed(self, prepared: Sequence[str]) -> FloatMatrix:
        """Embed prepared texts in one go; as `embed_steps`."""
        steps = self.embed_steps(prepared)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                rows: FloatMatrix = end.value
                return rows

    def embed_steps(self, prepared: Sequence[str]) -> Generator[None, None, FloatMatrix]:
        """Embed prepared texts, pausing after each call of at most one window.

        Returns:
            float32, shape (len(prepared), dim), rows of unit length, not centred. A text longer than the window is cut at its end.
        """
        rows: FloatMatrix = np.zeros((len(prepared), self.dim), dtype=np.float32)
        token_lists = [self._cut(self._model.vocabulary.tokens(text, special=False, wrap=True)) for text in prepared]
        for group in pack(token_lists, self.window_tokens):
            rows[[item.index for item in group]] = self._encoder.rows(group, self.dim)
            yield
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        rows /= np.maximum(norms, np.float32(1e-12))
        return rows

    def _cut(self, tokens: list[int]) -> list[int]:
        if len(tokens) <= self.window_tokens:
            return tokens
        return tokens[: self.window_tokens - 1] + tokens[-1:]  # the end token stays

    def close(self) -> None:
        self._encoder.close()
