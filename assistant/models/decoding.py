"""A chat model, loaded: prompt tokens in, text out, one step at a time.

The loop is our own. llama-cpp-python's re-renders everything written so far for every token and drops pieces longer than 32 bytes;
here a table of pieces and an incremental UTF-8 decoder do. The context keeps the tokens of the last prompt and answer, and only
what follows the longest common beginning is read again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.domain.errors import ModelUnavailableError, PromptTooLongError
from assistant.domain.models import CompletionStats, Sampling
from assistant.models.llama_runtime import AbortFlag, Batch, LlamaModel, LlamaRuntime, utf8_stream
from assistant.models.ports import PromptProgress, StreamItem
from assistant.models.sampling import SamplerChain
from assistant.models.stop_text import StopText

READ_TOKENS = 256
"""Prompt tokens a step: a stop and the progress wait for one step, and a larger one needs more memory for its results."""

_ABORTED = 2
_ALL_LAYERS = 999


class LlamaChat:
    """A loaded chat model with its context. Owns both.

    Thread: the one that made it; `abort` may be set from any.
    """

    def __init__(
        self,
        runtime: LlamaRuntime,
        path: Path,
        *,
        context_tokens: int,
        threads: int,
        keep_going: Callable[[float], bool],
        plain: bool = False,
        use_gpu: bool = True,
    ) -> None:
        self._runtime = runtime
        if use_gpu and not plain:
            runtime.look_for_gpu()
        self._may_use_gpu = use_gpu and runtime.offers_gpu
        self._library = runtime.library
        self.abort = AbortFlag()
        self.model, self._context, self.gpu_layers = self._open(path, context_tokens, threads, keep_going, plain)
        self.has_lost_gpu = self._may_use_gpu and not self.gpu_layers
        self.context_tokens = int(self._library.llama_n_ctx(self._context))
        self.abort.attach(self._library, self._context)
        self._memory = self._library.llama_get_memory(self._context)
        self._batch = Batch(self._library, READ_TOKENS)
        self._kept: list[int] = []
        self._warm_up()

    # ---- loading -----------------------------------------------------------------------------------------------------

    def _open(
        self, path: Path, context_tokens: int, threads: int, keep_going: Callable[[float], bool], plain: bool
    ) -> tuple[LlamaModel, Any, int]:
        """Down a ladder until a rung holds: every layer on the GPU, half of them, none."""
        failure: ModelUnavailableError | None = None
        for layers in self._rungs(plain):
            try:
                return self._try_rung(path, layers, context_tokens, threads, keep_going, plain)
            except ModelUnavailableError as error:
                failure = error
        assert failure is not None
        raise failure

    def _rungs(self, plain: bool) -> tuple[int, ...]:
        return (_ALL_LAYERS, 16, 0) if self._may_use_gpu and not plain else (0,)

    def _try_rung(
        self,
        path: Path,
        layers: int,
        context_tokens: int,
        threads: int,
        keep_going: Callable[[float], bool],
        plain: bool,
    ) -> tuple[LlamaModel, Any, int]:
        model = self._runtime.load(path, gpu_layers=layers, keep_going=keep_going, plain=plain)
        wanted = min(context_tokens, model.trained_context) if model.trained_context > 0 else context_tokens
        attention = self._library.LLAMA_FLASH_ATTN_TYPE_ENABLED, self._library.LLAMA_FLASH_ATTN_TYPE_AUTO
        failure: ModelUnavailableError | None = None
        for flash_attention in attention:
            try:
                context = self._runtime.new_context(
                    model,
                    n_ctx=wanted,
                    n_batch=READ_TOKENS,
                    n_ubatch=READ_TOKENS,
                    n_threads=threads,
                    n_threads_batch=threads,
                    flash_attn_type=flash_attention,
                    no_perf=True,
                )
                return model, context, layers
            except ModelUnavailableError as error:
                failure = error
        model.close()
        assert failure is not None
        raise failure

    def _warm_up(self) -> None:
        """Compute once, so that a build that dies on this processor dies while the load is on record (`load_record`)."""
        token = max(self.model.vocabulary.bos, 0)
        self._decode([token] * 8, 0)
        self._decode([token], 8)
        self._forget(0)

    # ---- reading and writing -----------------------------------------------------------------------------------------

    def stream(
        self, prompt: Sequence[int], sampling: Sampling, cancelled: Callable[[], bool], load_s: float = 0.0
    ) -> Iterator[StreamItem]:
        """Yield PromptProgress after each step of reading, a text piece (possibly "") after each token written, and CompletionStats.

        Raises PromptTooLongError before anything is computed.
        """
        limit = self.context_tokens - 1
        if len(prompt) > limit:
            raise PromptTooLongError(needed_tokens=len(prompt), limit_tokens=limit)
        assert prompt, "a template always writes something"
        return self._stream(list(prompt), sampling, cancelled, load_s)

    def _stream(
        self, prompt: list[int], sampling: Sampling, cancelled: Callable[[], bool], load_s: float
    ) -> Iterator[StreamItem]:
        begun = time.perf_counter()
        cached = self._keep_common_beginning(prompt)
        total = len(prompt)
        yield PromptProgress("reading", cached, total)
        while len(self._kept) < total and not cancelled():
            at = len(self._kept)
            if not self._decode(prompt[at : at + READ_TOKENS], at):
                break
            yield PromptProgress("reading", len(self._kept), total)
        read_at = time.perf_counter()
        was_read = len(self._kept) == total
        writer = _Writer(self, sampling, cancelled)
        if was_read:
            yield from writer.write(min(sampling.max_tokens, self.context_tokens - total))
        ended = time.perf_counter()
        yield CompletionStats(
            finish=writer.finish if was_read else "stopped",
            load_s=load_s,
            prompt_s=read_at - begun,
            first_token_s=load_s + (writer.first_at or ended) - begun,
            write_s=ended - read_at,
            prompt_tokens=total,
            cached_tokens=cached,
            completion_tokens=writer.tokens,
        )

    def _keep_common_beginning(self, prompt: list[int]) -> int:
        common = 0
        # The last token is always read again: its scores are needed and the context does not keep them.
        most = min(len(self._kept), len(prompt) - 1)
        while common < most and self._kept[common] == prompt[common]:
            common += 1
        return self._forget(common)

    def _forget(self, keep: int) -> int:
        """Drop everything behind the first `keep` tokens; a recurrent model can only drop all. Returns how many are kept."""
        if not self._library.llama_memory_seq_rm(self._memory, 0, keep, -1):
            self._library.llama_memory_clear(self._memory, True)
            keep = 0
        del self._kept[keep:]
        return keep

    def _decode(self, tokens: Sequence[int], position: int) -> bool:
        """Compute these tokens. False: aborted; the context is as before."""
        self._batch.fill(tokens, position, logits_last=True)
        code = self._library.llama_decode(self._context, self._batch.native)
        if code == 0:
            self._kept.extend(tokens)
            return True
        self._forget(position)
        if code == _ABORTED:
            return False
        raise ModelUnavailableError(self._runtime.log.take(), model=self.model.path.name, reason="decode-failed")

    def sampler(self, sampling: Sampling) -> SamplerChain:
        return SamplerChain(self._library, sampling, self.model.vocabulary.size)

    def sample(self, chain: SamplerChain) -> int:
        return chain.sample(self._context)

    def append(self, token: int) -> bool:
        """Compute one written token. False: aborted."""
        return self._decode((token,), len(self._kept))

    def close(self) -> None:
        self._batch.close()
        self._library.llama_free(self._context)
        self.model.close()


class _Writer:
    """Writes one completion and remembers how it went."""

    def __init__(self, chat: LlamaChat, sampling: Sampling, cancelled: Callable[[], bool]) -> None:
        self._chat = chat
        self._sampling = sampling
        self._cancelled = cancelled
        self.finish = "length"
        self.tokens = 0
        self.first_at: float | None = None

    def write(self, most_tokens: int) -> Iterator[str]:
        chain = self._chat.sampler(self._sampling)
        decoder = utf8_stream()
        stops = StopText(self._sampling.stop)
        vocabulary = self._chat.model.vocabulary
        try:
            while self.tokens < most_tokens:
                if self._cancelled():
                    self.finish = "stopped"
                    break
                token = self._chat.sample(chain)
                self.first_at = self.first_at or time.perf_counter()
                if vocabulary.is_end(token):
                    self.finish = "stop"
                    break
                self.tokens += 1
                yield stops.feed(decoder.decode(vocabulary.piece(token)))
                if stops.found:
                    self.finish = "stop"
                    break
                if self.tokens < most_tokens and not self._chat.append(token):
                    self.finish = "stopped"
                    break
        finally:
            chain.close()
        yield stops.feed(decoder.decode(b"", final=True)) + stops.flush()
