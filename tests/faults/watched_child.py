"""What is done on a disk that disk_shim.cpp watches. Arguments: "chats", "library" or "vectors" and the folder."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.chat.conversations import ConversationStore
from assistant.domain.answers import Answer, TurnState
from assistant.retrieval.vector_keeper import VectorKeeper
from tests.faults.disk_log import mark
from tests.slow.retrieval.vector_stack import names, unit_vectors
from tests.unit.library.library_fakes import Bench

CHATS = 12
ROWS = 2600


def answer_of(number: int) -> str:
    return f"answer number {number}, which is not short. " * 80


def chats(folder: Path) -> None:
    for run in range(2):
        store = ConversationStore(folder / "conversations.sqlite", folder / "backups")
        for number in range(run * CHATS // 2, (run + 1) * CHATS // 2):
            _, turn = store.start_turn(f"question {number}?")
            mark(folder, f"asked-{number}")
            store.save_partial(turn.id, Answer(text=answer_of(number)[:1000]))
            store.save_partial(turn.id, Answer(text=answer_of(number)[:2000]))
            store.finish_turn(turn.id, Answer(text=answer_of(number)), TurnState.DONE)
            mark(folder, f"answered-{number}")
            if number % 4 == 3:
                store.backup(keep=2)
        store.close()


def library(folder: Path) -> None:
    """folder: the data of a Bench; its notes lie beside it."""
    for text in ("Written anew.\n\nAnd longer than before.", "And once more."):
        bench = Bench(folder.parent)
        bench.add()
        bench.library.close()
        (bench.notes / "0.md").write_text(text)


def vectors(folder: Path) -> None:
    keeper = VectorKeeper(folder)
    keeper.state()
    ids, rows = names(ROWS), unit_vectors(ROWS)
    for first in range(0, ROWS, 650):
        keeper.upsert(ids[first : first + 650], rows[first : first + 650])
    keeper.close()
    again = VectorKeeper(folder)
    again.delete(ids[:100])
    again.close()


if __name__ == "__main__":
    what = {"chats": chats, "library": library, "vectors": vectors}[sys.argv[1]]
    what(Path(sys.argv[2]))
