"""Rerankers made for tests: tiny ones with random weights, and the starter embedder with a ranking head put on."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.models.gguf_file import ALIGNMENT, TYPE_F32, Entry, Kind, NewTensor, gguf_bytes, read_header

Floats = npt.NDArray[np.float32]

RANK, CLS = 4, 2
_CONTROL, _NORMAL, _USER_DEFINED = 3, 1, 4
_MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = ["when", "do", "we", "fly", "the", "flight", "leaves", "at", "eight", "bake", "bread", "for", "an", "hour"]


@dataclass(frozen=True, slots=True)
class Head:
    """A dense layer, tanh, and a last layer, as NumPy has them: rows are outputs."""

    dense: Floats
    dense_bias: Floats
    out: Floats
    out_bias: Floats

    def scores(self, rows: Floats) -> Floats:
        inner = np.tanh(rows @ self.dense.T + self.dense_bias)
        found: Floats = inner @ self.out.T + self.out_bias
        return found

    def tensors(self) -> list[NewTensor]:
        return [
            tensor("cls.weight", self.dense),
            tensor("cls.bias", self.dense_bias),
            tensor("cls.output.weight", self.out),
            tensor("cls.output.bias", self.out_bias),
        ]


def random_head(width: int, outputs: int = 1, seed: int = 7) -> Head:
    made = np.random.default_rng(seed)

    def floats(*shape: int) -> Floats:
        return (made.standard_normal(shape) / np.sqrt(width)).astype(np.float32)

    return Head(floats(width, width), floats(width), floats(outputs, width), floats(outputs))


def tensor(name: str, values: Floats) -> NewTensor:
    """GGUF names the row length first."""
    return NewTensor(name, tuple(reversed(values.shape)), TYPE_F32, memoryview(values.astype("<f4").tobytes()))


def write_tiny_bert(
    path: Path,
    head: Sequence[NewTensor] | None = None,
    *,
    pooling: int = RANK,
    labels: Sequence[str] = (),
    title: str = "Tiny reranker",
    seed: int = 3,
) -> Path:
    """Two layers of 32 numbers, a vocabulary of WORDS and letters. head: `random_head(32)` unless given."""
    width, inner, window = 32, 64, 64
    tokens = [*_MARKS, *(f"\u2581{word}" for word in WORDS), *(f"\u2581{c}" for c in "abcxyz"), *"abcxyz"]
    made = np.random.default_rng(seed)

    def weights(*shape: int) -> Floats:
        return (made.standard_normal(shape) * 0.3).astype(np.float32)

    tensors = [
        tensor("token_embd.weight", weights(len(tokens), width)),
        tensor("position_embd.weight", weights(window, width)),
        tensor("token_types.weight", weights(2, width)),
        *_norm("token_embd_norm", width),
    ]
    for layer in range(2):
        for name, rows, columns in (
            ("attn_q", width, width), ("attn_k", width, width), ("attn_v", width, width), ("attn_output", width, width),
            ("ffn_up", inner, width), ("ffn_down", width, inner),
        ):  # fmt: skip
            tensors += [
                tensor(f"blk.{layer}.{name}.weight", weights(rows, columns)),
                tensor(f"blk.{layer}.{name}.bias", weights(rows)),
            ]
        tensors += [*_norm(f"blk.{layer}.attn_output_norm", width), *_norm(f"blk.{layer}.layer_output_norm", width)]
    entries: list[Entry] = [
        ("general.architecture", Kind.STRING, "bert"),
        ("general.name", Kind.STRING, title),
        ("bert.context_length", Kind.UINT32, window),
        ("bert.embedding_length", Kind.UINT32, width),
        ("bert.feed_forward_length", Kind.UINT32, inner),
        ("bert.block_count", Kind.UINT32, 2),
        ("bert.attention.head_count", Kind.UINT32, 2),
        ("bert.attention.layer_norm_epsilon", Kind.FLOAT32, 1e-12),
        ("bert.attention.causal", Kind.BOOL, False),
        ("bert.pooling_type", Kind.UINT32, pooling),
        ("tokenizer.ggml.model", Kind.STRING, "bert"),
        ("tokenizer.ggml.tokens", Kind.ARRAY, Kind.STRING, tokens),
        ("tokenizer.ggml.token_type", Kind.ARRAY, Kind.INT32, [_CONTROL] * 5 + [_NORMAL] * (len(tokens) - 5)),
        ("tokenizer.ggml.token_type_count", Kind.UINT32, 2),
        ("tokenizer.ggml.bos_token_id", Kind.UINT32, 2),
        ("tokenizer.ggml.seperator_token_id", Kind.UINT32, 3),
        ("tokenizer.ggml.unknown_token_id", Kind.UINT32, 1),
        ("tokenizer.ggml.padding_token_id", Kind.UINT32, 0),
    ]
    if labels:
        entries.append(("bert.classifier.output_labels", Kind.ARRAY, Kind.STRING, list(labels)))
    return _write(path, entries, [*tensors, *(random_head(width).tensors() if head is None else head)])


TEMPLATE = (
    "<|im_start|>system\nJudge.<|im_end|>\n<|im_start|>user\n<Query>: {query}\n<Document>: {document}<|im_end|>\n"
    "<|im_start|>assistant\n<think>\n\n</think>\n\n"
)


def write_tiny_judge(path: Path, *, template: str = TEMPLATE, outputs: int = 2) -> Path:
    """A chat model's layers with a yes-no head and a template, as Qwen3-Reranker files have them. Its tokens are single bytes."""
    width, inner, head_width = 32, 64, 16
    marks = ["<|im_start|>", "<|im_end|>", "<think>", "</think>"]
    tokens = [*(_byte_letter(byte) for byte in range(256)), *marks]
    types = [*[_NORMAL] * 256, _CONTROL, _CONTROL, _USER_DEFINED, _USER_DEFINED]
    made = np.random.default_rng(5)

    def weights(*shape: int) -> Floats:
        return (made.standard_normal(shape) * 0.3).astype(np.float32)

    def ones(size: int) -> Floats:
        return np.ones(size, dtype=np.float32)

    tensors = [tensor("token_embd.weight", weights(len(tokens), width)), tensor("output_norm.weight", ones(width))]
    for layer in range(2):
        for name, rows, columns in (
            ("attn_q", width, width), ("attn_k", width, width), ("attn_v", width, width), ("attn_output", width, width),
            ("ffn_gate", inner, width), ("ffn_up", inner, width), ("ffn_down", width, inner),
        ):  # fmt: skip
            tensors.append(tensor(f"blk.{layer}.{name}.weight", weights(rows, columns)))
        for name, size in (
            ("attn_norm", width),
            ("ffn_norm", width),
            ("attn_q_norm", head_width),
            ("attn_k_norm", head_width),
        ):
            tensors.append(tensor(f"blk.{layer}.{name}.weight", ones(size)))
    tensors.append(tensor("cls.output.weight", weights(outputs, width)))
    entries: list[Entry] = [
        ("general.architecture", Kind.STRING, "qwen3"),
        ("qwen3.context_length", Kind.UINT32, 512),
        ("qwen3.embedding_length", Kind.UINT32, width),
        ("qwen3.feed_forward_length", Kind.UINT32, inner),
        ("qwen3.block_count", Kind.UINT32, 2),
        ("qwen3.attention.head_count", Kind.UINT32, 2),
        ("qwen3.attention.head_count_kv", Kind.UINT32, 2),
        ("qwen3.attention.key_length", Kind.UINT32, head_width),
        ("qwen3.attention.value_length", Kind.UINT32, head_width),
        ("qwen3.attention.layer_norm_rms_epsilon", Kind.FLOAT32, 1e-6),
        ("qwen3.pooling_type", Kind.UINT32, RANK),
        ("tokenizer.ggml.model", Kind.STRING, "gpt2"),
        ("tokenizer.ggml.pre", Kind.STRING, "qwen2"),
        ("tokenizer.ggml.tokens", Kind.ARRAY, Kind.STRING, tokens),
        ("tokenizer.ggml.token_type", Kind.ARRAY, Kind.INT32, types),
        ("tokenizer.ggml.merges", Kind.ARRAY, Kind.STRING, ["a b"]),
        ("tokenizer.ggml.eos_token_id", Kind.UINT32, 257),
        ("tokenizer.ggml.add_bos_token", Kind.BOOL, False),
        ("tokenizer.chat_template.rerank", Kind.STRING, template),
    ]
    if outputs > 1:
        entries.append(("qwen3.classifier.output_labels", Kind.ARRAY, Kind.STRING, ["yes", "no"][:outputs]))
    return _write(path, entries, tensors)


def with_head(source: Path, path: Path, pooling: int, added: Sequence[NewTensor] = ()) -> Path:
    """A BERT file with another kind of pooling and more tensors; everything else byte for byte. Reads no vocabulary."""
    data = source.read_bytes()
    header = read_header(source)
    first = header.tensors[0].name.encode()
    infos_at = data.index(struct.pack("<Q", len(first)) + first)
    entries = bytearray(data[24:infos_at])
    key = b"bert.pooling_type"
    struct.pack_into("<I", entries, entries.index(key) + len(key) + 4, pooling)

    infos, weights, offset = b"", b"", header.tensor_bytes + -header.tensor_bytes % ALIGNMENT
    for new in added:
        infos += struct.pack("<Q", len(new.name)) + new.name.encode()
        infos += struct.pack(f"<I{len(new.dims)}QIQ", len(new.dims), *new.dims, new.type, offset + len(weights))
        weights += bytes(new.data) + b"\0" * (-new.data.nbytes % ALIGNMENT)
    old_infos = sum(24 + len(old.name.encode()) + 8 * len(old.dims) for old in header.tensors)
    count, _tensors, entry_count = struct.unpack_from("<IQQ", data, 4)
    head = b"GGUF" + struct.pack("<IQQ", count, len(header.tensors) + len(added), entry_count)
    head += entries + data[infos_at : infos_at + old_infos] + infos
    body = data[header.data_start :]
    with path.open("wb") as out:
        for part in (head, b"\0" * (-len(head) % ALIGNMENT), body, b"\0" * (-len(body) % ALIGNMENT), weights):
            out.write(part)
    return path


def _norm(name: str, width: int) -> list[NewTensor]:
    return [
        tensor(f"{name}.weight", np.ones(width, dtype=np.float32)),
        tensor(f"{name}.bias", np.zeros(width, dtype=np.float32)),
    ]


def _byte_letter(byte: int) -> str:
    """How GPT-2's vocabulary writes a byte: printable ones as themselves, the others as letters beyond them."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    if byte in printable:
        return chr(byte)
    return chr(256 + [other for other in range(256) if other not in printable].index(byte))


def _write(path: Path, entries: Sequence[Entry], tensors: Sequence[NewTensor]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        for part in gguf_bytes(entries, tensors):
            out.write(part)
    return path
