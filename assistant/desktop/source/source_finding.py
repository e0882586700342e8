"""Finding words in the open note, as text or on its pages."""

from __future__ import annotations

from PySide6.QtCore import QObject

from assistant.desktop.source.source_find import FindBar, find_all
from assistant.desktop.source.source_page_text import pages_of
from assistant.desktop.source.source_pages import PageView
from assistant.desktop.source.source_paging import Paging
from assistant.desktop.source.source_view import SourceView
from assistant.domain.documents import Document, NoteFormat


class Finding(QObject):
    """Lives on the UI thread."""

    def __init__(self, bar: FindBar, view: SourceView, pages: PageView, paging: Paging, parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self._view = view
        self._pages = pages
        self._paging = paging
        self._document: Document | None = None
        self._found: list[tuple[int, int]] = []
        self._here = 0
        bar.wanted.connect(self._on_wanted)
        bar.moved.connect(self._on_moved)
        bar.closed.connect(self._on_closed)
        paging.mode_changed.connect(self._on_mode_changed)

    def search(self, document: Document | None) -> None:
        """What the bar looks in from now on; None: nowhere."""
        self._document = document

    def open(self) -> None:
        if self._document is not None:
            self._bar.open_bar()

    def _on_wanted(self, words: str) -> None:
        document = self._document
        is_pdf = document is not None and document.format is NoteFormat.PDF
        self._found = find_all(document.text if document is not None else "", words, over_lines=is_pdf)
        top = self._paging.top_of_screen() if self._found else 0
        self._here = next((index for index, (start, _end) in enumerate(self._found) if start >= top), 0)
        self._show()

    def _on_moved(self, by: int) -> None:
        if self._found:
            self._here = (self._here + by) % len(self._found)
            self._show()

    def _show(self) -> None:
        if self._paging.is_on_pages:
            self._show_on_pages()
        else:
            self._view.set_found(self._found, self._here)
        self._bar.show_count(self._here, len(self._found))

    def _show_on_pages(self) -> None:
        pages = self._document.pages if self._document is not None else ()
        if not self._found or not pages:
            self._pages.show_found("", 0, -1)
            return
        index, on_page = pages_of([page.start for page in pages], self._found)[self._here]
        self._pages.show_found(self._bar.field.text(), pages[index].number, on_page)

    def _on_mode_changed(self) -> None:
        if not self._bar.isHidden():
            self._on_wanted(self._bar.field.text())

    def _on_closed(self) -> None:
        self._found = []
        self._view.set_found([], -1)
        self._pages.show_found("", 0, -1)
