"""Two ranked lists become one.

Plain reciprocal rank fusion weighs both lists alike. When the words of a question barely occur in the notes (another language,
other words for the same thing) the keyword list is noise, and when a question is a name or a code the vector list is. So scores are
fused, not ranks, and each leg is believed as far as it deserves: keywords by how much of the question the best chunk covers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.retrieval.ports import KeywordHit


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """keyword: weight of the keyword leg when its best chunk covers the whole question; the vector leg has the rest.

    Tuned with scripts/tune_retrieval.py on the five development sets, where 0.3-0.5 hardly differ; see docs/decisions/0301."""

    keyword: float = 0.4
    coverage_power: float = 1.0
    phrase_bonus: float = 0.3


@dataclass(frozen=True, slots=True)
class FusedHit:
    """score within [0, 1], higher is better. Ranks count from 1; None: not found by that leg."""

    chunk_id: str
    score: float
    keyword_rank: int | None
    vector_rank: int | None
    coverage: float
    similarity: float | None


def fuse(
    keyword: Sequence[tuple[str, KeywordHit]],
    vector: Sequence[tuple[str, float]],
    weights: FusionWeights | None = None,
) -> list[FusedHit]:
    """Fuse both legs, best first. Each leg comes best first; either may be empty. Ties are broken by chunk id."""
    weights = weights or FusionWeights()
    keyword_parts = _keyword_parts(keyword, weights)
    vector_parts = _vector_parts(vector)
    keyword_rank = {chunk_id: rank for rank, (chunk_id, _) in enumerate(keyword, 1)}
    vector_rank = {chunk_id: rank for rank, (chunk_id, _) in enumerate(vector, 1)}
    coverage = {chunk_id: hit.coverage for chunk_id, hit in keyword}
    similarity = dict(vector)
    believed = max((hit.coverage for _, hit in keyword), default=0.0)
    keyword_weight = weights.keyword * believed**weights.coverage_power if vector else 1.0
    vector_weight = (1.0 - keyword_weight) if keyword else 1.0
    fused = [
        FusedHit(
            chunk_id,
            min(
                1.0, keyword_weight * keyword_parts.get(chunk_id, 0.0) + vector_weight * vector_parts.get(chunk_id, 0.0)
            ),
            keyword_rank.get(chunk_id),
            vector_rank.get(chunk_id),
            coverage.get(chunk_id, 0.0),
            similarity.get(chunk_id),
        )
        for chunk_id in {**keyword_rank, **vector_rank}
    ]
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
