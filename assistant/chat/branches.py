"""The turns of a conversation as a tree: editing a question or asking for another answer begins a branch, and nothing is thrown away."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from assistant.chat.turn_codec import decode_answer
from assistant.domain.answers import TurnState

# Correlated with a row `c` of conversations.
COUNT_OF_BRANCH = """(
    WITH RECURSIVE branch (id) AS (
        SELECT id FROM turns WHERE conversation_id = c.id AND parent_id = 0 AND is_chosen
        UNION
        SELECT t.id FROM turns t JOIN branch b ON t.conversation_id = c.id AND t.parent_id = b.id AND t.is_chosen
    )
    SELECT count(*) FROM branch
)"""


@dataclass(frozen=True, slots=True)
class TurnTree:
    """after: the turns after each turn, oldest first; those after 0 are the first ones. before: the turn before each. chosen: of those
    with the same one before, the one that is looked at."""

    after: dict[int, list[int]]
    before: dict[int, int]
    chosen: frozenset[int]

    def branch(self) -> list[int]:
        """The turns that are looked at, first to last. Where none is chosen the newest is taken."""
        found: list[int] = []
        at = 0
        while options := self.after.get(at):
            at = next((turn for turn in options if turn in self.chosen), options[-1])
            found.append(at)
        return found

    def path_to(self, turn_id: int) -> list[int]:
        """The first turn, and so on down to this one."""
        path = []
        while turn_id:
            path.append(turn_id)
            turn_id = self.before[turn_id]
        return path[::-1]

    def siblings(self, turn_id: int) -> tuple[int, ...]:
        return tuple(self.after[self.before[turn_id]])


def read_tree(db: sqlite3.Connection, conversation_id: int) -> TurnTree:
    """A turn before that is not there, or is younger than its follower (a damaged row), counts as none: nothing gets out of reach."""
    rows = db.execute(
        "SELECT id, parent_id, is_chosen FROM turns WHERE conversation_id = ? ORDER BY id", (conversation_id,)
    ).fetchall()
    before: dict[int, int] = {}
    after: dict[int, list[int]] = {}
    for turn_id, parent_id, _ in rows:
        before[turn_id] = parent_id if parent_id in before else 0
        after.setdefault(before[turn_id], []).append(turn_id)
    return TurnTree(after, before, frozenset(turn_id for turn_id, _, is_chosen in rows if is_chosen))


def choose(db: sqlite3.Connection, tree: TurnTree, turn_id: int) -> None:
    """Make the branch that goes through a turn the one that is looked at. What is chosen after that turn stays so."""
    for one in tree.path_to(turn_id):
        others = [(other,) for other in tree.siblings(one) if other != one and other in tree.chosen]
        db.executemany("UPDATE turns SET is_chosen = 0 WHERE id = ?", others)
        if one not in tree.chosen:
            db.execute("UPDATE turns SET is_chosen = 1 WHERE id = ?", (one,))


def drop_failed_attempts(db: sqlite3.Connection, turn_id: int) -> None:
    """A question was asked again after a failure: the attempts before, of which no word came, give way to the one that has ended now."""
    rows = db.execute(
        "SELECT old.id, old.answer FROM turns old JOIN turns new ON old.conversation_id = new.conversation_id "
        "AND old.parent_id = new.parent_id AND old.question = new.question AND old.id < new.id "
        "WHERE new.id = ? AND old.state = ? AND NOT old.feedback AND NOT EXISTS (SELECT 1 FROM turns after "
        "WHERE after.conversation_id = old.conversation_id AND after.parent_id = old.id)",
        (turn_id, TurnState.FAILED),
    ).fetchall()
    db.executemany("DELETE FROM turns WHERE id = ?", [(one,) for one, answer in rows if not decode_answer(answer).text])
