"""Where the links of the open note lead: the engine is asked once for all of them, and a heading's place is found in the document."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, Signal

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.words import error_words, join
from assistant.domain.documents import BlockKind, Document, SpanKind
from assistant.domain.errors import AssistantError
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
        failed(str): where the link that was followed leads could not be found out, in words.
    """

    known = Signal()
    followed = Signal(object)
    failed = Signal(str)

    def __init__(self, client: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._request = 0
        self._wanted = ""
        self._unanswered: ResolveLinks | None = None
        self.places: dict[str, LinkPlace] = {}
        client.welcomed.connect(self._on_welcomed)

    def look_up(self, opened: SourceOpened) -> None:
        self.forget()
        targets = note_targets(opened.document)
        if targets:
            self._ask(ResolveLinks(opened.folder_id, opened.note, targets))

    def forget(self) -> None:
        if self._request:
            self._client.forget(self._request)
        self._request, self._wanted, self._unanswered, self.places = 0, "", None, {}

    def follow(self, target: str) -> None:
        """`followed` comes now, or as soon as the engine has said where it leads; where it failed to, it is asked once more."""
        if self._request or self._unanswered is not None:
            self._wanted = target
            if not self._request and self._unanswered is not None:
                self._ask(self._unanswered)
        else:
            self.followed.emit(self.places.get(target, LinkPlace(target)))

    def _ask(self, body: ResolveLinks) -> None:
        self._unanswered = body
        self._request = self._client.request(body, self._on_resolved, self._on_failed)

    def _on_welcomed(self, _welcome: object) -> None:
        """An engine that was restarted had no time to answer."""
        if self._unanswered is not None and not self._request:
            self._ask(self._unanswered)

    def _on_resolved(self, event: object) -> None:
        self._request, self._unanswered = 0, None
        if isinstance(event, LinksResolved):
            self.places = {place.target: place for place in event.places}
            self.known.emit()
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.follow(wanted)

    def _on_failed(self, error: AssistantError) -> None:
        self._request = 0
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.failed.emit(
                join(self.tr("Where this link leads could not be found out."), error_words(error).as_text())
            )
