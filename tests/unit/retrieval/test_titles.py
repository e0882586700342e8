"""Titles are found in texts, and new ones soon after they came."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.retrieval.titles import FRESH_S, TitleIndex


class Notes:
    def __init__(self, *titles: str) -> None:
        self.all = list(titles)
        self.reads = 0

    def version(self) -> int:
        return len(self.all)

    def titles(self) -> Iterator[tuple[int, str, str]]:
        self.reads += 1
        for title in self.all:
            yield 1, f"{title}.md", title


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Gene Hackman (actor)", "It was played by gene hackman, they say."),
        ("Oakdale, New York", "a hamlet near Oakdale"),
        ("Café Zoë", "we met at the cafe zoe at noon"),
        ("roof repair", "see [[Roof repair]] for the offers"),
        ("张艺谋", "这部电影的导演张艺谋拍了很多年"),
        ("張藝謀（导演）", "导演是张艺谋。"),
    ],
)
def test_a_title_is_found_where_a_text_names_it(title: str, text: str) -> None:
    assert TitleIndex(Notes("Something else", title)).named_in(text) == [(1, f"{title}.md")]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Gene Hackman", "Gene and Hackman"),
        ("To do", "what is there to do today"),
        ("notes", "a footnotes section"),
        ("", "anything"),
        ("(aside)", "an aside"),
        ("张艺谋", "张三和艺谋公司"),
    ],
)
def test_what_is_no_name_is_not_found(title: str, text: str) -> None:
    assert TitleIndex(Notes(title)).named_in(text) == []


def test_names_come_in_the_order_of_the_text() -> None:
    index = TitleIndex(Notes("Lisbon trip", "Porto trip", "里斯本"))
    assert index.named_in("里斯本, then the Porto trip, then the Lisbon trip; the Porto trip again") == [
        (1, "里斯本.md"), (1, "Porto trip.md"), (1, "Lisbon trip.md"),
    ]  # fmt: skip


def test_titles_are_read_again_only_when_they_changed_and_not_too_often() -> None:
    now = [100.0]
    notes = Notes("Lisbon trip")
    index = TitleIndex(notes, clock=lambda: now[0])
    text = "the Lisbon trip and the Porto trip"
    assert len(index.named_in(text)) == 1
    now[0] += FRESH_S * 2
    index.named_in(text)
    assert notes.reads == 1
    notes.all.append("Porto trip")
    assert len(index.named_in(text)) == 2
    notes.all.append("Evora trip")
    index.named_in(text)
    assert notes.reads == 2
    now[0] += FRESH_S
    index.named_in(text)
    assert notes.reads == 3
