"""The model process as it is, on a machine with a GPU whose memory runs out as the file GPU beside the models says.

GPU: "none" (every layer fits), "load" or "context" (no rung on the GPU fits), "half" (all layers do not fit, half of them do),
"abort" (the driver ends the process). Layers are computed on the processor all the same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import assistant.models.model_process as process
from assistant.domain.errors import ModelUnavailableError
from assistant.models.llama_runtime import LlamaModel, LlamaRuntime
from assistant.models.loaded_models import LoadedModels

ALL = 99


class SmallGpu(LlamaRuntime):
    mode = "none"
    layers = 0

    @property
    def offers_gpu(self) -> bool:
        return True

    def load(
        self, path: Path, *, gpu_layers: int, keep_going: Callable[[float], bool], plain: bool = False
    ) -> LlamaModel:
        self.layers = gpu_layers
        if gpu_layers and self.mode == "abort":
            os.abort()
        self._allocate("load", path)
        return super().load(path, gpu_layers=0, keep_going=keep_going, plain=plain)

    def new_context(self, model: LlamaModel, **wanted: int | bool) -> Any:
        self._allocate("context", model.path)
        return super().new_context(model, **wanted)

    def _allocate(self, step: str, path: Path) -> None:
        if self.layers and (self.mode == step or (self.mode == "half" and self.layers > ALL)):
            raise ModelUnavailableError("out of GPU memory", model=path.name, reason="no-memory")


class Models(LoadedModels):
    def __init__(self, models_dir: Path, render: Callable[..., str]) -> None:
        super().__init__(models_dir, render, runtime=self._started)
        SmallGpu.mode = (models_dir / "GPU").read_text("utf-8")

    @staticmethod
    def _started() -> LlamaRuntime:
        return SmallGpu()


process.LoadedModels = Models  # type: ignore[misc]
sys.exit(process.main(sys.argv[1:]))
