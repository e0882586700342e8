"""A PDF as pages or as text: which of the two is shown, which page it is, and how one goes to another."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QStackedWidget

from assistant.desktop.source.source_history import Visit
from assistant.desktop.source.source_page_bar import PageBar
from assistant.desktop.source.source_pages import ZOOM_STEP, PageView
from assistant.desktop.source.source_view import SourceView
from assistant.domain.documents import NoteFormat
from assistant.ipc.engine_messages import SourceOpened

PAGES, TEXT = 0, 1


class Paging(QObject):
    """Keeps the bar and the two views of a note with pages in step. Lives on the UI thread.

    Signals:
        mode_changed(): the pages are shown instead of the text, or the other way round.
    """

    mode_changed = Signal()

    def __init__(self, bar: PageBar, view: SourceView, pages: PageView, stack: QStackedWidget, parent: QObject) -> None:
        """stack: holds both views."""
        super().__init__(parent)
        self._bar = bar
        self._view = view
        self._pages = pages
        self._stack = stack
        self._opened: SourceOpened | None = None
        self._visit: Visit | None = None
        self._is_opening = self._was_pages = False
        bar.mode.chosen.connect(self._on_mode)
        bar.turned.connect(self._turn)
        bar.page_asked.connect(self.go_to)
        bar.sized.connect(self._on_sized)
        view.place_changed.connect(self._on_place)
        pages.page_shown.connect(self._on_page_shown)
        pages.page_failed.connect(self._on_page_failed)
        pages.unmarked.connect(self._on_unmarked)

    @property
    def is_on_pages(self) -> bool:
        return self._stack.currentWidget() is self._pages

    def show_note(self, opened: SourceOpened, visit: Visit | None) -> None:
        """A note was opened, and the text of it is in place: bring pages or text to the front. visit: where it was left."""
        self._opened, self._visit = opened, visit
        is_pdf = opened.document.format is NoteFormat.PDF
        self._bar.setVisible(is_pdf)
        if self._was_pages:
            # Only the note before could not be shown as pages.
            with QSignalBlocker(self._bar.mode):
                self._bar.mode.choose(PAGES)
        self._is_opening, self._was_pages = True, False
        if is_pdf and self._bar.mode.current == PAGES:
            self._show_pages()
        else:
            self._stack.setCurrentWidget(self._view)
            self._show_page_of(opened.start)

    def forget(self) -> None:
        self._opened = self._visit = None
        self._bar.hide()

    def go_to(self, wanted: int) -> None:
        """A page by its number, in what is shown."""
        pages = self._opened.document.pages if self._opened is not None else ()
        if self.is_on_pages:
            self._pages.go_to(min(max(1, wanted), max(1, self._pages.page_count)))
            return
        for page in pages:
            if page.number == wanted:
                self._view.go_to(page.start)
                self._bar.show_page(wanted, len(pages))

    def top_of_screen(self) -> int:
        """The text offset of what is seen first."""
        if not self.is_on_pages or self._opened is None:
            return self._view.top_offset()
        pages = self._opened.document.pages
        return next((page.start for page in pages if page.number == self._pages.page), 0)

    # ---- inside ------------------------------------------------------------------------------------------------------------

    def _show_pages(self) -> None:
        opened, visit = self._opened, self._visit
        if opened is None:
            return
        self._bar.show_sizes(True)
        self._stack.setCurrentWidget(self._pages)
        left = visit if visit is not None and self._is_opening and visit.page > 0 else None
        page = left.page if left is not None else opened.page or self._page_at(opened.start) or 1
        self._pages.show_page(opened.folder_id, opened.note, page, opened.document, opened.start, opened.end)
        if left is not None:
            self._pages.go_to(left.page, left.at)

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
            self._bar.show_page(page, len(self._opened.document.pages))

    def _show_text_instead(self) -> None:
        """For this note only."""
        self._was_pages = self._was_pages or self._bar.mode.current == PAGES
        self._bar.mode.choose(TEXT)

    def _on_page_shown(self, page: int, count: int) -> None:
        self._is_opening = False
        if self.is_on_pages:
            self._bar.show_page(page, count)

    def _on_page_failed(self, _error: object) -> None:
        self._show_text_instead()

    def _on_unmarked(self) -> None:
        """The quoted words are always shown: where they cannot be marked on the page, its text opens. Who asks for the page gets it."""
        if self._is_opening:
            self._show_text_instead()

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
            self._stack.setCurrentWidget(self._view)
            self._show_page_of(self._view.top_offset())
        self.mode_changed.emit()

    def _on_place(self, offset: int) -> None:
        if self._stack.currentWidget() is self._view:
            self._show_page_of(offset)

    def _turn(self, by: int) -> None:
        if self.is_on_pages:
            self._pages.turn(by)
        else:
            self.go_to(self._page_at(self._view.top_offset()) + by)

    def _on_sized(self, by: int) -> None:
        self._pages.zoom(self._pages.zoom_factor * ZOOM_STEP**by if by else 1.0)
