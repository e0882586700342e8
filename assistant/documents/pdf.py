"""PDF files: the text of each page with its place, lines put together to paragraphs again.

pypdf reads first: it is pure Python, so a broken file ends in an exception, not in a dead process, and a slow page can be
interrupted. What it cannot read, or not in time (a long book), PDFium reads, which is native, some fifteen times faster and may die.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pypdf
from pypdf.errors import DependencyError

from assistant.documents.building import DocumentBuilder, Inline
from assistant.documents.cleaning import clean_line, clean_text
from assistant.documents.limits import Clock, ReaderLimits, TimeBoxExpired, time_box, unreadable
from assistant.documents.pdfium import opened_pdf, page_text
from assistant.domain.documents import BlockKind, Document, NoteFormat, ReasonCode
from assistant.domain.errors import NoteUnreadableError

log = logging.getLogger(__name__)
# It warns about every oddity of every font, with pieces of the file in the message.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

# The share of the time that pypdf may take; after that PDFium reads the pages that are left.
_PYPDF_SHARE = 0.6
_WIDE_END = re.compile("[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60]$")
_WIDE_START = re.compile("[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60]")
_ITEM = re.compile(
    r"(?:[•‣▪◦●○■□–—*·-]\s|[(（]?\d{1,3}[.)、）．]\s?\D|[(（][a-zA-Z一二三四五六七八九十][)）]|[一二三四五六七八九十]{1,3}、)"
)
# Letters drawn as one: as they stand, no search for "filled" would find the word.
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_STOPS = (".", "!", "?", ":", "。", "！", "？", "：", "…", ".”", '."', ".)", "。”", "」", "；", ";")
_HYPHENATED = re.compile(r"[^\W\d_]{2}[-\u2010\u00ad]$")
_NO_TITLE = re.compile(
    r"untitled|unknown|无标题|未命名|.*\.(?:docx?|indd|pdf|tex|dvi|pptx?|xlsx?|qxd|fm)$|\W*$", re.IGNORECASE
)


def read_pdf(data: bytes, limits: ReaderLimits, password: str = "") -> Document:
    """Read a PDF. Pages that are too slow or damaged are left out, with the notice "partial".

    Raises: NoteUnreadableError (ENCRYPTED, DAMAGED, NO_TEXT, TIMED_OUT).
    """
    clock = Clock(limits)
    builder = DocumentBuilder(NoteFormat.PDF)
    reader = _reader_of(data, password, clock)
    if reader is not None:
        builder.title = _title(reader)
    with _Pages(data, password, reader, clock) as pages:
        count = min(pages.count, limits.max_pages)
        lost = _add_pages(builder, pages, count, clock)
        cut = pages.count > count
    if not builder.chars:
        if lost.timed_out:
            raise unreadable(ReasonCode.TIMED_OUT)
        raise unreadable(ReasonCode.DAMAGED if lost.damaged else ReasonCode.NO_TEXT)
    if lost.timed_out or lost.damaged or cut:
        builder.add_notice(ReasonCode.PARTIAL.value)
    if lost.blank:
        builder.add_notice("no-text-pages")
    return builder.build()


def _reader_of(data: bytes, password: str, clock: Clock) -> pypdf.PdfReader | None:
    """pypdf's reader, with the page tree read; None if pypdf cannot open this file."""
    try:
        with time_box(clock.left_s() * _PYPDF_SHARE):
            reader = _opened(data, password)
            len(reader.pages)
            return reader
    except (NoteUnreadableError, MemoryError):
        raise
    except (DependencyError, TimeBoxExpired):
        return None
    except Exception as error:  # noqa: BLE001 (pypdf meets damage with any exception there is)
        log.info("pypdf cannot open this: %s", type(error).__name__)
        return None


class _Pages:
    """The text of pages, from pypdf as long as there is time, else from PDFium."""

    def __init__(self, data: bytes, password: str, reader: pypdf.PdfReader | None, clock: Clock) -> None:
        self._data = data
        self._password = password
        self._reader = reader
        self._clock = clock
        self._native: Any = None
        self._stack = ExitStack()
        self._hurry_at_s = clock.left_s() * (1 - _PYPDF_SHARE)

    def __enter__(self) -> _Pages:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def count(self) -> int:
        return len(self._reader.pages if self._reader is not None else self._pdfium())

    def text(self, number: int) -> str:
        """Raises whatever pypdf raises, and TimeBoxExpired, if PDFium has no text for the page either."""
        left = self._clock.left_s()
        if self._reader is None or left < self._hurry_at_s:
            return page_text(self._pdfium(), number)
        try:
            with time_box(min(self._clock.limits.page_time_s, left - self._hurry_at_s)):
                return str(self._reader.pages[number - 1].extract_text())
        except MemoryError:
            raise
        except (TimeBoxExpired, Exception):
            if text := page_text(self._pdfium(), number):
                return text
            raise

    def _pdfium(self) -> Any:
        if self._native is None:
            self._native = self._stack.enter_context(opened_pdf(self._data, self._password))
        return self._native


def _opened(data: bytes, password: str) -> pypdf.PdfReader:
    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not any(reader.decrypt(word) for word in dict.fromkeys(("", password))):
        raise unreadable(ReasonCode.ENCRYPTED)
    return reader


def _title(reader: pypdf.PdfReader) -> str:
    try:
        given = reader.metadata.title if reader.metadata else None
        title = clean_line(str(given or ""))
    except Exception:  # noqa: BLE001 (as above)
        return ""
    title = title.removeprefix("Microsoft Word - ").removeprefix("Microsoft PowerPoint - ")
    return "" if _NO_TITLE.fullmatch(title) else title


class _Lost:
    """What could not be read."""

    def __init__(self) -> None:
        self.timed_out = 0
        self.damaged = 0
        self.blank = 0


def _add_pages(builder: DocumentBuilder, pages: _Pages, count: int, clock: Clock) -> _Lost:
    lost = _Lost()
    for number in range(1, count + 1):
        builder.start_page(number)
        if clock.is_late() or builder.chars > clock.limits.max_chars:
            lost.timed_out += count - number + 1
            break
        try:
            text = pages.text(number)
        except TimeBoxExpired:
            lost.timed_out += 1
            continue
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 (as above: one bad page must not cost the others)
            log.info("page %d: %s", number, type(error).__name__)
            lost.damaged += 1
            continue
        before = builder.chars
        for paragraph in join_lines(clean_text(text).translate(_LIGATURES)):
            inline = Inline()
            inline.write(paragraph)
            builder.add(BlockKind.PARAGRAPH, inline)
        lost.blank += builder.chars == before
    return lost


def join_lines(text: str) -> Iterator[str]:
    """Put the lines of a page together to paragraphs.

    A page knows lines only. A paragraph ends at a blank line, at a line that ends with a stop and is shorter than the full
    width, and before what looks like a list item or after what looks like a heading.
    """
    lines = [" ".join(line.split()) for line in text.split("\n")]
    width = _full_width(lines)
    current = ""
    last = ""
    for line in lines:
        if not line:
            if current:
                yield current
            current = last = ""
            continue
        if current and _is_new_paragraph(last, line, width):
            yield current
            current = ""
        current = _joined(current, line) if current else line
        last = line
    if current:
        yield current


def _full_width(lines: list[str]) -> int:
    lengths = sorted(len(line) for line in lines if line)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _is_new_paragraph(last: str, line: str, width: int) -> bool:
    if _ITEM.match(line):
        return True
    if len(last) < width * 0.85 and last.endswith(_STOPS):
        return True
    # A line far from full that ends without a stop is a heading, a name, a table cell: never the middle of a sentence.
    return len(last) < width * 0.6 and not line[0].islower() and not _HYPHENATED.search(last)


def _joined(before: str, line: str) -> str:
    if _HYPHENATED.search(before) and line[0].islower():
        return before[:-1] + line
    if _WIDE_END.search(before[-1:]) and _WIDE_START.match(line):
        return before + line
    return f"{before} {line}"
