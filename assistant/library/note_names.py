"""Which note a link means: by its path from the note it stands in, by its name, by its title. The nearest of those that bear the name.

Only what the catalog knows can be meant, so no link leads out of the added folders.
"""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from assistant.domain.documents import MARKDOWN_SUFFIXES
from assistant.domain.reading import LinkPlace, leads_out
from assistant.library.names import parent_of, stem_of, suffix_of

NoteKey = tuple[int, str]
LONGEST_TARGET_CHARS = 2_000


class NoteNames:
    """Made anew when notes come and go. Thread: any; never changes."""

    def __init__(self, notes: Iterable[tuple[int, str, str]]) -> None:
        """notes: folder_id, path, and the title that the note gives itself or ""."""
        self._by_path: dict[NoteKey, NoteKey] = {}
        self._by_name: dict[str, list[NoteKey]] = {}
        self._by_title: dict[str, list[NoteKey]] = {}
        self._titles: dict[NoteKey, tuple[str, ...]] = {}
        for folder_id, note, title in notes:
            key = (folder_id, note)
            self._by_path[folder_id, _folded(note)] = key
            name = note.rpartition("/")[2]
            for spelling in {_folded(name), _folded(stem_of(note))}:
                self._by_name.setdefault(spelling, []).append(key)
            if title:
                self._titles[key] = (_folded(title),)
                self._by_title.setdefault(_folded(title), []).append(key)

    def __contains__(self, key: NoteKey) -> bool:
        return self._by_path.get((key[0], _folded(key[1]))) == key

    def called(self, key: NoteKey) -> frozenset[str]:
        """The names by which links may mean a note, as `names_in` gives them."""
        name = key[1].rpartition("/")[2]
        return frozenset({_folded(name), _folded(stem_of(name)), *self._titles.get(key, ())})

    def place(self, folder_id: int, note: str, target: str) -> LinkPlace:
        """Where a link leads that stands in a note."""
        found, heading = self.find(folder_id, note, target)
        return LinkPlace(target, *(found or (0, "")), heading=heading)

    def find(self, folder_id: int, note: str, target: str) -> tuple[NoteKey | None, str]:
        """The note a link means, None if there is none; and the heading in it, "" for its beginning."""
        if leads_out(target) or len(target) > LONGEST_TARGET_CHARS or not target.isprintable():
            return None, ""
        # Parted first: what is written as %23 belongs to a name.
        path, _, heading = target.partition("#")
        heading = unquote(heading).strip()
        path = path.replace("\\", "/").strip()
        if not path:
            return (folder_id, note), heading
        for spelling in dict.fromkeys((path, unquote(path).replace("\\", "/"))):
            found = self._find(folder_id, note, spelling)
            if found is not None:
                return found, heading
        return None, heading

    def _find(self, folder_id: int, note: str, path: str) -> NoteKey | None:
        is_walked = any(part in (".", "..") for part in path.split("/"))
        starts = ("",) if path.startswith("/") else (parent_of(note),) if is_walked else (parent_of(note), "")
        for start in starts:
            walked = posixpath.normpath(posixpath.join(start, path.lstrip("/")))
            if walked != ".." and not walked.startswith("../"):
                for suffix in ("", *sorted(MARKDOWN_SUFFIXES, key=len)):
                    found = self._by_path.get((folder_id, _folded(walked + suffix)))
                    if found is not None:
                        return found
        if is_walked or path.startswith("/"):
            return None
        return min(self._named(_folded(path)), key=lambda key: _distance(folder_id, note, key), default=None)

    def _named(self, path: str) -> Iterator[NoteKey]:
        """The notes of a name, or with a path that ends so; else those of a title."""
        name = path.rpartition("/")[2]
        found = False
        for key in self._by_name.get(name, ()):
            own = _folded(key[1])
            if (
                "/" not in path
                or f"/{own}".endswith(f"/{path}")
                or f"/{own}".removesuffix(suffix_of(own)).endswith(f"/{path}")
            ):
                found = True
                yield key
        if not found and "/" not in path:
            yield from self._by_title.get(path, ())


def names_in(target: str) -> set[str]:
    """The names that a link may bear, however it is written; to be compared with `NoteNames.called`."""
    path = target.partition("#")[0].replace("\\", "/").strip()
    spellings = {path, unquote(path).replace("\\", "/")}
    return {_folded(spelling.rpartition("/")[2]) for spelling in spellings} | {_folded(one) for one in spellings}


def _distance(folder_id: int, note: str, other: NoteKey) -> tuple[bool, int, bool, str]:
    """What is nearer comes first: in the same folder, with fewer steps up and down; a Markdown note before others of its name."""
    here, there = parent_of(note).split("/"), parent_of(other[1]).split("/")
    here, there = [part for part in here if part], [part for part in there if part]
    shared = 0
    while shared < min(len(here), len(there)) and here[shared] == there[shared]:
        shared += 1
    steps = len(here) + len(there) - 2 * shared
    return other[0] != folder_id, steps, suffix_of(other[1]) not in MARKDOWN_SUFFIXES, other[1]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
