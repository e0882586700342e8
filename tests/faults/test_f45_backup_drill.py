"""Backups are killed while they are written and while they are put back: whole or absent, and what is put back equals what was saved."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistant.chat.backups import is_sound, list_backups
from assistant.chat.conversations import ConversationStore
from assistant.domain.answers import Answer, TurnState
from tests.faults.conftest import Fault

ROOT = Path(__file__).resolve().parents[2]
CHATS = 300
Contents = dict[str, list[tuple[object, ...]]]


def open_store(data: Path) -> ConversationStore:
    return ConversationStore(data / "conversations.sqlite", data / "backups")


def contents(path: Path) -> Contents:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        return {
            table: db.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in ("conversations", "turns")
        }


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Conversations of a megabyte or two, closed."""
    data = tmp_path_factory.mktemp("drill")
    store = open_store(data)
    for number in range(CHATS):
        _, turn = store.start_turn(f"Question {number}? " * 20)
        store.finish_turn(turn.id, Answer(text=f"An answer of some length, number {number}. " * 60), TurnState.DONE)
    store.set_feedback(3, 1)
    store.rename_conversation(5, "大象")
    store.backup()
    store.close()
    return data


@pytest.mark.parametrize("doing", ["backup", "damage", "put-back"])
def test_kill_leaves_whole_backups_and_every_turn(
    fault: Fault, data: Path, tmp_path: Path, doing: str, scale: Callable[[int, int], int]
) -> None:
    copy = Path(shutil.copytree(data, tmp_path / "data"))
    right = contents(data / "conversations.sqlite")
    chance = random.Random(doing)
    for _ in range(scale(2, 50)):
        with fault.trial():
            child = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.backup_child", str(copy), doing], cwd=ROOT, stdout=subprocess.PIPE
            )
            assert child.stdout is not None
            assert child.stdout.readline() == b"open\n"
            time.sleep(chance.random() * 0.3)
            child.kill()
            child.wait()
            child.stdout.close()
            backups = list_backups(copy / "backups")
            assert backups
            for info in backups:
                assert is_sound(info.path)
                assert contents(info.path) == right
            open_store(copy).close()
            found = contents(copy / "conversations.sqlite")
            fault.lost(len(right["turns"]) - len(found["turns"]))
            assert found == right


def test_what_is_put_back_equals_what_was_saved(fault: Fault, data: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(data, tmp_path / "data"))
    right = contents(copy / "conversations.sqlite")
    with fault.trial():
        store = open_store(copy)
        for chat in store.list_conversations()[::2]:
            store.delete_conversation(chat.id)
        _, turn = store.start_turn("after the backup")
        store.finish_turn(turn.id, Answer(text="It is not in it."), TurnState.DONE)
        store.restore_backup(store.backups()[0].number)
        store.close()
        assert contents(copy / "conversations.sqlite") == right
