"""F30: a model that ends its process at every load is tried once more, then refused with a reason; there is no crash loop."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.domain.errors import ModelUnavailableError, ProcessDiedError
from assistant.ipc.model_messages import ModelChoice, ModelEvent
from assistant.ipc.supervisor import ChildCommand, Supervisor
from assistant.models.client import RerankerClient
from assistant.models.shelf import Shelf
from tests.faults.conftest import Fault
from tests.unit.models.rerank_samples import write_tiny_bert

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))))
    child = Path(__file__).with_name("aborting_model_process.py")
    command = ChildCommand((sys.executable, str(child), "--models-dir", str(tmp_path / "shelf")), tmp_path / "log")
    supervisor = Supervisor("model", command, ModelEvent, restart=False)
    yield supervisor
    supervisor.stop()


def _scores(supervisor: Supervisor, path: Path) -> list[float]:
    return RerankerClient(supervisor, ModelChoice(str(path)), path.stem).scores("a question", ["a text"])


def _outcome(supervisor: Supervisor, path: Path) -> str:
    try:
        _scores(supervisor, path)
    except ProcessDiedError:
        return "died"
    except ModelUnavailableError as error:
        return str(error.fields["reason"])
    return "loaded"


def test_file_that_ends_its_process_gets_one_retry_and_then_a_reason_while_another_model_works(
    supervisor: Supervisor, tmp_path: Path, fault: Fault, scale: Callable[[int, int], int]
) -> None:
    good = write_tiny_bert(tmp_path / "good.gguf")
    for number in range(scale(2, 20)):
        poisoned = write_tiny_bert(tmp_path / f"poisoned-{number}.gguf")
        with fault.trial():
            outcomes = []
            for _ in range(4):
                outcomes.append(_outcome(supervisor, poisoned))
                assert len(_scores(supervisor, good)) == 1, "the other model is not the one that is refused"
            assert outcomes == ["died", "died", "crashed-before", "crashed-before"]
            assert supervisor.health.state == "running"


def test_refused_file_is_tried_again_when_it_is_added_again(
    supervisor: Supervisor, tmp_path: Path, fault: Fault
) -> None:
    poisoned = write_tiny_bert(tmp_path / "poisoned.gguf")
    with fault.trial():
        assert [_outcome(supervisor, poisoned) for _ in range(3)] == ["died", "died", "crashed-before"]
        Shelf(tmp_path / "shelf").add(poisoned)
        assert _outcome(supervisor, poisoned) == "died"
