"""Lets the N-th change of the disk fail, for one N after the other, under disk_shim.cpp.

Arguments: "chats" or "library", the folder (as SHIM_FOLDER), how many N to try (0: every one). Prints one JSON list.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from assistant.chat.backups import is_sound, list_backups
from assistant.chat.conversations import ConversationStore
from assistant.domain.answers import Answer, TurnState
from assistant.domain.errors import AssistantError
from tests.faults.pictures import differences
from tests.unit.library.library_fakes import Bench, picture

NOTES = 6
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Result:
    """errors: kinds of what was raised. wrong: what is not as it should be afterwards."""

    number: int
    changes: int
    errors: list[str]
    wrong: list[str]


class Disk:
    """The shim of this very process."""

    def __init__(self) -> None:
        self._shim = ctypes.CDLL(os.environ["LD_PRELOAD"])

    def fail_at(self, number: int) -> None:
        self._shim.shim_fail_at(ctypes.c_long(number))

    def changes(self) -> int:
        return int(self._shim.shim_count())


def main() -> None:
    what, folder, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    disk = Disk()
    run = chats if what == "chats" else library
    disk.fail_at(0)
    whole = run(disk, folder / "whole", 0)
    assert whole.wrong == []
    assert whole.errors == []
    every = whole.changes
    tried = (
        range(1, every + 1) if not count else sorted(random.Random(6).sample(range(1, every + 1), min(count, every)))
    )
    print(json.dumps([asdict(run(disk, folder / str(number), number)) for number in tried]))


def chats(disk: Disk, folder: Path, number: int) -> Result:
    disk.fail_at(number)
    kept: dict[str, str] = {}
    errors: list[str] = []
    store: ConversationStore | None = None
    for _ in range(2):  # whoever is refused tries again
        if store is None:
            store = _tried(errors, lambda: ConversationStore(folder / "conversations.sqlite", folder / "backups"))
        for question in ("one?", "two?"):
            _tried(errors, partial(_talk, store, question, kept))
        if store is not None:
            _tried(errors, partial(store.backup, keep=1))
    if store is not None:
        store.close()
    changes = disk.changes()
    disk.fail_at(0)
    wrong = []
    again = ConversationStore(folder / "conversations.sqlite", folder / "backups")
    if again.report.moved_aside or again.report.restored:
        wrong.append("taken for damaged")
    found = {
        turn.question: turn.answer.text
        for chat in again.list_conversations()
        for turn in again.open_conversation(chat.id)[1]
    }
    wrong += [f"lost {question}" for question, text in kept.items() if not found.get(question, "").startswith(text)]
    wrong += [f"backup {info.number}" for info in list_backups(folder / "backups") if not is_sound(info.path)]
    if list((folder / "backups").glob("*.part")):
        wrong.append("half a backup is left")
    again.close()
    return _result(folder, number, changes, errors, wrong)


def _talk(store: ConversationStore | None, question: str, kept: dict[str, str]) -> None:
    if store is None:
        return
    text = f"answer to {question} " * 300
    _, turn = store.start_turn(question + str(len(kept)))
    kept[turn.question] = ""
    store.save_partial(turn.id, Answer(text=text[:2000]))
    store.finish_turn(turn.id, Answer(text=text), TurnState.DONE)
    kept[turn.question] = text


def library(disk: Disk, folder: Path, number: int) -> Result:
    notes = folder.parent.with_name("notes") / str(number)  # not on the disk that fails
    notes.mkdir(parents=True)
    folder.mkdir()
    (folder / "notes").symlink_to(notes)
    for note in range(NOTES):
        (notes / f"{note}.md").write_text(f"# Note {note}\n\n" + f"Words of note {note}. " * 20)
    errors: list[str] = []
    disk.fail_at(number)
    bench = _tried(errors, lambda: Bench(folder))
    if bench is not None:
        _tried(errors, lambda: bench.add())
        (notes / "0.md").write_text("Written anew.")
        _tried(errors, lambda: bench.settle(60))
        bench.library.close()
    changes = disk.changes()
    disk.fail_at(0)
    again = Bench(folder)
    again.add()
    again.settle(60)
    wrong = ["taken for damaged"] if again.library.rebuilt else []
    found = picture(again)
    again.library.close()
    right = _right(folder)
    wrong += differences(found, right)
    return _result(folder, number, changes, errors, wrong)


def _right(folder: Path) -> dict[str, object]:
    fresh = Bench(folder / "fresh")
    shutil.copytree(folder / "notes", fresh.notes, dirs_exist_ok=True)
    fresh.add()
    found = picture(fresh)
    fresh.library.close()
    return found


def _tried(errors: list[str], action: Callable[[], T]) -> T | None:
    try:
        return action()
    except AssistantError as error:
        errors.append(error.kind)
    except Exception as error:
        errors.append(f"RAW {type(error).__name__}: {error}")
    return None


def _result(folder: Path, number: int, changes: int, errors: list[str], wrong: list[str]) -> Result:
    shutil.rmtree(folder)
    return Result(number, changes, errors, wrong)


if __name__ == "__main__":
    main()
