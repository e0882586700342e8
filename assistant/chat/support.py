"""How well a place in the notes supports one sentence of an answer. Pure functions over words; no model is asked.

The words that the sentence adds to the question decide: that the "steam engine indicator" of the question stands in a passage proves
nothing about who invented it. Numbers and names must be there as such.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.chat.denials import (
    Clause,
    clauses_of,
    denied_heads,
    is_affirmed,
    is_denied,
    is_denied_run,
    is_negated,
)
from assistant.chat.numbers import all_money, all_numbers, numbers_in, wanted_money, wanted_numbers
from assistant.chat.terms import is_stop_word, names_of, stem, terms_of, words_of
from assistant.domain.answers import Passage
from assistant.domain.sentences import text_language
from assistant.retrieval.quotable import NEXT_TO_CHARS, quotable_sentences

# Tuned with scripts/check_citations.py on half of its sample and checked on the other half; docs/decisions/0502-citations.md has the
# figures. A second sentence must add _PAIR_COST to be quoted along.
_ASKED_WEIGHT = 0.35
_SUPPORT_SCORE = 0.6
_LEAST_ADDED = 0.4
_LEAST_ASKED = 0.2
_ASKED_MARGIN = 0.2
_LEAST_ADDED_BY_MEANING = 0.3
_PAIR_COST = 0.06
# For the sentences of a very small model, which mixes up what it copies; chosen with scripts/label_answers.py.
_LEAST_ADDED_HELD = 0.75
_LEAST_ASKED_HELD = 0.75
_LEAST_QUESTION_HELD = 0.5
_BARE_WORDS = 4
_LEAST_IN_ORDER = 0.65
_ALMOST_QUOTED = 0.9

_OPENING = re.compile(r"[\s\"'“‘(*_-]*([A-Z\u00c0-\u00de][a-z\u00df-\u00ff]{2,})\b(?!,)")


@dataclass(frozen=True, slots=True)
class Place:
    """One sentence, or two that follow each other, of a passage: `passage.text[start:end]`. heading: stems of the
    passage's title and headings, which hold for all its sentences. context: those and the sentences just before, which often hold
    the name that the sentence itself calls "he". clauses: of a place where something is denied. heading_path: the headings it stands
    below. numbers, money: every reading."""

    passage: int
    start: int
    end: int
    terms: frozenset[str]
    ordered: tuple[str, ...]
    numbers: frozenset[str]
    money: frozenset[tuple[str, str]]
    heading: frozenset[str]
    context: frozenset[str]
    context_numbers: frozenset[str]
    clauses: tuple[Clause, ...]
    is_negated: bool
    sentences: int
    language: str
    heading_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer. asked, added: its content terms that the question has, and those that it does not have. question:
    all content terms of the question. repeated: content terms said more than once, with their count. opening: the word it begins with,
    where that may be a name that the question did not have; else "". denied: what stands right behind a "not"."""

    text: str
    terms: tuple[str, ...]
    ordered: tuple[str, ...]
    asked: frozenset[str]
    added: frozenset[str]
    numbers: frozenset[str]
    money: frozenset[tuple[str, str]]
    asked_numbers: frozenset[str]
    names: frozenset[str]
    question: frozenset[str]
    repeated: tuple[tuple[str, int], ...]
    opening: str
    is_negated: bool
    denied: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """asked, added: weighted shares of the claim's words found at the place, of those that the question had and of those that are
    new, within [0, 1]. is_quoted: the claim stands there word for word. facts_hold: its numbers and names are there."""

    place: Place
    asked: float
    added: float
    is_quoted: bool
    facts_hold: bool

    @property
    def score(self) -> float:
        """How well the place supports the claim, within [0, 1]."""
        return 1.0 if self.is_quoted else _ASKED_WEIGHT * self.asked + (1 - _ASKED_WEIGHT) * self.added


def places_of(passages: Sequence[Passage]) -> list[Place]:
    return [place for index, passage in enumerate(passages) for place in _places_in(index, passage)]


def claim_of(sentence: str, question: str) -> Claim:
    question_terms = set(terms_of(question))
    terms = tuple(terms_of(sentence))
    content = frozenset(term for term in terms if not is_stop_word(term))
    numbers = numbers_in(sentence)
    return Claim(
        text=sentence,
        terms=terms,
        ordered=tuple(words_of(sentence)),
        asked=content & question_terms,
        added=content - question_terms,
        numbers=frozenset(wanted_numbers(numbers)),
        money=frozenset(wanted_money(numbers)),
        asked_numbers=frozenset(all_numbers(question)),
        names=frozenset(names_of(sentence)),
        question=frozenset(term for term in question_terms if not is_stop_word(term)),
        opening=_opening(sentence, question_terms),
        repeated=tuple((term, count) for term, count in Counter(terms).items() if count > 1 and term in content),
        is_negated=is_negated(sentence),
        denied=denied_heads(clauses_of(sentence)),
    )


def _opening(sentence: str, question_terms: set[str]) -> str:
    """A capital proves nothing at the start of a sentence; but "Formerly" and "However," are no names."""
    match = _OPENING.match(sentence)
    if match is None:
        return ""
    term = next(iter(terms_of(match[1])), "")
    return "" if term in question_terms or is_stop_word(term) or match[1].endswith("ly") else term


class PlaceIndex:
    """The places of one answer's passages with the weight of each word among them. Built once an answer."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.places = places_of(passages)
        found_in = Counter(term for place in self.places if place.sentences == 1 for term in place.terms)
        count = max(1, sum(place.sentences == 1 for place in self.places))
        self._weights = {term: math.log(1 + count / n) for term, n in found_in.items()}
        self._unseen = math.log(2 + count)
        self.words = frozenset(found_in).union({""}, *(place.heading for place in self.places))

    def best_match(self, claim: Claim, *, held_to_words: bool = False) -> tuple[Match, bool] | None:
        """The place that supports a claim best, and whether that is enough. None without a common content word. held_to_words: ask
        more of the place, see _is_held."""
        matches = [match for place in self.places if (match := self._match(claim, place)) is not None]
        if not matches:
            return None
        most_asked = max((match.asked for match in matches if match.place.sentences == 1), default=0.0)
        return max(
            ((m, _is_enough(m, most_asked) and (not held_to_words or _is_held(claim, m, self))) for m in matches),
            key=lambda pair: (pair[1], pair[0].is_quoted, pair[0].score - _PAIR_COST * (pair[0].place.sentences - 1)),
        )

    def nearest(self, claim: Claim, top: int) -> list[Match]:
        """The single sentences nearest to a claim that hold its numbers and names and some of what it adds, best first."""
        matches = [m for p in self.places if p.sentences == 1 and (m := self._match(claim, p)) is not None]
        near = [m for m in matches if m.facts_hold and m.added >= _LEAST_ADDED_BY_MEANING]
        return sorted(near, key=lambda match: match.score, reverse=True)[:top]

    def in_other_language(self, claim: Claim, top: int) -> list[Match]:
        """Single sentences in the other language that hold a claim's numbers: words cannot say more about them. Names are written
        differently there, so they are not compared."""
        language = text_language(claim.text)
        return [
            Match(place, 0.0, 0.0, is_quoted=False, facts_hold=True)
            for place in self.places
            if place.sentences == 1 and place.language != language and _numbers_hold(claim, place)
        ][:top]

    def _match(self, claim: Claim, place: Place) -> Match | None:
        if not any(term in place.terms and not is_stop_word(term) for term in claim.terms):
            return None
        return Match(
            place=place,
            asked=self.share(claim.asked, place.terms | place.heading, place.context),
            added=self.share(claim.added, place.terms),
            is_quoted=_is_quoted(claim, place),
            facts_hold=_facts_hold(claim, place),
        )

    def share(self, wanted: frozenset[str], here: frozenset[str], around: frozenset[str] = frozenset()) -> float:
        """Weighted share of `wanted` that is here; what is only around counts half. 1.0 if nothing is wanted."""
        total = have = 0.0
        for term in wanted:
            weight = self._weights.get(term, self._unseen)
            total += weight
            have += weight if term in here else weight / 2 if term in around else 0.0
        return have / total if total else 1.0


def _is_enough(match: Match, most_asked: float) -> bool:
    """True if a place proves a claim. Words that answer must not be borrowed from a sentence about something else: the place must
    be about as close to what was asked as any other place is."""
    if match.is_quoted:
        return True
    return (
        match.facts_hold
        and match.score >= _SUPPORT_SCORE
        and match.added >= _LEAST_ADDED
        and match.asked >= max(_LEAST_ASKED, most_asked - _ASKED_MARGIN)
    )


def _is_held(claim: Claim, match: Match, index: PlaceIndex) -> bool:
    """True if a claim keeps to the words of one sentence. A very small model joins halves of two sentences, gives the words of the
    question to somebody else, says a thing twice where the note says it once ("the effects of growth on growth"), misspells the name
    it begins with, denies what is not denied, puts the same words into another order, and gives a bare number that answers something
    else."""
    place = match.place
    if match.is_quoted:
        return True
    if place.sentences > 1 or claim.opening not in index.words:
        return False
    if not claim.asked and len(claim.added) <= _BARE_WORDS:
        here = place.terms | place.heading
        return index.share(claim.question, here, place.context) >= _LEAST_QUESTION_HELD
    in_order = share_in_order(claim.ordered, place.ordered)
    if in_order >= _ALMOST_QUOTED:
        return True
    denies_more = bool(claim.denied) and not claim.denied & denied_heads(place.clauses)
    if denies_more or match.added < _LEAST_ADDED_HELD:
        return False
    said = Counter(map(stem, place.ordered))
    is_said_once = all(count <= max(1, said[term]) for term, count in claim.repeated)
    return match.asked >= _LEAST_ASKED_HELD and in_order >= _LEAST_IN_ORDER and is_said_once


def share_in_order(small: Sequence[str], big: Sequence[str]) -> float:
    """Share of the words of `small` that stand in `big` in the same order, whatever stands between."""
    lengths = [0] * (len(big) + 1)
    for word in small:
        before = lengths[:]
        for at, other in enumerate(big):
            lengths[at + 1] = before[at] + 1 if word == other else max(before[at + 1], lengths[at])
    return lengths[-1] / len(small) if small else 0.0


def _facts_hold(claim: Claim, place: Place) -> bool:
    return _numbers_hold(claim, place) and claim.names <= place.terms | place.context and _denials_hold(claim, place)


def _denials_hold(claim: Claim, place: Place) -> bool:
    said = claim.asked | claim.added
    if claim.is_negated:
        return place.is_negated and not is_affirmed(said, place.clauses)
    return not is_denied(said, place.clauses)


def _is_quoted(claim: Claim, place: Place) -> bool:
    """The same words in a row, and no "not" before them; of "-5", "€50" and "2.5" the words leave something out."""
    return (
        len(claim.ordered) >= 4
        and _in_a_row(claim.ordered, place.ordered)
        and _numbers_hold(claim, place)
        and (claim.is_negated or not place.is_negated or not is_denied_run(claim.ordered, place.clauses))
    )


def _numbers_hold(claim: Claim, place: Place) -> bool:
    """Every number stands at the place, and no amount there with another currency; one that the question brought may also stand in the
    headings or just before."""
    missing = claim.numbers - place.numbers
    amounts = {amount for amount, _ in place.money}
    return missing <= claim.asked_numbers & place.context_numbers and all(
        money in place.money or money[0] not in amounts for money in claim.money
    )


def _places_in(index: int, passage: Passage) -> Iterable[Place]:
    sentences = quotable_sentences(passage)
    ranges = [(sentence.start, sentence.end) for sentence in sentences]
    texts = [passage.text[start:end] for start, end in ranges]
    terms = [frozenset(terms_of(text)) for text in texts]
    ordered = [tuple(words_of(text)) for text in texts]
    numbers, money = [], []
    for text in texts:
        found = numbers_in(text)
        numbers.append(frozenset(all_numbers(text, found)))
        money.append(frozenset(all_money(found)))
    negated = [is_negated(text) for text in texts]
    clauses = [clauses_of(text) if any(negated[max(0, at - 1) : at + 2]) else () for at, text in enumerate(texts)]
    heading = " ".join((passage.title, *passage.heading_path, passage.note.rsplit("/", 1)[-1].rsplit(".", 1)[0]))
    heading_terms, heading_numbers = frozenset(terms_of(heading)), frozenset(all_numbers(heading))
    for size in (1, 2):
        for first in range(len(ranges) - size + 1):
            last = first + size
            if ranges[last - 1][0] - ranges[first][1] > NEXT_TO_CHARS:
                continue  # a heading stands between them
            before = max(0, first - 2)
            yield Place(
                passage=index,
                start=ranges[first][0],
                end=ranges[last - 1][1],
                terms=frozenset().union(*terms[first:last]),
                ordered=tuple(word for sentence in ordered[first:last] for word in sentence),
                numbers=frozenset().union(*numbers[first:last]),
                money=frozenset().union(*money[first:last]),
                heading=heading_terms,
                context=heading_terms.union(*terms[before:first]),
                context_numbers=heading_numbers.union(*numbers[before:first]),
                clauses=tuple(clause for sentence in clauses[first:last] for clause in sentence),
                is_negated=any(negated[first:last]),
                sentences=size,
                heading_path=sentences[first].heading_path,
                language=text_language(passage.text[ranges[first][0] : ranges[last - 1][1]]),
            )


def _in_a_row(small: Sequence[str], big: Sequence[str]) -> bool:
    """True if the words of `small` stand in `big` in a row."""
    return "\0".join(("", *small, "")) in "\0".join(("", *big, ""))
