"""The written answer: Markdown that grows as it streams, with a chip behind each supported sentence.

What has arrived is flushed every 33 ms. Only the open block, the last one, is ever drawn again: plain words are appended to it, markup
makes it be read anew, and when it closes it is left alone for good.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent, QResizeEvent, QTextCharFormat, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant.desktop.common.offset_map import OffsetMap
from assistant.desktop.common.theme import Theme
from assistant.desktop.markdown.markdown_blocks import IN_TABLE, parse_markdown
from assistant.desktop.markdown.markdown_render import Drawn, RichWriter
from assistant.desktop.markdown.markdown_runs import RichBlock
from assistant.desktop.markdown.markdown_view import CITE, NBSP, Mark, MarkKind, RichView
from assistant.domain.answers import Citation, SentenceCheck, Support
from assistant.domain.documents import BlockKind

FLUSH_MS = 33
OPEN_ROWS = 12
"""A growing table is drawn again with each flush; what is longer is drawn in tables of so many rows until it has come to its end."""

SHOWN_LIMIT_CHARS = 60_000
"""More is not drawn: the settings allow 8,192 tokens, so only a model gone wild gets here. Copy still takes all of it."""

_MARKUP = re.compile(r"[\n*_~`\[\]()<>&\\|!$#]")
_SCROLL_KEYS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Down)
_ENDINGS = ".。!！?？…,，;；:：”’\"')）]】 \n"


@dataclass(slots=True)
class _Chip:
    """A drawn chip: its positions, its number, and the text offset it stands behind."""

    start: int
    end: int
    number: int
    offset: int


class AnswerView(RichView):
    """One document for one answer. As tall as its text; the column around it scrolls.

    Signals:
        grown(): text was added or the height changed; the column may follow.
    """

    grown = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._source = ""
        self._pending: list[str] = []
        self._finished = True
        self._drawn = Drawn(OffsetMap())
        self._open_from: RichBlock | None = None
        self._open_position = 0
        self._above: BlockKind | None = None
        self._in_parts = False
        self._checks: tuple[SentenceCheck, ...] = ()
        self._citations: dict[int, Citation] = {}
        self._chips: list[_Chip] = []
        self._flush = QTimer(self)
        self._flush.setInterval(FLUSH_MS)
        self._flush.timeout.connect(self._on_flush)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Answer"))
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    # ---- what the turn uses ------------------------------------------------------------------------------------------------

    @property
    def markdown(self) -> str:
        """All the Markdown so far, drawn or not."""
        return self._source + "".join(self._pending)

    @property
    def is_capped(self) -> bool:
        return len(self.markdown) > SHOWN_LIMIT_CHARS

    @property
    def offsets(self) -> OffsetMap:
        return self._drawn.offsets

    def start(self) -> None:
        """An answer is about to stream in."""
        self.set_answer("", (), ())
        self._finished = False

    def append(self, text: str) -> None:
        self._pending.append(text)
        if not self._flush.isActive():
            self._flush.start()

    def flush(self) -> None:
        """Draw now whatever has arrived."""
        text = "".join(self._pending)
        self._pending.clear()
        self._flush.stop()
        if text:
            self._grow(text)

    def finish(self) -> None:
        """The stream has ended: close the open block."""
        self.flush()
        self._finished = True
        if self._in_parts:
            self._draw_all()
        elif self._open_from is not None:
            self._redraw_open()
            self._decorate()

    def set_answer(self, source: str, checks: Sequence[SentenceCheck], citations: Sequence[Citation]) -> None:
        """Show a whole answer."""
        self._pending.clear()
        self._flush.stop()
        self._source, self._finished = source, True
        self._checks, self._citations = tuple(checks), {item.number: item for item in citations}
        self._draw_all()

    def set_checks(self, checks: Sequence[SentenceCheck], citations: Sequence[Citation] = ()) -> None:
        """How the notes support the sentences so far; chips appear behind the supported ones."""
        self._checks = tuple(checks)
        if citations:
            self._citations = {item.number: item for item in citations}
        self._decorate()

    def redraw(self) -> None:
        """Draw everything again: the theme has changed."""
        self.redress()
        self._draw_all()

    def citation(self, number: int) -> Citation | None:
        return self._citations.get(number)

    def hint_for(self, href: str) -> str:
        if href.startswith(CITE):
            found = self._citations.get(int(href[len(CITE) :] or 0))
            return f"{found.quote}\n— {found.title or found.note}" if found else ""
        return super().hint_for(href)

    # ---- drawing -----------------------------------------------------------------------------------------------------------

    def _draw_all(self) -> None:
        self.set_marks([])
        self._chips = []
        self.document().clear()
        self._drawn = Drawn(OffsetMap(self._source))
        self._open_from, self._open_position, self._above = None, 0, None
        self._in_parts = False
        if self._source:
            self._draw_from(0, (), QTextCursor(self.document()), first=True, fresh=True)
        else:
            self.listings.show_listings([])
        self._decorate()
        self.grown.emit()

    def _on_flush(self) -> None:
        self.flush()

    def _grow(self, text: str) -> None:
        start = len(self._source)
        self._source += text
        self._drawn.offsets.text = self._source
        if start >= SHOWN_LIMIT_CHARS:
            return
        if self._goes_on(text, start):
            cursor = self._end_cursor()
            RichWriter(cursor, self._theme, self._drawn, fresh=False, first=False).append_plain(text, start)
        else:
            self._redraw_open()
            self._decorate()
        self.grown.emit()

    def _goes_on(self, text: str, start: int) -> bool:
        """Whether text can simply be added to the open block: plain words behind plain words."""
        block = self._open_from
        if block is None or block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) or _MARKUP.search(text):
            return False
        begun = self._source[block.start : start]
        if not 12 <= len(begun) <= 1_500 or "\n" in begun or begun[-1] in "\\`*_~[<&!$ ":
            return False
        ends_drawn = self._drawn.offsets.position_after(start) == self.document().characterCount() - 1
        return ends_drawn and "http" not in begun[-200:] and not self._chips_in(block.start)

    def _chips_in(self, offset: int) -> bool:
        position = self._drawn.offsets.position_after(offset + 1) or 0
        return any(chip.start >= position for chip in self._chips)

    def _redraw_open(self) -> None:
        block = self._open_from
        self._remove_chips(self._open_position)
        cursor = self._end_cursor()
        if block is None:
            cursor.movePosition(QTextCursor.MoveOperation.End)
            at = 0 if not len(self._drawn.offsets) else len(self._source)
            self._draw_from(at, (), cursor, first=True, fresh=True)
            return
        cursor.setPosition(self._open_position)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        self._drawn.offsets.drop_from(block.start)
        self._drawn.listings[:] = [one for one in self._drawn.listings if one.start < block.start]
        self._draw_from(block.start, block.resume, cursor, first=self._open_position == 0, fresh=True)

    def _draw_from(
        self, offset: int, resume: tuple[int, ...], cursor: QTextCursor, *, first: bool, fresh: bool
    ) -> None:
        """Read and draw `source[offset:]`, and remember where the open block begins."""
        shown = self._source[:SHOWN_LIMIT_CHARS]
        blocks = parse_markdown(shown, offset, resume, growing=not self._finished)
        open_index = _open_index(blocks, shown) if not self._finished else len(blocks)
        self._in_parts = self._in_parts or resume[:1] == (IN_TABLE,)
        cursor.beginEditBlock()
        writer = RichWriter(cursor, self._theme, self._drawn, fresh=fresh, first=first)
        writer.follow(self._above)
        writer.write(blocks[:open_index])
        cursor = writer.cursor
        if open_index < len(blocks):
            # The open block gets a text block of its own to begin in, so that it can be taken out again up to here.
            if not writer.fresh and (open_index or not fresh):
                cursor.insertBlock()
            self._open_from, self._open_position = blocks[open_index], cursor.position()
            tail = RichWriter(cursor, self._theme, self._drawn, fresh=True, first=first and not open_index)
            self._above = blocks[open_index - 1].kind if open_index else self._above
            tail.follow(self._above)
            tail.write(blocks[open_index:])
        else:
            self._open_from = None
        cursor.endEditBlock()
        self._link_targets = self._drawn.links
        self.listings.show_listings(self._drawn.listings)

    def _end_cursor(self) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        return cursor

    # ---- chips and doubts --------------------------------------------------------------------------------------------------

    def _decorate(self) -> None:
        """Bring chips and dotted lines in line with the checks."""
        shown_to = min(len(self._source), SHOWN_LIMIT_CHARS)
        wanted = {
            (self._chip_offset(check), check.citation)
            for check in self._checks
            if check.citation is not None and check.end <= shown_to
        }
        standing = {(chip.offset, chip.number) for chip in self._chips}
        for chip in [chip for chip in self._chips if (chip.offset, chip.number) not in wanted]:
            self._remove_chip(chip)
        for offset, number in sorted(wanted - standing):
            self._insert_chip(offset, number)
        self._set_all_marks()
        self._tell_accessibility()

    def _chip_offset(self, check: SentenceCheck) -> int:
        """Before the punctuation that ends the sentence, as footnote marks of running text stand here."""
        end = min(check.end, len(self._source))
        while end > check.start + 1 and self._source[end - 1] in _ENDINGS:
            end -= 1
        return end

    def _insert_chip(self, offset: int, number: int) -> None:
        position = self._drawn.offsets.position_after(offset)
        if position is None:
            return
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        before = cursor.charFormat()
        gap = QTextCharFormat(before)
        gap.setAnchor(False)
        gap.setAnchorHref("")
        gap.setFontUnderline(False)
        small = QFont(self._theme.font("small"))
        small.setPixelSize(self._theme.px(11))
        gap.setFont(small)
        gap.clearBackground()
        chip = QTextCharFormat(gap)
        font = QFont(self._theme.font("small"))
        font.setPixelSize(self._theme.px(11))
        font.setWeight(QFont.Weight.DemiBold)
        chip.setFont(font)
        chip.setForeground(self._theme.color("accent"))
        chip.setAnchor(True)
        chip.setAnchorHref(f"{CITE}{number}")
        text = f"{NBSP}{number}{NBSP}"
        cursor.insertText(NBSP, gap)
        cursor.insertText(text, chip)
        self._moved(position, 1 + len(text))
        self._chips.append(_Chip(position, position + 1 + len(text), number, offset))

    def _remove_chip(self, chip: _Chip) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(chip.start)
        cursor.setPosition(chip.end, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        self._chips.remove(chip)
        self._moved(chip.end, chip.start - chip.end)

    def _remove_chips(self, from_position: int) -> None:
        for chip in sorted(self._chips, key=lambda item: -item.start):
            if chip.start >= from_position:
                self._remove_chip(chip)

    def _moved(self, position: int, by: int) -> None:
        """The document grew or shrank by so much at a position."""
        self._drawn.offsets.shift(position, by)
        if position < self._open_position:
            self._open_position += by
        for chip in self._chips:
            if chip.start >= position:
                chip.start, chip.end = chip.start + by, chip.end + by

    def _set_all_marks(self) -> None:
        marks = [Mark(MarkKind.CHIP, chip.start + 1, chip.end) for chip in self._chips]
        for check in self._checks:
            if check.support is Support.UNSUPPORTED:
                marks += [
                    Mark(MarkKind.UNSUPPORTED, start, end)
                    for start, end in self._drawn.offsets.ranges(check.start, check.end)
                ]
        self.set_marks(marks)

    def _tell_accessibility(self) -> None:
        quotes = [
            self.tr("Source {n}: {note}").format(n=item.number, note=item.title or item.note)
            for item in self._citations.values()
        ]
        self.setAccessibleDescription(". ".join(quotes))

    # ---- size and keys -----------------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        height = math.ceil(self.document().size().height()) + 4 if self._source else 0
        if height and self.document().size().width() > self.viewport().width() + 1:
            height += self.horizontalScrollBar().sizeHint().height()
        if self.isHidden() == bool(self._source) and self.parentWidget() is not None:
            self.setVisible(bool(self._source))
        if height != self.height():
            self.setFixedHeight(height)
            self.grown.emit()

    def sizeHint(self) -> QSize:
        return QSize(600, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Sideways only, to the end of a wide table; the column scrolls up and down."""
        turned = event.angleDelta()
        if abs(turned.x()) > abs(turned.y()) and self.horizontalScrollBar().maximum():
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _SCROLL_KEYS and not self.textCursor().hasSelection():
            event.ignore()
            return
        super().keyPressEvent(event)


def _open_index(blocks: Sequence[RichBlock], source: str) -> int:
    """Index of the first block that more text may still change: the last one, or the rows that are drawn as a table with it; and the
    one above, while the line that parts the two may still turn out to go on with it ("*" begins an item, "*so*" does not)."""
    if not blocks:
        return 0
    index = len(blocks) - 1
    while index > 0 and blocks[index].kind is BlockKind.TABLE_ROW and blocks[index].level != 1:
        index -= 1
    if len(blocks) - index > OPEN_ROWS:
        return len(blocks) - 1
    if index == len(blocks) - 1 and index > 0 and _may_join_above(blocks[index], source):
        index -= 1
    return index


def _may_join_above(block: RichBlock, source: str) -> bool:
    """Whether the block was begun by the line that is still being written, right below another line."""
    line_start = source.rfind("\n") + 1
    is_new_table = block.kind is BlockKind.TABLE_ROW and block.level == 1 and block.end > line_start
    begins_here = block.start >= line_start or is_new_table
    above = source[: source.rfind("\n", 0, block.start) + 1].rstrip("\n ")
    return begins_here and source[len(above) : block.start].count("\n") < 2
