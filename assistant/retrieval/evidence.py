"""The instant quote: the sentence or two of the passages that answer a question best, told before any model writes a word.

Tuned constants come from scripts/tune_evidence.py on the five development sets; the
figures are in docs/decisions/0303.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.domain.answers import InstantQuote, Passage
from assistant.domain.errors import Cancelled, ModelUnavailableError, ProcessBrokenError, ProcessDiedError
from assistant.domain.search import DateRange
from assistant.domain.sentences import contains_han, is_question, text_language
from assistant.models.ports import Embedder
from assistant.models.simplified import to_simplified
from assistant.retrieval.abstention import logistic
from assistant.retrieval.answer_kinds import AnswerKind, answer_kind, fitting_words
from assistant.retrieval.dated import is_short, names_one_of
from assistant.retrieval.ports import KeywordSearch
from assistant.retrieval.quotable import NEXT_TO_CHARS, quotable_sentences, refers_back
from assistant.retrieval.stemming import Stemmer
from assistant.retrieval.terms import fold, is_filler, is_paired, runs, words

log = logging.getLogger(__name__)

PASSAGES_READ = 5
SAME_LANGUAGE_SENTENCES = 14
OTHER_LANGUAGE_SENTENCES = 40
"""How many sentences are embedded at most. In the language of the question its words choose them well: 14 gave the same quotes as 40 on four
development sets. In the other language words say little, and on the fifth 14 cost 0.04."""

LONGEST_QUOTE_CHARS = 700
_SHORTEST_SENTENCE = 4
"""In characters, a Chinese one counted for more. What is shorter is quoted where its passage has nothing else."""

_WORDS_IN_PLACE, _KIND_FITS, _PASSAGE_SCORE = 0.5, 0.1, 0.6
_BEFORE_REFERRED_TO, _BEFORE = 0.8, 0.3
"""What a question's word is worth to a sentence if only the sentence before it has the word: "It costs 40 euros." hardly says of what."""

_OTHER_DAY = 0.3
"""Taken from a sentence that names other days than the question does: the row above or below the right one."""

_SECOND_SHARE, _BESIDE, _ANSWERS_BESIDE = 0.7, 0.05, 0.4
"""A second sentence of the same note is shown if it scores this share of the best; the ones beside the best have a little more, and much
more the one after it that holds the kind of answer asked for where the best does not: "I bought a kiln. It cost 340 euros." """

_ELSEWHERE_SHARE = 0.97
"""The same for one of another note, or a row of a table, which is only worth a look where the two are nearly level: beyond that every other
note that is quoted is a wrong one more often than not."""

_CELLS = " | "
_LABEL_CHARS, _HAN_WORTH = 24, 2.3
"""What is shorter, a Chinese character counted for more, is a label rather than a sentence."""

_IS_QUESTION = 3.0
"""Taken from a sentence that asks: more than any sentence can score, so it is only quoted where there is nothing else. It is no
answer however well its words fit, and a note that lists questions would win otherwise."""

_ADDS_NOTHING = 3.0
"""Taken, just so, from a sentence whose words are all the question's or its headings': it repeats the question. Not where the question
is whether something is so; then it is the answer."""

_ASKS_WHETHER = re.compile(
    r"\A\W*(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|shall|should|may|must|am)\b|吗|是否|是不是|有没有|能不能|会不会",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question taken apart. rarity: by word, the stems that count as it and how telling it is; stems: all of them. days: that it names;
    they weigh as much as its most telling word. whole: all weights together."""

    rarity: dict[str, tuple[set[str], float]]
    stems: set[str]
    kind: AnswerKind
    language: str
    days: Sequence[DateRange]
    days_weight: float
    whole: float


@dataclass(slots=True)
class _Candidate:
    """A sentence `passage.text[start:end]`. held: share of the question's words in it, weighed by rarity; in_place: counting the
    note's title and headings as well, and in part the sentence before. fits: it holds something of the kind that is asked for.
    is_of_others: it is of other days than those asked for. adds: it says something that neither the question nor the headings say."""

    passage: int
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...]
    held: float
    in_place: float
    fits: bool
    is_of_others: bool
    adds: bool
    score: float = 0.0


class QuoteFinder:
    """Picks the instant quote. Thread: any, several at once."""

    def __init__(self, keywords: KeywordSearch, embedder: Embedder | None) -> None:
        self._keywords = keywords
        self._embedder = embedder
        self._stemmer = Stemmer()

    def best_sentences(
        self,
        question: str,
        passages: Sequence[Passage],
        cancelled: threading.Event | None = None,
        days: Sequence[DateRange] = (),
    ) -> InstantQuote | None:
        """The one sentence, or two that follow each other, of the first passages that answer best; None without sentences.

        days: that the question names. Raises Cancelled. Without an embedder, or while the model process is away, words alone decide.
        """
        asked = self._taken_apart(question, days)
        adds_nothing = 0.0 if _ASKS_WHETHER.search(to_simplified(question)) else _ADDS_NOTHING
        candidates = self._candidates(asked, passages[:PASSAGES_READ])
        if not candidates:
            return None
        near = self._similarities(question, candidates, cancelled)
        for candidate, similarity in zip(candidates, near, strict=True):
            candidate.score = (
                similarity
                + _WORDS_IN_PLACE * candidate.in_place
                + _KIND_FITS * candidate.fits
                + _PASSAGE_SCORE * passages[candidate.passage].score
                - _OTHER_DAY * candidate.is_of_others
                - _IS_QUESTION * is_question(candidate.text)
                - adds_nothing * (not candidate.adds)
            )
        ranked = sorted(candidates, key=lambda candidate: (-candidate.score, candidate.passage, candidate.start))
        best = ranked[0]
        lead = best.score - ranked[1].score if len(ranked) > 1 else 0.1
        confidence = _confidence(best.score, lead)
        second = _second(best, ranked[1:], passages)

        def quote(first: _Candidate, start: int, end: int) -> InstantQuote:
            passage = passages[first.passage]
            text = passage.text[start:end]
            return InstantQuote(
                text=text,
                folder_id=passage.folder_id,
                note=passage.note,
                note_path=passage.note_path,
                title=passage.title,
                start=passage.start + start,
                end=passage.start + end,
                passage=first.passage,
                confidence=confidence,
                heading_path=first.heading_path,
                page=passage.page,
                marks=self._marks(text, asked),
                lead=(first.start - start, first.end - start),
            )

        if second is None:
            return quote(best, best.start, best.end)
        if _is_beside(best, second):
            return quote(best, min(best.start, second.start), max(best.end, second.end))
        return replace(quote(best, best.start, best.end), second=quote(second, second.start, second.end))

    def _taken_apart(self, question: str, days: Sequence[DateRange]) -> _Asked:
        rarity = {
            one.word: (self._stems_of((one.word, *one.forms)), one.weight) for one in self._keywords.words(question)
        }
        # Days count as one more word, which a sentence may have in any spelling.
        days_weight = max((weight for _, weight in rarity.values()), default=1.0) if days else 0.0
        return _Asked(
            rarity=rarity,
            stems=set[str]().union(*(forms for forms, _ in rarity.values())),
            kind=answer_kind(question),
            language=text_language(question),
            days=days,
            days_weight=days_weight,
            whole=sum(weight for _, weight in rarity.values()) + days_weight or 1.0,
        )

    def _candidates(self, asked: _Asked, passages: Sequence[Passage]) -> list[_Candidate]:
        found: list[_Candidate] = []
        for number, passage in enumerate(passages):
            here = self._of_passage(asked, number, passage)
            found += [one for one in here if _is_long_enough(one.text)] or here
        # Most sentences of long passages cannot be the answer; the ones with the question's words, and the first ones, may be.
        found.sort(
            key=lambda one: (-(one.held + one.in_place + 0.3 * one.fits + passages[one.passage].score), one.start)
        )
        is_foreign = [text_language(passage.text) != asked.language for passage in passages]
        same = [one for one in found if not is_foreign[one.passage]][:SAME_LANGUAGE_SENTENCES]
        other = [one for one in found if is_foreign[one.passage]][: OTHER_LANGUAGE_SENTENCES - len(same)]
        return sorted((*same, *other), key=lambda one: (one.passage, one.start))

    def _of_passage(self, asked: _Asked, number: int, passage: Passage) -> list[_Candidate]:
        found: list[_Candidate] = []
        place = self._stems(" ".join((passage.title, *passage.heading_path)))
        stems = set[str]()
        for sentence in quotable_sentences(passage):
            before = self._stems(sentence.columns) | (stems if sentence.follows else set())
            text = passage.text[sentence.start : sentence.end]
            stems = self._stems(text)
            around = place | self._stems(" ".join(sentence.heading_path[-1:]))
            from_before = _BEFORE_REFERRED_TO if refers_back(text) else _BEFORE
            is_of_days = _is_of(text, passage, asked.days) if asked.days else None
            held = in_place = asked.days_weight if is_of_days else 0.0
            for forms, weight in asked.rarity.values():
                held += weight * (not forms.isdisjoint(stems))
                if not forms.isdisjoint(stems | around):
                    in_place += weight
                elif not forms.isdisjoint(before):
                    in_place += weight * from_before
            found.append(
                _Candidate(
                    passage=number,
                    start=sentence.start,
                    end=sentence.end,
                    text=text,
                    heading_path=sentence.heading_path,
                    held=held / asked.whole,
                    in_place=in_place / asked.whole,
                    fits=asked.kind is AnswerKind.ANY or bool(fitting_words(asked.kind, text)),
                    is_of_others=is_of_days is False and any(map(is_short, asked.days)),
                    adds=not self._telling_stems(text) <= asked.stems | around,
                )
            )
        return found

    def _similarities(
        self, question: str, candidates: Sequence[_Candidate], cancelled: threading.Event | None
    ) -> list[float]:
        """Of each sentence with the question; without an embedder its share of the question's words."""
        if cancelled is not None and cancelled.is_set():
            raise Cancelled
        if self._embedder is not None:
            try:
                asked = self._embedder.embed_queries([question], cancelled)[0]
                rows = self._embedder.embed_passages([candidate.text for candidate in candidates], cancelled)
                return [float(value) for value in rows @ asked]
            except (ModelUnavailableError, ProcessDiedError, ProcessBrokenError) as error:
                log.info("quoting by words only: %s", error.kind)
        return [candidate.held for candidate in candidates]

    def _stems(self, text: str) -> set[str]:
        return self._stems_of(words(text))

    def _telling_stems(self, text: str) -> set[str]:
        return self._stems_of(word for word in words(text) if not is_filler(word))

    def _stems_of(self, terms: Iterable[str]) -> set[str]:
        return set(self._stemmer.stems(terms).values())

    def _marks(self, text: str, asked: _Asked) -> tuple[tuple[int, int], ...]:
        """What proves it: words of the kind asked for, and the question's own words."""
        found = fitting_words(asked.kind, text)
        for start, end in runs(text):
            word = fold(text[start:end])
            if is_paired(word):
                found += [
                    (start + place, start + place + 2)
                    for place in range(len(word) - 1)
                    if word[place : place + 2] in asked.rarity and not is_filler(word[place : place + 2])
                ]
            elif not is_filler(word) and self._stemmer.stems((word,))[word] in asked.stems:
                found.append((start, end))
        return _merged([(start, min(end, len(text))) for start, end in found if start < len(text)])


def _is_of(text: str, passage: Passage, days: Sequence[DateRange]) -> bool | None:
    """Whether a sentence is of one of the days: it names one, or its note or heading does. None if neither names any day."""
    named = names_one_of(text, days)
    return named or names_one_of(" ".join((passage.note, passage.title, *passage.heading_path)), days) or named


def _second(best: _Candidate, others: Sequence[_Candidate], passages: Sequence[Passage]) -> _Candidate | None:
    """The sentence to show with the best one, None if that one is enough. An answer often stands in the next sentence, or needs one from
    further down; of another note only if there is hardly a difference."""
    here = _note_of(best, passages)
    chosen: _Candidate | None = None
    chosen_score = 0.0
    for other in others:
        score = other.score
        # A row says it all, or not at all.
        has_row = _CELLS in best.text or _CELLS in other.text
        if not has_row and _is_beside(best, other):
            score += _ANSWERS_BESIDE if other.fits and not best.fits and other.start > best.start else _BESIDE
        is_near = not has_row and _note_of(other, passages) == here
        share = _SECOND_SHARE if is_near else _ELSEWHERE_SHARE
        says_more = other.text.strip() != best.text.strip() and _says_enough(other.text)
        if says_more and score >= share * best.score and (chosen is None or score > chosen_score):
            chosen, chosen_score = other, score
    return chosen


def _says_enough(text: str) -> bool:
    """Not a mere label ("Return flight"), which is no help beside a sentence. A short line with a number in it is."""
    if any(character.isdigit() for character in text):
        return True
    return _width(text) >= _LABEL_CHARS


def _is_long_enough(text: str) -> bool:
    return len(text) >= _SHORTEST_SENTENCE or _width(text) >= _SHORTEST_SENTENCE


def _width(text: str) -> float:
    """Characters, a Chinese one counted for more."""
    return sum(_HAN_WORTH if contains_han(character) else 1.0 for character in text)


def _note_of(one: _Candidate, passages: Sequence[Passage]) -> tuple[int, str]:
    return passages[one.passage].folder_id, passages[one.passage].note


def _is_beside(one: _Candidate, other: _Candidate) -> bool:
    """They follow each other and are not too long together."""
    return (
        one.passage == other.passage
        and _gap(one, other) <= NEXT_TO_CHARS
        and max(one.end, other.end) - min(one.start, other.start) <= LONGEST_QUOTE_CHARS
    )


def _gap(one: _Candidate, other: _Candidate) -> int:
    """Characters between two sentences; more than white space means that a sentence was left out there, or a paragraph began."""
    return max(one.start, other.start) - min(one.end, other.end)


def _merged(ranges: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _confidence(score: float, lead: float) -> float:
    """The chance that the quote holds the answer: a logistic fit on the development sets, which tells right from wrong with an
    area of only 0.71 under its curve. Good enough to choose a tone, not to hide a quote."""
    return logistic(0.3 * score + 4.2 * lead - 0.65)
