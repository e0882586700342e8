"""Which parts of a passage can be quoted as an answer: its sentences and rows, but not the headings, the names of columns and the front
matter between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.answers import Passage
from assistant.domain.documents import front_matter_end, may_be_wrapped
from assistant.domain.sentences import split_sentences
from assistant.models.simplified import to_simplified

NEXT_TO_CHARS = 3
"""Two sentences with at most so many characters between them follow each other; with more, something was left out there."""

LONGEST_SENTENCE_CHARS = 600
"""What is longer (a transcript without full stops, a line of data) is quotable in pieces."""

_CLAUSE_END = re.compile(r"[，、；：,;:](?=\s|[^\x00-\x7f])|\s")
_TABLE = re.compile(r"^(.* \| .*)((?:\n.* \| .*)+)", re.MULTILINE)
_DIGIT = re.compile(r"\d")

_REFERS_BACK = re.compile(
    r"(?:it|its|this|that|these|those|they|their|he|his|she|her|such|as such|there|here|then|another|both|one of|some of|many of"
    r"|the former|the latter|in (?:it|this)|at (?:this|that)|during this)\b"
    r"|[它他她这该此其那]|当时|之后|后来|因此|所以|同时|但|而",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`passage.text[start:end]`. heading_path: the headings it stands below, as far as the passage tells. follows: in the same paragraph
    as the sentence before it. columns: of a row, the names of its columns in the first row of its table."""

    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    follows: bool = False
    columns: str = ""


def quotable_sentences(passage: Passage) -> list[Sentence]:
    """In order. Where there is nothing but headings and the like, those."""
    headings = {_one_line(heading) for heading in (passage.title, *passage.heading_path, *passage.headings)}
    body_start = front_matter_end(passage.text, passage.start)
    found: list[Sentence] = []
    left_out: list[Sentence] = []
    path = passage.heading_path
    tables = [match for match in _TABLE.finditer(passage.text) if _names_columns(match)]
    for start, end in _ranges(passage):
        line = _one_line(_line_at(passage.text, start, end))
        if line in headings:
            path = _path_at(line, passage)
            left_out.append(Sentence(start, end, path))
        elif start < body_start or any(table.start(1) <= start < table.end(1) for table in tables):
            left_out.append(Sentence(start, end, path))
        else:
            follows = bool(found) and _is_next(passage.text, found[-1].end, start)
            columns = next((table[1] for table in tables if table.start(2) <= start < table.end(2)), "")
            found.append(Sentence(start, end, path, follows, columns))
    return found or left_out


def refers_back(sentence: str) -> bool:
    """It begins with a word that stands for something said before: "It costs 40 euros.", 这很贵。"""
    return _REFERS_BACK.match(to_simplified(sentence)) is not None


def _ranges(passage: Passage) -> Iterator[tuple[int, int]]:
    for sentence in split_sentences(passage.text, may_be_wrapped=may_be_wrapped(passage.note)):
        yield from _pieces(passage.text, *sentence)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST_SENTENCE_CHARS:
        limit = start + LONGEST_SENTENCE_CHARS
        cut = max((mark.end() for mark in _CLAUSE_END.finditer(text, start + 1, limit)), default=limit)
        yield start, start + len(text[start:cut].rstrip())
        start = cut
    yield start, end


def _names_columns(table: re.Match[str]) -> bool:
    """Its first row is one of names, as far as can be told: it has no number, and a row below it has."""
    return _DIGIT.search(table[1]) is None and _DIGIT.search(table[2]) is not None


def _is_next(text: str, end: int, start: int) -> bool:
    return start - end <= NEXT_TO_CHARS and "\n\n" not in text[end:start]


def _path_at(heading: str, passage: Passage) -> tuple[str, ...]:
    """Below this heading. One that the passage's own path does not have begins a later chunk, mostly on the same level."""
    path = tuple(map(_one_line, passage.heading_path))
    if heading in path:
        return passage.heading_path[: path.index(heading) + 1]
    return (
        (*passage.heading_path[:-1], heading) if heading in map(_one_line, passage.headings) else passage.heading_path
    )


def _line_at(text: str, start: int, end: int) -> str:
    """The whole line of a sentence: a heading may hold several."""
    last = text.find("\n", end)
    return text[text.rfind("\n", 0, start) + 1 : last if last >= 0 else len(text)]


def _one_line(text: str) -> str:
    return " ".join(text.split())
