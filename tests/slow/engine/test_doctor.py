"""`elephant doctor` tries every part for real."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.engine.doctor import examine
from assistant.engine.paths import DataPaths

PARTS = ("search by meaning", "chat model", "vector store")


def test_every_part_of_a_sound_installation_works(tmp_path: Path, models_dir: Path) -> None:
    found = {finding.name: finding for finding in examine(DataPaths(tmp_path / "data"))}
    assert [(name, found[name].fine) for name in PARTS] == [(name, True) for name in PARTS]
    assert "writes" in found["chat model"].text
    assert "finds what it is given" in found["vector store"].text


def test_a_damaged_model_is_named_and_the_rest_still_looked_at(
    tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "broken.gguf").write_bytes(b"GGUF but nothing more")
    monkeypatch.setenv("ELEPHANT_MODELS_DIR", str(shelf))
    found = {finding.name: finding for finding in examine(DataPaths(tmp_path / "data"))}
    assert "no chat model is installed" in found["chat model"].text
    assert found["vector store"].fine
