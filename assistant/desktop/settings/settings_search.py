"""Finding a setting by any word that a person may have for it, in either language."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Sequence

from assistant.desktop.common.painting import find_words
from assistant.desktop.common.theme import Theme


def fold(text: str) -> str:
    """Full-width as half-width, without case."""
    return unicodedata.normalize("NFKC", text).casefold()


def words_of(query: str) -> tuple[str, ...]:
    return tuple(fold(query).split())


def is_found(words: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether each word stands in one of the texts. Parts of words count: Chinese has no spaces to go by. No words find everything."""
    folded = [fold(text) for text in texts]
    return all(any(word in text for text in folded) for word in words)


def marked(text: str, words: Sequence[str], theme: Theme) -> str:
    """A text as HTML with the words marked in it."""
    pieces, at = [], 0
    ground, ink = theme.color("mark").name(), theme.color("ink").name()
    for start, end in find_words(text, words):
        pieces.append(html.escape(text[at:start]))
        pieces.append(f'<span style="background-color: {ground}; color: {ink}">{html.escape(text[start:end])}</span>')
        at = end
    return "".join((*pieces, html.escape(text[at:])))
