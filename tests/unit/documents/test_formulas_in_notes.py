"""Formulas of Markdown notes are kept as they are written, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from assistant.documents.limits import ReaderLimits
from assistant.documents.markdown import read_markdown
from assistant.domain.documents import BlockKind, Document, SpanKind


def read(text: str) -> Document:
    return read_markdown(text.encode(), ReaderLimits())


def formulas(document: Document) -> list[str]:
    return [document.text[span.start : span.end] for span in document.spans if span.kind is SpanKind.FORMULA]


@pytest.mark.parametrize(
    "written",
    [
        r"$\hat{x}_{i} + \sum_{j} y_j$",
        r"$\{a, b\} * c * d$",
        r"$$x_1 \\ x_2$$",
        r"\(a_i * b * c_j\)",
        r"\[ \frac{1}{2} \]",
    ],
)
def test_what_is_markup_elsewhere_is_kept_in_a_formula(written: str) -> None:
    document = read(f"So {written} holds, **bold $y^2$**.")
    assert document.text == f"So {written} holds, bold $y^2$."
    assert formulas(document) == [written, "$y^2$"]


@pytest.mark.parametrize(
    "text",
    [
        "It cost $5 and $10.",
        "价格是$5到$6之间",
        "$HOME/$PATH and $LANG",
        "Restaurants from $$ to $$$ or so",
        "`$x^2$` is code",
        "$ a $ stands free",
        r"a list \[1\] and \(so on\)",
        "$$ never closed",
    ],
)
def test_money_brackets_and_code_are_no_formulas(text: str) -> None:
    assert formulas(read(text)) == []


@pytest.mark.parametrize(("opening", "closing"), [("$$", "$$"), (r"\[", r"\]")])
def test_a_formula_in_lines_of_its_own_is_one_paragraph_whatever_its_lines_look_like(
    opening: str, closing: str
) -> None:
    document = read(f"where\n{opening}\n- a_1\n= b & c \\\\\n# d\n{closing}\nand so on")
    formula = rf"{opening} - a_1 = b & c \\ # d {closing}"
    assert [document.text[b.start : b.end] for b in document.blocks] == ["where", formula, "and so on"]
    assert {block.kind for block in document.blocks} == {BlockKind.PARAGRAPH}
    assert formulas(document) == [formula]


def test_lines_that_no_closing_sign_follows_are_read_as_ever() -> None:
    document = read("$$\nx\n\n- one\n- two")
    assert [block.kind for block in document.blocks] == [BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.LIST_ITEM]
    assert formulas(document) == []


def test_a_formula_within_a_quote_and_a_list_stays_there() -> None:
    document = read("> $$\n> y = 2^n\n> $$\n\n- so:\n  $$\n  z^2\n  $$\n")
    assert formulas(document) == ["$$ y = 2^n $$", "$$ z^2 $$"]
    assert [block.kind for block in document.blocks] == [BlockKind.QUOTE, BlockKind.LIST_ITEM]


def test_signs_that_open_and_never_close_lose_nothing() -> None:
    document = read("a \\[ \\frac " * 4_000)
    assert formulas(document) == []
    assert document.text.count("frac") == 4_000
