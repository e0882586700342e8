"""A question becomes ranked passages: taken apart, both legs asked, fused, neighbours merged."""

from __future__ import annotations

import contextlib
import functools
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.domain.answers import Passage
from assistant.domain.errors import (
    Cancelled,
    ModelUnavailableError,
    ProcessBrokenError,
    ProcessDiedError,
    StoreUnavailableError,
)
from assistant.domain.order import ResultOrder
from assistant.domain.search import DateRange, Understood
from assistant.domain.sentences import text_language
from assistant.models.ports import Embedder, FloatMatrix, Reranker
from assistant.retrieval.dated import DATE_BONUS, date_part, is_short, spellings_of
from assistant.retrieval.found_words import found_words
from assistant.retrieval.fusion import FusedHit, FusionWeights, fuse
from assistant.retrieval.linked_notes import NAMED_PLACE, insert_named, notes_named
from assistant.retrieval.ordering import MOST_SORTED, date_s, in_order
from assistant.retrieval.passages import RankedChunk, group_neighbours, passage_of
from assistant.retrieval.ports import (
    ChunkStore,
    KeywordAnswer,
    KeywordHit,
    KeywordSearch,
    Scope,
    Scopes,
    VectorSearch,
)
from assistant.retrieval.query_filters import parse_filters
from assistant.retrieval.reranking import rerank
from assistant.retrieval.stemming import Stemmer
from assistant.retrieval.terms import MOST_QUERY_CHARS, is_across_words, is_code, is_filler, parse_query, words
from assistant.retrieval.titles import TitleIndex

log = logging.getLogger(__name__)

MOST_NAMED = 20
"""Notes that a second search looks into; the first passages name the first of them."""

LEG_TOP = 50
_PER_PASSAGE = 4


@dataclass(frozen=True, slots=True)
class Signals:
    """What abstention looks at.

    coverage: the best of the keyword leg. similarity: the best of the vector leg, None if that leg did not run. prominence: how far
    it stands out from the next five, None if there are fewer. crosses_languages: what is nearest in meaning is in another language than
    the question, so that common words cannot be expected. of_days: the best passage is of the day, week or month that the question names.
    says_of_days: and holds a word of what is asked about them, if there is one. lacks_code: the question has a code or a long number that is
    in no chunk.
    """

    coverage: float = 0.0
    similarity: float | None = None
    prominence: float | None = None
    crosses_languages: bool = False
    of_days: bool = False
    says_of_days: bool = False
    lacks_code: bool = False


@dataclass(frozen=True, slots=True)
class RetrievalTimings:
    keyword_s: float = 0.0
    embed_s: float = 0.0
    vector_s: float = 0.0
    total_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Retrieved:
    """passages: best first. complete: both legs answered; else words only, and missing says why (an error kind). understood: the query
    taken apart. found: while somebody types, the words of titles, headings and passages that count as what was typed.
    dates_s: of each passage's note, in Unix seconds."""

    passages: tuple[Passage, ...] = ()
    signals: Signals = field(default_factory=Signals)
    timings: RetrievalTimings = field(default_factory=RetrievalTimings)
    complete: bool = False
    missing: str = ""
    understood: Understood = field(default_factory=Understood)
    found: tuple[str, ...] = ()
    dates_s: tuple[float, ...] = ()


@dataclass(slots=True)
class SearchRun:
    """All that one search came across, for those who explain it. groups: ranked chunks, merged into passages, best first; keyword: with the
    ids of the chunks; missing: why the vector leg did not answer; vector: of the query; spellings: of the days it names; reranked: scores
    by chunk id, of the reranker called `reranker`."""

    understood: Understood
    scope: Scope
    words: KeywordAnswer = field(default_factory=KeywordAnswer)
    keyword: list[tuple[str, KeywordHit]] = field(default_factory=list)
    meaning: list[tuple[str, float]] = field(default_factory=list)
    missing: str = ""
    vector: FloatMatrix | None = None
    spellings: list[str] = field(default_factory=list)
    groups: list[list[RankedChunk]] = field(default_factory=list)
    reranker: str = ""
    reranked: dict[str, float] = field(default_factory=dict)
    timings: RetrievalTimings = field(default_factory=RetrievalTimings)


class Retriever:
    """Collaborators are shared; holds nothing but the titles of all notes. Thread: any, several at once."""

    def __init__(
        self,
        keywords: KeywordSearch,
        vectors: VectorSearch | None,
        store: ChunkStore,
        embedder: Embedder | None,
        scopes: Scopes,
        weights: FusionWeights | None = None,
        reranker: Callable[[], Reranker | None] = lambda: None,
        today: Callable[[], date] = date.today,
    ) -> None:
        """reranker: gives the one in use, which may change between two searches."""
        self._keywords = keywords
        self._vectors = vectors
        self._store = store
        self._embedder = embedder
        self._scopes = scopes
        self._weights = weights or FusionWeights()
        self._reranker = reranker
        self._titles = TitleIndex(store)
        self._stemmer = Stemmer()
        self._today = today

    def retrieve(
        self,
        query: str,
        *,
        top: int = 10,
        scope: Scope | None = None,
        cancelled: threading.Event | None = None,
        use_vectors: bool = True,
        unfinished: bool = False,
        exact_phrases: bool = False,
        order: ResultOrder = ResultOrder.BEST,
    ) -> Retrieved:
        """Find passages. Empty for a blank query; for nothing but filters the newest notes that pass them.

        use_vectors: False asks the words only (search as you type). unfinished: the last word may be a beginning.
        exact_phrases: what stands in quotation marks must stand in a passage just so, if any has it; in a question, where a title may be
        quoted, it only counts for more. order: any other than the best first is made of what holds the words, if anything does, one passage
        a note.
        Raises Cancelled. A model or vector store that is away is no error: complete is then False.
        """
        scope = scope or Scope()
        ask = functools.partial(
            self.run, query, scope=scope, cancelled=cancelled, unfinished=unfinished, exact_phrases=exact_phrases
        )
        if order is ResultOrder.BEST:
            run = ask(top=top, use_vectors=use_vectors)
        else:
            run = ask(top=MOST_SORTED, use_vectors=False, order=order)
            run.missing = ""
            if not run.groups and use_vectors:
                run = ask(top=top)
            run.groups = in_order(run.groups, order, top)
        passages = [passage_of(group) for group in run.groups]
        return Retrieved(
            passages=tuple(passages),
            signals=_signals(run, passages, self._stemmer),
            timings=run.timings,
            complete=not run.missing,
            missing=run.missing,
            understood=run.understood,
            found=self._found(run, passages) if unfinished else (),
            dates_s=tuple(date_s(group[0].chunk) for group in run.groups),
        )

    def _found(self, run: SearchRun, passages: Sequence[Passage]) -> tuple[str, ...]:
        texts = (part for one in passages for part in (one.note, one.title, *one.heading_path, one.text))
        return found_words(run.words.words, texts, self._stemmer, unfinished=True)

    def run(
        self,
        query: str,
        top: int,
        scope: Scope,
        cancelled: threading.Event | None,
        *,
        use_vectors: bool = True,
        unfinished: bool = False,
        exact_phrases: bool = False,
        order: ResultOrder = ResultOrder.BEST,
    ) -> SearchRun:
        """As `retrieve`, with everything on the way. order: of what nothing but filters finds."""
        understood = parse_filters(query, self._today())
        scope = replace(scope, filters=(*scope.filters, *understood.filters))
        run = SearchRun(understood, scope)
        if not understood.words.strip():
            if understood.filters:
                run.groups = self._within(scope, top, order)
            return run
        watch = _Watch(cancelled)
        leg_top = max(LEG_TOP, _PER_PASSAGE * top)
        # Meaning first: it may wait for a model to be loaded, and a note may be written anew meanwhile. What the keyword leg finds
        # is looked up at once, so that at least that is there.
        run.missing, embed_s = "switched-off", 0.0
        if use_vectors:
            embed_s = self._vector_leg(run, leg_top, watch)
        vector_s = watch.lap() if use_vectors else 0.0
        run.spellings = spellings_of(understood.dates)
        words = without_relative_dates(understood)
        run.words = self._keywords.search(words, leg_top, scope, unfinished=unfinished, spellings=run.spellings)
        run.keyword = self._with_ids(run.words)
        is_narrowed = exact_phrases and _keep_exact(run)
        keyword_s = watch.lap()
        fused = fuse(run.keyword, run.meaning, run.words.dominance, self._weights)
        run.groups = group_neighbours(self._look_up(fused, _PER_PASSAGE * top, understood), top)
        watch.lap()
        if use_vectors and not unfinished and not is_narrowed:
            self._second_search(run, top, leg_top)
            watch.lap()
        reranker = self._reranker() if use_vectors and not unfinished else None
        if reranker is not None:
            run.groups, run.reranked = rerank(reranker, understood.words, run.groups, cancelled)
            run.reranker = reranker.name if run.reranked else ""
        run.timings = RetrievalTimings(keyword_s, embed_s, vector_s, watch.total())
        return run

    def _second_search(self, run: SearchRun, top: int, leg_top: int) -> None:
        """Put the best note that the first passages name among the first five, unless it is there: half of an answer often stands there."""
        shown = {
            (chunk.folder_id, chunk.note)
            for group in run.groups[:NAMED_PLACE]
            for chunk in (group[0].chunk, *group[0].twins)
        }
        named = notes_named(run.groups, self._titles)
        scope = replace(run.scope, notes=tuple(key for key in named if key not in shown)[:MOST_NAMED])
        if not scope.notes:
            return
        words = self._keywords.search(run.understood.words, leg_top, scope)
        meaning: list[tuple[str, float]] = []
        if run.vector is not None and self._vectors is not None:
            with contextlib.suppress(StoreUnavailableError):
                meaning = self._vectors.query(run.vector, leg_top, self._scopes.chunk_ids_within(scope))
        fused = fuse(self._with_ids(words), meaning, words.dominance, self._weights)
        found = group_neighbours(self._look_up(fused, _PER_PASSAGE, run.understood), 1)
        if found:
            run.groups = insert_named(run.groups, found[0], named)[:top]

    def _with_ids(self, found: KeywordAnswer) -> list[tuple[str, KeywordHit]]:
        """The hits with the ids of their chunks; without those that a note written meanwhile no longer has."""
        chunks = self._store.chunks_by_rowid([hit.rowid for hit in found.hits])
        return [(chunks[hit.rowid].chunk_id, hit) for hit in found.hits if hit.rowid in chunks]

    def _within(self, scope: Scope, top: int, order: ResultOrder) -> list[list[RankedChunk]]:
        ids = self._scopes.newest_within(scope, top, order)
        chunks = self._store.chunks_by_id(ids)
        return [
            [RankedChunk(chunks[chunk_id], FusedHit(chunk_id, 1.0 / place, None, None, 0.0, None))]
            for place, chunk_id in enumerate(ids, 1)
            if chunk_id in chunks
        ]

    def _vector_leg(self, run: SearchRun, top: int, watch: _Watch) -> float:
        """Fill in meaning, or why it is missing. Returns the seconds of embedding the query."""
        if self._vectors is None or self._embedder is None:
            run.missing = ModelUnavailableError.kind
            return 0.0
        embed_s = 0.0
        try:
            words = run.understood.words[:MOST_QUERY_CHARS]
            run.vector = self._embedder.embed_queries([words], watch.cancelled)[0]
            embed_s = watch.lap()
            within = self._scopes.chunk_ids_within(run.scope) if run.scope else None
            run.meaning = self._vectors.query(run.vector, top, within)
            run.missing = ""
        except (ModelUnavailableError, ProcessDiedError, ProcessBrokenError, StoreUnavailableError) as error:
            log.info("searching by words only: %s", error.kind)
            run.missing = error.kind
        return embed_s

    def _look_up(self, fused: Sequence[FusedHit], most: int, understood: Understood) -> list[RankedChunk]:
        """The chunks of the best hits. Days that the question names lift those that fit, so then all hits are looked at."""
        wanted = fused if understood.dates else fused[:most]
        chunks = self._store.chunks_by_id([hit.chunk_id for hit in wanted])
        ranked = [RankedChunk(chunks[hit.chunk_id], hit) for hit in wanted if hit.chunk_id in chunks]
        if not understood.dates:
            return ranked
        dated = [RankedChunk(item.chunk, _with_date(item, understood)) for item in ranked]
        return sorted(dated, key=lambda item: (-item.hit.score, item.hit.chunk_id))[:most]


def _keep_exact(run: SearchRun) -> bool:
    """Leave only what holds the quoted phrases, all of them or as many as any chunk does. False if there are none to be found."""
    most = max((hit.phrases for _, hit in run.keyword), default=0.0)
    if not most:
        return False
    run.keyword = [(chunk_id, hit) for chunk_id, hit in run.keyword if hit.phrases == most]
    kept = {chunk_id for chunk_id, _ in run.keyword}
    run.meaning = [(chunk_id, similarity) for chunk_id, similarity in run.meaning if chunk_id in kept]
    return True


def without_relative_dates(understood: Understood) -> str:
    """The words of a query but for days counted from today: nobody writes "last week" of what was last week."""
    words = _without(understood.words, [days for days in understood.dates if days.is_relative])
    return words if words.strip() else understood.words


def _besides_days(understood: Understood) -> list[str]:
    """The words of a query that say what about its days is asked."""
    asked = parse_query(_without(understood.words, understood.dates)).words
    return [word for word in asked if not (is_filler(word) or is_across_words(word))]


def _without(words: str, dates: Sequence[DateRange]) -> str:
    for days in reversed(dates):
        words = f"{words[: days.start]} {words[days.end :]}"
    return words


def _with_date(item: RankedChunk, understood: Understood) -> FusedHit:
    part = date_part(item.chunk, understood.dates)
    return replace(item.hit, score=min(1.0, item.hit.score + part), date_part=part)


def _signals(run: SearchRun, passages: Sequence[Passage], stemmer: Stemmer) -> Signals:
    similarity = run.meaning[0][1] if run.meaning else None
    next_five = [value for _, value in run.meaning[1:6]]
    is_of_days = _is_of_days(run)
    return Signals(
        coverage=max((hit.coverage for _, hit in run.keyword), default=0.0),
        similarity=similarity,
        prominence=similarity - sum(next_five) / 5 if similarity is not None and len(next_five) == 5 else None,
        crosses_languages=bool(passages)
        and text_language(run.understood.words) != text_language(_nearest(run) or passages[0].text),
        of_days=is_of_days,
        says_of_days=is_of_days and _says_of_days(run, stemmer),
        lacks_code=any(is_code(word.word) and not word.chunks for word in run.words.words),
    )


def _nearest(run: SearchRun) -> str:
    """The text of the chunk that is nearest in meaning; "" without one."""
    nearest = run.meaning[0][0] if run.meaning else ""
    return next((item.chunk.text for group in run.groups for item in group if item.chunk.chunk_id == nearest), "")


def _is_of_days(run: SearchRun) -> bool:
    is_near = any(map(is_short, run.understood.dates))
    return is_near and bool(run.groups) and run.groups[0][0].hit.date_part >= DATE_BONUS


def _says_of_days(run: SearchRun, stemmer: Stemmer) -> bool:
    best = run.groups[0][0].chunk
    asked = set(stemmer.stems(_besides_days(run.understood)).values())
    held = stemmer.stems(words(" ".join((best.title, *best.heading_path, best.text))))
    return not asked or not asked.isdisjoint(held.values())


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
