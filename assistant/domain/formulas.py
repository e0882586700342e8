"""Where a formula stands in Markdown: the same signs count in a note and in an answer. What it says is none of this module's business."""

from __future__ import annotations

import re
import unicodedata

FORMULA_ENDS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$", "$": "$"}
"""What opens a formula, and what closes it."""

MOST_FORMULA_LINES = 40
"""Of a formula in lines of its own. What is longer has an end that somebody forgot."""

MOST_FORMULA_CHARS = 4_000
"""So far its end is looked for: a text of nothing but openings must not cost its length for each of them."""

_SUM_OF_MONEY = re.compile(r"\d[\d.,]*\s*(?:[^\W\d_]{2,}|[^\x00-\x7f]|[-–/]\s*$|\s[^\\^_{}]*$)")
_TELLING = re.compile(r"[\\^_{}=+*/<>|-]|^\s*\S\s*$|^\S+$")
_COMMAND = re.compile(r"\\[A-Za-z]|\^|(?<!\\)_")


def formula_end(opening: str, text: str, start: int) -> int:
    """Where the sign that closes a formula stands; -1 if what opens at `text[start]` is none.

    opening: a key of FORMULA_ENDS that stands there. "$5 and $6" is money, "$HOME/$PATH" a shell's, "$ to $$$" a guide's to restaurants: the
    dollars of a formula stand close to it and free of other words, and it begins with no number that words follow.
    """
    first = start + len(opening)
    last = text.find(FORMULA_ENDS[opening], first, first + MOST_FORMULA_CHARS)
    if last < 0 or opening[0] == "\\":
        return last
    inner = text[first:last]
    if opening == "$$":
        return last if _TELLING.search(inner) else -1
    is_loose = (
        inner[:1].isspace()
        or inner[-1:].isspace()
        or _is_word(text[last + 1 : last + 2])
        or _is_word(text[start - 1 : start] if start else "")
    )
    is_other = "\n" in inner or "`" in inner or _SUM_OF_MONEY.match(inner)
    return -1 if is_loose or is_other else last


def is_surely_formula(latex: str) -> bool:
    """Whether it can be nothing else. In notes `\\(` and `\\[` are more often brackets that a program wrote than formulas."""
    return bool(_COMMAND.search(latex))


def written_formula(text: str) -> tuple[str, int]:
    """The LaTeX of a formula with its signs around it, and where that begins in the text; ("", 0) if there are no such signs."""
    for opening, closing in FORMULA_ENDS.items():
        inner = text[len(opening) : -len(closing)]
        if text.startswith(opening) and text.endswith(closing) and inner.strip():
            return inner.strip(), len(opening) + len(inner) - len(inner.lstrip())
    return "", 0


def _is_word(char: str) -> bool:
    """A letter or a digit that is not wide: Chinese stands close to a formula."""
    return char.isalnum() and unicodedata.east_asian_width(char) not in {"W", "F"}
