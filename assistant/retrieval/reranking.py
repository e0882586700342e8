"""A reranker, if the user has added one, puts the best passages in its own order. Without one nothing changes."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.errors import ModelUnavailableError, ProcessBrokenError, ProcessDiedError
from assistant.models.ports import Reranker
from assistant.retrieval.passages import RankedChunk, passage_of

log = logging.getLogger(__name__)

RERANKED = 20
"""The first passages, which a reranker reads word for word with the question; beyond them it costs more than it finds."""


BUDGET_S = 5.0
"""How long a person waits for a better order. What was not read by then stays below what was."""

_SLICE = 4


def rerank(
    reranker: Reranker, question: str, groups: Sequence[list[RankedChunk]], cancelled: threading.Event | None
) -> tuple[list[list[RankedChunk]], dict[str, float]]:
    """The groups in the reranker's order, and its scores by the id of each group's best chunk.

    A reranker that is away is no error: the order stays and there are no scores. Raises Cancelled.
    """
    scores: list[float] = []
    end = time.monotonic() + BUDGET_S
    try:
        while len(scores) < min(len(groups), RERANKED) and time.monotonic() < end:
            part = groups[len(scores) : min(len(scores) + _SLICE, RERANKED)]
            scores += reranker.scores(question, [passage_of(group).text for group in part], cancelled)
    except (ModelUnavailableError, ProcessDiedError, ProcessBrokenError) as error:
        log.info("not reranked: %s", error.kind)
        return list(groups), {}
    if not scores:
        return list(groups), {}
    read, rest = groups[: len(scores)], groups[len(scores) :]
    order = sorted(range(len(read)), key=lambda place: (-scores[place], place))
    least = _probability(min(scores))
    ranked = [_with_score(read[place], _probability(scores[place])) for place in order]
    # What it has not read stays below what it has.
    ranked += [_with_score(group, min(group[0].hit.score, least)) for group in rest]
    return ranked, {group[0].chunk.chunk_id: score for group, score in zip(read, scores, strict=True)}


def _with_score(group: Sequence[RankedChunk], score: float) -> list[RankedChunk]:
    return [replace(group[0], hit=replace(group[0].hit, score=score)), *group[1:]]


def _probability(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
