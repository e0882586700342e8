"""To which side the columns of a table are set is told beside the text."""

from __future__ import annotations

import pytest

from assistant.documents.limits import ReaderLimits
from assistant.documents.markdown import read_markdown
from assistant.documents.web_page import read_web_page
from assistant.domain.documents import Document, SpanKind


def sides(document: Document) -> list[str]:
    return [span.target for span in document.spans if span.kind is SpanKind.CELL]


def test_a_markdown_table_tells_the_side_of_every_cell() -> None:
    document = read_markdown(b"| a | b | c | d |\n|---|:--|:-:|--:|\n| 1 | 2 |  | 4 |\n", ReaderLimits())
    assert sides(document) == ["", "left", "center", "right"] * 2
    assert document.text == "a | b | c | d\n1 | 2 |  | 4"


@pytest.mark.parametrize(
    ("cell", "side"),
    [
        ('<td align="RIGHT">', "right"),
        ('<td style="color: red; text-align : center">', "center"),
        ('<td style="vertical-text-align: left" align="justify">', ""),
        ("<td>", ""),
    ],
)
def test_a_web_page_tells_it_in_a_style_or_an_attribute(cell: str, side: str) -> None:
    markup = f"<html><body><p>before</p><table><tr>{cell}one</td><td>two</td></tr></table></body></html>"
    assert sides(read_web_page(markup.encode(), ReaderLimits())) == [side, ""]
