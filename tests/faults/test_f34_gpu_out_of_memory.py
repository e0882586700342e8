"""F34: a GPU that is absent or has no room: fewer layers on it, then none; the answer comes all the same and says where from.

There is no GPU here; the runtime of the model process is told that there is one, and its allocations fail.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.desktop.chat.chat_words import step_lines
from assistant.domain.answers import Answer
from assistant.domain.errors import ProcessDiedError
from assistant.domain.models import ChatModelInfo, CompletionStats, PromptMessage, PromptPart, Sampling
from assistant.ipc.model_messages import ModelChoice, ModelEvent
from assistant.ipc.supervisor import ChildCommand, Supervisor
from assistant.models.client import ChatClient
from assistant.models.manifest import read_manifest
from tests.faults.conftest import Fault

ROOT = Path(__file__).resolve().parents[2]
HELLO = (PromptMessage("user", (PromptPart("Say hello."),)),)
EXPECTED = {
    # mode: backend, GPU lost, process deaths on the way
    "context": ("CPU", True, 0),
    "abort": ("CPU", True, 1),
    "load": ("CPU", True, 0),
    "half": ("GPU", False, 0),
    "none": ("GPU", False, 0),
}


def _answered(supervisor: Supervisor, choice: ModelChoice) -> tuple[ChatModelInfo, int]:
    """What the model says of itself once it has answered, and how often its process died before."""
    for deaths in range(3):
        chat = ChatClient(supervisor, choice)
        try:
            items = list(chat.stream(HELLO, Sampling(max_tokens=2), threading.Event()))
        except ProcessDiedError:
            continue
        assert isinstance(items[-1], CompletionStats)
        assert items[-1].completion_tokens > 0
        return chat.info(), deaths
    raise AssertionError("no answer")


def test_answer_comes_from_the_processor_when_the_gpu_has_no_room(
    models_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
    scale: Callable[[int, int], int],
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))))
    model = read_manifest().find("smollm2-135m-instruct")
    assert model is not None
    choice = ModelChoice(str(models_dir / model.file), threads=1, context_tokens=512)
    child = Path(__file__).with_name("gpu_model_process.py")
    for mode, expected in list(EXPECTED.items())[: scale(2, 5)]:
        with fault.trial():
            shelf = tmp_path / mode
            shelf.mkdir()
            (shelf / "GPU").write_text(mode, "utf-8")
            command = ChildCommand((sys.executable, str(child), "--models-dir", str(shelf)), tmp_path / "log")
            supervisor = Supervisor("model", command, ModelEvent, restart=False)
            try:
                info, deaths = _answered(supervisor, choice)
            finally:
                supervisor.stop()
            assert (info.backend, info.has_lost_gpu, deaths) == expected
            said = dict(step_lines(Answer(model=info.name, has_lost_gpu=info.has_lost_gpu)))["Written by"]
            assert ("on the processor" in said) == info.has_lost_gpu
