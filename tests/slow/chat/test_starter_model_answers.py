"""The starter models answer questions over the sample notes: cited to the letter, stoppable, and honest in Chinese."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.chat.answering import Answerer, AnswerTools
from assistant.chat.events import EvidenceFound, PhaseChanged, TextAdded, TurnEnded
from assistant.chat.ports import AnswerLimits, ChatChoice
from assistant.chat.prompt_texts import PromptLibrary
from assistant.domain.answers import Passage, Turn, TurnState
from assistant.domain.errors import ProcessDiedError
from assistant.domain.models import ChatModelInfo
from assistant.domain.resources import resource
from assistant.domain.sentences import split_sentences
from assistant.ipc.model_messages import ModelChoice
from assistant.ipc.supervisor import Supervisor
from assistant.models.client import ChatClient, EmbedderClient, model_supervisor
from assistant.models.manifest import read_manifest
from assistant.retrieval.ports import Scope
from tests.unit.chat.chat_fakes import (
    FakeEvidence,
    FakeLimits,
    FakeModels,
    FakeRetriever,
    make_passage,
    open_store,
    quote_of,
)

TRIP = resource("sample-notes", "Travel", "Lisbon trip.md").read_text("utf-8")
FLIGHT = "Thursday 14 May, TP 573 from Hamburg, leaves **06:25** from Terminal 1, lands in Lisbon at 09:00 local time."


def passage_of(document: str, note: str, around: str, chars: int = 500) -> Passage:
    start = max(0, document.index(around) - chars // 2)
    return make_passage(document[start : start + chars + len(around)], note, start)


@pytest.fixture(scope="module")
def supervisor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervisor]:
    folder = tmp_path_factory.mktemp("models")
    supervisor = model_supervisor(folder, folder / "model.log")
    yield supervisor
    supervisor.stop()


def starter(models_dir: Path, name: str) -> str:
    model = read_manifest().find(name)
    assert model is not None
    return str(models_dir / model.file)


@pytest.fixture
def answerer(tmp_path: Path, supervisor: Supervisor, models_dir: Path) -> Answerer:
    chat = ChatClient(supervisor, ModelChoice(starter(models_dir, "smollm2-135m-instruct"), context_tokens=2048))
    flight = passage_of(TRIP, "Travel/Lisbon trip.md", FLIGHT)
    tools = AnswerTools(
        retriever=FakeRetriever((flight,)),
        evidence=FakeEvidence(quote_of(flight, FLIGHT)),
        models=FakeModels(ChatChoice(chat, ("en",))),
        limits=FakeLimits(AnswerLimits()),
        prompts=PromptLibrary(),
        embedder=EmbedderClient(supervisor, ModelChoice(starter(models_dir, "multilingual-e5-small"))),
    )
    return Answerer(tools, open_store(tmp_path))


def test_question_over_the_sample_notes_is_answered_and_cited(answerer: Answerer) -> None:
    events = list(answerer.answer("When does the flight to Lisbon leave?", 0, Scope(), threading.Event()))
    ended = events[-1]
    assert isinstance(ended, TurnEnded)
    answer = ended.turn.answer
    assert ended.turn.state is TurnState.DONE
    assert answer.text or answer.left_out
    assert [(check.start, check.end) for check in answer.sentences] == split_sentences(answer.text)
    assert answer.citations
    for citation in answer.citations:
        assert TRIP[citation.start : citation.end] == citation.quote
    assert answer.timings.completion_tokens > 0
    assert answer.timings.write_s > 0
    phases = [event.phase if isinstance(event, PhaseChanged) else type(event) for event in events]
    assert phases.index(EvidenceFound) < phases.index("writing")


def test_chinese_question_to_an_english_model_is_answered_by_the_quote(answerer: Answerer) -> None:
    turn = last_turn(answerer, "去里斯本的航班几点起飞？")
    assert turn.state is TurnState.DONE
    assert turn.answer.text == ""
    assert [citation.quote for citation in turn.answer.citations] == [FLIGHT]


@pytest.mark.parametrize("phase", ["loading", "reading", "writing"])
def test_stop_is_quick_in_every_phase(answerer: Answerer, phase: str) -> None:
    cancelled = threading.Event()
    stopped_at = 0.0
    last = None
    for event in answerer.answer("When does the flight to Lisbon leave?", 0, Scope(), cancelled):
        last = event
        if isinstance(event, PhaseChanged) and event.phase == phase and not stopped_at:
            cancelled.set()
            stopped_at = time.monotonic()
    assert stopped_at
    assert isinstance(last, TurnEnded)
    assert last.turn.state is TurnState.STOPPED
    assert last.turn.answer.quote is not None


class GrownUp(ChatClient):
    """The starter model, asked as larger models are."""

    def info(self) -> ChatModelInfo:
        return replace(super().info(), parameters=0)


@pytest.fixture
def grown_up(tmp_path: Path, supervisor: Supervisor, models_dir: Path) -> Answerer:
    """Its text arrives by the token; that of a very small model only by the sentence, and some of it never."""
    model = GrownUp(supervisor, ModelChoice(starter(models_dir, "smollm2-135m-instruct"), context_tokens=2048))
    passages = (
        passage_of(TRIP, "Travel/Lisbon trip.md", FLIGHT),
        passage_of(TRIP, "Travel/Lisbon trip.md", "Casa das"),
    )
    tools = AnswerTools(
        retriever=FakeRetriever(passages),
        evidence=FakeEvidence(),
        models=FakeModels(ChatChoice(model, ("en",))),
        limits=FakeLimits(AnswerLimits(answer_tokens=24)),
        prompts=PromptLibrary(),
    )
    return Answerer(tools, open_store(tmp_path))


def test_killed_model_process_costs_one_answer_and_keeps_its_beginning(
    grown_up: Answerer, supervisor: Supervisor
) -> None:
    written: list[str] = []
    turns: list[Turn] = []

    def ask_and_kill() -> None:
        for event in grown_up.answer("Tell me about the flight to Lisbon.", 0, Scope(), threading.Event()):
            if isinstance(event, TextAdded):
                written.append(event.text)
                supervisor.kill()
            if isinstance(event, TurnEnded):
                turns.append(event.turn)

    with pytest.raises(ProcessDiedError):
        ask_and_kill()
    assert turns[0].state is TurnState.FAILED
    assert turns[0].answer.text.startswith(written[0].strip())
    assert last_turn(grown_up, "When does the flight to Lisbon leave?").answer.text


def test_next_question_of_a_conversation_reads_only_what_is_new(grown_up: Answerer) -> None:
    first = last_turn(grown_up, "When does the flight to Lisbon leave?")
    second = last_turn(grown_up, "Where do we stay?", first.conversation_id).answer.timings
    before = first.answer.timings
    assert second.cached_tokens >= before.prompt_tokens - 2
    # The passages are still in the window, so only the question, its frame and the first answer's end are new.
    assert second.prompt_tokens - second.cached_tokens <= 100
    assert second.prompt_tokens <= before.prompt_tokens + before.completion_tokens + 100


def last_turn(answerer: Answerer, question: str, conversation_id: int = 0) -> Turn:
    ended = list(answerer.answer(question, conversation_id, Scope(), threading.Event()))[-1]
    assert isinstance(ended, TurnEnded)
    return ended.turn
