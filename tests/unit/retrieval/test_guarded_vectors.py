"""Chroma is believed only after it was compared with the source; exact search answers at every other moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.errors import ProcessDiedError, StoreUnavailableError
from assistant.ipc.vector_messages import VectorState
from assistant.models.ports import FloatMatrix
from assistant.retrieval.exact import ExactIndex
from assistant.retrieval.ports import HalfMatrix, LateAnswerError
from assistant.retrieval.vectors import GuardedVectors
from tests.unit.retrieval.retrieval_fakes import HashingEmbedder, MemoryCatalog


class FakeChroma:
    """Keeps RebuildableIndex's contract; may be dead, doubtful or wrong on demand."""

    def __init__(self) -> None:
        self.exact = ExactIndex()
        self.held: set[str] = set()
        self.doubt = ""
        self.dead = False
        self.late = False
        self.is_full = False
        self.changed = 0
        self.unreachable: set[str] = set()
        self.calls: list[str] = []
        self._building: ExactIndex | None = None
        self._built: set[str] = set()

    def _note(self, call: str) -> None:
        self.calls.append(call)
        if self.dead:
            raise ProcessDiedError(process="vectors", exit_code=-9)

    def state(self) -> VectorState:
        self._note("state")
        if self.doubt:
            return VectorState("doubtful", len(self.held), reason=self.doubt)
        return VectorState("good" if self.held else "empty", len(self.held), self.changed)

    def probe(
        self, chunk_ids: Sequence[str], vectors: HalfMatrix, count: int = -1, *, more: bool = False
    ) -> VectorState:
        self._note("probe")
        if self.doubt == "unclean":
            if more:
                return VectorState("unproven", len(self.held), self.changed)
            self.doubt = ""
        return self.state()

    def check(self, chunk_ids: Sequence[str], vectors: HalfMatrix) -> tuple[int, int]:
        self._note("check")
        there = self.held & set(chunk_ids)
        return len(there), len(there & self.unreachable)

    def upsert(self, chunk_ids: Sequence[str], vectors: FloatMatrix) -> None:
        self._note("upsert")
        if self.is_full:
            raise StoreUnavailableError(store="vectors", reason="chroma")
        self.exact.upsert(chunk_ids, vectors)
        self.held.update(chunk_ids)

    def delete(self, chunk_ids: Iterable[str]) -> None:
        self._note("delete")
        self.held -= set(chunk_ids)
        self.exact.delete(chunk_ids)

    def query(self, vector: FloatMatrix, top: int) -> list[tuple[str, float]]:
        self._note("query")
        if self.late:
            raise LateAnswerError(store="vectors", reason="no answer in time")
        return self.exact.query(vector, top)

    def ids(self) -> set[str]:
        self._note("ids")
        return set(self.held)

    def begin_rebuild(self) -> None:
        self._note("begin_rebuild")
        self._building, self._built = ExactIndex(), set()

    def add_to_rebuild(self, chunk_ids: Sequence[str], vectors: HalfMatrix) -> None:
        assert self._building is not None
        self._building.upsert(chunk_ids, vectors.astype(np.float32))
        self._built.update(chunk_ids)

    def finish_rebuild(self, count: int) -> VectorState:
        assert self._building is not None
        assert count == len(self._built)
        self.exact, self.held, self.doubt, self.changed = self._building, self._built, "", 0
        self.unreachable = set()
        return self.state()

    def restart(self) -> None:
        self._note("restart")


@pytest.fixture
def catalog() -> MemoryCatalog:
    catalog = MemoryCatalog()
    for number in range(30):
        catalog.add_note(f"{number}.md", f"note number {number} about topic{number}")
    catalog.embed_all(HashingEmbedder())
    return catalog


def assert_right(vectors: GuardedVectors, catalog: MemoryCatalog) -> None:
    for chunk_id, row in catalog.vectors.items():
        assert vectors.query(row, 1)[0][0] == chunk_id


def test_exact_search_answers_before_anything_was_compared(catalog: MemoryCatalog) -> None:
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog)
    assert_right(vectors, catalog)
    assert vectors.is_exact
    assert "query" not in chroma.calls


def test_without_chroma_exact_search_is_all_there_is(catalog: MemoryCatalog) -> None:
    vectors = GuardedVectors(None, catalog)
    vectors.start()
    vectors.upsert(["x"], catalog.vectors["chunk-1"][np.newaxis])
    assert not vectors.ensure()
    assert_right(vectors, catalog)
    vectors.stop()


def test_chroma_answers_once_it_equals_the_source(catalog: MemoryCatalog) -> None:
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog)
    assert vectors.ensure()
    assert not vectors.is_exact
    assert chroma.held == set(catalog.vectors)
    assert_right(vectors, catalog)
    assert chroma.calls.count("query") == len(catalog.vectors)


def test_ghosts_are_taken_away(catalog: MemoryCatalog) -> None:
    chroma = FakeChroma()
    chroma.upsert(["ghost"], catalog.vectors["chunk-1"][np.newaxis])
    GuardedVectors(chroma, catalog).ensure()
    assert chroma.held == set(catalog.vectors)


def test_unclean_end_is_probed_and_damage_is_rebuilt_in_a_fresh_process(catalog: MemoryCatalog) -> None:
    chroma = FakeChroma()
    chroma.upsert(list(catalog.vectors), np.stack(list(catalog.vectors.values())))
    chroma.doubt = "unclean"
    assert GuardedVectors(chroma, catalog).ensure()
    assert "probe" in chroma.calls
    assert "begin_rebuild" not in chroma.calls
    chroma.doubt = "damaged"
    assert GuardedVectors(chroma, catalog).ensure()
    assert ("restart", "begin_rebuild") in list(pairwise(chroma.calls))


def test_worn_index_is_rebuilt(catalog: MemoryCatalog) -> None:
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog)
    vectors.ensure()
    chroma.changed = 5000
    vectors.process_ended()
    vectors.ensure()
    assert "begin_rebuild" in chroma.calls


def test_what_is_removed_for_good_has_the_index_built_anew_by_this_process_or_the_next(
    catalog: MemoryCatalog, tmp_path: Path
) -> None:
    mark = tmp_path / "forgetting"
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog, renewal_mark=mark)
    vectors.ensure()
    chroma.calls.clear()
    with vectors.renewed("forgotten"):
        assert mark.exists(), "before anything is removed"
        catalog.vectors.pop("chunk-1")
    assert mark.exists()
    # That process ends here.
    assert GuardedVectors(chroma, catalog, renewal_mark=mark).ensure()
    assert chroma.calls.count("begin_rebuild") == 1
    assert not mark.exists()
    GuardedVectors(chroma, catalog, renewal_mark=mark).ensure()
    assert chroma.calls.count("begin_rebuild") == 1


def test_what_is_removed_while_the_index_is_built_has_it_built_once_more(
    catalog: MemoryCatalog, tmp_path: Path
) -> None:
    mark = tmp_path / "forgetting"
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog, renewal_mark=mark)
    vectors.ensure()
    real = chroma.finish_rebuild

    def finish(count: int) -> VectorState:
        chroma.finish_rebuild = real
        with vectors.renewed("a second one"):
            catalog.vectors.pop("chunk-2")
        return real(count)

    chroma.finish_rebuild = finish
    with vectors.renewed("a first one"):
        catalog.vectors.pop("chunk-1")
    chroma.calls.clear()
    assert not vectors.ensure()
    assert vectors.is_exact
    assert mark.exists()
    assert vectors.ensure()
    assert chroma.calls.count("begin_rebuild") == 2
    assert not mark.exists()
    assert chroma.held == set(catalog.vectors)


def write_one(vectors: GuardedVectors, catalog: MemoryCatalog, chunk_id: str = "chunk-1") -> None:
    vectors.upsert([chunk_id], catalog.vectors[chunk_id][np.newaxis])


def test_self_check_has_an_index_rebuilt_that_lost_the_way_to_its_chunks(catalog: MemoryCatalog) -> None:
    told: list[bool] = []
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog, on_change=told.append)
    vectors.ensure()
    write_one(vectors, catalog)
    assert vectors.check()
    chroma.unreachable = set(list(catalog.vectors)[::3])
    write_one(vectors, catalog)
    assert not vectors.check()
    assert vectors.is_exact
    assert_right(vectors, catalog)
    assert "begin_rebuild" not in chroma.calls
    vectors.ensure()
    assert "begin_rebuild" in chroma.calls
    assert told == [False, True, False]
    write_one(vectors, catalog)
    assert vectors.check()


def test_self_check_has_an_index_rebuilt_that_wore_out_while_running(catalog: MemoryCatalog) -> None:
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog)
    vectors.ensure()
    chroma.changed = 5000
    write_one(vectors, catalog)
    assert not vectors.check()
    vectors.ensure()
    assert "begin_rebuild" in chroma.calls


def test_self_check_does_not_ask_an_index_that_nobody_wrote_to(catalog: MemoryCatalog) -> None:
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog, check_every_s=0.01)
    vectors.start()
    wait_until(lambda: not vectors.is_exact)
    before = list(chroma.calls)
    time.sleep(0.1)
    assert chroma.calls == before
    write_one(vectors, catalog)
    wait_until(lambda: "check" in chroma.calls)
    chroma.unreachable = set(catalog.vectors)
    write_one(vectors, catalog)
    wait_until(lambda: "begin_rebuild" in chroma.calls and not vectors.is_exact)
    vectors.stop()


def wait_until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not claim():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.002)


def test_death_is_answered_by_exact_search_and_told_once(catalog: MemoryCatalog) -> None:
    told: list[bool] = []
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog, on_change=told.append)
    vectors.ensure()
    chroma.dead = True
    assert_right(vectors, catalog)
    assert told == [False, True]


def test_busy_process_is_left_alone_without_being_doubted(catalog: MemoryCatalog) -> None:
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog)
    vectors.ensure()
    chroma.late = True
    assert_right(vectors, catalog)
    assert chroma.calls.count("query") == 1, "asked once, then left alone for a while"
    chroma.late = False
    vectors.upsert(["chunk-1"], catalog.vectors["chunk-1"][np.newaxis])
    assert chroma.calls.count("state") == 1, "nothing is compared again"


def test_refused_news_reaches_exact_search_and_comes_again(catalog: MemoryCatalog) -> None:
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog)
    vectors.query(catalog.vectors["chunk-1"], 1)
    new = np.zeros((1, 64), np.float32)
    new[0, 5] = 1.0
    with pytest.raises(StoreUnavailableError):
        vectors.upsert(["new"], new)
    assert vectors.query(new[0], 1)[0][0] == "new"
    vectors.ensure()
    vectors.upsert(["new"], new)
    assert "new" in chroma.held


def test_failed_write_makes_chroma_doubted_until_compared(catalog: MemoryCatalog) -> None:
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog)
    vectors.ensure()
    chroma.dead = True
    with pytest.raises(ProcessDiedError):
        vectors.delete(["chunk-3"])
    chroma.dead = False
    del catalog.vectors["chunk-3"]
    assert vectors.is_exact
    vectors.ensure()
    assert "chunk-3" not in chroma.held


def test_process_whose_write_failed_is_ended_before_it_is_asked_again(catalog: MemoryCatalog) -> None:
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog)
    vectors.ensure()
    chroma.is_full = True
    with pytest.raises(StoreUnavailableError):
        write_one(vectors, catalog)
    assert_right(vectors, catalog)
    chroma.calls.clear()
    chroma.is_full = False
    vectors.ensure()
    assert chroma.calls[:2] == ["restart", "state"]
    vectors.process_ended()
    chroma.calls.clear()
    vectors.ensure()
    assert "restart" not in chroma.calls


def test_narrow_scope_is_searched_exactly(catalog: MemoryCatalog) -> None:
    chroma = FakeChroma()
    vectors = GuardedVectors(chroma, catalog)
    vectors.ensure()
    found = vectors.query(catalog.vectors["chunk-1"], 5, within=["chunk-9"])
    assert [chunk_id for chunk_id, _ in found] == ["chunk-9"]
    assert "query" not in chroma.calls


def test_narrow_scope_is_answered_without_bringing_every_vector_into_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    catalog = MemoryCatalog()
    catalog.vectors = {f"c{number}": row for number, row in enumerate(np.eye(8, dtype=np.float32))}
    vectors = GuardedVectors(None, catalog)
    wanted = ["c2", "c5", "not there"]
    loaded: list[object] = []
    monkeypatch.setattr(catalog, "batches", lambda *_: loaded.append(1) or iter(()))
    assert vectors.query(np.eye(8, dtype=np.float32)[5], 3, wanted)[0] == ("c5", 1.0)
    assert {chunk_id for chunk_id, _ in vectors.query(np.eye(8, dtype=np.float32)[0], 3, wanted)} == {"c2", "c5"}
    assert vectors.query(np.eye(8, dtype=np.float32)[0], 3, ["gone"]) == []
    assert loaded == []
