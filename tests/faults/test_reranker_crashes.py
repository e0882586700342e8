"""Rerankers that end llama.cpp's process cost reranking and nothing else."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.domain.errors import AssistantError, ModelUnavailableError, ProcessDiedError
from assistant.ipc.model_messages import ModelChoice
from assistant.ipc.supervisor import Supervisor
from assistant.models.client import EmbedderClient, RerankerClient, model_supervisor
from assistant.models.manifest import read_manifest
from tests.unit.models.rerank_samples import write_tiny_bert


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = model_supervisor(tmp_path / "shelf", tmp_path / "model.log")
    yield supervisor
    supervisor.stop()


@pytest.fixture
def embedder(supervisor: Supervisor, models_dir: Path) -> EmbedderClient:
    model = read_manifest().find("multilingual-e5-small")
    assert model is not None
    return EmbedderClient(supervisor, ModelChoice(str(models_dir / model.file)))


def _client(supervisor: Supervisor, path: Path) -> RerankerClient:
    return RerankerClient(supervisor, ModelChoice(str(path)), path.stem)


def _poisoned(path: Path) -> Path:
    """A layer count that llama.cpp answers by ending its process."""
    data = bytearray(write_tiny_bert(path).read_bytes())
    key = b"bert.block_count"
    struct.pack_into("<I", data, data.index(key) + len(key) + 4, 600)
    path.write_bytes(data)
    return path


def test_a_reranker_that_ends_the_process_is_refused_after_two_tries_and_searching_goes_on(
    supervisor: Supervisor, embedder: EmbedderClient, tmp_path: Path
) -> None:
    client = _client(supervisor, _poisoned(tmp_path / "poisoned.gguf"))
    outcomes: list[AssistantError] = []
    for _ in range(4):
        with pytest.raises(AssistantError) as caught:
            client.scores("a question", ["a text"])
        outcomes.append(caught.value)
        assert embedder.embed_queries(["still searching"]).shape == (1, 384)
    assert [type(error) for error in outcomes] == [ProcessDiedError] * 2 + [ModelUnavailableError] * 2
    assert outcomes[-1].fields["reason"] == "crashed-before"
    assert supervisor.health.state == "running"


def test_damaged_headers_give_scores_or_a_reason(supervisor: Supervisor, tmp_path: Path) -> None:
    """As for chat models: none hangs, none is a bug of ours; a process death is allowed, a broken supervisor is not."""
    source = write_tiny_bert(tmp_path / "source.gguf").read_bytes()
    refused = 0
    for place in (5, 9, 17, 30, 60, 120, 200, 300, 420, 500, 700, 900, 1100, 1500, len(source) - 600):
        data = bytearray(source)
        data[place : place + 4] = b"\xff\xfe\xfd\x7f"
        path = tmp_path / f"damaged-{place}.gguf"
        path.write_bytes(data)
        try:
            _client(supervisor, path).scores("a question", ["a text", "another"])
        except ModelUnavailableError:
            refused += 1
        except ProcessDiedError:
            supervisor.reset()
    assert refused > 3
    assert len(_client(supervisor, tmp_path / "source.gguf").scores("a question", ["a text"])) == 1
