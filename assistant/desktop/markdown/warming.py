"""What reads code and formulas takes longer to load than a frame, so it is loaded before the first of them is to be drawn."""

from __future__ import annotations

from assistant.desktop.markdown.code_colours import read_code
from assistant.desktop.markdown.formula_text import formula_text

COMMON = ("python", "javascript", "bash", "json", "sql")


def warm_up() -> None:
    """Load the parsers. Thread: any."""
    formula_text(r"\frac{x}{2}")
    for language in COMMON:
        list(read_code(language, "x = 1"))
