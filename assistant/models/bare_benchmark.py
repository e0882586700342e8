"""The bare llama.cpp that `elephant benchmark` measures us against: no queue, no process hop, no text, no cancelling.

`python -m assistant _bare-models` reads one JSON object from standard input, measures, writes one JSON object, and then waits for
the end of its input, so that its memory can be looked at meanwhile.
"""

from __future__ import annotations

import ctypes
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.models.llama_runtime import LlamaRuntime, physical_cores
from assistant.models.text_preparation import TextRole, prepare

_WINDOW = 512
_SEQUENCES = 64


def main(_arguments: Sequence[str]) -> int:
    """Input: chat and embedder (paths), runs ([prompt tokens, new tokens] pairs), texts, queries. Output: decode_tokens,
    decode_s, embed_texts, embed_s, query_s (one a query)."""
    job = json.loads(sys.stdin.readline())
    result: dict[str, Any] = {}
    holders: list[Any] = []
    if job.get("chat"):
        result |= _decode(Path(job["chat"]), job.get("runs", [[64, 16]]), holders)
    if job.get("embedder"):
        result |= _embed(Path(job["embedder"]), job.get("texts", []), job.get("queries", []), holders)
    print(json.dumps(result), flush=True)  # noqa: T201 (the result)
    sys.stdin.read()
    return 0


def _decode(path: Path, runs: Sequence[Sequence[int]], holders: list[Any]) -> dict[str, Any]:
    """Greedy decoding with llama.cpp's own sampler; the prompt is read outside the measured time."""
    runtime = LlamaRuntime()
    library = runtime.library
    model = runtime.load(path, gpu_layers=0, keep_going=lambda _share: True)
    cores = physical_cores()
    context = runtime.new_context(
        model, n_ctx=4096, n_batch=256, n_ubatch=256, n_threads=cores, n_threads_batch=cores, no_perf=True,
        flash_attn_type=library.LLAMA_FLASH_ATTN_TYPE_ENABLED,
    )  # fmt: skip
    holders += [model, context]
    sampler = library.llama_sampler_init_greedy()
    words = model.vocabulary.tokens("The house stands at the end of a long road. ", special=False)
    written, seconds = 0, 0.0
    for prompt_tokens, new_tokens in runs:
        library.llama_memory_clear(library.llama_get_memory(context), True)
        prompt = (words * (prompt_tokens // len(words) + 1))[:prompt_tokens]
        for at in range(0, len(prompt), 256):
            _step(library, context, prompt[at : at + 256])
        token = library.llama_sampler_sample(sampler, context, -1)
        begun = time.perf_counter()
        for _ in range(new_tokens):
            _step(library, context, [token])
            token = library.llama_sampler_sample(sampler, context, -1)
        seconds += time.perf_counter() - begun
        written += new_tokens
    return {"decode_tokens": written, "decode_s": seconds}


def _step(library: Any, context: Any, tokens: Sequence[int]) -> None:
    array = (library.llama_token * len(tokens))(*tokens)
    code = library.llama_decode(context, library.llama_batch_get_one(array, len(tokens)))
    if code:
        raise RuntimeError(f"llama_decode returned {code}")


def _embed(path: Path, texts: Sequence[str], queries: Sequence[str], holders: list[Any]) -> dict[str, Any]:
    """Texts packed into full windows in the order they come; no sorting, no centring."""
    runtime = LlamaRuntime()
    library = runtime.library
    model = runtime.load(path, gpu_layers=0, keep_going=lambda _share: True)
    cores = physical_cores()
    context = runtime.new_context(
        model, n_ctx=_WINDOW, n_batch=_WINDOW, n_ubatch=_WINDOW, n_seq_max=_SEQUENCES, kv_unified=True, embeddings=True,
        n_threads=cores, n_threads_batch=cores, flash_attn_type=library.LLAMA_FLASH_ATTN_TYPE_ENABLED, no_perf=True,
    )  # fmt: skip
    holders += [model, context]
    batch = library.llama_batch_init(_WINDOW, 0, 1)

    def run(group: Sequence[Sequence[int]]) -> None:
        batch.n_tokens = 0
        for sequence, tokens in enumerate(group):
            for position, token in enumerate(tokens):
                at = batch.n_tokens
                batch.token[at], batch.pos[at], batch.n_seq_id[at] = token, position, 1
                batch.seq_id[at][0], batch.logits[at] = sequence, True
                batch.n_tokens += 1
        if library.llama_decode(context, batch):
            raise RuntimeError("llama_decode failed")
        for sequence in range(len(group)):
            vector = library.llama_get_embeddings_seq(context, sequence)
            ctypes.string_at(vector, 4 * model.dim)

    def tokens_of(text: str, role: TextRole) -> list[int]:
        return model.vocabulary.tokens(prepare(text, role), special=False, wrap=True)[:_WINDOW]

    run([tokens_of("warm-up", TextRole.QUERY)])
    begun = time.perf_counter()
    group: list[list[int]] = []
    for text in texts:
        tokens = tokens_of(text, TextRole.PASSAGE)
        if sum(map(len, group)) + len(tokens) > _WINDOW or len(group) == _SEQUENCES:
            run(group)
            group = []
        group.append(tokens)
    if group:
        run(group)
    embed_s = time.perf_counter() - begun
    query_s = []
    for query in queries:
        begun = time.perf_counter()
        run([tokens_of(query, TextRole.QUERY)])
        query_s.append(time.perf_counter() - begun)
    return {"embed_texts": len(texts), "embed_s": embed_s, "query_s": query_s}
