"""What is kept where, and what is left after each kind of clearing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.chat.conversations import ConversationStore
from assistant.domain.answers import Answer, TurnState
from assistant.domain.errors import BadRequestError
from assistant.domain.settings import Settings
from assistant.engine.clearing import Clearing, stored_parts
from assistant.engine.paths import DataPaths
from assistant.engine.settings_store import SettingsStore
from assistant.ipc import engine_messages as m


class Indexes:
    def __init__(self) -> None:
        self.times = 0

    def start_over(self, meanwhile: Callable[[], None] | None = None) -> None:
        self.times += 1
        if meanwhile is not None:
            meanwhile()


class Place:
    """A data folder in which somebody has worked."""

    def __init__(self, root: Path) -> None:
        self.paths = DataPaths(root)
        self.paths.make()
        self.indexes = Indexes()
        self.settings = SettingsStore(self.paths.settings)
        self.settings.change({"theme": "dark"})
        self.store = ConversationStore(self.paths.conversations, self.paths.backups)
        _, turn = self.store.start_turn("How high is the tower?")
        self.store.finish_turn(turn.id, Answer(text="91 metres."), TurnState.DONE)
        self.store.backup()
        self.paths.folders.write_text("/home/ada/secret folder")
        self.paths.folders.with_name("folders.json.old").write_text("/home/ada/secret folder")
        (self.paths.logs / "engine.log").write_text("a line\n")
        (self.paths.logs / "engine.log.1").write_text("an old line\n")

    def clear(self, what: str) -> m.Cleared:
        return Clearing(self.paths, self.store, self.settings, self.indexes).clear(what)

    @property
    def chats(self) -> int:
        return self.store.counts()[0]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "data")


def test_clearing_the_chats_leaves_all_else(place: Place) -> None:
    assert place.clear("chats") == m.Cleared("chats", chats=1, turns=1, backups=1)
    assert (place.chats, place.indexes.times) == (0, 0)
    assert place.settings.settings.theme == "dark"
    assert place.paths.folders.exists()


def test_clearing_the_index_leaves_all_else(place: Place) -> None:
    assert place.clear("index") == m.Cleared("index")
    assert (place.chats, place.indexes.times) == (1, 1)
    assert place.paths.folders.exists()


def test_clearing_everything_leaves_defaults_and_no_trace_of_the_folders(place: Place) -> None:
    place.clear("everything")
    assert (place.chats, place.indexes.times) == (0, 1)
    assert place.settings.settings == Settings() == SettingsStore(place.paths.settings).settings
    left = [path for path in place.paths.root.rglob("*") if path.is_file() and b"secret" in path.read_bytes()]
    assert left == []
    assert {path.name: path.read_text() for path in place.paths.logs.iterdir()} == {"engine.log": ""}


def test_an_unknown_wish_clears_nothing(place: Place) -> None:
    with pytest.raises(BadRequestError):
        place.clear("all")
    assert place.chats == 1


def test_everything_is_refused_as_a_whole_while_an_answer_is_being_made(place: Place) -> None:
    place.store.start_turn("still thinking?")
    with pytest.raises(BadRequestError):
        place.clear("everything")
    assert (place.chats, place.indexes.times) == (2, 0)
    assert place.settings.settings.theme == "dark"


def test_every_part_is_listed_with_its_place_and_size(place: Place) -> None:
    parts = {part.name: part for part in stored_parts(place.paths)}
    assert list(parts) == ["conversations", "backups", "index", "settings", "models", "logs"]
    assert parts["conversations"].path == str(place.paths.conversations)
    assert parts["conversations"].size_bytes >= place.paths.conversations.stat().st_size
    assert parts["logs"].size_bytes == len("a line\nan old line\n")
    assert parts["settings"].size_bytes > len("/home/ada/secret folder") * 2
