"""Which words of a listing are keywords, strings and so on. Pygments knows the languages; the colours are the theme's. No Qt in here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,40}")
_ALIASES = {
    "c++": "cpp",
    "c#": "csharp",
    "f#": "fsharp",
    "golang": "go",
    "shell": "bash",
    "yml": "yaml",
    "plain": "text",
}
_ROLES = (
    ("Comment", "code_comment"),
    ("Keyword", "code_keyword"),
    ("Operator.Word", "code_keyword"),
    ("Literal.String", "code_string"),
    ("Literal.Number", "code_number"),
    ("Literal.Date", "code_number"),
    ("Name.Function", "code_name"),
    ("Name.Class", "code_name"),
    ("Name.Decorator", "code_name"),
    ("Name.Tag", "code_keyword"),
    ("Name.Attribute", "code_name"),
    ("Name.Builtin", "code_name"),
    ("Name.Constant", "code_number"),
    ("Name.Variable", "code_name"),
    ("Generic.Heading", "code_keyword"),
    ("Generic.Inserted", "code_string"),
    ("Generic.Deleted", "code_number"),
)
"""What Pygments calls a token, and the theme's token it is drawn in; the first that fits counts."""


def read_code(language: str, code: str) -> Iterator[tuple[int, int, str]]:
    """Stretches of `code` with a colour of their own as (start, end, theme token), in order, read as they are asked for.

    Nothing for a language that nobody knows: guessing colours words wrongly.
    """
    lexer = _lexer(language)
    if lexer is None:
        return
    for start, kind, text in lexer.get_tokens_unprocessed(code):
        role = _role(str(kind))
        if role and text:
            yield start, start + len(text), role


@cache
def _role(kind: str) -> str:
    name = kind.removeprefix("Token.")
    return next((role for prefix, role in _ROLES if name == prefix or name.startswith(f"{prefix}.")), "")


@cache
def _lexer(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    name = language.casefold().strip("{}.")
    if not _LANGUAGE.fullmatch(name):
        return None
    try:
        return get_lexer_by_name(_ALIASES.get(name, name))
    except ClassNotFound:
        return None
