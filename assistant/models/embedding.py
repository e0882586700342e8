"""Texts to raw unit vectors with llama.cpp: tokenised, packed, encoded, mean pooled.

The context is kept at the model's own 512 tokens: attention runs over the whole window, and a wider one is ten times slower
(measured; see docs/decisions). Encoders also need the whole batch in one step, or llama.cpp ends the process.
"""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.domain.errors import ModelUnavailableError
from assistant.models.llama_runtime import Batch, LlamaRuntime
from assistant.models.ports import FloatMatrix

MOST_WINDOW_TOKENS = 512
_MOST_SEQUENCES = 64


@dataclass(frozen=True, slots=True)
class PackedText:
    """A text's place in the input and its tokens."""

    index: int
    tokens: list[int]


def pack(
    token_lists: Sequence[list[int]], window: int, most_sequences: int = _MOST_SEQUENCES
) -> Iterator[list[PackedText]]:
    """Group texts so that each group fills one call as well as it can. Longest first; every text fits by itself."""
    groups: list[tuple[int, list[PackedText]]] = []
    for index in sorted(range(len(token_lists)), key=lambda i: -len(token_lists[i])):
        item = PackedText(index, token_lists[index])
        size = len(item.tokens)
        for place, (used, members) in enumerate(groups):
            if used + size <= window and len(members) < most_sequences:
                members.append(item)
                groups[place] = (used + size, members)
                break
        else:
            groups.append((size, [item]))
    return (members for _used, members in groups)


class LlamaEmbedder:
    """An embedding model, loaded. Owns its native model and context.

    Always on the CPU: a small encoder is fast there, and the graphics memory is left to the chat model.
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
        self._runtime = runtime
        self._model = runtime.load(path, gpu_layers=0, keep_going=keep_going, plain=plain)
        try:
            self.window_tokens = min(MOST_WINDOW_TOKENS, self._model.trained_context)
            self._context = runtime.new_context(
                self._model,
                n_ctx=self.window_tokens,
                n_batch=self.window_tokens,
                n_ubatch=self.window_tokens,
                n_seq_max=_MOST_SEQUENCES,
                kv_unified=True,
                n_threads=threads,
                n_threads_batch=threads,
                embeddings=True,
                flash_attn_type=runtime.library.LLAMA_FLASH_ATTN_TYPE_ENABLED,
                no_perf=True,
            )
            if runtime.library.llama_pooling_type(self._context) in (0, 4):  # none, rank
                raise ModelUnavailableError("not an embedding model", model=path.name, reason="wrong-role")
        except ModelUnavailableError:
            self._model.close()
            raise
        self._batch = Batch(runtime.library, self.window_tokens)
        self.dim = self._model.dim
        self._most_tokens = 0
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
            self._encode(group, rows)
            yield
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        rows /= np.maximum(norms, np.float32(1e-12))
        return rows

    def _cut(self, tokens: list[int]) -> list[int]:
        if len(tokens) <= self.window_tokens:
            return tokens
        return tokens[: self.window_tokens - 1] + tokens[-1:]  # the end token stays

    def _encode(self, group: Sequence[PackedText], rows: FloatMatrix) -> None:
        library = self._runtime.library
        self._batch.fill_sequences([item.tokens for item in group])
        code = library.llama_decode(self._context, self._batch.native)
        if code != 0:
            raise ModelUnavailableError(self._runtime.log.take(), model=self._model.path.name, reason="decode-failed")
        for number, item in enumerate(group):
            vector = library.llama_get_embeddings_seq(self._context, number)
            rows[item.index] = np.ctypeslib.as_array(ctypes.cast(vector, ctypes.POINTER(ctypes.c_float)), (self.dim,))

        tokens = sum(len(item.tokens) for item in group)
        if tokens > self._most_tokens:
            self._most_tokens = tokens
            size = 4 * self._model.vocabulary.size * max(tokens, _MOST_SEQUENCES)
            _give_back(ctypes.cast(library.llama_get_logits(self._context), ctypes.c_void_p).value, size)

    def close(self) -> None:
        self._batch.close()
        self._runtime.library.llama_free(self._context)
        self._model.close()


def _give_back(address: int | None, size: int) -> None:
    """Return the memory of llama.cpp's table of word scores to the system.

    It is made and zeroed whenever a call is larger than all before, one row a token: 512 MB for the starter embedder. An encoder never
    writes or reads it. Only Linux can take memory back from under a library; elsewhere nothing happens.
    """
    if not sys.platform.startswith("linux") or not address:
        return
    first = -(-address // mmap.PAGESIZE) * mmap.PAGESIZE
    pages = (address + size - first) // mmap.PAGESIZE
    if pages > 0:
        ctypes.CDLL(None).madvise(ctypes.c_void_p(first), ctypes.c_size_t(pages * mmap.PAGESIZE), mmap.MADV_DONTNEED)
