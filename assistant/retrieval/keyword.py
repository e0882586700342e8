"""The keyword index: SQLite FTS5 tables that live in the catalog's own database.

The catalog owns connections, threads and transactions; every method here works on the connection it is given. The table keeps the
terms of each chunk, not its text, so a hit's coverage can be told without asking the catalog.
"""

from __future__ import annotations

import contextlib
import math
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from assistant.domain.search import QueryWord
from assistant.retrieval.ports import KeywordAnswer, KeywordHit, RowFilter, Scope, Scopes
from assistant.retrieval.stemming import TOKENIZER, Stemmer
from assistant.retrieval.terms import (
    TERMS_VERSION,
    QueryTerms,
    compounds,
    is_across_words,
    is_paired,
    parse_query,
    phrase_words,
    words,
)
from assistant.retrieval.word_forms import bases, other_forms

_WEIGHTS = (2.0, 1.5, 1.0, 1.0)  # title, headings, body, compounds; scripts/tune_retrieval.py, table "columns"
_COST = f"bm25(keyword, {', '.join(map(str, _WEIGHTS))})"
_SHORTEST_STEM = 4
MOST_POSTINGS = 4_000
"""What FTS5 scores for one query, in chunks that hold one of its words, summed over the words: its time grows with this sum. In a large
library only the rarest words, up to this sum, choose the chunks; the others then count in the order of those chosen. So a library of
100,000 chunks answers almost as fast as one of 10,000. Measured with scripts/measure_search.py."""

MOST_ROWS_AT_ONCE = 200
"""A scope of so few chunks, in a large library, is scored here row by row."""

_CHOSEN_FOR_EACH = 2
_SMALLEST_LIBRARY = 500


class Indexable(Protocol):
    """A chunk as the keyword index takes it. title: the note's."""

    @property
    def rowid(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def heading_path(self) -> tuple[str, ...]: ...
    @property
    def text(self) -> str: ...


class KeywordIndex:
    """Stateless but for a cache of stems. Thread: any; the connection given to a method decides."""

    version = str(TERMS_VERSION)

    def __init__(self) -> None:
        self._stemmer = Stemmer()

    def create(self, connection: sqlite3.Connection) -> None:
        """Make the tables if they are not there."""
        connection.execute(
            f'CREATE VIRTUAL TABLE IF NOT EXISTS keyword USING fts5(title, headings, body, compounds, tokenize="{TOKENIZER}")'
        )
        connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS keyword_terms USING fts5vocab(keyword, row)")
        with contextlib.suppress(sqlite3.Error):  # SQLite 3.42 and later; before, `compact` does it
            connection.execute("INSERT INTO keyword(keyword, rank) VALUES ('secure-delete', 1)")

    def clear(self, connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE keyword_terms")
        connection.execute("DROP TABLE keyword")
        self.create(connection)

    def add(self, connection: sqlite3.Connection, texts: Iterable[Indexable]) -> None:
        """Add chunks whose rowids are not in the index."""
        connection.executemany(
            "INSERT INTO keyword(rowid, title, headings, body, compounds) VALUES (?, ?, ?, ?, ?)",
            (
                (
                    item.rowid,
                    " ".join(words(item.title)),
                    " ".join(words("\n".join(item.heading_path))),
                    " ".join(words(item.text)),
                    " ".join(compounds(f"{item.title}\n{item.text}")),
                )
                for item in texts
            ),
        )

    def remove(self, connection: sqlite3.Connection, rowids: Sequence[int]) -> None:
        """Unknown rowids are ignored."""
        connection.executemany("DELETE FROM keyword WHERE rowid = ?", ((rowid,) for rowid in rowids))

    def compact(self, connection: sqlite3.Connection) -> None:
        """Merge the index into one piece, so that no term of a removed chunk is left in it. Takes a second per 100 MB."""
        connection.execute("INSERT INTO keyword(keyword) VALUES ('optimize')")

    def count(self, connection: sqlite3.Connection) -> int:
        return int(connection.execute("SELECT count(*) FROM keyword_docsize").fetchone()[0])

    def search(
        self,
        connection: sqlite3.Connection,
        query: str,
        top: int,
        *,
        within: RowFilter | None = None,
        unfinished: bool = False,
        spellings: Sequence[str] = (),
    ) -> KeywordAnswer:
        """Nothing for a query without words. unfinished: the last word counts as a beginning (search as you type). spellings: phrases that
        find a chunk, too, without counting as words of the query.

        Nothing of the query reaches FTS5's syntax but quoted terms.
        """
        asked = parse_query(query, unfinished=unfinished)
        if not (asked or spellings) or top <= 0:
            return KeywordAnswer()
        words_asked = self._words(connection, asked)
        rows, telling = self._rows(connection, asked, words_asked, spellings, within, top)
        texts = [" | ".join(map(str, row[2:])) for row in rows]
        held = [set(text.split()) for text in texts]
        forms = self._forms(asked, words_asked, held)
        hits = [
            _hit(asked, words_asked, forms, row[0], -row[1], words_held, text)
            for row, words_held, text in zip(rows, held, texts, strict=True)
        ]
        if telling is not None:
            others = [one for one in words_asked if one.word not in telling]
            hits = _with_other_words(hits, held, others, forms, self.count(connection), top)
        return KeywordAnswer(tuple(hits), words_asked)

    def _rows(
        self,
        connection: sqlite3.Connection,
        asked: QueryTerms,
        words_asked: Sequence[QueryWord],
        spellings: Sequence[str],
        within: RowFilter | None,
        top: int,
    ) -> tuple[list[Any], frozenset[str] | None]:
        """rowid, cost and terms of the best rows, and the words that the cost is of; None: all of them."""
        telling = _telling(words_asked, 2 * top, self._beginning_postings(connection, asked.prefix))
        if telling is not None and within is not None:
            few = self._few(connection, within)
            if few is not None:
                return few, frozenset()
        while True:
            matched = self._matched(connection, asked, words_asked, spellings, within, telling)
            limit = top if telling is None else top * _CHOSEN_FOR_EACH
            rows = connection.execute(
                f"SELECT rowid, {_COST} AS cost, title, headings, body, compounds {matched.sql} ORDER BY cost, rowid LIMIT ?",
                (*matched.parameters, limit),
            ).fetchall()
            if telling is None or within is None or len(rows) >= top:
                return rows, telling
            telling = None  # the rarest words of all may be in none of these

    @staticmethod
    def _beginning_postings(connection: sqlite3.Connection, typed: str) -> int:
        """How often FTS5 would meet a word with this beginning."""
        if not typed:
            return 0
        row = connection.execute(
            "SELECT sum(doc) FROM keyword_terms WHERE term >= ? AND term < ?", (typed, typed + "\U0010ffff")
        ).fetchone()
        return int(row[0] or 0)

    def _few(self, connection: sqlite3.Connection, within: RowFilter) -> list[Any] | None:
        """All rows of a narrow scope, with no cost yet; None if they are many."""
        within.prepare(connection)
        rows = connection.execute(
            f"""SELECT rowid, 0.0, title, headings, body, compounds FROM keyword
            WHERE rowid IN ({within.sql}) LIMIT {MOST_ROWS_AT_ONCE + 1}""",
            within.parameters,
        ).fetchall()
        return rows if len(rows) <= MOST_ROWS_AT_ONCE else None

    def rank_of(
        self,
        connection: sqlite3.Connection,
        query: str,
        score: float,
        *,
        within: RowFilter | None = None,
        unfinished: bool = False,
        spellings: Sequence[str] = (),
    ) -> int:
        """From 1. Ties share a place."""
        asked = parse_query(query, unfinished=unfinished)
        if not (asked or spellings):
            return 1
        matched = self._matched(connection, asked, self._words(connection, asked), spellings, within)
        # The same number, computed once more, may differ in its last digits.
        better = connection.execute(
            f"SELECT count(*) FROM (SELECT {_COST} AS cost {matched.sql}) WHERE cost < ?",
            (*matched.parameters, -score - 1e-9 * abs(score)),
        )
        return int(better.fetchone()[0]) + 1

    def words(self, connection: sqlite3.Connection, query: str) -> tuple[QueryWord, ...]:
        """The words of a query that are looked for, in order, compounds last."""
        return self._words(connection, parse_query(query))

    def _matched(
        self,
        connection: sqlite3.Connection,
        asked: QueryTerms,
        words_asked: Sequence[QueryWord],
        spellings: Sequence[str],
        within: RowFilter | None,
        telling: frozenset[str] | None = None,
    ) -> RowFilter:
        """The rows that hold anything of a query, as the end of a statement. telling: of its words, these alone."""
        match = _match(asked, words_asked, self._beginning(connection, asked.prefix), spellings, telling)
        if within is None:
            return RowFilter("FROM keyword WHERE keyword MATCH ?", (match,))
        within.prepare(connection)
        return RowFilter(f"FROM keyword WHERE keyword MATCH ? AND rowid IN ({within.sql})", (match, *within.parameters))

    def _words(self, connection: sqlite3.Connection, asked: QueryTerms) -> tuple[QueryWord, ...]:
        total = self.count(connection)
        found: list[QueryWord] = []
        for word in (*asked.words, *asked.compounds):
            if is_paired(word) and len(word) == 1:
                found.append(QueryWord(word, _idf(total, total // 8), total // 8))  # counted as pairs; a weak sign
                continue
            forms = self._other_forms(connection, word)
            stems = set(self._stemmer.stems((word, *forms)).values())
            marks = ", ".join("?" * len(stems))
            row = connection.execute(
                f"SELECT sum(doc) FROM keyword_terms WHERE term IN ({marks})", (*stems,)
            ).fetchone()
            holders = min(total, row[0] or 0)
            is_nothing = not holders and is_across_words(word)
            found.append(QueryWord(word, 0.0 if is_nothing else _idf(total, holders), holders, forms))
        if asked.prefix:
            weight = max((word.weight for word in found), default=1.0)
            found.append(QueryWord(asked.prefix, weight, 0, other_forms(asked.prefix)))
        return tuple(found)

    def _other_forms(self, connection: sqlite3.Connection, word: str) -> tuple[str, ...]:
        """What counts as a word of a query, too; guesses only where the word itself is in no chunk."""
        forms, guesses = other_forms(word), bases(word)
        if guesses:
            stem = self._stemmer.stems((word,))[word]
            if connection.execute("SELECT 1 FROM keyword_terms WHERE term = ?", (stem,)).fetchone() is None:
                return (*forms, *guesses)
        return forms

    def _beginning(self, connection: sqlite3.Connection, typed: str) -> str:
        """What to look for as the beginning of a word: what was typed, shortened until the index knows a term that begins so. The
        index holds stems, and somebody typing "universities" passes through "universit", which is longer than "univers"."""
        for end in range(len(typed), max(_SHORTEST_STEM, len(typed) - 5) - 1, -1):
            stem = self._stemmer.stems((typed[:end],))[typed[:end]]
            row = connection.execute(
                "SELECT 1 FROM keyword_terms WHERE term >= ? AND term < ? LIMIT 1", (stem, stem + "\U0010ffff")
            )
            if row.fetchone() is not None:
                return typed[:end]
        return typed

    def _forms(
        self,
        asked: QueryTerms,
        words_asked: Sequence[QueryWord],
        held: Sequence[set[str]],
    ) -> dict[str, set[str]]:
        """For each query word, the words of these chunks that count as it."""
        forms = {one.word: {one.word} for one in words_asked}
        vocabulary = set[str]().union(*held)
        # Stemming only changes ends, so only words that begin alike need to be stemmed.
        beginnings: dict[str, list[tuple[str, str]]] = {}
        for one in words_asked:
            if not is_paired(one.word):
                for form in (one.word, *one.forms):
                    beginnings.setdefault(form[:2], []).append((form, one.word))
            elif len(one.word) == 1:
                forms[one.word] |= {other for other in vocabulary if one.word in other}
        alike = [other for other in vocabulary if other[:2] in beginnings]
        stems = self._stemmer.stems((*alike, *(form for pairs in beginnings.values() for form, _ in pairs)))
        for other in alike:
            for form, word in beginnings[other[:2]]:
                if stems[other] == stems[form] or (word == asked.prefix and other.startswith(word)):
                    forms[word].add(other)
        return forms


def _hit(
    asked: QueryTerms,
    words_asked: Sequence[QueryWord],
    forms: dict[str, set[str]],
    rowid: int,
    score: float,
    held: set[str],
    text: str,
) -> KeywordHit:
    have = sum(one.weight for one in words_asked if not forms[one.word].isdisjoint(held))
    whole = sum(one.weight for one in words_asked)
    phrases = sum(f" {' '.join(phrase)}{'' if _may_go_on(phrase) else ' '}" in f" {text} " for phrase in asked.phrases)
    return KeywordHit(rowid, score, have / whole if whole else 0.0, phrases / max(1, len(asked.phrases)))


def _telling(words_asked: Sequence[QueryWord], least: int, beginning: int) -> frozenset[str] | None:
    """The rarest words, as many as MOST_POSTINGS allows, but more if they are in fewer than `least` chunks; None for all.

    beginning: how often a word with the beginning that is being typed stands in the index; it is the last of the words, if not 0."""
    counts = {one.word: one.chunks for one in words_asked}
    if beginning:
        counts[words_asked[-1].word] = beginning
    if sum(counts.values()) <= MOST_POSTINGS:
        return None
    taken: list[str] = []
    postings = 0
    for word in sorted(filter(counts.__getitem__, counts), key=counts.__getitem__):
        if postings >= least and postings + counts[word] > MOST_POSTINGS:
            break
        postings += counts[word]
        taken.append(word)
    return frozenset(taken)


def _with_other_words(
    hits: Sequence[KeywordHit],
    held: Sequence[set[str]],
    others: Sequence[QueryWord],
    forms: dict[str, set[str]],
    total: int,
    top: int,
) -> list[KeywordHit]:
    """The best hits with what the words add that did not choose them, best first: of each its rarity, as BM25 gives to a word that stands once
    in a chunk of mean length. Without those that have nothing of the query."""
    rarity = {
        one.word: max(1e-6, math.log((total - one.chunks + 0.5) / (one.chunks + 0.5))) if one.chunks else one.weight
        for one in others
    }
    scored = [
        (-hit.score - sum(idf for word, idf in rarity.items() if not forms[word].isdisjoint(words)), hit.rowid, hit)
        for hit, words in zip(hits, held, strict=True)
    ]
    best = sorted((cost, rowid, hit) for cost, rowid, hit in scored if cost or hit.phrases)[:top]
    return [replace(hit, score=-cost) for cost, _, hit in best]


def _match(
    asked: QueryTerms,
    words_asked: Sequence[QueryWord],
    beginning: str,
    spellings: Sequence[str],
    telling: frozenset[str] | None,
) -> str:
    words = [word for word in asked.words if telling is None or word in telling]
    parts = [_single(word) if is_paired(word) and len(word) == 1 else f'"{word}"' for word in words]
    parts += [f'"{form}"' for one in words_asked if telling is None or one.word in telling for form in one.forms]
    parts += [f'"{word}"' for word in asked.compounds if telling is None or word in telling]
    parts += [_phrase(phrase) for phrase in asked.phrases]
    parts += [_phrase(terms) for spelling in spellings if (terms := phrase_words(spelling))]
    if beginning and (telling is None or asked.prefix in telling):
        parts.append(f'"{beginning}" *')
    return " OR ".join(parts)


def _phrase(terms: Sequence[str]) -> str:
    return f'"{" ".join(terms)}"' + (" *" if _may_go_on(terms) else "")


def _may_go_on(terms: Sequence[str]) -> bool:
    """It ends in a single Chinese character, which a note may have as the beginning of a pair: "Python写" in "Python写程序"."""
    return is_paired(terms[-1]) and len(terms[-1]) == 1


def _single(character: str) -> str:
    return f'"{character}" *'


def _idf(total: int, holders: int) -> float:
    """As if there were at least 500 chunks: in a handful of notes a word that one of them has would look common, and one that none
    has would outweigh all others."""
    total = max(total, _SMALLEST_LIBRARY)
    return math.log(1.0 + (total - min(holders, total) + 0.5) / (holders + 0.5))


class CatalogKeywords:
    """The keyword leg over the catalog's read connections. Implements KeywordSearch. Thread: any."""

    def __init__(
        self,
        index: KeywordIndex,
        read: Callable[[], contextlib.AbstractContextManager[sqlite3.Connection]],
        scopes: Scopes,
    ) -> None:
        self._index = index
        self._read = read
        self._scopes = scopes

    def search(
        self, query: str, top: int, scope: Scope, *, unfinished: bool = False, spellings: Sequence[str] = ()
    ) -> KeywordAnswer:
        within = self._scopes.rows_within(scope) if scope else None
        with self._read() as connection:
            return self._index.search(connection, query, top, within=within, unfinished=unfinished, spellings=spellings)

    def words(self, query: str) -> tuple[QueryWord, ...]:
        with self._read() as connection:
            return self._index.words(connection, query)

    def rank_of(
        self, query: str, scope: Scope, score: float, *, unfinished: bool = False, spellings: Sequence[str] = ()
    ) -> int:
        within = self._scopes.rows_within(scope) if scope else None
        with self._read() as connection:
            return self._index.rank_of(
                connection, query, score, within=within, unfinished=unfinished, spellings=spellings
            )
