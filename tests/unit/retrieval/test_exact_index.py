"""Exact search is the yardstick: right by construction, after any order of changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.errors import BadRequestError
from assistant.retrieval.exact import ExactIndex
from tests.unit.retrieval.retrieval_fakes import HashingEmbedder, MemoryCatalog


def row(number: int) -> np.ndarray:
    vector = np.random.default_rng(number).normal(size=8).astype(np.float32)
    return vector / np.linalg.norm(vector)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 12), st.integers(0, 30)), max_size=60))
def test_after_any_changes_it_holds_exactly_what_was_left(changes: list[tuple[bool, int, int]]) -> None:
    index, model = ExactIndex(), {}
    for is_delete, name, seed in changes:
        if is_delete:
            index.delete([str(name)])
            model.pop(str(name), None)
        else:
            index.upsert([str(name)], row(seed)[np.newaxis])
            model[str(name)] = row(seed).astype(np.float16).astype(np.float32)
    assert index.count() == len(model)
    question = row(99)
    expected = sorted(
        ((name, float(vector @ question)) for name, vector in model.items()), key=lambda hit: (-hit[1], hit[0])
    )
    found = index.query(question, 5)
    assert [similarity for _, similarity in found] == pytest.approx([hit[1] for hit in expected[:5]], abs=1e-5)
    assert {name for name, _ in index.query(question, 100)} == set(model)


def test_equal_vectors_come_in_the_order_of_their_ids() -> None:
    index = ExactIndex()
    index.upsert(["b", "c", "a"], np.stack([row(1)] * 3))
    assert [name for name, _ in index.query(row(1), 2)] == ["a", "b"]


def test_only_the_given_ids_are_compared() -> None:
    index = ExactIndex()
    index.upsert(["a", "b", "c"], np.stack([row(1), row(2), row(3)]))
    assert [name for name, _ in index.query(row(1), 5, within=["c", "unknown"])] == ["c"]
    assert index.query(row(1), 5, within=[]) == []


def test_loading_replaces_what_was_there() -> None:
    catalog = MemoryCatalog()
    catalog.add_note("a.md", "one", "two")
    catalog.embed_all(HashingEmbedder())
    index = ExactIndex()
    index.upsert(["old"], row(1)[np.newaxis])
    index.load(catalog)
    assert index.count() == 2
    assert index.query(catalog.vectors["chunk-2"], 1)[0][0] == "chunk-2"


@pytest.mark.parametrize("question", [np.zeros(3, np.float32), np.full(8, np.nan, np.float32)])
def test_question_of_another_shape_or_kind_is_refused(question: np.ndarray) -> None:
    index = ExactIndex()
    index.upsert(["a"], row(1)[np.newaxis])
    with pytest.raises(BadRequestError):
        index.query(question, 1)
