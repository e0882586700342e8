"""Draws rich blocks into a QTextDocument and records where every character of their text came to stand.

Formats carry what the text layout needs; panels, bars, rules and marks are painted by `markdown_view` from the block properties set
here. Nothing written here can make Qt load anything: images are either our own pictures by number, or words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextOption,
    QTextTableFormat,
)

from assistant.desktop.common.look import Look
from assistant.desktop.common.offset_map import OffsetMap, utf16_length
from assistant.desktop.markdown.code_listings import CONTINUED, HEAD_PX, Listing
from assistant.desktop.markdown.markdown_runs import (
    BLOCK_LIMIT_CHARS,
    MOST_COLUMNS,
    RichBlock,
    Run,
    Style,
    broken_up,
    drawable,
)
from assistant.domain.documents import BlockKind

ROWS_PER_TABLE = 40
"""A longer table becomes several, so that none is laid out for longer than a frame."""

CELL_PADDING_PX = 7
NARROWEST_PX = 330
"""A table of this width fits into the narrowest pane."""
PAGE_PX = 676
LONGEST_WORD_PX = 260
LOOKED_AT_CHARS = 400
_WIDE = re.compile("[\u2e80-\u9fff]")
_UNBREAKABLE = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef]+")

_SIDES = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute,
}

SHADE_ALPHA = 18
"""Of 255: about the theme's "hover" on paper, in both schemes."""

PANEL = int(QTextFormat.Property.UserProperty) + 1
QUOTE_DEPTH = int(QTextFormat.Property.UserProperty) + 2
HEADED = int(QTextFormat.Property.UserProperty) + 4
"""Of the first line of a listing: room is left above it for its language and the button that copies it."""
ROOM_ABOVE = int(QTextFormat.Property.UserProperty) + 5
"""Of a whole document: how much of its top margin is for what stands above its first line."""

IMAGE_NAME = "note-image:"
LINK = "link:"


class Panel(IntEnum):
    NONE = 0
    CODE = 1
    CODE_LAST = 2
    RULE = 3


@dataclass
class Drawn:
    """What a writer leaves behind: the map, the targets behind "link:N", the targets behind "note-image:N", the listings."""

    offsets: OffsetMap
    links: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)


class RichWriter:
    """Writes blocks at a cursor.

    fresh: the cursor stands in an empty block that is to be used. first: nothing stands above, so no gap is left.
    show_images: pictures of notes get a place to appear in; else an image is its description in words.
    fits_tables: a wide table is pressed into the width there is; on paper nobody can scroll.
    """

    def __init__(
        self,
        cursor: QTextCursor,
        theme: Look,
        drawn: Drawn,
        *,
        fresh: bool = True,
        first: bool = True,
        show_images: bool = False,
        fits_tables: bool = False,
    ) -> None:
        self._cursor = cursor
        self._theme = theme
        self._drawn = drawn
        self._fresh = fresh
        self._first = first
        self._show_images = show_images
        self._fits_tables = fits_tables
        self._formats: dict[tuple[Style, str, int], QTextCharFormat] = {}
        self._last_kind: BlockKind | None = None

    @property
    def fresh(self) -> bool:
        return self._fresh

    def write(self, blocks: Sequence[RichBlock]) -> None:
        if self._first and blocks and self._cursor.position() == 0:
            self._leave_room_above(blocks[0])
        at = 0
        while at < len(blocks):
            block = blocks[at]
            if block.kind is BlockKind.TABLE_ROW and 0 < len(block.cells) <= MOST_COLUMNS:
                rows = self._table_rows(blocks, at)
                self._write_table(rows)
                at += len(rows)
            else:
                self._write_block(block)
                at += 1
            self._last_kind = block.kind
            self._first = False

    def _leave_room_above(self, block: RichBlock) -> None:
        """Qt gives no top margin to the first block of a document: what is painted above code gets its room from the page."""
        wanted = self._theme.px(HEAD_PX + 6) if block.kind is BlockKind.CODE and not block.joined else 0
        root = self._cursor.document().rootFrame()
        form = root.frameFormat()
        given = form.intProperty(ROOM_ABOVE)
        if wanted != given:
            form.setTopMargin(form.topMargin() + wanted - given)
            form.setProperty(ROOM_ABOVE, wanted)
            root.setFrameFormat(form)

    def follow(self, kind: BlockKind | None) -> None:
        """What stands above, for the gap below it."""
        self._last_kind = kind

    def append_plain(self, text: str, source: int) -> None:
        """Go on in the block the cursor stands in, as its last words were styled."""
        position = self._cursor.position()
        self._cursor.insertText(drawable(text), self._cursor.charFormat())
        self._drawn.offsets.add(source, source + len(text), position)

    # ---- blocks ------------------------------------------------------------------------------------------------------------

    def _write_block(self, block: RichBlock) -> None:
        if block.kind in (BlockKind.CODE, BlockKind.FRONT_MATTER):
            self._write_code(block)
        elif block.kind is BlockKind.RULE:
            self._begin(self._rule_format(block))
        elif block.kind is BlockKind.TABLE_ROW:
            self._write_wide_row(block)
        else:
            for piece in broken_up(block):
                self._begin(self._block_format(piece), self._char_format(Style.PLAIN, piece.kind, piece.level))
                if piece.marker:
                    self._cursor.insertText(piece.marker + "\t", self._char_format(Style.SOFT, piece.kind, piece.level))
                self._write_runs(piece.runs, piece.kind, piece.level, piece.quote)

    def _write_runs(self, runs: Sequence[Run], kind: BlockKind, level: int = 0, quote: int = 0) -> None:
        for run in runs:
            style = run.style | (Style.SOFT if quote and not run.style & Style.LINK else Style.PLAIN)
            form = self._char_format(style, kind, level)
            if run.style & Style.LINK and run.target:
                form = QTextCharFormat(form)
                form.setAnchor(True)
                form.setAnchorHref(f"{LINK}{len(self._drawn.links)}")
                self._drawn.links.append(run.target)
            if run.style & Style.FORMULA and not run.same:
                form = QTextCharFormat(form)
                form.setToolTip(run.target)
            if run.style & Style.FORMULA and _WIDE.search(run.text):
                form = QTextCharFormat(form)
                form.setFontItalic(False)  # Chinese has no italics: slanted by the computer, it only reads worse
            if run.style & Style.IMAGE and self._show_images and run.target:
                self._write_image(run.target)
            self._insert(run, form)

    def _insert(self, run: Run, form: QTextCharFormat) -> None:
        position = self._cursor.position()
        self._cursor.insertText(drawable(run.text), form)
        if run.source < 0:
            return
        offsets = self._drawn.offsets
        if run.same:
            offsets.add(run.source, run.source + len(run.text), position)
        else:
            offsets.add_whole(run.source, run.source + run.length, position, utf16_length(run.text))

    def _write_image(self, target: str) -> None:
        form = QTextImageFormat()
        form.setName(f"{IMAGE_NAME}{len(self._drawn.images)}")
        form.setWidth(1)
        form.setHeight(1)
        self._drawn.images.append(target)
        self._cursor.insertImage(form)
        self._cursor.insertText("\u2028", self._char_format(Style.SOFT, BlockKind.PARAGRAPH, 0))

    def _write_code(self, block: RichBlock) -> None:
        """Line by line: a block each, so that a long listing lays out in pieces and only what is seen is painted."""
        lines = _code_lines(block)
        first = QTextCursor(self._cursor)
        first.setKeepPositionOnInsert(True)
        for index, (line, newline) in enumerate(lines):
            last = index == len(lines) - 1
            form = self._code_format(block, first=index == 0, last=last)
            chars = self._char_format(Style.PLAIN, block.kind, 0)
            for part in broken_up(RichBlock(BlockKind.CODE, line)):
                before = self._cursor.position()
                if part.joined:
                    form = QTextBlockFormat(form)
                    form.setTopMargin(0)
                    form.setProperty(CONTINUED, True)
                self._begin(form, chars)
                if index == 0 and not part.joined:
                    first.setPosition(self._cursor.position())
                if newline >= 0 and not part.joined:
                    # The end of the text block above is the line end of the listing.
                    self._drawn.offsets.add(newline, newline + 1, before)
                self._write_runs(part.runs, block.kind)
        if block.kind is BlockKind.CODE:
            self._note_listing(block, first)

    def _note_listing(self, block: RichBlock, first: QTextCursor) -> None:
        last = QTextCursor(self._cursor)
        last.setKeepPositionOnInsert(True)
        code = "".join(run.text for run in block.runs)
        headed = not block.joined
        self._drawn.listings.append(Listing(block.language, code, block.start, first, last, block.closed, headed))

    def _write_wide_row(self, block: RichBlock) -> None:
        self._begin(self._block_format(block), self._char_format(Style.PLAIN, block.kind, block.level))
        if not block.cells:
            self._write_runs(block.runs, block.kind, block.level)
            return
        # As it is written in the text: thousands of cells, even without a table, took seconds to insert.
        text = self._drawn.offsets.text[block.start : block.end].rstrip("\n")
        for at in range(0, len(text), BLOCK_LIMIT_CHARS):
            self._insert(
                Run(text[at : at + BLOCK_LIMIT_CHARS], block.start + at), self._char_format(Style.PLAIN, block.kind, 0)
            )

    def _begin(self, form: QTextBlockFormat, chars: QTextCharFormat | None = None) -> None:
        chars = chars or self._char_format(Style.PLAIN, BlockKind.PARAGRAPH, 0)
        if self._fresh:
            self._cursor.setBlockFormat(form)
            self._cursor.setBlockCharFormat(chars)
            self._cursor.setCharFormat(chars)
            self._fresh = False
        else:
            self._cursor.insertBlock(form, chars)

    # ---- tables ------------------------------------------------------------------------------------------------------------

    def _table_rows(self, blocks: Sequence[RichBlock], at: int) -> list[RichBlock]:
        rows = [blocks[at]]
        for row in blocks[at + 1 : at + ROWS_PER_TABLE]:
            if row.kind is not BlockKind.TABLE_ROW or row.level == 1 or not 0 < len(row.cells) <= MOST_COLUMNS:
                break
            rows.append(row)
        return rows

    def _write_table(self, rows: list[RichBlock]) -> None:
        self._begin(self._spacer_format(), self._spacer_chars())
        columns = max(len(row.cells) for row in rows)
        form = self._table_format(rows[0].level == 1)
        form.setColumnWidthConstraints(self._column_widths(rows, columns))
        table = self._cursor.insertTable(len(rows), columns, form)
        for row_index, row in enumerate(rows):
            head = row.level == 1
            for column, cell in enumerate(row.cells):
                self._cursor = table.cellAt(row_index, column).firstCursorPosition()
                self._cursor.setBlockFormat(self._cell_format(row.sides[column] if column < len(row.sides) else ""))
                self._cursor.setBlockCharFormat(self._char_format(Style.STRONG if head else Style.PLAIN, row.kind, 0))
                self._write_runs(_stronger(cell) if head else cell, row.kind)
        self._cursor = table.lastCursorPosition()
        self._cursor.movePosition(QTextCursor.MoveOperation.NextBlock)
        self._cursor.setBlockFormat(self._spacer_format())
        self._cursor.setBlockCharFormat(self._spacer_chars())
        # Qt gives no top margin to a block right behind a table: the hairline block stays, and the next one begins below it.
        self._fresh = False

    @property
    def cursor(self) -> QTextCursor:
        return self._cursor

    def _table_format(self, has_head: bool) -> QTextTableFormat:
        form = QTextTableFormat()
        form.setCellPadding(self._theme.px(CELL_PADDING_PX))
        form.setCellSpacing(0)
        form.setBorder(1)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderBrush(self._theme.color("line"))
        form.setBorderCollapse(True)
        form.setTopMargin(self._theme.px(8))
        form.setBottomMargin(self._theme.px(4))
        form.setHeaderRowCount(1 if has_head else 0)
        form.setWidth(QTextLength(QTextLength.Type.VariableLength, 0))
        return form

    def _column_widths(self, rows: Sequence[RichBlock], columns: int) -> list[QTextLength]:
        """None for a table that fits everywhere. Else no column is narrower than its longest word: words that are broken in the middle
        cannot be read, so a table that is too wide for the page goes on to the right of it."""
        font = QFont(self._theme.font("reading"))
        font.setPixelSize(self._size(BlockKind.TABLE_ROW, 0))
        font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetricsF(font)
        around = 2 * self._theme.px(CELL_PADDING_PX) + 2
        words, wholes = [float(around)] * columns, [float(around)] * columns
        for row in rows:
            for column, cell in enumerate(row.cells):
                text = "".join(run.text for run in cell)[:LOOKED_AT_CHARS]
                longest = max(_UNBREAKABLE.findall(text), key=len, default="")
                words[column] = max(words[column], metrics.horizontalAdvance(longest) + around)
                wholes[column] = max(wholes[column], metrics.horizontalAdvance(text) + around)
        most = self._theme.px(LONGEST_WORD_PX)
        words = [min(word, most) for word in words]
        if self._fits_tables or min(sum(words), sum(wholes)) <= self._theme.px(NARROWEST_PX):
            return []
        spare = max(0.0, self._theme.px(PAGE_PX) - sum(words))
        wanted = [max(0.0, whole - word) for word, whole in zip(words, wholes, strict=True)]
        share = min(1.0, spare / sum(wanted)) if sum(wanted) else 0.0
        return [
            QTextLength(QTextLength.Type.FixedLength, word + want * share)
            for word, want in zip(words, wanted, strict=True)
        ]

    # ---- formats -----------------------------------------------------------------------------------------------------------

    def _block_format(self, block: RichBlock) -> QTextBlockFormat:
        px = self._theme.px
        form = QTextBlockFormat()
        size = self._size(block.kind, block.level)
        tall = 1.35 if block.kind is BlockKind.HEADING else self._theme.line_height
        form.setLineHeight(round(size * tall), int(QTextBlockFormat.LineHeightTypes.FixedHeight.value))
        if self._show_images and any(run.style & Style.IMAGE for run in block.runs):
            form.setLineHeight(round(size * tall), int(QTextBlockFormat.LineHeightTypes.MinimumHeight.value))
        form.setTopMargin(0 if self._first or block.joined else self._theme.gap_px(self._gap(block)))
        left = px(16) * block.quote
        if block.quote:
            form.setProperty(QUOTE_DEPTH, block.quote)
        if block.kind is BlockKind.LIST_ITEM:
            hang = self._hang(block.marker)
            form.setTextIndent(-hang if block.marker else 0)
            form.setTabPositions([QTextOption.Tab(hang, QTextOption.TabType.LeftTab)])
            left += px(22) * max(0, block.indent - 1) + max(px(22), hang)
        else:
            left += px(22) * block.indent
        form.setLeftMargin(left)
        if block.kind is BlockKind.HEADING:
            form.setHeadingLevel(min(6, max(1, block.level)))
        return form

    def _gap(self, block: RichBlock) -> int:
        if block.kind is BlockKind.HEADING:
            return 20
        if block.kind is self._last_kind is BlockKind.LIST_ITEM:
            return 4
        if self._last_kind is BlockKind.HEADING:
            return 6
        return 2 if block.kind is BlockKind.TABLE_ROW else 10

    def _hang(self, marker: str) -> int:
        return max(
            self._theme.px(20),
            round(QFontMetricsF(self._theme.font("reading")).horizontalAdvance(marker)) + self._theme.px(8),
        )

    def _code_format(self, block: RichBlock, *, first: bool, last: bool) -> QTextBlockFormat:
        px = self._theme.px
        form = QTextBlockFormat()
        form.setLineHeight(px(20), int(QTextBlockFormat.LineHeightTypes.FixedHeight.value))
        form.setLeftMargin(px(16) * block.quote + px(22) * block.indent + px(14))
        form.setRightMargin(px(14))
        begins = first and not block.joined
        form.setTopMargin((px(12) if self._first else px(24)) if begins else 0)
        if begins and block.kind is BlockKind.CODE:
            form.setTopMargin(form.topMargin() + px(HEAD_PX) - px(6))
            form.setProperty(HEADED, True)
        form.setBottomMargin(px(24) if last else 0)
        form.setProperty(PANEL, int(Panel.CODE_LAST if last else Panel.CODE))
        if block.quote:
            form.setProperty(QUOTE_DEPTH, block.quote)
        return form

    def _rule_format(self, block: RichBlock) -> QTextBlockFormat:
        form = QTextBlockFormat()
        form.setLineHeight(self._theme.px(12), int(QTextBlockFormat.LineHeightTypes.FixedHeight.value))
        form.setTopMargin(self._theme.px(8))
        form.setBottomMargin(self._theme.px(4))
        form.setProperty(PANEL, int(Panel.RULE))
        return form

    def _cell_format(self, side: str) -> QTextBlockFormat:
        form = QTextBlockFormat()
        if side in _SIDES:
            form.setAlignment(_SIDES[side])
        form.setLineHeight(self._theme.px(21), int(QTextBlockFormat.LineHeightTypes.FixedHeight.value))
        return form

    def _spacer_format(self) -> QTextBlockFormat:
        """Qt keeps an empty block before and after a table; it must not be seen."""
        form = QTextBlockFormat()
        form.setLineHeight(2, int(QTextBlockFormat.LineHeightTypes.FixedHeight.value))
        return form

    def _spacer_chars(self) -> QTextCharFormat:
        form = QTextCharFormat()
        font = QFont(self._theme.font("small"))
        font.setPixelSize(1)
        form.setFont(font)
        return form

    def _size(self, kind: BlockKind, level: int) -> int:
        if kind is BlockKind.HEADING:
            return self._theme.px({1: 20, 2: 17.5, 3: 16}.get(level, 15))
        if kind is BlockKind.TABLE_ROW:
            return self._theme.px(14)
        return self._theme.px(13 if kind in (BlockKind.CODE, BlockKind.FRONT_MATTER) else 15)

    def _char_format(self, style: Style, kind: BlockKind, level: int) -> QTextCharFormat:
        key = (style, kind.value, level)
        if key not in self._formats:
            self._formats[key] = self._make_char_format(style, kind, level)
        return self._formats[key]

    def _make_char_format(self, style: Style, kind: BlockKind, level: int) -> QTextCharFormat:
        theme = self._theme
        code = bool(style & Style.CODE) or kind in (BlockKind.CODE, BlockKind.FRONT_MATTER)
        font = QFont(theme.font("code" if code else "reading"))
        size = self._size(kind, level)
        font.setPixelSize(round(size * 0.9) if style & Style.CODE and kind is not BlockKind.CODE else size)
        if style & Style.STRONG or kind is BlockKind.HEADING:
            font.setWeight(QFont.Weight.DemiBold)
        font.setItalic(bool(style & (Style.EMPHASIS | Style.FORMULA)))
        font.setStrikeOut(bool(style & Style.STRIKE))
        form = QTextCharFormat()
        form.setFont(font)
        color = self._text_color(style, kind)
        form.setForeground(color)
        if style & Style.LINK:
            form.setFontUnderline(True)
            form.setUnderlineColor(theme.color("accent"))
        if style & Style.CODE and kind is not BlockKind.CODE:
            form.setBackground(self._shade())
        return form

    def _shade(self) -> QColor:
        """Behind code within a sentence. Marks are painted below the text: an opaque ground would hide them."""
        color = QColor(self._theme.color("ink"))
        color.setAlpha(SHADE_ALPHA)
        return color

    def _text_color(self, style: Style, kind: BlockKind) -> QColor:
        if style & Style.LINK:
            return self._theme.color("accent")
        if style & (Style.SOFT | Style.IMAGE) or kind is BlockKind.FRONT_MATTER:
            return self._theme.color("soft")
        return self._theme.color("ink")


def _stronger(runs: Sequence[Run]) -> tuple[Run, ...]:
    return tuple(replace(run, style=run.style | Style.STRONG) for run in runs)


def _code_lines(block: RichBlock) -> list[tuple[tuple[Run, ...], int]]:
    """The runs of a listing cut at its line ends, each line with the offset of the line end before it, -1 if that is not drawn."""
    lines: list[tuple[list[Run], int]] = [([], -1)]
    for run in block.runs:
        at = 0
        known = run.source >= 0 and run.same
        for count, piece in enumerate(run.text.split("\n")):
            if count:
                lines.append(([], run.source + at - 1 if known else -1))
            if piece:
                source = run.source + at if known else run.source
                lines[-1][0].append(replace(run, text=piece, source=source))
            at += len(piece) + 1
    return [(tuple(line), newline) for line, newline in lines]
