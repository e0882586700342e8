"""A note as a page of text, drawn in slices around the place that matters.

Only a window of slices is in the QTextDocument. It grows while nothing else happens and when the reader comes near its ends, one
slice at a time; when it has grown too long it is drawn anew around what is on screen. Offsets of the Document and positions on the
page are kept together by an OffsetMap at every step.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from assistant.desktop.common.offset_map import OffsetMap
from assistant.desktop.common.theme import Theme
from assistant.desktop.markdown.markdown_render import IMAGE_NAME, LINK, Drawn, RichWriter
from assistant.desktop.markdown.markdown_view import Mark, MarkKind, RichView
from assistant.desktop.source.source_blocks import SourceBlocks
from assistant.desktop.source.source_lines import LineNumbers
from assistant.domain.documents import Document, NoteFormat
from assistant.domain.reading import LinkPlace, leads_out

MOST_SLICES = 16
"""About 100,000 characters at most: a change of width lays them all out again, 54 ms for seven slices on two busy cores."""

SLICES_AHEAD = 2
_NO_FORMAT = NoteFormat.TEXT
MOST_FOUND_MARKS = 300
HOLD_SHARE = 1 / 3
"""How far down the screen the place that matters stands."""


class SourceView(RichView):
    """Lives on the UI thread.

    Signals:
        image_wanted(str): the target of an image that came into the text.
        place_changed(int): text offset at the top of what is on screen.
    """

    image_wanted = Signal(str)
    place_changed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._document = Document("", format=_NO_FORMAT)
        self._slices = SourceBlocks(self._document)
        self._shown_numbers: list[tuple[float, int]] = []
        self._first = self._last = 0
        self._drawn = Drawn(OffsetMap())
        self._quote = (-1, -1)
        self._found: list[tuple[int, int]] = []
        self._found_here = -1
        self._hold: int | None = None
        self._hold_share = HOLD_SHARE
        self._places: dict[str, LinkPlace] | None = None
        self._numbers = LineNumbers(self._document)
        self._moving = False
        self._grower = QTimer(self)
        self._grower.setInterval(0)
        self._grower.timeout.connect(self._grow)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(0)
        self._again.timeout.connect(self._scroll_to_hold)
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._on_scrolled)
        bar.rangeChanged.connect(self._on_range)
        bar.actionTriggered.connect(self._let_go)  # only what the user does to the bar, never setValue
        self.setAccessibleName(self.tr("Note"))
        self._set_margins()

    # ---- what the pane uses ------------------------------------------------------------------------------------------------

    @property
    def offsets(self) -> OffsetMap:
        return self._drawn.offsets

    @property
    def is_complete(self) -> bool:
        """All of the note is drawn."""
        return self._first == 0 and self._last == len(self._slices)

    @property
    def is_growing(self) -> bool:
        return self._grower.isActive()

    def show_document(
        self, document: Document, start: int = -1, end: int = -1, *, top: int = -1, share: float = 0.0
    ) -> None:
        """Draw a note; [start, end) is marked and brought to a third of the height. start -1: nothing is marked. top: what stands there
        instead, at this share of the height."""
        self._document = document
        self._numbers = LineNumbers(document)
        self._set_margins()
        self._places = None
        self._slices = SourceBlocks(document)
        self._quote = (start, end)
        self._found, self._found_here = [], -1
        self._hold_share = share if top >= 0 else HOLD_SHARE
        self._draw_around(top if top >= 0 else max(0, start))

    def set_link_places(self, places: dict[str, LinkPlace]) -> None:
        """Where the links that do not lead out lead: one that leads to nothing looks and says so."""
        self._places = places
        self._moving = True
        self._show_dead_links(0)
        self._moving = False
        self._scroll_to_hold()

    def clear_document(self) -> None:
        self.show_document(Document("", format=_NO_FORMAT))

    def set_found(self, found: list[tuple[int, int]], here: int) -> None:
        """Mark what a search in the note found, and go to the one of number `here`."""
        self._found, self._found_here = found, here
        if 0 <= here < len(found):
            self.go_to(found[here][0])
        else:
            self._place_marks()

    def go_to(self, offset: int) -> None:
        """Bring a text offset to a third of the height, drawing it if need be."""
        if len(self._slices) and not self._is_drawn(offset):
            self._hold_share = HOLD_SHARE
            self._draw_around(offset)
        else:
            self._hold = offset
            self._hold_share = HOLD_SHARE
            self._place_marks()
            self._scroll_to_hold()

    def marked_text(self) -> str:
        """The marked words as they stand on the page."""
        marks = self.marks(MarkKind.QUOTE)
        return "".join(self.text_between(mark.start, mark.end) for mark in marks)

    def top_offset(self) -> int:
        """Text offset at the top of what is on screen."""
        position = self.cursorForPosition(self.viewport().rect().topLeft()).position()
        offset = self._drawn.offsets.offset_at(position)
        return len(self._document.text) if offset is None else offset

    def redraw(self) -> None:
        """Draw again in the colours and sizes of the theme, keeping the place."""
        self.redress()
        self._set_margins()
        hold = self._hold
        if len(self._slices):
            self._draw_around(hold if hold is not None else self.top_offset())

    def set_image(self, target: str, image: QImage) -> None:
        """An image of the note has been read by the engine: show it wherever it stands, no wider than the page."""
        if image.isNull():
            return
        # Not by the number it had when it was asked for: the note may have been drawn anew, from another place on.
        names = {f"{IMAGE_NAME}{number}" for number, one in enumerate(self._drawn.images) if one == target}
        for name in names:
            self._pictures[name] = image
            self.document().addResource(int(QTextDocument.ResourceType.ImageResource.value), QUrl(name), image)
        for position, form in self._image_places(names):
            width = min(image.width(), self.viewport().width() - 8)
            form.setWidth(width)
            form.setHeight(round(image.height() * width / image.width()))
            cursor = QTextCursor(self.document())
            cursor.setPosition(position)
            cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(form)
        if names:
            self._scroll_to_hold()

    def _image_places(self, names: set[str]) -> list[tuple[int, QTextImageFormat]]:
        found = []
        block = self.document().begin()
        while block.isValid():
            fragments = block.begin()
            while not fragments.atEnd():
                form = fragments.fragment().charFormat().toImageFormat()
                if form.isValid() and form.name() in names:
                    found.append((fragments.fragment().position(), form))
                fragments += 1
            block = block.next()
        return found

    @property
    def line_numbers(self) -> list[tuple[float, int]]:
        """The numbers that are seen, each with its height on the page."""
        return self._shown_numbers

    def _set_margins(self) -> None:
        self.setViewportMargins(self._theme.px(12 if self._numbers else 24), 0, self._theme.px(18), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._shown_numbers = []
        if self._numbers:
            down = self.verticalScrollBar().value()
            painter = QPainter(self.viewport())
            painter.translate(0, -down)
            seen = QRectF(event.rect()).translated(0, down)
            self._shown_numbers = self._numbers.paint(painter, self._theme, self.document(), self._drawn.offsets, seen)
            painter.end()

    # ---- the window of slices ----------------------------------------------------------------------------------------------

    def _is_drawn(self, offset: int) -> bool:
        return self._first <= self._slices.slice_at(offset) < self._last

    def _draw_around(self, offset: int) -> None:
        self._grower.stop()
        self.set_marks([])
        self.document().clear()
        frame = self.document().rootFrame().frameFormat()
        frame.setTopMargin(self._theme.px(20))
        frame.setBottomMargin(self._theme.px(28))
        frame.setLeftMargin(self._numbers.width(self._theme) if self._numbers else 0)
        self.document().rootFrame().setFrameFormat(frame)
        self._drawn = Drawn(OffsetMap(self._document.text))
        self._link_targets = self._drawn.links
        self.listings.show_listings([])
        self._first = self._last = self._slices.slice_at(offset)
        if not len(self._slices):
            return
        self._add_below()
        self._hold = offset
        self._place_marks()
        self._scroll_to_hold()
        self._grower.start()

    def _grow(self) -> None:
        """One slice more, below first, until enough is drawn around what is on screen."""
        bar = self.verticalScrollBar()
        page = max(1, self.viewport().height())
        if self._last < len(self._slices) and bar.maximum() - bar.value() < SLICES_AHEAD * page:
            self._step(self._add_below)
        elif self._first > 0 and bar.value() < SLICES_AHEAD * page:
            self._step(self._add_above)
        else:
            self._grower.stop()

    def _step(self, add: object) -> None:
        if self._last - self._first >= MOST_SLICES:
            self._start_anew()
            return
        self._moving = True
        add()  # type: ignore[operator]
        self._place_marks()
        self._moving = False
        self._scroll_to_hold()

    def _start_anew(self) -> None:
        """Too much is drawn: keep only what is around the place on screen."""
        offset = self.top_offset()
        self._draw_around(offset)
        self._hold = None
        ranges = self._drawn.offsets.ranges(offset, offset + 1)
        if ranges:
            self.verticalScrollBar().setValue(round(self._top_of(ranges[0][0])))

    def _add_below(self) -> None:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        begin = cursor.position()
        empty = self._first == self._last
        images = len(self._drawn.images)
        cursor.beginEditBlock()
        writer = RichWriter(cursor, self._theme, self._drawn, fresh=empty, first=empty, show_images=True)
        if not empty:
            writer.follow(self._slices.blocks(self._last - 1)[-1].kind)
        writer.write(self._slices.blocks(self._last))
        cursor.endEditBlock()
        self._show_dead_links(begin)
        self._last += 1
        self._want_images(images)

    def _add_above(self) -> None:
        bar = self.verticalScrollBar()
        anchor = self.document().firstBlock()
        before = self.document().documentLayout().blockBoundingRect(anchor).top()
        old_format = anchor.blockFormat()
        length = self.document().characterCount()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.insertBlock()
        cursor.setPosition(0)
        images = len(self._drawn.images)
        drawn = Drawn(
            OffsetMap(self._document.text), self._drawn.links, self._drawn.images, listings=self._drawn.listings
        )
        self._first -= 1
        writer = RichWriter(cursor, self._theme, drawn, fresh=True, first=True, show_images=True)
        writer.write(self._slices.blocks(self._first))
        old_first = QTextCursor(self.document())
        added = self.document().characterCount() - length
        old_first.setPosition(added)
        if old_format.topMargin() == 0 and not self._slices.blocks(self._first + 1)[0].joined:
            old_format.setTopMargin(self._theme.px(10))
        old_first.setBlockFormat(old_format)
        cursor.endEditBlock()
        self._show_dead_links(0, added)
        self._drawn.offsets.shift(0, added)
        self._drawn.offsets.prepend(drawn.offsets)
        after = self.document().documentLayout().blockBoundingRect(self.document().findBlock(added)).top()
        if self._hold is None:
            bar.setValue(bar.value() + round(after - before))
        self._want_images(images)

    def _show_dead_links(self, begin: int, end: int = -1) -> None:
        """Give what leads to nothing, between two positions, the look of it."""
        if self._places is None:
            return
        dead: list[tuple[int, int]] = []
        block = self.document().findBlock(begin)
        while block.isValid() and (end < 0 or block.position() < end):
            fragments = block.begin()
            while not fragments.atEnd():
                fragment = fragments.fragment()
                if self._is_dead(fragment.charFormat().anchorHref()):
                    dead.append((fragment.position(), fragment.position() + fragment.length()))
                fragments += 1
            block = block.next()
        form = QTextCharFormat()
        form.setForeground(self._theme.color("soft"))
        form.setFontUnderline(False)
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        form.setUnderlineColor(self._theme.color("soft"))
        cursor = QTextCursor(self.document())
        for start, stop in dead:
            cursor.setPosition(start)
            cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(form)

    def _place_behind(self, href: str) -> LinkPlace | None:
        number = href[len(LINK) :] if href.startswith(LINK) else ""
        if self._places is None or not number.isdigit() or int(number) >= len(self._link_targets):
            return None
        target = self._link_targets[int(number)]
        return None if leads_out(target) else self._places.get(target)

    def _is_dead(self, href: str) -> bool:
        place = self._place_behind(href) if href else None
        return place is not None and not place.note

    def target_at(self, point: QPoint) -> str:
        """The target of the link at a point of the screen, as it is written."""
        href = self.anchorAt(point)
        number = href[len(LINK) :] if href.startswith(LINK) else ""
        return self._link_targets[int(number)] if number.isdigit() and int(number) < len(self._link_targets) else ""

    def hint_for(self, href: str) -> str:
        place = self._place_behind(href)
        if place is None:
            return super().hint_for(href)
        if not place.note:
            return self.tr("No note in your folders is called “{name}”.").format(name=place.target)
        return f"{place.note} › {place.heading}" if place.heading else place.note

    def _want_images(self, already: int) -> None:
        for listing in self._drawn.listings:
            listing.whole = listing.whole or self._slices.whole_block(listing.start)
        self.listings.show_listings(self._drawn.listings)
        for number in range(already, len(self._drawn.images)):
            self._pictures.pop(f"{IMAGE_NAME}{number}", None)  # of a drawing before this one
            self.image_wanted.emit(self._drawn.images[number])

    # ---- marks and place ---------------------------------------------------------------------------------------------------

    def _place_marks(self) -> None:
        offsets = self._drawn.offsets
        marks = (
            [Mark(MarkKind.QUOTE, start, end) for start, end in offsets.ranges(*self._quote)]
            if self._quote[0] >= 0
            else []
        )
        near = range(max(0, self._found_here - MOST_FOUND_MARKS), self._found_here + MOST_FOUND_MARKS)
        for number in near:
            if number < len(self._found):
                kind = MarkKind.FOUND_HERE if number == self._found_here else MarkKind.FOUND
                marks += [Mark(kind, start, end) for start, end in offsets.ranges(*self._found[number])]
        self.set_marks(marks)

    def _scroll_to_hold(self) -> None:
        if self._hold is None:
            return
        ranges = self._drawn.offsets.ranges(self._hold, self._hold + 400)
        if not ranges:
            return
        self._moving = True
        top = self._top_of(ranges[0][0])
        # The beginning of a note is shown as it begins: only a place further down is brought to the third.
        self.verticalScrollBar().setValue(
            max(0, round(top - self.viewport().height() * self._hold_share)) if self._hold else 0
        )
        self._moving = False

    def _top_of(self, position: int) -> float:
        rects = self.rects_of(position, position + 1)
        if rects:
            return rects[0].top()
        return self.document().documentLayout().blockBoundingRect(self.document().findBlock(position)).top()

    def _on_scrolled(self, _value: int) -> None:
        if not self._moving and len(self._slices):
            if self._hold is not None:
                # Not the user: Qt shows its text cursor when the page is first seen, and lays long pages out bit by bit.
                self._again.start()
            self._grower.start()
            self.place_changed.emit(self.top_offset())

    def _on_range(self, _least: int, _most: int) -> None:
        if self._hold is not None and not self._moving:
            self._again.start()

    def _let_go(self, _action: int = 0) -> None:
        self._hold = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._let_go()
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._let_go()
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._let_go()
        super().mousePressEvent(event)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._scroll_to_hold()
