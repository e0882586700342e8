"""A reranker that the user adds is chosen, tried by the doctor, and gone again when it is taken off the shelf."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.__main__ import main
from assistant.engine.doctor import examine
from assistant.engine.model_room import ModelRoom
from assistant.engine.paths import DataPaths
from tests.unit.models.rerank_samples import Head, random_head, write_tiny_bert

pytestmark = pytest.mark.slow


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataPaths:
    """An empty shelf."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    monkeypatch.setenv("ELEPHANT_MODELS_DIR", str(shelf))
    return DataPaths(tmp_path / "data")


@pytest.fixture
def room(paths: DataPaths) -> Iterator[ModelRoom]:
    with ModelRoom.standalone(paths) as room:
        yield room


def test_without_one_there_is_none(room: ModelRoom, paths: DataPaths) -> None:
    assert room.reranker is None
    assert "reranker" not in {finding.name for finding in examine(paths)}


def test_the_largest_that_was_added_is_used_until_it_is_taken_off(room: ModelRoom, paths: DataPaths) -> None:
    shelf = paths.models
    write_tiny_bert(shelf / "small.gguf")
    room.choose()
    assert room.reranker is not None
    assert room.reranker.name == "small"
    larger = write_tiny_bert(shelf / "larger.gguf", [*random_head(32).tensors()], labels=["relevance " * 20])
    room.choose()
    assert room.reranker.name == "larger"
    assert len(room.reranker.scores("when do we fly", ["the flight leaves at eight", "bake the bread"])) == 2
    assert room.embedder is None
    assert room.chosen() is None
    larger.unlink()
    (shelf / "small.gguf").unlink()
    room.choose()
    assert room.reranker is None


def _upside_down(head: Head) -> Head:
    return Head(head.dense, head.dense_bias, -head.out, -head.out_bias)


def test_the_doctor_tries_it(paths: DataPaths) -> None:
    """One of two heads, the one the other's opposite, puts the right one of two sentences first."""
    fine = []
    for head in (random_head(32), _upside_down(random_head(32))):
        write_tiny_bert(paths.models / "ranker.gguf", head.tensors())
        found = {finding.name: finding for finding in examine(paths)}["reranker"]
        fine.append(found.fine)
        assert ("puts the right one" in found.text) if found.fine else ("models remove ranker" in found.text)
    assert sorted(fine) == [False, True]


def test_the_doctor_names_a_damaged_one_and_looks_on(paths: DataPaths) -> None:
    head = random_head(32)
    head.dense[:] = np.nan
    write_tiny_bert(paths.models / "ranker.gguf", head.tensors())
    found = {finding.name: finding for finding in examine(paths)}
    assert not found["reranker"].fine
    assert "models remove ranker" in found["reranker"].text
    assert found["vector store"].fine


def test_a_file_is_added_and_listed_on_the_command_line(
    paths: DataPaths, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = write_tiny_bert(tmp_path / "mine" / "ranker.gguf")
    where = ["--data-dir", str(paths.root), "--json"]
    assert main([*where, "models", "add", str(file)]) == 0
    capfd.readouterr()
    assert main([*where, "models", "list"]) == 0
    listed = json.loads(capfd.readouterr().out)["models"]
    assert [(entry["name"], entry["role"], entry["installed"]) for entry in listed if entry["is_user"]] == [
        ("ranker", "reranker", True)
    ]
    with ModelRoom.standalone(paths) as room:
        assert room.reranker is not None
        assert room.reranker.name == "ranker"
