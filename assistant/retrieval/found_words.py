"""Which words of a shown text made a search find it: also other forms of what was typed, which look nothing like it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.domain.search import QueryWord
from assistant.retrieval.stemming import Stemmer
from assistant.retrieval.terms import fold, is_across_words, is_filler, is_paired, runs

MOST_CHARS = 40_000
"""Of all texts together; more than twenty passages ever have."""


def found_words(
    asked: Sequence[QueryWord], texts: Iterable[str], stemmer: Stemmer, *, unfinished: bool
) -> tuple[str, ...]:
    """The distinct words of the texts that count as one of those asked for, in lower case but otherwise as they are spelled there.

    unfinished: the last word asked for may be a beginning."""
    wanted = {form for one in asked for form in (one.word, *one.forms) if not is_filler(form)}
    if not wanted:
        return ()
    pairs = {word for word in wanted if is_paired(word) and not is_across_words(word)}
    plain = wanted - pairs
    beginning = asked[-1].word if unfinished and asked[-1].word in plain else ""
    spelled: dict[str, set[str]] = {}
    found: dict[str, None] = {}
    left = MOST_CHARS
    for text in texts:
        for start, end in runs(text[:left]):
            run = text[start:end]
            if is_paired(fold(run)):
                found |= dict.fromkeys(_pairs_in(run, pairs))
            else:
                spelled.setdefault(fold(run), set()).add(run.lower())
        left -= len(text)
        if left <= 0:
            break
    stems = stemmer.stems((*plain, *spelled))
    wanted_stems = {stems[word] for word in plain}
    for word, spellings in spelled.items():
        if stems[word] in wanted_stems or (beginning and word.startswith(beginning)):
            found |= dict.fromkeys(sorted(spellings))
    return tuple(found)


def _pairs_in(run: str, pairs: set[str]) -> list[str]:
    """Traditional and simplified spellings of a pair are one word; a single character is a word where nothing else stands in its run."""
    cut = [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]
    singles = [character for character in run if character in pairs]
    return [piece for piece in (*cut, *singles) if fold(piece) in pairs]
