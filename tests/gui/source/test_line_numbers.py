"""The lines of a text file bear the numbers that they have in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.desktop.source.source_lines import LineNumbers
from assistant.desktop.source.source_view import SourceView
from assistant.documents.limits import ReaderLimits
from assistant.documents.reading import read_document
from assistant.domain.documents import Document

PROSE = "\nFirst 🧭🔧\nsecond, which is so long that it has to be wrapped in a narrow pane like this one here\n\n\n\n第六行\nlast\n"
CODE = "import os\n\n\ndef main():\n    print(1)\n\n# end\n"


def read(tmp_path: Path, name: str, text: str) -> Document:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return read_document(path, limits=ReaderLimits())


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize(("name", "text"), [("log.txt", PROSE), ("tool.py", CODE)])
def test_every_word_knows_the_line_it_stands_in(tmp_path, name, text):
    document = read(tmp_path, name, text)
    numbers = LineNumbers(document)
    for words in text.split():
        assert numbers.at(document.text.index(words)) == line_of(text, words)


@pytest.fixture
def view(in_window, theme) -> SourceView:
    return in_window(SourceView(theme), 300, 500)


def test_prose_is_numbered_where_a_line_begins_and_not_where_it_is_wrapped(view, qtbot, tmp_path):
    view.show_document(read(tmp_path, "log.txt", PROSE))
    qtbot.waitUntil(lambda: [number for _, number in view.line_numbers] == [2, 3, 7, 8])
    heights = [height for height, _ in view.line_numbers]
    assert heights[2] - heights[1] > 2.5 * (heights[3] - heights[2])  # the long one takes three


def test_code_keeps_its_blank_lines_and_all_are_numbered(view, qtbot, tmp_path):
    view.show_document(read(tmp_path, "tool.py", CODE))
    qtbot.waitUntil(lambda: [number for _, number in view.line_numbers] == [1, 2, 3, 4, 5, 6, 7])
    assert view.toPlainText().split("\n")[3:5] == ["def main():", "    print(1)"]


def test_marks_in_numbered_code_stand_over_their_words(view, qtbot, tmp_path):
    document = read(tmp_path, "tool.py", CODE)
    start = document.text.index("print(1)")
    view.show_document(document, start, start + 8)
    assert view.marked_text() == "print(1)"


def test_long_files_are_numbered_to_their_end(view, qtbot, tmp_path):
    text = "\n".join(f"word {n}" + "\n" * (n % 3) for n in range(1, 4_000))
    document = read(tmp_path, "long.txt", text)
    view.show_document(document, len(document.text) - 5, len(document.text) - 1)
    qtbot.waitUntil(lambda: not view.is_growing and bool(view.line_numbers))
    assert view.line_numbers[-1][1] == line_of(text, "word 3999")


def test_other_notes_have_no_numbers(view, qtbot, tmp_path):
    view.show_document(read(tmp_path, "a.md", "# A\n\nwords\n"))
    qtbot.wait(20)
    assert view.line_numbers == []
