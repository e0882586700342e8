"""Each leg is believed as far as it deserves."""

from __future__ import annotations

import pytest

from assistant.retrieval.fusion import fuse, leg_weights
from assistant.retrieval.ports import KeywordHit


def words(*scores_and_coverages: tuple[float, float], phrases: float = 0.0) -> list[tuple[str, KeywordHit]]:
    return [
        (f"k{place}", KeywordHit(place, score, coverage, phrases))
        for place, (score, coverage) in enumerate(scores_and_coverages)
    ]


def meaning(*similarities: float, prefix: str = "v") -> list[tuple[str, float]]:
    return [(f"{prefix}{place}", similarity) for place, similarity in enumerate(similarities)]


def test_nothing_found_gives_nothing() -> None:
    assert fuse([], []) == []


def test_one_leg_alone_keeps_its_order() -> None:
    assert [hit.chunk_id for hit in fuse(words((9.0, 0.9), (5.0, 0.8)), [])] == ["k0", "k1"]
    assert [hit.chunk_id for hit in fuse([], meaning(0.6, 0.5, 0.1))] == ["v0", "v1", "v2"]


def test_question_whose_words_barely_occur_is_answered_by_meaning() -> None:
    assert fuse(words((2.0, 0.1), (1.9, 0.1)), meaning(0.55, 0.3, 0.1))[0].chunk_id == "v0"


def test_name_that_one_chunk_holds_whole_wins_over_vague_meaning() -> None:
    assert fuse(words((12.0, 1.0), (3.0, 0.2)), meaning(0.35, 0.33, 0.2))[0].chunk_id == "k0"


def test_chunk_that_both_legs_find_beats_either_alone() -> None:
    both = [("both", KeywordHit(1, 8.0, 0.8)), ("word", KeywordHit(2, 8.5, 0.8))]
    fused = fuse(both, [("meaning", 0.5), ("both", 0.48), ("far", 0.1)])
    assert fused[0].chunk_id == "both"
    assert (fused[0].keyword_rank, fused[0].vector_rank) == (1, 2)


def test_quoted_phrase_lifts_the_chunk_that_has_it() -> None:
    hits = [("without", KeywordHit(1, 6.0, 0.7)), ("with", KeywordHit(2, 5.5, 0.7, phrases=1.0))]
    assert fuse(hits, meaning(0.3, 0.2))[0].chunk_id == "with"


def test_equal_hits_come_in_a_fixed_order() -> None:
    one = fuse(words((5.0, 0.5), (5.0, 0.5), (5.0, 0.5)), [])
    assert [hit.chunk_id for hit in one] == ["k0", "k1", "k2"]


def test_scores_lie_within_bounds_for_strange_input() -> None:
    for keyword in ([], words((0.0, 0.0)), words((-1.0, 1.0), phrases=1.0)):
        for vector in ([], meaning(1.0), meaning(-0.2, -0.3), meaning(0.4, 0.4)):
            assert all(0.0 <= hit.score <= 1.0 for hit in fuse(keyword, vector))


def test_a_question_that_is_little_more_than_a_name_leans_on_its_word() -> None:
    keyword, vector = words((9.0, 0.8), (1.0, 0.1)), meaning(0.6, 0.3, 0.1)
    assert fuse(keyword, vector, dominance=0.25)[0].chunk_id == "v0"
    assert fuse(keyword, vector, dominance=0.9)[0].chunk_id == "k0"


@pytest.mark.parametrize("dominance", [0.0, 0.3, 0.7, 1.0])
def test_both_legs_are_believed_to_one_together(dominance: float) -> None:
    weights = leg_weights(words((9.0, 1.0)), meaning(0.5), dominance)
    assert weights.keyword + weights.vector == pytest.approx(1.0)
    assert 0.0 < weights.vector < 1.0


def test_the_parts_add_up_to_the_score() -> None:
    for hit in fuse(words((9.0, 0.9), (5.0, 0.8)), meaning(0.6, 0.5), 0.5):
        assert hit.keyword_part + hit.vector_part == pytest.approx(hit.score)
