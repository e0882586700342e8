"""Several token lists in one call of llama.cpp, one row of numbers for each: what embedding and reranking have in common.

The context is kept at the model's own 512 tokens: attention runs over the whole window, and a wider one is ten times slower
(measured; see docs/decisions). Encoders also need the whole batch in one step, or llama.cpp ends the process.
"""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.domain.errors import Cancelled, ModelUnavailableError
from assistant.models.llama_runtime import AbortFlag, Batch, LlamaRuntime
from assistant.models.model_check import MOST_WINDOW_TOKENS
from assistant.models.ports import FloatMatrix

_MOST_SEQUENCES = 64
_NO_POOLING, _RANK_POOLING = 0, 4
_ABORTED = 2
"""What llama.cpp answers when it was stopped between two nodes of its graph."""


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


class PackedEncoder:
    """A model with a pooling context, loaded. Owns its native model and context. abort: stops a call under way.

    Always on the CPU: a small encoder is fast there, and the graphics memory is left to the chat model.
    Thread: the one that made it; `model.vocabulary.tokens` and `abort` from any.
    """

    def __init__(
        self,
        runtime: LlamaRuntime,
        path: Path,
        *,
        ranks: bool,
        threads: int,
        keep_going: Callable[[float], bool],
        plain: bool = False,
    ) -> None:
        """ranks: pool into the numbers of the file's ranking head, else into an embedding, the way the file says."""
        self._runtime = runtime
        library = runtime.library
        self.model = runtime.load(path, gpu_layers=0, keep_going=keep_going, plain=plain)
        try:
            self.window_tokens = min(MOST_WINDOW_TOKENS, self.model.trained_context)
            self._context = runtime.new_context(
                self.model,
                n_ctx=self.window_tokens,
                n_batch=self.window_tokens,
                n_ubatch=self.window_tokens,
                n_seq_max=_MOST_SEQUENCES,
                kv_unified=True,
                n_threads=threads,
                n_threads_batch=threads,
                embeddings=True,
                flash_attn_type=library.LLAMA_FLASH_ATTN_TYPE_ENABLED,
                no_perf=True,
                **({"pooling_type": library.LLAMA_POOLING_TYPE_RANK} if ranks else {}),
            )
            if not ranks and library.llama_pooling_type(self._context) in (_NO_POOLING, _RANK_POOLING):
                raise ModelUnavailableError("not an embedding model", model=path.name, reason="wrong-role")
        except ModelUnavailableError:
            self.model.close()
            raise
        self.abort = AbortFlag()
        self.abort.attach(library, self._context)
        self._memory = library.llama_get_memory(self._context)
        self._batch = Batch(library, self.window_tokens)
        self._most_tokens = 0

    def rows(self, group: Sequence[PackedText], width: int) -> FloatMatrix:
        """The pooled rows of one group, in its order. width: how many numbers the model gives for each.

        Raises ModelUnavailableError, reason "decode-failed"; Cancelled after `abort`.
        """
        library = self._runtime.library
        if self._memory:  # a decoder remembers the texts of the call before
            library.llama_memory_clear(self._memory, True)
        self._batch.fill_sequences([item.tokens for item in group])
        code = library.llama_decode(self._context, self._batch.native)
        if code == _ABORTED:
            raise Cancelled
        if code != 0:
            raise self._failed(self._runtime.log.take())
        rows: FloatMatrix = np.empty((len(group), width), dtype=np.float32)
        for number in range(len(group)):
            row = library.llama_get_embeddings_seq(self._context, number)
            if not row:
                raise self._failed("llama.cpp gives nothing for a text")
            rows[number] = np.ctypeslib.as_array(ctypes.cast(row, ctypes.POINTER(ctypes.c_float)), (width,))
        self._give_back_scores(sum(len(item.tokens) for item in group))
        return rows

    def close(self) -> None:
        self._batch.close()
        self._runtime.library.llama_free(self._context)
        self.model.close()

    def _failed(self, detail: str) -> ModelUnavailableError:
        return ModelUnavailableError(detail, model=self.model.path.name, reason="decode-failed")

    def _give_back_scores(self, tokens: int) -> None:
        """The table of word scores is made anew whenever a call is larger than all before."""
        if tokens > self._most_tokens:
            self._most_tokens = tokens
            size = 4 * self.model.vocabulary.size * max(tokens, _MOST_SEQUENCES)
            table = self._runtime.library.llama_get_logits(self._context)
            _give_back(ctypes.cast(table, ctypes.c_void_p).value, size)


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
