"""A question becomes ranked passages: both legs asked, fused, neighbours merged."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.domain.answers import Passage
from assistant.domain.errors import (
    Cancelled,
    ModelUnavailableError,
    ProcessBrokenError,
    ProcessDiedError,
    StoreUnavailableError,
)
from assistant.domain.sentences import text_language
from assistant.models.ports import Embedder
from assistant.retrieval.fusion import FusedHit, FusionWeights, fuse
from assistant.retrieval.passages import RankedChunk, merge_neighbours
from assistant.retrieval.ports import ChunkStore, KeywordHit, KeywordSearch, Scope, Scopes, VectorSearch
from assistant.retrieval.terms import MOST_QUERY_CHARS

log = logging.getLogger(__name__)

LEG_TOP = 50
_PER_PASSAGE = 4


@dataclass(frozen=True, slots=True)
class Signals:
    """What abstention looks at.

    coverage: the best of the keyword leg. similarity: the best of the vector leg, None if that leg did not run. prominence: how far
    it stands out from the next five, None if there are fewer. crosses_languages: the best passage is in another language than the
    question, so that common words cannot be expected.
    """

    coverage: float = 0.0
    similarity: float | None = None
    prominence: float | None = None
    crosses_languages: bool = False


@dataclass(frozen=True, slots=True)
class RetrievalTimings:
    keyword_s: float = 0.0
    embed_s: float = 0.0
    vector_s: float = 0.0
    total_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Retrieved:
    """passages: best first. complete: both legs answered; else words only, and missing says why (an error kind)."""

    passages: tuple[Passage, ...] = ()
    signals: Signals = field(default_factory=Signals)
    timings: RetrievalTimings = field(default_factory=RetrievalTimings)
    complete: bool = False
    missing: str = ""


class Retriever:
    """Collaborators are shared; holds no state. Thread: any, several at once."""

    def __init__(
        self,
        keywords: KeywordSearch,
        vectors: VectorSearch | None,
        store: ChunkStore,
        embedder: Embedder | None,
        scopes: Scopes,
        weights: FusionWeights | None = None,
    ) -> None:
        self._keywords = keywords
        self._vectors = vectors
        self._store = store
        self._embedder = embedder
        self._scopes = scopes
        self._weights = weights or FusionWeights()

    def retrieve(
        self,
        query: str,
        *,
        top: int = 10,
        scope: Scope | None = None,
        cancelled: threading.Event | None = None,
        use_vectors: bool = True,
        unfinished: bool = False,
    ) -> Retrieved:
        """Find passages. Empty for a blank query.

        use_vectors: False asks the words only (search as you type). unfinished: the last word may be a beginning.
        Raises Cancelled. A model or vector store that is away is no error: complete is then False.
        """
        scope = scope or Scope()
        if not query.strip():
            return Retrieved(complete=True)
        watch = _Watch(cancelled)
        # Meaning first: it may wait for a model to be loaded, and a note may be written anew meanwhile. What the keyword leg finds
        # is looked up at once, so that at least that is there.
        meaning: list[tuple[str, float]] = []
        missing, embed_s = "switched-off", 0.0
        if use_vectors:
            meaning, missing, embed_s = self._vector_leg(query, max(LEG_TOP, _PER_PASSAGE * top), scope, watch)
        vector_s = watch.lap() if use_vectors else 0.0
        words = self._keyword_leg(query, max(LEG_TOP, _PER_PASSAGE * top), scope, unfinished)
        keyword_s = watch.lap()
        fused = fuse(words, meaning, self._weights)
        passages = merge_neighbours(self._look_up(fused, _PER_PASSAGE * top), top)
        watch.lap()
        timings = RetrievalTimings(keyword_s, embed_s, vector_s, watch.total())
        return Retrieved(tuple(passages), _signals(query, words, meaning, passages), timings, not missing, missing)

    def _keyword_leg(self, query: str, top: int, scope: Scope, unfinished: bool) -> list[tuple[str, KeywordHit]]:
        hits = self._keywords.search(query, top, scope, unfinished=unfinished)
        chunks = self._store.chunks_by_rowid([hit.rowid for hit in hits])
        return [(chunks[hit.rowid].chunk_id, hit) for hit in hits if hit.rowid in chunks]

    def _vector_leg(
        self, query: str, top: int, scope: Scope, watch: _Watch
    ) -> tuple[list[tuple[str, float]], str, float]:
        if self._vectors is None or self._embedder is None:
            return [], "model-unavailable", 0.0
        try:
            vector = self._embedder.embed_queries([query[:MOST_QUERY_CHARS]], watch.cancelled)[0]
            embed_s = watch.lap()
            within = self._scopes.chunk_ids_within(scope) if scope else None
            hits = self._vectors.query(vector, top, within)
        except (ModelUnavailableError, ProcessDiedError, ProcessBrokenError, StoreUnavailableError) as error:
            log.info("searching by words only: %s", error.kind)
            return [], error.kind, 0.0
        return hits, "", embed_s

    def _look_up(self, fused: Sequence[FusedHit], most: int) -> list[RankedChunk]:
        chunks = self._store.chunks_by_id([hit.chunk_id for hit in fused[:most]])
        return [RankedChunk(chunks[hit.chunk_id], hit) for hit in fused[:most] if hit.chunk_id in chunks]


def _signals(
    query: str,
    words: Sequence[tuple[str, KeywordHit]],
    meaning: Sequence[tuple[str, float]],
    passages: Sequence[Passage],
) -> Signals:
    similarity = meaning[0][1] if meaning else None
    next_five = [value for _, value in meaning[1:6]]
    return Signals(
        coverage=max((hit.coverage for _, hit in words), default=0.0),
        similarity=similarity,
        prominence=similarity - sum(next_five) / 5 if similarity is not None and len(next_five) == 5 else None,
        crosses_languages=bool(passages) and text_language(query) != text_language(passages[0].text),
    )


class _Watch:
    """Times the steps and raises Cancelled between them."""

    def __init__(self, cancelled: threading.Event | None) -> None:
        self.cancelled = cancelled
        self._start = self._last = time.perf_counter()

    def lap(self) -> float:
        if self.cancelled is not None and self.cancelled.is_set():
            raise Cancelled
        now = time.perf_counter()
        passed, self._last = now - self._last, now
        return passed

    def total(self) -> float:
        return time.perf_counter() - self._start
