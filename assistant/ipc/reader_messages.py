"""What the engine and a throw-away reader process say to each other.

One request at a time. ReadNote fails with NoteUnreadableError (field reason: a ReasonCode value). A reader that dies instead
was killed by its own limits or by the file: READER_EXIT_REASONS tells which by the exit code.
"""

from __future__ import annotations

import msgspec

from assistant.domain.documents import Document, ReasonCode

EXIT_TIMED_OUT = 74
EXIT_OUT_OF_MEMORY = 75

READER_EXIT_REASONS = {EXIT_TIMED_OUT: ReasonCode.TIMED_OUT, EXIT_OUT_OF_MEMORY: ReasonCode.OUT_OF_MEMORY}
"""Any other exit code of a reader that was reading means ReasonCode.READER_CRASHED."""


class _Tagged(msgspec.Struct, frozen=True, tag_field="type", tag=lambda name: name):
    """Base of every message: the struct's name is its tag on the wire."""


class ReadNote(_Tagged, frozen=True):
    """Read a file. Ends with NoteRead. path: absolute. memory_limit_bytes 0: no limit."""

    path: str
    max_bytes: int = 50_000_000
    time_limit_s: float = 30.0
    memory_limit_bytes: int = 0
    password: str = ""


class RenderPage(_Tagged, frozen=True):
    """Draw one page of a PDF, page counting from 1. Ends with PageRendered.

    quote: words to be marked on the page, as they stand in the Document (or ""). around: what stands before and after them there. with_text:
    also tell the page's characters and where each stands.
    """

    path: str
    page: int
    width_px: int = 1000
    quote: str = ""
    time_limit_s: float = 20.0
    memory_limit_bytes: int = 0
    password: str = ""
    around: tuple[str, str] = ("", "")
    with_text: bool = False


class RenderImage(_Tagged, frozen=True):
    """An image file as a small PNG. path: absolute. Ends with ImageRendered."""

    path: str
    max_width_px: int = 1600
    time_limit_s: float = 20.0
    memory_limit_bytes: int = 0


ReaderRequest = ReadNote | RenderPage | RenderImage


class NoteRead(_Tagged, frozen=True):
    document: Document


class PageRendered(_Tagged, frozen=True):
    """png: base64. rects: (left, top, width, height) in pixels of the drawn page, one a line of the marked quote; empty if the
    quote was not found. text, boxes: the page's characters, if they were wanted, and a rectangle for each (all zeros where it has none)."""

    png: str
    width_px: int
    height_px: int
    page: int
    page_count: int
    rects: tuple[tuple[int, int, int, int], ...] = ()
    text: str = ""
    boxes: tuple[tuple[int, int, int, int], ...] = ()


class ImageRendered(_Tagged, frozen=True):
    """png: base64."""

    png: str
    width_px: int
    height_px: int


ReaderEvent = NoteRead | PageRendered | ImageRendered
