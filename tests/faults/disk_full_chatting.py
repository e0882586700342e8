"""Conversations on a full disk. Arguments: the disk, then for each run the kilobytes that are free when it begins."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from assistant.chat.backups import is_sound, list_backups
from assistant.chat.conversations import ConversationStore
from assistant.domain.answers import Answer, TurnState
from assistant.domain.errors import AssistantError
from tests.faults.small_disk import Ballast


def main() -> None:
    disk = Path(sys.argv[1])
    print(json.dumps([run(disk, int(free_kb)) for free_kb in sys.argv[2:]]))


def run(disk: Path, free_kb: int) -> dict[str, object]:
    ballast = Ballast(disk)
    store = _open(disk)
    kept: dict[int, str] = {}
    _talk(store, kept, 3)
    ballast.leave(free_kb * 1000)
    said = _talk(store, kept, 5000)
    whole = _backup_is_whole_or_absent(store, disk)
    ballast.drop()
    goes_on = not _talk(store, kept, 3)
    lost = _lost(store, kept)
    store.close()
    again = _open(disk)
    lost += _lost(again, kept)
    assert again.report.moved_aside is None
    again.close()
    for left in disk.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    return {"said": said, "lost": lost, "goes_on": goes_on, "backup_whole_or_absent": whole}


def _open(disk: Path) -> ConversationStore:
    return ConversationStore(disk / "conversations.sqlite", disk / "backups")


def _talk(store: ConversationStore, kept: dict[int, str], times: int) -> list[str]:
    """What it refused with. kept: text of each answer that was acknowledged."""
    for number in range(times):
        text = f"answer {number} " * 400
        try:
            _, turn = store.start_turn(f"question {number}?")
            kept[turn.id] = ""
            store.save_partial(turn.id, Answer(text=text[:3000]))
            store.finish_turn(turn.id, Answer(text=text), TurnState.DONE)
            kept[turn.id] = text
        except AssistantError as error:
            return [error.kind]
    return []


def _lost(store: ConversationStore, kept: dict[int, str]) -> int:
    return sum(not _is_there(store, turn_id, text) for turn_id, text in kept.items())


def _is_there(store: ConversationStore, turn_id: int, text: str) -> bool:
    try:
        return store.turn(turn_id).answer.text.startswith(text)
    except AssistantError:
        return False


def _backup_is_whole_or_absent(store: ConversationStore, disk: Path) -> bool:
    try:
        store.backup()
    except AssistantError as error:
        if error.kind != "disk-full":
            return False
    left = list(disk.glob("backups/*"))
    return all(is_sound(info.path) for info in list_backups(disk / "backups")) and not [
        p for p in left if p.suffix == ".part"
    ]


if __name__ == "__main__":
    main()
