"""A Document as blocks to draw: its blocks and spans, and whatever text lies between them, so that nothing of a note is left out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from assistant.desktop.markdown_runs import RichBlock, Run, Style
from assistant.domain.documents import Block, BlockKind, Document, Span, SpanKind

SLICE_CHARS = 6_000
"""A slice is drawn in one go: 6,000 characters took 8 ms here, layout included, far below the 50 ms a slice may take."""

_STYLES = {
    SpanKind.STRONG: Style.STRONG,
    SpanKind.EMPHASIS: Style.EMPHASIS,
    SpanKind.STRIKE: Style.STRIKE,
    SpanKind.CODE: Style.CODE,
    SpanKind.LINK: Style.LINK,
    SpanKind.WIKILINK: Style.LINK,
    SpanKind.IMAGE: Style.IMAGE,
}


def document_blocks(document: Document) -> list[RichBlock]:
    """Blocks in order. Every character that is not white space, a table's separators or a rule is in exactly one run."""
    spans = _spans_by_block(document)
    drawn: list[RichBlock] = []
    at = 0
    for index, block in enumerate(document.blocks):
        drawn += _between(document.text, at, block.start)
        drawn += _rich(document.text, block, spans.get(index, ()))
        at = max(at, block.end)
    return drawn + _between(document.text, at, len(document.text))


def slices_of(blocks: Sequence[RichBlock]) -> list[tuple[RichBlock, ...]]:
    """Neighbouring blocks in groups that can each be drawn within a frame or two."""
    groups: list[tuple[RichBlock, ...]] = []
    group: list[RichBlock] = []
    size = 0
    for block in blocks:
        length = block.end - block.start
        if group and size + length > SLICE_CHARS:
            groups.append(tuple(group))
            group, size = [], 0
        group.append(block)
        size += length
    if group:
        groups.append(tuple(group))
    return groups


def _spans_by_block(document: Document) -> dict[int, list[Span]]:
    starts = [block.start for block in document.blocks]
    found: dict[int, list[Span]] = {}
    for span in document.spans:
        index = bisect_right(starts, span.start) - 1
        while 0 <= index < len(starts) and document.blocks[index].start < span.end:
            found.setdefault(index, []).append(span)
            index += 1
    return found


def _between(text: str, start: int, end: int) -> list[RichBlock]:
    """Text that no block claims: a paragraph a line, with a gap where a blank line stands."""
    blocks: list[RichBlock] = []
    at, gap = start, True
    while at < end:
        newline = text.find("\n", at, end)
        stop = end if newline < 0 else newline
        if text[at:stop].strip():
            for first, last in _pieces(at, stop):
                run = Run(text[first:last], first)
                blocks.append(RichBlock(BlockKind.PARAGRAPH, (run,), first, last, joined=not gap))
                gap = False
        else:
            gap = True
        at = stop + 1
    return blocks


def _pieces(start: int, end: int) -> list[tuple[int, int]]:
    return [(at, min(at + SLICE_CHARS, end)) for at in range(start, end, SLICE_CHARS)]


def _rich(text: str, block: Block, spans: Sequence[Span]) -> list[RichBlock]:
    if block.kind is BlockKind.TABLE_ROW:
        return [_row(text, block, spans)]
    if block.kind is BlockKind.RULE:
        return [RichBlock(BlockKind.RULE, (), block.start, block.end)]
    kind = BlockKind.PARAGRAPH if block.kind is BlockKind.QUOTE else block.kind
    drawn = []
    for number, (first, last) in enumerate(_pieces(block.start, block.end)):
        drawn.append(
            RichBlock(
                kind,
                _runs(text, first, last, spans),
                first,
                last,
                level=block.level if kind is BlockKind.HEADING else 0,
                indent=max(1, block.level) if kind is BlockKind.LIST_ITEM else 0,
                quote=max(1, block.level) if block.kind is BlockKind.QUOTE else 0,
                marker=block.marker if not number else "",
                language=block.language,
                joined=number > 0,
            )
        )
    return drawn


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
    return RichBlock(block.kind, runs, block.start, block.end, level=1 if block.level == 1 else 0, cells=tuple(drawn))


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
        runs.append(Run(text[first:last], first, style, target))
    return tuple(runs)
