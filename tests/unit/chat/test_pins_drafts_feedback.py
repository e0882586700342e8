"""Pinned conversations stand first, drafts outlive the program, and what was said of an answer stays with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.chat.conversations import ConversationStore
from assistant.chat.deleting import KEPT_S
from assistant.domain.answers import Answer, TurnState
from assistant.domain.errors import BadRequestError
from assistant.engine.chats import Export
from tests.unit.chat.chat_fakes import open_store, pass_time


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    made = open_store(tmp_path)
    for question in ("first", "second", "third"):
        _, turn = made.start_turn(question)
        made.finish_turn(turn.id, Answer(text="It flies south in the autumn."), TurnState.DONE)
    return made


def test_pinned_ones_are_listed_first_and_unpinned_ones_go_back(store: ConversationStore) -> None:
    store.pin_conversation(1, is_pinned=True)
    assert [(one.title, one.is_pinned) for one in store.list_conversations()] == [
        ("first", True),
        ("third", False),
        ("second", False),
    ]
    store.pin_conversation(1, is_pinned=False)
    assert [one.title for one in store.list_conversations()] == ["third", "second", "first"]
    with pytest.raises(BadRequestError):
        store.pin_conversation(99, is_pinned=True)


def test_a_pin_outlives_the_limit_of_the_list(store: ConversationStore) -> None:
    store.pin_conversation(1, is_pinned=True)
    assert [one.title for one in store.list_conversations(limit=2)] == ["first", "third"]


@pytest.mark.parametrize("chat", [0, 2])
def test_a_draft_is_there_after_a_restart(store: ConversationStore, tmp_path: Path, chat: int) -> None:
    store.save_draft(chat, "half a ques")
    store.save_draft(chat, "half a question 大象 \udce9")
    store.close()
    again = open_store(tmp_path)
    assert again.draft(chat) == "half a question 大象 ?"
    again.save_draft(chat, "  ")
    assert again.draft(chat) == ""


def test_asking_a_draft_ends_it_and_another_question_does_not(store: ConversationStore) -> None:
    store.save_draft(2, "And then?\n")
    store.start_turn("Something else", 2)
    assert store.draft(2) == "And then?\n"
    store.start_turn("And then?", 2)
    assert store.draft(2) == ""
    store.save_draft(0, "A new chat")
    store.start_turn("A new chat")
    assert store.draft(0) == ""


def test_a_draft_goes_with_its_conversation(
    store: ConversationStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save_draft(2, "word-of-a-draft-5521")
    store.delete_conversation(2)
    store.restore_conversation(2)
    assert store.draft(2) == "word-of-a-draft-5521"
    store.delete_conversation(2)
    store.close()
    pass_time(monkeypatch, KEPT_S + 1)
    open_store(tmp_path).close()
    assert b"word-of-a-draft-5521" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    again = open_store(tmp_path)
    again.save_draft(99, "of nothing")
    assert again.draft(99) == ""


def test_a_draft_alone_is_worth_a_backup(store: ConversationStore) -> None:
    store.backup()
    store.save_draft(0, "words")
    assert store.backup_if_changed() is not None
    assert store.backup_if_changed() is None


def test_the_reason_of_a_thumb_is_kept_and_exported(store: ConversationStore, tmp_path: Path) -> None:
    store.set_feedback(1, -1, ("wrong-passage", "incomplete"), "It is about cranes.")
    store.close()
    again = open_store(tmp_path)
    turn = again.turn(1)
    assert (turn.feedback, turn.feedback_reasons, turn.feedback_text) == (
        -1,
        ("wrong-passage", "incomplete"),
        "It is about cranes.",
    )
    [values] = json.loads(Export(again, [1]).text("json"))["conversations"]
    [exported] = values["turns"]
    assert exported["feedback_reasons"] == ["wrong-passage", "incomplete"]
    assert exported["feedback_text"] == "It is about cranes."
    with pytest.raises(BadRequestError):
        again.set_feedback(1, -1, ("because",))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("AUTUMN flies", "It flies south in the autumn."),
        ("second", "second"),
        ("ｓｏｕｔｈ", "It flies south in the autumn."),
    ],
)
def test_what_is_found_is_shown_around_the_words(store: ConversationStore, query: str, found: str) -> None:
    assert store.list_conversations(query)[0].found == found


def test_a_place_deep_in_a_chinese_answer_is_shown_around_the_words(store: ConversationStore) -> None:
    _, turn = store.start_turn("大象？")
    store.finish_turn(
        turn.id, Answer(text="很久以前。" * 50 + "大象记得水源在哪里。" + "后来的事。" * 50), TurnState.DONE
    )
    [one] = store.list_conversations("水源")
    assert one.found.startswith("…")
    assert one.found.endswith("…")
    assert "大象记得水源在哪里" in one.found
    assert one.found_turn == turn.id
