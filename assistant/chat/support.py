"""How well a place in the notes supports one sentence of an answer. Pure functions over words; no model is asked.

The words that the sentence adds to the question decide: that the "steam engine indicator" of the question stands in a passage proves
nothing about who invented it. Numbers and names must be there as such.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.chat.terms import all_numbers, is_stop_word, names_of, terms_of, written_numbers
from assistant.domain.answers import Passage
from assistant.domain.sentences import split_sentences

_STOP_WEIGHT = 0.1
# A second sentence must add this much to be quoted along; measured together with the thresholds below.
_PAIR_COST = 0.06


@dataclass(frozen=True, slots=True)
class Place:
    """One sentence, or two that follow each other, of a passage: `passage.text[start:end]`. context: stems of the passage's title,
    headings and neighbouring sentences, which often hold the name that the sentence itself calls "he"."""

    passage: int
    start: int
    end: int
    terms: frozenset[str]
    ordered: tuple[str, ...]
    numbers: frozenset[str]
    context: frozenset[str]
    context_numbers: frozenset[str]
    sentences: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer. added: its content terms that the question does not have."""

    text: str
    terms: tuple[str, ...]
    added: frozenset[str]
    numbers: frozenset[str]
    asked_numbers: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """score: weighted share of the claim's words found at the place, within [0, 1]. is_quoted: the claim stands there word for
    word. facts_hold: its numbers and names are there."""

    place: Place
    score: float
    is_quoted: bool
    facts_hold: bool


def places_of(passages: Sequence[Passage]) -> list[Place]:
    return [place for index, passage in enumerate(passages) for place in _places_in(index, passage)]


def claim_of(sentence: str, question: str) -> Claim:
    asked = set(terms_of(question))
    terms = tuple(terms_of(sentence))
    return Claim(
        text=sentence,
        terms=terms,
        added=frozenset(term for term in terms if term not in asked and not is_stop_word(term)),
        numbers=frozenset(written_numbers(sentence)),
        asked_numbers=frozenset(all_numbers(question)),
        names=frozenset(names_of(sentence)),
    )


class PlaceIndex:
    """The places of one answer's passages with the weight of each word among them. Built once an answer."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.places = places_of(passages)
        found_in = Counter(term for place in self.places if place.sentences == 1 for term in place.terms)
        count = max(1, sum(place.sentences == 1 for place in self.places))
        self._weights = {term: math.log(1 + count / n) for term, n in found_in.items()}
        self._unseen = math.log(2 + count)

    def best_match(self, claim: Claim) -> Match | None:
        """The place that supports a claim best; one whose facts hold before any other. None without a common content word."""
        matches = [match for place in self.places if (match := self._match(claim, place)) is not None]
        return max(
            matches,
            key=lambda m: (m.facts_hold, m.is_quoted, m.score - _PAIR_COST * (m.place.sentences - 1)),
            default=None,
        )

    def ranked(self, claim: Claim, top: int) -> list[Match]:
        """The single sentences nearest to a claim whose numbers they hold, best first."""
        matches = [m for p in self.places if p.sentences == 1 and (m := self._match(claim, p)) and m.facts_hold]
        return sorted(matches, key=lambda match: match.score, reverse=True)[:top]

    def _match(self, claim: Claim, place: Place) -> Match | None:
        if not any(term in place.terms and not is_stop_word(term) for term in claim.terms):
            return None
        around = place.terms | place.context
        whole = self._share(claim.terms, place.terms, around)
        score = whole
        if claim.added:
            score = 0.35 * whole + 0.65 * self._share(claim.added, place.terms, place.terms)
        quoted = len(claim.terms) >= 4 and _in_a_row(claim.terms, place.ordered)
        return Match(place, 1.0 if quoted else score, quoted, _facts_hold(claim, place))

    def _share(self, wanted: Iterable[str], here: frozenset[str], around: frozenset[str]) -> float:
        """Weighted share of `wanted` that is here; what is only around counts half."""
        total = have = 0.0
        for term in wanted:
            weight = self._weights.get(term, self._unseen) * (_STOP_WEIGHT if is_stop_word(term) else 1.0)
            total += weight
            have += weight if term in here else weight / 2 if term in around else 0.0
        return have / total if total else 0.0


def _facts_hold(claim: Claim, place: Place) -> bool:
    for number in claim.numbers - place.numbers:
        if number not in claim.asked_numbers or number not in place.context_numbers:
            return False
    return claim.names <= place.terms | place.context


def _places_in(index: int, passage: Passage) -> Iterable[Place]:
    ranges = split_sentences(passage.text)
    ordered = [tuple(terms_of(passage.text[start:end])) for start, end in ranges]
    heading = " ".join((passage.title, *passage.heading_path, passage.note.rsplit("/", 1)[-1].rsplit(".", 1)[0]))
    heading_terms, heading_numbers = frozenset(terms_of(heading)), frozenset(all_numbers(heading))
    numbers = [frozenset(all_numbers(passage.text[start:end])) for start, end in ranges]
    for size in (1, 2):
        for first in range(len(ranges) - size + 1):
            last = first + size
            before = max(0, first - 2)
            yield Place(
                passage=index,
                start=ranges[first][0],
                end=ranges[last - 1][1],
                terms=frozenset().union(*ordered[first:last]),
                ordered=tuple(term for sentence in ordered[first:last] for term in sentence),
                numbers=frozenset().union(*numbers[first:last]),
                context=heading_terms.union(*ordered[before:first]),
                context_numbers=heading_numbers.union(*numbers[before:first]),
                sentences=size,
            )


def _in_a_row(small: Sequence[str], big: Sequence[str]) -> bool:
    """True if the terms of `small` stand in `big` in a row."""
    return "\0".join(("", *small, "")) in "\0".join(("", *big, ""))
