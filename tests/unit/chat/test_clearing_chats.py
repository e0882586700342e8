"""Clearing leaves no word of a conversation in the data folder, and nothing is cleared while an answer is being made."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.chat.conversations import ConversationStore
from assistant.domain.answers import Answer, TurnState
from assistant.domain.errors import BadRequestError
from tests.unit.chat.chat_fakes import open_store

SECRET = "rhinoceros"


def filled(folder: Path) -> ConversationStore:
    store = open_store(folder)
    for number in range(3):
        conversation, turn = store.start_turn(f"What about the {SECRET} {number}?")
        store.finish_turn(turn.id, Answer(text=f"The {SECRET} is fine."), TurnState.DONE)
        store.backup()
    store.delete_conversation(conversation.id)
    (folder / "conversations.damaged-1.sqlite").write_text(SECRET)
    (folder / "backups" / "conversations-000009.part").write_text(SECRET)
    return store


def holds(folder: Path, word: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


def test_nothing_of_the_chats_is_left_anywhere(tmp_path: Path) -> None:
    store = filled(tmp_path)
    assert holds(tmp_path, SECRET)
    assert store.clear() == 3
    assert holds(tmp_path, SECRET) == []
    assert store.counts() == (0, 0)
    assert store.backups() == []
    store.close()
    reopened = open_store(tmp_path)
    assert reopened.list_conversations() == []
    assert reopened.report.moved_aside is None


def test_numbers_are_not_used_again(tmp_path: Path) -> None:
    store = filled(tmp_path)
    _, before = store.start_turn("one more")
    store.finish_turn(before.id, Answer(text="yes"), TurnState.DONE)
    store.clear()
    conversation, turn = store.start_turn("a new beginning")
    assert turn.id > before.id
    assert conversation.id > before.conversation_id


def test_an_answer_that_is_being_made_keeps_everything(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.start_turn("still thinking?")
    with pytest.raises(BadRequestError) as caught:
        store.clear()
    assert caught.value.fields["reason"] == "answering"
    assert store.counts() == (3, 3)
    assert len(store.backups()) == 3
