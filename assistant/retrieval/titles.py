"""Which notes a text names by their titles.

All titles are kept in memory, by their first word: a search asks for the names in its best passages each time, and going through the
keyword index for that took longer than the search itself.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from assistant.retrieval.ports import TitleSource
from assistant.retrieval.terms import fold, is_filler, is_paired, words

FRESH_S = 20.0
"""While notes change, titles are read anew at most so often: a name that is missed for a moment costs little."""

_SHORTEST_LATIN, _SHORTEST_PAIRED = 4, 2
_ASIDE = re.compile(r"\s*[(（\[【,，:：].*", re.DOTALL)
"""What a title adds to tell itself from others of its name: "Gene Hackman (actor)", "Oakdale, New York"."""

NoteKey = tuple[int, str]


@dataclass(slots=True)
class _Names:
    """spaced: by its first two words (or its only one), the words of a title; run: by first two characters, a title in a script without
    spaces."""

    spaced: dict[tuple[str, ...], list[tuple[tuple[str, ...], NoteKey]]] = field(default_factory=dict)
    run: dict[str, list[tuple[str, NoteKey]]] = field(default_factory=dict)


class TitleIndex:
    """Thread: any. Holds some 200 bytes a note."""

    def __init__(self, source: TitleSource, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._lock = threading.Lock()
        self._names = _Names()
        self._version: int | None = None
        self._read_at = 0.0
        self._known: dict[str, tuple[str, ...]] = {}

    def named_in(self, text: str) -> list[NoteKey]:
        """(folder_id, note) of each note whose title stands in the text, in the order in which they are named."""
        names = self._current()
        found = sorted((*_spaced_in(text, names), *_run_in(text, names)), key=lambda one: one[0])
        return list(dict.fromkeys(key for _, key in found))

    def _current(self) -> _Names:
        with self._lock:
            version, now = self._source.version(), self._clock()
            if self._version is None or (version != self._version and now - self._read_at >= FRESH_S):
                self._names = self._read()
                self._version, self._read_at = version, now
            return self._names

    def _read(self) -> _Names:
        names, known = _Names(), dict[str, tuple[str, ...]]()
        for folder_id, note, title in self._source.titles():
            name = _ASIDE.sub("", title[:200])
            terms = known[name] = self._known.get(name) or tuple(words(name))
            if not _is_telling(terms):
                continue
            key = (folder_id, note)
            if any(map(is_paired, terms)):
                folded = fold(name)
                names.run.setdefault(folded[:2], []).append((folded, key))
            else:
                names.spaced.setdefault(terms[:2], []).append((terms, key))
        self._known = known
        return names


def _spaced_in(text: str, names: _Names) -> Iterator[tuple[float, NoteKey]]:
    if not names.spaced:
        return
    terms = tuple(words(text))
    for place in range(len(terms)):
        for begin in {terms[place : place + 1], terms[place : place + 2]}:
            for name, key in names.spaced.get(begin, ()):
                if terms[place : place + len(name)] == name:
                    yield place / len(terms), key


def _run_in(text: str, names: _Names) -> Iterator[tuple[float, NoteKey]]:
    if not names.run:
        return
    folded = fold(text)
    for place in range(len(folded) - 1):
        for name, key in names.run.get(folded[place : place + 2], ()):
            if folded.startswith(name, place):
                yield place / len(folded), key


def _is_telling(name: tuple[str, ...]) -> bool:
    """A title such as "Notes" or "To do" stands in many texts without meaning the note."""
    telling = [word for word in name if not is_filler(word)]
    letters = sum(len(word) for word in telling)
    return letters >= (_SHORTEST_PAIRED if any(map(is_paired, telling)) else _SHORTEST_LATIN)
