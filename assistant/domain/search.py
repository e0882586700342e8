"""What a search understood of a query, and why it found or did not find a note."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from assistant.domain.answers import Passage
from assistant.domain.library import FileInfo


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days `first` to `last`, both included, that the stretch `query[start:end]` names. is_relative: counted from today."""

    first: date
    last: date
    start: int = 0
    end: int = 0
    is_relative: bool = False


class FilterKey(StrEnum):
    """after: from the first day of what is named; before: up to the day before it; date: within it. state: how far a note has been read."""

    FOLDER = "folder"
    TYPE = "type"
    TAG = "tag"
    TITLE = "title"
    AFTER = "after"
    BEFORE = "before"
    DATE = "date"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class QueryFilter:
    """A limit that stands in a query as `key:value`, at `query[start:end]`. excludes: written with a minus before it.

    value: as typed, without quotation marks. days: what the value of a date filter means; None for the other keys. is_quoted: the value stood
    in quotation marks, so all of it is meant as one.
    """

    key: FilterKey
    value: str
    start: int
    end: int
    excludes: bool = False
    days: DateRange | None = None
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """A query taken apart. words: what is left to look for when filters are taken out. phrases: what stood in quotation marks."""

    words: str = ""
    filters: tuple[QueryFilter, ...] = ()
    dates: tuple[DateRange, ...] = ()
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word that is looked for. weight: how telling it is (inverse document frequency); 0 for one that every chunk has. chunks: how many
    hold it. forms: other words that count as it."""

    word: str
    weight: float
    chunks: int
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LegView:
    """A place as one leg of the search sees it. rank counts from 1 among all chunks the leg could give; None: it does not have it.

    score: BM25 of the keyword leg, centred cosine of the vector leg; comparable within one leg and one query only.
    """

    rank: int | None = None
    score: float | None = None


class Verdict(StrEnum):
    """Why a note is or is not among the results."""

    FOUND = "found"
    UNKNOWN_NOTE = "unknown-note"
    NOT_READ = "not-read"
    FILTERED = "filtered"
    NO_MEANING_YET = "no-meaning-yet"
    OUTRANKED = "outranked"


@dataclass(frozen=True, slots=True)
class NoteExplanation:
    """Why one note stands where it stands. file: its state, None if it is not in the library. rank: of its best passage in the whole
    list, from 1; None if it is not in it. coverage: share of the query's words, by weight, that its best chunk holds. held, lacking: the
    query's words that the note's best chunk holds and does not hold. failed_filters: those that keep it out."""

    note: str
    verdict: Verdict
    file: FileInfo | None = None
    rank: int | None = None
    keyword: LegView = field(default_factory=LegView)
    vector: LegView = field(default_factory=LegView)
    coverage: float = 0.0
    held: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    failed_filters: tuple[QueryFilter, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class ExplainedPassage:
    """A result and what each part of the search gave to it. The keyword and vector parts are already weighed and add up, with dates, to the
    score; reranked: what a reranker thinks of it, None without one."""

    passage: Passage
    keyword: LegView
    vector: LegView
    keyword_part: float
    vector_part: float
    date_part: float = 0.0
    reranked: float | None = None


@dataclass(frozen=True, slots=True)
class SearchExplanation:
    """Everything `search` did for one query. keyword_weight, vector_weight: how far each leg was believed. missing: why the vector leg did
    not answer (an error kind), "" if it did. exact: exact search answered in Chroma's place."""

    understood: Understood
    words: tuple[QueryWord, ...]
    chunks: int
    keyword_found: int
    vector_found: int
    keyword_weight: float
    vector_weight: float
    missing: str
    exact: bool
    reranker: str
    passages: tuple[ExplainedPassage, ...]
    note: NoteExplanation | None = None
