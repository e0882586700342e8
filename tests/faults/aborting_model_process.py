"""The model process as it is, but for files called "poisoned": they end it, as files do that llama.cpp cannot bear."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import assistant.models.model_process as process
from assistant.models.llama_runtime import LlamaModel, LlamaRuntime
from assistant.models.loaded_models import LoadedModels


class PoisonedRuntime(LlamaRuntime):
    def load(
        self, path: Path, *, gpu_layers: int, keep_going: Callable[[float], bool], plain: bool = False
    ) -> LlamaModel:
        if "poisoned" in path.name:
            os.abort()
        return super().load(path, gpu_layers=gpu_layers, keep_going=keep_going, plain=plain)


class PoisonedModels(LoadedModels):
    def __init__(self, models_dir: Path, render: Callable[..., str]) -> None:
        super().__init__(models_dir, render, runtime=PoisonedRuntime)


process.LoadedModels = PoisonedModels  # type: ignore[misc]
sys.exit(process.main(sys.argv[1:]))
