"""Conversations as a PDF to print or to hand on: A4 in light colours, with its fonts, page numbers, and the sources of every answer.

Drawn with Qt's text layout beside the UI thread; nothing here touches a widget or the theme of the window.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QEventLoop, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextOption,
)

from assistant.desktop.chat.answer_copies import markdown_copy
from assistant.desktop.chat.pdf_words import with_ideographs
from assistant.desktop.common.look import Look
from assistant.desktop.common.offset_map import OffsetMap
from assistant.desktop.markdown.code_listings import Listing, colour_listing
from assistant.desktop.markdown.markdown_blocks import parse_markdown
from assistant.desktop.markdown.markdown_render import HEADED, PANEL, Drawn, Panel, RichWriter
from assistant.desktop.markdown.markdown_runs import RichBlock, Run, Style
from assistant.domain.answers import Answer, Conversation, InstantQuote, Turn
from assistant.domain.documents import BlockKind

DPI = 96
MARGIN_PX = 72
FOOT_PX = 26
CODE_GAP_PX = 12
Opened = tuple[Conversation, Sequence[Turn]]
_Written = tuple[str, Sequence[RichBlock]]
"""Blocks, and the text that their offsets count in."""


@dataclass(frozen=True, slots=True)
class PdfWords:
    """What is written besides the chats, in the language of the window. page: with {n} and {count}; place_on_page: with {note} and {n}."""

    page: str
    place_on_page: str
    states: dict[str, str]
    refused: str
    days: dict[int, str]
    asked: dict[int, str]


def chats_as_pdf(chats: Sequence[Opened], look: Look, words: PdfWords, title: str) -> bytes:
    """The bytes of a PDF. Thread: any but the UI thread, which it would hold up."""
    # The text layout starts timers, and a thread that is not Qt's has nothing that would know of them.
    loop = QEventLoop()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(title)
    writer.setCreator("Elephant")
    parts = _laid_out(chats, look, words, writer)
    _paint(parts, writer, look, words)
    buffer.close()
    pdf = bytes(buffer.data().data())
    del parts, writer  # before the loop: they end on this thread
    del loop
    return with_ideographs(pdf)


@dataclass(slots=True)
class _Part:
    """A piece of a chat, in a document of its own. page: where it begins, below what stands there already. pages: how many it touches."""

    document: QTextDocument
    page: int
    pages: int


def _laid_out(chats: Sequence[Opened], look: Look, words: PdfWords, writer: QPdfWriter) -> list[_Part]:
    """Piece by piece: laying out is one call that holds everything else in this process up, 3.6 s for 69 pages at once."""
    size = QSizeF(writer.width() - 2 * MARGIN_PX, writer.height() - 2 * MARGIN_PX)
    parts: list[_Part] = []
    page, y = 0, 0.0
    for number, chat in enumerate(chats):
        if number:
            page, y = page + 1, 0.0
        for pieces in _pieces(chat, words):
            document = _document(pieces, look, writer, y)
            document.setPageSize(size)
            pages = document.pageCount()
            parts.append(_Part(document, page, pages))
            bottom = document.documentLayout().blockBoundingRect(document.lastBlock()).bottom()
            page, y = page + pages - 1, max(1.0, bottom - (pages - 1) * size.height())
    return parts


def _leave_room(document: QTextDocument, y: float, look: Look) -> None:
    """A first block as tall as what stands on the page already. (A document's own margin is one of every page, a block's is not heeded at
    the top of one.)"""
    form = QTextBlockFormat()
    form.setLineHeight(y, int(QTextBlockFormat.LineHeightTypes.FixedHeight.value))
    chars = QTextCharFormat()
    font = look.font("small")
    font.setPixelSize(1)
    chars.setFont(font)
    cursor = QTextCursor(document)
    cursor.setBlockFormat(form)
    cursor.setBlockCharFormat(chars)


def _document(pieces: Sequence[_Written], look: Look, writer: QPdfWriter, y: float) -> QTextDocument:
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.documentLayout().setPaintDevice(writer)
    document.setDocumentMargin(0)
    option = document.defaultTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    if y:
        _leave_room(document, y, look)
    listings: list[Listing] = []
    for number, (text, blocks) in enumerate(pieces):
        drawn = Drawn(OffsetMap(text))
        end = QTextCursor(document)
        end.movePosition(QTextCursor.MoveOperation.End)
        writes = RichWriter(end, look, drawn, fresh=not number and not y, first=not number and not y, fits_tables=True)
        writes.write(blocks)
        listings += drawn.listings
    _give_grounds(document, look)
    _colour(listings, look)
    cursor.endEditBlock()
    return document


def _pieces(chat: Opened, words: PdfWords) -> Iterator[list[_Written]]:
    """The head of a chat, then each of its turns: blocks, with the text that their offsets count in."""
    conversation, turns = chat
    yield [("", [_heading(conversation.title, 1), _note(words.days[conversation.id])])]
    for turn in turns:
        text = _answer_text(turn, words)
        said = (words.asked.get(turn.id, ""), words.states.get(turn.state.value, ""))
        pieces: list[_Written] = [
            ("", [_heading(turn.question, 2), *_quoted(turn.answer, words)]),
            (text, parse_markdown(text)),
            ("", [_note(line) for line in said if line]),
        ]
        yield [piece for piece in pieces if piece[1]]


def _heading(text: str, level: int) -> RichBlock:
    return RichBlock(BlockKind.HEADING, (Run(" ".join(text.split())),), level=level)


def _note(text: str) -> RichBlock:
    return RichBlock(BlockKind.PARAGRAPH, (Run(text, style=Style.SOFT),))


def _quoted(answer: Answer, words: PdfWords) -> Iterator[RichBlock]:
    """What the notes say, with the place: as the card in the window."""
    for quote in answer.quote.parts if answer.quote is not None and not answer.refused else ():
        yield RichBlock(BlockKind.PARAGRAPH, (Run(quote.text.replace("\n", "\u2028")),), quote=1)
        yield RichBlock(BlockKind.PARAGRAPH, (Run(f"— {_place(quote, words)}", style=Style.SOFT),), quote=1)


def _place(quote: InstantQuote, words: PdfWords) -> str:
    return words.place_on_page.format(note=quote.note, n=quote.page) if quote.page else quote.note


def _answer_text(turn: Turn, words: PdfWords) -> str:
    answer = turn.answer
    if answer.refused:
        return answer.text or words.refused
    return markdown_copy(answer) if answer.text else ""


def _colour(listings: Sequence[Listing], look: Look) -> None:
    for listing in listings:
        for _ in colour_listing(listing, look):
            pass


def _give_grounds(document: QTextDocument, look: Look) -> None:
    """In the window panels, bars and lines are painted; on paper they are the blocks' own."""
    block = document.begin()
    while block.isValid():
        form = block.blockFormat()
        panel = form.intProperty(PANEL)
        if panel in {Panel.CODE, Panel.CODE_LAST}:
            form.setBackground(look.color("ground"))
            if form.boolProperty(HEADED):
                form.setTopMargin(look.px(CODE_GAP_PX))
        elif panel == Panel.RULE:
            form.setProperty(QTextFormat.Property.BlockTrailingHorizontalRulerWidth, 100)
        if panel:
            QTextCursor(block).setBlockFormat(form)
        block = block.next()


def _paint(parts: Sequence[_Part], writer: QPdfWriter, look: Look, words: PdfWords) -> None:
    count = parts[-1].page + parts[-1].pages if parts else 1
    painter = QPainter(writer)
    page = 0
    _number_page(painter, writer, look, words.page.format(n=1, count=count))
    for part in parts:
        size = part.document.pageSize()
        for inner in range(part.pages):
            if part.page + inner > page:
                page += 1
                writer.newPage()
                _number_page(painter, writer, look, words.page.format(n=page + 1, count=count))
            painter.save()
            painter.translate(MARGIN_PX, MARGIN_PX - inner * size.height())
            part.document.drawContents(painter, QRectF(0, inner * size.height(), size.width(), size.height()))
            painter.restore()
    painter.end()


def _number_page(painter: QPainter, writer: QPdfWriter, look: Look, text: str) -> None:
    painter.setFont(look.font("small"))
    painter.setPen(look.color("soft"))
    foot = QRectF(MARGIN_PX, writer.height() - MARGIN_PX + FOOT_PX / 2, writer.width() - 2 * MARGIN_PX, FOOT_PX)
    painter.drawText(foot, int(Qt.AlignmentFlag.AlignCenter), text)
