"""F28: truncated, damaged, crafted and exchanged model files are refused with a reason; who asked for them goes on."""

from __future__ import annotations

import contextlib
import random
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.domain.errors import ModelUnavailableError, ProcessDiedError
from assistant.domain.models import CompletionStats, ModelRole, PromptMessage, PromptPart, Sampling
from assistant.ipc.model_messages import ModelChoice
from assistant.ipc.supervisor import Supervisor
from assistant.models.checksums import Checksums
from assistant.models.client import ChatClient, RerankerClient, model_supervisor
from assistant.models.manifest import OfferedModel, read_manifest
from assistant.models.model_check import check_checksum, check_header, check_memory, free_memory_bytes
from tests.faults.conftest import Fault
from tests.faults.crafted_gguf import Original
from tests.unit.models.rerank_samples import write_tiny_bert

HELLO = (PromptMessage("user", (PromptPart("Say hello."),)),)
REASONS = {
    "not-gguf",
    "unsupported-version",
    "truncated",
    "damaged",
    "wrong-role",
    "no-ranking-head",
    "too-large-for-memory",
    "checksum",
    "load-failed",
    "no-memory",
    "crashed-before",
}
Scale = Callable[[int, int], int]


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = model_supervisor(tmp_path / "shelf", tmp_path / "model.log")
    yield supervisor
    supervisor.stop()


@pytest.fixture
def offered() -> OfferedModel:
    model = read_manifest().find("smollm2-135m-instruct")
    assert model is not None
    return model


@pytest.fixture
def original(models_dir: Path, offered: OfferedModel) -> Original:
    return Original(models_dir / offered.file)


def _refusal(path: Path) -> str:
    """The reason of our own check, "" if the file would be handed to llama.cpp."""
    try:
        header = check_header(path, ModelRole.CHAT)
        check_memory(path, header, 512, free_memory_bytes)
    except ModelUnavailableError as error:
        return str(error.fields["reason"])
    return ""


def _ask(chat: ChatClient) -> CompletionStats:
    items = list(chat.stream(HELLO, Sampling(max_tokens=2), threading.Event()))
    assert isinstance(items[-1], CompletionStats)
    return items[-1]


def test_every_truncation_is_refused_before_anything_loads_it(
    original: Original, tmp_path: Path, fault: Fault, scale: Scale
) -> None:
    path = tmp_path / "cut.gguf"
    chance = random.Random(1)
    ends = [0, 3, 4, 24, len(original.head) - 1, len(original.head), original.size_bytes - 1]
    ends += [chance.randrange(original.size_bytes) for _ in range(scale(5, 40))]
    for size_bytes in ends:
        with fault.trial():
            original.write(path, lambda _head: None, size_bytes=size_bytes)
            assert _refusal(path) in {"truncated", "not-gguf"}


def test_exchanged_weights_are_noticed_by_their_checksum(
    original: Original, offered: OfferedModel, tmp_path: Path, fault: Fault, scale: Scale
) -> None:
    """One bit in 98 MB. Nothing else would notice: the file loads and answers nonsense."""
    path, checksums = tmp_path / "flipped.gguf", Checksums(tmp_path / "checksums.json")
    shutil.copyfile(original.path, path)
    chance = random.Random(2)
    for _ in range(scale(2, 40)):
        with fault.trial():
            at = chance.randrange(len(original.head), original.size_bytes)
            with path.open("r+b") as file:
                file.seek(at)
                byte = file.read(1)[0]
                file.seek(at)
                file.write(bytes([byte ^ (1 << chance.randrange(8))]))
            assert _refusal(path) == ""
            with pytest.raises(ModelUnavailableError) as caught:
                check_checksum(path, offered.sha256, checksums, lambda _done, _total: True)
            assert caught.value.fields["reason"] == "checksum"
            with path.open("r+b") as file:
                file.seek(at)
                file.write(bytes([byte]))


def test_crafted_and_damaged_headers_are_refused_or_load_and_the_parent_goes_on(
    supervisor: Supervisor, original: Original, tmp_path: Path, fault: Fault, scale: Scale
) -> None:
    """What our own check lets through goes to llama.cpp in its process: it loads, is refused, or ends the process; then the next one
    starts. What is known to end it must not get that far."""
    crafted = dict(original.crafted())
    wrong = [(name, edit) for name, edit in crafted.items() if "block_count" in name or "context_length=1" in name]
    rest = [(name, edit) for name, edit in crafted.items() if (name, edit) not in wrong]
    seeds = [(f"seed {seed}", original.damaged(random.Random(seed))) for seed in range(scale(12, 100))]
    tried = [*wrong, *rest[:: scale(20, 1)], *seeds]
    outcomes: Counter[str] = Counter()
    path = tmp_path / "crafted.gguf"
    for name, edit in tried:
        with fault.trial():
            original.write(path, edit)
            outcome = _refusal(path) or _loaded(supervisor, path)
            outcomes[outcome] += 1
            assert outcome in REASONS | {"loaded"}, name
    assert outcomes["died"] == 0
    assert outcomes["truncated"] + outcomes["damaged"] + outcomes["not-gguf"] > len(tried) // 2, outcomes
    good = ChatClient(supervisor, ModelChoice(str(original.path), context_tokens=512))
    assert _ask(good).completion_tokens > 0


def _loaded(supervisor: Supervisor, path: Path) -> str:
    try:
        _ask(ChatClient(supervisor, ModelChoice(str(path), context_tokens=512)))
    except ModelUnavailableError as error:
        return str(error.fields["reason"])
    except ProcessDiedError:
        supervisor.reset()
        return "died"
    return "loaded"


def test_damaged_rerankers_give_scores_or_a_reason(
    supervisor: Supervisor, tmp_path: Path, fault: Fault, scale: Scale
) -> None:
    source = write_tiny_bert(tmp_path / "source.gguf").read_bytes()
    places = (9, 60, 420, 900, 5, 17, 30, 120, 200, 300, 500, 700, 1100, 1500, len(source) - 600)
    for place in places[: scale(4, len(places))]:
        data = bytearray(source)
        data[place : place + 4] = b"\xff\xfe\xfd\x7f"
        path = tmp_path / f"damaged-{place}.gguf"
        path.write_bytes(data)
        client = RerankerClient(supervisor, ModelChoice(str(path)), path.stem)
        with fault.trial(), contextlib.suppress(ModelUnavailableError, ProcessDiedError):
            client.scores("a question", ["a text"])
        supervisor.reset()
    good = RerankerClient(supervisor, ModelChoice(str(tmp_path / "source.gguf")), "source")
    assert len(good.scores("a question", ["a text"])) == 1
