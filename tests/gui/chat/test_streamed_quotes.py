"""A quote that streams in looks as one that was there at once: set in, with its bar."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocument

from assistant.desktop.chat.answer_view import AnswerView
from assistant.desktop.markdown.markdown_render import QUOTE_DEPTH


def looks(document: QTextDocument) -> list[tuple[str, int, float, float]]:
    """Text, depth of the quote, and the room to the left and above of every block."""
    found, block = [], document.begin()
    while block.isValid():
        form = block.blockFormat()
        found.append((block.text(), form.intProperty(QUOTE_DEPTH), form.leftMargin(), form.topMargin()))
        block = block.next()
    return found


@pytest.mark.parametrize("step", [1, 6, 100])
@pytest.mark.parametrize("above", ["", "words\n\n", "- item\n\n", "| a |\n|---|\n| b |\n\n"])
def test_a_streamed_quote_is_a_quote(in_window, theme, above: str, step: int):
    text = f"{above}> Quoted **words** here.\n> Second line.\n"
    view, whole = in_window(AnswerView(theme)), in_window(AnswerView(theme))
    view.start()
    for at in range(0, len(text), step):
        view.append(text[at : at + step])
        view.flush()
    view.finish()
    whole.set_answer(text, (), ())
    assert looks(view.document()) == looks(whole.document())
    assert looks(view.document())[-1][1] == 1
