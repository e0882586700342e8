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
    loop = (
        QEventLoop()
    )  # the text layout starts timers, and a thread that is not Qt's has nothing that would know of them
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(title)
    writer.setCreator("Elephant")
    document = _document(writer)
    # Laid out once, when all is written: after every piece anew it took half a minute for 16 pages.
    whole = QTextCursor(document)
    whole.beginEditBlock()
    drawn = [_write_chat(document, number, chat, look, words) for number, chat in enumerate(chats)]
    _give_grounds(document, look)
    _colour([listing for parts in drawn for one in parts for listing in one.listings], look)
    whole.endEditBlock()
    document.setPageSize(QSizeF(writer.width() - 2 * MARGIN_PX, writer.height() - 2 * MARGIN_PX))
    _paint(document, writer, look, words)
    buffer.close()
    pdf = bytes(buffer.data().data())
    del drawn, whole, document, writer  # before the loop: they end on this thread
    del loop
    return with_ideographs(pdf)


def _document(writer: QPdfWriter) -> QTextDocument:
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.documentLayout().setPaintDevice(writer)
    document.setDocumentMargin(0)
    option = document.defaultTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    return document


def _write_chat(document: QTextDocument, number: int, chat: Opened, look: Look, words: PdfWords) -> list[Drawn]:
    conversation, turns = chat
    head = [_heading(conversation.title, 1), _note(words.days[conversation.id])]
    drawn = [_write(document, head, "", look, breaks=number > 0)]
    for turn in turns:
        drawn.append(_write(document, [_heading(turn.question, 2)], "", look))
        quoted = list(_quoted(turn.answer, words))
        if quoted:
            drawn.append(_write(document, quoted, "", look))
        text = _answer_text(turn, words)
        drawn.append(_write(document, parse_markdown(text), text, look))
        rest = [_note(line) for line in (words.asked.get(turn.id, ""), words.states.get(turn.state.value, "")) if line]
        drawn.append(_write(document, rest, "", look))
    return drawn


def _write(
    document: QTextDocument, blocks: Sequence[RichBlock], text: str, look: Look, *, breaks: bool = False
) -> Drawn:
    drawn = Drawn(OffsetMap(text))
    cursor = QTextCursor(document)
    cursor.movePosition(QTextCursor.MoveOperation.End)
    is_first = document.isEmpty()
    start = cursor.position()
    RichWriter(cursor, look, drawn, fresh=is_first, first=is_first, fits_tables=True).write(blocks)
    if breaks:
        _break_page(document, start)
    return drawn


def _break_page(document: QTextDocument, position: int) -> None:
    cursor = QTextCursor(document.findBlock(position).next())
    form = QTextBlockFormat()
    form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
    cursor.mergeBlockFormat(form)


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


def _paint(document: QTextDocument, writer: QPdfWriter, look: Look, words: PdfWords) -> None:
    size = document.pageSize()
    count = document.pageCount()
    painter = QPainter(writer)
    for page in range(count):
        if page:
            writer.newPage()
        painter.save()
        painter.translate(MARGIN_PX, MARGIN_PX - page * size.height())
        document.drawContents(painter, QRectF(0, page * size.height(), size.width(), size.height()))
        painter.restore()
        painter.setFont(look.font("small"))
        painter.setPen(look.color("soft"))
        foot = QRectF(MARGIN_PX, writer.height() - MARGIN_PX + FOOT_PX / 2, size.width(), FOOT_PX)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignCenter), words.page.format(n=page + 1, count=count))
    painter.end()
