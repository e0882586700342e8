"""The columns of a table stand to the side that its author chose: in answers, in notes and on paper."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor, QTextDocument, QTextTable

from assistant.desktop.chat.answer_view import AnswerView
from assistant.desktop.common.look import paper_look
from assistant.desktop.common.offset_map import OffsetMap
from assistant.desktop.markdown.markdown_blocks import parse_markdown
from assistant.desktop.markdown.markdown_render import Drawn, RichWriter
from assistant.desktop.source.source_view import SourceView
from assistant.documents.limits import ReaderLimits
from assistant.documents.markdown import read_markdown

TABLE = "Prices:\n\n| a | b | c | d |\n|---|:--|:-:|--:|\n| 1 | 2 | 3 | 4 |\n| 5 | 6 |\n"
SIDES = ["", "left", "center", "right"]


def sides_of(document: QTextDocument) -> list[list[str]]:
    """To which side every cell of the tables is set, row by row."""
    rows = []
    for frame in document.rootFrame().childFrames():
        assert isinstance(frame, QTextTable)
        for row in range(frame.rows()):
            cells = [frame.cellAt(row, column).firstCursorPosition() for column in range(frame.columns())]
            rows.append([side_of(cell) for cell in cells])
    return rows


def side_of(cell: QTextCursor) -> str:
    named = {Qt.AlignmentFlag.AlignHCenter: "center", Qt.AlignmentFlag.AlignRight: "right"}
    flags = cell.blockFormat().alignment()
    is_set = cell.blockFormat().hasProperty(cell.blockFormat().Property.BlockAlignment)
    return next((name for flag, name in named.items() if flags & flag), "left" if is_set else "")


def test_in_an_answer(in_window, theme):
    view = in_window(AnswerView(theme))
    view.set_answer(TABLE, (), ())
    assert sides_of(view.document()) == [SIDES, SIDES, SIDES]


@pytest.mark.parametrize("step", [1, 7])
def test_in_an_answer_that_streams_in(in_window, theme, step: int):
    view = in_window(AnswerView(theme))
    view.start()
    for at in range(0, len(TABLE), step):
        view.append(TABLE[at : at + step])
        view.flush()
    view.finish()
    assert sides_of(view.document()) == [SIDES, SIDES, SIDES]


def test_in_a_note(in_window, theme):
    view = in_window(SourceView(theme))
    view.show_document(read_markdown(TABLE.encode(), ReaderLimits()))
    assert sides_of(view.document()) == [SIDES, SIDES, SIDES]


def test_on_paper(theme):
    paper = QTextDocument()
    writer = RichWriter(QTextCursor(paper), paper_look(theme), Drawn(OffsetMap(TABLE)), fits_tables=True)
    writer.write(parse_markdown(TABLE))
    assert sides_of(paper) == [SIDES, SIDES, SIDES]
