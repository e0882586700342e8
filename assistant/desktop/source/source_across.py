"""Words that are chosen from one page to another: where that began, how far it reaches, and what is copied. No Qt."""

from __future__ import annotations

from assistant.desktop.source.source_page_text import PageText
from assistant.domain.documents import Document

Place = tuple[int, int]
"""A page by its number, and the place between two of its characters."""


class AcrossPages:
    """Of one note. The characters of a drawn page are kept while something is being chosen: those of the document may be others."""

    def __init__(self) -> None:
        self._document: Document | None = None
        self._texts: dict[int, PageText] = {}
        self._ends: tuple[Place, Place] | None = None

    def belong_to(self, document: Document) -> None:
        self._document = document
        self._texts, self._ends = {}, None

    def begin(self, page: int, place: int, text: PageText) -> None:
        self._texts = {page: text}
        self._ends = ((page, place), (page, place))

    def reach(self, page: int, place: int, text: PageText) -> None:
        """Up to here, forwards or backwards; the beginning stays where it is. Without one it begins here."""
        if self._ends is None:
            self.begin(page, place, text)
            return
        self._texts[page] = text
        self._ends = (self._ends[0], (page, place))

    def forget(self) -> None:
        self._texts, self._ends = {}, None

    @property
    def is_across(self) -> bool:
        return self._ends is not None and self._ends[0][0] != self._ends[1][0]

    def range_on(self, page: int, length: int) -> tuple[int, int]:
        """What of a page of so many characters is chosen."""
        if self._ends is None:
            return 0, 0
        first, last = sorted(self._ends)
        if not first[0] <= page <= last[0]:
            return 0, 0
        return (first[1] if page == first[0] else 0), (last[1] if page == last[0] else length)

    def words(self) -> str:
        """All that is chosen, page below page."""
        if self._ends is None:
            return ""
        first, last = sorted(self._ends)
        parts = [self._words_on(page) for page in range(first[0], last[0] + 1)]
        return "\n".join(part for part in parts if part)

    def _words_on(self, page: int) -> str:
        text = self._texts.get(page)
        if text is not None:
            return text.words(*self.range_on(page, len(text.text))).strip()
        for one in self._document.pages if self._document is not None else ():
            if one.number == page and self._document is not None:
                return self._document.text[one.start : one.end].strip()
        return ""
