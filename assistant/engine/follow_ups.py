"""What to ask next: other parts of the notes that an answer rests on. Made without a model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from assistant.domain.answers import Answer, Citation, InstantQuote, Passage
from assistant.domain.library import IndexedChunk
from assistant.domain.sentences import contains_han
from assistant.engine.suggestions import LONGEST_HEADING, question_about

NOTES = 4
TOP_PASSAGES = 3
LEAST_CHARS = 60
"""A part with less text than this is a heading and hardly more."""
_WORD = re.compile(r"\w+")


def passages_shown(answer: Answer) -> list[Passage]:
    """The passages whose words were shown as proof: what lies beside them in those notes is worth asking. None of an answer that was
    held back."""
    shown: list[Citation | InstantQuote] = [
        *answer.citations,
        *(answer.quote.parts if answer.quote is not None and not answer.refused else ()),
    ]
    return [
        passage
        for passage in answer.passages
        if any(
            (passage.folder_id, passage.note) == (one.folder_id, one.note)
            and passage.start < one.end
            and one.start < passage.end
            for one in shown
        )
    ]


def worth_asking_about(answer: Answer) -> list[Passage]:
    """The passages shown, and those that were found right at the top: an answer that rests on one note is to lead to others too."""
    shown = passages_shown(answer)
    return [*shown, *(one for one in answer.passages[:TOP_PASSAGES] if one not in shown)] if shown else []


def choose_questions(
    candidates: Iterable[tuple[str, Passage]], is_answered: Callable[[str, Passage], bool], count: int, most_tried: int
) -> list[str]:
    """The first questions that the notes answer, about as many notes as there are: a second one about a note only if others have none.
    most_tried: so many are looked at, each of which costs a search."""
    found: list[str] = []
    used: set[tuple[int, str]] = set()
    later: list[tuple[str, Passage]] = []
    waiting = iter(candidates)
    for _ in range(most_tried):
        if len(found) == count:
            break
        chosen = next((one for one in waiting if not _is_put_off(one, used, later)), None)
        if chosen is None and later:
            chosen = later.pop(0)
        if chosen is None:
            break
        question, passage = chosen
        if is_answered(question, passage):
            found.append(question)
            used.add((passage.folder_id, passage.note))
    return found


def _is_put_off(one: tuple[str, Passage], used: set[tuple[int, str]], later: list[tuple[str, Passage]]) -> bool:
    """Whether its note has a question already; it is kept for later then."""
    is_used = (one[1].folder_id, one[1].note) in used
    if is_used:
        later.append(one)
    return is_used


def follow_up_questions(
    asked: Sequence[str], passages: Sequence[Passage], chunks_of: Callable[[int, str], Iterable[IndexedChunk]]
) -> Iterator[tuple[str, Passage]]:
    """Questions about parts of the notes found that were not among the passages, each with a passage of its note: the first such part of
    every note, then the second ones. Only in the language of the chat, so that a question finds words in the note it comes from.

    asked: the questions of the chat so far, the last one last. chunks_of: a note's chunks in order, by folder and path.
    """
    if not asked:
        return
    notes: dict[tuple[int, str], Passage] = {}
    for passage in passages:
        notes.setdefault((passage.folder_id, passage.note), passage)
    told = {heading.casefold() for passage in passages for heading in (*passage.heading_path, *passage.headings)}
    last = set(_WORD.findall(asked[-1].casefold()))
    lanes = [_questions(passage, chunks_of(*place), told, last) for place, passage in list(notes.items())[:NOTES]]
    is_han = contains_han(asked[-1])
    seen = set(asked)
    for one in chain.from_iterable(zip_longest(*lanes)):
        if one is not None and one[0] not in seen and contains_han(one[0]) == is_han:
            seen.add(one[0])
            yield one


def _questions(
    passage: Passage, chunks: Iterable[IndexedChunk], told: set[str], asked: set[str]
) -> Iterator[tuple[str, Passage]]:
    title = passage.title.strip()
    if not title or len(title) > LONGEST_HEADING:
        return
    for heading in _parts(chunks):
        is_new = heading.casefold() not in told and not set(_WORD.findall(heading.casefold())) <= asked
        if is_new and heading.casefold() not in title.casefold():
            yield question_about(title, heading), passage


def _parts(chunks: Iterable[IndexedChunk]) -> list[str]:
    """The innermost headings that have text below them, in order."""
    sizes: dict[str, int] = {}
    for chunk in chunks:
        heading = chunk.heading_path[-1].strip() if chunk.heading_path else ""
        if heading and len(heading) <= LONGEST_HEADING:
            sizes[heading] = sizes.get(heading, 0) + len(chunk.text) - len(heading)
    return [heading for heading, size in sizes.items() if size >= LEAST_CHARS]
