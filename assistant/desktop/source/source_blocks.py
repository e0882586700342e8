"""A Document as blocks to draw: its blocks and spans, and whatever text lies between them, so that nothing of a note is left out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.desktop.markdown.formula_text import formula_text
from assistant.desktop.markdown.markdown_runs import RichBlock, Run, Style
from assistant.domain.documents import Block, BlockKind, Document, Span, SpanKind
from assistant.domain.formulas import written_formula

SLICE_CHARS = 6_000
"""A slice is drawn in one go: 3 to 20 ms, layout included, on two busy cores; one of a single unbroken line 67 ms."""

_STYLES = {
    SpanKind.STRONG: Style.STRONG,
    SpanKind.EMPHASIS: Style.EMPHASIS,
    SpanKind.STRIKE: Style.STRIKE,
    SpanKind.CODE: Style.CODE,
    SpanKind.LINK: Style.LINK,
    SpanKind.WIKILINK: Style.LINK,
    SpanKind.IMAGE: Style.IMAGE,
    SpanKind.FORMULA: Style.FORMULA,
}


@dataclass(frozen=True, slots=True)
class _Unit:
    """A stretch that becomes one drawn block: a block, a piece of a long one (joined), or a line that no block claims (-1)."""

    start: int
    end: int
    block: int
    joined: bool


class SourceBlocks:
    """The blocks of a document in slices, made when they are asked for: a note of a megabyte must open as fast as a small one."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._slices = _grouped(_units(document))
        self._spans = _spans_by_block(document)
        self.starts = [units[0].start for units in self._slices]

    def __len__(self) -> int:
        return len(self._slices)

    def slice_at(self, offset: int) -> int:
        """Number of the slice that holds a text offset."""
        return max(0, min(bisect_right(self.starts, offset) - 1, len(self._slices) - 1))

    def blocks(self, number: int) -> list[RichBlock]:
        """What to draw of a slice. Every character that is not white space, a table's separators or a rule is in exactly one run."""
        drawn = [self._rich(unit) for unit in self._slices[number]]
        is_listing = bool(self._document.lines) and all(block.kind is BlockKind.CODE for block in drawn)
        return [_listing(drawn, self._lines_between(number))] if is_listing and drawn else drawn

    def _lines_between(self, number: int) -> list[int]:
        """How many ends of lines stand in the file before each unit of a slice, from the end of the one above it; 0 for the first."""
        lines, text, blocks = self._document.lines, self._document.text, self._document.blocks
        between = [0]
        for above, unit in pairwise(self._slices[number]):
            if above.block == unit.block or -1 in (above.block, unit.block):
                between.append(0 if unit.joined else 1)
            else:
                last = lines[above.block] + text.count("\n", blocks[above.block].start, blocks[above.block].end)
                between.append(max(1, lines[unit.block] - last))
        return between

    def whole_block(self, offset: int) -> str:
        """The text of the block that begins at or before an offset: a long one is drawn in pieces."""
        blocks = self._document.blocks
        index = bisect_right(blocks, offset, key=lambda block: block.start) - 1
        return self._document.text[blocks[index].start : blocks[index].end] if index >= 0 else ""

    def _rich(self, unit: _Unit) -> RichBlock:
        text = self._document.text
        if unit.block < 0:
            run = Run(text[unit.start : unit.end], unit.start)
            return RichBlock(BlockKind.PARAGRAPH, (run,), unit.start, unit.end, joined=unit.joined)
        block = self._document.blocks[unit.block]
        spans = self._spans.get(unit.block, ())
        if block.kind is BlockKind.TABLE_ROW:
            return _row(text, block, spans)
        if block.kind is BlockKind.RULE:
            return RichBlock(BlockKind.RULE, (), block.start, block.end)
        kind = BlockKind.PARAGRAPH if block.kind is BlockKind.QUOTE else block.kind
        return RichBlock(
            kind,
            _runs(text, unit.start, unit.end, spans),
            unit.start,
            unit.end,
            level=block.level if kind is BlockKind.HEADING else 0,
            indent=max(1, block.level) if kind is BlockKind.LIST_ITEM else int(_is_formula(block, spans)),
            quote=max(1, block.level) if block.kind is BlockKind.QUOTE else 0,
            marker="" if unit.joined else block.marker,
            language=block.language,
            joined=unit.joined,
        )


def _listing(blocks: Sequence[RichBlock], between: Sequence[int]) -> RichBlock:
    """The parts of a source file as one listing, with the blank lines that stand between them in the file."""
    runs: list[Run] = []
    for block, ends in zip(blocks, between, strict=True):
        if ends:
            runs.append(Run("\n" * ends))
        runs += block.runs
    return replace(blocks[0], runs=tuple(runs), end=blocks[-1].end)


def _grouped(units: Iterable[_Unit]) -> list[list[_Unit]]:
    groups: list[list[_Unit]] = []
    size = 0
    for unit in units:
        length = unit.end - unit.start
        if not groups or size + length > SLICE_CHARS:  # the first may be empty: a line across the page
            groups.append([])
            size = 0
        groups[-1].append(unit)
        size += length
    return groups


def _units(document: Document) -> Iterator[_Unit]:
    at = 0
    for index, block in enumerate(document.blocks):
        yield from _between(document.text, at, block.start)
        if block.kind is BlockKind.TABLE_ROW or block.start == block.end:
            yield _Unit(block.start, block.end, index, joined=False)
        else:
            for number, (start, end) in enumerate(_pieces(block.start, block.end)):
                yield _Unit(start, end, index, joined=number > 0)
        at = max(at, block.end)
    yield from _between(document.text, at, len(document.text))


def _spans_by_block(document: Document) -> dict[int, list[Span]]:
    starts = [block.start for block in document.blocks]
    found: dict[int, list[Span]] = {}
    for span in document.spans:
        index = bisect_right(starts, span.start) - 1
        while 0 <= index < len(starts) and document.blocks[index].start < span.end:
            found.setdefault(index, []).append(span)
            index += 1
    return found


def _between(text: str, start: int, end: int) -> Iterator[_Unit]:
    """Text that no block claims: a paragraph a line, with a gap where a blank line stands."""
    at, gap = start, True
    while at < end:
        newline = text.find("\n", at, end)
        stop = end if newline < 0 else newline
        if text[at:stop].strip():
            for first, last in _pieces(at, stop):
                yield _Unit(first, last, -1, joined=not gap)
                gap = False
        else:
            gap = True
        at = stop + 1


def _pieces(start: int, end: int) -> list[tuple[int, int]]:
    return [(at, min(at + SLICE_CHARS, end)) for at in range(start, end, SLICE_CHARS)]


def _row(text: str, block: Block, spans: Sequence[Span]) -> RichBlock:
    cells = sorted((span for span in spans if span.kind is SpanKind.CELL), key=lambda span: span.start)
    inner = [span for span in spans if span.kind is not SpanKind.CELL]
    drawn: list[tuple[Run, ...]] = []
    at = block.start
    for cell in cells:
        first, last = max(cell.start, at), min(cell.end, block.end)
        drawn.append(_runs(text, first, last, inner) if last > first else ())
        at = max(at, last)
    runs = () if cells else _runs(text, block.start, block.end, inner)
    level, sides = int(block.level == 1), tuple(cell.target for cell in cells)
    return RichBlock(block.kind, runs, block.start, block.end, level=level, cells=tuple(drawn), sides=sides)


def _runs(text: str, start: int, end: int, spans: Sequence[Span]) -> tuple[Run, ...]:
    """Cut a range wherever a span begins or ends; each piece carries the styles of all spans over it."""
    here = [span for span in spans if span.start < end and span.end > start and span.kind in _STYLES]
    cuts = sorted({start, end, *(max(start, span.start) for span in here), *(min(end, span.end) for span in here)})
    runs = []
    for first, last in pairwise(cuts):
        style, target = Style.PLAIN, ""
        for span in here:
            if span.start <= first and span.end >= last:
                style |= _STYLES[span.kind]
                target = span.target or target
        runs.append(_run(text[first:last], first, style, target))
    return tuple(runs)


def _run(text: str, start: int, style: Style, target: str) -> Run:
    latex, begin = written_formula(text) if style & Style.FORMULA else ("", 0)
    if not latex:
        return Run(text, start, style & ~Style.FORMULA, target)
    shown = formula_text(latex)
    if shown == latex:
        return Run(latex, start + begin, style, latex)
    return Run(shown, start, style, latex, same=False, length=len(text))


def _is_formula(block: Block, spans: Sequence[Span]) -> bool:
    """One formula and nothing else: it stands a little to the right, as in an answer."""
    return any(span.kind is SpanKind.FORMULA and (span.start, span.end) == (block.start, block.end) for span in spans)
