"""The right of the window: the cited note at the cited words.

Text for every format, drawn pages for PDF. What the engine sends is shown as it is now; when the note has changed since it was read,
or the words are gone from it, a line says so.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QMouseEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_hairline, make_label
from assistant.desktop.common.links import LinkQuestion
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, join, number
from assistant.desktop.source.source_ask import ChosenWords
from assistant.desktop.source.source_below import SourceBelow
from assistant.desktop.source.source_find import FindBar, find_all
from assistant.desktop.source.source_head import SourceHead
from assistant.desktop.source.source_history import History, Source, Visit
from assistant.desktop.source.source_links import NoteLinks, heading_place
from assistant.desktop.source.source_opening import OwnProgram
from assistant.desktop.source.source_page_bar import PageBar
from assistant.desktop.source.source_page_text import pages_of
from assistant.desktop.source.source_pages import ZOOM_STEP, PageView
from assistant.desktop.source.source_view import SourceView
from assistant.domain.answers import Citation, Passage
from assistant.domain.documents import NoteFormat
from assistant.domain.errors import AssistantError
from assistant.domain.reading import LinkPlace, leads_out
from assistant.domain.unseen import count_unseen
from assistant.ipc.engine_messages import NoteImageRead, OpenSource, ReadNoteImage, SourceOpened

PAGES, TEXT = 0, 1
AROUND_CHARS = 200
HEADING_SHARE = 0.04
"""A heading that a link leads to stands near the top, with some air above it."""
RELATED_FROM_PX = 480
"""A lower pane shows only the note: four rows below it would take half of the page."""


def source_words(source: Source) -> str:
    """The words of a note that a source stands for."""
    return source.quote if isinstance(source, Citation) else source.text


def note_source(folder_id: int, note: str) -> Passage:
    """A note by itself, without words in it."""
    return Passage(folder_id, note, "", note.rsplit("/", 1)[-1], "", 0, 0, 0.0)


class SourcePane(QWidget):
    """Lives on the UI thread.

    Signals:
        closed(): the user closed the pane.
        chunks_asked(object): the passages of the note on screen, a Passage without a place, are to be shown as they are indexed.
        shown(object): the SourceOpened that is on screen now.
        failed(object): the AssistantError that is worded on screen now.
        ask_wanted(str, object): a question about chosen words, to be ended by the user, and the Passage that they are.
    """

    closed = Signal()
    chunks_asked = Signal(object)
    shown = Signal(object)
    failed = Signal(object)
    ask_wanted = Signal(str, object)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self._source: Source | None = None
        self._opened: SourceOpened | None = None
        self._request = 0
        self._passages: tuple[Passage, ...] = ()
        self._images: dict[int, int] = {}
        self._found: list[tuple[int, int]] = []
        self._here = 0
        self._visit: Visit | None = None
        self._is_opening = self._was_pages = False
        self.view = SourceView(theme, self)
        self.pages = PageView(client, theme, self)
        self.find_bar = FindBar(theme, self)
        self.related = SourceBelow(client, theme, self)
        self.history = History()
        self.links = NoteLinks(client, self)
        self._own_program = OwnProgram(self)
        self._build()
        self.chosen_words = ChosenWords(theme, self.view, self.pages, self)
        self._connect()
        self.clear()

    # ---- what the shell uses -----------------------------------------------------------------------------------------------

    def show_source(self, source: Source) -> None:
        """Open the note of a citation, a quote or a passage at its words."""
        self.visit(source)

    def visit(self, source: Source, heading: str = "") -> None:
        """Open a note as a new step on the way: what is open now can be gone back to, at its place."""
        self._remember_place()
        self.history.visit(source, heading)
        self._open_visit()

    def go(self, by: int) -> None:
        """Back (-1) or forward (1) through what was read."""
        self._remember_place()
        if self.history.go(by) is not None:
            self._open_visit()

    def _remember_place(self) -> None:
        current = self._visit
        if self._opened is None or current is None or self._stack.currentWidget() is self._message:
            return
        if self._stack.currentWidget() is self.pages:
            self.history.remember(-1, self.pages.page, self.pages.place)
        else:
            self.history.remember(self.view.top_offset())

    def _open_visit(self) -> None:
        visit = self.history.current
        if visit is None:
            return
        self._visit, source = visit, visit.source
        self._source = source
        self._forget_request()
        self.links.forget()
        self.find_bar.close_bar()
        self._head.crumbs.set_note(source.note)
        self._head.show_ways(back=self.history.can_go_back, forward=self.history.can_go_forward)
        self._show_related()
        around = self._around(source)
        body = OpenSource(source.folder_id, source.note, source_words(source), source.start, source.end, around)
        self._request = self._client.request(body, self._on_opened, self._on_failed)

    def set_passages(self, passages: Sequence[Passage]) -> None:
        """The passages of the answer that the next source belongs to."""
        self._passages = tuple(passages)
        self._show_related()

    def _around(self, source: Source) -> tuple[str, str]:
        """What stood around a source when it was found, from the passage that holds it."""
        for passage in self._passages:
            if _overlaps(passage, source) and passage.start <= source.start and source.end <= passage.end:
                first, last = source.start - passage.start, source.end - passage.start
                return passage.text[max(0, first - AROUND_CHARS) : first], passage.text[last : last + AROUND_CHARS]
        return "", ""

    def clear(self) -> None:
        """Show nothing, and forget the way."""
        self._forget_request()
        self.links.forget()
        self.history.clear()
        self._source = self._opened = self._visit = None
        self._passages = ()
        self.related.forget()
        self.related.show_passages(())
        self.view.clear_document()
        self._head.crumbs.set_note("")
        self._head.show_ways(back=False, forward=False)
        self._head.show_note_actions(False)
        self._bar.hide()
        self._notice.hide()
        self._say(self.tr("Choose a citation to see its words in your note."))

    # ---- layout ------------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        px = self._theme.px
        self._head = SourceHead(self._theme, self)
        self._bar = PageBar(self._theme, self)
        self._mode = self._bar.mode
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

    def _on_theme_changed(self) -> None:
        self._head.fit()
        self.view.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.related.set_room(event.size().height() >= self._theme.px(RELATED_FROM_PX))

    def _connect(self) -> None:
        head = self._head
        head.close_button.clicked.connect(self.closed)
        head.find_button.clicked.connect(self._on_find)
        head.open.clicked.connect(self._on_open)
        head.chunks.clicked.connect(self._on_chunks)
        head.back.clicked.connect(self._on_back)
        head.forward.clicked.connect(self._on_forward)
        self._own_program.said.connect(self._say_notice)
        self._mode.chosen.connect(self._on_mode)
        self._bar.turned.connect(self._turn)
        self._bar.page_asked.connect(self._go_to_page)
        self._bar.sized.connect(self._on_sized)
        self.find_bar.wanted.connect(self._on_wanted)
        self.find_bar.moved.connect(self._on_moved)
        self.find_bar.closed.connect(self._on_find_closed)
        self.related.chosen.connect(self.show_source)
        self.chosen_words.asked.connect(self._on_ask)
        self.links.known.connect(self._on_links_known)
        self.links.followed.connect(self._on_followed)
        self.view.link_chosen.connect(self._on_link)
        self.view.image_wanted.connect(self._on_image_wanted)
        self.view.place_changed.connect(self._on_place)
        self.pages.page_shown.connect(self._on_page_shown)
        self.pages.page_failed.connect(self._on_page_failed)
        self.pages.unmarked.connect(self._on_unmarked)
        self._client.finished.connect(self._on_finished)
        self._theme.changed.connect(self._on_theme_changed)
        for part in (self.view.viewport(), self.pages.viewport(), self.pages.sheet):
            part.installEventFilter(self)
        self._add_keys(QKeySequence(QKeySequence.StandardKey.Find), self.tr("Find in the note"), self._on_find)
        self._add_keys(QKeySequence("Alt+Left"), self.tr("Back"), self._on_back)
        self._add_keys(QKeySequence("Alt+Right"), self.tr("Forward"), self._on_forward)

    def _add_keys(self, keys: QKeySequence, name: str, slot: Callable[[], None]) -> None:
        shortcut = QShortcut(keys, self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setWhatsThis(name)
        shortcut.setProperty("group", self.tr("Source"))
        shortcut.activated.connect(slot)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The mouse's own buttons for back and forward, wherever it is over the note."""
        ways = {Qt.MouseButton.BackButton: -1, Qt.MouseButton.ForwardButton: 1}
        if (
            event.type() == QEvent.Type.MouseButtonPress
            and isinstance(event, QMouseEvent)
            and (by := ways.get(event.button()))
        ):
            self.go(by)
            return True
        return super().eventFilter(watched, event)

    def _on_back(self) -> None:
        self.go(-1)

    def _on_forward(self) -> None:
        self.go(1)

    # ---- opening -----------------------------------------------------------------------------------------------------------

    def _on_opened(self, event: object) -> None:
        self._request = 0
        if not isinstance(event, SourceOpened):
            return
        self._opened = event
        self._images = {}
        self._head.crumbs.set_note(event.note)
        self._head.show_note_actions(True)
        self._say_what_to_know(event)
        self.view.setAccessibleName(self.tr("Note {name}").format(name=event.note))
        self._show_text_at_place(event)
        self.links.look_up(event)
        self.related.look_up(event)
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

    def _show_text_at_place(self, event: SourceOpened) -> None:
        """Where the note was left; else at the heading of the link that led here; else at the words."""
        visit = self._visit or Visit(note_source(event.folder_id, event.note))
        start, end = (event.start, event.end) if self._source is not None and source_words(self._source) else (-1, -1)
        if visit.offset >= 0:
            self.view.show_document(event.document, start, end, top=visit.offset)
            return
        self.view.show_document(event.document, start, end)
        if visit.heading:
            place = heading_place(event.document, visit.heading)
            if place is None:
                self._say_notice(self.tr("This note has no heading “{name}”.").format(name=visit.heading))
            else:
                self.view.show_document(event.document, start, end, top=place, share=HEADING_SHARE)

    def _on_failed(self, error: AssistantError) -> None:
        self._request = 0
        self._opened = None
        words = error_words(error)
        self._bar.hide()
        self._notice.hide()
        self.related.forget()
        self._head.show_note_actions(False)
        kept = source_words(self._source) if self._source is not None else ""
        lines = [words.happened, join(words.still, words.todo)]
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

    def _say_notice(self, text: str) -> None:
        self._notice.setText(text)
        self._notice.show()

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._stack.setCurrentWidget(self._message)

    def message(self) -> str:
        """What is said instead of a note, or "" while one is shown."""
        return self._message.text() if self._stack.currentWidget() is self._message else ""

    def notice(self) -> str:
        return self._notice.text() if not self._notice.isHidden() else ""

    def breadcrumb(self) -> str:
        return self._head.crumbs.text()

    def page_text(self) -> str:
        return self._bar.text()

    def _forget_request(self) -> None:
        if self._request:
            self._client.forget(self._request)
            self._request = 0

    # ---- pages -------------------------------------------------------------------------------------------------------------

    def _show_pages(self) -> None:
        opened = self._opened
        if opened is None:
            return
        visit = self._visit
        page = opened.page or self._page_at(opened.start) or 1
        self._bar.show_sizes(True)
        self._stack.setCurrentWidget(self.pages)
        left = visit is not None and self._is_opening and visit.page > 0
        page = visit.page if left and visit is not None else page
        self.pages.show_page(opened.folder_id, opened.note, page, opened.document, opened.start, opened.end)
        if left and visit is not None:
            self.pages.go_to(visit.page, visit.at)

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
        self._bar.show_page(page, count)

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
        self._bar.show_sizes(mode == PAGES)
        if mode == PAGES:
            self._was_pages = False
            self._show_pages()
        else:
            self._stack.setCurrentWidget(self.view)
            self._show_page_of(self.view.top_offset())
        if not self.find_bar.isHidden():
            self._on_wanted(self.find_bar.field.text())

    def _on_place(self, offset: int) -> None:
        if self._stack.currentWidget() is self.view:
            self._show_page_of(offset)

    def _turn(self, by: int) -> None:
        if self._stack.currentWidget() is self.pages:
            self.pages.turn(by)
        else:
            self._go_to_page(self._page_at(self.view.top_offset()) + by)

    def _go_to_page(self, wanted: int) -> None:
        pages = self._opened.document.pages if self._opened is not None else ()
        if self._stack.currentWidget() is self.pages:
            self.pages.go_to(min(max(1, wanted), max(1, self.pages.page_count)))
            return
        for page in pages:
            if page.number == wanted:
                self.view.go_to(page.start)
                self._set_page_text(wanted, len(pages))

    def _on_sized(self, by: int) -> None:
        self.pages.zoom(self.pages.zoom_factor * ZOOM_STEP**by if by else 1.0)

    # ---- find --------------------------------------------------------------------------------------------------------------

    def _on_find(self) -> None:
        if self._opened is not None:
            self.find_bar.open_bar()

    def _on_wanted(self, words: str) -> None:
        opened = self._opened
        text = opened.document.text if opened is not None else ""
        self._found = find_all(text, words, over_lines=opened is not None and opened.document.format is NoteFormat.PDF)
        top = self._top_of_screen() if self._found else 0
        self._here = next((index for index, (start, _end) in enumerate(self._found) if start >= top), 0)
        self._show_found()

    def _top_of_screen(self) -> int:
        if self._stack.currentWidget() is not self.pages or self._opened is None:
            return self.view.top_offset()
        pages = self._opened.document.pages
        return next((page.start for page in pages if page.number == self.pages.page), 0)

    def _on_moved(self, by: int) -> None:
        if self._found:
            self._here = (self._here + by) % len(self._found)
            self._show_found()

    def _show_found(self) -> None:
        if self._stack.currentWidget() is self.pages:
            self._show_found_on_pages()
        else:
            self.view.set_found(self._found, self._here)
        self.find_bar.show_count(self._here, len(self._found))

    def _show_found_on_pages(self) -> None:
        pages = self._opened.document.pages if self._opened is not None else ()
        if not self._found or not pages:
            self.pages.show_found("", 0, -1)
            return
        index, on_page = pages_of([page.start for page in pages], self._found)[self._here]
        self.pages.show_found(self.find_bar.field.text(), pages[index].number, on_page)

    def _on_find_closed(self) -> None:
        self._found = []
        self.view.set_found([], -1)
        self.pages.show_found("", 0, -1)

    # ---- links, images, other programs -------------------------------------------------------------------------------------

    def _on_link(self, target: str) -> None:
        if leads_out(target):
            LinkQuestion(self, target).open()
        else:
            self.links.follow(target)

    def _on_links_known(self) -> None:
        self.view.set_link_places(self.links.places)

    def _on_followed(self, place: LinkPlace) -> None:
        if place.note:
            self.visit(note_source(place.folder_id, place.note), place.heading)
        else:
            said = self.tr("This link leads to nothing: no note in your folders is called “{name}”.")
            self._say_notice(said.format(name=place.target))

    def _on_ask(self, words: str) -> None:
        opened = self._opened
        if opened is None:
            return
        name = opened.note.rsplit("/", 1)[-1]
        question = self.tr("About “{words}” in {name}: ").format(words=words, name=name)
        passage = Passage(opened.folder_id, opened.note, opened.note_path, opened.title, words, 0, 0, 0.0)
        self.ask_wanted.emit(question, passage)

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
        if self._opened is not None:
            self._own_program.open(self._opened)

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


def _overlaps(passage: Passage, source: Source) -> bool:
    same_note = (passage.folder_id, passage.note) == (source.folder_id, source.note)
    return same_note and passage.start < source.end and source.start < passage.end
