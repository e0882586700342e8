"""Model files made wrong on purpose: the starter chat model's header with one thing changed, in front of weights that are all zero.

The weights are a hole in the file, so that a file of 98 MB takes 2 MB of disk.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.models.gguf_file import read_header

Edit = Callable[[bytearray], None]

NUMBERS: dict[str, tuple[int, ...]] = {
    "llama.block_count": (0, 1, 31, 600, 100_000, 2**32 - 1),
    "llama.context_length": (0, 1, 2**31, 2**32 - 1),
    "llama.embedding_length": (0, 1, 577, 2**20, 2**32 - 1),
    "llama.feed_forward_length": (0, 1, 2**31),
    "llama.attention.head_count": (0, 1, 7, 577, 2**31),
    "llama.attention.head_count_kv": (0, 2, 10, 2**31),
    "llama.vocab_size": (0, 1, 2**31),
    "llama.rope.dimension_count": (0, 63, 2**31),
    "tokenizer.ggml.bos_token_id": (49_152, 2**31, 2**32 - 1),
    "tokenizer.ggml.eos_token_id": (49_152, 2**31, 2**32 - 1),
    "tokenizer.ggml.unknown_token_id": (49_152, 2**32 - 1),
    "tokenizer.ggml.padding_token_id": (49_152, 2**32 - 1),
}
TEXTS: dict[str, tuple[bytes, ...]] = {
    "tokenizer.ggml.model": (b"bert", b"rwkv", b"nope"),
    "general.architecture": (b"gemma", b"bloom", b"mamba", b"nnnnn", b"rwkv6", b"qwen2"),
    "tokenizer.ggml.pre": (b"llama3", b"nopeno"),
}
"""Only texts of the same length fit; a shorter one is filled with blanks."""


class Original:
    """The file that the wrong ones are made of."""

    def __init__(self, path: Path) -> None:
        header = read_header(path)
        self.path = path
        self.size_bytes = header.file_bytes
        with path.open("rb") as file:
            self.head = file.read(header.data_start)
        self._tensor_at = self.head.index(b"token_embd.weight") - 8

    def write(self, path: Path, edit: Edit, *, size_bytes: int | None = None) -> Path:
        head = bytearray(self.head)
        edit(head)
        with path.open("wb") as file:
            file.write(head)
            file.truncate(self.size_bytes if size_bytes is None else size_bytes)
        return path

    def crafted(self) -> Iterator[tuple[str, Edit]]:
        """Every single edit by its name."""
        for key, numbers in NUMBERS.items():
            for number in numbers:
                yield f"{key}={number}", _number(key, number)
        for key, texts in TEXTS.items():
            for text in texts:
                yield f"{key}={text.decode()}", _text(key, text)
        yield from self._tensors()

    def damaged(self, chance: random.Random) -> Edit:
        """A few bytes of the header overwritten anywhere."""
        places = [int(len(self.head) * chance.random() ** 4) for _ in range(chance.choice((1, 2, 8)))]
        noise = [chance.randbytes(chance.choice((1, 4, 8))) for _ in places]

        def edit(head: bytearray) -> None:
            for at, data in zip(places, noise, strict=True):
                head[at : at + len(data)] = data[: len(head) - at]

        return edit

    def _tensors(self) -> Iterator[tuple[str, Edit]]:
        """The first tensor's entry: its name, two dimensions, type and offset."""
        name_end = self._tensor_at + 8 + len(b"token_embd.weight")
        yield "tensor name doubled", _bytes(self._tensor_at + 8, b"blk.0.ffn_up.wei\0")
        for count in (0, 1, 4, 5, 9):
            yield f"tensor of {count} dimensions", _bytes(name_end, struct.pack("<I", count))
        for rows in (0, 1, 49_151, 2**31, 2**63):
            yield f"tensor of {rows} rows", _bytes(name_end + 12, struct.pack("<Q", rows))
        for width in (1, 575, 2**40):
            yield f"tensor of {width} columns", _bytes(name_end + 4, struct.pack("<Q", width))
        for kind in (2, 4, 40, 255, 2**31):
            yield f"tensor of type {kind}", _bytes(name_end + 20, struct.pack("<I", kind))
        for offset in (1, 7, 2**20, 2**40, 2**64 - 32):
            yield f"tensor at {offset}", _bytes(name_end + 24, struct.pack("<Q", offset))


def _number(key: str, value: int) -> Edit:
    def edit(head: bytearray) -> None:
        at = head.index(_key(key)) + len(_key(key))
        kind = struct.unpack_from("<I", head, at)[0]
        assert kind in (4, 5), f"{key} is no number of four bytes"
        struct.pack_into("<I", head, at + 4, value)

    return edit


def _text(key: str, value: bytes) -> Edit:
    def edit(head: bytearray) -> None:
        at = head.index(_key(key)) + len(_key(key)) + 4
        length = struct.unpack_from("<Q", head, at)[0]
        head[at + 8 : at + 8 + length] = value.ljust(length)[:length]

    return edit


def _bytes(at: int, value: bytes) -> Edit:
    def edit(head: bytearray) -> None:
        head[at : at + len(value)] = value

    return edit


def _key(key: str) -> bytes:
    """With its length before it, so that no other key's end is met."""
    return struct.pack("<Q", len(key)) + key.encode()
