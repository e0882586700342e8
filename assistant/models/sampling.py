"""From the model's scores to the next token: llama.cpp's own samplers in a chain of ours."""

from __future__ import annotations

from typing import Any

from assistant.domain.models import Sampling

REPEAT_WINDOW_TOKENS = 64


class SamplerChain:
    """The chain for one completion. It sees only what the model wrote: words of the prompt may be repeated, or a passage could not
    be quoted. Owns native memory: close() it.
    """

    def __init__(self, library: Any, wanted: Sampling, vocabulary_size: int) -> None:
        self._library = library
        self._chain = library.llama_sampler_chain_init(library.llama_sampler_chain_default_params())
        if wanted.repeat_penalty != 1.0:
            self._add(
                library.llama_sampler_init_penalties(
                    vocabulary_size, REPEAT_WINDOW_TOKENS, wanted.repeat_penalty, 0.0, 0.0
                )
            )
        if wanted.temperature <= 0.0:
            self._add(library.llama_sampler_init_greedy())
            return
        if wanted.top_k > 0:
            self._add(library.llama_sampler_init_top_k(wanted.top_k))
        if wanted.top_p < 1.0:
            self._add(library.llama_sampler_init_top_p(wanted.top_p, 1))
        self._add(library.llama_sampler_init_temp(wanted.temperature))
        self._add(library.llama_sampler_init_dist(wanted.seed & 0xFFFFFFFF))

    def _add(self, sampler: Any) -> None:
        self._library.llama_sampler_chain_add(self._chain, sampler)

    def sample(self, context: Any) -> int:
        """Choose the next token from the last decoded position and remember it."""
        return int(self._library.llama_sampler_sample(self._chain, context, -1))

    def close(self) -> None:
        if self._chain is not None:
            self._library.llama_sampler_free(self._chain)
            self._chain = None
