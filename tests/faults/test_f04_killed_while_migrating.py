"""Killed at any statement of a change of layout or of a backup: the old layout or the new one, never a mixture, and nothing lost."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from assistant.chat import conversation_schema
from assistant.chat.backups import is_sound, list_backups
from assistant.chat.conversations import ConversationStore
from assistant.domain.answers import Answer, TurnState
from assistant.library.database import Database
from assistant.library.schema import SCHEMA_VERSION
from tests.faults.conftest import Fault
from tests.faults.statement_snapshots import Snapshots

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "folders"


def layout(path: Path) -> tuple[int, list[str]]:
    """Version and tables, as whoever opens it next sees them."""
    if not path.exists():
        return 0, []
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (version,) = db.execute("PRAGMA user_version").fetchone()
        columns = db.execute(
            "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
        )
        return version, sorted(name for (name,) in columns)


def test_catalog_has_the_old_layout_or_the_new_one(fault: Fault, tmp_path: Path) -> None:
    data = Path(shutil.copytree(SAMPLES / "catalog-1" / "index", tmp_path / "index"))
    old = layout(data / "catalog.sqlite")
    snapshots = Snapshots(data, tmp_path / "killed")
    with snapshots.at_every_statement():
        Database(data / "catalog.sqlite").close()
    new = layout(data / "catalog.sqlite")
    assert (old[0], new[0]) == (1, SCHEMA_VERSION)
    assert len(snapshots.taken) > 15
    seen = set()
    for number, killed in enumerate(snapshots.taken):
        with fault.trial():
            copy = Path(shutil.copytree(killed, tmp_path / "copies" / str(number)))
            found = layout(copy / "catalog.sqlite")
            assert found in (old, new), snapshots.statements[number]
            seen.add(found[0])
            again = Database(killed / "catalog.sqlite")
            assert again.rebuilt == "", snapshots.statements[number]
            with again.read() as db:
                fault.lost(3 - db.execute("SELECT count(*) FROM files WHERE hash IS NOT NULL").fetchone()[0])
                assert db.execute("SELECT count(*) FROM vectors").fetchone()[0] == 7
            again.close()
            assert layout(killed / "catalog.sqlite") == new
    assert seen == {1, SCHEMA_VERSION}


def test_first_catalog_is_there_or_not(fault: Fault, tmp_path: Path) -> None:
    data = tmp_path / "index"
    data.mkdir()
    snapshots = Snapshots(data, tmp_path / "killed")
    with snapshots.at_every_statement():
        Database(data / "catalog.sqlite").close()
    new = layout(data / "catalog.sqlite")
    for killed in snapshots.taken:
        with fault.trial():
            Database(killed / "catalog.sqlite").close()
            assert layout(killed / "catalog.sqlite") == new


def test_conversations_have_the_old_layout_or_the_new_one_and_a_whole_backup(fault: Fault, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(SAMPLES / "catalog-2" / "conversations.sqlite", data)
    old = layout(data / "conversations.sqlite")
    snapshots = Snapshots(data, tmp_path / "killed")
    with snapshots.at_every_statement():
        open_store(data).close()
    new = layout(data / "conversations.sqlite")
    assert (old[0], new[0]) == (1, conversation_schema.NEWEST)
    seen = set()
    for number, killed in enumerate(snapshots.taken):
        with fault.trial():
            copy = Path(shutil.copytree(killed, tmp_path / "copies" / str(number)))
            found = layout(copy / "conversations.sqlite")
            assert found in (old, new), snapshots.statements[number]
            seen.add(found[0])
            assert_backups_are_whole(copy)
            if found == new:
                assert list_backups(copy / "backups"), "there is a way back before there is a way on"
            store = open_store(killed)
            assert store.report.restored is None
            assert store.report.moved_aside is None
            assert turns_in(store) == 3
            store.close()
            assert layout(killed / "conversations.sqlite") == new
    assert seen == {old[0], new[0]}


def test_backup_is_whole_or_absent_at_every_statement(fault: Fault, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    store = open_store(data)
    for number in range(3):
        _, turn = store.start_turn(f"question {number}")
        store.finish_turn(turn.id, Answer(text="an answer"), TurnState.DONE)
    store.backup()
    snapshots = Snapshots(data, tmp_path / "killed")
    with snapshots.at_every_statement():
        store._connection.set_trace_callback(snapshots.take)
        store.backup(keep=1)
    store.close()
    assert len(snapshots.taken) >= 5
    for killed in snapshots.taken:
        with fault.trial():
            assert list_backups(killed / "backups"), "there is one at any time"
            assert_backups_are_whole(killed)
            again = open_store(killed)
            assert turns_in(again) == 3
            again.backup()
            assert not list((killed / "backups").glob("*.part"))
            again.close()


def open_store(data: Path) -> ConversationStore:
    return ConversationStore(data / "conversations.sqlite", data / "backups")


def turns_in(store: ConversationStore) -> int:
    return sum(len(store.open_conversation(chat.id)[1]) for chat in store.list_conversations())


def assert_backups_are_whole(data: Path) -> None:
    for info in list_backups(data / "backups"):
        assert is_sound(info.path)
        with closing(sqlite3.connect(info.path)) as db:
            assert db.execute("SELECT count(*) FROM turns").fetchone() == (3,)
