"""What a note becomes: one plain text with offsets, and the structure that lies over it.

The text of a Document is the text we show. Markup is already gone from it (no `**`, no tags), structure is kept beside it as
blocks and spans, so a character offset means the same place to the splitter, the citation and the source viewer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

MARKDOWN_SUFFIXES = frozenset([".md", ".markdown", ".mdown", ".mkd", ".mkdn"])
HTML_SUFFIXES = frozenset([".html", ".htm", ".xhtml", ".mht", ".mhtml"])
WORD_SUFFIX = ".docx"

_FRONT_MATTER = re.compile(r"\A(?:[a-z][\w-]*: [^\n]*\n)+\n")


class NoteFormat(StrEnum):
    MARKDOWN = "markdown"
    TEXT = "text"
    PDF = "pdf"
    WORD = "word"
    HTML = "html"


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list-item"
    QUOTE = "quote"
    CODE = "code"
    TABLE_ROW = "table-row"
    RULE = "rule"
    FRONT_MATTER = "front-matter"


class SpanKind(StrEnum):
    STRONG = "strong"
    EMPHASIS = "emphasis"
    STRIKE = "strike"
    CODE = "code"
    LINK = "link"
    WIKILINK = "wikilink"
    IMAGE = "image"
    CELL = "cell"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-like stretch `text[start:end]` of a Document. Blocks are in order and never overlap.

    level: heading level 1-6, list or quote nesting from 1, 0 where it has no meaning. marker: what stands before a list item
    ("•", "1.", "☐", "☑"); it is drawn, it is not part of the text. A table row's cells are CELL spans within the block; level 1
    marks a header row. heading_path: the headings above this block, outermost first (a heading's own path excludes itself).
    """

    kind: BlockKind
    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    level: int = 0
    page: int | None = None
    marker: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Inline formatting over `text[start:end]`. target: a link's address or an image's path, never followed by itself; of a cell the side it
    is set to ("left", "center", "right", "" for none). A formula's span holds the signs around it."""

    kind: SpanKind
    start: int
    end: int
    target: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a paged note. number counts from 1; start and end are character offsets into the Document's text."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A note's parsed text and metadata.

    title: front matter title, first heading, format's own title, or "" (the file name then serves). encoding: of text files, as
    detected. day: the date in the front matter, as written. notices: reader's remarks in ReasonCode values ("partial", "no-text-pages"), shown beside the file.
    lines: of a plain text file, the line of the file (from 1) on which each block begins.
    """

    text: str
    format: NoteFormat
    title: str = ""
    blocks: tuple[Block, ...] = ()
    spans: tuple[Span, ...] = ()
    pages: tuple[Page, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    encoding: str = ""
    day: str = ""
    notices: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A contiguous slice of a Document: `document.text[start:end] == text`.

    ordinal counts from 0 within the note. heading_path is that of the chunk's first block (with the heading itself, if the
    chunk begins with one). page is where the chunk starts, None for notes without pages.
    """

    ordinal: int
    text: str
    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    page: int | None = None


class ReasonCode(StrEnum):
    """Why a note is skipped, failed or only partly read. Worded by the window and the command line."""

    EMPTY = "empty"
    NO_TEXT = "no-text"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    NOT_TEXT = "not-text"
    TOO_LARGE = "too-large"
    UNSUPPORTED = "unsupported"
    NO_PERMISSION = "no-permission"
    TIMED_OUT = "timed-out"
    OUT_OF_MEMORY = "out-of-memory"
    READER_CRASHED = "reader-crashed"
    BOMB = "bomb"
    SYMLINK = "symlink"
    SPECIAL_FILE = "special-file"
    IGNORED_FOLDER = "ignored-folder"
    HIDDEN = "hidden"
    PATTERN = "pattern"
    FORGOTTEN = "forgotten"
    NAME_TOO_LONG = "name-too-long"
    CHANGING = "changing"
    VANISHED = "vanished"
    PARTIAL = "partial"
    READ_ERROR = "read-error"


_AROUND_CHARS = 1_000


def part_on_page(document: Document, number: int, start: int, end: int) -> tuple[str, tuple[str, str]]:
    """What of `document.text[start:end]` stands on a page, and what stands there before and after it (at most 1,000 characters each).

    "" and nothing around it if the page is not there or holds none of it.
    """
    for page in document.pages:
        first, last = max(start, page.start), min(end, page.end)
        if page.number == number and first < last:
            before = document.text[max(page.start, first - _AROUND_CHARS) : first]
            return document.text[first:last], (before, document.text[last : min(page.end, last + _AROUND_CHARS)])
    return "", ("", "")


def may_be_wrapped(note: str) -> bool:
    """False where a line break in the text of a note ends what it says, because the lines of a paragraph are joined when such a file is
    read (Markdown, web pages, Word); True where it may only end a line of the page. note: a path with `/`."""
    return PurePosixPath(note).suffix.lower() not in MARKDOWN_SUFFIXES | HTML_SUFFIXES | {WORD_SUFFIX}


def front_matter_end(text: str, start: int) -> int:
    """Where the text begins below the front matter of a stretch of a document, 0 if the stretch does not begin with one.

    start: the stretch's offset in its document. A stretch no longer knows its blocks; front matter stands in a document's text as lines of
    "key: value" and a blank line."""
    found = _FRONT_MATTER.match(text) if start == 0 else None
    return found.end() if found else 0
