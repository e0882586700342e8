"""Which passage supports which sentence of an answer: decided here, by comparing words, never by the model that wrote it.

A quote is always an exact slice of the note's text, so that the source viewer can open it and a test can check it byte for byte. A
model's own "[2]" is no more than text to be removed.
"""

from __future__ import annotations

import copy
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat.claims import is_claim
from assistant.chat.support import Match, PlaceIndex, claim_of
from assistant.domain.answers import Citation, InstantQuote, Passage, SentenceCheck, Support
from assistant.domain.sentences import split_sentences
from assistant.models.ports import Embedder

# Cosine of centred sentence vectors. Within a language a wrong name or word hardly moves it (a swapped answer reached 0.91), so the
# words must hold most of the proof; across languages it is all there is. docs/decisions/0502-citations.md has the figures.
_SAME_LANGUAGE_SIMILARITY = 0.75
_OTHER_LANGUAGE_SIMILARITY = 0.52
_SAME_LANGUAGE_PLACES = 6
_OTHER_LANGUAGE_PLACES = 40

# What a very small model offers as the whole answer. Words cannot prove a yes, nor that a bare number is what was asked for.
_BARE_YES_OR_NO = re.compile(r"\W*(?:yes|no|是的?|不是|对|没有)\W*$", re.IGNORECASE)
_OFFERS_ANSWER = re.compile(r"\W*the (?:\w+ )?answer(?: to (?:the|this|your) question)? is\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Checked:
    """sentences cover the text in order; citations has one entry per supported sentence, in the same order."""

    sentences: tuple[SentenceCheck, ...] = ()
    citations: tuple[Citation, ...] = ()


class CitationChecker:
    """Checks the sentences of one answer against the passages that were in its prompt. One thread at a time.

    Chips are numbered in the order in which places are first cited and keep their number while the answer grows.
    """

    def __init__(
        self,
        question: str,
        passages: Sequence[Passage],
        embedder: Embedder | None = None,
        *,
        held_to_words: bool = False,
    ) -> None:
        """embedder: if given, `check_all` also accepts paraphrases, and proofs in the other language. held_to_words: for a very small
        model; its sentences must keep to the words of one sentence of the notes, and no paraphrase is accepted."""
        self._question = question
        self._held_to_words = held_to_words
        self.passages = passages
        self._embedder = embedder
        self._index = PlaceIndex(passages)
        self._known: dict[str, tuple[Support, Match | None]] = {}
        self._numbers: dict[tuple[int, str, int, int], int] = {}

    def without_embedder(self) -> CitationChecker:
        """One that goes by words alone and otherwise judges as this one. It numbers its chips anew and shares what is known of the passages."""
        other = copy.copy(self)
        other._embedder, other._known, other._numbers = None, {}, {}
        return other

    def check_finished(self, text: str) -> Checked:
        """Check the sentences of a growing text that are surely finished: all but the last. Costs words, not a model."""
        return self._checked(text, split_sentences(text)[:-1])

    def check_all(self, text: str, cancelled: threading.Event | None = None) -> Checked:
        """Check a text that grows no more.

        Raises:
            What the embedder raises; the result of the words alone can then be had from a checker without one.
        """
        ranges = split_sentences(text)
        for start, end in ranges:
            self._grade(text[start:end])
        if self._embedder is not None:
            self._accept_paraphrases(self._embedder, cancelled)
        return self._checked(text, ranges)

    def _checked(self, text: str, ranges: Sequence[tuple[int, int]]) -> Checked:
        sentences: list[SentenceCheck] = []
        citations: list[Citation] = []
        for start, end in ranges:
            support, match = self._grade(text[start:end])
            citation = None
            if match is not None:
                citation = self._citation(text[start:end], support, match)
                citations.append(citation)
            sentences.append(SentenceCheck(start, end, support, citation.number if citation else None))
        return Checked(tuple(sentences), tuple(citations))

    def _grade(self, sentence: str) -> tuple[Support, Match | None]:
        if sentence not in self._known:
            self._known[sentence] = self._grade_by_words(sentence)
        return self._known[sentence]

    def _grade_by_words(self, sentence: str) -> tuple[Support, Match | None]:
        if self._held_to_words and self._is_bare_answer(sentence):
            return Support.UNSUPPORTED, None
        if not is_claim(sentence, self._question):
            return Support.NOT_A_CLAIM, None
        found = self._index.best_match(claim_of(sentence, self._question), held_to_words=self._held_to_words)
        if found is None or not found[1]:
            return Support.UNSUPPORTED, None
        match = found[0]
        return (Support.QUOTED if match.is_quoted else Support.SUPPORTED), match

    def _is_bare_answer(self, sentence: str) -> bool:
        offer = _OFFERS_ANSWER.match(sentence)
        rest = sentence[offer.end() :] if offer else sentence
        return bool(_BARE_YES_OR_NO.match(rest)) or (
            offer is not None and is_claim(rest, self._question) and not claim_of(rest, self._question).asked
        )

    def _accept_paraphrases(self, embedder: Embedder, cancelled: threading.Event | None) -> None:
        """Raise unsupported sentences that say in other words, or in the other language, what a place says. One call to the embedder for
        all of them."""
        waiting: list[tuple[str, list[tuple[Match, float]]]] = []
        for sentence, (support, _) in self._known.items():
            if support is Support.UNSUPPORTED:
                claim = claim_of(sentence, self._question)
                near: list[tuple[Match, float]] = []
                if not self._held_to_words:
                    near = [(m, _SAME_LANGUAGE_SIMILARITY) for m in self._index.nearest(claim, _SAME_LANGUAGE_PLACES)]
                far = self._index.in_other_language(claim, _OTHER_LANGUAGE_PLACES)
                near += [(m, _OTHER_LANGUAGE_SIMILARITY) for m in far]
                if near:
                    waiting.append((sentence, near))
        if not waiting:
            return
        places = list({self._text_at(match): None for _, near in waiting for match, _ in near})
        vectors = embedder.embed_passages([*(sentence for sentence, _ in waiting), *places], cancelled)
        rows = {text: vectors[len(waiting) + row] for row, text in enumerate(places)}
        for row, (sentence, near) in enumerate(waiting):
            similar = [(float(rows[self._text_at(match)] @ vectors[row]), match, least) for match, least in near]
            similarity, match, least = max(similar, key=lambda item: item[0] - item[2])
            if similarity >= least:
                self._known[sentence] = (Support.SUPPORTED, match)

    def _text_at(self, match: Match) -> str:
        return self.passages[match.place.passage].text[match.place.start : match.place.end]

    def _citation(self, sentence: str, support: Support, match: Match) -> Citation:
        passage = self.passages[match.place.passage]
        start, end = passage.start + match.place.start, passage.start + match.place.end
        key = (passage.folder_id, passage.note, start, end)
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        return Citation(
            number=number,
            sentence=sentence,
            folder_id=passage.folder_id,
            note=passage.note,
            note_path=passage.note_path,
            title=passage.title,
            quote=self._text_at(match),
            start=start,
            end=end,
            support=support,
            heading_path=match.place.heading_path,
            page=passage.page,
        )


def quote_citations(quote: InstantQuote) -> tuple[Citation, ...]:
    """The citations of an answer that is nothing but the instant quote."""
    return tuple(
        Citation(
            number=number,
            sentence=one.text,
            folder_id=one.folder_id,
            note=one.note,
            note_path=one.note_path,
            title=one.title,
            quote=one.text,
            start=one.start,
            end=one.end,
            support=Support.QUOTED,
            heading_path=one.heading_path,
            page=one.page,
        )
        for number, one in enumerate(quote.parts, 1)
    )
