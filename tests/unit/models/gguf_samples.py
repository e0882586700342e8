"""Small GGUF files made for tests."""

from __future__ import annotations

from pathlib import Path

from assistant.models.gguf_file import Entry, Kind, NewTensor, gguf_bytes

CHAT_ENTRIES: list[Entry] = [
    ("general.architecture", Kind.STRING, "llama"),
    ("general.name", Kind.STRING, "Tiny\x07 chat"),
    ("llama.block_count", Kind.UINT32, 2),
    ("llama.context_length", Kind.UINT32, 2048),
    ("llama.embedding_length", Kind.UINT32, 64),
    ("llama.attention.head_count", Kind.UINT32, 4),
    ("llama.attention.head_count_kv", Kind.UINT32, 2),
    ("general.languages", Kind.ARRAY, Kind.STRING, ["en", "zh"]),
]
EMBEDDER_ENTRIES: list[Entry] = [
    ("general.architecture", Kind.STRING, "bert"),
    ("bert.embedding_length", Kind.UINT32, 8),
    ("bert.context_length", Kind.UINT32, 512),
    ("bert.pooling_type", Kind.UINT32, 1),
]


def sample_bytes(entries: list[Entry] | None = None, weights: int = 64) -> bytes:
    tensor = NewTensor("w", (weights,), 0, memoryview(bytes(4 * weights)))
    return b"".join(bytes(part) for part in gguf_bytes(CHAT_ENTRIES if entries is None else entries, [tensor]))


def write_sample(path: Path, entries: list[Entry] | None = None, weights: int = 64) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sample_bytes(entries, weights))
    return path
