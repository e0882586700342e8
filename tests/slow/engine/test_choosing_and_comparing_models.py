"""Real models through the whole engine: trying two on one question, and files that cannot be loaded and leave the old one in use."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from whole_engine import WholeEngine, whole_engine

from assistant.domain.errors import Cancelled, ModelUnavailableError
from assistant.domain.resources import resource
from assistant.ipc import engine_messages as m
from assistant.models.gguf_file import read_header

STARTER = "smollm2-135m-instruct"
TWIN = "twin"
QUESTION = "When does our flight to Lisbon leave?"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[WholeEngine]:
    """The shelf holds the starter's chat model under two names, and two files that look right and cannot be loaded."""
    folder = tmp_path_factory.mktemp("comparing")
    shelf = folder / "models"
    shelf.mkdir()
    for file in models_dir.glob("*.gguf"):
        (shelf / file.name).symlink_to(file)
    starter = next(models_dir.glob("SmolLM2*.gguf"))
    (shelf / f"{TWIN}.gguf").symlink_to(starter)
    data = starter.read_bytes()
    strange = data.replace(
        b"general.architecture\x08\0\0\0\x05\0\0\0\0\0\0\0llama",
        b"general.architecture\x08\0\0\0\x05\0\0\0\0\0\0\0nnnnn",
    )
    assert strange != data
    (shelf / "strange.gguf").write_bytes(strange)
    (shelf / "cut.gguf").write_bytes(data[: read_header(starter).data_start + 5_000_000])
    patch = pytest.MonkeyPatch()
    patch.setenv("ELEPHANT_MODELS_DIR", str(shelf))
    with whole_engine(folder / "data") as made:
        shutil.copytree(resource("sample-notes") / "Travel", folder / "notes" / "Travel")
        made.add(folder / "notes")
        made.settle()
        made.say(m.UseModel(STARTER))
        yield made
    patch.undo()


def in_use(engine: WholeEngine) -> str:
    name: str = engine.say(m.ListModels()).chat_model
    return name


def test_two_models_answer_from_the_same_passages_and_nothing_is_stored(engine: WholeEngine) -> None:
    chats = engine.say(m.ListConversations()).conversations
    events = list(engine.begin(m.CompareModels(QUESTION, (STARTER, TWIN))).events())
    assert isinstance(events[-1], m.Done)
    tried = [event for event in events if isinstance(event, m.ModelTried)]
    first, second = [event.answer for event in tried if event.answer is not None]
    assert [event.place for event in tried] == sorted(event.place for event in tried)
    assert first.passages == second.passages
    assert first.text == second.text, "it is one model under two names"
    for answer in (first, second):
        assert answer.quote is not None
        assert answer.timings.first_token_s > 0
        assert answer.timings.completion_tokens > 0
    assert "loading" in {event.phase.phase for event in tried if event.place == 1 and event.phase}
    assert engine.say(m.ListConversations()).conversations == chats
    assert in_use(engine) == STARTER
    assert engine.ask(QUESTION).state == "done"


def test_a_comparison_stopped_midway_leaves_the_model_in_use(engine: WholeEngine) -> None:
    def stop_while_reading() -> None:
        stop = threading.Event()
        for event in engine.begin(m.CompareModels(QUESTION, (TWIN, STARTER))).events(stop):
            if isinstance(event, m.ModelTried) and event.phase and event.phase.phase == "reading":
                stop.set()

    with pytest.raises(Cancelled):
        stop_while_reading()
    assert in_use(engine) == STARTER
    assert engine.ask(QUESTION).state == "done"


def test_one_that_cannot_be_loaded_does_not_keep_the_other_from_answering(engine: WholeEngine) -> None:
    events = list(engine.begin(m.CompareModels(QUESTION, ("strange", STARTER))).events())
    first, second = [event for event in events if isinstance(event, m.ModelTried) and event.answer is not None]
    assert first.error is not None
    assert first.error.kind == ModelUnavailableError.kind
    assert second.error is None
    assert second.answer is not None
    assert second.answer.timings.completion_tokens > 0


def test_a_model_that_fails_to_load_leaves_the_old_one_in_use(engine: WholeEngine) -> None:
    with pytest.raises(ModelUnavailableError) as refused:
        engine.say(m.UseModel("strange"))
    assert refused.value.fields["reason"] in {"load-failed", "crashed-loading"}
    assert in_use(engine) == STARTER
    assert engine.ask(QUESTION).state == "done"


def test_a_file_that_is_cut_short_says_so_on_its_card_and_cannot_be_chosen(engine: WholeEngine) -> None:
    listed = engine.say(m.ListModels())
    (cut,) = [entry for entry in listed.entries if entry.name == "cut"]
    assert (cut.installed, cut.note) == (False, "truncated")
    assert listed.memory_total_bytes >= listed.memory_free_bytes > 0
