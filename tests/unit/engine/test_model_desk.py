"""Choosing and trying models leaves the one in use alone unless all went well."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.chat.events import ChatEvent, TextAdded
from assistant.chat.ports import ChatChoice
from assistant.chat.trials import Tried
from assistant.domain.answers import Answer
from assistant.domain.errors import AssistantError, BadRequestError, Cancelled, ModelUnavailableError, ProcessDiedError
from assistant.domain.models import ShelfEntry
from assistant.engine.model_desk import ModelDesk
from assistant.engine.settings_store import SettingsStore
from assistant.ipc import engine_messages as m
from assistant.models.manifest import Manifest
from assistant.models.shelf import Shelf
from tests.unit.models.gguf_samples import EMBEDDER_ENTRIES, sample_bytes, write_sample


class Room:
    """ModelRoom without a process: `failure` is raised by the next load."""

    reranker = None

    def __init__(self) -> None:
        self.chat_name, self.embedder_name = "first", ""
        self.failure: AssistantError | None = None
        self.loaded: list[str] = []
        self.restored = threading.Event()
        self.let_go = 0

    def try_to_load(self, entry: ShelfEntry, cancelled: threading.Event) -> None:
        self.loaded.append(entry.name)
        if self.failure:
            raise self.failure

    def chat_choice(self, name: str) -> str:
        if name == "nobody":
            raise BadRequestError(reason="nobody")
        return name

    def chosen(self) -> str:
        return self.chat_name

    def warm_up(self) -> None:
        self.restored.set()

    def let_go_of_chat(self) -> None:
        self.let_go += 1


class Desk:
    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "models"
        for name in ("first", "second"):
            write_sample(self.folder / f"{name}.gguf", weights=100 if name == "first" else 200)
        write_sample(self.folder / "finder.gguf", EMBEDDER_ENTRIES)
        self.shelf = Shelf(self.folder, manifest=Manifest(()), machine_memory=lambda: 10**10)
        self.room = Room()
        self.settings = SettingsStore(tmp_path / "settings.toml")
        self.changes = 0
        self.trial_fails = False
        self.desk = ModelDesk(self.shelf, self.room, self.settings, self._on_changed, self._trial)  # type: ignore[arg-type]

    def _on_changed(self) -> None:
        self.changes += 1

    def _trial(
        self, question: str, choices: Sequence[ChatChoice], folder_ids: Sequence[int], cancelled: threading.Event
    ) -> Iterator[tuple[int, ChatEvent | Tried]]:
        for place, choice in enumerate(choices):
            yield place, TextAdded(f"{choice} says")
            if self.trial_fails:
                raise Cancelled
            yield place, Tried(Answer(text=f"{choice} says"))

    def use(self, name: str) -> None:
        self.desk.use(name, threading.Event())


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def silent(_progress: m.PullProgress) -> None:
    """A progress callback."""


def test_a_model_is_loaded_once_before_it_is_put_to_use(at: Desk) -> None:
    at.use("second")
    assert at.room.loaded == ["second"]
    assert at.settings.settings.chat_model == "second"
    at.use("finder")
    assert at.settings.settings.embedder == "finder"
    assert at.changes == 2


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (ModelUnavailableError(model="second.gguf", reason="load-failed"), "load-failed"),
        (
            ModelUnavailableError(model="x", reason="too-large-for-memory", needed_bytes=9, free_bytes=1),
            "too-large-for-memory",
        ),
        (ProcessDiedError(process="model", exit_code=-6), "crashed-loading"),
    ],
)
def test_one_that_fails_to_load_leaves_the_old_one_in_use(at: Desk, failure: AssistantError, reason: str) -> None:
    at.room.failure = failure
    with pytest.raises(ModelUnavailableError) as caught:
        at.use("second")
    assert caught.value.fields["reason"] == reason
    assert caught.value.fields["model"] == "Tiny chat"
    assert caught.value.fields.get("needed_bytes", 0) == failure.fields.get("needed_bytes", 0)
    assert at.settings.settings.chat_model == ""
    assert at.changes == 0
    assert at.room.restored.wait(5), "it is in memory again"


def test_a_stop_while_loading_leaves_the_old_one_in_use(at: Desk) -> None:
    at.room.failure = Cancelled()
    with pytest.raises(Cancelled):
        at.use("second")
    assert at.settings.settings.chat_model == ""


def test_a_model_that_is_not_there_cannot_be_used(at: Desk) -> None:
    with pytest.raises(BadRequestError):
        at.use("nobody")
    assert at.room.loaded == []


def test_taking_the_best_there_is_needs_no_trial(at: Desk) -> None:
    at.use("")
    assert at.room.loaded == []
    assert at.changes == 1


def test_a_model_in_use_is_let_go_of_before_its_file_is_deleted(at: Desk) -> None:
    at.desk.remove("second")
    assert at.room.let_go == 0
    listed = at.desk.remove("first")
    assert at.room.let_go == 1
    assert [entry.name for entry in listed.entries] == ["finder"]
    assert not (at.folder / "first.gguf").exists()


@pytest.mark.parametrize("loose", ["Second", "second.gguf", "Tiny chat"])
def test_only_the_exact_name_takes_a_model_away(at: Desk, loose: str) -> None:
    with pytest.raises(BadRequestError):
        at.desk.remove(loose)
    assert (at.folder / "second.gguf").exists()


def test_a_comparison_says_who_says_what_and_brings_back_the_model_in_use(at: Desk) -> None:
    events = list(at.desk.compare("Why?", ["second", "first"], (), threading.Event()))
    assert [(place, event.answer.text) for place, event in events if isinstance(event, Tried)] == [
        (0, "second says"),
        (1, "first says"),
    ]
    assert at.room.restored.wait(5)
    assert at.settings.settings.chat_model == ""


@pytest.mark.parametrize("ends", ["it fails", "nobody listens any more"])
def test_the_model_in_use_comes_back_when_a_comparison_ends_midway(at: Desk, ends: str) -> None:
    at.trial_fails = ends == "it fails"
    events = at.desk.compare("Why?", ["second", "first"], (), threading.Event())
    next(events)
    if at.trial_fails:
        with pytest.raises(Cancelled):
            next(events)
    else:
        events.close()  # type: ignore[attr-defined]
    assert at.room.restored.wait(5)


def test_what_cannot_be_compared_is_refused_before_anything_is_loaded(at: Desk) -> None:
    with pytest.raises(BadRequestError):
        next(at.desk.compare("Why?", ["second", "nobody"], (), threading.Event()))
    assert not at.room.restored.is_set()


def test_an_added_file_is_told_by_its_name_and_a_known_one_by_the_other(at: Desk, tmp_path: Path) -> None:
    again = tmp_path / "elsewhere" / "same-as-first.gguf"
    again.parent.mkdir()
    again.write_bytes((at.folder / "first.gguf").read_bytes())
    inspected = at.desk.inspect(str(again), silent, threading.Event())
    assert inspected.known_as == "first"
    fresh = write_sample(tmp_path / "elsewhere" / "fresh.gguf", weights=300)
    inspected = at.desk.inspect(str(fresh), silent, threading.Event())
    assert (inspected.known_as, inspected.entry.title) == ("", "Tiny chat")
    told: list[m.PullProgress] = []
    listed = at.desk.add(str(fresh), True, told.append, threading.Event())
    assert listed.added == "fresh"
    assert told[-1].stage == "copying"
    assert told[-1].done_bytes == told[-1].total_bytes == len(sample_bytes(weights=300))
    assert (at.folder / "fresh.gguf").exists()
