"""Links are found in Markdown as it is written, with what a reader sees around them."""

from __future__ import annotations

import pytest

from assistant.documents.written_links import WrittenLink, written_links


def test_every_way_to_write_a_link_is_found():
    text = (
        "See [[Lisbon]] and [[Lisbon#Day 1|the first day]].\n"
        '- **Also** [the *list*](../b%20c.md#part "title"), ![[Packing]] and [x](<with blanks.md>).\n'
        "中文[[三月预算|预算]]讨论。[site](https://example.org/a_(b)) end\n"
    )
    assert [(link.target, link.words) for link in written_links(text)] == [
        ("Lisbon", "Lisbon"),
        ("Lisbon#Day 1", "the first day"),
        ("../b%20c.md#part", "the list"),
        ("Packing", "Packing"),
        ("with blanks.md", "x"),
        ("三月预算", "预算"),
        ("https://example.org/a_(b)", "site"),
    ]


def test_what_stands_around_is_told_as_it_is_seen():
    (_, link, _) = written_links("[[A]]\n> ## The **[[B|bee]]** is `late`, says [[C]].\n")
    assert link == WrittenLink("B", "bee", "The ", " is late, says C.")


def test_what_stands_in_code_is_no_link():
    text = "`[[No]]` and ``[[No ` no]]``\n```md\n[[No]]\n```\n~~~\n[x](No.md)\n~~~\n[[Yes]]\n```\n[[No]]\n"
    assert [link.target for link in written_links(text)] == ["Yes"]


@pytest.mark.parametrize("piece", ["`", "~", "[", "[[", "[](", "[x](<", "- ", "`a", "[[a|", "\n```", "[a](b(", "!["])
def test_a_note_that_is_made_to_be_slow_is_not(piece: str):
    """Some of these took hours."""
    assert list(written_links(piece * (400_000 // len(piece)))) == []
