"""A library on a full disk. Arguments: the disk, the notes, then for each run the kilobytes that are free when it begins."""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path

from assistant.domain.errors import AssistantError
from tests.faults.small_disk import Ballast
from tests.unit.library.library_fakes import Bench, picture


def main() -> None:
    disk, notes = Path(sys.argv[1]), Path(sys.argv[2])
    right = _right(notes)
    results = [run(disk, notes, int(free_kb), right) for free_kb in sys.argv[3:]]
    print(json.dumps(results))


def run(disk: Path, notes: Path, free_kb: int, right: dict[str, object]) -> dict[str, object]:
    ballast = Ballast(disk)
    bench = Bench(disk)
    ballast.leave(free_kb * 1000)
    said = _index_until_refused(bench, notes)
    acknowledged = _ready(bench)
    ballast.drop()
    bench.library.add_folder(str(notes))
    bench.library.wake()
    bench.settle(100)
    lost = sum(note not in _ready(bench) for note in acknowledged)
    found = picture(bench)
    bench.library.close()
    for left in disk.iterdir():
        shutil.rmtree(left)
    return {"said": said, "lost": lost, "differences": [name for name in right if found[name] != right[name]]}


def _index_until_refused(bench: Bench, notes: Path) -> list[str]:
    try:
        bench.library.add_folder(str(notes))
    except AssistantError as error:
        return [error.kind]
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        bench.library.wake()
        if kinds := sorted({trouble.kind for trouble in bench.library.troubles}):
            return kinds
        time.sleep(0.01)
    return ["nothing"]


def _ready(bench: Bench) -> set[str]:
    return {note for note, state in bench.states().items() if state == "ready"}


def _right(notes: Path) -> dict[str, object]:
    bench = Bench(notes.parent / "right")
    bench.library.add_folder(str(notes))
    bench.settle(60)
    assert set(bench.states().values()) == {"ready"}
    found = picture(bench)
    bench.library.close()
    return found


if __name__ == "__main__":
    main()
