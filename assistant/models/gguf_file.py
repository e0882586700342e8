"""The GGUF container: its header read and checked, and files of it written, without llama.cpp.

llama.cpp ends its process on many damaged files, so a file is looked at here before it gets near it: magic, version, sizes, and
whether every tensor the header promises lies inside the file. What the weights are worth is not seen here; a checksum tells that.
Source of the layout: the GGUF specification in the ggml repository, versions 2 and 3.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from io import BufferedReader
from pathlib import Path

MAGIC = b"GGUF"
VERSION = 3
ALIGNMENT = 32


class Kind(IntEnum):
    """Types of metadata values, by their number in the file."""

    UINT8 = 0
    INT8 = 1
    UINT16 = 2
    INT16 = 3
    UINT32 = 4
    INT32 = 5
    FLOAT32 = 6
    BOOL = 7
    STRING = 8
    ARRAY = 9
    UINT64 = 10
    INT64 = 11
    FLOAT64 = 12


_SCALARS = {
    Kind.UINT8: "B",
    Kind.INT8: "b",
    Kind.UINT16: "H",
    Kind.INT16: "h",
    Kind.UINT32: "I",
    Kind.INT32: "i",
    Kind.FLOAT32: "f",
    Kind.BOOL: "?",
    Kind.UINT64: "Q",
    Kind.INT64: "q",
    Kind.FLOAT64: "d",
}

# ggml tensor type: (weights in a block, bytes of a block). A type that is missing here is newer than this table: its extent is
# then not checked, llama.cpp decides.
_BLOCKS = {
    0: (1, 4),
    1: (1, 2),
    2: (32, 18),
    3: (32, 20),
    6: (32, 22),
    7: (32, 24),
    8: (32, 34),
    9: (32, 36),
    10: (256, 84),
    11: (256, 110),
    12: (256, 144),
    13: (256, 176),
    14: (256, 210),
    15: (256, 292),
    16: (256, 66),
    17: (256, 74),
    18: (256, 98),
    19: (256, 50),
    20: (32, 18),
    21: (256, 110),
    22: (256, 82),
    23: (256, 136),
    24: (1, 1),
    25: (1, 2),
    26: (1, 4),
    27: (1, 8),
    28: (1, 8),
    29: (256, 56),
    30: (1, 2),
    34: (256, 54),
    35: (256, 66),
    39: (32, 17),
}

TYPE_F32 = 0
TYPE_Q4_0 = 2

# Ceilings far above any real model; they keep a hostile header from asking for memory or hours.
_MOST_ENTRIES = 100_000
_MOST_STRING_BYTES = 64 * 2**20
_MOST_ITEMS = 50_000_000
_KEPT_ITEMS = 64

Value = str | int | float | bool


class GgufError(Exception):
    """A file cannot be used. reason: "not-gguf", "unsupported-version", "truncated" or "damaged"."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class ArrayValue:
    """A metadata array. Only the first items are kept, unless there are few; count is what the file says."""

    kind: Kind
    count: int
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """A tensor's place. offset counts from the start of the data part; size_bytes is None for a type newer than our table."""

    name: str
    dims: tuple[int, ...]
    type: int
    offset: int
    size_bytes: int | None


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """Everything before the weights. data_start: where they begin. file_bytes: what the file holds."""

    version: int
    metadata: dict[str, Value | ArrayValue]
    tensors: tuple[TensorEntry, ...]
    data_start: int
    file_bytes: int

    def text(self, key: str, default: str = "") -> str:
        value = self.metadata.get(key, default)
        return value if isinstance(value, str) else default

    def number(self, key: str, default: int = 0) -> int:
        value = self.metadata.get(key, default)
        return value if isinstance(value, int) and not isinstance(value, bool) else default

    @property
    def architecture(self) -> str:
        return self.text("general.architecture")

    @property
    def parameters(self) -> int:
        total = 0
        for tensor in self.tensors:
            weights = 1
            for dim in tensor.dims:
                weights *= dim
            total += weights
        return total

    @property
    def tensor_bytes(self) -> int:
        return self.file_bytes - self.data_start


def read_header(path: Path) -> GgufHeader:
    """Read and check a file's header.

    Raises:
        GgufError: with its reason.
        OSError: the file cannot be opened or read.
    """
    with path.open("rb") as file:
        header = _Reader(file, path.stat().st_size).header()
    _check_extents(header)
    return header


def _check_extents(header: GgufHeader) -> None:
    if not header.tensors:
        raise GgufError("damaged", "no tensors")
    for tensor in header.tensors:
        if tensor.size_bytes is None:
            continue
        if header.data_start + tensor.offset + tensor.size_bytes > header.file_bytes:
            raise GgufError("truncated", f"tensor {tensor.name!r} ends behind the end of the file")


class _Reader:
    """One pass over a header; every read knows how many bytes are left."""

    def __init__(self, file: BufferedReader, file_bytes: int) -> None:
        self._file = file
        self._left = file_bytes
        self._file_bytes = file_bytes

    def header(self) -> GgufHeader:
        if self._left < 4 or self._take(4) != MAGIC:
            raise GgufError("not-gguf", "the file does not begin as a GGUF file does")
        version = self._number("I")
        if version not in (2, 3):
            raise GgufError("unsupported-version", f"version {version}")
        tensor_count, entry_count = self._number("Q"), self._number("Q")
        if tensor_count > _MOST_ENTRIES or entry_count > _MOST_ENTRIES:
            raise GgufError("damaged", "impossible counts")
        metadata = dict(self._entry() for _ in range(entry_count))
        tensors = tuple(self._tensor() for _ in range(tensor_count))
        alignment = metadata.get("general.alignment", ALIGNMENT)
        if not isinstance(alignment, int) or alignment <= 0 or alignment % 8:
            raise GgufError("damaged", "impossible alignment")
        here = self._file_bytes - self._left
        return GgufHeader(version, metadata, tensors, here + -here % alignment, self._file_bytes)

    def _take(self, count: int) -> bytes:
        if count > self._left:
            raise GgufError("truncated", "the header ends early")
        data = self._file.read(count)
        if len(data) != count:
            raise GgufError("truncated", "the header ends early")
        self._left -= count
        return data

    def _skip(self, count: int) -> None:
        if count > self._left:
            raise GgufError("truncated", "the header ends early")
        self._file.seek(count, 1)
        self._left -= count

    def _skip_strings(self, count: int) -> None:
        """As reading the length of each and skipping it. Vocabularies have hundreds of thousands, and each start reads them."""
        read, seek, length_of, left = self._file.read, self._file.seek, struct.Struct("<Q").unpack, self._left
        for _ in range(count):
            data = read(8)
            if len(data) != 8:
                raise GgufError("truncated", "the header ends early")
            (length,) = length_of(data)
            left -= 8 + length
            if left < 0:
                raise GgufError("truncated", "the header ends early")
            seek(length, 1)
        self._left = left

    def _number(self, code: str) -> int:
        return int(struct.unpack("<" + code, self._take(struct.calcsize(code)))[0])

    def _string(self) -> str:
        length = self._number("Q")
        if length > _MOST_STRING_BYTES:
            raise GgufError("damaged", "an impossible text length")
        return self._take(length).decode("utf-8", "replace")

    def _kind(self) -> Kind:
        number = self._number("I")
        try:
            return Kind(number)
        except ValueError:
            raise GgufError("damaged", f"unknown value type {number}") from None

    def _entry(self) -> tuple[str, Value | ArrayValue]:
        key, kind = self._string(), self._kind()
        return key, self._array() if kind is Kind.ARRAY else self._value(kind)

    def _value(self, kind: Kind) -> Value:
        if kind is Kind.STRING:
            return self._string()
        code = _SCALARS[kind]
        value: Value = struct.unpack("<" + code, self._take(struct.calcsize(code)))[0]
        return value

    def _array(self) -> ArrayValue:
        kind, count = self._kind(), self._number("Q")
        if kind is Kind.ARRAY or count > _MOST_ITEMS:
            raise GgufError("damaged", "an impossible array")
        kept = tuple(self._value(kind) for _ in range(min(count, _KEPT_ITEMS)))
        rest = count - len(kept)
        if kind is Kind.STRING:
            self._skip_strings(rest)
        else:
            self._skip(rest * struct.calcsize(_SCALARS[kind]))
        return ArrayValue(kind, count, kept)

    def _tensor(self) -> TensorEntry:
        name, dim_count = self._string(), self._number("I")
        if not 1 <= dim_count <= 8:
            raise GgufError("damaged", f"tensor {name!r} has {dim_count} dimensions")
        dims = tuple(self._number("Q") for _ in range(dim_count))
        kind, offset = self._number("I"), self._number("Q")
        weights = 1
        for dim in dims:
            weights *= dim
        if not 0 < weights < 2**48:
            raise GgufError("damaged", f"tensor {name!r} has an impossible size")
        block = _BLOCKS.get(kind)
        return TensorEntry(name, dims, kind, offset, None if block is None else weights // block[0] * block[1])


@dataclass(frozen=True, slots=True)
class NewTensor:
    """A tensor to write. dims in ggml's order: the row length first."""

    name: str
    dims: tuple[int, ...]
    type: int
    data: memoryview


Entry = tuple[str, Kind, Value] | tuple[str, Kind, Kind, Sequence[Value | bytes]]


def gguf_bytes(entries: Sequence[Entry], tensors: Sequence[NewTensor]) -> Iterator[bytes | memoryview]:
    """The bytes of a GGUF file, in order: the same input gives the same bytes on every machine.

    An entry is (key, kind, value), or (key, ARRAY, item kind, items).
    """
    yield MAGIC + struct.pack("<IQQ", VERSION, len(tensors), len(entries))
    position = 24
    for entry in entries:
        data = _entry_bytes(entry)
        position += len(data)
        yield data
    offset = 0
    for tensor in tensors:
        data = _string_bytes(tensor.name) + struct.pack(f"<I{len(tensor.dims)}Q", len(tensor.dims), *tensor.dims)
        data += struct.pack("<IQ", tensor.type, offset)
        offset += _padded(tensor.data.nbytes)
        position += len(data)
        yield data
    yield b"\0" * (-position % ALIGNMENT)
    for tensor in tensors:
        yield tensor.data
        yield b"\0" * (-tensor.data.nbytes % ALIGNMENT)


def _padded(size: int) -> int:
    return size + -size % ALIGNMENT


def _string_bytes(text: str | bytes) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return struct.pack("<Q", len(data)) + data


def _value_bytes(kind: Kind, value: Value | bytes) -> bytes:
    if isinstance(value, (str, bytes)):
        return _string_bytes(value)
    return struct.pack("<" + _SCALARS[kind], value)


def _entry_bytes(entry: Entry) -> bytes:
    if len(entry) == 3:
        key, kind, value = entry
        return _string_bytes(key) + struct.pack("<I", kind) + _value_bytes(kind, value)
    key, kind, item_kind, items = entry
    head = _string_bytes(key) + struct.pack("<IIQ", kind, item_kind, len(items))
    return head + b"".join(_value_bytes(item_kind, item) for item in items)
