"""Formulas can be read in a line of text; money and code stay what they are."""

from __future__ import annotations

import pytest

from assistant.desktop.chat.answer_view import AnswerView
from assistant.desktop.markdown.formula_text import formula_text
from assistant.desktop.markdown.markdown_blocks import parse_markdown
from assistant.desktop.markdown.markdown_runs import Style
from assistant.desktop.markdown.markdown_view import MarkKind
from assistant.domain.answers import SentenceCheck, Support


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        ("E=mc^2", "E = mc²"),
        ("a_{ij}^{n+1}", "aᵢⱼⁿ⁺¹"),
        (r"\frac{a+b}{2c}", "(a+b)/(2c)"),
        (r"\sum_{i=1}^n i = \frac{n(n+1)}{2}", "∑ᵢ₌₁ⁿ i = (n(n+1))/2"),
        (r"\sqrt{x^2+y^2} \le \sqrt[3]{8}", "√(x²+y²) ≤ ∛8"),
        (r"\alpha\in\mathbb{R}^n", "α ∈ ℝⁿ"),
        (r"\text{速度}=\frac{\text{距离}}{\text{时间}}", "速度 = 距离/时间"),
        (r"\left(\frac{1}{2}\right)", "(1/2)"),
        (r"\lim_{x\to 0} \log_2 n", "lim_(x → 0) log₂ n"),
        (r"\int_0^\infty e^{-x}\,dx", "∫₀^∞ e⁻ˣ dx"),
        (r"f(x^\ast)_\infty^2", "f(x^∗)_∞²"),
    ],
)
def test_a_formula_is_written_with_signs_that_can_be_read(latex: str, shown: str):
    assert formula_text(latex) == shown


@pytest.mark.parametrize("latex", [r"\frac{a", r"\unknown{x}", r"\begin{tikzcd}a\end{tikzcd}", "x^", "}{"])
def test_what_cannot_be_said_in_a_line_stays_as_it_is_written(latex: str):
    assert formula_text(latex) == latex


def formulas(text: str) -> list[str]:
    return [run.target for block in parse_markdown(text) for run in block.runs if run.style & Style.FORMULA]


def drawn(text: str) -> str:
    return "".join(run.text for block in parse_markdown(text) for run in block.runs)


@pytest.mark.parametrize(
    "text",
    [
        "It cost $5 and $10.",
        "Between US$5 and US$6, or $5/$10.",
        "About $5 million, or 10$ more",
        "价格是$5到$6之间",
        "$HOME/$PATH and $LANG",
        "$5 is less than 6$.",
    ],
)
def test_money_and_variables_are_no_formulas(text: str):
    assert formulas(text) == []
    assert drawn(text) == text


def test_code_is_never_read_as_a_formula():
    assert formulas("`$x^2$` and\n\n```sh\necho $a_1$\n```\n\nthe end") == []


@pytest.mark.parametrize("text", ["so $x^2$ holds", r"so \(x^2\) holds", "so $$x^2$$ holds", r"so \[x^2\] holds"])
def test_every_way_to_mark_a_formula_is_known(text: str):
    assert formulas(text) == ["x^2"]
    assert drawn(text) == "so x² holds"


@pytest.mark.parametrize(("opening", "closing"), [("$$", "$$"), ("\\[", "\\]")])
def test_a_formula_over_several_lines_is_one_block(opening: str, closing: str):
    text = f"where\n{opening}\n- a_1\n= b\n{closing}\nand so on"
    assert [block.runs[0].text for block in parse_markdown(text)] == ["where", "- a₁ = b", "and so on"]


def test_dollars_that_never_close_lose_nothing():
    assert drawn("$$ x\n\nmore") == "$$ xmore"


@pytest.mark.parametrize("step", [1, 5])
def test_a_formula_streams_in_to_what_stands_there_in_the_end(in_window, theme, step: int):
    text = "Here:\n$$\n- x_1\n- \\frac{a}{b}\n$$\nand $y^2$ and $5 or $6.\n\n$$ open\n- one\n- two"
    view, whole = in_window(AnswerView(theme)), in_window(AnswerView(theme))
    view.start()
    for at in range(0, len(text), step):
        view.append(text[at : at + step])
        view.flush()
    view.finish()
    whole.set_answer(text, (), ())
    assert view.document().toPlainText() == whole.document().toPlainText()


def test_a_doubted_sentence_that_ends_in_a_formula_is_underlined_up_to_its_end(in_window, theme):
    text = r"It is $\frac{a+b}{2}$. Next."
    view = in_window(AnswerView(theme))
    view.set_answer(text, (SentenceCheck(0, 22, Support.UNSUPPORTED),), ())
    last = view.marks(MarkKind.UNSUPPORTED)[-1]
    assert view.text_between(0, last.end) == "It is (a+b)/2."


def test_the_written_formula_is_told_where_the_pointer_rests(in_window, theme):
    view = in_window(AnswerView(theme))
    view.set_answer("so $x^2$ holds", (), ())
    rect = view.rects_of(3, 5)[0]
    assert view._written_formula(rect.center().toPoint()) == "x^2"
    assert view._written_formula(view.rects_of(8, 12)[0].center().toPoint()) == ""


def test_chinese_in_a_formula_stands_upright(in_window, theme):
    view = in_window(AnswerView(theme))
    view.set_answer(r"so $x^2$ and $\text{速度}=\frac{s}{t}$", (), ())
    words = {word: view.document().find(word).charFormat().fontItalic() for word in ("x²", "速度")}
    assert words == {"x²": True, "速度": False}
