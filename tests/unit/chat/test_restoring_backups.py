"""Looking into backups of the conversations, putting one back and taking that back."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.chat import conversation_schema as schema
from assistant.chat.backups import list_backups
from assistant.chat.conversations import ConversationStore
from assistant.domain.answers import Answer, TurnState
from assistant.domain.errors import BadRequestError, StoreUnavailableError
from tests.unit.chat.chat_fakes import open_store


def ask(store: ConversationStore, *questions: str) -> None:
    for question in questions:
        _, turn = store.start_turn(question)
        store.finish_turn(turn.id, Answer(text=f"Answer to {question}"), TurnState.DONE)


def titles(store: ConversationStore) -> list[str]:
    return sorted(found.title for found in store.list_conversations())


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100] + b"\xa5" * (path.stat().st_size - 100))


def test_a_backup_says_what_is_in_it(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    ask(store, "one", "two")
    store.delete_conversation(store.list_conversations()[0].id)
    info = store.backup()
    ask(store, "three")
    [backup] = store.backups()
    assert (backup.number, backup.conversations, backup.turns, backup.kind) == (info.number, 1, 1, "")
    assert backup.newest_at_s == pytest.approx(store.list_conversations()[-1].changed_at_s)
    assert store.counts() == (2, 2)


def test_a_restored_backup_can_be_taken_back(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    ask(store, "old")
    old = store.backup()
    ask(store, "new")
    restored, undo = store.restore_backup(old.number)
    assert (restored.conversations, undo.conversations, undo.kind) == (1, 2, "before-restore")
    assert titles(store) == ["old"]
    ask(store, "newer")
    store.restore_backup(undo.number)
    assert titles(store) == ["new", "old"]
    store.close()
    assert titles(open_store(tmp_path)) == ["new", "old"]


def test_the_oldest_backup_is_not_pushed_out_by_restoring_it(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for number in range(7):
        ask(store, f"question {number}")
        store.backup()
    oldest = store.backups()[-1]
    store.restore_backup(oldest.number)
    assert titles(store) == ["question 0"]
    assert oldest.number in {backup.number for backup in store.backups()}
    assert store.backups()[0].conversations == 7


@pytest.mark.parametrize("wrong", ["damaged", "newer", "unknown"])
def test_a_backup_that_cannot_be_used_changes_nothing(
    tmp_path: Path, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path)
    ask(store, "old")
    info = store.backup()
    ask(store, "new")
    number = info.number
    if wrong == "damaged":
        damage(info.path)
    elif wrong == "newer":
        monkeypatch.setattr(schema, "NEWEST", 0)
    else:
        number = 99
    with pytest.raises((StoreUnavailableError, BadRequestError)):
        store.restore_backup(number)
    assert titles(store) == ["new", "old"]
    assert len(list_backups(tmp_path / "backups")) == 1
    assert store.backups()[0].is_sound == (wrong != "damaged")


def test_nothing_is_restored_while_an_answer_is_being_made(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    ask(store, "old")
    info = store.backup()
    _, running = store.start_turn("running")
    with pytest.raises(BadRequestError) as refused:
        store.restore_backup(info.number)
    assert refused.value.fields["reason"] == "answering"
    store.finish_turn(running.id, Answer(), TurnState.STOPPED)
    store.restore_backup(info.number)
    assert titles(store) == ["old"]


def test_an_older_layout_is_upgraded_when_it_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path)
    ask(store, "old")
    number = store.backup().number
    store.close()
    monkeypatch.setattr(
        schema, "_STEPS", (*schema._STEPS, "ALTER TABLE turns ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;")
    )
    monkeypatch.setattr(schema, "NEWEST", schema.NEWEST + 1)
    again = open_store(tmp_path)
    ask(again, "new")
    again.restore_backup(number)
    assert titles(again) == ["old"]
    assert {backup.kind for backup in again.backups()} == {"", "before-upgrade", "before-restore"}


def test_a_backup_is_made_only_when_something_has_changed(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    assert store.backup_if_changed() is None, "an empty store needs no backup"
    ask(store, "one")
    assert store.backup_if_changed() is not None
    assert store.backup_if_changed() is None
    turn = store.open_conversation(1)[1][0]
    store.set_feedback(turn.id, 1)
    assert store.backup_if_changed() is not None, "a mark on an answer is a change, too"
    store.close()
    again = open_store(tmp_path)
    assert again.backup_if_changed() is None
    damage(list_backups(tmp_path / "backups")[0].path)
    assert again.backup_if_changed() is not None, "a damaged backup holds nothing"
