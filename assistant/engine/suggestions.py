"""Questions for an empty chat, made from the titles and headings of the notes, without a model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.domain.sentences import contains_han

LONGEST_HEADING = 48
_HAN_OF_SEVERAL_WORDS = 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class NoteOutline:
    """title: as the library shows it. headings: in order, outermost first."""

    title: str
    headings: tuple[str, ...]


def suggest_questions(outlines: Iterable[NoteOutline], count: int, language: str) -> list[str]:
    """At most `count` questions, each from another note; those in the reader's language first.

    A question is asked in the language of the note it comes from: that is the one it will find words in.
    """
    found = [(question, contains_han(question)) for question in map(_question, outlines) if question]
    wanted = language == "zh"
    ordered = [text for text, han in found if han == wanted] + [text for text, han in found if han != wanted]
    return list(dict.fromkeys(ordered))[:count]


def _question(outline: NoteOutline) -> str:
    heading = _best_heading(outline)
    title = outline.title.strip()
    if not title or len(title) > LONGEST_HEADING:
        return ""
    return question_about(title, heading)


def question_about(title: str, heading: str = "") -> str:
    """What a note says below a heading, or as a whole, in the note's language."""
    if contains_han(title + heading):
        title = title.replace("《", "〈").replace("》", "〉")  # a title within a title
        return f"《{title}》里关于“{heading}”写了什么？" if heading else f"《{title}》主要讲了什么？"
    return f"What does “{title}” say about {_lower_first(heading)}?" if heading else f"What is “{title}” about?"


def _best_heading(outline: NoteOutline) -> str:
    """The first heading that says more than the title does, and does not begin as it does; rather one of several words than "Before"."""
    title = outline.title.casefold()
    begins = _WORD.findall(title)[:1]
    telling = [
        text
        for text in map(str.strip, outline.headings)
        if text and text.casefold() not in title and len(text) <= LONGEST_HEADING
        if _WORD.findall(text.casefold())[:1] != begins
    ]
    return next((text for text in telling if _says_much(text)), telling[0] if telling else "")


def _says_much(heading: str) -> bool:
    return " " in heading or (contains_han(heading) and len(heading) >= _HAN_OF_SEVERAL_WORDS)


def _lower_first(heading: str) -> str:
    """Into the middle of a sentence, unless it begins with a name or an abbreviation as far as one can see."""
    first, _, rest = heading.partition(" ")
    return heading if first[1:] != first[1:].lower() or not rest else heading[:1].lower() + heading[1:]
