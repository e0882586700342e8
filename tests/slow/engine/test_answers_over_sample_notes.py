"""The main job, whole and real: notes in, a streamed answer out, and every citation opens at its words."""

from __future__ import annotations

import json
import threading

import pytest
from whole_engine import WholeEngine

from assistant.domain.answers import Citation, InstantQuote, TurnState
from assistant.domain.errors import DataFolderBusyError
from assistant.domain.resources import resource
from assistant.ipc import engine_messages as m
from assistant.ipc.supervisor import Supervisor, own_command

QUESTIONS = json.loads(resource("sample-questions.json").read_text("utf-8"))["questions"]


def test_evidence_is_on_screen_before_the_first_word(library: WholeEngine) -> None:
    events = list(library.begin(m.Ask("When does our flight to Lisbon leave?")).events())
    kinds = [type(event).__name__ for event in events]
    assert kinds[0] == "TurnStarted"
    assert kinds[-1] == "Answered"
    phases = [event.phase if isinstance(event, m.PhaseChanged) else "" for event in events]
    assert kinds.index("EvidenceFound") < phases.index("writing")
    evidence = next(event for event in events if isinstance(event, m.EvidenceFound))
    assert evidence.quote is not None
    assert evidence.quote.note.startswith("Travel/")
    streamed = "".join(event.text for event in events if isinstance(event, m.TextAdded))
    assert streamed.strip() == events[-1].turn.answer.text.strip()


@pytest.mark.parametrize("entry", QUESTIONS, ids=[entry["id"] for entry in QUESTIONS])
def test_every_citation_opens_at_its_exact_words(library: WholeEngine, entry: dict[str, str]) -> None:
    turn = library.ask(entry["question"])
    assert turn.state is TurnState.DONE
    places: list[Citation | InstantQuote] = list(turn.answer.citations)
    if turn.answer.quote is not None:
        places.append(turn.answer.quote)
    assert places or turn.answer.refused
    for place in places:
        words = place.quote if isinstance(place, Citation) else place.text
        opened = library.say(m.OpenSource(place.folder_id, place.note, words, place.start, place.end))
        assert not opened.moved
        assert opened.document.text[opened.start : opened.end] == words
        assert (opened.start, opened.end) == (place.start, place.end)
        assert opened.page == place.page or place.page is None or opened.page is not None


def test_most_sample_questions_find_the_right_note(library: WholeEngine) -> None:
    found = 0
    for entry in QUESTIONS:
        passages = library.say(m.SearchNotes(entry["question"], top=3)).passages
        right = {entry["note"], *entry.get("also_in", [])}
        found += bool(right & {passage.note for passage in passages})
    assert found >= len(QUESTIONS) - 1


def test_pdf_page_is_drawn_with_the_quote_marked(library: WholeEngine) -> None:
    passage = library.say(m.SearchNotes("QX7R2M booking code")).passages[0]
    assert passage.note == "Travel/Lisbon booking.pdf"
    drawn = library.say(m.DrawPage(passage.folder_id, passage.note, passage.page or 1, 900, "Booking code"))
    assert drawn.png
    assert drawn.page_count >= 2
    assert drawn.rects


def test_stop_while_writing_keeps_what_is_there(library: WholeEngine) -> None:
    stop, events = threading.Event(), []
    for event in library.begin(m.Ask("Tell me everything about the sourdough bread.")).events(stop):
        events.append(event)
        if isinstance(event, m.PhaseChanged) and event.phase == "writing":
            stop.set()
    ended = events[-1]
    assert isinstance(ended, m.Answered)
    text = "".join(event.text for event in events if isinstance(event, m.TextAdded))
    assert ended.turn.state in {TurnState.STOPPED, TurnState.DONE}
    assert ended.turn.answer.text.strip() == text.strip()
    assert ended.turn.answer.quote is not None


@pytest.mark.parametrize("phase", ["searching", "loading", "reading"])
def test_stop_in_an_early_phase_ends_the_turn(library: WholeEngine, phase: str) -> None:
    stop, events = threading.Event(), []
    for event in library.begin(m.Ask("What did we decide about the budget in March?")).events(stop):
        events.append(event)
        if isinstance(event, m.PhaseChanged) and event.phase == phase:
            stop.set()
    assert isinstance(events[-1], m.Answered)
    assert events[-1].turn.state is TurnState.STOPPED or phase not in {getattr(e, "phase", "") for e in events}


def test_follow_up_uses_the_conversation_and_survives_a_restart(library: WholeEngine) -> None:
    first = library.ask("What is the total price of the roof repair?")
    second = library.ask("And who offers it?", first.conversation_id)
    assert second.conversation_id == first.conversation_id
    library.restart()
    opened = library.say(m.OpenConversation(first.conversation_id))
    assert [turn.question for turn in opened.turns] == [first.question, second.question]
    assert opened.turns[0].answer == first.answer


def test_second_owner_of_the_folder_is_refused(library: WholeEngine) -> None:
    other = Supervisor("other", own_command("_engine", "--data-dir", str(library.data_dir)), m.EngineEvent)
    try:
        with pytest.raises(DataFolderBusyError):
            other.call(m.Hello()).result()
    finally:
        other.stop()


def test_chinese_question_finds_chinese_and_english_notes(library: WholeEngine) -> None:
    passages = library.say(m.SearchNotes("三月的预算从多少调整到多少？", top=3)).passages
    assert passages[0].note == "会议/三月预算讨论.md"
    crossed = library.say(m.SearchNotes("去里斯本的航班几点起飞？", top=5)).passages
    assert any(passage.note.startswith("Travel/Lisbon") for passage in crossed)
