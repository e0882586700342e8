"""F29: the models are not there, because their folder is on a disk that is away. Words are searched; all is back when they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from whole_engine import WholeEngine, wait_for, whole_engine

from assistant.domain.answers import TurnState
from assistant.ipc import engine_messages as m
from tests.faults.conftest import Fault, write_small_notes

QUESTION = "When does the flight to Lisbon leave?"
MEANT = "At what hour do we depart by plane?"


@pytest.fixture
def shelf(tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "disk" / "models"
    folder.mkdir(parents=True)
    for file in models_dir.glob("*.gguf"):
        (folder / file.name).symlink_to(file)
    monkeypatch.setenv("ELEPHANT_MODELS_DIR", str(folder))
    return folder


def test_models_that_are_away_are_done_without_and_used_when_they_are_there(
    tmp_path: Path, shelf: Path, fault: Fault, scale: Callable[[int, int], int]
) -> None:
    disk, away = shelf.parent, tmp_path / "away"
    disk.rename(away)
    with whole_engine(tmp_path / "data") as engine:
        with fault.trial():  # away at the start
            engine.add(write_small_notes(tmp_path / "notes"))
            wait_for(lambda: engine.say(m.SearchNotes(QUESTION)).passages != ())
            status = engine.say(m.GetStatus())
            assert (status.embedder, status.chat_model) == ("", "")
            _answer_from_words(engine)
            away.rename(disk)
            wait_for(lambda: any(isinstance(notice, m.ModelChanged) for notice in engine.notices))
            engine.settle()
            _answer_from_models(engine)
        for _ in range(scale(1, 10)):
            with fault.trial():  # and while it runs
                engine.child("_model").kill()  # as long as it lives, it has them in memory
                disk.rename(away)
                found = engine.say(m.SearchNotes(QUESTION))
                assert found.passages[0].note == "Lisbon.md"
                assert not found.complete, "what only the meaning would find may be missing, and is said to be"
                _answer_from_words(engine)
                away.rename(disk)
                engine.say(m.RestartPart("model"))
                wait_for(lambda: engine.say(m.SearchNotes(MEANT)).complete)


def _answer_from_words(engine: WholeEngine) -> None:
    ended = engine.say(m.Ask(QUESTION))
    assert isinstance(ended, m.Answered)
    assert ended.turn.state is TurnState.DONE
    assert ended.turn.answer.quote is not None, "the notes' own words need no model"


def _answer_from_models(engine: WholeEngine) -> None:
    wait_for(lambda: engine.say(m.SearchNotes(MEANT)).complete)
    assert engine.say(m.SearchNotes(MEANT)).passages[0].note == "Lisbon.md"
    assert engine.ask(QUESTION).answer.timings.completion_tokens
