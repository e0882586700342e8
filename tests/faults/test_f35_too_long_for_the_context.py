"""F35: questions, passages and conversations longer than the model can read are answered; what no longer fits is said."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from assistant.chat.conversations import ConversationStore
from assistant.chat.events import ChatEvent, TurnEnded
from assistant.chat.turn_codec import encode_answer
from assistant.desktop.chat.chat_words import step_lines
from assistant.domain.answers import Answer, Turn, TurnState
from assistant.retrieval.ports import Scope
from tests.faults.conftest import Fault
from tests.unit.chat.chat_fakes import ScriptedModel, make_answerer, make_passage, open_store

Scale = Callable[[int, int], int]
CONTEXT_TOKENS = 2048


def _model() -> ScriptedModel:
    """Refuses a prompt that is longer than its context, as llama.cpp does."""
    return ScriptedModel(["The tower is tall."], context_tokens=CONTEXT_TOKENS)


def _ask(store: ConversationStore, model: ScriptedModel, question: str, conversation: int, passage_words: int) -> Turn:
    passages = [make_passage("tower " * passage_words, note=f"{number}.md") for number in range(3)]
    answerer = make_answerer(store, passages=passages, model=model)
    events: list[ChatEvent] = list(answerer.answer(question, conversation, Scope(), threading.Event()))
    assert isinstance(events[-1], TurnEnded)
    return events[-1].turn


def _write_conversation(folder: Path, turns: int) -> int:
    """A long conversation, put there at once."""
    store = open_store(folder)
    conversation, first = store.start_turn("How tall is tower 0?")
    store.finish_turn(first.id, Answer(text="It is 0 m tall.", model="scripted"), TurnState.DONE)
    store.close()
    with sqlite3.connect(folder / "conversations.sqlite") as database:
        database.executemany(
            "INSERT INTO turns (id, parent_id, conversation_id, question, answer, search_text, state, asked_at_s)"
            " VALUES (?, ?, ?, ?, ?, '', 'done', ?)",
            (
                (
                    first.id + number,
                    first.id + number - 1,
                    conversation.id,
                    f"How tall is tower {number}?",
                    encode_answer(Answer(text=f"It is {number} m tall. " * 5, model="scripted")),
                    1_700_000_000.0 + number,
                )
                for number in range(1, turns)
            ),
        )
    database.close()
    return conversation.id


def test_very_long_conversation_goes_on_and_says_that_its_beginning_is_forgotten(
    tmp_path: Path, fault: Fault, scale: Scale
) -> None:
    turns = scale(2_000, 10_000)
    conversation = _write_conversation(tmp_path, turns)
    store, model = open_store(tmp_path), _model()
    with fault.trial():
        turn = _ask(store, model, "And how tall is the next one?", conversation, 30)
        assert turn.state is TurnState.DONE
        assert turn.answer.text == "The tower is tall."
        read = "".join(part.text for message in model.prompts[-1] for part in message.parts)
        assert f"tower {turns - 1}?" in read, "the newest turn is what a question hangs on"
        assert "tower 0?" not in read
        assert turn.answer.has_forgotten
        assert "Earlier questions" in dict(step_lines(turn.answer))
        assert len(store.open_conversation(conversation)[1]) == turns + 1, "on the screen nothing is dropped"
    store.close()


def test_short_conversation_forgets_nothing_and_says_nothing(tmp_path: Path, fault: Fault) -> None:
    conversation = _write_conversation(tmp_path, 3)
    store = open_store(tmp_path)
    with fault.trial():
        turn = _ask(store, _model(), "And how tall is the next one?", conversation, 10)
        assert not turn.answer.has_forgotten
        assert "Earlier questions" not in dict(step_lines(turn.answer))
    store.close()


def test_question_and_passages_of_any_length_are_answered(tmp_path: Path, fault: Fault, scale: Scale) -> None:
    store, model = open_store(tmp_path), _model()
    chance = random.Random(5)
    sizes = [(10, 40 * CONTEXT_TOKENS), (40 * CONTEXT_TOKENS, 10), (10 * CONTEXT_TOKENS, 10 * CONTEXT_TOKENS)]
    around = [CONTEXT_TOKENS + chance.randint(-700, 700) for _ in range(scale(9, 500))]
    sizes += [(size, 20) for size in around] + [(20, size) for size in around]
    for question_words, passage_words in sizes:
        with fault.trial():
            turn = _ask(store, model, "How tall is it? " + "tower " * question_words, 0, passage_words)
            assert turn.state is TurnState.DONE
            assert turn.answer.text == "The tower is tall."
    store.close()
