"""What is drawn as page text, in answers and in notes alike: blocks of styled runs that know where in their text they come from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntFlag

from assistant.domain.documents import BlockKind

RUN_LIMIT_CHARS = 2_000
"""A run without a place to break is broken here: Qt took 1.8 s for one word of 200,000 characters, 20 s for a line of 1 MB."""

BLOCK_LIMIT_CHARS = 4_000
"""A longer paragraph becomes several text blocks: each is laid out as a whole."""

MOST_COLUMNS = 16
"""A wider table is drawn as lines of text: Qt took 4.3 s to lay out 200 x 200 cells."""

_UNSAFE = {
    0x00: "\ufffd",
    0x0B: " ",
    0x0C: " ",
    0x0D: " ",
    0x2029: "\u2028",
    0x0A: "\u2028",
    0x85: "\u2028",
    0xFDD0: "\ufffd",
    0xFDD1: "\ufffd",
    0xFFFC: "\ufffd",
    0x202D: "\ufffd",
    0x202E: "\ufffd",
    0xFEFF: "\u200b",
    0xFFFE: "\ufffd",
}
"""Characters that Qt reads as block or frame marks, that it takes for a byte-order mark and drops at the beginning of a text, or that turn the
reading direction against the reader; one for one."""


def drawable(text: str) -> str:
    """A text of the same length that can be inserted without Qt making structure of it."""
    return text.translate(_UNSAFE)


class Style(IntFlag):
    PLAIN = 0
    STRONG = 1
    EMPHASIS = 2
    STRIKE = 4
    CODE = 8
    LINK = 16
    IMAGE = 32
    FORMULA = 64
    SOFT = 128


@dataclass(frozen=True, slots=True)
class Run:
    """source: offset of its first character in the text it comes from, -1 if it is drawn but stands nowhere in it.

    same: drawn character by character; else the run stands as a whole for `length` characters of the text (a formula, an entity, a label).
    """

    text: str
    source: int = -1
    style: Style = Style.PLAIN
    target: str = ""
    same: bool = True
    length: int = 1


@dataclass(frozen=True, slots=True)
class RichBlock:
    """A paragraph-like piece to draw. start, end: its range in the text. indent: list depth; quote: quote depth.

    level: heading level, or 1 for a table's header row. cells: of a table row, left to right; sides: to which side each is set ("left",
    "center", "right"; "" or none at all: as the text runs). joined: continues the block before it without a gap. resume: what the Markdown
    parser needs to start again at this block.
    """

    kind: BlockKind
    runs: tuple[Run, ...] = ()
    start: int = 0
    end: int = 0
    level: int = 0
    indent: int = 0
    quote: int = 0
    marker: str = ""
    language: str = ""
    cells: tuple[tuple[Run, ...], ...] = ()
    sides: tuple[str, ...] = ()
    joined: bool = False
    closed: bool = True
    resume: tuple[int, ...] = ()


def broken_up(block: RichBlock) -> list[RichBlock]:
    """The block as pieces that lay out fast: no run without a break above 2,000 characters, no piece above 4,000."""
    length = sum(len(run.text) for run in block.runs)
    if length <= RUN_LIMIT_CHARS or block.cells:
        return [block]
    pieces: list[list[Run]] = [[]]
    room = BLOCK_LIMIT_CHARS
    solid = 0
    for run in block.runs:
        rest = run
        while rest.text:
            cut, solid = _break_place(rest.text, room, solid)
            if cut >= len(rest.text):
                pieces[-1].append(rest)
                room -= len(rest.text)
                break
            head, rest = _split_run(rest, cut)
            pieces[-1].append(head)
            pieces.append([])
            room, solid = BLOCK_LIMIT_CHARS, 0
    full = [tuple(piece) for piece in pieces if piece]
    return [
        replace(block, runs=runs, joined=block.joined or index > 0, marker=block.marker if index == 0 else "")
        for index, runs in enumerate(full)
    ]


def _break_place(text: str, room: int, solid: int) -> tuple[int, int]:
    """Where to cut a text so that it fits, and how long the unbroken run at its end is."""
    last_space = 0
    for index, char in enumerate(text):
        if index >= room:
            return (last_space or index), 0
        if char.isspace() or "\u2e80" <= char <= "\u9fff":
            last_space, solid = index + 1, 0
        else:
            solid += 1
            if solid > RUN_LIMIT_CHARS:
                return max(index, 1), 0
    return len(text), solid


def _split_run(run: Run, cut: int) -> tuple[Run, Run]:
    source = run.source + cut if run.source >= 0 and run.same else run.source
    return replace(run, text=run.text[:cut]), replace(run, text=run.text[cut:], source=source)
