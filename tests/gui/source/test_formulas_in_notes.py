"""A note's formulas can be read as in an answer, and what is marked, found and copied is still what stands in the note."""

from __future__ import annotations

import pytest

from assistant.desktop.markdown.formula_text import formula_text
from assistant.desktop.markdown.markdown_view import MarkKind
from assistant.desktop.source.source_view import SourceView
from assistant.documents.limits import ReaderLimits
from assistant.documents.markdown import read_markdown
from assistant.domain.documents import Document, SpanKind
from assistant.domain.formulas import written_formula
from assistant.domain.sentences import split_sentences

NOTE = r"""# Energy $E=mc^2$ 😀

Mass is energy: $E = mc^2$. The root is $\sqrt{x^2+y^2}$ 🧭 and it **costs $5**. \(a_1 \le b\) holds as well.

$$
\begin{aligned}
v &= \frac{s}{t} \\
- a &= b^2
\end{aligned}
$$

- 速度是 $v=\frac{s}{t}$。时间是 $t_0$，后来是 $t_1$。
- What nobody can say in a line is $\unknown{x}$ here.

| Name | Formula |
| ---- | ------: |
| area | $\pi r^2$ |

> See [the proof of $a^2+b^2$](proof.md). It ends here.
"""


@pytest.fixture
def view(in_window, theme) -> SourceView:
    return in_window(SourceView(theme), 430, 700)


@pytest.fixture
def document() -> Document:
    return read_markdown(NOTE.encode(), ReaderLimits())


def as_shown(document: Document, start: int, end: int) -> str:
    """A stretch of a note with its formulas as they are drawn, without white space and the strokes of tables."""
    shown, at = "", start
    for span in document.spans:
        if span.kind is SpanKind.FORMULA and start <= span.start and span.end <= end:
            latex, _ = written_formula(document.text[span.start : span.end])
            shown += document.text[at : span.start] + formula_text(latex)
            at = span.end
    return "".join((shown + document.text[at:end]).replace(" | ", "").split())


def marked(view: SourceView) -> str:
    return "".join(view.marked_text().split())


def test_formulas_are_drawn_as_words_and_signs(view, document):
    view.show_document(document)
    text = view.document().toPlainText()
    for words in ("E = mc²", "√(x²+y²)", "a₁ ≤ b", "速度是 v = s/t。", "costs $5", "πr²"):
        assert words in text, words
    assert r"\unknown{x}" in text
    assert "$E" not in text


def test_every_sentence_is_marked_as_it_stands_with_its_formulas_whole(view, qtbot, document):
    for start, end in split_sentences(document.text):
        view.show_document(document, start, end)
        qtbot.waitUntil(lambda: not view.is_growing)
        assert marked(view) == as_shown(document, start, end)


@pytest.mark.parametrize("cut", [1, 4, 8])
def test_a_quote_that_ends_within_a_formula_marks_all_of_it(view, document, cut):
    start = document.text.index("The root is")
    at = document.text.index(r"$\sqrt")
    view.show_document(document, start, at + cut)
    assert view.marked_text() == "The root is √(x²+y²)"
    view.show_document(document, at + cut, document.text.index("🧭") + 1)
    assert view.marked_text() == "√(x²+y²) 🧭"


def test_words_behind_a_formula_are_told_by_their_offset_in_the_note(view, document):
    view.show_document(document)
    position = view.document().toPlainText().index("holds as well")
    assert view.offsets.offset_at(position + _wide_before(view, position)) == document.text.index("holds as well")


def _wide_before(view: SourceView, index: int) -> int:
    return sum(char > "\uffff" for char in view.document().toPlainText()[:index])


def test_what_is_found_within_a_formula_marks_it(view, document):
    view.show_document(document)
    at = document.text.index("mc^2$.")
    view.set_found([(at, at + 4)], 0)
    (mark,) = view.marks(MarkKind.FOUND_HERE)
    assert view.text_between(mark.start, mark.end) == "E = mc²"


def test_the_written_formula_is_told_where_the_pointer_rests(view, document):
    view.show_document(document)
    (start, end), *_ = view.offsets.ranges(document.text.index(r"$\sqrt"), document.text.index(r"$\sqrt") + 1)
    rect = view.rects_of(start + 1, end)[0]
    assert view._written_formula(rect.center().toPoint()) == r"\sqrt{x^2+y^2}"


def test_a_formula_in_lines_of_its_own_stands_to_the_right(view, document):
    view.show_document(document)
    place = view.document().toPlainText().index("v = s/t")
    block = view.document().findBlock(place + _wide_before(view, place))
    assert block.text() == "v = s/t; - a = b²"
    assert block.blockFormat().leftMargin() > 0
