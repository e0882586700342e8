"""Two ranked lists become one.

Plain reciprocal rank fusion weighs both lists alike. When the words of a question barely occur in the notes (another language,
other words for the same thing) the keyword list is noise, and when a question is a name or a code the vector list is. So scores are
fused, not ranks, and each leg is believed as far as it deserves: keywords by how much of the question the best chunk covers, and by how
much of the question a single telling word is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.retrieval.ports import KeywordHit


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """keyword: weight of the keyword leg when its best chunk covers the whole question; the vector leg has the rest. dominance: added, times
    a power of the share of the most telling word, because a question that is little more than a name is best answered by it.

    Tuned with scripts/tune_retrieval.py on the five development sets and on questions about a rare word made from their notes; see
    docs/decisions/0301."""

    keyword: float = 0.3
    dominance: float = 3.0
    dominance_power: float = 4.0
    most_keyword: float = 0.95
    phrase_bonus: float = 0.3


@dataclass(frozen=True, slots=True)
class LegWeights:
    """How far each leg is believed for one query; together 1."""

    keyword: float
    vector: float


@dataclass(frozen=True, slots=True)
class FusedHit:
    """score within [0, 1], higher is better: the two parts, already weighed, together. Ranks count from 1; None: not found by that leg."""

    chunk_id: str
    score: float
    keyword_rank: int | None
    vector_rank: int | None
    coverage: float
    similarity: float | None
    keyword_part: float = 0.0
    vector_part: float = 0.0
    keyword_score: float | None = None
    date_part: float = 0.0


def leg_weights(
    keyword: Sequence[tuple[str, KeywordHit]],
    vector: Sequence[tuple[str, float]],
    dominance: float = 0.0,
    weights: FusionWeights | None = None,
) -> LegWeights:
    """A leg that found nothing leaves everything to the other. dominance: share of the most telling word in the query's weight."""
    weights = weights or FusionWeights()
    if not vector:
        return LegWeights(1.0, 0.0)
    if not keyword:
        return LegWeights(0.0, 1.0)
    believed = max(hit.coverage for _, hit in keyword)
    share = min(
        weights.most_keyword, believed * (weights.keyword + weights.dominance * dominance**weights.dominance_power)
    )
    return LegWeights(share, 1.0 - share)


def fuse(
    keyword: Sequence[tuple[str, KeywordHit]],
    vector: Sequence[tuple[str, float]],
    dominance: float = 0.0,
    weights: FusionWeights | None = None,
) -> list[FusedHit]:
    """Fuse both legs, best first. Each leg comes best first; either may be empty. Ties are broken by chunk id."""
    weights = weights or FusionWeights()
    legs = leg_weights(keyword, vector, dominance, weights)
    keyword_parts = _keyword_parts(keyword, weights)
    vector_parts = _vector_parts(vector)
    keyword_rank = {chunk_id: rank for rank, (chunk_id, _) in enumerate(keyword, 1)}
    vector_rank = {chunk_id: rank for rank, (chunk_id, _) in enumerate(vector, 1)}
    hits = dict(keyword)
    similarity = dict(vector)
    fused = []
    for chunk_id in {**keyword_rank, **vector_rank}:
        keyword_part = legs.keyword * keyword_parts.get(chunk_id, 0.0)
        vector_part = legs.vector * vector_parts.get(chunk_id, 0.0)
        hit = hits.get(chunk_id)
        fused.append(
            FusedHit(
                chunk_id=chunk_id,
                score=min(1.0, keyword_part + vector_part),
                keyword_rank=keyword_rank.get(chunk_id),
                vector_rank=vector_rank.get(chunk_id),
                coverage=hit.coverage if hit else 0.0,
                similarity=similarity.get(chunk_id),
                keyword_part=keyword_part,
                vector_part=vector_part,
                keyword_score=hit.score if hit else None,
            )
        )
    return sorted(fused, key=lambda hit: (-hit.score, hit.chunk_id))


def _keyword_parts(hits: Sequence[tuple[str, KeywordHit]], weights: FusionWeights) -> Mapping[str, float]:
    """BM25 relative to the best one, times coverage."""
    if not hits:
        return {}
    best = max(hit.score for _, hit in hits)
    return {
        chunk_id: min(1.0, (hit.score / best if best > 0 else 1.0) * hit.coverage + weights.phrase_bonus * hit.phrases)
        for chunk_id, hit in hits
    }


def _vector_parts(hits: Sequence[tuple[str, float]]) -> Mapping[str, float]:
    """Similarity stretched so that the last of the list is 0 and the best as it is."""
    if not hits:
        return {}
    floor = min(similarity for _, similarity in hits)
    room = max(1e-6, 1.0 - floor)
    return {chunk_id: max(0.0, (similarity - floor) / room) for chunk_id, similarity in hits}
