"""Where the notes' links lead, and what leads to a note.

The catalog keeps what a note says, not where its links lead, and a link's words need not hold the name of the note it means. So the
Markdown notes are looked through as they are on disk: all of them when a backlink is first asked for, later those that have changed.
What each links to stays in memory, some hundred bytes a note.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.encodings import decode_text
from assistant.documents.written_links import WrittenLink, has_links, written_links, written_targets
from assistant.domain.answers import Passage
from assistant.domain.documents import NoteFormat
from assistant.domain.errors import AssistantError, BadRequestError, Cancelled
from assistant.domain.library import IndexedChunk
from assistant.domain.reading import Backlink, LinkPlace, leads_out
from assistant.domain.sentences import split_sentences
from assistant.library.catalog import Catalog
from assistant.library.names import raw_text, stem_of
from assistant.library.note_names import NoteKey, NoteNames, names_in
from assistant.library.reconcile import root_of

MOST_TARGETS = 5_000
LARGEST_BYTES = 2_000_000
"""A longer note is looked through up to here."""

_MOST_CHUNKS = 500
_SENTENCE_CHARS = 300


@dataclass(frozen=True, slots=True)
class _Note:
    """A row of the catalog. seen: size and time of change when it was last compared."""

    file_id: int
    folder_id: int
    note: str
    raw: str
    title: str
    format: str
    seen: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Links:
    """What a note links to, and the names that these links bear. seen: as of the note when it was looked through."""

    seen: tuple[int, int]
    targets: tuple[str, ...]
    named: frozenset[str]


class LinkWeb:
    """Thread: any; one at a time looks through the notes, the others wait for it."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = threading.Lock()
        self._looking = threading.Lock()
        self._version = -1
        self._notes: list[_Note] = []
        self._names = NoteNames(())
        self._targets: dict[int, _Links] = {}

    def resolve(self, folder_id: int, note: str, targets: Sequence[str]) -> list[LinkPlace]:
        """One place for each target. Raises BadRequestError."""
        self._known(folder_id, note)
        _, names = self._current()
        return [names.place(folder_id, note, target) for target in targets[:MOST_TARGETS]]

    def backlinks(
        self, folder_id: int, note: str, limit: int, cancelled: threading.Event | None = None
    ) -> tuple[list[Backlink], int]:
        """The notes that link to a note, in the order of their paths, and how many there are. Raises BadRequestError, Cancelled."""
        self._known(folder_id, note)
        notes, names = self._current()
        wanted = (folder_id, note)
        called = names.called(wanted)
        linking = [
            one
            for one in self._looked_through(notes, cancelled)
            if (one.folder_id, one.note) != wanted and self._leads(one, wanted, names, called)
        ]
        linking.sort(key=lambda one: (one.folder_id != folder_id, one.note.casefold()))
        return [self._backlink(one, wanted, names) for one in linking[:limit]], len(linking)

    # ---- inside ------------------------------------------------------------------------------------------------------

    def _known(self, folder_id: int, note: str) -> None:
        if self._catalog.files.by_note(folder_id, note) is None:
            raise BadRequestError(reason="no such note")

    def _current(self) -> tuple[list[_Note], NoteNames]:
        """The notes and their names as they are now."""
        with self._lock:
            version = self._catalog.chunks.version()
            if version != self._version:
                with self._catalog.database.read() as db:
                    rows = db.execute(
                        """SELECT id, folder_id, note, raw, own_title, format, size, mtime_ns FROM files
                        WHERE is_folder = 0 AND gone = 0"""
                    ).fetchall()
                notes = [
                    _Note(file_id, folder_id, note, raw_text(raw), title, form, (size, changed))
                    for file_id, folder_id, note, raw, title, form, size, changed in rows
                ]
                if notes != self._notes:
                    self._notes = notes
                    self._names = NoteNames((one.folder_id, one.note, one.title) for one in notes)
                    self._targets = {
                        one.file_id: self._targets[one.file_id] for one in notes if one.file_id in self._targets
                    }
                self._version = version
            return self._notes, self._names

    def _looked_through(self, notes: Iterable[_Note], cancelled: threading.Event | None) -> Iterable[_Note]:
        """The Markdown notes, each after what it links to is known. What was looked through stays known if this is cut short."""
        with self._looking:
            root = _Roots(self._catalog)
            for one in notes:
                if one.format != NoteFormat.MARKDOWN:
                    continue
                if cancelled is not None and cancelled.is_set():
                    raise Cancelled
                known = self._targets.get(one.file_id)
                if known is None or known.seen != one.seen:
                    targets = written_targets(text) if has_links(text := root.text(one)) else ()
                    within = dict.fromkeys(target for target in targets if not leads_out(target))
                    named = frozenset(name for target in within for name in names_in(target))
                    self._targets[one.file_id] = _Links(one.seen, tuple(within), named)
        return notes

    def _leads(self, one: _Note, wanted: NoteKey, names: NoteNames, called: frozenset[str]) -> bool:
        """called: the names of the note that is wanted. Only links that bear one are followed: all of them took a second."""
        links = self._targets.get(one.file_id)
        if links is None or called.isdisjoint(links.named):
            return False
        return any(names.find(one.folder_id, one.note, target)[0] == wanted for target in links.targets)

    def _backlink(self, one: _Note, wanted: NoteKey, names: NoteNames) -> Backlink:
        links = [
            link
            for link in written_links(_Roots(self._catalog).text(one))
            if names.find(one.folder_id, one.note, link.target)[0] == wanted
        ]
        chunks = self._catalog.chunks.of_file(one.file_id, limit=_MOST_CHUNKS)
        path = str(_Roots(self._catalog).path(one))
        for link in links:
            found = _seen_at(link, chunks)
            if found is not None:
                chunk, start, end, mark = found
                text = chunk.text[start:end]
                return Backlink(self._passage(one, path, text, chunk.start + start, chunk), mark, len(links))
        beginning = chunks[0] if chunks else None
        text = beginning.text[:_SENTENCE_CHARS] if beginning else ""
        return Backlink(
            self._passage(one, path, text, beginning.start if beginning else 0, beginning), links=len(links)
        )

    @staticmethod
    def _passage(one: _Note, path: str, text: str, start: int, chunk: IndexedChunk | None) -> Passage:
        return Passage(
            one.folder_id,
            one.note,
            path.encode("utf-8", "replace").decode(),
            one.title or stem_of(one.note),
            text,
            start,
            start + len(text),
            0.0,
            heading_path=chunk.heading_path if chunk else (),
            page=chunk.page if chunk else None,
        )


class _Roots:
    """Reads notes as they are on disk: regular files below their folder, on no way that a link leads out of it."""

    def __init__(self, catalog: Catalog) -> None:
        self._folder = catalog.folder
        self._safe: dict[str, bool] = {}

    def path(self, one: _Note) -> Path:
        folder = self._folder(one.folder_id)
        return Path(root_of(folder)[0], one.raw) if folder is not None else Path(one.raw)

    def text(self, one: _Note) -> str:
        """ "" for what cannot be read."""
        path = self.path(one)
        try:
            if not self._is_inside(one, path.parent) or not stat.S_ISREG(os.lstat(path).st_mode):
                return ""
            with open(path, "rb") as file:
                data = file.read(LARGEST_BYTES)
            if b"[" not in data:
                return ""
            try:
                return data.decode()
            except UnicodeDecodeError:
                return decode_text(data)[0]
        except (OSError, ValueError, AssistantError):
            return ""

    def _is_inside(self, one: _Note, parent: Path) -> bool:
        key = str(parent)
        if key not in self._safe:
            folder = self._folder(one.folder_id)
            root = os.path.realpath(root_of(folder)[0]) if folder is not None else ""
            self._safe[key] = bool(root) and Path(os.path.realpath(parent)).is_relative_to(root)
        return self._safe[key]


def _seen_at(
    link: WrittenLink, chunks: Sequence[IndexedChunk]
) -> tuple[IndexedChunk, int, int, tuple[int, int]] | None:
    """The chunk, the range of the sentence in it, and the link's words in that sentence: of all places where these words stand the one
    with the link's line around it."""
    best: tuple[int, IndexedChunk, int] | None = None
    for chunk in chunks if link.words else ():
        at = chunk.text.find(link.words)
        while at >= 0:
            agreement = _agreement(chunk.text[:at], link.before) + _agreement(
                chunk.text[at + len(link.words) :][120::-1], link.after[::-1]
            )
            if best is None or agreement > best[0]:
                best = (agreement, chunk, at)
            at = chunk.text.find(link.words, at + 1)
    if best is None:
        return None
    _, chunk, at = best
    start, end = _sentence_at(chunk.text, at, at + len(link.words))
    return chunk, start, end, (at - start, at - start + len(link.words))


def _agreement(text: str, other: str) -> int:
    """How many letters two texts end with in common, whatever stands between these."""
    ours = [char for char in text[-120:] if char.isalnum()]
    theirs = [char for char in other if char.isalnum()]
    count = 0
    while count < min(len(ours), len(theirs), 40) and ours[-1 - count] == theirs[-1 - count]:
        count += 1
    return count


def _sentence_at(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence, or the sentences, that hold a range; of a very long one what is around it."""
    first, last = start, end
    for begin, stop in split_sentences(text):
        if begin < end and start < stop:
            first, last = min(first, begin), max(last, stop)
    if last - first > _SENTENCE_CHARS:
        first, last = max(first, start - _SENTENCE_CHARS // 2), min(last, end + _SENTENCE_CHARS // 2)
    return first, last
