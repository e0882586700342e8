"""An image that an answer names is told in words, on the screen and on paper: nothing that a model writes opens a file."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTextDocument

from assistant.desktop.chat.answer_view import AnswerView
from assistant.desktop.chat.chat_pdf import PdfWords, chats_as_pdf
from assistant.desktop.common.look import paper_look
from assistant.domain.answers import Answer, Conversation, Turn, TurnState


@pytest.fixture
def text(tmp_path: Path) -> str:
    """An answer that names an image that is there, by its path and by an address, and one elsewhere."""
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    path = tmp_path / "cat.png"
    assert image.save(str(path))
    return f"See ![a grey cat]({path.as_posix()}), ![the same]({path.as_uri()}) and ![far away](https://example.org/x.png)."


def has_images(document: QTextDocument) -> bool:
    block = document.begin()
    while block.isValid():
        fragments = block.begin()
        while not fragments.atEnd():
            if fragments.fragment().charFormat().isImageFormat():
                return True
            fragments += 1
        block = block.next()
    return False


def test_on_the_screen(in_window, theme, text: str):
    view = in_window(AnswerView(theme))
    view.set_answer(text, (), ())
    assert view.document().toPlainText() == "See a grey cat, the same and far away."
    assert not has_images(view.document())


def test_on_paper(theme, text: str):
    turn = Turn(1, 7, "Which cat?", Answer(text=text), TurnState.DONE, 0.0)
    words = PdfWords("Page {n} of {count}", "{note}", {}, "", {7: "today"}, {})
    pdf = pypdfium2.PdfDocument(
        chats_as_pdf([(Conversation(7, "Cats", 0, 0), [turn])], paper_look(theme), words, "Cats")
    )
    try:
        assert "a grey cat" in pdf[0].get_textpage().get_text_bounded()
        kinds = {one.type for one in pdf[0].get_objects()}
    finally:
        pdf.close()
    assert kinds and pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds
