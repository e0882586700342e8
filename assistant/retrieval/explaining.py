"""Why a search found what it found, and why not a certain note: the same search once more, with every figure kept."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from assistant.domain.search import (
    ExplainedPassage,
    LegView,
    NoteExplanation,
    SearchExplanation,
    Verdict,
)
from assistant.retrieval.fusion import leg_weights
from assistant.retrieval.passages import RankedChunk, passage_of
from assistant.retrieval.ports import ChunkStore, KeywordSearch, Scope, Scopes, VectorSearch
from assistant.retrieval.retriever import Retriever, SearchRun, without_relative_dates
from assistant.retrieval.terms import parse_query

DEEP = 200
"""So many passages are ranked to find a note's place. Beyond them a place means nothing to anybody."""

_ALL = -1e12
"""A score that everything beats."""


class SearchExplainer:
    """Collaborators as the Retriever's. Thread: any; takes some times as long as a search."""

    def __init__(
        self,
        retriever: Retriever,
        keywords: KeywordSearch,
        vectors: VectorSearch,
        store: ChunkStore,
        scopes: Scopes,
    ) -> None:
        self._retriever = retriever
        self._keywords = keywords
        self._vectors = vectors
        self._store = store
        self._scopes = scopes

    def explain(
        self,
        query: str,
        top: int,
        scope: Scope,
        note: tuple[int, str] | None = None,
        cancelled: threading.Event | None = None,
        *,
        unfinished: bool = False,
    ) -> SearchExplanation:
        """Search, and say what came of every part of it.

        Args:
            unfinished: as for the search that is to be explained.
            note: (folder_id, note) whose place is to be told. What only the library knows of it (its state) is left to the caller,
                and the verdict only tells "found", "filtered" and "outranked" apart.

        Raises: Cancelled, StoreUnavailableError.
        """
        run = self._retriever.run(query, top, scope, cancelled, unfinished=unfinished, exact_phrases=True)
        weights = leg_weights(run.keyword, run.meaning, run.words.dominance)
        words = without_relative_dates(run.understood)
        everything = self._rank_of(words, run, _ALL, unfinished) - 1 if words.strip() else 0
        return SearchExplanation(
            understood=run.understood,
            words=run.words.words,
            chunks=self._store.chunk_count(),
            keyword_found=everything,
            vector_found=self._store.count() if not run.missing else 0,
            keyword_weight=weights.keyword,
            vector_weight=weights.vector,
            missing=run.missing,
            exact=self._vectors.is_exact,
            reranker=run.reranker,
            passages=tuple(_explained(group, run) for group in run.groups),
            note=self._note(query, scope, run, words, note, cancelled, unfinished) if note is not None else None,
        )

    def _note(
        self,
        query: str,
        scope: Scope,
        run: SearchRun,
        words: str,
        note: tuple[int, str],
        cancelled: threading.Event | None,
        unfinished: bool,
    ) -> NoteExplanation:
        place = Scope(notes=(note,))
        rank = _rank_of(note, run)
        is_shown = rank is not None
        if not is_shown:
            run = self._retriever.run(query, DEEP, scope, cancelled, unfinished=unfinished, exact_phrases=True)
            rank = _rank_of(note, run)
        failed = self._scopes.failed_filters(run.understood.filters, *note)
        found = self._keywords.search(words, 1, place, unfinished=unfinished, spellings=run.spellings)
        hit = next(iter(found.hits), None)
        chunk = None
        if hit is not None:
            chunk = self._store.chunks_by_rowid([hit.rowid]).get(hit.rowid)
        typed = parse_query(words, unfinished=unfinished).prefix
        held = tuple(
            one.word
            for one in run.words.words
            if self._keywords.search(one.word, 1, place, unfinished=one.word == typed).hits
        )
        verdict = Verdict.FILTERED if failed else Verdict.FOUND if is_shown else Verdict.OUTRANKED
        return NoteExplanation(
            note=note[1],
            verdict=verdict,
            rank=rank,
            keyword=LegView(self._rank_of(words, run, hit.score, unfinished), hit.score) if hit else LegView(),
            vector=self._vector_view(run, place),
            coverage=hit.coverage if hit else 0.0,
            held=held,
            lacking=tuple(one.word for one in run.words.words if one.word not in held),
            failed_filters=failed,
            text=chunk.text if chunk else "",
        )

    def _rank_of(self, words: str, run: SearchRun, score: float, unfinished: bool) -> int:
        return self._keywords.rank_of(words, run.scope, score, unfinished=unfinished, spellings=run.spellings)

    def _vector_view(self, run: SearchRun, place: Scope) -> LegView:
        """The note's chunk that is nearest in meaning. Its rank only where the leg's own list reaches."""
        if run.vector is None:
            return LegView()
        best = next(iter(self._vectors.query(run.vector, 1, self._scopes.chunk_ids_within(place))), None)
        if best is None:
            return LegView()
        rank = next((rank for rank, (chunk_id, _) in enumerate(run.meaning, 1) if chunk_id == best[0]), None)
        return LegView(rank, best[1])


def _rank_of(note: tuple[int, str], run: SearchRun) -> int | None:
    return next((rank for rank, group in enumerate(run.groups, 1) if _is_of(group, note)), None)


def _is_of(group: Sequence[RankedChunk], note: tuple[int, str]) -> bool:
    chunks = (group[0].chunk, *group[0].twins)
    return any((chunk.folder_id, chunk.note) == note for chunk in chunks)


def _explained(group: Sequence[RankedChunk], run: SearchRun) -> ExplainedPassage:
    hit = group[0].hit
    return ExplainedPassage(
        passage=passage_of(group),
        keyword=LegView(hit.keyword_rank, hit.keyword_score),
        vector=LegView(hit.vector_rank, hit.similarity),
        keyword_part=hit.keyword_part,
        vector_part=hit.vector_part,
        date_part=hit.date_part,
        reranked=run.reranked.get(group[0].chunk.chunk_id),
    )
