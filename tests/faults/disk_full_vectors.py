"""The vector process on a full disk. Arguments: the disk, then for each run the kilobytes that are free when it begins."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from assistant.domain.errors import AssistantError
from assistant.retrieval.vectors import GuardedVectors
from tests.faults.small_disk import Ballast
from tests.faults.vector_faults import healed
from tests.slow.retrieval.vector_stack import MemorySource, VectorStack, names, unit_vectors


def main() -> None:
    disk = Path(sys.argv[1])
    print(json.dumps([run(disk, number, int(free_kb)) for number, free_kb in enumerate(sys.argv[2:])]))


def run(disk: Path, number: int, free_kb: int) -> dict[str, object]:
    ballast = Ballast(disk)
    source = MemorySource(names(300), unit_vectors(300))
    # Chroma may wait for a quarter of an hour on a full disk; how long is waited for it is not what is tried here.
    stack = VectorStack(disk / f"chroma-{number}" / "chroma", patience_s=15.0)
    stack.folder.parent.mkdir()
    vectors = GuardedVectors(stack.client, source)
    vectors.ensure()
    ballast.leave(free_kb * 1000)
    is_refused = False
    for seed in range(1, 20):
        ids, rows = names(1000, f"{seed}-"), unit_vectors(1000, seed=seed)
        source.rows |= dict(zip(ids, rows, strict=True))
        try:
            vectors.upsert(ids, rows)
        except AssistantError:
            is_refused = True
            break
    wrong = sum(vectors.query(source.rows[one], 1)[0][0] != one for one in list(source.rows)[::50])
    ballast.drop()
    source.rows = dict(list(source.rows.items())[:1500])  # what fits on it once it is free again
    healed(stack, source)
    stack.stop()
    return {"refused": is_refused, "wrong_while_full": wrong, "healed": True}


if __name__ == "__main__":
    main()
