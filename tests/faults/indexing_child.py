"""A library in a process of its own, to be killed. Arguments: base folder, milliseconds each embedding takes."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from assistant.models.ports import FloatMatrix
from tests.unit.library.library_fakes import Bench, DictIndex


class FileIndex(DictIndex):
    """A vector index of the least kind that survives its process: a folder with a file for each id."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.vectors = {path.name: np.frombuffer(path.read_bytes(), np.float32) for path in folder.iterdir()}

    def upsert(self, chunk_ids: Sequence[str], vectors: FloatMatrix) -> None:
        for chunk_id, vector in zip(chunk_ids, vectors, strict=True):
            (self._folder / chunk_id).write_bytes(vector.tobytes())
        super().upsert(chunk_ids, vectors)

    def delete(self, chunk_ids: Iterable[str]) -> None:
        for chunk_id in chunk_ids:
            (self._folder / chunk_id).unlink(missing_ok=True)
            self.vectors.pop(chunk_id, None)


def open_bench(base: Path, wait_ms: float = 0.0) -> Bench:
    bench = Bench.__new__(Bench)
    original = Bench.open

    def prepared(self: Bench, **given: object) -> object:
        self.index = FileIndex(base / "vectors")
        embed = self.embedder.embed_passages

        def slowly(texts: Sequence[str], cancelled: object = None) -> FloatMatrix:
            time.sleep(wait_ms / 1000)
            return embed(texts)

        self.embedder.embed_passages = slowly  # type: ignore[method-assign, assignment]
        return original(self)

    Bench.open = prepared  # type: ignore[method-assign, assignment]
    try:
        bench.__init__(base)  # type: ignore[misc]
    finally:
        Bench.open = original  # type: ignore[method-assign]
    return bench


def main() -> None:
    bench = open_bench(Path(sys.argv[1]), float(sys.argv[2]))
    bench.library.add_folder(str(bench.notes))
    print("open, " + (bench.library.rebuilt or "as it was left"), flush=True)
    while True:
        bench.library.rescan(wait=True)
        bench.library.wait_until_idle(60)
        print("idle", flush=True)
        time.sleep(0.02)


if __name__ == "__main__":
    main()
