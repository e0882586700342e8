"""A GGUF file's header is read, and every way of being broken is named instead of raised as something else."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.errors import ModelUnavailableError
from assistant.domain.models import ModelRole
from assistant.models.gguf_file import ArrayValue, GgufError, Kind, read_header
from assistant.models.model_check import check_header, check_memory, needed_bytes
from tests.unit.models.gguf_samples import CHAT_ENTRIES, EMBEDDER_ENTRIES, sample_bytes, write_sample


def _reason(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(GgufError) as caught:
        read_header(path)
    return caught.value.reason


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    header = read_header(write_sample(tmp_path / "a.gguf"))
    assert header.architecture == "llama"
    assert header.number("llama.context_length") == 2048
    assert header.metadata["general.languages"] == ArrayValue(Kind.STRING, 2, ("en", "zh"))
    assert header.parameters == 64
    assert header.data_start % 32 == 0


def test_the_same_input_gives_the_same_bytes() -> None:
    assert sample_bytes() == sample_bytes()


def test_the_gguf_library_reads_what_our_writer_wrote(tmp_path: Path) -> None:
    gguf = pytest.importorskip("gguf")
    reader = gguf.GGUFReader(write_sample(tmp_path / "a.gguf"))
    assert [(tensor.name, tensor.n_elements) for tensor in reader.tensors] == [("w", 64)]
    assert reader.fields["llama.context_length"].contents() == 2048
    assert reader.fields["general.languages"].contents() == ["en", "zh"]


def test_a_long_array_is_skipped_but_counted(tmp_path: Path) -> None:
    words = [f"word{i}" for i in range(5000)]
    numbers = list(range(5000))
    entries = [*CHAT_ENTRIES, ("words", Kind.ARRAY, Kind.STRING, words), ("numbers", Kind.ARRAY, Kind.INT32, numbers)]
    header = read_header(write_sample(tmp_path / "a.gguf", entries))
    found = header.metadata["words"]
    assert isinstance(found, ArrayValue)
    assert found.count == 5000
    assert found.items[0] == "word0"
    assert len(found.items) < 100
    assert header.tensors[0].name == "w"


@pytest.mark.parametrize(
    "data", [b"", b"GG", b"PK\x03\x04" + bytes(100), b"\x89PNG\r\n\x1a\n" + bytes(50), b"FUGG" + bytes(40)]
)
def test_another_kind_of_file_is_not_gguf(tmp_path: Path, data: bytes) -> None:
    assert _reason(tmp_path / "a.gguf", data) == "not-gguf"


def test_a_future_version_is_named(tmp_path: Path) -> None:
    data = bytearray(sample_bytes())
    data[4:8] = struct.pack("<I", 9)
    assert _reason(tmp_path / "a.gguf", bytes(data)) == "unsupported-version"


def test_missing_weights_are_truncation(tmp_path: Path) -> None:
    data = sample_bytes(weights=1024)
    assert _reason(tmp_path / "a.gguf", data[: len(data) - 1]) == "truncated"


def test_every_cut_of_a_file_is_refused(tmp_path: Path) -> None:
    data = sample_bytes()
    for length in range(len(data)):
        assert _reason(tmp_path / "a.gguf", data[:length]) in {"not-gguf", "truncated"}


@pytest.mark.parametrize(
    ("offset", "code", "value"),
    [(8, "Q", 2**60), (16, "Q", 2**60), (24, "Q", 2**62), (24, "Q", 70 * 2**20)],
    ids=["tensor count", "entry count", "key length beyond the file", "key length beyond reason"],
)
def test_impossible_counts_ask_for_no_memory(tmp_path: Path, offset: int, code: str, value: int) -> None:
    data = bytearray(sample_bytes())
    struct.pack_into("<" + code, data, offset, value)
    assert _reason(tmp_path / "a.gguf", bytes(data)) in {"damaged", "truncated"}


@given(st.integers(0, len(sample_bytes()) - 1), st.integers(0, 255))
def test_one_changed_byte_never_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, at: int, value: int
) -> None:
    data = bytearray(sample_bytes())
    data[at] = value
    path = tmp_path_factory.mktemp("mutants") / "a.gguf"
    path.write_bytes(bytes(data))
    with contextlib.suppress(GgufError):
        read_header(path)


def test_roles_are_told_from_the_header(tmp_path: Path) -> None:
    chat = write_sample(tmp_path / "chat.gguf")
    embedder = write_sample(tmp_path / "embedder.gguf", EMBEDDER_ENTRIES)
    assert check_header(chat, ModelRole.CHAT).architecture == "llama"
    assert check_header(embedder, ModelRole.EMBEDDER).architecture == "bert"
    for path, role in ((chat, ModelRole.EMBEDDER), (embedder, ModelRole.CHAT)):
        with pytest.raises(ModelUnavailableError) as caught:
            check_header(path, role)
        assert caught.value.fields["reason"] == "wrong-role"


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError) as caught:
        check_header(tmp_path / "gone.gguf", ModelRole.CHAT)
    assert caught.value.fields["reason"] == "missing"


def test_a_model_too_large_for_memory_says_how_much_it_needs(tmp_path: Path) -> None:
    path = write_sample(tmp_path / "a.gguf")
    header = read_header(path)
    # Two layers, 2048 positions, two heads of 16 for keys and values each, two bytes a value.
    context = 2 * 2048 * 2 * (16 + 16) * 2
    assert needed_bytes(header, 100_000) - needed_bytes(header, 0) == context
    with pytest.raises(ModelUnavailableError) as caught:
        check_memory(path, header, 2048, lambda: 1000)
    assert caught.value.fields["reason"] == "too-large-for-memory"
    assert caught.value.fields["free_bytes"] == 1000
    assert caught.value.fields["needed_bytes"] == needed_bytes(header, 2048)
