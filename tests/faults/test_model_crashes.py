"""Model files that end llama.cpp's process: twice, then never again by themselves, and everything else goes on."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.domain.errors import AssistantError, ModelUnavailableError, ProcessDiedError
from assistant.domain.models import CompletionStats, PromptMessage, PromptPart, Sampling
from assistant.ipc.model_messages import ModelChoice
from assistant.ipc.supervisor import Supervisor
from assistant.models.client import ChatClient, EmbedderClient, model_supervisor
from assistant.models.manifest import read_manifest

HELLO = (PromptMessage("user", (PromptPart("Say hello."),)),)


def _starter(models_dir: Path, name: str) -> Path:
    model = read_manifest().find(name)
    assert model is not None
    return models_dir / model.file


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = model_supervisor(tmp_path / "shelf", tmp_path / "model.log")
    yield supervisor
    supervisor.stop()


def _poisoned(source: Path, path: Path) -> Path:
    """The chat model with a layer count that llama.cpp answers by ending its process."""
    data = bytearray(source.read_bytes())
    at = data.index(b"llama.block_count") + len(b"llama.block_count")
    kind, layers = struct.unpack_from("<II", data, at)
    assert (kind, layers) == (4, 30)
    struct.pack_into("<I", data, at + 4, 600)
    path.write_bytes(data)
    return path


def _ask(chat: ChatClient) -> CompletionStats:
    items = list(chat.stream(HELLO, Sampling(max_tokens=4), threading.Event()))
    assert isinstance(items[-1], CompletionStats)
    return items[-1]


def test_a_file_that_ends_the_process_is_refused_after_two_tries(
    supervisor: Supervisor, models_dir: Path, tmp_path: Path
) -> None:
    path = _poisoned(_starter(models_dir, "smollm2-135m-instruct"), tmp_path / "poisoned.gguf")
    chat = ChatClient(supervisor, ModelChoice(str(path), context_tokens=512))
    outcomes: list[AssistantError] = []
    for _ in range(4):
        with pytest.raises(AssistantError) as caught:
            _ask(chat)
        outcomes.append(caught.value)
    assert [type(error) for error in outcomes] == [ProcessDiedError] * 2 + [ModelUnavailableError] * 2
    assert outcomes[-1].fields["reason"] == "crashed-before"
    assert supervisor.health.state == "running"
    good = ChatClient(supervisor, ModelChoice(str(_starter(models_dir, "smollm2-135m-instruct")), context_tokens=512))
    assert _ask(good).completion_tokens > 0


def test_a_chat_file_that_ends_the_process_does_not_stop_the_search(
    supervisor: Supervisor, models_dir: Path, tmp_path: Path
) -> None:
    path = _poisoned(_starter(models_dir, "smollm2-135m-instruct"), tmp_path / "poisoned.gguf")
    embedder = EmbedderClient(supervisor, ModelChoice(str(_starter(models_dir, "multilingual-e5-small"))))
    assert embedder.embed_queries(["before"]).shape == (1, 384)
    with pytest.raises(ProcessDiedError):
        _ask(ChatClient(supervisor, ModelChoice(str(path), context_tokens=512)))
    assert embedder.embed_queries(["after"]).shape == (1, 384)


def test_damaged_headers_never_end_the_process_unnoticed(
    supervisor: Supervisor, models_dir: Path, tmp_path: Path
) -> None:
    """Bytes of the header overwritten in many places: each file is refused with a reason or loads; none hangs, none is a bug of
    ours. A process death is allowed once or twice a file, never a broken supervisor."""
    source = _starter(models_dir, "smollm2-135m-instruct").read_bytes()
    path = tmp_path / "damaged.gguf"
    for place in (5, 9, 17, 30, 60, 200, 500, 900):
        data = bytearray(source)
        data[place : place + 4] = b"\xff\xfe\xfd\x7f"
        path.write_bytes(data)
        chat = ChatClient(supervisor, ModelChoice(str(path), context_tokens=512))
        try:
            _ask(chat)
        except (ModelUnavailableError, ProcessDiedError):
            supervisor.reset()
    good = ChatClient(supervisor, ModelChoice(str(_starter(models_dir, "smollm2-135m-instruct")), context_tokens=512))
    assert _ask(good).completion_tokens > 0
