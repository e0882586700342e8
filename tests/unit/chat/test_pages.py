"""A long conversation is read in pages, and what is left out is told by its ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.chat.pages import cut_page
from assistant.domain.answers import Answer, TurnState
from assistant.domain.errors import BadRequestError
from tests.unit.chat.chat_fakes import open_store

IDS = list(range(1, 21))


def test_a_page_is_the_last_turns() -> None:
    assert cut_page(IDS, 5) == (IDS[:15], IDS[15:], [])
    assert cut_page(IDS[:3], 5) == ([], IDS[:3], [])


def test_a_page_at_a_turn_begins_with_it() -> None:
    assert cut_page(IDS, 5, 8) == (IDS[:7], [8, 9, 10, 11, 12], IDS[12:])


def test_a_turn_among_the_last_ones_gets_the_last_page() -> None:
    assert cut_page(IDS, 5, 18) == (IDS[:15], IDS[15:], [])


def test_without_a_limit_all_are_on_the_page() -> None:
    assert cut_page(IDS, 0, 4) == ([], IDS, [])


def test_a_turn_that_is_not_there_is_no_reason_to_fail() -> None:
    assert cut_page(IDS, 5, 99) == (IDS[:15], IDS[15:], [])


def test_pages_of_a_branch_and_single_turns_come_from_the_store(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    chat, ids = 0, []
    for number in range(6):
        conversation, turn = store.start_turn(f"Question {number}", chat)
        store.finish_turn(turn.id, Answer(text=f"Answer {number}"), TurnState.DONE)
        chat = conversation.id
        ids.append(turn.id)
    page = store.open_page(chat, 2)
    assert [turn.question for turn in page.turns] == ["Question 4", "Question 5"]
    assert (page.above, page.below) == (tuple(ids[:4]), ())
    assert page.conversation.turns == 6
    page = store.open_page(chat, 2, ids[1])
    assert [turn.id for turn in page.turns] == ids[1:3]
    assert (page.above, page.below) == (tuple(ids[:1]), tuple(ids[3:]))
    found = store.some_turns((ids[3], 99, ids[0]))
    assert [turn.answer.text for turn in found] == ["Answer 3", "Answer 0"]
    assert [turn.parent_id for turn in found] == [ids[2], 0]
    with pytest.raises(BadRequestError):
        store.open_page(99, 2)
