"""The two starter model files, and a model process of a test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.models.manifest import read_manifest


@pytest.fixture(scope="session")
def embedder_file(models_dir: Path) -> Path:
    return _starter(models_dir, "multilingual-e5-small")


@pytest.fixture(scope="session")
def chat_file(models_dir: Path) -> Path:
    return _starter(models_dir, "smollm2-135m-instruct")


def _starter(models_dir: Path, name: str) -> Path:
    model = read_manifest().find(name)
    assert model is not None
    return models_dir / model.file
