"""Word files (.docx).

A .docx is a zip of XML. Its directory is looked at before anything is unpacked, because a file of a few kilobytes can unpack to
gigabytes. python-docx opens the package and knows styles; the text is taken from the XML here, because python-docx leaves out
content controls, text boxes and footnotes and shows what tracked changes have deleted.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from lxml import etree  # type: ignore[import-untyped]

from assistant.documents.building import DocumentBuilder, Inline
from assistant.documents.cleaning import clean_line
from assistant.documents.kinds import OLE
from assistant.documents.limits import Clock, ReaderLimits, unreadable
from assistant.documents.locked_office import unlocked
from assistant.domain.documents import BlockKind, Document, NoteFormat, ReasonCode, SpanKind

MOST_PARTS = 2_000
LARGEST_PART_BYTES = 64 * 1024 * 1024
MOST_BYTES = 512 * 1024 * 1024
HIGHEST_RATIO = 100
# Small parts full of repeated styles compress as well as a bomb does, and harm nobody.
_RATIO_MATTERS_BYTES = 512 * 1024

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_HEADING_NAME = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop|标题|標題|見出し)\s*(\d)", re.IGNORECASE)
# Deleted and moved-away text, field codes, and the copy of a drawing for old programs.
_UNSEEN = frozenset(
    [
        f"{_W}del",
        f"{_W}moveFrom",
        f"{_W}instrText",
        f"{_W}delText",
        f"{_MC}Fallback",
        f"{_W}pPr",
        f"{_W}sectPr",
        f"{_W}tblPr",
    ]
)
_PICTURE_FILE = re.compile(r"^\S+\.(?:png|jpe?g|gif|bmp|tiff?|wmf|emf|svg)$", re.IGNORECASE)
_SPANS = {"b": SpanKind.STRONG, "i": SpanKind.EMPHASIS, "strike": SpanKind.STRIKE}
_OFF = frozenset(["0", "false", "off", "none"])


def read_word(data: bytes, limits: ReaderLimits, password: str = "") -> Document:
    """Read a .docx.

    Raises: NoteUnreadableError (BOMB, DAMAGED, ENCRYPTED, UNSUPPORTED, TIMED_OUT, NO_TEXT).
    """
    clock = Clock(limits)
    if data.startswith(OLE):
        data = unlocked(data, password, clock)
    check_package(data)
    try:
        document = docx.Document(io.BytesIO(data))
    except MemoryError:
        raise
    except ValueError as error:
        # What python-docx says of a template, a macro file or a spreadsheet under this name.
        raise unreadable(ReasonCode.UNSUPPORTED) from error
    except Exception as error:
        raise unreadable(ReasonCode.DAMAGED, type(error).__name__) from error
    builder = DocumentBuilder(NoteFormat.WORD)
    _WordReader(document, builder, clock).read()
    if not builder.chars:
        raise unreadable(ReasonCode.NO_TEXT)
    return builder.build()


def check_package(data: bytes) -> None:
    """Refuse what would unpack to more than a reader can hold. Reads the directory only.

    Raises: NoteUnreadableError (BOMB, DAMAGED).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeDecodeError) as error:
        raise unreadable(ReasonCode.DAMAGED) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise unreadable(ReasonCode.BOMB)
    for part in parts:
        ratio = part.file_size / max(1, part.compress_size)
        if part.file_size > LARGEST_PART_BYTES or (part.file_size > _RATIO_MATTERS_BYTES and ratio > HIGHEST_RATIO):
            raise unreadable(ReasonCode.BOMB)
        if part.flag_bits & 0x1:
            raise unreadable(ReasonCode.ENCRYPTED)


@dataclass(slots=True)
class _Table:
    element: Any
    cells: list[Inline] = field(default_factory=list)
    cell: Inline | None = None
    is_first_row: bool = True


class _WordReader:
    """Walks the body once. One use."""

    def __init__(self, document: Any, builder: DocumentBuilder, clock: Clock) -> None:
        self._document = document
        self._builder = builder
        self._clock = clock
        self._styles = _styles_of(document)
        self._numbering = _Numbering(document)
        self._list_group: object = None

    def read(self) -> None:
        self._builder.title = self._title()
        body = self._document.element.body
        if body is not None:
            self._walk(body)
        for part in _note_parts(self._document):
            self._walk(part)

    def _title(self) -> str:
        try:
            return clean_line(str(self._document.core_properties.title or ""))
        except Exception:  # noqa: BLE001 (damaged properties must not cost the note)
            return ""

    def _walk(self, root: Any) -> None:
        """Visit paragraphs and table parts in order. Iterative: depth costs nothing."""
        tables: list[_Table] = []
        events = etree.iterwalk(root, events=("start", "end"))
        for count, (event, element) in enumerate(events):
            if count % 1000 == 0 and (self._clock.is_late() or self._builder.chars > self._clock.limits.max_chars):
                self._builder.add_notice(ReasonCode.PARTIAL.value)
                return
            tag = element.tag
            if event == "start" and (tag in _UNSEEN or _is_separator(element)):
                events.skip_subtree()
            elif tag == f"{_W}p" and event == "start":
                self._paragraph(element, tables[-1] if tables else None)
            elif tag in {f"{_W}tbl", f"{_W}tr", f"{_W}tc"}:
                self._table_part(tag, event, element, tables)

    def _table_part(self, tag: str, event: str, element: Any, tables: list[_Table]) -> None:
        """Rows of the outermost table become blocks; a table inside a cell is words of that cell."""
        if tag == f"{_W}tbl":
            if event == "start":
                tables.append(_Table(element, cell=tables[0].cell if tables else None))
            elif tables:
                tables.pop()
            self._list_group = None
        elif len(tables) != 1:
            return
        elif tag == f"{_W}tc" and event == "start":
            tables[0].cell = Inline()
            tables[0].cells.append(tables[0].cell)
        elif tag == f"{_W}tr" and event == "start":
            tables[0].cells = []
        elif tag == f"{_W}tr":
            table = tables[0]
            is_header = element.find(f"{_W}trPr/{_W}tblHeader") is not None or (
                table.is_first_row and _marks_first_row(table.element)
            )
            self._builder.add_row(table.cells, is_header=is_header, group=table)
            table.is_first_row, table.cells, table.cell = False, [], None

    def _paragraph(self, element: Any, table: _Table | None) -> None:
        if table is not None and table.cell is not None:
            if not table.cell.is_blank():
                table.cell.write(" ")
            self._runs(element, table.cell)
            return
        inline = Inline()
        self._runs(element, inline)
        properties = element.find(f"{_W}pPr")
        style = self._styles.get(_value(properties, "pStyle"), _Style())
        level = _outline_level(properties) or style.heading
        if level:
            self._builder.add(BlockKind.HEADING, inline, level=min(level, 6))
            return
        numbering = _numbering_of(properties) or style.numbering
        if numbering is not None and not inline.is_blank():
            marker = self._numbering.marker(*numbering)
            self._list_group = self._list_group or object()
            self._builder.add(
                BlockKind.LIST_ITEM, inline, level=numbering[1] + 1, marker=marker, group=self._list_group
            )
            return
        if not inline.is_blank():
            self._list_group = None
        kind = BlockKind.CODE if style.is_code else BlockKind.QUOTE if style.is_quote else BlockKind.PARAGRAPH
        self._builder.add(kind, inline, level=int(style.is_quote))

    def _runs(self, paragraph: Any, inline: Inline) -> None:
        """The paragraph's own text; paragraphs inside it (text boxes) are visited by themselves."""
        events = etree.iterwalk(paragraph, events=("start", "end"))
        open_spans: list[SpanKind] = []
        for event, element in events:
            tag = element.tag
            if event == "start":
                if tag in _UNSEEN or (tag == f"{_W}p" and element is not paragraph):
                    events.skip_subtree()
                elif tag == f"{_W}r":
                    open_spans = _open_run(element, inline)
                elif tag == f"{_W}hyperlink":
                    inline.open(SpanKind.LINK, self._target(element))
                else:
                    _write(element, tag, inline)
            elif tag == f"{_W}r":
                for kind in open_spans:
                    inline.close(kind)
                open_spans = []
            elif tag == f"{_W}hyperlink":
                inline.close(SpanKind.LINK)

    def _target(self, element: Any) -> str:
        relation = self._document.part.rels.get(element.get(f"{_R}id", ""))
        if relation is None or not relation.is_external:
            return ""
        target = clean_line(str(relation.target_ref), 2000)
        self._builder.add_link(target)
        return target


@dataclass(frozen=True, slots=True)
class _Style:
    heading: int = 0
    numbering: tuple[str, int] | None = None
    is_quote: bool = False
    is_code: bool = False


def _styles_of(document: Any) -> dict[str, _Style]:
    """Paragraph styles by id, with what they inherit."""
    try:
        elements = {style.get(f"{_W}styleId"): style for style in document.styles.element.findall(f"{_W}style")}
    except Exception:  # noqa: BLE001 (a broken style sheet costs headings, not the note)
        return {}
    return {key: _style(key, elements) for key in elements if key}


def _style(key: str, elements: dict[str, Any]) -> _Style:
    heading, numbering, is_quote, is_code = 0, None, False, False
    current: str | None = key
    for _ in range(10):
        element = elements.get(current or "")
        if element is None:
            break
        properties = element.find(f"{_W}pPr")
        name = _value(element, "name").lower()
        found = _HEADING_NAME.match(name)
        heading = heading or _outline_level(properties) or (int(found.group(1)) if found else 0)
        heading = heading or int(name == "title")
        numbering = numbering or _numbering_of(properties)
        is_quote = is_quote or "quote" in name
        is_code = is_code or "code" in name or "preformatted" in name
        current = _value(element, "basedOn")
    return _Style(heading, numbering, is_quote, is_code)


class _Numbering:
    """Counts list items. Formats other than bullets and plain numbers are shown as numbers."""

    def __init__(self, document: Any) -> None:
        self._formats: dict[tuple[str, int], str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        try:
            root = document.part.numbering_part.element
        except Exception:  # noqa: BLE001 (no or broken numbering: bullets will do)
            return
        abstract = {item.get(f"{_W}abstractNumId"): item for item in root.findall(f"{_W}abstractNum")}
        for number in root.findall(f"{_W}num"):
            definition = abstract.get(_value(number, "abstractNumId"))
            for level in definition.findall(f"{_W}lvl") if definition is not None else ():
                depth = _integer(level.get(f"{_W}ilvl"))
                self._formats[number.get(f"{_W}numId", ""), depth] = _value(level, "numFmt")

    def marker(self, number_id: str, level: int) -> str:
        style = self._formats.get((number_id, level), "bullet")
        if style in {"bullet", "none", ""}:
            return "•"
        counts = self._counts.setdefault(number_id, {})
        counts[level] = counts.get(level, 0) + 1
        for deeper in [depth for depth in counts if depth > level]:
            del counts[deeper]
        if style in {"lowerLetter", "upperLetter"} and counts[level] <= 26:
            letter = chr(ord("a") + counts[level] - 1)
            return f"{letter if style == 'lowerLetter' else letter.upper()}."
        return f"{counts[level]}."


def _value(element: Any, name: str) -> str:
    found = element.find(f"{_W}{name}") if element is not None else None
    return str(found.get(f"{_W}val", "")) if found is not None else ""


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _outline_level(properties: Any) -> int:
    """1-9 for a heading, 0 for body text."""
    given = _value(properties, "outlineLvl")
    level = _integer(given) if given else 9
    return level + 1 if level < 9 else 0


def _numbering_of(properties: Any) -> tuple[str, int] | None:
    found = properties.find(f"{_W}numPr") if properties is not None else None
    number = _value(found, "numId")
    return (number, min(_integer(_value(found, "ilvl")), 8)) if number and number != "0" else None


def _marks_first_row(table: Any) -> bool:
    look = table.find(f"{_W}tblPr/{_W}tblLook")
    if look is None:
        return False
    if (first := look.get(f"{_W}firstRow")) is not None:
        return first not in _OFF
    value = look.get(f"{_W}val", "")
    try:
        return bool(int(value, 16) & 0x20)
    except ValueError:
        return False


def _is_separator(element: Any) -> bool:
    """The line above footnotes, which Word keeps as a footnote."""
    return element.tag in {f"{_W}footnote", f"{_W}endnote"} and element.get(f"{_W}type", "normal") != "normal"


def _open_run(run: Any, inline: Inline) -> list[SpanKind]:
    properties = run.find(f"{_W}rPr")
    if properties is None:
        return []
    kinds = []
    for name, kind in _SPANS.items():
        found = properties.find(f"{_W}{name}")
        if found is not None and found.get(f"{_W}val", "1") not in _OFF:
            inline.open(kind)
            kinds.append(kind)
    return kinds


def _write(element: Any, tag: str, inline: Inline) -> None:
    if tag == f"{_W}t":
        inline.write(element.text or "")
    elif tag in {f"{_W}tab", f"{_W}ptab"}:
        inline.write(" ")
    elif tag in {f"{_W}br", f"{_W}cr"}:
        inline.break_line()
    elif tag == f"{_W}noBreakHyphen":
        inline.write("-")
    elif tag == f"{_WP}docPr" and (words := _picture_words(element)):
        inline.span(SpanKind.IMAGE, words)


def _picture_words(element: Any) -> str:
    """A picture's description. Word fills in the picture's path where its author gave none: that is no description."""
    words = clean_line(element.get("descr") or "")
    return "" if "\\" in words or "://" in words or _PICTURE_FILE.search(words) else words


def _note_parts(document: Any) -> Iterator[Any]:
    """Footnotes and endnotes, which are read after the body."""
    for relation in document.part.rels.values():
        if relation.reltype not in {RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES} or relation.is_external:
            continue
        try:
            yield parse_xml(relation.target_part.blob)
        except (etree.XMLSyntaxError, ValueError, KeyError):
            continue
