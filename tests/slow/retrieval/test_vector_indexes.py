"""One contract for every vector index: exact search, and Chroma in its process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.errors import BadRequestError
from assistant.retrieval.exact import ExactIndex
from assistant.retrieval.ports import VectorIndex
from assistant.retrieval.vectors import GuardedVectors
from tests.slow.retrieval.vector_stack import MemorySource, VectorStack, names, unit_vectors


@pytest.fixture(params=["exact", "chroma"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorIndex]:
    if request.param == "exact":
        yield ExactIndex()
        return
    stack = VectorStack(tmp_path / "chroma")
    yield stack.client
    stack.stop()


def test_empty_index_answers_nothing(index: VectorIndex) -> None:
    assert index.query(unit_vectors(1)[0], 5) == []
    assert index.count() == 0


def test_each_vector_finds_itself_first(index: VectorIndex) -> None:
    vectors = unit_vectors(1200)
    index.upsert(names(1200), vectors)
    assert index.count() == 1200
    for number in range(0, 1200, 100):
        best, similarity = index.query(vectors[number], 3)[0]
        assert best == f"c{number}"
        assert similarity == pytest.approx(1.0, abs=2e-3)


def test_answers_are_those_of_exact_search_in_falling_order(index: VectorIndex) -> None:
    vectors = unit_vectors(600)
    index.upsert(names(600), vectors)
    question = unit_vectors(1, seed=9)[0]
    right = np.argsort(-(vectors @ question), kind="stable")[:10]
    found = index.query(question, 10)
    assert [chunk_id for chunk_id, _ in found] == [f"c{row}" for row in right]
    assert [similarity for _, similarity in found] == pytest.approx(list((vectors @ question)[right]), abs=2e-3)


def test_writing_the_same_chunk_twice_changes_nothing(index: VectorIndex) -> None:
    vectors = unit_vectors(20)
    index.upsert(names(20), vectors)
    index.upsert(names(20), vectors)
    assert index.count() == 20


def test_new_vector_replaces_the_old_one(index: VectorIndex) -> None:
    old, new = unit_vectors(20), unit_vectors(20, seed=1)
    index.upsert(names(20), old)
    index.upsert(["c3"], new[3:4])
    assert index.query(new[3], 1)[0][0] == "c3"
    assert index.query(old[3], 1)[0][0] != "c3"


def test_deleted_chunk_is_not_found_and_unknown_ids_do_no_harm(index: VectorIndex) -> None:
    vectors = unit_vectors(50)
    index.upsert(names(50), vectors)
    index.delete(["c7", "never-there"])
    assert index.count() == 49
    assert "c7" not in [chunk_id for chunk_id, _ in index.query(vectors[7], 49)]


def test_more_than_there_are_may_be_asked_for(index: VectorIndex) -> None:
    index.upsert(names(3), unit_vectors(3))
    assert len(index.query(unit_vectors(1)[0], 100)) == 3


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_vector_that_is_not_finite_is_refused_and_nothing_written(index: VectorIndex, bad: float) -> None:
    vectors = unit_vectors(2)
    vectors[1, 4] = bad
    with pytest.raises(BadRequestError):
        index.upsert(names(2), vectors)
    assert index.count() == 0
    with pytest.raises(BadRequestError):
        index.query(vectors[1], 1)


def test_batches_beyond_chromas_limit_are_split(index: VectorIndex) -> None:
    index.upsert(names(6000), unit_vectors(6000, dim=8))
    assert index.count() == 6000


def test_chroma_is_told_no_text_and_no_metadata(tmp_path: Path) -> None:
    stack = VectorStack(tmp_path / "chroma")
    stack.client.upsert(names(1500), unit_vectors(1500))
    index = stack.live_index()
    stack.stop()
    import sqlite3

    with sqlite3.connect(index / "chroma.sqlite3") as db:
        assert db.execute("SELECT count(*) FROM embedding_metadata").fetchone()[0] == 0
        assert db.execute("SELECT count(*) FROM embedding_fulltext_search").fetchone()[0] == 0


def test_clean_close_is_believed_at_the_next_start(tmp_path: Path) -> None:
    source = MemorySource(names(300), unit_vectors(300))
    first = VectorStack(tmp_path / "chroma")
    assert GuardedVectors(first.client, source).ensure()
    first.stop()
    second = VectorStack(tmp_path / "chroma")
    try:
        assert second.client.state().state == "good"
        assert second.client.count() == 300
    finally:
        second.stop()


def test_what_was_missed_while_closed_is_made_up(tmp_path: Path) -> None:
    stack = VectorStack(tmp_path / "chroma")
    source = MemorySource(names(300), unit_vectors(300))
    GuardedVectors(stack.client, source).ensure()
    extra = unit_vectors(5, seed=4)
    source.rows |= dict(zip(names(5, "new"), extra, strict=True))
    del source.rows["c3"]
    vectors = GuardedVectors(stack.client, source)
    try:
        assert vectors.ensure()
        assert not vectors.is_exact
        assert stack.client.ids() == set(source.rows)
        assert vectors.query(extra[2], 1)[0][0] == "new2"
    finally:
        stack.stop()


def test_much_churn_makes_the_index_anew(tmp_path: Path) -> None:
    stack = VectorStack(tmp_path / "chroma")
    source = MemorySource(names(2000), unit_vectors(2000))
    try:
        GuardedVectors(stack.client, source).ensure()
        for seed in range(1, 3):
            changed = unit_vectors(600, seed=seed)
            source.rows |= dict(zip(names(600), changed, strict=True))
            stack.client.upsert(names(600), changed)
        assert stack.client.state().changed == 1200
        before = stack.live_index()
        assert GuardedVectors(stack.client, source).ensure()
        assert stack.live_index() != before
        assert stack.client.state().changed == 0
        assert stack.client.query(changed[5], 1)[0][0] == "c5"
    finally:
        stack.stop()


def test_chroma_finds_what_exact_search_finds(tmp_path: Path) -> None:
    """On clustered vectors, as those of notes are: the first fifty are the same but for a few."""
    centres = unit_vectors(60, seed=5, dim=128)
    spread = unit_vectors(6000, seed=6, dim=128)
    vectors = centres[np.arange(6000) % 60] + 0.9 * spread
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    exact = ExactIndex()
    exact.upsert(names(6000), vectors)
    stack = VectorStack(tmp_path / "chroma")
    try:
        stack.client.upsert(names(6000), vectors)
        shares = []
        for question in vectors[::300] + 0.3 * unit_vectors(20, seed=7, dim=128):
            right = {chunk_id for chunk_id, _ in exact.query(question, 50)}
            shares.append(len(right & {chunk_id for chunk_id, _ in stack.client.query(question, 50)}) / 50)
        assert np.mean(shares) > 0.98
    finally:
        stack.stop()
