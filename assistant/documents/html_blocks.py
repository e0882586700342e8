"""HTML events become blocks. Used for saved pages and, through its HTML, for Markdown.

Works on a flat stream of tags: no tree is built, nothing recurses, so depth costs nothing, and whatever a page refers to stays
unread. Broken nesting is taken as it comes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from assistant.documents.building import DocumentBuilder, Inline
from assistant.documents.html_tokens import EndTag, StartTag, html_tokens
from assistant.documents.limits import Clock
from assistant.domain.documents import BlockKind, SpanKind

INVISIBLE = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "audio",
        "video",
        "canvas",
        "datalist",
        "head",
    ]
)
"""Elements whose content is not text on the page."""

_INLINE = {
    "x-formula": SpanKind.FORMULA,
    "b": SpanKind.STRONG,
    "strong": SpanKind.STRONG,
    "mark": SpanKind.EMPHASIS,
    "i": SpanKind.EMPHASIS,
    "em": SpanKind.EMPHASIS,
    "cite": SpanKind.EMPHASIS,
    "del": SpanKind.STRIKE,
    "s": SpanKind.STRIKE,
    "strike": SpanKind.STRIKE,
    "code": SpanKind.CODE,
    "kbd": SpanKind.CODE,
    "samp": SpanKind.CODE,
    "tt": SpanKind.CODE,
}
_BLOCKS = frozenset(
    "p div section article main header footer nav aside form fieldset legend address figure figcaption details summary "
    "dl dt dd center body html caption thead tbody tfoot option button noframes".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "param"]
)
_HEAD_ONLY = frozenset(["title", "meta", "link", "style", "script", "base", "noscript", "template", "head"])
_TEXT_ALIGN = re.compile(r"(?<![\w-])text-align\s*:\s*([a-z]+)", re.IGNORECASE)
_NO_TARGET = ("javascript:", "data:", "vbscript:")


@dataclass(slots=True)
class _List:
    is_ordered: bool
    number: int = 1
    marker: str = ""
    group: object = field(default_factory=object)


@dataclass(slots=True)
class _Table:
    """A table being read. Once a cell turns out to hold blocks of its own, the table only lays the page out."""

    is_layout: bool = False
    row: list[Inline] | None = None
    sides: list[str] = field(default_factory=list)
    is_header: bool = False
    in_cell: bool = False
    group: object = field(default_factory=object)


class HtmlBlocks:
    """Reads markup into the builder's blocks. One use.

    skipped: elements left out with all they hold. title: that of the page's head, after `read`.
    """

    def __init__(self, builder: DocumentBuilder, skipped: frozenset[str] = INVISIBLE) -> None:
        self._builder = builder
        self._skipped = skipped
        self._inline = Inline()
        self._skipping = ""
        self._skip_depth = 0
        self._heading = 0
        self._quotes = 0
        self._pre = 0
        self._language = ""
        self._lists: list[_List] = []
        self._tables: list[_Table] = []
        self._title: list[str] | None = None
        self.title = ""

    def read(self, markup: str, clock: Clock) -> bool:
        """False if the time was over before the markup was."""
        is_whole = True
        for count, token in enumerate(html_tokens(markup), 1):
            if count % 1000 == 0 and clock.is_late():
                is_whole = False
                break
            if isinstance(token, StartTag):
                self._start(token.name, token.attributes)
            elif isinstance(token, EndTag):
                self._end(token.name)
            elif self._title is not None:
                self._title.append(token[:1000])
            elif not self._skipping:
                self._inline.write(token)
        self._flush()
        while self._tables:
            self._end_table_part("table")
        return is_whole

    def _start(self, tag: str, given: dict[str, str]) -> None:
        self._end_title()
        if tag == "title" and self._skipping in {"", "head"}:
            self._title = []
            return
        if self._skipping == "head" and tag not in _HEAD_ONLY:
            self._skipping = ""  # the end tag of a head may be left out
        if self._skipping:
            self._skip_depth += tag == self._skipping
            return
        if tag in self._skipped or _is_hidden(given):
            if tag not in _VOID:
                self._skipping, self._skip_depth = tag, 1
        elif tag in _INLINE:
            self._start_inline(tag, given)
        elif tag in {"a", "img", "br", "x-wikilink", "x-embed"}:
            self._start_special(tag, given)
        elif tag in {"table", "tr", "td", "th"}:
            self._start_table_part(tag, given)
        else:
            self._start_block(tag, given)

    def _end(self, tag: str) -> None:
        self._end_title()
        if self._skipping:
            self._skip_depth -= tag == self._skipping
            if self._skip_depth <= 0 or (self._skipping == "head" and tag == "html"):
                self._skipping = ""
        elif tag in _INLINE:
            self._inline.close(_INLINE[tag])
        elif tag == "a":
            self._inline.close(SpanKind.LINK)
        elif tag == "x-wikilink":
            self._inline.close(SpanKind.WIKILINK)
        elif tag in {"table", "tr", "td", "th"}:
            self._end_table_part(tag)
        else:
            self._end_block(tag)

    def _end_title(self) -> None:
        if self._title is not None:
            self.title, self._title = self.title or "".join(self._title), None

    def _start_inline(self, tag: str, given: dict[str, str]) -> None:
        if tag == "code" and self._pre:
            self._language = self._language or _language_of(given)
        else:
            self._inline.open(_INLINE[tag])

    def _start_special(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self._inline.break_line()
        elif tag == "img":
            self._image(given.get("alt", ""), given.get("src", ""))
        elif tag == "x-embed":
            self._image(given.get("alt", ""), given.get("target", ""))
        elif tag == "x-wikilink":
            self._builder.add_link(given.get("target", ""))
            self._inline.open(SpanKind.WIKILINK, given.get("target", ""))
        else:
            target = _target_of(given.get("href", ""))
            if target and not target.startswith("#"):
                self._builder.add_link(target)
            if target:
                self._inline.open(SpanKind.LINK, target)

    def _image(self, alt: str, source: str) -> None:
        if alt.strip():
            self._inline.span(SpanKind.IMAGE, alt, _target_of(source))

    def _start_block(self, tag: str, given: dict[str, str]) -> None:
        if tag in _HEADINGS:
            self._lay_out()
            self._flush()
            self._heading = _HEADINGS[tag]
        elif tag == "li":
            self._flush()
            if self._lists:
                self._lists[-1].marker = _marker_of(self._lists[-1], given)
        elif tag in {"ul", "ol", "menu"}:
            self._lay_out()
            self._flush()
            self._lists.append(_List(tag == "ol", _number_of(given.get("start", ""))))
        elif tag == "blockquote":
            self._flush()
            self._quotes += 1
        elif tag == "pre":
            self._flush()
            self._pre += 1
            self._language = _language_of(given)
            self._inline = Inline(keep_white_space=True)
        elif tag == "hr":
            self._flush()
            if not self._tables:
                self._builder.add_rule()
        elif tag in _BLOCKS:
            self._flush()

    def _end_block(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._flush()
            self._heading = 0
        elif tag in {"ul", "ol", "menu"}:
            self._flush()
            if self._lists:
                self._lists.pop()
        elif tag == "li":
            self._flush()
            if self._lists:
                self._lists[-1].marker = ""
        elif tag == "blockquote":
            self._flush()
            self._quotes = max(0, self._quotes - 1)
        elif tag == "pre" and self._pre:
            self._flush()
            self._pre -= 1
            self._language = ""
            if not self._pre:
                self._inline = Inline()
        elif tag in _BLOCKS:
            self._flush()

    def _flush(self) -> None:
        """End the block being written."""
        if self._in_cell():
            if self._inline.is_blank():
                return
            self._inline.write(" ")
            return
        if self._inline.is_blank():
            self._inline.take()
            return
        if self._heading:
            self._builder.add(BlockKind.HEADING, self._inline, level=self._heading)
        elif self._pre:
            self._builder.add(BlockKind.CODE, self._inline, language=self._language)
        elif self._lists:
            innermost = self._lists[-1]
            self._builder.add(
                BlockKind.LIST_ITEM,
                self._inline,
                level=len(self._lists),
                marker=innermost.marker,
                group=self._lists[0].group,
            )
            innermost.marker = ""
        elif self._quotes:
            self._builder.add(BlockKind.QUOTE, self._inline, level=self._quotes)
        else:
            self._builder.add(BlockKind.PARAGRAPH, self._inline)

    def _in_cell(self) -> bool:
        return bool(self._tables) and self._tables[-1].in_cell

    def _start_table_part(self, tag: str, given: dict[str, str]) -> None:
        if tag == "table":
            self._lay_out()
            self._flush()
            self._tables.append(_Table())
            return
        if not self._tables or self._tables[-1].is_layout:
            self._flush()
            return
        table = self._tables[-1]
        if tag == "tr":
            self._end_row(table)
            table.row, table.sides, table.is_header = [], [], True
        else:
            if table.row is None:
                table.row, table.sides, table.is_header = [], [], True
            self._end_cell(table)
            table.in_cell = True
            table.sides.append(_side_of(given))
            table.is_header = table.is_header and tag == "th"
            self._inline = Inline()

    def _end_table_part(self, tag: str) -> None:
        if not self._tables:
            self._flush()
            return
        table = self._tables[-1]
        if table.is_layout:
            self._flush()
        elif tag in {"td", "th"}:
            self._end_cell(table)
        else:
            self._end_row(table)
        if tag == "table":
            self._tables.pop()

    def _end_cell(self, table: _Table) -> None:
        if table.in_cell and table.row is not None:
            table.row.append(self._inline)
            self._inline = Inline()
        elif not self._inline.is_blank():
            table.in_cell = False
            self._flush()
        table.in_cell = False

    def _end_row(self, table: _Table) -> None:
        self._end_cell(table)
        if table.row:
            self._builder.add_row(table.row, is_header=table.is_header, group=table.group, sides=table.sides)
        table.row = None

    def _lay_out(self) -> None:
        """A block inside a cell: give up on rows, what the cell and its row held so far become blocks."""
        if not self._in_cell():
            return
        table = self._tables[-1]
        cells, table.row, table.in_cell, table.is_layout = table.row or [], None, False, True
        current = self._inline
        for cell in [*cells, current]:
            self._inline = cell
            self._flush()
        self._inline = Inline()


def _is_hidden(given: dict[str, str]) -> bool:
    style = given.get("style", "")
    if style and "none" in style and "display:none" in style.replace(" ", "").lower():
        return True
    return "hidden" in given or "footnote-backref" in given.get("class", "")


def _side_of(given: dict[str, str]) -> str:
    """To which side a cell is set: Markdown's tables say it in a style, older pages in an attribute."""
    found = _TEXT_ALIGN.search(given.get("style", ""))
    side = found[1].lower() if found else given.get("align", "").strip().lower()
    return side if side in {"left", "center", "right"} else ""


def _target_of(address: str) -> str:
    address = address.strip()
    if address.lower().startswith(_NO_TARGET):
        return ""
    try:
        return address if urlsplit(address).scheme else unquote(address)
    except ValueError:
        return ""


def _language_of(given: dict[str, str]) -> str:
    for name in given.get("class", "").split():
        for prefix in ("language-", "lang-", "brush:"):
            if name.startswith(prefix):
                return name.removeprefix(prefix)[:40]
    return ""


def _number_of(start: str) -> int:
    return int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1


def _marker_of(innermost: _List, given: dict[str, str]) -> str:
    task = given.get("data-task")
    if innermost.is_ordered:
        number, innermost.number = innermost.number, innermost.number + 1
        if task is None:
            return f"{number}."
    if task is not None:
        return "☐" if task == " " else "☑"
    return "•"
