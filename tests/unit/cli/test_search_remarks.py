"""What `elephant search` and `elephant ask` say in words, beside the results."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.cli import build_parser, read_arguments
from assistant.cli.commands import remarks, sources
from assistant.cli.explaining import explanation_text
from assistant.domain.answers import Answer, Passage, SentenceCheck, Support
from assistant.domain.search import NoteExplanation, SearchExplanation, Understood, Verdict
from assistant.retrieval.query_filters import parse_filters
from assistant.retrieval.retriever import Retrieved

SOUP = Passage(1, "soup.md", "/soup.md", "Soup", "A soup of  Coconut, red lentils and lime.", 0, 40, 0.5)


def found(query: str, *passages: Passage) -> Retrieved:
    return Retrieved(passages, understood=parse_filters(query, date(2026, 11, 22)))


@pytest.mark.parametrize(
    ("query", "passages", "said"),
    [
        ("soup", [SOUP], []),
        ("soup", [], ["Nothing found."]),
        ("soup -folder:wrok tag:x", [], ["Nothing found with -folder:wrok tag:x."]),
        ('"coconut soup"', [SOUP], ["No passage holds “coconut soup” just so; these come closest."]),
        ('"soup of coconut"', [SOUP], []),
    ],
)
def test_a_search_says_what_it_could_not_keep_to(query: str, passages: list[Passage], said: list[str]) -> None:
    assert remarks(found(query, *passages)) == said


def test_a_query_may_begin_with_a_filter_that_excludes() -> None:
    for query in ("-folder:diary", "－标签：草稿", "-#draft"):
        assert build_parser().parse_args(read_arguments(["search", query])).query.strip() == query
    assert read_arguments(["search", "--top", "2", "-x", "a-b:c"]) == ["search", "--top", "2", "-x", "a-b:c"]


def explained(note: NoteExplanation) -> str:
    whole = SearchExplanation(Understood(words="x"), (), 9, 5, 9, 0.5, 0.5, "", exact=False, reranker="", passages=())
    return explanation_text(replace(whole, note=note))


def test_an_outranked_note_counts_those_before_it() -> None:
    assert "it would be result 7; 6 passages fit better." in explained(
        NoteExplanation("a.md", Verdict.OUTRANKED, rank=7)
    )


def test_a_sentence_without_proof_is_named_below_an_answer() -> None:
    text = "It costs 40 euros. It is red."
    checks = (SentenceCheck(0, 18, Support.SUPPORTED), SentenceCheck(19, 29, Support.UNSUPPORTED))
    assert "Not in your notes: “It is red.”" in sources(Answer(text=text, sentences=checks))
    assert "40 euros" not in sources(Answer(text=text, sentences=checks))
    assert "2 sentence(s)" in sources(Answer(left_out=2))
