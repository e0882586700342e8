"""Markdown of an answer as blocks to draw: headings, paragraphs, lists, quotes, code, tables, rules.

Reads line by line and can be started again at any block with what it knew there, so that a growing answer is read once. GitHub's
dialect as far as answers use it; raw HTML is text. Pure Python: everything about how blocks look is elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.desktop.markdown.markdown_inline import SourceLines, parse_formula, parse_inline
from assistant.desktop.markdown.markdown_runs import MOST_COLUMNS, RichBlock, Run
from assistant.domain.documents import BlockKind
from assistant.domain.formulas import FORMULA_ENDS, MOST_FORMULA_LINES

LONGEST_BLOCK_CHARS = 6_000
"""A paragraph that goes on longer is ended at a line or where it stands: no block may cost more than a frame to draw again."""

IN_TABLE = -1
"""First number of a `resume` that begins at a row of a table; the others are the sides of its columns, as numbers of SIDES."""

SIDES = ("", "left", "center", "right")

_QUOTE = re.compile(r" {0,3}> ?")
_FENCE = re.compile(r"( *)(`{3,}|~{3,})\s*([^`\n]*)$")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_ITEM = re.compile(r"( *)([-*+•]|\d{1,9}[.)])(?:([ \t]+)(.*)|$)")
_TASK = re.compile(r"\[([ xX])\][ \t]+")
_DELIMITER_ROW = re.compile(r" *\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_FORMULA = re.compile(r" {0,3}(\$\$|\\\[)")
_CELL = re.compile(r"(?:[^|\\`]|\\.|\\$|`[^`]*`|`)*")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without its quote marks. begin: source offset of the whole line, marks and all: a block that is read again from there is the
    same. start: that of text[0]; end: behind its newline. cut: it goes on in the next one, having been too long."""

    text: str
    start: int
    end: int
    quote: int
    begin: int
    cut: bool = False

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))


def parse_markdown(
    source: str, start: int = 0, resume: tuple[int, ...] = (), *, growing: bool = False
) -> list[RichBlock]:
    """Blocks of `source[start:]`. resume: the `resume` of the block that began at `start`. growing: the text has not ended."""
    return _BlockReader(source, start, resume, growing).read()


class _BlockReader:
    def __init__(self, source: str, start: int, resume: tuple[int, ...], growing: bool) -> None:
        self._source = source
        self._lines = list(_lines(source, start))
        self._at = 0
        self._growing = growing
        self._lists: list[int] = list(resume)
        self._after_blank = True
        self._blocks: list[RichBlock] = []

    def read(self) -> list[RichBlock]:
        if self._lists[:1] == [IN_TABLE]:
            sides, self._lists = tuple(SIDES[number] for number in self._lists[1:]), []
            self._rows(sides)
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.blank:
                self._after_blank = True
                self._at += 1
                continue
            resume = tuple(self._lists)
            block = self._block(line)
            last = self._at >= len(self._lines)
            resume = block.resume if block.kind is BlockKind.TABLE_ROW and not block.level else resume
            self._blocks.append(_with_resume(block, resume, closed=block.closed and not (last and self._growing)))
            self._after_blank = False
        return self._blocks

    # ---- one block, starting at the current line ---------------------------------------------------------------------------

    def _block(self, line: _Line) -> RichBlock:
        if found := _FENCE.match(line.text):
            return self._code(line, found)
        if _RULE.match(line.text):
            self._lists = []
            return self._one_line(BlockKind.RULE, line)
        if found := _HEADING.match(line.text):
            self._lists = []
            content = SourceLines()
            if found[2]:
                content.add(found[2], line.start + found.start(2))
            return self._one_line(BlockKind.HEADING, line, runs=parse_inline(content), level=len(found[1]))
        if found := _ITEM.match(line.text):
            return self._item(line, found)
        if self._starts_table():
            return self._table(line)
        if last := self._formula_last():
            return self._formula(line, last)
        return self._paragraph(line)

    def _formula_last(self) -> int:
        """Number of the line behind a formula that stands in lines of its own from the current one on; 0 if there is none."""
        found = _FORMULA.match(self._lines[self._at].text)
        if found is None:
            return 0
        closing = FORMULA_ENDS[found[1]]
        for number, line in enumerate(self._lines[self._at : self._at + MOST_FORMULA_LINES]):
            text = line.text[found.end() :] if not number else line.text
            if line.blank or line.quote != self._lines[self._at].quote:
                return 0
            if closing in text:
                return self._at + number + 1 if text.rstrip().endswith(closing) and text.count(closing) == 1 else 0
        return len(self._lines) if self._growing else 0

    def _formula(self, line: _Line, last: int) -> RichBlock:
        content = SourceLines()
        lines = self._lines[self._at : last]
        for each in lines:
            content.add(each.text.strip(" "), each.start + each.indent)
        indent = self._depth_at(line.indent)
        self._at = last
        return RichBlock(
            BlockKind.PARAGRAPH, parse_formula(content), line.begin, lines[-1].end, indent=indent + 1, quote=line.quote
        )

    def _one_line(self, kind: BlockKind, line: _Line, runs: tuple[Run, ...] = (), level: int = 0) -> RichBlock:
        self._at += 1
        return RichBlock(kind, runs, line.begin, line.end, level=level, quote=line.quote)

    def _code(self, line: _Line, fence: re.Match[str]) -> RichBlock:
        margin, marks = len(fence[1]), fence[2]
        runs: list[Run] = []
        closed = False
        self._at += 1
        end = line.end
        while self._at < len(self._lines):
            inner = self._lines[self._at]
            self._at += 1
            end = inner.end
            stripped = inner.text.strip()
            if stripped.startswith(marks) and set(stripped) == {marks[0]}:
                closed = True
                break
            if inner.quote < line.quote and not inner.blank:
                self._at -= 1
                closed, end = True, inner.begin
                break
            margin_here = min(margin, inner.indent)
            runs.append(Run(inner.text[margin_here:] + ("" if inner.cut else "\n"), inner.start + margin_here))
        if runs:
            last = runs[-1]
            runs[-1] = Run(last.text.removesuffix("\n"), last.source)
        indent = self._depth_at(margin)
        return RichBlock(
            BlockKind.CODE,
            tuple(run for run in runs if run.text),
            line.begin,
            end,
            indent=indent,
            quote=line.quote,
            language=fence[3].strip().split(" ")[0][:40],
            closed=closed or not self._growing,
        )

    def _item(self, line: _Line, found: re.Match[str]) -> RichBlock:
        outer = len(found[1])
        while self._lists and outer < self._lists[-1] and not (len(self._lists) == 1 and outer >= self._lists[0]):
            self._lists.pop()
        text, text_start = found[4] or "", line.start + (found.start(4) if found[4] else len(line.text))
        self._lists.append(outer + len(found[2]) + (len(found[3]) if found[3] else 1))
        marker = "•" if found[2] in "-*+•" else found[2].replace(")", ".")
        if task := _TASK.match(text):
            marker = "☐" if task[1] == " " else "☑"
            text, text_start = text[task.end() :], text_start + task.end()
        content = SourceLines()
        content.add(text, text_start)
        self._at += 1
        end = self._continue(content, line)
        return RichBlock(
            BlockKind.LIST_ITEM,
            parse_inline(content, open_ended=self._open()),
            line.begin,
            end,
            level=len(self._lists),
            indent=len(self._lists),
            quote=line.quote,
            marker=marker,
        )

    def _paragraph(self, line: _Line) -> RichBlock:
        indent = self._depth_at(line.indent) if self._after_blank else len(self._lists)
        if self._after_blank:
            self._lists = self._lists[:indent]
        content = SourceLines()
        content.add(line.text.strip(" "), line.start + line.indent)
        first = self._at
        self._at += 1
        end = self._continue(content, line)
        kind, level = BlockKind.PARAGRAPH, 0
        if self._at < len(self._lines) and (under := _SETEXT.match(self._lines[self._at].text)) and not indent:
            kind, level, end = BlockKind.HEADING, 1 if under[1][0] == "=" else 2, self._lines[self._at].end
            self._at += 1
        runs = parse_inline(content, open_ended=self._open())
        joined = first > 0 and self._lines[first - 1].cut
        return RichBlock(kind, runs, line.begin, end, level=level, indent=indent, quote=line.quote, joined=joined)

    def _continue(self, content: SourceLines, first: _Line) -> int:
        """Add the lines that go on with a paragraph or an item; the offset behind the last of them."""
        end, size = first.end, len(first.text)
        while self._at < len(self._lines) and not self._lines[self._at - 1].cut:
            line = self._lines[self._at]
            if line.blank or size > LONGEST_BLOCK_CHARS or line.quote > first.quote or self._starts_block(line):
                break
            content.add(line.text.strip(" "), line.start + line.indent)
            size += len(line.text)
            end = line.end
            self._at += 1
        return end

    def _starts_block(self, line: _Line) -> bool:
        text = line.text
        return (
            bool(
                _FENCE.match(text)
                or _HEADING.match(text)
                or _RULE.match(text)
                or _SETEXT.match(text)
                or _ITEM.match(text)
            )
            or self._starts_table()
            or self._formula_last() > 0
        )

    def _starts_table(self) -> bool:
        if self._at + 1 >= len(self._lines):
            return False
        head, below = self._lines[self._at], self._lines[self._at + 1]
        return (
            "|" in head.text
            and "-" in below.text
            and _DELIMITER_ROW.match(below.text) is not None
            and len(_cells(head)) == len(_cells(below))
        )

    def _table(self, line: _Line) -> RichBlock:
        """The header row; the other rows follow as blocks of their own, so that a long table grows row by row."""
        sides = tuple(_side(cell) for cell, _ in _cells(self._lines[self._at + 1]))
        self._at += 2
        self._blocks.append(self._row(line, sides, level=1, end=self._lines[self._at - 1].end))
        self._rows(sides)
        return self._blocks.pop()

    def _rows(self, sides: tuple[str, ...]) -> None:
        resume = (IN_TABLE, *(SIDES.index(side) for side in sides))
        quote = self._lines[self._at].quote if self._at < len(self._lines) else 0
        while self._at < len(self._lines):
            row = self._lines[self._at]
            if row.blank or "|" not in row.text or row.quote != quote:
                break
            self._at += 1
            self._blocks.append(replace(self._row(row, sides, level=0, end=row.end), resume=resume))

    def _row(self, line: _Line, sides: tuple[str, ...], *, level: int, end: int) -> RichBlock:
        cells: list[tuple[Run, ...]] = []
        found = _cells(line)[: len(sides)]
        for text, start in found:
            content = SourceLines()
            content.add(text, start)
            cells.append(parse_inline(content) if len(found) <= MOST_COLUMNS else (Run(text, start),))
        cells += [()] * (len(sides) - len(cells))
        return RichBlock(
            BlockKind.TABLE_ROW, (), line.begin, end, level=level, quote=line.quote, cells=tuple(cells), sides=sides
        )

    def _depth_at(self, column: int) -> int:
        """How many open list levels a line that begins at this column belongs to."""
        return sum(1 for content in self._lists if column >= min(content, 2 * len(self._lists)))

    def _open(self) -> bool:
        return self._growing and self._at >= len(self._lines)


def _with_resume(block: RichBlock, resume: tuple[int, ...], *, closed: bool) -> RichBlock:
    return replace(block, resume=resume, closed=closed)


def _lines(source: str, start: int) -> list[_Line]:
    found: list[_Line] = []
    at = start
    while at < len(source):
        newline = source.find("\n", at)
        stop, end = (newline, newline + 1) if newline >= 0 else (len(source), len(source))
        cut = stop - at > LONGEST_BLOCK_CHARS
        if cut:
            stop = end = at + _cut_place(source[at : at + LONGEST_BLOCK_CHARS])
        text_start, quote = at, 0
        while quote < 8 and (mark := _QUOTE.match(source, text_start, stop)):
            text_start, quote = mark.end(), quote + 1
        text = source[text_start:stop].rstrip("\r")
        # A tab is one column here: the text must keep its length for the offsets to stay true.
        found.append(_Line(text.replace("\t", " ") if "`" not in text else text, text_start, end, quote, at, cut))
        at = end
    return found


def _cut_place(text: str) -> int:
    space = text.rfind(" ", len(text) // 2)
    return space + 1 if space > 0 else len(text)


def _side(cell: str) -> str:
    """To which side a column is set, by its cell of the row below the head: ":---:"."""
    begins, ends = cell.startswith(":"), cell.endswith(":")
    return "center" if begins and ends else "right" if ends else "left" if begins else ""


def _cells(line: _Line) -> list[tuple[str, int]]:
    """The cells of a table row with their source offsets."""
    text, at, end = line.text, 0, len(line.text.rstrip())
    at += len(text) - len(text.lstrip())
    if text[at : at + 1] == "|":
        at += 1
    if end > at and text[end - 1] == "|" and text[end - 2 : end - 1] != "\\":
        end -= 1
    cells: list[tuple[str, int]] = []
    while at <= end:
        found = _CELL.match(text, at, end)
        stop = found.end() if found else end
        raw = text[at:stop]
        cells.append((raw.strip(), line.start + at + len(raw) - len(raw.lstrip())))
        at = stop + 1
    return cells
