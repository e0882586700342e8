"""Where an answer that grows is open: what is drawn again when more of it comes, and how much of it comes at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.desktop.markdown.markdown_blocks import IN_TABLE
from assistant.desktop.markdown.markdown_runs import RichBlock
from assistant.domain.documents import BlockKind

OPEN_ROWS = 12
"""A growing table is drawn again with each flush; what is longer is drawn in tables of so many rows until it has come to its end."""

SLICE_CHARS = 2_000
"""A slice of this much text with its chips takes some 10 ms to draw."""
LONGEST_SLICE = 3


@dataclass(slots=True)
class OpenTable:
    """A long table that is drawn in parts while it grows. head: its first row, drawn at `position`. above: what stands above it."""

    head: RichBlock
    position: int
    above: BlockKind | None

    def has_ended(self, blocks: Sequence[RichBlock]) -> bool:
        """Whether something else follows. blocks: what is read from its open row on."""
        return not blocks or any(block.kind is not BlockKind.TABLE_ROW or block.level == 1 for block in blocks)


def slice_end(text: str) -> int:
    """Where a slice of a text is best cut: between paragraphs, for what is cut within one is drawn again with the next slice."""
    if len(text) <= SLICE_CHARS:
        return len(text)
    gap = text.find("\n\n", SLICE_CHARS, SLICE_CHARS * LONGEST_SLICE)
    if gap >= 0:
        return gap + 2
    line = text.find("\n", SLICE_CHARS, SLICE_CHARS * LONGEST_SLICE)
    return line + 1 if line >= 0 else SLICE_CHARS


def open_index(blocks: Sequence[RichBlock], source: str) -> int:
    """Index of the first block that more text may still change: the last one, or the rows that are drawn as a table with it; and the
    one above, while the line that parts the two may still turn out to go on with it ("*" begins an item, "*so*" does not)."""
    if not blocks:
        return 0
    index = _first_row(blocks)
    if len(blocks) - index > OPEN_ROWS:
        return len(blocks) - 1
    if index == len(blocks) - 1 and index > 0 and _may_join_above(blocks[index], source):
        index -= 1
    return index


def table_head(blocks: Sequence[RichBlock], begin: int) -> int | None:
    """Index of the first row of a table that has just become too long to be drawn again as a whole; None if there is none. begin: the
    open index."""
    if not blocks or begin >= len(blocks) or blocks[begin].resume[:1] != (IN_TABLE,):
        return None
    head = _first_row(blocks)
    return head if blocks[head].level == 1 and head < begin else None


def _first_row(blocks: Sequence[RichBlock]) -> int:
    """Index of the first row of the table that the last block is a row of; of the last block, if it is none."""
    index = len(blocks) - 1
    while index > 0 and blocks[index].kind is BlockKind.TABLE_ROW and blocks[index].level != 1:
        index -= 1
    return index


def _may_join_above(block: RichBlock, source: str) -> bool:
    """Whether the block was begun by the line that is still being written, right below another line."""
    line_start = source.rfind("\n") + 1
    is_new_table = block.kind is BlockKind.TABLE_ROW and block.level == 1 and block.end > line_start
    begins_here = block.start >= line_start or is_new_table
    above = source[: source.rfind("\n", 0, block.start) + 1].rstrip("\n ")
    return begins_here and source[len(above) : block.start].count("\n") < 2
