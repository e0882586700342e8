"""Drawn blocks as plain text: what a reader sees, without the marks that make it look so. No Qt in here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.desktop.markdown.markdown_blocks import parse_markdown
from assistant.desktop.markdown.markdown_runs import RichBlock, Run, Style
from assistant.domain.documents import BlockKind


def plain_text(markdown: str) -> str:
    """Markdown as text: lists keep their markers, tables their columns (tabs), code its lines; formulas are as they are drawn."""
    return "".join(_pieces(parse_markdown(markdown))).strip("\n")


def _pieces(blocks: Sequence[RichBlock]) -> Iterator[str]:
    above: RichBlock | None = None
    for block in blocks:
        if above is not None and not block.joined:
            together = block.kind is above.kind and block.kind in {BlockKind.LIST_ITEM, BlockKind.TABLE_ROW}
            yield "\n" if together and not (block.kind is BlockKind.TABLE_ROW and block.level) else "\n\n"
        yield _block_text(block)
        above = block


def _block_text(block: RichBlock) -> str:
    if block.kind is BlockKind.TABLE_ROW:
        return "\t".join(_words(cell) for cell in block.cells) if block.cells else _words(block.runs)
    if block.kind is BlockKind.RULE:
        return "———"
    text = _words(block.runs)
    if block.kind is BlockKind.LIST_ITEM:
        return "  " * max(0, block.indent - 1) + f"{block.marker} {text}"
    return text


def _words(runs: Sequence[Run]) -> str:
    parts = []
    for number, run in enumerate(runs):
        parts.append(run.text.replace("\u2028", "\n"))
        following = runs[number + 1].target if number + 1 < len(runs) else ""
        if run.style & Style.LINK and run.target not in {run.text, following}:
            parts.append(f" ({run.target})")
    return "".join(parts)
