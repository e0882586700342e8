"""What llama.cpp computes on is loaded once and from the right folder, and told as it is."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.domain.models import Backends
from assistant.engine.doctor import backend_words
from assistant.models import backends


class Ggml:
    """Stands in for the native library: devices are (name, type), and each folder that is loaded brings its own."""

    def __init__(self, devices: list[tuple[bytes, int]], brings: dict[str, list[tuple[bytes, int]]]) -> None:
        self.devices = devices
        self.brings = brings
        self.loaded: list[str] = []

    def ggml_backend_dev_count(self) -> int:
        return len(self.devices)

    def ggml_backend_dev_get(self, number: int) -> int:
        return number

    def ggml_backend_dev_description(self, device: int) -> bytes:
        return self.devices[device][0]

    def ggml_backend_dev_type(self, device: int) -> int:
        return self.devices[device][1]

    def ggml_backend_load_all_from_path(self, path: bytes) -> None:
        self.loaded.append(Path(path.decode()).name)
        self.devices += self.brings[self.loaded[-1]]


PROCESSOR, CARD = (b"Some CPU", 0), (b"Some Card", 1)


@pytest.fixture
def library(tmp_path: Path) -> Any:
    said = b"CPU : SSE3 = 1 | AVX = 0 | AVX2 = 1 | OPENMP = 1 | REPACK = 1 | "
    return SimpleNamespace(__file__=str(tmp_path / "__init__.py"), llama_print_system_info=lambda: said)


def shipped(tmp_path: Path, *folders: str) -> None:
    for name in folders:
        (tmp_path / "lib" / name).mkdir(parents=True)
    for kind in ("haswell", "x64"):
        (tmp_path / "lib" / "cpu" / f"libggml-cpu-{kind}.so").touch()


def put_in_place(monkeypatch: pytest.MonkeyPatch, ggml: Ggml) -> Ggml:
    monkeypatch.setattr(backends, "_ggml", lambda: ggml)
    return ggml


def test_what_is_compiled_in_is_all(monkeypatch: pytest.MonkeyPatch, library: Any) -> None:
    ggml = put_in_place(monkeypatch, Ggml([PROCESSOR], {}))
    backends.load_processor(library)
    backends.load_gpu(library)
    assert ggml.loaded == []
    assert backends.look_at_backends(library) == Backends("", ("SSE3", "AVX2"), 0, ())


def test_kernels_are_loaded_once_and_no_driver_with_them(
    monkeypatch: pytest.MonkeyPatch, library: Any, tmp_path: Path
) -> None:
    shipped(tmp_path, "cpu", "gpu")
    ggml = put_in_place(monkeypatch, Ggml([], {"cpu": [PROCESSOR], "gpu": [CARD]}))
    backends.load_processor(library)
    backends.load_processor(library)
    assert ggml.loaded == ["cpu"]
    assert backends.look_at_backends(library).gpus == ()


def test_a_gpu_is_looked_for_when_it_is_wanted(monkeypatch: pytest.MonkeyPatch, library: Any, tmp_path: Path) -> None:
    shipped(tmp_path, "cpu", "gpu")
    ggml = put_in_place(monkeypatch, Ggml([], {"cpu": [PROCESSOR], "gpu": [CARD]}))
    backends.load_processor(library)
    for _ in range(2):
        backends.load_gpu(library)
    assert ggml.loaded == ["cpu", "gpu"]
    found = backends.look_at_backends(library)
    assert (found.gpus, found.at_hand) == (("Some Card",), 2)


def test_a_build_without_a_part_for_gpus_looks_for_none(
    monkeypatch: pytest.MonkeyPatch, library: Any, tmp_path: Path
) -> None:
    shipped(tmp_path, "cpu")
    ggml = put_in_place(monkeypatch, Ggml([], {"cpu": [PROCESSOR]}))
    backends.load_processor(library)
    backends.load_gpu(library)
    assert ggml.loaded == ["cpu"]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Backends("haswell", ("SSE3", "AVX2"), 13, ()), ("haswell kernels of 13", "AVX2", "no GPU")),
        (Backends("", ("AVX512",), 0, ()), ("built for this machine", "AVX512", "no GPU")),
        (Backends("zen4", (), 13, ("Some Card",)), ("answers on the GPU (Some Card)", "zen4")),
    ],
)
def test_the_doctor_says_which_backend_runs(found: Backends, words: tuple[str, ...]) -> None:
    said = backend_words(found)
    assert all(word in said for word in words), said
