"""F32: stopping, switching, unloading and quitting in the middle of an answer end it at once, and nothing crashes."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.errors import ProcessDiedError
from assistant.domain.models import CompletionStats, PromptMessage, PromptPart, Sampling
from assistant.ipc.model_messages import ModelChoice
from assistant.ipc.supervisor import Supervisor
from assistant.models.client import ChatClient, model_supervisor
from assistant.models.manifest import read_manifest
from tests.faults.conftest import Fault

STORY = (PromptMessage("user", (PromptPart("Tell a long story about a village by the sea. " * 4),)),)
ENDLESS = Sampling(max_tokens=400)
MOST_PIECES_AFTER_A_STOP = 12
"""Pieces under way on the pipe when the stop is asked for: text goes out every 40 ms."""


class Talk:
    """A model process and an answer under way, on a thread of its own."""

    def __init__(self, supervisor: Supervisor, choice: ModelChoice) -> None:
        self.client = ChatClient(supervisor, choice)
        self.cancelled = threading.Event()
        self.items: list[object] = []
        self.error: Exception | None = None
        self._moved = threading.Condition()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            for item in self.client.stream(STORY, ENDLESS, self.cancelled):
                with self._moved:
                    self.items.append(item)
                    self._moved.notify_all()
        except Exception as error:
            self.error = error
        with self._moved:
            self._moved.notify_all()

    def wait_for_items(self, count: int) -> None:
        with self._moved:
            self._moved.wait_for(lambda: len(self.items) >= count or not self._thread.is_alive(), 60)

    def join(self) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()


@pytest.fixture
def choice(models_dir: Path) -> ModelChoice:
    model = read_manifest().find("smollm2-135m-instruct")
    assert model is not None
    return ModelChoice(str(models_dir / model.file), threads=1, context_tokens=1024)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = model_supervisor(tmp_path / "shelf", tmp_path / "log")
    yield supervisor
    supervisor.stop()


def test_answer_ended_at_a_random_moment_crashes_nothing(
    supervisor: Supervisor, choice: ModelChoice, tmp_path: Path, fault: Fault, scale: Callable[[int, int], int]
) -> None:
    ways = [_stop, _unload, _switch, _take_back, _count_with_another, _walk_away]
    pid = None
    for number in range(scale(6, 160)):
        chance = random.Random(number)
        with fault.trial():
            talk = Talk(supervisor, choice)
            talk.wait_for_items(chance.randint(1, 30))
            ways[number % len(ways)](supervisor, choice, talk)
            talk.join()
            assert pid in (None, supervisor.pid), "the process is still the same one"
            pid = supervisor.pid
            assert supervisor.health.crashes == 0


def _stop(_supervisor: Supervisor, _choice: ModelChoice, talk: Talk) -> None:
    before = len(talk.items)
    talk.cancelled.set()
    talk.join()
    assert talk.error is None
    ended = talk.items[-1]
    assert isinstance(ended, CompletionStats)
    assert ended.finish in {"stopped", "stop", "length"}
    assert len(talk.items) - before <= MOST_PIECES_AFTER_A_STOP


def _unload(_supervisor: Supervisor, _choice: ModelChoice, talk: Talk) -> None:
    """It waits for the answer, which a stop ends: nothing is taken away from under it."""
    unloading = threading.Thread(target=talk.client.unload)
    unloading.start()
    _stop(_supervisor, _choice, talk)
    unloading.join(60)
    assert not unloading.is_alive()


def _switch(supervisor: Supervisor, choice: ModelChoice, talk: Talk) -> None:
    """Another model is asked for while the first one writes."""
    other = Talk(supervisor, _other(choice))
    _stop(supervisor, choice, talk)
    other.wait_for_items(4)
    assert other.error is None
    other.cancelled.set()
    other.join()
    assert isinstance(other.items[-1], CompletionStats)


def _take_back(supervisor: Supervisor, choice: ModelChoice, talk: Talk) -> None:
    """Another model is asked for and the question taken back at once, while the first one writes on."""
    other = Talk(supervisor, _other(choice))
    other.cancelled.set()
    other.join()
    assert other.error is None
    before = len(talk.items)
    talk.wait_for_items(before + 3)
    _stop(supervisor, choice, talk)


def _count_with_another(supervisor: Supervisor, choice: ModelChoice, talk: Talk) -> None:
    """A prompt for another model is counted while the first one writes."""
    counting = threading.Thread(target=ChatClient(supervisor, _other(choice)).count_tokens, args=(["a text"],))
    counting.start()
    before = len(talk.items)
    talk.wait_for_items(before + 3)
    _stop(supervisor, choice, talk)
    counting.join(60)
    assert not counting.is_alive()


def _walk_away(supervisor: Supervisor, choice: ModelChoice, talk: Talk) -> None:
    """Whoever reads the stream goes away; the next one does not wait for the rest of it."""
    _stop(supervisor, choice, talk)
    left = talk.client.stream(STORY, ENDLESS, threading.Event())
    next(left)
    left.close()  # type: ignore[attr-defined]
    after = list(talk.client.stream(STORY, replace(ENDLESS, max_tokens=1), threading.Event()))
    assert isinstance(after[-1], CompletionStats)


def _other(choice: ModelChoice) -> ModelChoice:
    """For the process a model of its own: what is loaded has to go first."""
    return ModelChoice(choice.path, choice.sha256, choice.threads, 512)


def test_quitting_in_the_middle_of_an_answer_ends_the_process_cleanly(
    choice: ModelChoice, tmp_path: Path, fault: Fault, scale: Callable[[int, int], int]
) -> None:
    for number in range(scale(2, 40)):
        with fault.trial():
            supervisor = model_supervisor(tmp_path / "shelf", tmp_path / "log")
            talk = Talk(supervisor, choice)
            talk.wait_for_items(random.Random(number).randint(1, 20))
            child = supervisor._child
            assert child is not None
            supervisor.stop(20.0)
            talk.join()
            # It ended by itself: no signal, no crash in a library that was freed under a running computation.
            assert child.process.returncode == 0
            assert talk.error is None or isinstance(talk.error, ProcessDiedError)
