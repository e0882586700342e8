"""Nothing that was answered is thrown away: editing and asking again begin branches beside it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant.chat import conversation_schema as schema
from assistant.chat.conversations import ConversationStore
from assistant.chat.forgetting import ForgottenNote
from assistant.chat.turn_codec import encode_answer
from assistant.domain.answers import Answer, TurnState
from assistant.domain.errors import BadRequestError
from assistant.engine.chats import Export
from tests.unit.chat.chat_fakes import make_passage, open_store

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "folders"


def ask(store: ConversationStore, question: str, conversation_id: int = 0, replace: int = 0, after: int = 0) -> int:
    _, turn = store.start_turn(question, conversation_id, replace, after)
    store.finish_turn(turn.id, Answer(text=f"To {question}", model="m"), TurnState.DONE)
    return turn.id


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return open_store(tmp_path)


@pytest.fixture
def forked(store: ConversationStore) -> tuple[int, dict[str, int]]:
    """One, Two, Three; then Two was edited into "Two b" and followed by "Four"."""
    one = ask(store, "One")
    chat = store.turn(one).conversation_id
    two = ask(store, "Two", chat)
    three = ask(store, "Three", chat)
    two_b = ask(store, "Two b", chat, replace=two)
    four = ask(store, "Four", chat)
    return chat, {"One": one, "Two": two, "Three": three, "Two b": two_b, "Four": four}


def shown(store: ConversationStore, chat: int) -> list[str]:
    return [turn.question for turn in store.open_conversation(chat)[1]]


def test_an_edited_question_stands_beside_the_first_one(store: ConversationStore, forked) -> None:
    chat, ids = forked
    assert shown(store, chat) == ["One", "Two b", "Four"]
    assert store.turn(ids["Two"]).answer.text == "To Two"
    assert store.turn(ids["Two b"]).siblings == (ids["Two"], ids["Two b"])
    assert store.turn(ids["One"]).siblings == (ids["One"],)
    assert store.turn(ids["Three"]).parent_id == ids["Two"]


def test_the_branch_last_looked_at_opens_the_next_time(store: ConversationStore, forked, tmp_path: Path) -> None:
    chat, ids = forked
    page = store.choose_branch(ids["Two"])
    assert [turn.question for turn in page.turns] == ["One", "Two", "Three"]
    assert page.conversation.turns == 3
    store.close()
    assert shown(open_store(tmp_path), chat) == ["One", "Two", "Three"]


def test_going_back_to_a_branch_shows_what_was_looked_at_in_it(store: ConversationStore, forked) -> None:
    chat, ids = forked
    ask(store, "Four b", chat, replace=ids["Four"])
    store.choose_branch(ids["Four"])
    store.choose_branch(ids["Two"])
    assert [turn.question for turn in store.choose_branch(ids["Two b"]).turns] == ["One", "Two b", "Four"]


def test_a_follow_up_reads_only_its_own_branch(store: ConversationStore, forked) -> None:
    chat, ids = forked
    store.choose_branch(ids["Three"])
    five = ask(store, "Five", chat)
    assert [turn.question for turn in store.recent_turns(chat, five, 40)] == ["One", "Two", "Three"]
    assert [turn.question for turn in store.recent_turns(chat, five, 2)] == ["Two", "Three"]
    assert [turn.question for turn in store.recent_turns(chat, ids["Four"], 40)] == ["One", "Two b"]


def test_a_question_follows_the_turn_that_it_is_asked_after(store: ConversationStore, forked) -> None:
    chat, ids = forked
    ask(store, "Five", chat, after=ids["Three"])
    assert shown(store, chat) == ["One", "Two", "Three", "Five"]
    other = store.turn(ask(store, "Elsewhere")).conversation_id
    with pytest.raises(BadRequestError):
        store.start_turn("Six", other, after_turn=ids["Three"])


def test_the_title_is_the_first_question_of_the_branch(store: ConversationStore, forked) -> None:
    chat, ids = forked
    ask(store, "Uno", chat, replace=ids["One"])
    assert store.list_conversations()[0].title == "Uno"
    store.choose_branch(ids["Two"])
    assert store.list_conversations()[0].title == "One"
    store.rename_conversation(chat, "Mine")
    store.choose_branch(store.turn(ids["One"]).siblings[1])
    assert store.list_conversations()[0].title == "Mine"


def test_words_of_every_branch_are_found_and_where_they_stand(store: ConversationStore, forked) -> None:
    chat, ids = forked
    [found] = store.list_conversations("three")
    assert (found.id, found.found_turn, found.found) == (chat, ids["Three"], "Three")
    assert store.list_conversations()[0].found == ""


def test_a_damaged_tree_leaves_every_turn_in_reach(store: ConversationStore, forked, tmp_path: Path) -> None:
    chat, ids = forked
    with closing(sqlite3.connect(tmp_path / "conversations.sqlite")) as db:
        db.execute("UPDATE turns SET is_chosen = 0")
        db.execute("UPDATE turns SET parent_id = 999 WHERE id = ?", (ids["Four"],))
        db.execute("UPDATE turns SET parent_id = ? WHERE id = ?", (ids["Three"], ids["One"]))
        db.commit()
    assert shown(store, chat) == ["Four"]
    assert store.turn(ids["Four"]).siblings == (ids["One"], ids["Four"])
    assert [turn.question for turn in store.choose_branch(ids["Two"]).turns] == ["One", "Two", "Three"]


def test_unknown_turns_are_bad_requests(store: ConversationStore, forked) -> None:
    for call in (lambda: store.choose_branch(99), lambda: store.start_turn("q", 0, after_turn=99)):
        with pytest.raises(BadRequestError):
            call()


# ---- attempts that failed --------------------------------------------------------------------------------------------


def fail(store: ConversationStore, question: str, chat: int = 0, replace: int = 0, text: str = "") -> tuple[int, int]:
    conversation, turn = store.start_turn(question, chat, replace)
    store.finish_turn(turn.id, Answer(text=text), TurnState.FAILED, "model-unavailable")
    return conversation.id, turn.id


def test_asking_again_after_a_failure_takes_the_place_of_the_attempt(store: ConversationStore) -> None:
    chat, failed = fail(store, "One")
    chat, again = fail(store, "One", chat, failed)
    assert [turn.id for turn in store.all_turns(chat)] == [again], "a second failure takes the place of the first"
    answered = ask(store, "One", chat, replace=again)
    (turn,) = store.all_turns(chat)
    assert (turn.id, turn.siblings) == (answered, (answered,))


def test_a_failed_attempt_is_there_until_the_new_one_has_ended(store: ConversationStore) -> None:
    chat, failed = fail(store, "One")
    store.start_turn("One", chat, failed)
    assert failed in [turn.id for turn in store.all_turns(chat)]


def test_what_was_written_or_asked_otherwise_stays_as_a_branch(store: ConversationStore) -> None:
    chat, half = fail(store, "One", text="Half an ans")
    ask(store, "One", chat, replace=half)
    chat2, failed = fail(store, "Two")
    ask(store, "Two, said otherwise", chat2, replace=failed)
    assert len(store.all_turns(chat)) == len(store.all_turns(chat2)) == 2


def test_a_failed_attempt_that_was_talked_on_from_stays(store: ConversationStore) -> None:
    chat, failed = fail(store, "One")
    ask(store, "Two", chat)
    ask(store, "One", chat, replace=failed)
    assert failed in [turn.id for turn in store.all_turns(chat)]


# ---- old layouts, backups, exports, forgetting -----------------------------------------------------------------------


def test_turns_of_the_first_layout_become_one_branch(tmp_path: Path) -> None:
    (tmp_path / "conversations.sqlite").write_bytes((SAMPLES / "catalog-1" / "conversations.sqlite").read_bytes())
    store = open_store(tmp_path)
    for chat in store.list_conversations():
        turns = store.open_conversation(chat.id)[1]
        assert [turn.parent_id for turn in turns] == [0, *(turn.id for turn in turns[:-1])]
        assert all(turn.siblings == (turn.id,) for turn in turns)
        assert chat.turns == len(turns) > 0


def test_a_new_store_needs_no_backup_of_its_layouts(tmp_path: Path) -> None:
    assert open_store(tmp_path).backups() == []


def test_a_backup_brings_the_branches_back(store: ConversationStore, forked) -> None:
    chat, ids = forked
    number = store.backup().number
    ask(store, "Two c", chat, replace=ids["Two"])
    store.restore_backup(number)
    assert shown(store, chat) == ["One", "Two b", "Four"]
    assert store.turn(ids["Two"]).siblings == (ids["Two"], ids["Two b"])


def test_looking_at_another_branch_alone_is_backed_up(store: ConversationStore, forked) -> None:
    store.backup()
    assert store.backup_if_changed() is None
    store.choose_branch(forked[1]["Two"])
    assert store.backup_if_changed() is not None


def test_markdown_holds_the_branch_and_says_that_there_are_others(store: ConversationStore, forked) -> None:
    chat, _ = forked
    text = Export(store, [chat]).text("md")
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## One", "## Two b", "## Four"]
    assert "This chat has other branches" in text
    alone = store.turn(ask(store, "Alone")).conversation_id
    assert "other branches" not in Export(store, [alone]).text("md")


def test_json_holds_every_branch_with_the_turn_before_each(store: ConversationStore, forked) -> None:
    chat, ids = forked
    [values] = json.loads(Export(store, [chat]).text("json"))["conversations"]
    assert [(turn["question"], turn["parent"], turn["shown"]) for turn in values["turns"]] == [
        ("One", None, True),
        ("Two", ids["One"], False),
        ("Three", ids["Two"], False),
        ("Two b", ids["One"], True),
        ("Four", ids["Two b"], True),
    ]


def test_a_forgotten_note_takes_only_the_branches_that_have_read_it(store: ConversationStore, forked) -> None:
    chat, ids = forked
    passage = make_passage("The code is 7431.", note="secret.md")
    _, told = store.start_turn("The code?", chat, after_turn=ids["Three"])
    store.finish_turn(told.id, Answer(text="7431", passages=(passage,), model="m"), TurnState.DONE)
    store.set_feedback(told.id, -1, ("wrong-passage",), "It is not 7431")
    later = ask(store, "Again?", chat)
    beside = ask(store, "Something else?", chat, replace=told.id)
    assert store.forget_note(ForgottenNote(1, "secret.md", frozenset()), lambda _question: "Forgotten.") == 2
    texts = [store.turn(one).answer.text for one in (told.id, later, beside, ids["Three"])]
    assert texts == ["Forgotten.", "Forgotten.", "To Something else?", "To Three"]
    assert store.turn(told.id).feedback_text == ""


def test_a_backup_of_the_first_layout_forgets_too(tmp_path: Path) -> None:
    backup = tmp_path / "backups" / "conversations-000001-old.sqlite"
    backup.parent.mkdir()
    backup.write_bytes((SAMPLES / "catalog-1" / "conversations.sqlite").read_bytes())
    used = encode_answer(Answer(text="7431", passages=(make_passage("The code is 7431.", note="secret.md"),)))
    with closing(sqlite3.connect(backup)) as db:
        assert schema.layout_of(db) == 1
        db.execute("UPDATE turns SET answer = ? WHERE id = 1", (used,))
        db.execute("UPDATE turns SET answer = ? WHERE id = 3", (encode_answer(Answer(text="7-4-3-1", model="m")),))
        db.commit()
    store = ConversationStore(tmp_path / "conversations.sqlite", backup.parent)
    store.forget_note(ForgottenNote(1, "secret.md", frozenset()), lambda _question: "Forgotten.")
    assert b"7431" not in backup.read_bytes()
    store.restore_backup(1)
    turns = [turn.answer.text for chat in store.list_conversations() for turn in store.open_conversation(chat.id)[1]]
    assert turns.count("Forgotten.") == 2
