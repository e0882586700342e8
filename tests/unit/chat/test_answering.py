from __future__ import annotations

import threading
from pathlib import Path

import pytest

from assistant.chat.answering import Answerer
from assistant.chat.events import (
    ChatEvent,
    EvidenceFound,
    PhaseChanged,
    SentencesChecked,
    TextAdded,
    TurnEnded,
    TurnStarted,
)
from assistant.chat.ports import AnswerLimits
from assistant.domain.answers import AskScope, Support, Turn, TurnState
from assistant.domain.errors import BadRequestError, Cancelled, ModelUnavailableError, ProcessDiedError
from assistant.domain.models import ChatModelInfo
from assistant.models.ports import PromptProgress
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

TOWER = make_passage(
    "The Eiffel Tower stands in Paris. It was finished in 1889 by the company of Gustave Eiffel.", start=120
)
GARDEN = make_passage("The garden has forty apple trees. They bloom in May.", note="garden.md")


def ask(answerer: Answerer, question: str, conversation_id: int = 0, **more: object) -> list[ChatEvent]:
    cancelled = more.pop("cancelled", None) or threading.Event()
    return list(answerer.answer(question, conversation_id, Scope(), cancelled, **more))  # type: ignore[arg-type]


def last_turn(events: list[ChatEvent]) -> Turn:
    assert isinstance(events[-1], TurnEnded)
    return events[-1].turn


def shown(events: list[ChatEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextAdded))


def test_an_answer_is_stored_with_the_notes_that_were_asked(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    asked = AskScope(folders=((1, "Trips"),), names=("Trips",))
    answerer = make_answerer(
        store, passages=[TOWER], evidence=FakeEvidence(quote_of(TOWER, "It was finished in 1889", 1))
    )
    turn = last_turn(ask(answerer, "When was it finished?", asked=asked))
    assert store.turn(turn.id).answer.scope == asked


def test_answer_is_streamed_cited_and_stored(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    model = ScriptedModel(["The Eiffel Tower was fin", "ished in 1889", " [1].", " It is a fine place."])
    answerer = make_answerer(
        store,
        passages=[GARDEN, TOWER],
        evidence=FakeEvidence(quote_of(TOWER, "It was finished in 1889", 1)),
        model=model,
    )
    events = ask(answerer, "When was the Eiffel Tower finished?")
    kinds = [type(event) for event in events]
    assert kinds[0] is TurnStarted
    assert kinds.index(EvidenceFound) < kinds.index(TextAdded)
    assert SentencesChecked in kinds
    turn = last_turn(events)
    assert turn.state is TurnState.DONE
    assert turn.answer.text == "The Eiffel Tower was finished in 1889. It is a fine place."
    assert shown(events) == turn.answer.text
    assert [check.support for check in turn.answer.sentences] == [Support.SUPPORTED, Support.UNSUPPORTED]
    [citation] = turn.answer.citations
    assert (citation.note, citation.number) == ("notes/tower.md", 1)
    assert TOWER.text[citation.start - 120 : citation.end - 120] == citation.quote
    assert "1889" in citation.quote
    assert turn.answer.model == "scripted"
    assert store.turn(turn.id) == turn


def test_timings_tell_each_step(tmp_path: Path) -> None:
    answerer = make_answerer(open_store(tmp_path), passages=[TOWER], model=ScriptedModel(["Paris is nice."]))
    timings = last_turn(ask(answerer, "Where is it?")).answer.timings
    assert timings.search_s > 0
    assert timings.load_s >= 0.5
    assert (timings.write_s, timings.completion_tokens) == (1.5, 1)
    assert timings.prompt_tokens > 0


def test_weak_evidence_refuses_and_shows_the_nearest_passages(tmp_path: Path) -> None:
    model = ScriptedModel(["An invention."])
    answerer = make_answerer(open_store(tmp_path), passages=[GARDEN], evidence=FakeEvidence(weak=True), model=model)
    turn = last_turn(ask(answerer, "Who won the cup in 1954?"))
    assert turn.answer.refused
    assert turn.answer.text == ""
    assert turn.answer.passages == (GARDEN,)
    assert not model.prompts


def test_empty_library_refuses(tmp_path: Path) -> None:
    turn = last_turn(ask(make_answerer(open_store(tmp_path), model=ScriptedModel(["x"])), "Anything about elephants?"))
    assert turn.answer.refused
    assert turn.state is TurnState.DONE


def test_without_a_model_the_quote_is_the_answer(tmp_path: Path) -> None:
    quote = quote_of(TOWER, "It was finished in 1889")
    answerer = make_answerer(open_store(tmp_path), passages=[TOWER], evidence=FakeEvidence(quote))
    turn = last_turn(ask(answerer, "When was the tower finished?"))
    assert turn.state is TurnState.DONE
    assert turn.answer.text == ""
    assert turn.answer.quote == quote
    [citation] = turn.answer.citations
    assert (citation.quote, citation.support, citation.start) == (quote.text, Support.QUOTED, quote.start)


def test_quote_is_cited_when_nothing_written_is_supported(tmp_path: Path) -> None:
    quote = quote_of(TOWER, "It was finished in 1889")
    model = ScriptedModel(["The tower was finished in 1789 by Napoleon."])
    answerer = make_answerer(open_store(tmp_path), passages=[TOWER], evidence=FakeEvidence(quote), model=model)
    answer = last_turn(ask(answerer, "When was the tower finished?")).answer
    assert [check.support for check in answer.sentences] == [Support.UNSUPPORTED]
    assert [citation.quote for citation in answer.citations] == [quote.text]


def test_refused_answer_cites_nothing(tmp_path: Path) -> None:
    evidence = FakeEvidence(quote_of(TOWER, "It was finished in 1889"), weak=True)
    answerer = make_answerer(open_store(tmp_path), passages=[TOWER], evidence=evidence, model=ScriptedModel(["x"]))
    assert last_turn(ask(answerer, "Who sang?")).answer.citations == ()


def test_missing_model_file_is_like_no_model_but_a_damaged_one_is_told(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    missing = ScriptedModel([ModelUnavailableError(model="m", reason="missing")])
    turn = last_turn(ask(make_answerer(store, passages=[TOWER], model=missing), "When was it finished?"))
    assert turn.state is TurnState.DONE
    damaged = ScriptedModel([ModelUnavailableError(model="m", reason="damaged")])
    with pytest.raises(ModelUnavailableError):
        ask(make_answerer(store, passages=[TOWER], model=damaged), "When was it finished?")


@pytest.mark.parametrize(
    ("question", "languages", "is_written"),
    [
        ("埃菲尔铁塔是哪一年建成的？", ("en",), False),
        ("When was the tower finished?", ("en",), True),
        ("埃菲尔铁塔是哪一年建成的？", ("en", "zh"), True),
        ("埃菲尔铁塔是哪一年建成的？", (), True),
    ],
)
def test_model_writes_only_in_languages_it_speaks(
    tmp_path: Path, question: str, languages: tuple[str, ...], is_written: bool
) -> None:
    model = ScriptedModel(["1889."])
    answerer = make_answerer(open_store(tmp_path), passages=[TOWER], model=model, languages=languages)
    assert bool(last_turn(ask(answerer, question)).answer.text) is is_written


def test_model_that_cannot_read_the_evidence_does_not_write(tmp_path: Path) -> None:
    passage = make_passage("埃菲尔铁塔于一八八九年建成。", note="塔.md")
    model = ScriptedModel(["In 1789."])
    answerer = make_answerer(
        open_store(tmp_path),
        passages=[passage],
        evidence=FakeEvidence(quote_of(passage, passage.text)),
        model=model,
        languages=("en",),
    )
    turn = last_turn(ask(answerer, "When was the Eiffel Tower finished?"))
    assert turn.answer.text == ""
    assert turn.answer.citations[0].quote == passage.text


def test_stop_during_search_keeps_the_question_and_yields_no_text(tmp_path: Path) -> None:
    cancelled = threading.Event()
    retriever = FakeRetriever((TOWER,), before=cancelled.set)
    model = ScriptedModel(["text"])
    answerer = make_answerer(open_store(tmp_path), retriever=retriever, model=model)
    events = ask(answerer, "When?", cancelled=cancelled)
    assert last_turn(events).state is TurnState.STOPPED
    assert not shown(events)
    assert not model.prompts


@pytest.mark.parametrize("phase", ["loading", "reading"])
def test_stop_before_writing_keeps_the_quote(tmp_path: Path, phase: str) -> None:
    cancelled = threading.Event()
    model = ScriptedModel([PromptProgress(phase, 0, 0), cancelled.set, PromptProgress("reading", 10, 20), "never"])
    evidence = FakeEvidence(quote_of(TOWER, "It was finished in 1889"))
    answerer = make_answerer(open_store(tmp_path), passages=[TOWER], evidence=evidence, model=model)
    events = ask(answerer, "When was it finished?", cancelled=cancelled)
    turn = last_turn(events)
    assert turn.state is TurnState.STOPPED
    assert turn.answer.quote == evidence.quote
    assert not shown(events)
    assert phase in [event.phase for event in events if isinstance(event, PhaseChanged)]


class LoadingModel(ScriptedModel):
    """Takes for ever to load, as a large file on a slow disk does."""

    def __init__(self, asked: threading.Event, loaded: threading.Event) -> None:
        super().__init__(["never"])
        self.asked, self.loaded = asked, loaded

    def info(self) -> ChatModelInfo:
        self.asked.set()
        self.loaded.wait(60)
        return super().info()


def test_stop_does_not_wait_for_a_model_that_is_loading(tmp_path: Path) -> None:
    asked, loaded, cancelled = threading.Event(), threading.Event(), threading.Event()
    answerer = make_answerer(open_store(tmp_path), passages=[TOWER], model=LoadingModel(asked, loaded))
    stopper = threading.Thread(target=lambda: asked.wait(60) and cancelled.set())
    stopper.start()
    turn = last_turn(ask(answerer, "When was it finished?", cancelled=cancelled))
    stopper.join()
    assert not loaded.is_set()
    assert turn.state is TurnState.STOPPED
    loaded.set()


def test_stop_while_writing_keeps_and_checks_what_is_there(tmp_path: Path) -> None:
    cancelled = threading.Event()
    model = ScriptedModel(["The Eiffel Tower was finished in 1889. ", "It is", cancelled.set, " never seen"])
    answerer = make_answerer(open_store(tmp_path), passages=[TOWER], model=model)
    turn = last_turn(ask(answerer, "When was the Eiffel Tower finished?", cancelled=cancelled))
    assert turn.state is TurnState.STOPPED
    assert turn.answer.text == "The Eiffel Tower was finished in 1889. It is"
    assert turn.answer.sentences[0].support is Support.SUPPORTED


def test_consumer_that_goes_away_leaves_a_stopped_turn(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    answerer = make_answerer(store, passages=[TOWER], model=ScriptedModel(["One. ", "Two. ", "Three."]))
    stream = answerer.answer("When?", 0, Scope(), threading.Event())
    for event in stream:
        if isinstance(event, TextAdded):
            break
    stream.close()  # type: ignore[attr-defined]
    [conversation] = store.list_conversations()
    [turn] = store.open_conversation(conversation.id)[1]
    assert turn.state is TurnState.STOPPED
    assert turn.answer.text.startswith("One.")


def test_death_of_the_model_keeps_the_partial_answer(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    model = ScriptedModel(
        ["The Eiffel Tower was finished", " in 1889.", ProcessDiedError(process="model", exit_code=-9)]
    )
    answerer = make_answerer(store, passages=[TOWER], model=model)
    events: list[ChatEvent] = []
    with pytest.raises(ProcessDiedError) as died:
        events.extend(answerer.answer("When was it finished?", 0, Scope(), threading.Event()))
    assert died.value.fields["exit_code"] == -9
    turn = last_turn(events)
    assert (turn.state, turn.error) == (TurnState.FAILED, "process-died")
    assert turn.answer.text == "The Eiffel Tower was finished in 1889."
    assert store.turn(turn.id) == turn


def test_a_bug_of_ours_keeps_the_question_too(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    answerer = make_answerer(store, passages=[TOWER], model=ScriptedModel(["Some text", ZeroDivisionError()]))
    with pytest.raises(ZeroDivisionError):
        ask(answerer, "When was it finished?")
    [turn] = store.open_conversation(store.list_conversations()[0].id)[1]
    assert (turn.state, turn.error, turn.answer.text) == (TurnState.FAILED, "internal", "Some text")


def test_answerer_works_again_after_a_failure(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    model = ScriptedModel([ProcessDiedError(process="model", exit_code=-9)])
    answerer = make_answerer(store, passages=[TOWER], model=model)
    with pytest.raises(ProcessDiedError):
        ask(answerer, "When?")
    model.script = ["In 1889."]
    assert last_turn(ask(answerer, "When?")).answer.text == "In 1889."


def test_small_talk_gets_a_friendly_answer_without_search(tmp_path: Path) -> None:
    retriever = FakeRetriever((TOWER,))
    answerer = make_answerer(open_store(tmp_path), retriever=retriever, model=ScriptedModel(["x"]))
    for question, expected in (("Thanks!", "You are welcome"), ("谢谢", "不客气")):
        answer = last_turn(ask(answerer, question)).answer
        assert answer.text.startswith(expected)
        assert not answer.refused
        assert not answer.citations
        assert {check.support for check in answer.sentences} == {Support.NOT_A_CLAIM}
    assert not retriever.queries


def test_follow_up_searches_with_the_earlier_words_too(tmp_path: Path) -> None:
    retriever = FakeRetriever((TOWER,))
    model = ScriptedModel(["In 1889."])
    answerer = make_answerer(open_store(tmp_path), retriever=retriever, model=model)
    first = last_turn(ask(answerer, "How many trams run in Porto?"))
    ask(answerer, "And in Lisbon?", first.conversation_id)
    assert retriever.queries[1].startswith("And in Lisbon?")
    assert "trams" in retriever.queries[1]
    said = " ".join(part.text for message in model.prompts[1] for part in message.parts)
    assert "How many trams run in Porto?" in said


def test_very_small_model_is_told_what_a_follow_up_hangs_on(tmp_path: Path) -> None:
    model = ScriptedModel(["In 1889."], parameters=135_000_000)
    answerer = make_answerer(open_store(tmp_path), passages=[TOWER], model=model)
    first = last_turn(ask(answerer, "How many trams run in Porto?"))
    ask(answerer, "And in Lisbon?", first.conversation_id)
    said = "".join(part.text for part in model.prompts[1][-1].parts)
    assert "And in Lisbon?" in said
    assert "trams" in said


@pytest.mark.parametrize(
    ("parameters", "text"), [(135_000_000, "In 1889."), (7_000_000_000, "In 1889. Then it wandered")]
)
def test_very_small_model_that_runs_out_of_tokens_keeps_whole_sentences(
    tmp_path: Path, parameters: int, text: str
) -> None:
    model = ScriptedModel(["In 1889. Then it", " wandered"], parameters=parameters)
    model.finish = "length"
    turn = last_turn(ask(make_answerer(open_store(tmp_path), passages=[TOWER], model=model), "When?"))
    assert (turn.state, turn.answer.text) == (TurnState.DONE, text)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("When was it finished?", ""),
        ("When was it finished? Who built it?", ""),
        ("It was finished in 1889. Is there more to know?", "It was finished in 1889. Is there more to know?"),
    ],
)
def test_very_small_model_that_only_asks_says_nothing_but_an_answer_with_a_question_stays(
    tmp_path: Path, written: str, kept: str
) -> None:
    model = ScriptedModel([written], parameters=135_000_000)
    turn = last_turn(ask(make_answerer(open_store(tmp_path), passages=[TOWER], model=model), "When was it finished?"))
    assert (turn.state, turn.answer.text) == (TurnState.DONE, kept)
    assert bool(turn.answer.sentences) is bool(kept)


def test_regenerating_replaces_the_turn_and_drops_later_ones(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    answerer = make_answerer(store, passages=[TOWER], model=ScriptedModel(["In 1889."]))
    first = last_turn(ask(answerer, "When was it finished?"))
    ask(answerer, "Where does it stand?", first.conversation_id)
    again = last_turn(ask(answerer, "When was it really finished?", first.conversation_id, replace_turn=first.id))
    _, turns = store.open_conversation(first.conversation_id)
    assert [turn.id for turn in turns] == [again.id]


def test_repetition_is_cut(tmp_path: Path) -> None:
    model = ScriptedModel(["It stands in Paris now. "] + ["The tower is tall and old. "] * 30)
    answerer = make_answerer(open_store(tmp_path), passages=[TOWER], model=model)
    turn = last_turn(ask(answerer, "Where?"))
    assert turn.state is TurnState.DONE
    assert turn.answer.text == "It stands in Paris now. The tower is tall and old."


def test_empty_question_is_refused_before_anything_is_stored(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with pytest.raises(BadRequestError):
        ask(make_answerer(store), "  \n ")
    assert not store.list_conversations()


def test_answer_once_stores_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    answerer = make_answerer(store, passages=[TOWER], model=ScriptedModel(["It was finished in 1889."]))
    answer = answerer.answer_once("When was the tower finished?", Scope())
    assert answer.text == "It was finished in 1889."
    assert answer.citations
    assert not store.list_conversations()
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Cancelled):
        answerer.answer_once("When was the tower finished?", Scope(), cancelled)


def test_limits_reach_the_model(tmp_path: Path) -> None:
    retriever = FakeRetriever(tuple(make_passage(f"Fact {n} is here.", note=f"{n}.md") for n in range(9)))
    answerer = make_answerer(
        open_store(tmp_path), retriever=retriever, model=ScriptedModel(["ok then"]), limits=AnswerLimits(passages=3)
    )
    assert len(last_turn(ask(answerer, "Which fact?")).answer.passages) == 3


def test_stop_ends_a_question_that_still_waits_for_another_to_be_answered(tmp_path: Path) -> None:
    first_writes, first_may_end, stop = threading.Event(), threading.Event(), threading.Event()

    def hold() -> None:
        first_writes.set()
        assert first_may_end.wait(20)

    answerer = make_answerer(open_store(tmp_path), passages=[TOWER], model=ScriptedModel([hold, "In 1889."]))
    first = threading.Thread(target=ask, args=(answerer, "When was the Eiffel Tower finished?"))
    first.start()
    try:
        assert first_writes.wait(20)
        stop.set()
        assert last_turn(ask(answerer, "And who built it?", cancelled=stop)).state is TurnState.STOPPED
    finally:
        first_may_end.set()
        first.join(20)
