"""The written answer: what streams in is what stands there, and nothing in it can open anything."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument

from assistant.desktop.chat.answer_view import SHOWN_LIMIT_CHARS, AnswerView
from assistant.desktop.markdown.markdown_view import CITE, MarkKind
from assistant.domain.answers import Citation, SentenceCheck, Support

MIXED = """Your **flight** leaves at `07:45`. It lands later.

## Bring
- passport
  - copy
1. one

> quoted

| a | b |
|---|---|
| 1 | 2 |

```py
x = 1
```
重点在这里。最后一句 😀 done."""


@pytest.fixture
def view(in_window, theme) -> AnswerView:
    return in_window(AnswerView(theme))


def drawn(view: AnswerView, check: SentenceCheck) -> str:
    """What is drawn of a sentence, without its chip."""
    return "".join(view.text_between(*where) for where in view.offsets.ranges(check.start, check.end))


def stream(view: AnswerView, text: str, step: int) -> None:
    view.start()
    for at in range(0, len(text), step):
        view.append(text[at : at + step])
        view.flush()
    view.finish()


@pytest.mark.parametrize("step", [1, 3, 7, 50])
def test_streaming_ends_as_if_it_had_come_at_once(view, in_window, theme, step):
    stream(view, MIXED, step)
    whole = in_window(AnswerView(theme))
    whole.set_answer(MIXED, (), ())
    assert view.document().toPlainText() == whole.document().toPlainText()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="ab 重。\n*_`~#>-1.|[]!<&$😀", max_size=120), st.integers(1, 9))
def test_any_markdown_streams_to_the_same_text(view, text, step):
    stream(view, text, step)
    streamed = view.document().toPlainText()
    view.set_answer(text, (), ())
    assert streamed == view.document().toPlainText()


@pytest.mark.parametrize("mark", ["\ufeff", "\ufffe"])
def test_byte_order_marks_in_an_answer_move_no_words(view, mark):
    text = f"{mark}One **two{mark}** {mark}three."
    view.set_answer(text, (), ())
    ((start, end),) = view.offsets.ranges(text.index("three"), text.index("three") + 5)
    assert view.text_between(start, end) == "three"


@pytest.mark.parametrize(
    "text", ["_1\n*_", "a\n#b", "a\n---x", "one\n1.5 two", "p\na | b\n---x", "a\n```x`y", "- a\n-b", "> a\n*b*"]
)
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_line_that_only_begins_like_a_block_is_taken_back(view, text, step):
    stream(view, text, step)
    streamed = view.document().toPlainText()
    view.set_answer(text, (), ())
    assert streamed == view.document().toPlainText()


def test_text_arrives_by_itself(view, qtbot):
    view.start()
    with qtbot.waitSignal(view.grown):
        view.append("Hello there")
    qtbot.waitUntil(lambda: view.document().toPlainText() == "Hello there")


def test_plain_words_are_added_to_the_open_block_without_drawing_it_again(view, monkeypatch):
    view.start()
    view.append("It begins with some words")
    view.flush()
    monkeypatch.setattr(view, "_redraw_open", lambda: pytest.fail("drawn again"))
    view.append(" and goes on with more")
    view.flush()
    assert view.document().toPlainText() == "It begins with some words and goes on with more"


def test_a_closed_block_is_left_alone(view):
    view.start()
    view.append("First paragraph.\n\nSecond begins")
    view.flush()
    first = view.document().firstBlock()
    revision = first.revision()
    view.append(" **and** goes on\n\nThird")
    view.flush()
    assert view.document().firstBlock().revision() == revision
    assert view.document().firstBlock().text() == "First paragraph."


def test_chips_and_doubts_stand_at_their_sentences(view):
    text = "Your *flight* leaves at 07:45. Breakfast is until eleven."
    good = SentenceCheck(0, 30, Support.SUPPORTED, 1)
    bad = SentenceCheck(31, len(text), Support.UNSUPPORTED)
    view.set_answer(text, (good, bad), (citation(1),))
    assert drawn(view, good) == "Your flight leaves at 07:45."
    chips = [view.text_between(mark.start, mark.end).strip() for mark in view.marks(MarkKind.CHIP)]
    doubts = "".join(view.text_between(mark.start, mark.end) for mark in view.marks(MarkKind.UNSUPPORTED))
    assert (chips, doubts) == (["1"], "Breakfast is until eleven.")


def test_chips_that_come_while_streaming_do_not_disturb_what_follows(view):
    sentence = "One is true. "
    checks = tuple(
        SentenceCheck(n * len(sentence), (n + 1) * len(sentence) - 1, Support.SUPPORTED, 1) for n in range(6)
    )
    view.start()
    for count in range(6):
        view.append(sentence)
        view.flush()
        view.set_checks(checks[: count + 1])
    view.finish()
    assert all(drawn(view, check) == "One is true." for check in checks)
    assert len(view.marks(MarkKind.CHIP)) == 6


def test_a_chip_is_reached_and_opened_by_keys(view, qtbot):
    view.set_answer("It is so.", (SentenceCheck(0, 9, Support.SUPPORTED, 1),), (citation(1),))
    view.window().activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    with qtbot.waitSignal(view.citation_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Tab)
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args == [1]


def test_a_chip_tells_its_citation_when_clicked(view, qtbot):
    view.set_answer("It is so.", (SentenceCheck(0, 9, Support.SUPPORTED, 1),), (citation(1),))
    mark = view.marks(MarkKind.CHIP)[0]
    place = view.rects_of(mark.start, mark.end)[0].center().toPoint()
    with qtbot.waitSignal(view.citation_chosen) as chosen:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [1]


def test_a_chip_shows_the_quote_when_the_pointer_rests_on_it(view):
    view.set_answer("It is so.", (SentenceCheck(0, 9, Support.SUPPORTED, 1),), (citation(1),))
    assert "the very words" in view.hint_for(f"{CITE}1")


HOSTILE = (
    "![x](file:///etc/passwd)",
    "![x](/etc/passwd)",
    "![x](http://example.org/x.png)",
    "![x](//host/share/x.png)",
    "![x](\\\\host\\share\\x.png)",
    '<img src="file:///etc/passwd">',
    '<link rel=stylesheet href="file:///etc/passwd"><style>body{background:url(file:///etc/passwd)}</style>',
    "[click](file:///etc/passwd) <script>alert(1)</script>",
    "| a |\n|---|\n| ![x](file:///etc/passwd) |",
    "![x](data:image/png;base64,AAAA)",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_asks_for_nothing(view, monkeypatch, text):
    asked: list[str] = []
    original = AnswerView.loadResource

    def watched(self, kind, name):
        asked.append(str(name))
        return original(self, kind, name)

    monkeypatch.setattr(AnswerView, "loadResource", watched)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: pytest.fail(f"opened {url}"))
    view.set_answer(text, (), ())
    view.grab()
    assert asked == []
    assert not any(form.isImageFormat() for form in view.document().allFormats())


@pytest.mark.parametrize(
    "name", ["file:///etc/passwd", "/etc/passwd", "http://example.org/a.png", "//host/share/a.png", ""]
)
def test_whatever_is_asked_for_is_our_own_pixel(view, name):
    got = view.loadResource(int(QTextDocument.ResourceType.ImageResource.value), QUrl(name))
    assert isinstance(got, QImage)
    assert (got.width(), got.height()) == (1, 1)


def test_a_link_only_tells_its_target(view, qtbot, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: pytest.fail("opened"))
    view.set_answer("[the site](http://example.org/a)", (), ())
    place = view.rects_of(0, 8)[0].center().toPoint()
    with qtbot.waitSignal(view.link_chosen) as chosen:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["http://example.org/a"]


def test_a_gigantic_answer_is_capped_and_kept(view):
    text = "word " * 40_000
    view.start()
    for at in range(0, len(text), 20_000):
        view.append(text[at : at + 20_000])
        view.flush()
    view.finish()
    assert view.is_capped
    assert len(view.document().toPlainText()) <= SHOWN_LIMIT_CHARS + 100
    assert view.markdown == text


def test_one_word_of_two_hundred_thousand_letters_is_laid_out_in_pieces(view, qtbot):
    view.set_answer("x" * 200_000, (), ())
    qtbot.waitUntil(lambda: view.is_drawn)
    block = view.document().begin()
    while block.isValid():
        assert block.length() <= 2_002
        block = block.next()


def test_copying_takes_plain_words_with_numbers(view):
    view.set_answer("It is **so**.", (SentenceCheck(0, 13, Support.SUPPORTED, 1),), (citation(1),))
    view.selectAll()
    data = view.createMimeDataFromSelection()
    assert data.text() == "It is so [1]."
    assert not data.hasHtml()


def test_a_change_of_theme_keeps_text_and_chips(view, theme):
    view.set_answer("It is so.", (SentenceCheck(0, 9, Support.SUPPORTED, 1),), (citation(1),))
    theme.choose("dark", 1.2)
    view.redraw()
    assert [view.text_between(mark.start, mark.end).strip() for mark in view.marks(MarkKind.CHIP)] == ["1"]
    assert view.document().firstBlock().begin().fragment().charFormat().font().pixelSize() == 18


def citation(number: int) -> Citation:
    return Citation(number, "It is so.", 1, "a.md", "/n/a.md", "A", "the very words", 0, 14, Support.SUPPORTED)


def test_a_long_table_streams_row_by_row_and_ends_as_if_it_had_come_at_once(view, in_window, theme):
    text = "| a | b |\n|---|---|\n" + "".join(f"| {n} | row |\n" for n in range(60)) + "\nafter it"
    stream(view, text, 5)
    whole = in_window(AnswerView(theme))
    whole.set_answer(text, (), ())
    assert view.document().toPlainText() == whole.document().toPlainText()


def test_a_table_of_very_many_columns_is_drawn_as_text(view):
    row = "|" + "x|" * 200
    view.set_answer(f"{row}\n|{'-|' * 200}\n{row}", (), ())
    assert not any(form.isTableFormat() for form in view.document().allFormats())
    assert row in view.document().toPlainText()
