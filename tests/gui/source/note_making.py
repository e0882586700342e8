"""Documents for tests, put together from pieces with their offsets kept."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.answers import Citation, Support
from assistant.domain.documents import Block, BlockKind, Document, NoteFormat, Page, Span, SpanKind


@dataclass
class Piece:
    """cells: of a table row. spans: (kind, words in the text, target)."""

    kind: BlockKind
    text: str = ""
    level: int = 0
    marker: str = ""
    cells: tuple[str, ...] = ()
    spans: tuple[tuple[SpanKind, str, str], ...] = ()
    gap: str = "\n\n"


def make_document(*pieces: Piece, format: NoteFormat = NoteFormat.MARKDOWN, pages: int = 0) -> Document:
    text, blocks, spans = "", [], []
    for piece in pieces:
        start = len(text)
        for number, cell in enumerate(piece.cells):
            text += "\t" if number else ""
            spans.append(Span(SpanKind.CELL, len(text), len(text) + len(cell)))
            text += cell
        text += piece.text
        for kind, words, target in piece.spans:
            at = text.index(words, start)
            spans.append(Span(kind, at, at + len(words), target))
        blocks.append(Block(piece.kind, start, len(text), level=piece.level, marker=piece.marker))
        text += piece.gap
    size = max(1, len(text) // pages) if pages else 0
    found = tuple(
        Page(number + 1, number * size, len(text) if number == pages - 1 else (number + 1) * size)
        for number in range(pages)
    )
    return Document(text, format, "", tuple(blocks), tuple(spans), found)


def make_citation(document: Document, quote: str, note: str = "Travel/Lisbon.md", page: int | None = None) -> Citation:
    start = document.text.find(quote)
    return Citation(
        1, "A sentence.", 1, note, f"/home/ada/{note}", "", quote, start, start + len(quote), Support.QUOTED, page=page
    )


B = BlockKind
RICH = make_document(
    Piece(B.HEADING, "Outbound", level=1),
    Piece(
        B.PARAGRAPH,
        "Arrive two hours early. The flight leaves at 07:45 😀 from terminal 2. See the site.",
        spans=((SpanKind.STRONG, "two hours", ""), (SpanKind.LINK, "the site", "http://example.org/")),
    ),
    Piece(B.LIST_ITEM, "late arrival has been announced", level=1, marker="•"),
    Piece(B.LIST_ITEM, "the key is in the box", level=2, marker="◦"),
    Piece(B.QUOTE, "Breakfast until eleven.\nSecond line of it.", level=1),
    Piece(B.TABLE_ROW, cells=("Day", "Plan", "Cost"), level=1, gap="\n"),
    Piece(B.TABLE_ROW, cells=("Mon", "Alfama walk", "0"), gap="\n"),
    Piece(B.TABLE_ROW, cells=("Tue", "瓷砖博物馆", "€8")),
    Piece(B.CODE, "def nights(a, b):\n    return (b - a).days"),
    Piece(B.PARAGRAPH, "早餐供应到十一点，钥匙在盒子里。"),
)
