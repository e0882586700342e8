"""Headings and front matter are never quoted as an answer; what stands below them is."""

from __future__ import annotations

import pytest

from assistant.domain.answers import Passage
from assistant.retrieval.quotable import LONGEST_SENTENCE_CHARS, quotable_sentences, refers_back

NOTE = """tags: travel
author: Mira

Lisbon, 14 to 19 May. A week away

Getting there

Out: TP 573 leaves at 06:25. It lands at 09:00.

Where we stay

salt | 10 g | 2 %
water | 365 g | 73 %"""


def passage(text: str, start: int = 0, **values: object) -> Passage:
    given: dict[str, object] = {"heading_path": ("Lisbon, 14 to 19 May. A week away",), "title": "Lisbon trip"}
    return Passage(1, "a.md", "/a.md", text=text, start=start, end=start + len(text), score=1.0, **(given | values))  # type: ignore[arg-type]


def test_only_what_is_said_is_quotable_and_knows_its_heading() -> None:
    one = passage(NOTE, headings=("Lisbon, 14 to 19 May. A week away", "Getting there", "Where we stay"))
    assert [(NOTE[s.start : s.end], s.heading_path[-1]) for s in quotable_sentences(one)] == [
        ("Out: TP 573 leaves at 06:25.", "Getting there"),
        ("It lands at 09:00.", "Getting there"),
        ("salt | 10 g | 2 %", "Where we stay"),
        ("water | 365 g | 73 %", "Where we stay"),
    ]


def test_names_of_columns_are_no_answer_but_told_of_each_row() -> None:
    text = "Sites:\n\nSite | Start | Budget\nOdense | 1 October | 9,000 kr\nAarhus | 3 May | 7,000 kr\n\nThat is all."
    found = quotable_sentences(passage(text))
    assert [(text[s.start : s.end].partition(" ")[0], s.columns) for s in found] == [
        ("Sites:", ""),
        ("Odense", "Site | Start | Budget"),
        ("Aarhus", "Site | Start | Budget"),
        ("That", ""),
    ]


@pytest.mark.parametrize("text", ["salt | 10 g\nwater | 365 g", "Anna | Oslo\nPetr | Brno", "Anna | Oslo"])
def test_a_first_row_that_may_be_data_is_quotable(text: str) -> None:
    assert quotable_sentences(passage(text))[0].start == 0


def test_words_like_front_matter_in_the_middle_of_a_note_are_text() -> None:
    text = "price: 12 euros\n\nThat is cheap."
    assert len(quotable_sentences(passage(text, start=40))) == 2


def test_a_note_of_headings_alone_can_still_be_quoted() -> None:
    text = "Lisbon trip"
    assert [(s.start, s.end) for s in quotable_sentences(passage(text, start=9))] == [(0, len(text))]


@pytest.mark.parametrize(("note", "sentences"), [("a.md", 2), ("b.HTML", 2), ("c.docx", 2), ("d.txt", 1), ("e.pdf", 1)])
def test_items_of_a_list_are_apart_where_lines_were_joined(note: str, sentences: int) -> None:
    text = "Hanna: move the export into a background job, by 27 February\nNoor: tell the beta teams about the new date"
    one = Passage(1, note, f"/{note}", "t", text, 0, len(text), 1.0)
    assert len(quotable_sentences(one)) == sentences


@pytest.mark.parametrize("text", ["the plumber said so and " * 90, "水管工说铜管要换，" * 200, "x" * 1500])
def test_what_never_ends_is_quotable_in_pieces(text: str) -> None:
    found = quotable_sentences(passage(text))
    pieces = [text[one.start : one.end] for one in found]
    assert all(0 < len(piece) <= LONGEST_SENTENCE_CHARS and piece == piece.strip() for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_sentence_follows_another_of_its_paragraph_alone() -> None:
    one = passage(NOTE, headings=("Lisbon, 14 to 19 May. A week away", "Getting there", "Where we stay"))
    assert [s.follows for s in quotable_sentences(one)] == [False, True, False, True]


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("It costs 40 euros.", True),
        ("This is called a proof.", True),
        ("它在1907年建成。", True),
        ("Italy has a coast.", False),
        ("Thistles grow here.", False),
        ("大桥在1907年建成。", False),
    ],
)
def test_a_sentence_tells_whether_it_speaks_of_something_said_before(sentence: str, is_so: bool) -> None:
    assert refers_back(sentence) is is_so
