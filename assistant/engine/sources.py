"""Notes for the source viewer: read in a reader process as they are now, with the quoted place found again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from assistant.domain.documents import Document, Page
from assistant.domain.errors import BadRequestError, NoteMissingError, NoteUnreadableError
from assistant.domain.reading import leads_out
from assistant.engine.relocating import GONE, find_place, find_read_otherwise
from assistant.ipc import engine_messages as m
from assistant.ipc.reader_messages import PageRendered


class NoteSource(Protocol):
    """The library, as far as the viewer needs it. Raises NoteMissingError, NoteUnreadableError, BadRequestError."""

    def resolve(self, folder_id: int, note: str) -> Path: ...

    def read_source(
        self, folder_id: int, note: str, password: str = "", cancelled: threading.Event | None = None
    ) -> Document: ...

    def draw_page(
        self,
        folder_id: int,
        note: str,
        page: int,
        width_px: int,
        quote: str,
        around: tuple[str, str],
        cancelled: threading.Event | None = None,
        with_text: bool = False,
    ) -> PageRendered: ...

    def draw_image(
        self, folder_id: int, note: str, target: str, max_width_px: int, cancelled: threading.Event | None = None
    ) -> str: ...


class Sources:
    """Thread: any; the reader processes queue."""

    def __init__(self, library: NoteSource, title_of: Callable[[int, str], str]) -> None:
        self._library = library
        self._title_of = title_of

    def open(self, request: m.OpenSource, cancelled: threading.Event) -> m.SourceOpened:
        path = self._library.resolve(request.folder_id, request.note)
        document = self._library.read_source(request.folder_id, request.note, cancelled=cancelled)
        place = find_place(document.text, request.quote, request.start, request.end, request.around)
        if place.start == GONE and document.pages:
            place = find_read_otherwise(document.text, request.quote, request.start, request.around)
        return m.SourceOpened(
            folder_id=request.folder_id,
            note=request.note,
            note_path=str(path),
            title=document.title or self._title_of(request.folder_id, request.note),
            document=document,
            start=place.start,
            end=place.end,
            page=page_at(document.pages, place.start),
            moved=place.moved,
        )

    def draw(self, request: m.DrawPage, cancelled: threading.Event) -> m.PageDrawn:
        drawn = self._library.draw_page(
            request.folder_id,
            request.note,
            request.page,
            request.width_px,
            request.quote,
            request.around,
            cancelled,
            request.with_text,
        )
        return m.PageDrawn(
            png=drawn.png,
            width_px=drawn.width_px,
            height_px=drawn.height_px,
            page=request.page,
            page_count=drawn.page_count,
            rects=drawn.rects,
            text=drawn.text,
            boxes=drawn.boxes,
        )

    def image(self, request: m.ReadNoteImage, cancelled: threading.Event) -> m.NoteImageRead:
        """The picture, or an empty one for whatever may not or cannot be shown; the window then shows its description."""
        if leads_out(request.target):
            return m.NoteImageRead("")
        target = unquote(request.target)
        try:
            png = self._library.draw_image(request.folder_id, request.note, target, request.max_width_px, cancelled)
        except (BadRequestError, NoteMissingError, NoteUnreadableError):
            return m.NoteImageRead("")
        return m.NoteImageRead(png)


def page_at(pages: tuple[Page, ...], offset: int) -> int | None:
    """The number of the page that holds an offset; the first page for a place that is gone; None for notes without pages."""
    if not pages:
        return None
    if offset == GONE:
        return pages[0].number
    return next((page.number for page in reversed(pages) if page.start <= offset), pages[0].number)
