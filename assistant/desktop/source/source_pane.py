"""The right of the window: the cited note at the cited words.

Text for every format, drawn pages for PDF. What the engine sends is shown as it is now; when the note has changed since it was read,
or the words are gone from it, a line says so.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QFontMetricsF,
    QImage,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import IconButton, Switch, make_button, make_hairline, make_label
from assistant.desktop.common.dialogs import Question
from assistant.desktop.common.file_manager import OPENED_BY_OTHERS
from assistant.desktop.common.links import LinkQuestion
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, number
from assistant.desktop.source.source_find import FindBar, find_all
from assistant.desktop.source.source_pages import PageView
from assistant.desktop.source.source_related import RelatedPassages
from assistant.desktop.source.source_view import SourceView
from assistant.domain.answers import Citation, InstantQuote, Passage
from assistant.domain.documents import NoteFormat
from assistant.domain.errors import AssistantError
from assistant.domain.unseen import count_unseen
from assistant.ipc.engine_messages import NoteImageRead, OpenSource, ReadNoteImage, SourceOpened

PAGES, TEXT = 0, 1
HEAD_PX = 47
AROUND_CHARS = 200
RELATED_FROM_PX = 480
"""A lower pane shows only the note: four rows below it would take half of the page."""


def source_words(source: Citation | InstantQuote | Passage) -> str:
    """The words of a note that a source stands for."""
    return source.quote if isinstance(source, Citation) else source.text


class Breadcrumb(QWidget):
    """Folders in soft, the note's name in ink; shortened from the left."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._folders, self._name = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    def set_note(self, note: str) -> None:
        parts = note.split("/")
        self._folders, self._name = " › ".join(parts[:-1]), parts[-1]
        self.setToolTip(plain_tip(note))
        self.setAccessibleName(note)
        self.update()

    def text(self) -> str:
        return f"{self._folders} › {self._name}" if self._folders else self._name

    def sizeHint(self) -> QSize:
        return QSize(160, self._theme.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        name_font, path_font = self._theme.font("small", bold=True), self._theme.font("small")
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        name = QFontMetricsF(name_font).elidedText(self._name, Qt.TextElideMode.ElideMiddle, self.width())
        name_width = QFontMetricsF(name_font).horizontalAdvance(name)
        left = 0.0
        room = self.width() - name_width - 4
        if self._folders and room > self._theme.px(36):
            shown = QFontMetricsF(path_font).elidedText(self._folders, Qt.TextElideMode.ElideLeft, room - 16) + " ›  "
            painter.setFont(path_font)
            painter.setPen(self._theme.color("soft"))
            painter.drawText(QRectF(0, 0, self.width(), self.height()), flags, shown)
            left = QFontMetricsF(path_font).horizontalAdvance(shown)
        painter.setFont(name_font)
        painter.setPen(self._theme.color("ink"))
        painter.drawText(QRectF(left, 0, self.width() - left, self.height()), flags, name)


class SourcePane(QWidget):
    """Lives on the UI thread.

    Signals:
        closed(): the user closed the pane.
        chunks_asked(object): the passages of the note on screen, a Passage without a place, are to be shown as they are indexed.
        shown(object): the SourceOpened that is on screen now.
        failed(object): the AssistantError that is worded on screen now.
    """

    closed = Signal()
    chunks_asked = Signal(object)
    shown = Signal(object)
    failed = Signal(object)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self._source: Citation | InstantQuote | Passage | None = None
        self._opened: SourceOpened | None = None
        self._request = 0
        self._passages: tuple[Passage, ...] = ()
        self._images: dict[int, int] = {}
        self._found: list[tuple[int, int]] = []
        self._here = 0
        self._may_open = False
        self._is_opening = self._was_pages = False
        self.view = SourceView(theme, self)
        self.pages = PageView(client, theme, self)
        self.find_bar = FindBar(theme, self)
        self.related = RelatedPassages(theme, self)
        self._build()
        self._connect()
        self.clear()

    # ---- what the shell uses -----------------------------------------------------------------------------------------------

    def show_source(self, source: Citation | InstantQuote | Passage) -> None:
        """Open the note of a citation, a quote or a passage at its words."""
        self._source = source
        self._forget_request()
        self.find_bar.close_bar()
        self._crumbs.set_note(source.note)
        self._show_related()
        around = self._around(source)
        body = OpenSource(source.folder_id, source.note, source_words(source), source.start, source.end, around)
        self._request = self._client.request(body, self._on_opened, self._on_failed)

    def set_passages(self, passages: Sequence[Passage]) -> None:
        """The passages of the answer that the next source belongs to."""
        self._passages = tuple(passages)
        self._show_related()

    def _around(self, source: Citation | InstantQuote | Passage) -> tuple[str, str]:
        """What stood around a source when it was found, from the passage that holds it."""
        for passage in self._passages:
            if _overlaps(passage, source) and passage.start <= source.start and source.end <= passage.end:
                first, last = source.start - passage.start, source.end - passage.start
                return passage.text[max(0, first - AROUND_CHARS) : first], passage.text[last : last + AROUND_CHARS]
        return "", ""

    def clear(self) -> None:
        """Show nothing."""
        self._forget_request()
        self._source = self._opened = None
        self._passages = ()
        self.related.show_passages(())
        self.view.clear_document()
        self._crumbs.set_note("")
        self._open.hide()
        self._find.hide()
        self._chunks.hide()
        self._bar.hide()
        self._notice.hide()
        self._say(self.tr("Choose a citation to see its words in your note."))

    # ---- layout ------------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        px = self._theme.px
        self._crumbs = Breadcrumb(self._theme, self)
        self._find = IconButton(self._theme, "search", self.tr("Find in this note (Ctrl+F)"), self)
        self._open = make_button(self.tr("Open"), "link", parent=self)
        self._open.setToolTip(self.tr("Open the note in its own program"))
        self._chunks = IconButton(self._theme, "passages", self.tr("Passages as indexed"), self)
        self._close = IconButton(self._theme, "clear", self.tr("Close the note"), self)
        self._head = QWidget(self)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(px(16), 0, px(8), 0)
        head.setSpacing(px(4))
        head.addWidget(self._crumbs, 1)
        head.addWidget(self._open)
        head.addWidget(self._chunks)
        head.addWidget(self._find)
        head.addWidget(self._close)
        self._bar = self._make_page_bar()
        self._notice = make_label("", "warn", wraps=True)
        self._notice.setContentsMargins(px(16), px(8), px(16), px(8))
        self._message = make_label("", "soft", wraps=True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setContentsMargins(px(40), 0, px(40), 0)
        self._stack = QStackedWidget(self)
        for page in (self._message, self.view, self.pages):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(make_hairline(self))
        column.addWidget(self._bar)
        column.addWidget(self.find_bar)
        column.addWidget(self._notice)
        column.addWidget(self._stack, 1)
        column.addWidget(self.related)
        self._fit_head()

    def _on_theme_changed(self) -> None:
        self._fit_head()
        self.view.redraw()

    def _fit_head(self) -> None:
        """With its hairline as high as the line above the chat, so that both lines meet."""
        self._head.setFixedHeight(self._theme.px(HEAD_PX) - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.related.set_room(event.size().height() >= self._theme.px(RELATED_FROM_PX))

    def _make_page_bar(self) -> QWidget:
        px = self._theme.px
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(px(16), px(6), px(12), px(6))
        row.setSpacing(px(4))
        self._mode = Switch((self.tr("Page"), self.tr("Text")), bar)
        self._before = make_button("‹", "link", parent=bar)
        self._before.setAccessibleName(self.tr("Page before"))
        self._page_label = make_label("", "small", parent=bar)
        self._after = make_button("›", "link", parent=bar)
        self._after.setAccessibleName(self.tr("Next page"))
        self._smaller = make_button("−", "link", parent=bar)
        self._smaller.setAccessibleName(self.tr("Smaller"))
        self._larger = make_button("+", "link", parent=bar)
        self._larger.setAccessibleName(self.tr("Larger"))
        row.addWidget(self._mode)
        row.addStretch(1)
        for widget in (self._smaller, self._larger):
            row.addWidget(widget)
        row.addSpacing(px(8))
        row.addWidget(self._before)
        row.addWidget(self._page_label)
        row.addWidget(self._after)
        return bar

    def _connect(self) -> None:
        self._close.clicked.connect(self.closed)
        self._find.clicked.connect(self._on_find)
        self._open.clicked.connect(self._on_open)
        self._chunks.clicked.connect(self._on_chunks)
        self._mode.chosen.connect(self._on_mode)
        self._before.clicked.connect(self._on_page_before)
        self._after.clicked.connect(self._on_page_after)
        self._smaller.clicked.connect(self._on_smaller)
        self._larger.clicked.connect(self._on_larger)
        self.find_bar.wanted.connect(self._on_wanted)
        self.find_bar.moved.connect(self._on_moved)
        self.find_bar.closed.connect(self._on_find_closed)
        self.related.chosen.connect(self.show_source)
        self.view.link_chosen.connect(self._on_link)
        self.view.image_wanted.connect(self._on_image_wanted)
        self.view.place_changed.connect(self._on_place)
        self.pages.page_shown.connect(self._on_page_shown)
        self.pages.page_failed.connect(self._on_page_failed)
        self.pages.unmarked.connect(self._on_unmarked)
        self._client.finished.connect(self._on_finished)
        self._theme.changed.connect(self._on_theme_changed)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.setWhatsThis(self.tr("Find in the note"))
        find.setProperty("group", self.tr("Source"))
        find.activated.connect(self._on_find)

    # ---- opening -----------------------------------------------------------------------------------------------------------

    def _on_opened(self, event: object) -> None:
        self._request = 0
        if not isinstance(event, SourceOpened):
            return
        self._opened = event
        self._images = {}
        self._crumbs.set_note(event.note)
        self._open.show()
        self._find.show()
        self._chunks.show()
        self._say_what_to_know(event)
        self.view.setAccessibleName(self.tr("Note {name}").format(name=event.note))
        self.view.show_document(event.document, event.start, event.end)
        is_pdf = event.document.format is NoteFormat.PDF
        self._bar.setVisible(is_pdf)
        if self._was_pages:
            # Only the note before could not be shown as pages.
            with QSignalBlocker(self._mode):
                self._mode.choose(PAGES)
        self._is_opening, self._was_pages = True, False
        if is_pdf and self._mode.current == PAGES:
            self._show_pages()
        else:
            self._stack.setCurrentWidget(self.view)
            self._show_page_of(event.start)
        self.shown.emit(event)

    def _on_failed(self, error: AssistantError) -> None:
        self._request = 0
        self._opened = None
        words = error_words(error)
        self._bar.hide()
        self._notice.hide()
        self._open.hide()
        self._find.hide()
        self._chunks.hide()
        kept = source_words(self._source) if self._source is not None else ""
        lines = [words.happened, " ".join(part for part in (words.still, words.todo) if part)]
        if kept:
            lines.append(f"“{kept[:600]}”")
        self._say("\n\n".join(line for line in lines if line))
        self.failed.emit(error)

    def _say_what_to_know(self, event: SourceOpened) -> None:
        asked = bool(self._source and source_words(self._source))
        said = []
        if asked and event.start < 0:
            said.append(self.tr("This note has changed since it was read, and these words are no longer in it."))
        elif event.moved:
            said.append(self.tr("This note has changed since it was read. The words were found again."))
        unseen = count_unseen(event.document.text)
        if unseen == 1:
            said.append(self.tr("This note holds text that is not seen on screen, in one place. No model is given it."))
        elif unseen:
            places = number(unseen)
            said.append(
                self.tr("This note holds text that is not seen on screen, in {n} places. No model is given it.").format(
                    n=places
                )
            )
        self._notice.setText("\n".join(said))
        self._notice.setVisible(bool(said))

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._stack.setCurrentWidget(self._message)

    def message(self) -> str:
        """What is said instead of a note, or "" while one is shown."""
        return self._message.text() if self._stack.currentWidget() is self._message else ""

    def notice(self) -> str:
        return self._notice.text() if not self._notice.isHidden() else ""

    def breadcrumb(self) -> str:
        return self._crumbs.text()

    def page_text(self) -> str:
        return self._page_label.text()

    def _forget_request(self) -> None:
        if self._request:
            self._client.forget(self._request)
            self._request = 0

    # ---- pages -------------------------------------------------------------------------------------------------------------

    def _show_pages(self) -> None:
        opened = self._opened
        if opened is None:
            return
        page = opened.page or self._page_at(opened.start) or 1
        self._show_zoom(True)
        self._stack.setCurrentWidget(self.pages)
        self.pages.show_page(opened.folder_id, opened.note, page, opened.document, opened.start, opened.end)

    def _show_zoom(self, is_shown: bool) -> None:
        for button in (self._smaller, self._larger):
            button.setVisible(is_shown)

    def _page_at(self, offset: int) -> int:
        """Number of the page that holds a text offset; 0 if the note has no pages."""
        if self._opened is None:
            return 0
        for page in self._opened.document.pages:
            if page.start <= max(0, offset) < page.end:
                return page.number
        return 0

    def _show_page_of(self, offset: int) -> None:
        page = self._page_at(offset)
        if page and self._opened is not None:
            self._set_page_text(page, len(self._opened.document.pages))

    def _set_page_text(self, page: int, count: int) -> None:
        self._page_label.setText(self.tr("page {n} / {m}").format(n=number(page), m=number(count)))
        self._before.setEnabled(page > 1)
        self._after.setEnabled(page < count)

    def _on_page_shown(self, page: int, count: int) -> None:
        self._is_opening = False
        if self._stack.currentWidget() is self.pages:
            self._set_page_text(page, count)

    def _on_page_failed(self, _error: object) -> None:
        self._show_text_instead()

    def _on_unmarked(self) -> None:
        """The quoted words are always shown: where they cannot be marked on the page, its text opens. Who asks for the page gets it."""
        if self._is_opening:
            self._show_text_instead()

    def _show_text_instead(self) -> None:
        """For this note only."""
        self._was_pages = self._was_pages or self._mode.current == PAGES
        self._mode.choose(TEXT)

    def _on_mode(self, mode: int) -> None:
        opened = self._opened
        if opened is None or opened.document.format is not NoteFormat.PDF:
            return
        self._is_opening = False
        self._show_zoom(mode == PAGES)
        if mode == PAGES:
            self._was_pages = False
            self.find_bar.close_bar()
            self._show_pages()
        else:
            self._stack.setCurrentWidget(self.view)
            self._show_page_of(self.view.top_offset())

    def _on_place(self, offset: int) -> None:
        if self._stack.currentWidget() is self.view:
            self._show_page_of(offset)

    def _on_page_before(self) -> None:
        self._turn(-1)

    def _on_page_after(self) -> None:
        self._turn(1)

    def _turn(self, by: int) -> None:
        if self._stack.currentWidget() is self.pages:
            self.pages.turn(by)
        elif self._opened is not None:
            wanted = self._page_at(self.view.top_offset()) + by
            for page in self._opened.document.pages:
                if page.number == wanted:
                    self.view.go_to(page.start)
                    self._set_page_text(wanted, len(self._opened.document.pages))

    def _on_smaller(self) -> None:
        self.pages.zoom(self.pages.zoom_factor / 1.25)

    def _on_larger(self) -> None:
        self.pages.zoom(self.pages.zoom_factor * 1.25)

    # ---- find --------------------------------------------------------------------------------------------------------------

    def _on_find(self) -> None:
        if self._opened is None:
            return
        if self._stack.currentWidget() is self.pages:
            self._mode.choose(TEXT)
        self.find_bar.open_bar()

    def _on_wanted(self, words: str) -> None:
        text = self._opened.document.text if self._opened is not None else ""
        self._found = find_all(text, words)
        top = self.view.top_offset() if self._found else 0
        self._here = next((index for index, (start, _end) in enumerate(self._found) if start >= top), 0)
        self._show_found()

    def _on_moved(self, by: int) -> None:
        if self._found:
            self._here = (self._here + by) % len(self._found)
            self._show_found()

    def _show_found(self) -> None:
        self.view.set_found(self._found, self._here)
        self.find_bar.show_count(self._here, len(self._found))

    def _on_find_closed(self) -> None:
        self._found = []
        self.view.set_found([], -1)

    # ---- links, images, other programs -------------------------------------------------------------------------------------

    def _on_link(self, target: str) -> None:
        LinkQuestion(self, target).open()

    def _on_image_wanted(self, index: int, target: str) -> None:
        source = self._opened
        if source is not None and target:
            width = max(200, round(self.view.viewport().width() * self.devicePixelRatioF()))
            request = self._client.send(ReadNoteImage(source.folder_id, source.note, target, width))
            self._images[request] = index

    def _on_finished(self, request: int, event: object) -> None:
        if isinstance(event, NoteImageRead) and request in self._images:
            image = QImage()
            if event.png:
                image.loadFromData(base64.b64decode(event.png))
            self.view.set_image(self._images.pop(request), image)

    def _on_chunks(self) -> None:
        opened = self._opened
        if opened is not None:
            note = Passage(opened.folder_id, opened.note, opened.note_path, opened.title, "", 0, 0, 0.0)
            self.chunks_asked.emit(note)

    def _on_open(self) -> None:
        opened = self._opened
        if opened is None:
            return
        if self._may_open:
            self._open_in_program()
            return
        name = opened.note.rsplit("/", 1)[-1]
        question = Question(
            self,
            self.tr("Open {name} in its own program?").format(name=name),
            self.tr("Elephant itself never changes your notes. This is asked once, until Elephant closes."),
            self.tr("Open"),
        )
        question.agreed.connect(self._on_open_agreed)
        question.open()

    def _on_open_agreed(self) -> None:
        self._may_open = True
        self._open_in_program()

    def _open_in_program(self) -> None:
        if self._opened is None:
            return
        path = PurePath(self._opened.note_path)
        if path.suffix.lower() in OPENED_BY_OTHERS and not self._opened.note_path.startswith(("//", "\\\\")):
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._opened.note_path))
        else:
            self._notice.setText(
                self.tr("Elephant opens only documents in other programs. This file lies at {path}.").format(path=path)
            )
            self._notice.show()

    # ---- related -----------------------------------------------------------------------------------------------------------

    def _show_related(self) -> None:
        """The answer's other passages, if what is shown belongs to that answer."""
        here = self._source
        if here is None:
            self.related.show_passages(())
            return
        over = [passage for passage in self._passages if _overlaps(passage, here)]
        others = [passage for passage in self._passages if passage not in over]
        self.related.show_passages(others if over else ())


def _overlaps(passage: Passage, source: Citation | InstantQuote | Passage) -> bool:
    same_note = (passage.folder_id, passage.note) == (source.folder_id, source.note)
    return same_note and passage.start < source.end and source.start < passage.end
