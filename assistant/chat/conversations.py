"""The conversations: the one store that nothing can rebuild, so it is written with the most care.

A question is on disk before anything is done about it; the finished part of its answer follows about once a second. Killing the
process at any instant loses at most the last second of a streamed answer.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.chat import conversation_schema as schema
from assistant.chat.backups import (
    BackupInfo,
    copy_newest_sound,
    list_backups,
    row_counts,
    write_backup,
)
from assistant.chat.branches import COUNT_OF_BRANCH, TurnTree, choose, drop_failed_attempts, read_tree
from assistant.chat.clearing import empty_tables, remove_backups, shrink
from assistant.chat.deleting import mark_deleted, mark_restored, remove_deleted
from assistant.chat.finding import fold, matching, query_words, with_place
from assistant.chat.forgetting import ForgottenNote, forget_in, forget_in_backups, is_used
from assistant.chat.pages import TurnPage, cut_page
from assistant.chat.restoring import contents, is_backed_up, put_back, summaries, summary_of, usable_backup
from assistant.chat.turn_codec import decode_answer, encode_answer, printable
from assistant.chat.unsent import draft_of, drop_lost, drop_sent, save_draft
from assistant.domain.answers import FEEDBACK_REASONS, Answer, BackupSummary, Conversation, Turn, TurnState
from assistant.domain.errors import BadRequestError, DiskFullError, StoreUnavailableError
from assistant.domain.sqlite_errors import is_damage, is_full_disk

_TITLE_CHARS = 60
_BUSY_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class OpenReport:
    """What opening the store had to do. moved_aside: the damaged file, kept for whoever can read more out of it; None if it was gone.
    restored: the backup taken instead; None with moved_aside set means that there was none and the store starts empty. conversations,
    turns: how many of them that backup holds. cut_turns: turns that were being answered when the last process died."""

    moved_aside: Path | None = None
    restored: BackupInfo | None = None
    conversations: int = 0
    turns: int = 0
    cut_turns: int = 0


class ConversationStore:
    """Owns conversations.sqlite and its connection. Every method may be called from any thread; they take turns.

    Raises (every method): StoreUnavailableError, DiskFullError; BadRequestError for an id that is not there.
    """

    def __init__(self, path: Path, backup_folder: Path) -> None:
        """Open the store, creating it if needed. A damaged file is moved aside and the last good backup takes its place;
        `report` says so.

        Raises:
            StoreUnavailableError: it cannot be opened, or a newer version of Elephant wrote it (reason "newer").
        """
        self._path = path
        self._backup_folder = backup_folder
        self._lock = threading.RLock()
        self._forgotten: list[tuple[ForgottenNote, Callable[[str], str]]] = []
        self._redacted: dict[int, Callable[[str], str]] = {}
        with self._errors_named():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            moved_aside, restored = self._replace_if_damaged()
            self._connection = self._connect()
            try:
                self._migrate()
                cut = self._settle()
            except BaseException:
                self._connection.close()
                raise
        conversations, turns = row_counts(self._connection) if restored else (0, 0)
        self.report = OpenReport(moved_aside, restored, conversations, turns, cut)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    # ---- turns -------------------------------------------------------------------------------------------------------

    def start_turn(
        self, question: str, conversation_id: int = 0, replace_turn: int = 0, after_turn: int = 0
    ) -> tuple[Conversation, Turn]:
        """Store a question, before anything is done about it. conversation_id 0 starts a conversation.

        replace_turn: begin a branch beside that turn (regenerate, edit and resend). after_turn: the turn before this one; 0 for the last
        of the branch that is looked at. The branch with the new turn is looked at from now on.
        """
        question = printable(question)
        with self._transaction() as db:
            now = time.time()
            drop_sent(db, conversation_id, question)
            beside = replace_turn or after_turn
            if beside:
                conversation_id = self._conversation_of(db, beside, conversation_id)
            if conversation_id:
                self._require_conversation(db, conversation_id)
            else:
                conversation_id = self._insert_conversation(db, now)
            tree = read_tree(db, conversation_id)
            last = next(iter(tree.branch()[-1:]), 0)
            parent_id = tree.before[replace_turn] if replace_turn else after_turn or last
            turn_id = self._insert_turn(db, conversation_id, parent_id, question, now)
            choose(db, read_tree(db, conversation_id), turn_id)
            self._touch(db, conversation_id, now)
            if not parent_id:
                self._name_after(db, conversation_id, question)
            return self._conversation(db, conversation_id), self._turn(db, turn_id)

    def choose_branch(self, turn_id: int, limit: int = 0) -> TurnPage:
        """Look at the branch that goes through a turn, here and when its conversation is opened again. limit: as in `open_page`."""
        with self._transaction() as db:
            conversation_id = self._conversation_of(db, turn_id, 0)
            self._require_conversation(db, conversation_id)
            choose(db, read_tree(db, conversation_id), turn_id)
            tree = read_tree(db, conversation_id)
            self._name_after(db, conversation_id, self._turns(db, tree, tree.branch()[:1])[0].question)
            return self._page(db, conversation_id, limit, turn_id)

    def save_partial(self, turn_id: int, answer: Answer) -> None:
        """Keep the finished part of an answer. A turn that has ended meanwhile, or is gone, is left as it is."""
        with self._transaction(is_passing=True) as db:
            question = db.execute(
                "SELECT question FROM turns WHERE id = ? AND state = ?", (turn_id, TurnState.RUNNING)
            ).fetchone()
            if question:
                self._write_answer(db, turn_id, question[0], answer)

    def finish_turn(self, turn_id: int, answer: Answer, state: TurnState, error: str = "") -> Turn:
        """End a turn. If its conversation was deleted for good meanwhile, the turn is returned but kept nowhere."""
        assert state is not TurnState.RUNNING
        with self._transaction() as db:
            row = db.execute("SELECT question, conversation_id FROM turns WHERE id = ?", (turn_id,)).fetchone()
            if row is None:
                return Turn(turn_id, 0, "", answer, state, time.time(), error=error)
            self._write_answer(db, turn_id, row[0], answer)
            db.execute("UPDATE turns SET state = ?, error = ? WHERE id = ?", (state, error, turn_id))
            drop_failed_attempts(db, turn_id)
            self._touch(db, row[1], time.time())
            return self._turn(db, turn_id)

    def turn(self, turn_id: int) -> Turn:
        with self._transaction() as db:
            return self._turn(db, turn_id)

    def set_feedback(self, turn_id: int, feedback: int, reasons: Sequence[str] = (), text: str = "") -> None:
        """reasons: of FEEDBACK_REASONS. text: the person's own words."""
        if feedback not in (-1, 0, 1):
            raise BadRequestError(reason="feedback is -1, 0 or 1")
        if not set(reasons) <= set(FEEDBACK_REASONS):
            raise BadRequestError(reason=f"a reason is one of {', '.join(FEEDBACK_REASONS)}")
        with self._transaction() as db:
            changed = db.execute(
                "UPDATE turns SET feedback = ?, feedback_reasons = ?, feedback_text = ? WHERE id = ?",
                (feedback, " ".join(reasons), printable(text), turn_id),
            ).rowcount
            if not changed:
                raise BadRequestError(reason="no such turn")

    # ---- conversations -----------------------------------------------------------------------------------------------

    def list_conversations(self, query: str = "", limit: int = 500) -> list[Conversation]:
        """Conversations, pinned ones first, then newest first. With a query: those that have each of its words, and where."""
        words = query_words(query)
        where, values = matching(words)
        with self._transaction() as db:
            rows = db.execute(
                f"{_SELECT_CONVERSATION} WHERE NOT is_deleted {where} ORDER BY is_pinned DESC, change_number DESC LIMIT ?",
                (*values, limit),
            ).fetchall()
            found = [_conversation_from(row) for row in rows]
            return [with_place(db, one, words) for one in found] if words else found

    def open_conversation(self, conversation_id: int) -> tuple[Conversation, list[Turn]]:
        """A conversation and the turns of the branch that is looked at."""
        with self._transaction() as db:
            conversation = self._require_conversation(db, conversation_id)
            return conversation, self._branch(db, conversation_id)

    def open_page(self, conversation_id: int, limit: int, at_turn: int = 0) -> TurnPage:
        """The last turns of the branch that is looked at, or those from a turn on; limit 0 for all of them."""
        with self._transaction() as db:
            self._require_conversation(db, conversation_id)
            return self._page(db, conversation_id, limit, at_turn)

    def some_turns(self, turn_ids: Sequence[int]) -> list[Turn]:
        """In this order; one that is gone is left out."""
        trees: dict[int, TurnTree] = {}
        found = []
        with self._transaction() as db:
            for turn_id in turn_ids:
                row = db.execute(f"{_SELECT_TURN} WHERE id = ?", (turn_id,)).fetchone()
                if row is not None:
                    tree = trees.get(row[1]) or trees.setdefault(row[1], read_tree(db, row[1]))
                    found.append(_turn_from(row, tree))
        return found

    def all_turns(self, conversation_id: int) -> list[Turn]:
        """The turns of every branch, in the order they were asked."""
        with self._transaction() as db:
            tree = read_tree(db, conversation_id)
            return self._turns(db, tree, sorted(tree.before))

    def recent_turns(self, conversation_id: int, before_turn: int, limit: int) -> list[Turn]:
        """The last `limit` turns before a turn in its own branch, oldest first."""
        with self._transaction() as db:
            tree = read_tree(db, conversation_id)
            path = tree.path_to(before_turn)[:-1] if before_turn in tree.before else []
            return self._turns(db, tree, path[-limit:] if limit else [])

    def pin_conversation(self, conversation_id: int, *, is_pinned: bool) -> None:
        """Pinned conversations stand above the others. When it last changed does not change."""
        with self._transaction() as db:
            self._require_conversation(db, conversation_id)
            db.execute("UPDATE conversations SET is_pinned = ? WHERE id = ?", (is_pinned, conversation_id))

    def save_draft(self, conversation_id: int, text: str) -> None:
        """Keep what is typed and not sent. conversation_id 0: in a chat that has not begun."""
        with self._transaction() as db:
            save_draft(db, conversation_id, text)

    def draft(self, conversation_id: int) -> str:
        with self._transaction() as db:
            return draft_of(db, conversation_id)

    def rename_conversation(self, conversation_id: int, title: str) -> Conversation:
        """An empty title goes back to the first question's."""
        title = " ".join(printable(title).split())
        with self._transaction() as db:
            self._require_conversation(db, conversation_id)
            renamed = bool(title)
            if not title:
                title = make_title(next((turn.question for turn in self._branch(db, conversation_id)[:1]), ""))
            db.execute(
                "UPDATE conversations SET title = ?, is_renamed = ? WHERE id = ?", (title, renamed, conversation_id)
            )
            return self._conversation(db, conversation_id)

    def delete_conversation(self, conversation_id: int) -> None:
        """Hide a conversation. It can be restored for ten minutes at least; the first opening of the store after them removes it for
        good."""
        with self._transaction() as db:
            _require_found(mark_deleted(db, conversation_id, time.time()))

    def restore_conversation(self, conversation_id: int) -> None:
        with self._transaction() as db:
            _require_found(mark_restored(db, conversation_id))

    def forget_note(self, forgotten: ForgottenNote, instead_of: Callable[[str], str]) -> int:
        """Take every answer that used a note out of the conversations, out of their backups and out of damaged files that were moved aside.
        instead_of: what is said in their place, by the question. Returns how many answers there were. It cannot be undone.

        Raises StoreUnavailableError, store "backup", if a backup could not be changed; then it is to be tried again."""
        with self._lock, self._errors_named():
            self._forgotten.append((forgotten, instead_of))
            with self._transaction() as db:
                turns = forget_in(db, forgotten, instead_of)
                running = db.execute("SELECT id FROM turns WHERE state = ?", (TurnState.RUNNING,)).fetchall()
            self._redacted |= {turn_id: instead_of for (turn_id,) in running if turn_id in turns}
            for pattern in ("damaged-*", "restoring*"):
                for left in self._path.parent.glob(f"{self._path.stem}.{pattern}"):
                    left.unlink()
            forget_in_backups(
                self._backup_folder, lambda backup: forget_in(backup, forgotten, instead_of), _connect_to_copy
            )
            # What was deleted is overwritten already; this takes the holes out of the file, for which there may be no room.
            with suppress(sqlite3.OperationalError):
                self._connection.execute("VACUUM")
            self._empty_log()
            return len(turns)

    def remember_note(self, folder_id: int, note: str) -> None:
        """Answers may use the note again."""
        with self._lock:
            kept = [
                (one, instead) for one, instead in self._forgotten if (one.folder_id, one.note) != (folder_id, note)
            ]
            self._forgotten = kept

    def clear(self) -> int:
        """Delete every conversation, every backup and every damaged file that was moved aside, for good. Returns how many backups there
        were. Backups go first: cut short, the conversations are still there to be seen, and to be cleared once more.

        Raises BadRequestError: an answer is being made (reason "answering"). Nothing is changed then."""
        with self._lock, self._errors_named():
            if self._connection.execute("SELECT 1 FROM turns WHERE state = ?", (TurnState.RUNNING,)).fetchone():
                raise BadRequestError(reason="answering")
            backups = remove_backups(self._path, self._backup_folder)
            with self._transaction() as db:
                empty_tables(db)
            shrink(self._connection)
            self._empty_log()
            return backups

    # ---- backups -----------------------------------------------------------------------------------------------------

    def backup(self, folder: Path | None = None, keep: int = 7) -> BackupInfo:
        """Write a verified backup and keep the newest `keep`."""
        with self._lock, self._errors_named():
            return write_backup(self._connection, folder or self._backup_folder, keep=keep)

    def backup_if_changed(self) -> BackupInfo | None:
        """As backup, unless the newest backup holds all this already: an idle day must not push yesterday's backup out."""
        with self._lock, self._errors_named():
            if is_backed_up(self._connection, list_backups(self._backup_folder)):
                return None
            return self.backup()

    def counts(self) -> tuple[int, int]:
        """Conversations and turns, without deleted ones."""
        with self._lock, self._errors_named():
            return contents(self._connection)[:2]

    def backups(self) -> list[BackupSummary]:
        """Newest first, with what is in each."""
        with self._errors_named():
            return summaries(self._backup_folder)

    def restore_backup(self, number: int) -> tuple[BackupSummary, BackupSummary]:
        """Replace everything by a backup; what is there now is backed up first. Returns the one put back, and that of what was there.

        Raises:
            BadRequestError: no such backup; or an answer is being made (reason "answering"), whose turn would then be another.
            StoreUnavailableError: the backup is damaged or newer than this Elephant (store "backup"). Nothing is changed.
        """
        with self._lock, self._errors_named():
            if self._connection.execute("SELECT 1 FROM turns WHERE state = ?", (TurnState.RUNNING,)).fetchone():
                raise BadRequestError(reason="answering")
            info = usable_backup(self._backup_folder, number)
            restored = summary_of(info)
            undo = put_back(self._connection, info, self._backup_folder)
            self._empty_log()
            self._migrate()
            self._settle()
            return restored, summary_of(undo)

    # ---- opening -----------------------------------------------------------------------------------------------------

    def _replace_if_damaged(self) -> tuple[Path | None, BackupInfo | None]:
        # A file that is gone or empty, although there are backups, was not the first start.
        is_first = not list_backups(self._backup_folder)
        is_there = self._path.exists()
        if (is_first and not (is_there and self._path.stat().st_size)) or (
            is_there and _opens_sound(self._path, is_first)
        ):
            return None, None
        moved = _move_aside(self._path)
        return moved, copy_newest_sound(self._backup_folder, self._path)

    def _connect(self) -> sqlite3.Connection:
        connection = _connect_to_copy(self._path)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _migrate(self) -> None:
        layout = schema.layout_of(self._connection)
        if layout > schema.NEWEST:
            raise StoreUnavailableError(store="conversations", reason="newer")
        is_new = not layout
        while layout < schema.NEWEST:
            if not is_new:
                # One more than usual is kept: an upgrade must not push the oldest everyday backup out.
                write_backup(self._connection, self._backup_folder, keep=8, label=f"before-layout-{layout + 1}")
            schema.migrate_one(self._connection)
            layout = schema.layout_of(self._connection)

    def _settle(self) -> int:
        with self._transaction() as db:
            remove_deleted(db, time.time())
            drop_lost(db)
            return db.execute("UPDATE turns SET state = ? WHERE state = ?", (TurnState.CUT, TurnState.RUNNING)).rowcount

    # ---- rows --------------------------------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self, *, is_passing: bool = False) -> Iterator[sqlite3.Connection]:
        """is_passing: what is written is about to be replaced, so it may stay in the log."""
        with self._lock, self._errors_named():
            db = self._connection
            before = db.total_changes
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
            if db.total_changes != before and not is_passing:
                self._empty_log()

    def _empty_log(self) -> None:
        """What a person has said stands in the file itself from here on: a log that is damaged or lost takes nothing of it along, and an
        old log is never laid over newer pages. What was committed is safe in the log as well, so a failure costs nothing."""
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _errors_named(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if is_full_disk(error):
                raise DiskFullError(path=str(self._path), needed_bytes=0, free_bytes=0) from error
            raise StoreUnavailableError(store="conversations", reason=str(error)) from error
        except OSError as error:
            raise StoreUnavailableError(store="conversations", reason=error.strerror or str(error)) from error

    def _insert_conversation(self, db: sqlite3.Connection, now: float) -> int:
        conversation_id = db.execute(
            "INSERT INTO conversations (title, created_at_s, changed_at_s, change_number) VALUES ('', ?, ?, 0)",
            (now, now),
        ).lastrowid
        assert conversation_id is not None
        return conversation_id

    def _insert_turn(
        self, db: sqlite3.Connection, conversation_id: int, parent_id: int, question: str, now: float
    ) -> int:
        turn_id = db.execute(
            "INSERT INTO turns (conversation_id, parent_id, question, answer, search_text, state, asked_at_s) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (conversation_id, parent_id, question, encode_answer(Answer()), fold(question), TurnState.RUNNING, now),
        ).lastrowid
        assert turn_id is not None
        return turn_id

    def _conversation_of(self, db: sqlite3.Connection, turn_id: int, conversation_id: int) -> int:
        """Of a turn. conversation_id: which it must be, 0 for any."""
        row = db.execute("SELECT conversation_id FROM turns WHERE id = ?", (turn_id,)).fetchone()
        if row is None:
            raise BadRequestError(reason="no such turn")
        if conversation_id and row[0] != conversation_id:
            raise BadRequestError(reason="the turn is not in this conversation")
        return int(row[0])

    def _name_after(self, db: sqlite3.Connection, conversation_id: int, question: str) -> None:
        """The title is the first question of the branch that is looked at, until the user renames it."""
        db.execute(
            "UPDATE conversations SET title = ? WHERE id = ? AND NOT is_renamed",
            (make_title(question), conversation_id),
        )

    def _touch(self, db: sqlite3.Connection, conversation_id: int, now: float) -> None:
        db.execute(
            "UPDATE conversations SET changed_at_s = ?, "
            "change_number = (SELECT coalesce(max(change_number), 0) + 1 FROM conversations) WHERE id = ?",
            (now, conversation_id),
        )

    def _write_answer(self, db: sqlite3.Connection, turn_id: int, question: str, answer: Answer) -> None:
        # One that was being made while its note was forgotten.
        for forgotten, instead_of in self._forgotten:
            if is_used(answer, forgotten):
                answer = Answer(text=instead_of(question))
        if turn_id in self._redacted:
            answer = Answer(text=self._redacted[turn_id](question))
        said = " ".join((question, answer.text, answer.quote.all_text if answer.quote else ""))
        db.execute(
            "UPDATE turns SET answer = ?, search_text = ? WHERE id = ?",
            (encode_answer(answer), fold(printable(said)), turn_id),
        )

    def _require_conversation(self, db: sqlite3.Connection, conversation_id: int) -> Conversation:
        if not db.execute("SELECT 1 FROM conversations WHERE id = ? AND NOT is_deleted", (conversation_id,)).fetchone():
            raise BadRequestError(reason="no such conversation")
        return self._conversation(db, conversation_id)

    def _conversation(self, db: sqlite3.Connection, conversation_id: int) -> Conversation:
        row = db.execute(f"{_SELECT_CONVERSATION} WHERE id = ?", (conversation_id,)).fetchone()
        return _conversation_from(row)

    def _turn(self, db: sqlite3.Connection, turn_id: int) -> Turn:
        tree = read_tree(db, self._conversation_of(db, turn_id, 0))
        return self._turns(db, tree, [turn_id])[0]

    def _branch(self, db: sqlite3.Connection, conversation_id: int) -> list[Turn]:
        tree = read_tree(db, conversation_id)
        return self._turns(db, tree, tree.branch())

    def _page(self, db: sqlite3.Connection, conversation_id: int, limit: int, at_turn: int) -> TurnPage:
        tree = read_tree(db, conversation_id)
        above, shown, below = cut_page(tree.branch(), limit, at_turn)
        turns = self._turns(db, tree, list(shown))
        return TurnPage(self._conversation(db, conversation_id), tuple(turns), tuple(above), tuple(below))

    def _turns(self, db: sqlite3.Connection, tree: TurnTree, ids: list[int]) -> list[Turn]:
        rows = (db.execute(f"{_SELECT_TURN} WHERE id = ?", (turn_id,)).fetchone() for turn_id in ids)
        return [_turn_from(row, tree) for row in rows]


def _require_found(found: bool) -> None:
    if not found:
        raise BadRequestError(reason="no such conversation")


_SELECT_TURN = (
    "SELECT id, conversation_id, question, answer, state, asked_at_s, feedback, error, feedback_reasons, feedback_text "
    "FROM turns"
)
_SELECT_CONVERSATION = (
    f"SELECT id, title, created_at_s, changed_at_s, {COUNT_OF_BRANCH}, is_pinned FROM conversations c"
)


def _conversation_from(row: tuple[int, str, float, float, int, int]) -> Conversation:
    return Conversation(*row[:5], is_pinned=bool(row[5]))


def _turn_from(row: tuple[int, int, str, str, str, float, int, str, str, str], tree: TurnTree) -> Turn:
    turn_id, conversation_id, question, answer, state, asked_at_s, feedback, error, reasons, text = row
    return Turn(
        turn_id, conversation_id, question, decode_answer(answer), TurnState(state), asked_at_s, feedback, error,
        tree.before[turn_id], tree.siblings(turn_id), tuple(reasons.split()), text,
    )  # fmt: skip


def make_title(question: str) -> str:
    """The first question, on one line and shortened at a word's end where there is one."""
    line = " ".join(question.split())
    if len(line) <= _TITLE_CHARS:
        return line
    cut = line[:_TITLE_CHARS]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > _TITLE_CHARS // 2 else cut).rstrip(",.;:，。；：、 ") + "…"


def _opens_sound(path: Path, may_be_new: bool) -> bool:
    """A check of the whole file, through a connection that may roll its log forward first. may_be_new: it may have no layout yet.

    Raises sqlite3.Error if nothing can be said about it now."""
    connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S)
    try:
        is_ok = [row[0] for row in connection.execute("PRAGMA integrity_check")] == ["ok"]
        return is_ok and (may_be_new or schema.layout_of(connection) > 0)
    except sqlite3.DatabaseError as error:
        # Busy, unreadable or without room is not damaged: never move a healthy file away.
        if is_damage(error):
            return False
        raise
    finally:
        connection.close()


def _connect_to_copy(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    connection.create_function("fold", 1, fold, deterministic=True)
    return connection


def _move_aside(path: Path) -> Path | None:
    """Rename a database with its log, so that nothing of it is lost and nothing of it is mixed with its successor. None: only its log
    was there."""
    number = 1
    while (target := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    # The log first: one that is left behind by a kill would be laid over the successor.
    for suffix in ("-wal", "-shm"):
        log = path.with_name(path.name + suffix)
        if log.exists():
            log.replace(target.with_name(target.name + suffix))
    if not path.exists():
        return None
    path.replace(target)
    return target
