"""How well what is typed fits a name: by its beginning, its words, their initials, or the sounds of Chinese characters. No Qt."""

from __future__ import annotations

import re

from assistant.domain.sounds import sounds_like

WHOLE, BEGINNING, WORD_BEGINNING, INSIDE, INITIALS, SOUNDS = 100, 80, 60, 40, 30, 20
"""Points for the way one typed word fits; the best way counts."""


def fit(typed: str, name: str) -> int:
    """Points for how well a name fits; 0 if it does not. Every word that was typed has to fit somewhere."""
    words = typed.casefold().split()
    if not words:
        return 0
    folded = name.casefold()
    points = [_fit_word(word, folded) for word in words]
    if not all(points):
        return 0
    whole = " ".join(words)
    return WHOLE if whole == folded else sum(points) // len(points)


def marks(typed: str, name: str) -> tuple[tuple[int, int], ...]:
    """Where the typed words stand in a name, as stretches of it; nothing for what fits by initials."""
    folded = name.casefold()
    if len(folded) != len(name):  # some letters change their length: offsets would point elsewhere
        return ()
    found = sorted((at, at + len(word)) for word in typed.casefold().split() if (at := folded.find(word)) >= 0)
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def initials(name: str) -> str:
    """First letters of the words of a name: "Backups of your chats" gives "boyc"."""
    return "".join(word[0] for word in re.findall(r"[^\W_]+", name.casefold()))


def _fit_word(word: str, folded: str) -> int:
    if folded.startswith(word):
        return BEGINNING
    at = folded.find(word)
    if at >= 0:
        return WORD_BEGINNING if not folded[at - 1].isalnum() else INSIDE
    if len(word) > 1 and initials(folded).startswith(word):
        return INITIALS
    if sounds_like(word, folded):
        return SOUNDS
    return 0
