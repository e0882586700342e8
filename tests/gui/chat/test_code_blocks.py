"""Listings in answers and notes: coloured from the theme, named, and copied with one key; wide tables keep their words whole."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from assistant.desktop.chat.answer_view import AnswerView
from assistant.desktop.common.theme import Theme
from assistant.desktop.markdown.code_colours import read_code
from assistant.desktop.markdown.code_listings import HEAD_PX
from assistant.desktop.markdown.markdown_view import RichView
from assistant.desktop.source.source_view import SourceView
from assistant.domain.documents import Block, BlockKind, Document, NoteFormat

CODE = 'def total(rows):\n    # 😀 every row\n    return "sum", 42\n'
ANSWER = f"So:\n\n```python\n{CODE}```\n\nand\n\n```\nplain text\n```\n\nthe end."


@pytest.fixture
def view(in_window, theme) -> AnswerView:
    return in_window(AnswerView(theme))


def show(qtbot, view: AnswerView, text: str) -> None:
    view.set_answer(text, (), ())
    qtbot.waitUntil(lambda: not view.listings.is_busy)


def colours(view: RichView, theme: Theme) -> dict[str, str]:
    """What is drawn in another colour than the text around it, and the theme's name for that colour."""
    names = {
        theme.color(name).name(): name
        for name in ("code_keyword", "code_string", "code_number", "code_comment", "code_name")
    }
    found = {}
    block = view.document().begin()
    while block.isValid():
        for one in block.layout().formats():
            text = block.text().encode("utf-16-le")[2 * one.start : 2 * (one.start + one.length)].decode("utf-16-le")
            found[text] = names[one.format.foreground().color().name()]
        block = block.next()
    return found


def test_code_is_coloured_with_the_colours_of_the_theme(qtbot, view, theme):
    show(qtbot, view, ANSWER)
    seen = colours(view, theme)
    assert (seen["def"], seen["total"], seen["42"]) == ("code_keyword", "code_name", "code_number")
    assert seen["# 😀 every row"] == "code_comment"
    assert seen["return"] == "code_keyword"


def test_colours_follow_the_theme(qtbot, view, theme):
    show(qtbot, view, ANSWER)
    theme.choose("dark", 1.0)
    view.redraw()
    qtbot.waitUntil(lambda: not view.listings.is_busy)
    assert colours(view, theme)["def"] == "code_keyword"


def test_colours_leave_the_text_as_it_is(qtbot, view):
    show(qtbot, view, ANSWER)
    assert '    return "sum", 42' in view.document().toPlainText()


@pytest.mark.parametrize("language", ["", "nosuchlanguage", "../../etc", "text"])
def test_a_language_that_nobody_knows_stays_plain(language: str):
    assert list(read_code(language, CODE)) == []


def test_a_listing_that_grows_is_coloured_on_the_way(qtbot, view, theme):
    view.start()
    for piece in ("```python\n", "def total", "(rows):\n", "    return 4"):
        view.append(piece)
        view.flush()
    assert colours(view, theme)["def"] == "code_keyword"
    view.append("2\n```\n")
    view.finish()
    qtbot.waitUntil(lambda: not view.listings.is_busy)
    assert colours(view, theme)["42"] == "code_number"


def test_every_listing_says_its_language_and_can_be_copied(qtbot, view):
    show(qtbot, view, ANSWER)
    first, second = view.listings.bars
    assert (first.language, second.language) == ("python", "")
    assert first.button.accessibleName() == "Copy the python code"
    assert second.button.accessibleName() == "Copy the code"
    first.button.click()
    assert QGuiApplication.clipboard().text() == CODE.removesuffix("\n")
    assert first.button.text() == "Copied"


def test_the_copy_buttons_are_reached_by_tab_one_after_the_other(qtbot, view):
    show(qtbot, view, ANSWER)
    first, second = view.listings.bars
    assert next_with_tab(view) is first.button
    assert next_with_tab(first.button) is second.button
    second.button.setFocus()
    qtbot.keyClick(second.button, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == "plain text"


def next_with_tab(widget: QWidget) -> QWidget:
    found = widget.nextInFocusChain()
    while not found.focusPolicy() & Qt.FocusPolicy.TabFocus or found.isHidden():
        found = found.nextInFocusChain()
    return found


def test_the_bar_lies_above_the_first_line_inside_the_view(qtbot, view):
    show(qtbot, view, ANSWER)
    bar = view.listings.bars[0]
    start = view.document().toPlainText().index("def")
    top = view.rects_of(start, start + 3)[0].top()
    assert 0 < bar.geometry().bottom() <= top
    assert bar.geometry().right() <= view.viewport().width()


def test_bars_of_an_answer_that_is_gone_are_gone(qtbot, view):
    show(qtbot, view, ANSWER)
    show(qtbot, view, "Nothing to copy.")
    assert view.listings.bars == ()


def test_a_long_line_of_code_never_makes_the_answer_wider(qtbot, view):
    show(qtbot, view, f"```\n{'x = 1; ' * 200}\n{'y' * 3_000}\n```")
    assert view.horizontalScrollBar().maximum() == 0
    view.listings.bars[0].button.click()
    assert QGuiApplication.clipboard().text() == f"{'x = 1; ' * 200}\n{'y' * 3_000}"


def test_a_line_too_long_for_one_block_does_not_shift_the_colours_below_it(qtbot, view, theme):
    show(qtbot, view, f"```python\nx = '{'y' * 5_000}'\nreturn 7\n```")
    assert colours(view, theme)["7"] == "code_number"


def test_a_wide_table_keeps_its_words_whole_and_scrolls_sideways(qtbot, view):
    head = "|".join(f"Insurance{n}" for n in range(12))
    show(qtbot, view, f"|{head}|\n|{'---|' * 12}\n|{'1,200.00|' * 12}\n\nBelow.")
    assert view.horizontalScrollBar().maximum() > 0
    start = view.document().toPlainText().index("Insurance11")
    assert len(view.rects_of(start, start + 11)) == 1
    below = view.rects_of(view.document().toPlainText().index("Below"), len(view.document().toPlainText()))
    assert below[0].bottom() < view.viewport().height()


def test_a_small_table_fits_into_a_narrow_pane(in_window, theme, qtbot):
    view = in_window(AnswerView(theme), 380)
    show(qtbot, view, "| Name | 说明 |\n|---|---|\n| a | 一个很长的中文单元格，需要换行显示才看得完整 |")
    assert view.horizontalScrollBar().maximum() == 0


def test_code_in_a_note_is_coloured_and_copied_whole(qtbot, in_window, theme):
    code = "x = 1\n" * 2_000
    text = f"Before\n{code}"
    blocks = (Block(BlockKind.PARAGRAPH, 0, 6), Block(BlockKind.CODE, 7, len(text) - 1, language="python"))
    view = in_window(SourceView(theme))
    view.show_document(Document(text, NoteFormat.MARKDOWN, title="Code", blocks=blocks))
    qtbot.waitUntil(lambda: not view.listings.is_busy and not view.is_growing)
    assert colours(view, theme)["1"] == "code_number"
    assert len(view.listings.bars) == 1
    view.listings.bars[0].button.click()
    assert QGuiApplication.clipboard().text() == code.removesuffix("\n")


def top_of(view: RichView) -> float:
    """Of the first line of all, below the top of the page."""
    return view.document().documentLayout().blockBoundingRect(view.document().begin()).top()


def test_code_at_the_very_beginning_has_its_language_and_its_button_above_it(qtbot, view, theme):
    show(qtbot, view, "Words.")
    without = top_of(view)
    for _ in range(2):
        show(qtbot, view, f"```python\n{CODE}```\n\nand that is all.")
        assert top_of(view) >= without + theme.px(HEAD_PX)
    show(qtbot, view, "Words.")
    assert top_of(view) == without


def test_a_file_of_code_has_them_too_and_the_next_note_begins_at_the_top(qtbot, in_window, theme):
    view = in_window(SourceView(theme), 600, 400)
    words = Document("Words.", NoteFormat.TEXT, blocks=(Block(BlockKind.PARAGRAPH, 0, 6),))
    code = Document(CODE, NoteFormat.TEXT, blocks=(Block(BlockKind.CODE, 0, len(CODE)),))
    view.show_document(words)
    without = top_of(view)
    view.show_document(code)
    assert top_of(view) >= without + theme.px(HEAD_PX)
    view.show_document(words)
    assert top_of(view) == without
