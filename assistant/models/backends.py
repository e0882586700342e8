"""What llama.cpp computes on: kernels for this processor, and a GPU where there is one.

A build for one machine has one set of kernels compiled in. A build that is shipped has a folder of them, one library for each kind of
processor, of which llama.cpp loads the best that this one can run; what a GPU needs is a library of its own, too, that is left alone when its
driver cannot be trusted (docs/decisions/0900-frozen-program.md).
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from assistant.domain.models import Backends

PROCESSOR_FOLDER = "cpu"
GPU_FOLDER = "gpu"
"""Within the folder of llama.cpp's libraries, in a build that is shipped."""

_LOAD = "ggml_backend_load_all_from_path"
_GPU_TYPES = (1, 2)  # of its own, and in the processor
_NOT_OF_THE_PROCESSOR = frozenset({"ACCELERATE", "KLEIDIAI", "LLAMAFILE", "OPENMP", "REPACK"})
_VARIANT = re.compile(r"ggml-cpu-(\w+)\.(?:so|dll|dylib)$")


def load_processor(library: Any) -> None:
    """Load the best kernels for this processor, unless some are compiled in. library: the llama_cpp module.

    Thread: the one that will compute.
    """
    if not _ggml().ggml_backend_dev_count():
        _load_from(library, PROCESSOR_FOLDER)


def load_gpu(library: Any) -> None:
    """Load what a GPU needs, where it is a library of its own. It talks to a driver, which may end the process (`load_record`)."""
    if not _gpus(_ggml()):
        _load_from(library, GPU_FOLDER)


def look_at_backends(library: Any) -> Backends:
    """What has been loaded in this process."""
    at_hand = len(list((_folder(library) / PROCESSOR_FOLDER).glob("*ggml-cpu-*")))
    said = library.llama_print_system_info().decode("utf-8", "replace")
    return Backends(_loaded_variant() if at_hand else "", tuple(_features(said)), at_hand, tuple(_gpus(_ggml())))


def no_devices() -> Any:
    """For `llama_model_params.devices`: not the GPU, although it is there. Must live as long as the call that reads it."""
    return (ctypes.c_void_p * 1)(None)


def _folder(library: Any) -> Path:
    return Path(library.__file__).resolve().parent / "lib"


def _ggml() -> Any:
    """ggml's own functions, of which llama_cpp declares none: those that llama.cpp's library itself is linked to.

    A wheel holds no links, so installed from one libggml is there twice, as two libraries; the one that llama_cpp opens by name is the other.
    """
    from llama_cpp import llama_cpp
    from llama_cpp._ggml import libggml

    ggml = (
        llama_cpp._lib if hasattr(llama_cpp._lib, _LOAD) else libggml
    )  # Windows looks into a library, not into what it needs
    for name, result, arguments in (
        ("ggml_backend_dev_count", ctypes.c_size_t, []),
        ("ggml_backend_dev_get", ctypes.c_void_p, [ctypes.c_size_t]),
        ("ggml_backend_dev_description", ctypes.c_char_p, [ctypes.c_void_p]),
        ("ggml_backend_dev_type", ctypes.c_int, [ctypes.c_void_p]),
        (_LOAD, None, [ctypes.c_char_p]),
    ):
        function = getattr(ggml, name)
        function.restype, function.argtypes = result, arguments
    return ggml


def _load_from(library: Any, name: str) -> None:
    folder = _folder(library) / name
    if folder.is_dir():
        _ggml().ggml_backend_load_all_from_path(str(folder).encode("utf-8"))


def _gpus(ggml: Any) -> list[str]:
    devices = (ggml.ggml_backend_dev_get(number) for number in range(ggml.ggml_backend_dev_count()))
    named = (ggml.ggml_backend_dev_description(one) for one in devices if ggml.ggml_backend_dev_type(one) in _GPU_TYPES)
    return [(name or b"").decode("utf-8", "replace").strip() for name in named]


def _features(said: str) -> Iterator[str]:
    """Those that are on, of "CPU : SSE3 = 1 | AVX = 0 | ...": what is off says nothing."""
    for part in said.split("|"):
        name, equals, value = part.rpartition(":")[2].partition("=")
        if equals and value.strip() == "1" and name.strip() not in _NOT_OF_THE_PROCESSOR:
            yield name.strip()


def _loaded_variant() -> str:
    """Of the kernels only the chosen ones stay loaded. "" where the system does not tell what a process has loaded (macOS)."""
    maps = getattr(psutil.Process(), "memory_maps", None)
    try:
        paths = [entry.path for entry in maps()] if maps else []
    except psutil.Error:
        return ""
    return next((found[1] for path in paths if (found := _VARIANT.search(path))), "")
