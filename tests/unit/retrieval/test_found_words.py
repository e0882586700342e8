"""The words to mark in a result: what was typed, in every form that counts as it, and nothing that only looks like it."""

from __future__ import annotations

import pytest

from assistant.domain.search import QueryWord
from assistant.retrieval.found_words import found_words
from assistant.retrieval.stemming import Stemmer


@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        ((QueryWord("flight", 1, 1),), "Two Flights and a flightless bird", {"flights"}),
        ((QueryWord("choose", 1, 1, ("chose", "chosen")),), "She chose well; the chosen party", {"chose", "chosen"}),
        ((QueryWord("cafe", 1, 1),), "At the Café, coffee", {"café"}),
        ((QueryWord("预算", 1, 1),), "三月预算讨论", {"预算"}),
        ((QueryWord("预算", 1, 1),), "三月預算討論", {"預算"}),
        ((QueryWord("art", 1, 1),), "party", set()),
        ((), "anything", set()),
    ],
)
def test_every_form_that_counts_is_named_as_it_is_spelled(asked, text, found):
    assert set(found_words(asked, [text], Stemmer(), unfinished=False)) == found


def test_the_word_being_typed_counts_as_a_beginning():
    asked = (QueryWord("new", 1, 1), QueryWord("lis", 1, 0))
    assert set(found_words(asked, ["News of Lisbon, new lists"], Stemmer(), unfinished=True)) == {
        "lisbon",
        "new",
        "lists",
        "news",
    }
