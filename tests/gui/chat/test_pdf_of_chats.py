"""A chat as a PDF holds every word that is on the screen, Chinese as well, and can be searched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from fake_engine import FakeLink, sample_answer
from PySide6.QtWidgets import QWidget

from assistant.desktop.chat.exporting import Exporting
from assistant.desktop.chat.pdf_words import with_ideographs
from assistant.domain.answers import Answer, AskScope, Conversation, Turn, TurnState
from assistant.domain.errors import StoreUnavailableError
from assistant.ipc import engine_messages as m

CHAT = Conversation(7, "去里斯本的航班 to Lisbon", 1_760_000_000, 1_760_000_000, turns=2)
TABLE = "|" + "|".join(f"Insurance{n}" for n in range(12)) + "|\n|" + "---|" * 12 + "\n|" + "1,200.00|" * 12
TURNS = (
    Turn(1, 7, "我们几点起飞？", sample_answer(), TurnState.DONE, 0.0),
    Turn(
        2,
        7,
        "Show me the code",
        Answer(
            text=f"```python\nx = 1  # 长风万里\n```\n\n$x^2$ and **bold**.\n\n{TABLE}\n\n"
            + "A line.\n\n" * 60
            + "结束",
            scope=AskScope(folders=((1, "Travel"),), names=("Travel",)),
        ),
        TurnState.STOPPED,
        0.0,
    ),
)


@pytest.fixture
def exporting(qtbot, ready_client, theme, link: FakeLink) -> Exporting:
    window = QWidget()
    qtbot.addWidget(window)
    link.conversations = (CHAT, replace(CHAT, id=8, title="Another chat"))
    link.turns = {7: TURNS, 8: TURNS[:1]}
    theme.choose("dark", 1.5)
    made = Exporting(ready_client, theme, window)
    made._ids = (7,)
    return made


def export(qtbot, exporting: Exporting, path: Path) -> str:
    said: list[str] = []
    exporting.said.connect(said.append)
    exporting.write(str(path))
    qtbot.waitUntil(lambda: len(said) == 2, timeout=20_000)
    assert said[0] == "Making the PDF…"
    return said[1]


def pages_of(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path.read_bytes())
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def test_the_pdf_has_questions_answers_sources_and_page_numbers(qtbot, exporting, tmp_path):
    path = tmp_path / "chat.pdf"
    assert export(qtbot, exporting, path) == f"1 chat exported to {path}"
    pages = pages_of(path)
    text = "".join("".join(pages).split())
    for words in (
        "去里斯本的航班toLisbon", "我们几点起飞？", "leaveson3Juneat07:45", "[1]", "Sources:", "长风万里", "x²andbold.", "结束",
        "Onlyasked:“Travel”", "Stopped.", "1,200.00",
    ):  # fmt: skip
        assert words in text, words
    assert text.count("Insurance11") == 1
    assert len(pages) > 1
    for n, page in enumerate(pages, 1):
        assert f"Page{n}of{len(pages)}" in "".join(page.split())
    assert [one.name for one in tmp_path.iterdir()] == ["chat.pdf"]


def test_it_is_drawn_in_light_colours_whatever_the_window_looks_like(qtbot, exporting, tmp_path):
    export(qtbot, exporting, tmp_path / "chat.pdf")
    document = pypdfium2.PdfDocument((tmp_path / "chat.pdf").read_bytes())
    picture = document[0].render(scale=0.3).to_pil().convert("L")
    document.close()
    assert sum(picture.histogram()[230:]) > 0.8 * picture.width * picture.height


def test_all_chats_go_into_one_file_each_on_a_page_of_its_own(qtbot, exporting, tmp_path):
    exporting._ids = ()
    assert export(qtbot, exporting, tmp_path / "all.pdf").startswith("2 chats exported")
    pages = pages_of(tmp_path / "all.pdf")
    (second,) = [page for page in pages if "Another chat" in page]
    assert pages.index(second) > 0
    assert "结束" not in second


def test_a_pdf_that_cannot_be_written_is_said_and_leaves_nothing(qtbot, exporting, tmp_path):
    assert export(qtbot, exporting, tmp_path / "nowhere" / "chat.pdf").startswith("The file could not be written.")


def test_a_chat_that_cannot_be_read_is_said(qtbot, exporting, tmp_path, link):
    link.errors[m.OpenConversation] = StoreUnavailableError(store="conversations", reason="damaged")
    export(qtbot, exporting, tmp_path / "chat.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_pdf_without_chinese_is_left_as_it_is(qtbot, exporting, tmp_path, link):
    link.turns = {7: (replace(TURNS[0], question="When?"),)}
    link.conversations = (replace(CHAT, title="Plain"),)
    export(qtbot, exporting, tmp_path / "chat.pdf")
    written = (tmp_path / "chat.pdf").read_bytes()
    assert with_ideographs(written) == written
