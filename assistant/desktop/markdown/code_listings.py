"""The listings of a drawn page: their colours, and above each its language and a button that copies it.

Colours are laid over the text as the layout's own formats, so the document, its offsets and its undo stack never change for them. A long
listing is read a few milliseconds at a time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QTextBlock, QTextCharFormat, QTextCursor, QTextFormat, QTextLayout
from PySide6.QtWidgets import QHBoxLayout, QTextEdit, QWidget

from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.look import Look
from assistant.desktop.common.offset_map import utf16_length
from assistant.desktop.common.theme import Theme
from assistant.desktop.markdown.code_colours import read_code

SLICE_S = 0.005
OPEN_CHARS = 1_200
"""Of a listing that is still being written only so much is coloured: it is drawn again with every flush."""

MOST_CHARS = 40_000
"""What is longer stays plain: it is data, not code that anybody reads."""

HEAD_PX = 30
"""Above the first line, for the language and the button."""

COPIED_MS = 2_000
CONTINUED = int(QTextFormat.Property.UserProperty) + 3
"""Of a text block: it goes on with the line of the one above, which was too long for one block."""


@dataclass(slots=True)
class Listing:
    """A listing as it is drawn. start: where its block begins in the text. first, last: in its first and last line; they move with it.
    headed: it has a bar. whole: what Copy takes, where only the beginning of it is drawn in one piece."""

    language: str
    code: str
    start: int
    first: QTextCursor
    last: QTextCursor
    closed: bool = True
    headed: bool = True
    coloured: bool = False
    whole: str = ""


def colour_listing(listing: Listing, theme: Look, slice_s: float | None = None) -> Iterator[None]:
    """Lay the colours over a listing. slice_s: stop to breathe whenever so much time has passed; None: never."""
    code = listing.code if listing.closed else listing.code[: listing.code.rfind("\n", 0, OPEN_CHARS) + 1]
    if not code or len(code) > MOST_CHARS:
        return
    formats: dict[str, QTextCharFormat] = {}
    lines = _Lines(listing)
    begun = time.perf_counter()
    for start, end, role in read_code(listing.language, code):
        if role not in formats:
            formats[role] = QTextCharFormat()
            formats[role].setForeground(theme.color(role))
        lines.add(start, end, formats[role])
        if slice_s is not None and time.perf_counter() - begun > slice_s:
            yield
            begun = time.perf_counter()
    lines.flush()


class _Lines:
    """Goes down the text blocks of a listing with the stretches to colour, which come in order."""

    def __init__(self, listing: Listing) -> None:
        self._document = listing.first.document()
        self._blocks = _blocks(listing)
        self._start, self._end, self._block = next(self._blocks)
        self._formats: list[QTextLayout.FormatRange] = []

    def add(self, start: int, end: int, form: QTextCharFormat) -> None:
        """Colour `code[start:end]`, which may go over several lines."""
        while self._block.isValid():
            first, last = max(start, self._start), min(end, self._end)
            if first < last:
                text = self._block.text()
                found = QTextLayout.FormatRange()
                found.start = utf16_length(text[: first - self._start])
                found.length = utf16_length(text[first - self._start : last - self._start])
                found.format = form
                self._formats.append(found)
            if end <= self._end:
                return
            self.flush()
            self._start, self._end, self._block = next(self._blocks, (end, end, QTextBlock()))

    def flush(self) -> None:
        if self._formats and self._block.isValid():
            self._block.layout().setFormats(self._formats)
            self._document.markContentsDirty(self._block.position(), self._block.length())
        self._formats = []


def _blocks(listing: Listing) -> Iterator[tuple[int, int, QTextBlock]]:
    """Each text block of a listing with the range of the code that it shows."""
    block, last, at = listing.first.block(), listing.last.block(), 0
    while block.isValid() and block.position() <= last.position():
        end = at + len(block.text())
        yield at, end, block
        block = block.next()
        at = end + (0 if block.blockFormat().boolProperty(CONTINUED) else 1)


class CodeBar(QWidget):
    """Lies on a listing: its language, and a button that copies it.

    Signals:
        copied(): the code is on the clipboard.
    """

    copied = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._code = ""
        self._language = make_label("", "small", parent=self)
        self.button = make_button("", "link", parent=self)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(COPIED_MS)
        self._again.timeout.connect(self._show_words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._language)
        row.addStretch(1)
        row.addWidget(self.button)
        self.button.clicked.connect(self._on_clicked)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def language(self) -> str:
        return self._language.text()

    def show_listing(self, language: str, code: str) -> None:
        if (language, code) != (self._language.text(), self._code) or not self.button.text():
            self._language.setText(language)
            self._code = code
            self._show_words()

    def _show_words(self) -> None:
        self._again.stop()
        self.button.setText(self.tr("Copy"))
        name = self.tr("Copy the {language} code").format(language=self.language)
        self.button.setAccessibleName(name if self.language else self.tr("Copy the code"))

    def _dress(self) -> None:
        small = self._theme.font("small").pixelSize()
        self.button.setStyleSheet(f"padding: 0; font-size: {small}px")

    def _on_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._code)
        self.button.setText(self.tr("Copied"))
        self.button.setAccessibleName(self.tr("Copied"))
        self._again.start()
        self.copied.emit()


class CodeListings(QObject):
    """Keeps the listings of one view coloured, and their bars in place. Lives on the UI thread."""

    def __init__(self, theme: Theme, view: QTextEdit) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._listings: list[Listing] = []
        self._bars: list[CodeBar] = []
        self._work: Iterator[None] | None = None
        self._colouring = QTimer(self)
        self._colouring.setInterval(0)
        self._colouring.timeout.connect(self._go_on)
        self._placing = QTimer(self)
        self._placing.setSingleShot(True)
        self._placing.setInterval(0)
        self._placing.timeout.connect(self.place)
        view.document().documentLayout().documentSizeChanged.connect(self._place_soon)
        view.verticalScrollBar().valueChanged.connect(self.place)
        view.horizontalScrollBar().valueChanged.connect(self.place)

    @property
    def bars(self) -> tuple[CodeBar, ...]:
        """Those that are shown, from the top down."""
        return tuple(bar for bar in self._bars if not bar.isHidden())

    @property
    def is_busy(self) -> bool:
        return self._colouring.isActive() or self._placing.isActive()

    def show_listings(self, listings: list[Listing]) -> None:
        """These are drawn now. The list is the writer's own: what it draws later is seen when this is called again."""
        self._listings = listings
        for listing in listings:
            if not listing.closed and not listing.coloured:
                listing.coloured = True
                for _ in colour_listing(listing, self._theme):
                    pass
        self._work = None
        if any(not listing.coloured for listing in listings):
            self._colouring.start()
        self._place_soon()

    def _go_on(self) -> None:
        """Colour for some milliseconds."""
        if self._work is None:
            waiting = next((listing for listing in self._listings if not listing.coloured), None)
            if waiting is None:
                self._colouring.stop()
                return
            self._work = self._coloured(waiting)
        if next(self._work, self) is self:
            self._work = None

    def _coloured(self, listing: Listing) -> Iterator[None]:
        yield from colour_listing(listing, self._theme, SLICE_S)
        listing.coloured = True

    def _place_soon(self) -> None:
        self._placing.start()

    def place(self) -> None:
        """Lay each bar above its listing."""
        headed = sorted((one for one in self._listings if one.headed), key=lambda one: one.first.position())
        while len(self._bars) < len(headed):
            bar = CodeBar(self._theme, self._view.viewport())
            QWidget.setTabOrder(self._bars[-1].button if self._bars else self._view, bar.button)
            self._bars.append(bar)
        scrolled = self._view.verticalScrollBar().value()
        layout = self._view.document().documentLayout()
        px = self._theme.px
        for bar, listing in zip(self._bars, headed, strict=False):
            block = listing.first.block()
            left, top = block.blockFormat().leftMargin(), layout.blockBoundingRect(block).top() - scrolled
            left -= self._view.horizontalScrollBar().value()
            width = self._view.viewport().width() - block.blockFormat().leftMargin() - px(12)
            bar.setGeometry(QRect(round(left), round(top) - px(HEAD_PX), round(width), px(HEAD_PX - 4)))
            bar.show_listing(listing.language, listing.whole or listing.code)
            bar.show()
        for bar in self._bars[len(headed) :]:
            bar.hide()
