"""Several models, one question: the same evidence for all, one after the other, and nothing stored."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.chat.answering import AnswerTools
from assistant.chat.conversations import ConversationStore
from assistant.chat.events import EvidenceFound, TextAdded
from assistant.chat.ports import ChatChoice
from assistant.chat.trials import Tried, try_models
from assistant.domain.errors import Cancelled, ModelUnavailableError, StoreUnavailableError
from assistant.retrieval.ports import Scope
from tests.unit.chat.chat_fakes import (
    FakeEvidence,
    FakeRetriever,
    ScriptedModel,
    make_answerer,
    make_passage,
    open_store,
    quote_of,
)

TOWER = make_passage("The Eiffel Tower stands in Paris. It was finished in 1889 by the company of Gustave Eiffel.")
QUESTION = "When was the Eiffel Tower finished?"
RIGHT = ScriptedModel(["The Eiffel Tower was finished in 1889."])
WRONG = ScriptedModel(["It was finished in 1920 by ", "the city of Lyon."])


class Bench:
    def __init__(self, tmp_path: Path, *, weak: bool = False) -> None:
        self.store: ConversationStore = open_store(tmp_path)
        self.retriever = FakeRetriever((TOWER,))
        self.cancelled = threading.Event()
        evidence = FakeEvidence(quote_of(TOWER, "It was finished in 1889"), weak)
        self.tools: AnswerTools = make_answerer(self.store, retriever=self.retriever, evidence=evidence).tools

    def run(self, models: Sequence[ScriptedModel]) -> list[tuple[int, object]]:
        choices = [ChatChoice(model) for model in models]
        return list(try_models(self.tools, self.store, QUESTION, choices, Scope(), self.cancelled))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def ends(events: list[tuple[int, object]]) -> list[tuple[int, Tried]]:
    return [(place, event) for place, event in events if isinstance(event, Tried)]


def test_each_model_answers_in_turn_from_the_same_evidence(bench: Bench) -> None:
    events = bench.run([RIGHT, WRONG])
    assert [place for place, _event in events] == sorted(place for place, _event in events)
    (_, first), (_, second) = ends(events)
    assert first.answer.text == "The Eiffel Tower was finished in 1889."
    assert [citation.note for citation in first.answer.citations] == ["notes/tower.md"]
    assert second.answer.text == "It was finished in 1920 by the city of Lyon."
    assert first.answer.passages == second.answer.passages
    assert len(bench.retriever.queries) == 1, "the notes are searched once"
    assert [place for place, event in events if isinstance(event, EvidenceFound)] == [0, 1]


def test_nothing_is_stored(bench: Bench) -> None:
    bench.run([RIGHT, WRONG])
    assert bench.store.list_conversations("", 10) == []


def test_one_that_fails_does_not_keep_the_next_from_its_turn(bench: Bench) -> None:
    broken = ScriptedModel(["It was fin", ModelUnavailableError(model="broken", reason="decode-failed")])
    (_, first), (place, second) = ends(bench.run([broken, RIGHT]))
    assert first.error is not None
    assert first.error.fields["reason"] == "decode-failed"
    assert (place, second.error) == (1, None)
    assert second.answer.text


def test_a_stop_ends_all_of_it(bench: Bench) -> None:
    stopping = ScriptedModel(["It was finished ", bench.cancelled.set, "in 1889."])
    seen: list[tuple[int, object]] = []
    choices = [ChatChoice(stopping), ChatChoice(RIGHT)]
    with pytest.raises(Cancelled):
        seen.extend(try_models(bench.tools, bench.store, QUESTION, choices, Scope(), bench.cancelled))
    assert {place for place, _event in seen} == {0}
    assert isinstance(seen[-1][1], Tried), "what it had written is told"


def test_weak_evidence_asks_no_model(tmp_path: Path) -> None:
    model = ScriptedModel(["I know it all."])
    events = Bench(tmp_path, weak=True).run([model, model])
    assert [tried.answer.refused for _place, tried in ends(events)] == [True, True]
    assert not [event for _place, event in events if isinstance(event, TextAdded)]
    assert model.prompts == []


def test_a_search_that_fails_is_told_once_for_all(bench: Bench) -> None:
    def fail() -> None:
        raise StoreUnavailableError(store="catalog", reason="gone")

    bench.retriever.before = fail
    with pytest.raises(StoreUnavailableError):
        bench.run([RIGHT, WRONG])
