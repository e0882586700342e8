"""F01-F03, F33: any part killed with signal 9, during indexing and during an answer. Nothing acknowledged is lost."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from whole_engine import WholeEngine, assert_same_index, copy_sample_notes, doubled_chunks, wait_for, whole_engine

from assistant.domain.answers import TurnState
from assistant.domain.errors import ProcessDiedError
from assistant.ipc import engine_messages as m

QUESTION = "When does our flight to Lisbon leave?"


@pytest.fixture
def library(tmp_path: Path, models_dir: Path) -> Iterator[WholeEngine]:
    with whole_engine(tmp_path / "data") as engine:
        engine.add(copy_sample_notes(tmp_path / "notes"))
        engine.settle()
        yield engine


def _kill_when_writing(engine: WholeEngine, door: str) -> list[object]:
    """Ask, kill a part with the first words, and return the events."""
    events: list[object] = []
    for event in engine.begin(m.Ask(QUESTION)).events():
        events.append(event)
        if isinstance(event, m.PhaseChanged) and event.phase in {"reading", "writing"} and door:
            engine.child(door).kill()
            door = ""
    return events


def test_model_killed_during_an_answer_keeps_the_evidence_and_works_again(library: WholeEngine) -> None:
    ended = _kill_when_writing(library, "_model")[-1]
    assert isinstance(ended, m.Failed)
    assert ended.error.kind == "process-died"
    assert ended.turn is not None
    assert ended.turn.state is TurnState.FAILED
    assert ended.turn.answer.passages
    again = library.ask(QUESTION)
    assert again.state is TurnState.DONE
    assert again.answer.timings.completion_tokens
    stored = library.say(m.OpenConversation(ended.turn.conversation_id)).turns
    assert [turn.question for turn in stored] == [QUESTION]


def test_model_that_dies_three_times_opens_the_breaker_and_can_be_started_again(library: WholeEngine) -> None:
    for _ in range(3):
        assert isinstance(_kill_when_writing(library, "_model")[-1], m.Failed)
    wait_for(lambda: {part.part: part.state for part in library.say(m.GetStatus()).parts}["model"] == "broken")
    broken = library.say(m.Ask(QUESTION))
    assert isinstance(broken, m.Failed)
    assert broken.error.kind == "process-broken"
    assert library.say(m.SearchNotes("Lisbon")).passages  # by words, without a model
    library.say(m.RestartPart("model"))
    assert library.ask(QUESTION).answer.timings.completion_tokens


def test_vector_process_killed_during_an_answer_does_not_touch_it(library: WholeEngine) -> None:
    wait_for(lambda: not library.say(m.GetStatus()).exact_search)
    before = library.say(m.SearchNotes("去里斯本的航班几点起飞？", top=5)).passages
    ended = _kill_when_writing(library, "_vectors")[-1]
    assert isinstance(ended, m.Answered)
    assert ended.turn.state is TurnState.DONE
    during = library.say(m.SearchNotes("去里斯本的航班几点起飞？", top=5)).passages
    assert [passage.note for passage in during] == [passage.note for passage in before]
    wait_for(lambda: not library.say(m.GetStatus()).exact_search)


def test_engine_killed_during_an_answer_keeps_question_and_evidence(library: WholeEngine) -> None:
    events: list[object] = []

    def ask_and_kill() -> None:
        for event in library.begin(m.Ask(QUESTION)).events():
            events.append(event)
            if isinstance(event, m.PhaseChanged) and event.phase in {"reading", "writing"}:
                library.link.kill(deliberate=False)

    with pytest.raises(ProcessDiedError):
        ask_and_kill()
    started = events[0]
    assert isinstance(started, m.TurnStarted)
    conversation = started.conversation.id
    wait_for(lambda: library.link.pid is not None)
    (turn,) = library.say(m.OpenConversation(conversation)).turns
    assert turn.question == QUESTION
    assert turn.state is TurnState.CUT
    assert turn.answer.passages
    assert library.ask(QUESTION, conversation).state is TurnState.DONE


@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", [1, 2])
def test_everything_killed_at_random_while_indexing(tmp_path: Path, models_dir: Path, seed: int) -> None:
    chance = random.Random(seed)
    notes = copy_sample_notes(tmp_path / "notes")
    data = tmp_path / "data"
    with whole_engine(data) as engine:
        engine.add(notes)
        for number in range(9):
            time.sleep(chance.uniform(0.05, 1.0))
            door = chance.choice(["_model", "_vectors", "_engine"])
            if door == "_engine":
                engine.restart()
            else:
                for process in engine.children():
                    try:
                        if door in process.cmdline():
                            process.kill()
                    except psutil.Error:
                        pass
            (notes / f"late {number}.md").write_text(
                f"# Late {number}\n\nWritten between two kills, word{number}.\n", "utf-8"
            )
            engine.say(m.RestartPart("model"))
            engine.say(m.RestartPart("vectors"))
        engine.settle()
        found = {
            passage.note
            for number in range(9)
            for passage in engine.say(m.SearchNotes(f"word{number}", top=1)).passages
        }
        assert found == {f"late {number}.md" for number in range(9)}
    assert doubled_chunks(data) == []
    with whole_engine(tmp_path / "fresh") as engine:
        engine.add(notes)
        engine.settle()
    assert_same_index(data, tmp_path / "fresh")


def test_children_end_with_a_killed_engine(library: WholeEngine) -> None:
    library.ask(QUESTION)
    children = [library.child("_model"), library.child("_vectors")]
    assert library.link.pid is not None
    psutil.Process(library.link.pid).kill()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []
