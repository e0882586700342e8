"""Strings that programs have tripped over: our own, and a public collection where ELEPHANT_CORPORA names a folder that holds one."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

OWN = (
    "", " ", "\t", "\u00a0", "\u200b", "\ufeff", "null", "undefined", "None", "NaN", "0", "-1", "1/0", "9" * 400, "1e1000", "true",
    "../../etc/passwd", "C:\\..\\x", "CON", "a/b\\c", "%s%s%n%x", "{0}{name}{0.__class__}", "$HOME `id` $(id)", "'; DROP TABLE notes;--",
    "\"", "'", "&amp;&lt;", "& && &File", "<b>bold</b>", "<img src='file:///etc/passwd'>", "<a href='http://leak.invalid'>x</a>",
    "<script>alert(1)</script>", "<!-- x", "]]>", "<style>*{background:url(file:///etc/passwd)}</style>", "<table><tr><td>x", "<qt>rich</qt>",
    "![x](file:///etc/passwd)", "[x](javascript:alert(1))", "[[http://leak.invalid]]", "`", "```", "~~~", "***", "___", "# ", "> > > >", "- - -",
    "|a|b|\n|-|-|", "[", "]" * 300, "(" * 300, "\\", "\\\\host\\share", "$$\\frac{a}{b", "<", "<<<<", ">", "\x00", "\x1b[31mred\x1b[0m", "\x07\x08",
    "\ud800", "\udfff\ud800", "\u202eelpmaxe\u202c", "\u2066x", "\u061c", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L", "e\u0301" * 50, "👩‍👩‍👧‍👦🏳️‍🌈", "🏴\U000e0067\U000e0062\U000e007f",
    "﷽" * 20, "ﾟ･✿ヾ╲(｡◕‿◕｡)╱✿", "田中さんにあげて下さい", "الكل في المجمو عة", "בְּרֵאשִׁית", "ก็็็็็็", "\U0010ffff", "\ufffe", "İıſ", "ß", "𝒳𝔂",
    "word " * 400, "x" * 5000, "a\nb\r\nc\u2028d\u2029e", "folder:\"", "tag:<img>", "-", "\"unclosed", "*", "NEAR(a b)", "a AND", "title:(x",
    "".join(chr(0xE0000 + ord(char)) for char in "hidden"),
)  # fmt: skip


def hostile_strings() -> tuple[str, ...]:
    """Ours, then those of the collection."""
    named = os.environ.get("ELEPHANT_CORPORA")
    path = Path(named or ".", "naughty-strings", "blns.json")
    return (*OWN, *(json.loads(path.read_text("utf-8")) if named and path.is_file() else ()))


def markdown_examples() -> tuple[str, ...]:
    """The Markdown of every example of the CommonMark specification, if the same folder holds it."""
    named = os.environ.get("ELEPHANT_CORPORA")
    path = Path(named or ".", "commonmark", "spec.txt")
    if not named or not path.is_file():
        return ()
    found = re.findall(r"^`{32} example\n(.*?)^\.\n.*?^`{32}$", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return tuple(text.replace("→", "\t") for text in found)
