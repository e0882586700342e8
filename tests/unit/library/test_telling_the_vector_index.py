"""When the vector index hears of new vectors: the first ones early, later ones in larger batches."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from assistant.library.meaning import FIRST_TELL_CHUNKS, TELL_CHUNKS, MeaningStage
from tests.unit.library.library_fakes import DictIndex, HashingEmbedder, vector_of


class CountingChunks:
    """A backlog of so many chunks, and what of them is embedded and told."""

    def __init__(self, total: int) -> None:
        self.waiting = [f"chunk {number}" for number in range(total)]
        self.embedded = 0
        self.fresh: list[Any] = []

    def backlog(self, _chars: int, most: int) -> list[Any]:
        return [SimpleNamespace(own_title="", chunk=text) for text in self.waiting[:most]]

    def write_vectors(self, batch: Sequence[Any], _vectors: object) -> int:
        self.fresh += [SimpleNamespace(chunk_id=item.chunk, vector=vector_of(item.chunk)) for item in batch]
        del self.waiting[: len(batch)]
        self.embedded += len(batch)
        return len(batch)

    def untold_count(self) -> int:
        return len(self.fresh)

    def count(self) -> int:
        return self.embedded

    def untold(self, limit: int) -> list[Any]:
        return self.fresh[:limit]

    def told(self, changes: Sequence[Any]) -> None:
        del self.fresh[: len(changes)]


def test_batches_grow_with_what_the_index_knows() -> None:
    index = DictIndex()
    splitter = SimpleNamespace(embedding_text=lambda _title, chunk: chunk)
    catalog: Any = SimpleNamespace(chunks=CountingChunks(20_000))
    stage = MeaningStage(catalog, HashingEmbedder(), splitter, index)  # type: ignore[arg-type]
    while stage.work(threading.Event()):
        pass
    told = index.upserts
    assert sum(told) == 20_000
    assert FIRST_TELL_CHUNKS <= told[0] < 2 * FIRST_TELL_CHUNKS
    assert max(told) < 1.1 * TELL_CHUNKS
    assert told[:-1] == sorted(told[:-1])
    assert len(told) < 40
