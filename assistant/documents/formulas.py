"""Formulas in Markdown notes stay as they are written, signs and all: `_`, `*` and `\\` within them are LaTeX, no markup."""

from __future__ import annotations

from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from assistant.domain.formulas import FORMULA_ENDS, MOST_FORMULA_LINES, formula_end, is_surely_formula

FORMULA_TAG = "x-formula"


def formula_plugin(parser: MarkdownIt) -> None:
    """Hand formulas on in elements called `x-formula`, within a line and in lines of their own."""
    parser.inline.ruler.before("escape", "formula", _formula)
    parser.block.ruler.before(
        "fence", "formula_lines", _formula_lines, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _formula(state: StateInline, silent: bool) -> bool:
    text, start = state.src, state.pos
    opening = next((sign for sign in FORMULA_ENDS if text.startswith(sign, start)), "")
    last = formula_end(opening, text, start) if opening else -1
    inner = text[start + len(opening) : last] if last >= 0 else ""
    if not inner.strip() or (opening[0] == "\\" and not is_surely_formula(inner)):
        return False
    end = last + len(FORMULA_ENDS[opening])
    if end > state.posMax:
        return False
    if not silent:
        token = state.push("html_ready", "", 0)
        token.content = f"<{FORMULA_TAG}>{escape(text[start:end])}</{FORMULA_TAG}>"
    state.pos = end
    return True


def _formula_lines(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A formula that begins a line and ends one, without a blank line in it: a paragraph, whatever its lines look like."""
    after = _line_behind(state, first, end)
    if not after:
        return False
    if not silent:
        state.line = after
        state.push("paragraph_open", "p", 1).map = [first, after]
        token = state.push("inline", "", 0)
        token.content = state.getLines(first, after, state.blkIndent, False).strip()
        token.map, token.children = [first, after], []
        state.push("paragraph_close", "p", -1)
    return True


def _line_behind(state: StateBlock, first: int, end: int) -> int:
    """Number of the line behind the formula that begins in a line; 0 if there is none."""
    if state.is_code_block(first):
        return 0
    begin = state.bMarks[first] + state.tShift[first]
    opening = state.src[begin : begin + 2]
    if opening not in ("$$", "\\["):
        return 0
    closing, written = FORMULA_ENDS[opening], ""
    for line in range(first, min(end, first + MOST_FORMULA_LINES)):
        if state.isEmpty(line) or (line > first and state.sCount[line] < state.blkIndent):
            return 0
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
        written += " " + (text[2:] if line == first else text)
        if closing in written:
            inner = written.removesuffix(closing)
            is_one = closing not in inner and written.endswith(closing) and inner.strip()
            return line + 1 if is_one and (opening == "$$" or is_surely_formula(inner)) else 0
    return 0
