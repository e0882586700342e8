"""What of a very small model's text is worth reading beside the instant quote, which stands above it."""

from __future__ import annotations

import re

from assistant.chat.support import claim_of, share_in_order
from assistant.chat.terms import words_of
from assistant.domain.sentences import split_sentences
from assistant.models.simplified import to_simplified

# A copy of a whole sentence, give or take a word. A shorter copy may be just the answer.
_COPY = 0.85
_LEAST_WORDS = 4

# Only to a question that asks for something is saying it back no answer; "Is it open on Sunday?" or "A or B?" may be answered so.
_ASKS_FOR = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b|什么|谁|哪|多少|几|何|怎", re.IGNORECASE)
_OFFERS = re.compile(r"\bor\b|还是|或者|是否|吗", re.IGNORECASE)


def adds_something(sentence: str, question: str, quote: str) -> bool:
    """False for a sentence that says nothing but the question back, nothing at all ("No, it is."), or copies a sentence of the quote.
    quote: "" if there is none."""
    return not _says_back(sentence, question) and not _copies(sentence, quote)


def is_cut_copy(text: str, quote: str) -> bool:
    """True if a text that broke off is no more than words of the quote in their order."""
    said = words_of(text)[:-1]  # the last may be half a word
    return len(said) >= _LEAST_WORDS and share_in_order(said, words_of(quote)) >= _COPY


def _says_back(sentence: str, question: str) -> bool:
    plain = to_simplified(question)
    if not _ASKS_FOR.search(plain) or _OFFERS.search(plain):
        return False
    claim = claim_of(sentence, question)
    return not claim.added and claim.numbers <= claim.asked_numbers


def _copies(sentence: str, quote: str) -> bool:
    said = words_of(sentence)
    if len(said) < _LEAST_WORDS:
        return False
    for start, end in split_sentences(quote):
        there = words_of(quote[start:end])
        if share_in_order(said, there) >= _COPY and share_in_order(there, said) >= _COPY:
            return True
    return False
