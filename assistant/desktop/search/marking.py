"""Where the found words stand in a shown text."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SPACELESS = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_LETTER = rf"[^\W_{_SPACELESS}]"
_CHINESE_RUN = re.compile(r"[\u3400-\u9fff]{3,}")


def query_words(query: str) -> tuple[str, ...]:
    """The words of a query as they are looked for in a shown text. Chinese text has no spaces: its runs are also cut in pairs."""
    words: list[str] = []
    for word in re.findall(r"\w+", query.lower()):
        words.append(word)
        for run in _CHINESE_RUN.findall(word):
            words += [run[i : i + 2] for i in range(len(run) - 1)]
    return tuple(dict.fromkeys(words))


def marks_in(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where whole words stand, regardless of case; in Chinese any place counts. Finds that overlap or touch are joined."""
    pattern = _pattern(words)
    if pattern is None:
        return []
    joined: list[tuple[int, int]] = []
    for found in pattern.finditer(text):
        start, end = found.span(1)
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    longest_first = sorted(filter(None, words), key=len, reverse=True)
    parts = [_spelled(word) for word in longest_first]
    # Looked at from ahead, so that pairs of Chinese characters may overlap.
    return re.compile(rf"(?=({'|'.join(parts)}))", re.IGNORECASE) if parts else None


def _spelled(word: str) -> str:
    before = rf"(?<!{_LETTER})" if re.match(_LETTER, word) else ""
    after = rf"(?!{_LETTER})" if re.match(_LETTER, word[-1]) else ""
    return f"{before}{re.escape(word)}{after}"
