"""One indexed library for the tests that only look, and a fresh engine for those that change things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from whole_engine import WholeEngine, copy_sample_notes, whole_engine


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[WholeEngine]:
    """An engine with the sample notes indexed, shared within a file. Tests must leave the notes as they are."""
    folder = tmp_path_factory.mktemp("library")
    with whole_engine(folder / "data") as engine:
        engine.add(copy_sample_notes(folder / "notes"))
        engine.settle()
        yield engine
