"""Puts a Document together block by block, so that every reader keeps the same promises about offsets.

Readers say what they see (a heading, a list item with a bold word); only this module knows about separators, heading paths,
white space and the shifting of spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, repeat

from assistant.documents.cleaning import clean_line, clean_text
from assistant.domain.documents import Block, BlockKind, Document, NoteFormat, Page, Span, SpanKind

# Chinese and Japanese are written without spaces: a line break between two such characters is no word boundary.
_WIDE = "\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60"
_WRAPPED_HAN = re.compile(rf"(?<=[{_WIDE}])[ \t]*\n\s*(?=[{_WIDE}])")
_CELL_SEPARATOR = " | "
_HEADING_LIMIT = 300
_LINKS_LIMIT = 10_000


@dataclass(slots=True)
class Inline:
    """Text with spans, being written from left to right. Offsets are relative to its own text."""

    keep_white_space: bool = False
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _open: list[tuple[SpanKind, int, str]] = field(default_factory=list)
    _spans: list[Span] = field(default_factory=list)

    def write(self, text: str) -> None:
        """Add text. Runs of blanks become one space unless keep_white_space; line breaks must be asked for by `break_line`."""
        text = clean_text(text)
        if not self.keep_white_space:
            text = _WRAPPED_HAN.sub("", text) if "\n" in text else text
            words = text.split()
            collapsed = " ".join(words)
            if text[:1].isspace() and not self._ends_blank():
                collapsed = " " + collapsed
            if words and text[-1:].isspace():
                collapsed += " "
            text = collapsed
        self._append(text)

    def break_line(self) -> None:
        self._append("\n")

    def open(self, kind: SpanKind, target: str = "") -> None:
        self._open.append((kind, self._length, target))

    def close(self, kind: SpanKind) -> None:
        """End the innermost open span of this kind; nothing happens if there is none."""
        for index in range(len(self._open) - 1, max(-1, len(self._open) - 65), -1):
            if self._open[index][0] is kind:
                _, start, target = self._open.pop(index)
                self._spans.append(Span(kind, start, self._length, target))
                return

    def span(self, kind: SpanKind, text: str, target: str = "") -> None:
        """Write text inside one span."""
        self.open(kind, target)
        self.write(text)
        self.close(kind)

    def is_blank(self) -> bool:
        return not any(part.strip() for part in self._parts)

    def take(self) -> tuple[str, list[Span]]:
        """The text without blanks at its ends, and its spans; empty spans are dropped. The Inline starts anew."""
        for kind, _, _ in reversed(self._open[-64:]):
            self.close(kind)
        text = "".join(self._parts)
        first = len(text) - len(text.lstrip("\n" if self.keep_white_space else None))
        last = len(text.rstrip())
        shifted = (
            replace(span, start=max(span.start - first, 0), end=min(span.end, last) - first) for span in self._spans
        )
        kept = [span for span in shifted if span.start < span.end]
        self._parts, self._length, self._open, self._spans = [], 0, [], []
        return text[first : max(first, last)], sorted(kept, key=lambda span: (span.start, -span.end))

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _ends_blank(self) -> bool:
        return bool(self._parts) and self._parts[-1][-1:].isspace()


class DocumentBuilder:
    """Collects blocks into one text.

    Blocks stand "\\n\\n" apart; neighbours with the same `group` (items of one list, rows of one table) "\\n" apart.
    """

    def __init__(self, format: NoteFormat) -> None:
        self._format = format
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._spans: list[Span] = []
        self._pages: list[Page] = []
        self._headings: list[tuple[int, str]] = []
        self._group: object = None
        self._page: int | None = None
        self._page_start = 0
        self.title = ""
        self.encoding = ""
        self.day = ""
        self.tags: dict[str, None] = {}
        self.links: dict[str, None] = {}
        self.notices: dict[str, None] = {}
        self.lines: list[int] = []

    @property
    def chars(self) -> int:
        """Characters written so far."""
        return self._length

    @property
    def first_heading(self) -> str:
        for block in self._blocks:
            if block.kind is BlockKind.HEADING:
                return clean_line("".join(self._parts)[block.start : block.end])
        return ""

    def add(
        self,
        kind: BlockKind,
        inline: Inline,
        *,
        level: int = 0,
        marker: str = "",
        language: str = "",
        group: object = None,
    ) -> bool:
        """Append a block. A block without text is not kept: returns False."""
        text, spans = inline.take()
        if not text.strip():
            return False
        self._place(kind, text, spans, level, marker, language, group)
        return True

    def add_text(self, kind: BlockKind, text: str, *, level: int = 0, language: str = "", group: object = None) -> bool:
        """Append a block of text whose white space matters (code, plain text files)."""
        inline = Inline(keep_white_space=True)
        inline.write(text)
        return self.add(kind, inline, level=level, language=language, group=group)

    def add_row(self, cells: Iterable[Inline], *, is_header: bool, group: object, sides: Sequence[str] = ()) -> bool:
        """Append a table row: one CELL span a cell, also for an empty one, so that columns stay in place. sides: of the cells, if known."""
        text = ""
        spans: list[Span] = []
        pieces: list[str] = []
        for cell, side in zip(cells, chain(sides, repeat("")), strict=False):
            cell_text, cell_spans = cell.take()
            offset = len(text) + (len(_CELL_SEPARATOR) if pieces else 0)
            spans.append(Span(SpanKind.CELL, offset, offset + len(cell_text), side))
            spans.extend(replace(s, start=s.start + offset, end=s.end + offset) for s in cell_spans)
            pieces.append(cell_text)
            text = text + (_CELL_SEPARATOR if len(pieces) > 1 else "") + cell_text
        if not any(piece.strip() for piece in pieces):
            return False
        self._place(BlockKind.TABLE_ROW, text, spans, int(is_header), "", "", group)
        return True

    def add_rule(self) -> None:
        """A dividing line: a block without text."""
        self._blocks.append(Block(BlockKind.RULE, self._length, self._length, self._path(), page=self._page))
        self._group = None

    def start_page(self, number: int) -> None:
        self.end_page()
        self._page, self._page_start = number, -1
        self._group = None

    def end_page(self) -> None:
        if self._page is None:
            return
        start = self._length if self._page_start < 0 else self._page_start
        self._pages.append(Page(self._page, start, self._length))
        self._page = None

    def add_link(self, target: str) -> None:
        target = clean_line(target, 2000)
        if target and len(self.links) < _LINKS_LIMIT:
            self.links.setdefault(target)

    def add_tag(self, tag: str) -> None:
        tag = clean_line(tag, 100).lstrip("#")
        if tag and len(self.tags) < _LINKS_LIMIT:
            self.tags.setdefault(tag)

    def add_notice(self, notice: str) -> None:
        self.notices.setdefault(notice)

    def build(self) -> Document:
        self.end_page()
        return Document(
            text="".join(self._parts),
            format=self._format,
            title=clean_line(self.title) or self.first_heading,
            blocks=tuple(self._blocks),
            spans=tuple(self._spans),
            pages=tuple(self._pages),
            tags=tuple(self.tags),
            links=tuple(self.links),
            encoding=self.encoding,
            day=self.day,
            notices=tuple(self.notices),
            lines=tuple(self.lines) if len(self.lines) == len(self._blocks) else (),
        )

    def _place(
        self,
        kind: BlockKind,
        text: str,
        spans: Sequence[Span],
        level: int,
        marker: str,
        language: str,
        group: object,
    ) -> None:
        if self._length:
            self._append("\n" if group is not None and group == self._group else "\n\n")
        self._group = group
        if self._page_start < 0:
            self._page_start = self._length
        start = self._length
        self._append(text)
        if kind is BlockKind.HEADING:
            while self._headings and self._headings[-1][0] >= level:
                self._headings.pop()
        path = self._path()
        if kind is BlockKind.HEADING:
            self._headings.append((level, clean_line(text, _HEADING_LIMIT)))
        self._blocks.append(Block(kind, start, self._length, path, level, self._page, marker, language))
        self._spans.extend(replace(s, start=s.start + start, end=s.end + start) for s in spans)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _path(self) -> tuple[str, ...]:
        return tuple(title for _, title in self._headings)
