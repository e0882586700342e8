"""The written answer: Markdown that grows as it streams, with a chip behind each supported sentence.

What has arrived is flushed every 33 ms. Only the open block, the last one, is ever drawn again: plain words are appended to it, markup
makes it be read anew, and when it closes it is left alone for good. A long answer that is there already comes in the same way, a slice
to a round of the event loop.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant.desktop.chat.answer_chips import AnswerChips
from assistant.desktop.chat.answer_slices import OpenTable, open_index, slice_end, table_head
from assistant.desktop.common.offset_map import OffsetMap
from assistant.desktop.common.theme import Theme
from assistant.desktop.markdown.markdown_blocks import parse_markdown
from assistant.desktop.markdown.markdown_render import Drawn, RichWriter
from assistant.desktop.markdown.markdown_runs import RichBlock
from assistant.desktop.markdown.markdown_view import CITE, Mark, MarkKind, RichView
from assistant.domain.answers import Citation, SentenceCheck, Support
from assistant.domain.documents import BlockKind

FLUSH_MS = 33
WHOLE_CHARS = 6_000
"""A longer answer is drawn in slices: 60,000 characters with their chips took more than a second in one piece."""
SHOWN_LIMIT_CHARS = 60_000
"""More is not drawn: the settings allow 8,192 tokens, so only a model gone wild gets here. Copy still takes all of it."""

_MARKUP = re.compile(r"[\n*_~`\[\]()<>&\\|!$#]")
_SCROLL_KEYS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Down)


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
        self._table: OpenTable | None = None
        self._rest = ""
        self._checks: tuple[SentenceCheck, ...] = ()
        self._citations: dict[int, Citation] = {}
        self._chips = AnswerChips(self.document(), theme, self._on_chip_moved)
        self._flush = self._timer(FLUSH_MS, self._on_flush)
        self._feed = self._timer(0, self._draw_slice)
        self._more_chips = self._timer(0, self._decorate)
        self._more_chips.setSingleShot(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Answer"))
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def _timer(self, interval_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer

    # ---- what the turn uses ------------------------------------------------------------------------------------------------

    @property
    def markdown(self) -> str:
        """All the Markdown so far, drawn or not."""
        return self._source + self._rest + "".join(self._pending)

    @property
    def is_drawn(self) -> bool:
        """Nothing waits to be drawn."""
        return not (self._rest or self._pending or self._more_chips.isActive())

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
        if self._rest:
            return  # it ends with its last slice
        self._finished = True
        if self._open_from is not None:
            with self._one_layout():
                self._redraw_open()
                self._decorate()

    def set_answer(self, source: str, checks: Sequence[SentenceCheck], citations: Sequence[Citation]) -> None:
        """Show a whole answer. Of a long one the first slice is there at once."""
        self._pending.clear()
        self._flush.stop()
        self._feed.stop()
        self._finished = len(source) <= WHOLE_CHARS
        self._source, self._rest = (source, "") if self._finished else ("", source)
        self._checks, self._citations = tuple(checks), {item.number: item for item in citations}
        self._tell_accessibility()
        self._draw_all()
        if self._rest:
            self._draw_slice()
            self._feed.start()

    def set_checks(self, checks: Sequence[SentenceCheck], citations: Sequence[Citation] = ()) -> None:
        """How the notes support the sentences so far; chips appear behind the supported ones."""
        self._checks = tuple(checks)
        if citations:
            self._citations = {item.number: item for item in citations}
            self._tell_accessibility()
        self._decorate()

    def redraw(self) -> None:
        """Draw everything again: the theme has changed."""
        self.redress()
        if self._finished or self._rest:
            self.set_answer(self.markdown, self._checks, tuple(self._citations.values()))
        else:
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
        self._chips.forget()
        self.document().clear()
        self._drawn = Drawn(OffsetMap(self._source))
        self._open_from, self._open_position, self._above, self._table = None, 0, None, None
        with self._one_layout():
            if self._source:
                self._draw_from(0, (), QTextCursor(self.document()), first=True, fresh=True)
            else:
                self.listings.show_listings([])
            self._decorate()
        self.grown.emit()

    def _draw_slice(self) -> None:
        """Draw some more of an answer that is there already."""
        end = slice_end(self._rest) if len(self._source) < SHOWN_LIMIT_CHARS else len(self._rest)
        text, self._rest = self._rest[:end], self._rest[end:]
        self._grow(text)
        if not self._rest:
            self._feed.stop()
            self.finish()

    @contextmanager
    def _one_layout(self) -> Iterator[None]:
        """Qt lays out what was changed once, at the end: with each chip by itself it took most of the time."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        try:
            yield
        finally:
            cursor.endEditBlock()

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
            with self._one_layout():
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
        return (
            ends_drawn
            and "http" not in begun[-200:]
            and not self._chips.any_from(self._drawn.offsets.position_after(block.start + 1) or 0)
        )

    def _redraw_open(self) -> None:
        block = self._open_from
        if block is not None:
            self._redraw_from(block, self._open_position)
            return
        cursor = self._end_cursor()
        at = 0 if not len(self._drawn.offsets) else len(self._source)
        self._draw_from(at, (), cursor, first=True, fresh=True)

    def _redraw_from(self, block: RichBlock, position: int) -> None:
        """Take away what is drawn from a block on, and draw it anew."""
        self._chips.remove_from(position)
        cursor = self._end_cursor()
        cursor.setPosition(position)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        self._drawn.offsets.drop_from(block.start)
        self._drawn.listings[:] = [one for one in self._drawn.listings if one.start < block.start]
        self._draw_from(block.start, block.resume, cursor, first=position == 0, fresh=True)

    def _draw_from(
        self, offset: int, resume: tuple[int, ...], cursor: QTextCursor, *, first: bool, fresh: bool
    ) -> None:
        """Read and draw `source[offset:]`, and remember where the open block begins."""
        shown = self._source[:SHOWN_LIMIT_CHARS]
        blocks = parse_markdown(shown, offset, resume, growing=not self._finished)
        table = self._table
        if table is not None and (self._finished or table.has_ended(blocks)):
            # While it grew it was drawn in parts; now its columns can be as wide everywhere as they are to be.
            self._table, self._above = None, table.above
            self._redraw_from(table.head, table.position)
            return
        begin = open_index(blocks, shown) if not self._finished else len(blocks)
        head = table_head(blocks, begin) if self._table is None else None
        cursor.beginEditBlock()
        cursor, fresh = self._write(blocks[: begin if head is None else head], cursor, first=first, fresh=fresh)
        if head is not None:
            cursor = self._own_block(cursor, fresh)
            self._table = OpenTable(blocks[head], cursor.position(), self._above)
            cursor, fresh = self._write(blocks[head:begin], cursor, first=first and not head, fresh=True)
        if begin < len(blocks):
            cursor = self._own_block(cursor, fresh)
            self._open_from, self._open_position = blocks[begin], cursor.position()
            above = self._above
            self._write(blocks[begin:], cursor, first=first and not begin, fresh=True)
            self._above = above
        else:
            self._open_from = None
        cursor.endEditBlock()
        self._link_targets = self._drawn.links
        self.listings.show_listings(self._drawn.listings)

    def _write(
        self, blocks: Sequence[RichBlock], cursor: QTextCursor, *, first: bool, fresh: bool
    ) -> tuple[QTextCursor, bool]:
        """Draw blocks; where the next ones go, and whether the text block there is still empty."""
        writer = RichWriter(cursor, self._theme, self._drawn, fresh=fresh, first=first)
        writer.follow(self._above)
        writer.write(blocks)
        if blocks:
            self._above = blocks[-1].kind
        return writer.cursor, writer.fresh

    @staticmethod
    def _own_block(cursor: QTextCursor, fresh: bool) -> QTextCursor:
        """What is drawn again begins in a text block of its own, so that it can be taken out up to there."""
        if not fresh:
            cursor.insertBlock()
        return cursor

    def _end_cursor(self) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        return cursor

    # ---- chips and doubts --------------------------------------------------------------------------------------------------

    def _decorate(self) -> None:
        """Bring chips and dotted lines in line with the checks."""
        if not self._chips.bring_in_line(self._source[:SHOWN_LIMIT_CHARS], self._checks, self._drawn.offsets):
            self._more_chips.start()
        self._set_all_marks()

    def _on_chip_moved(self, position: int, by: int) -> None:
        """The document grew or shrank by so much at a position."""
        self._drawn.offsets.shift(position, by)
        if position < self._open_position:
            self._open_position += by
        if self._table is not None and position < self._table.position:
            self._table.position += by

    def _set_all_marks(self) -> None:
        marks = [Mark(MarkKind.CHIP, chip.start + 1, chip.end) for chip in self._chips.standing]
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
