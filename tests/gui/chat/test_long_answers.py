"""A very long answer comes onto the page in slices, with all its chips in the end, and copies whole from the first moment."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextTable

from assistant.desktop.chat.answer_chips import AT_ONCE
from assistant.desktop.chat.answer_slices import LONGEST_SLICE, SLICE_CHARS
from assistant.desktop.chat.answer_view import AnswerView
from assistant.desktop.markdown.markdown_view import MarkKind
from assistant.domain.answers import Citation, SentenceCheck, Support


@pytest.fixture
def view(in_window, theme) -> AnswerView:
    return in_window(AnswerView(theme))


def stream(view: AnswerView, text: str, step: int) -> None:
    view.start()
    for at in range(0, len(text), step):
        view.append(text[at : at + step])
        view.flush()
    view.finish()


def long_answer() -> str:
    """Some 24,000 characters of all kinds, with a table longer than what is drawn again at once in the midst of it."""
    part = (
        "## A part of it\n\nThe flight leaves on *3 June* and lands in the evening. 早餐七点开始。\n\n- one item\n- another\n\n"
        "```python\nfor one in range(3):\n\n    print(one)\n```\n\n> a quote\n\n"
    )
    table = "| a | b |\n|---|---|\n" + "".join(f"| {n} | row |\n" for n in range(30)) + "\n"
    return part * 60 + table + part * 60


def checks_of(text: str) -> tuple[tuple[SentenceCheck, ...], Citation]:
    sentence = "The flight leaves on *3 June* and lands in the evening."
    starts = [at for at in range(len(text)) if text.startswith(sentence, at)]
    checks = tuple(SentenceCheck(at, at + len(sentence), Support.SUPPORTED, 1) for at in starts)
    return checks, Citation(1, "", 1, "a.md", "/n/a.md", "A", "the very words", 0, 14, Support.SUPPORTED)


def test_a_long_answer_is_drawn_in_slices_and_looks_as_if_it_had_streamed(view, in_window, theme, qtbot):
    text = long_answer()
    view.set_answer(text, (), ())
    begun = view.document().characterCount()
    assert not view.is_drawn
    assert begun < len(text) // 3, "the first slice alone is there at once"
    assert view.markdown == text, "what is copied is whole from the first moment"
    qtbot.waitUntil(lambda: view.is_drawn)
    streamed = in_window(AnswerView(theme))
    stream(streamed, text, 500)
    assert view.document().toPlainText() == streamed.document().toPlainText()


def test_a_long_answer_draws_a_bounded_part_in_a_round_of_the_event_loop(view, qtbot, monkeypatch):
    drawn: list[int] = []
    draw = AnswerView._draw_slice

    def counted(self: AnswerView) -> None:
        before = len(self._source)
        draw(self)
        drawn.append(len(self._source) - before)

    monkeypatch.setattr(AnswerView, "_draw_slice", counted)
    view._feed.timeout.disconnect()
    view._feed.timeout.connect(lambda: counted(view))
    view.set_answer(long_answer(), (), ())
    qtbot.waitUntil(lambda: view.is_drawn)
    assert len(drawn) > 5
    assert max(drawn) <= SLICE_CHARS * LONGEST_SLICE


def test_every_chip_of_a_long_answer_stands_in_the_end(view, qtbot):
    text = long_answer()
    checks, cited = checks_of(text)
    assert len(checks) > AT_ONCE
    view.set_answer(text, checks, (cited,))
    qtbot.waitUntil(lambda: view.is_drawn)
    marks = view.marks(MarkKind.CHIP)
    assert len(marks) == len(checks)
    assert {view.text_between(mark.start, mark.end).strip("\u00a0") for mark in marks} == {"1"}


def test_checks_that_come_all_at_once_are_shown_a_part_at_a_time(view, qtbot):
    text = "The flight leaves on *3 June* and lands in the evening. " * 60
    checks, cited = checks_of(text)
    view.set_answer(text, (), ())
    view.set_checks(checks, (cited,))
    assert len(view.marks(MarkKind.CHIP)) == AT_ONCE
    qtbot.waitUntil(lambda: len(view.marks(MarkKind.CHIP)) == 60)


def test_a_long_table_in_a_long_answer_is_one_table_when_it_has_ended(view, qtbot):
    text = long_answer()
    stream(view, text, 700)
    tables = [frame for frame in view.document().rootFrame().childFrames() if isinstance(frame, QTextTable)]
    assert [table.rows() for table in tables] == [31]
    assert "| 29 |" not in view.document().toPlainText()


def test_a_change_of_theme_while_a_long_answer_is_drawn_loses_nothing(view, qtbot):
    text = long_answer()
    view.set_answer(text, (), ())
    view.redraw()
    assert view.markdown == text
    qtbot.waitUntil(lambda: view.is_drawn)
    assert view.document().toPlainText().count("A part of it") == 120
