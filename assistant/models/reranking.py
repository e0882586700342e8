"""How well each of a few texts answers a question, by a model with a ranking head.

On llama.cpp's own calls: the wrapper's way of reranking takes a row as wide as an embedding where there are only one or two numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from assistant.domain.errors import ModelUnavailableError
from assistant.models.llama_runtime import LlamaRuntime
from assistant.models.packed_encoder import PackedEncoder, pack
from assistant.models.pair_format import pair_format
from assistant.models.rank_head import RankHead

_LEAST_WINDOW_TOKENS = 16


class LlamaReranker:
    """A reranking model, loaded. abort: stops a call under way, which with a large model takes seconds.

    Thread: the one that made it; `abort` from any.
    """

    def __init__(
        self,
        runtime: LlamaRuntime,
        path: Path,
        head: RankHead,
        *,
        threads: int,
        keep_going: Callable[[float], bool],
        plain: bool = False,
    ) -> None:
        self._head = head
        self._encoder = PackedEncoder(runtime, path, ranks=True, threads=threads, keep_going=keep_going, plain=plain)
        model = self._encoder.model
        self.window_tokens = self._encoder.window_tokens
        self.abort = self._encoder.abort
        try:
            if runtime.library.llama_model_n_cls_out(model.handle) != head.outputs:
                raise self._damaged("the ranking head is not the one in the header")
            if self.window_tokens < _LEAST_WINDOW_TOKENS:
                raise self._damaged(f"a window of {self.window_tokens} tokens")
            self._format = pair_format(model, self.window_tokens)
            self.scores("warm-up", ["warm-up"])  # as the embedder's
        except ModelUnavailableError:
            self._encoder.close()
            raise

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Score normalised texts in one go; as `score_steps`."""
        steps = self.score_steps(query, texts)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                scores: list[float] = end.value
                return scores

    def score_steps(self, query: str, texts: Sequence[str]) -> Generator[None, None, list[float]]:
        """Score normalised texts, pausing after each call of at most one window.

        Returns:
            A score a text, higher is better, all finite.

        Raises:
            ModelUnavailableError: reason "damaged" for weights that give no number, "decode-failed".
            Cancelled: after `abort`.
        """
        found = [0.0] * len(texts)
        for group in pack(self._format.pairs(query, texts), self.window_tokens):
            for item, row in zip(group, self._encoder.rows(group, self._head.outputs), strict=True):
                score = self._head.score(row)
                if not math.isfinite(score):
                    raise self._damaged("it gives no number for a text")
                found[item.index] = score
            yield
        return found

    def close(self) -> None:
        self._encoder.close()

    def _damaged(self, detail: str) -> ModelUnavailableError:
        return ModelUnavailableError(detail, model=self._encoder.model.path.name, reason="damaged")
