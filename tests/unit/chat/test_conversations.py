from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.chat import conversation_schema as schema
from assistant.chat.backups import is_sound, list_backups
from assistant.chat.conversations import ConversationStore, make_title
from assistant.chat.deleting import KEPT_S
from assistant.domain.answers import Answer, Citation, SentenceCheck, Support, Timings, TurnState
from assistant.domain.errors import BadRequestError, StoreUnavailableError
from tests.unit.chat.chat_fakes import make_passage, open_store, pass_time, quote_of

PASSAGE = make_passage(
    "大象记得一切。Elephants never forget 🐘.", note="动物/大象.md", heading_path=("一", "二"), page=3
)
ANSWER = Answer(
    text="大象记得一切。",
    quote=quote_of(PASSAGE, "大象记得一切。"),
    sentences=(SentenceCheck(0, 7, Support.QUOTED, 1),),
    citations=(
        Citation(
            1,
            "大象记得一切。",
            1,
            "动物/大象.md",
            "/n/动物/大象.md",
            "大象",
            "大象记得一切。",
            0,
            7,
            Support.QUOTED,
            ("一",),
            3,
        ),
    ),
    passages=(PASSAGE,),
    timings=Timings(search_s=0.25, completion_tokens=7),
    model="m",
)


def test_turn_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    conversation, turn = store.start_turn("大象记得什么？")
    assert (turn.state, turn.question, conversation.turns) == (TurnState.RUNNING, "大象记得什么？", 1)
    finished = store.finish_turn(turn.id, ANSWER, TurnState.DONE)
    store.set_feedback(turn.id, -1)
    store.close()
    again = open_store(tmp_path)
    [stored] = again.open_conversation(conversation.id)[1]
    assert stored.answer == ANSWER
    assert (stored.state, stored.feedback, stored.asked_at_s) == (TurnState.DONE, -1, finished.asked_at_s)


def test_running_turn_becomes_cut_with_its_partial_text(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    _, turn = store.start_turn("A question")
    store.save_partial(turn.id, Answer(text="half an ans"))
    store.close()
    again = open_store(tmp_path)
    assert again.report.cut_turns == 1
    assert (again.turn(turn.id).state, again.turn(turn.id).answer.text) == (TurnState.CUT, "half an ans")


def test_late_partial_does_not_overwrite_an_ended_turn(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    _, turn = store.start_turn("Q")
    store.finish_turn(turn.id, ANSWER, TurnState.DONE)
    store.save_partial(turn.id, Answer(text="older"))
    assert store.turn(turn.id).answer == ANSWER


def test_conversations_are_listed_newest_first_whatever_the_clock_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path)
    times = iter([2e9, 1e9, 5e8])
    monkeypatch.setattr("assistant.chat.conversations.time.time", lambda: next(times))
    for question in ("first", "second", "third"):
        store.start_turn(question)
    assert [c.title for c in store.list_conversations()] == ["third", "second", "first"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["今天的天气", "Apples and pears"]),
        ("pear", ["Apples and pears"]),
        ("PEARS apples", ["Apples and pears"]),
        ("apples 天气", []),
        ("天气", ["今天的天气"]),
        ("记得", ["今天的天气"]),
        ("ＰＥＡＲＳ", ["Apples and pears"]),
        ("100%", []),
    ],
)
def test_search_finds_words_of_titles_questions_and_answers(tmp_path: Path, query: str, titles: list[str]) -> None:
    store = open_store(tmp_path)
    store.start_turn("Apples and pears")
    _, turn = store.start_turn("今天的天气")
    store.finish_turn(turn.id, ANSWER, TurnState.DONE)
    assert [c.title for c in store.list_conversations(query)] == titles


def test_rename_sticks_and_an_empty_name_goes_back(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    conversation, turn = store.start_turn("What is this?")
    assert store.rename_conversation(conversation.id, "  My\nplans ").title == "My plans"
    renamed, _ = store.start_turn("Another question", conversation.id, replace_turn=turn.id)
    assert renamed.title == "My plans"
    assert store.rename_conversation(conversation.id, " ").title == "Another question"


def test_editing_the_only_question_changes_the_title(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    conversation, turn = store.start_turn("What is ths?")
    changed, _ = store.start_turn("What is this?", conversation.id, replace_turn=turn.id)
    assert changed.title == "What is this?"


def test_a_deleted_conversation_is_gone_for_good_at_the_first_opening_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path)
    kept, _ = store.start_turn("keep me")
    gone, turn = store.start_turn("secret-word-7391")
    store.delete_conversation(kept.id)
    store.restore_conversation(kept.id)
    store.delete_conversation(gone.id)
    assert [c.id for c in store.list_conversations()] == [kept.id]
    with pytest.raises(BadRequestError):
        store.start_turn("more", gone.id)
    store.close()
    pass_time(monkeypatch, KEPT_S + 1)
    again = open_store(tmp_path)
    with pytest.raises(BadRequestError):
        again.restore_conversation(gone.id)
    with pytest.raises(BadRequestError):
        again.turn(turn.id)
    again.close()
    assert b"secret-word-7391" not in b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())


def test_a_deleted_conversation_can_be_restored_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path)
    conversation, _ = store.start_turn("Undo stands on screen")
    store.delete_conversation(conversation.id)
    for _restart in range(2):
        store.close()
        pass_time(monkeypatch, 20)
        store = open_store(tmp_path)
        assert store.list_conversations() == []
    store.restore_conversation(conversation.id)
    store.close()
    pass_time(monkeypatch, KEPT_S + 100)
    assert [found.title for found in open_store(tmp_path).list_conversations()] == ["Undo stands on screen"]


@pytest.mark.parametrize("mark", [1, 4_000_000_000])
def test_what_was_deleted_at_no_known_time_is_gone_at_the_next_opening(tmp_path: Path, mark: int) -> None:
    store = open_store(tmp_path)
    conversation, _ = store.start_turn("Deleted by an earlier version, or while the clock was wrong")
    store.close()
    with closing(sqlite3.connect(tmp_path / "conversations.sqlite")) as db, db:
        db.execute("UPDATE conversations SET is_deleted = ?", (mark,))
    with pytest.raises(BadRequestError):
        open_store(tmp_path).restore_conversation(conversation.id)


def test_finishing_a_turn_whose_conversation_is_gone_is_no_error(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    conversation, turn = store.start_turn("Q")
    store.start_turn("Other", conversation.id, replace_turn=turn.id)
    assert store.finish_turn(turn.id, ANSWER, TurnState.DONE).answer == ANSWER


@pytest.mark.parametrize("call", ["open", "turn", "feedback", "replace", "rename", "other"])
def test_unknown_ids_are_bad_requests(tmp_path: Path, call: str) -> None:
    store = open_store(tmp_path)
    first, turn = store.start_turn("one")
    second, _ = store.start_turn("two")
    calls = {
        "open": lambda: store.open_conversation(99),
        "turn": lambda: store.turn(99),
        "feedback": lambda: store.set_feedback(99, 1),
        "replace": lambda: store.start_turn("q", first.id, replace_turn=99),
        "rename": lambda: store.rename_conversation(99, "x"),
        "other": lambda: store.start_turn("q", second.id, replace_turn=turn.id),
    }
    with pytest.raises(BadRequestError):
        calls[call]()
    assert store.turn(turn.id).question == "one"


def test_lone_surrogates_are_stored_as_question_marks(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    _, turn = store.start_turn("What is caf\udce9?")
    passage = make_passage("text", note="caf\udce9.md")
    done = store.finish_turn(turn.id, Answer(text="x\udce9", passages=(passage,)), TurnState.DONE)
    assert store.turn(turn.id).question == "What is caf??"
    assert done.answer.passages[0].note == "caf?.md"


def test_unreadable_answer_column_keeps_the_question(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    _, turn = store.start_turn("Q")
    store.finish_turn(turn.id, ANSWER, TurnState.DONE)
    with closing(sqlite3.connect(tmp_path / "conversations.sqlite")) as db:
        db.execute("UPDATE turns SET answer = '{\"text\": 5'")
        db.commit()
    assert store.turn(turn.id).answer == Answer()
    assert store.turn(turn.id).question == "Q"


def test_many_threads_may_write_at_once(tmp_path: Path) -> None:
    store = open_store(tmp_path)

    def work(name: int) -> None:
        _, turn = store.start_turn(f"q{name}")
        for step in range(5):
            store.save_partial(turn.id, Answer(text=f"{name}-{step}"))
            store.list_conversations("q")
        store.finish_turn(turn.id, Answer(text=f"{name}-done"), TurnState.DONE)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers = {store.open_conversation(c.id)[1][0].answer.text for c in store.list_conversations()}
    assert answers == {f"{name}-done" for name in range(8)}


# ---- backups and damage ----------------------------------------------------------------------------------------------


def fill(store: ConversationStore, count: int) -> None:
    for number in range(count):
        _, turn = store.start_turn(f"question {number}")
        store.finish_turn(turn.id, ANSWER, TurnState.DONE)


def test_backups_are_whole_and_only_the_newest_are_kept(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    fill(store, 3)
    infos = [store.backup(keep=7) for _ in range(9)]
    kept = list_backups(tmp_path / "backups")
    assert [info.number for info in kept] == [9, 8, 7, 6, 5, 4, 3]
    assert is_sound(infos[-1].path)
    with closing(sqlite3.connect(infos[-1].path)) as copy:
        assert copy.execute("SELECT count(*) FROM turns").fetchone() == (3,)
    assert not [path for path in (tmp_path / "backups").iterdir() if path.suffix != ".sqlite"]


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100 : len(data)] = b"\xa5" * (len(data) - 100)
    path.write_bytes(bytes(data))


def test_damaged_file_is_moved_aside_and_the_last_good_backup_restored(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    fill(store, 2)
    store.backup()
    good = store.backup()
    fill(store, 1)
    newest = store.backup()
    store.close()
    damage(tmp_path / "conversations.sqlite")
    damage(newest.path)
    again = open_store(tmp_path)
    assert again.report.moved_aside is not None
    assert again.report.moved_aside.exists()
    assert again.report.restored is not None
    assert again.report.restored.number == good.number
    assert len(again.list_conversations()) == 2


def test_damaged_file_without_a_backup_starts_empty_and_says_so(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    fill(store, 2)
    store.close()
    damage(tmp_path / "conversations.sqlite")
    again = open_store(tmp_path)
    assert again.report.moved_aside is not None
    assert again.report.restored is None
    assert not again.list_conversations()


@pytest.mark.parametrize(
    "content", [b"not a database at all, just some words in a file " * 40, b"SQLite format 3\0" + b"\0" * 4000]
)
def test_foreign_bytes_in_place_of_the_store_are_moved_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "conversations.sqlite").write_bytes(content)
    store = open_store(tmp_path)
    assert store.report.moved_aside is not None
    assert store.report.moved_aside.read_bytes() == content
    store.start_turn("works")


class OutOfRoom(sqlite3.Connection):
    """A disk that is full when a log has to be begun: SQLite calls that an error of reading and writing."""

    def execute(self, *given: Any) -> sqlite3.Cursor:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
        error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
        raise error


def test_a_sound_file_that_cannot_be_read_now_is_not_moved_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path)
    fill(store, 3)
    store.close()
    with monkeypatch.context() as patch:
        patch.setattr("assistant.chat.conversations.sqlite3.connect", lambda *given, **more: OutOfRoom(":memory:"))
        with pytest.raises(StoreUnavailableError):
            open_store(tmp_path)
    assert not list(tmp_path.glob("conversations.damaged-*"))
    assert len(open_store(tmp_path).list_conversations()) == 3


@pytest.mark.parametrize("moved", [False, True])
def test_conversations_that_are_gone_come_back_even_if_their_log_stayed(tmp_path: Path, moved: bool) -> None:
    """As a kill leaves it that comes while a damaged file is moved aside."""
    store = open_store(tmp_path)
    fill(store, 2)
    store.backup()
    store.close()
    path = tmp_path / "conversations.sqlite"
    path.with_name("conversations.sqlite-wal").write_bytes(b"an old log")
    if moved:
        path.replace(tmp_path / "conversations.damaged-1.sqlite")
    else:
        path.unlink()
    again = open_store(tmp_path)
    assert (again.report.conversations, again.report.turns) == (2, 2)
    assert len(again.list_conversations()) == 2


def test_store_of_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    path = tmp_path / "conversations.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {schema.NEWEST + 1}")
    with pytest.raises(StoreUnavailableError) as refused:
        open_store(tmp_path)
    assert refused.value.fields["reason"] == "newer"
    assert path.exists()


def test_each_migration_is_preceded_by_a_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path)
    fill(store, 2)
    store.close()
    monkeypatch.setattr(
        schema, "_STEPS", (*schema._STEPS, "ALTER TABLE turns ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;")
    )
    monkeypatch.setattr(schema, "NEWEST", schema.NEWEST + 1)
    again = open_store(tmp_path)
    assert len(again.list_conversations()) == 2
    [backup] = list_backups(tmp_path / "backups")
    assert f"before-layout-{schema.NEWEST}" in backup.path.name
    with closing(sqlite3.connect(backup.path)) as copy:
        assert schema.layout_of(copy) == schema.NEWEST - 1


def test_failing_migration_leaves_the_old_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path)
    fill(store, 1)
    store.close()
    monkeypatch.setattr(
        schema, "_STEPS", (*schema._STEPS, "ALTER TABLE turns ADD COLUMN pinned INTEGER; SELECT nonsense();")
    )
    monkeypatch.setattr(schema, "NEWEST", schema.NEWEST + 1)
    with pytest.raises(StoreUnavailableError):
        open_store(tmp_path)
    monkeypatch.undo()
    assert len(open_store(tmp_path).list_conversations()) == 1


def test_store_is_written_with_full_care(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    values = {
        name: store._connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("short one?", "short one?"),
        ("two\nlines", "two lines"),
        ("word " * 30, "word " * 11 + "word…"),
        ("长" * 80, "长" * 60 + "…"),
    ],
)
def test_title_is_the_first_question_shortened(question: str, title: str) -> None:
    assert make_title(question) == title
