"""What texts go through on their way to a vector: preparation, packing, centring."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.centring import Centring, centring_from, means_text, shipped_centring
from assistant.models.manifest import read_manifest
from assistant.models.packed_encoder import pack
from assistant.models.text_preparation import TextRole, prepare


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        ("hello", "passage: hello"),
        ("  two\n\nlines\tand\u3000more  ", "passage: two lines and more"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ ﬁne", "passage: Full width fine"),
        ("a\ud800b", "passage: ab"),
        ("", "passage: "),
    ],
)
def test_text_is_normalised_before_it_is_embedded(text: str, prepared: str) -> None:
    assert prepare(text, TextRole.PASSAGE) == prepared


def test_a_question_is_told_from_a_passage() -> None:
    assert prepare("why?", TextRole.QUERY) == "query: why?"


@given(st.lists(st.integers(1, 512), max_size=60))
def test_every_text_is_packed_once_and_no_window_overflows(lengths: list[int]) -> None:
    groups = list(pack([[0] * length for length in lengths], 512, most_sequences=8))
    assert sorted(item.index for group in groups for item in group) == list(range(len(lengths)))
    for group in groups:
        assert sum(len(item.tokens) for item in group) <= 512
        assert 1 <= len(group) <= 8


def test_packing_fills_windows() -> None:
    groups = list(pack([[0] * 128] * 16, 512))
    assert len(groups) == 4


def _unit(*values: float) -> np.ndarray:
    row = np.array(values, dtype=np.float32)
    return row / np.linalg.norm(row)


def test_centring_takes_away_what_a_language_has_in_common() -> None:
    english, chinese = _unit(5, 0, 1, 0), _unit(0, 5, 1, 0)
    means = {("en", TextRole.PASSAGE): _unit(1, 0, 0, 0), ("zh", TextRole.PASSAGE): _unit(0, 1, 0, 0)}
    rows = Centring(means).apply(np.stack([english, chinese]), ["a word", "一个词"], TextRole.PASSAGE)
    assert float(english @ chinese) < 0.1
    assert float(rows[0] @ rows[1]) > 0.9
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0)
    assert rows.dtype == np.float32


def test_without_means_vectors_stay_as_they_are() -> None:
    rows = np.eye(3, dtype=np.float32)
    centring = Centring({})
    assert not centring.is_active
    assert centring.id == "raw"
    assert np.array_equal(centring.apply(rows, ["a", "b", "c"], TextRole.QUERY), rows)


def test_no_texts_give_no_rows() -> None:
    empty = np.zeros((0, 4), dtype=np.float32)
    centring = Centring({("en", TextRole.QUERY): _unit(1, 0, 0, 0)})
    assert centring.apply(empty, [], TextRole.QUERY).shape == (0, 4)


def test_stored_means_belong_to_one_file_and_change_the_id() -> None:
    means = {("en", TextRole.QUERY): _unit(1, 2, 3, 4)}
    text = means_text("model", "abc", means, {"en.query": 1})
    stored = centring_from(text, "abc")
    assert stored.id == Centring(means).id
    assert stored.id != Centring({("en", TextRole.QUERY): _unit(1, 2, 3, 5)}).id
    assert not centring_from(text, "another file").is_active


def test_means_are_shipped_for_the_starter_embedder() -> None:
    embedder = read_manifest().find("multilingual-e5-small")
    assert embedder is not None
    assert shipped_centring(embedder.sha256).is_active
