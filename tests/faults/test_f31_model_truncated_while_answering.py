"""F31: a model file is cut short under the process that has it mapped. The process is replaced and says so; the whole file works again."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.domain.errors import ModelUnavailableError, ProcessDiedError
from assistant.domain.models import CompletionStats, PromptMessage, PromptPart, Sampling
from assistant.ipc.model_messages import ModelChoice
from assistant.ipc.supervisor import Supervisor
from assistant.models.client import ChatClient, EmbedderClient, model_supervisor
from assistant.models.manifest import read_manifest
from tests.faults.conftest import Fault

STORY = (PromptMessage("user", (PromptPart("Tell a story about a village by the sea."),)),)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there a mapped file cannot be cut")


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = model_supervisor(tmp_path / "shelf", tmp_path / "log", restart=True)
    yield supervisor
    supervisor.stop()


def _starter(models_dir: Path, name: str) -> Path:
    model = read_manifest().find(name)
    assert model is not None
    return models_dir / model.file


def test_file_cut_while_it_answers_costs_that_answer_only(
    supervisor: Supervisor, models_dir: Path, tmp_path: Path, fault: Fault, scale: Callable[[int, int], int]
) -> None:
    whole = _starter(models_dir, "smollm2-135m-instruct")
    embedder = EmbedderClient(supervisor, ModelChoice(str(_starter(models_dir, "multilingual-e5-small"))))
    path = tmp_path / "model.gguf"
    chat = ChatClient(supervisor, ModelChoice(str(path), threads=1, context_tokens=512))
    for _ in range(scale(1, 10)):
        with fault.trial():
            shutil.copyfile(whole, path)
            with pytest.raises(ProcessDiedError) as died:
                _cut_while_writing(chat, path)
            assert died.value.exit_code == -7, "SIGBUS"
            with pytest.raises(ModelUnavailableError) as refused:
                _write(chat)
            assert refused.value.fields["reason"] == "truncated"
            assert embedder.embed_queries(["search goes on"]).shape == (1, 384)
            shutil.copyfile(whole, path)
            assert _write(chat).completion_tokens > 0
            assert supervisor.health.state == "running"


def _cut_while_writing(chat: ChatClient, path: Path) -> None:
    is_cut = False
    for item in chat.stream(STORY, Sampling(max_tokens=300), threading.Event()):
        if isinstance(item, str) and item and not is_cut:
            with path.open("r+b") as file:
                file.truncate(1_000_000)
            is_cut = True


def _write(chat: ChatClient) -> CompletionStats:
    items = list(chat.stream(STORY, Sampling(max_tokens=2), threading.Event()))
    assert isinstance(items[-1], CompletionStats)
    return items[-1]
