"""Where the links of the open note lead: the engine is asked once for all of them, and a heading's place is found in the document."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, Signal

from assistant.desktop.client.engine_client import EngineClient
from assistant.domain.documents import BlockKind, Document, SpanKind
from assistant.domain.reading import LinkPlace, leads_out
from assistant.ipc.engine_messages import SourceOpened
from assistant.ipc.source_messages import LinksResolved, ResolveLinks

MOST_LINKS = 5_000


def note_targets(document: Document) -> tuple[str, ...]:
    """Every target of the document's links that does not lead out, once."""
    links = (span.target for span in document.spans if span.kind in (SpanKind.LINK, SpanKind.WIKILINK))
    return tuple(dict.fromkeys(target for target in links if target and not leads_out(target)))[:MOST_LINKS]


def heading_place(document: Document, heading: str) -> int | None:
    """Offset of a heading by its words, or as web pages spell them in an address; of "A#B" the heading B below A. None: there is none."""
    at = -1
    for part in heading.split("#"):
        wanted = _plain(part)
        for block in document.blocks:
            if (
                block.kind is BlockKind.HEADING
                and block.start > at
                and wanted == _plain(document.text[block.start : block.end])
            ):
                at = block.start
                break
        else:
            return None
    return at if at >= 0 else None


def _plain(words: str) -> str:
    return "".join(re.findall(r"\w+", words.casefold()))


class NoteLinks(QObject):
    """Knows the links of one note. Lives on the UI thread.

    Signals:
        known(): where they lead is known now.
        followed(object): the LinkPlace of a link that was followed before it was known.
    """

    known = Signal()
    followed = Signal(object)

    def __init__(self, client: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._request = 0
        self._wanted = ""
        self.places: dict[str, LinkPlace] = {}

    def look_up(self, opened: SourceOpened) -> None:
        self.forget()
        targets = note_targets(opened.document)
        if targets:
            body = ResolveLinks(opened.folder_id, opened.note, targets)
            self._request = self._client.request(body, self._on_resolved, self._on_failed)

    def forget(self) -> None:
        if self._request:
            self._client.forget(self._request)
        self._request, self._wanted, self.places = 0, "", {}

    def follow(self, target: str) -> None:
        """`followed` comes now, or as soon as the engine has said where it leads."""
        if self._request:
            self._wanted = target
        else:
            self.followed.emit(self.places.get(target, LinkPlace(target)))

    def _on_resolved(self, event: object) -> None:
        self._request = 0
        if isinstance(event, LinksResolved):
            self.places = {place.target: place for place in event.places}
            self.known.emit()
        self._follow_wanted()

    def _on_failed(self, _error: object) -> None:
        self._request = 0
        self._follow_wanted()

    def _follow_wanted(self) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.follow(wanted)
