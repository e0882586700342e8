"""The links of a Markdown note as they are written, without reading the note as a document: ten thousand notes are looked through at once.

What stands in code is no link. Reference links ("[words][1]") are not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Every repetition has an end: a note may be made to be slow.
_FENCE = re.compile(r"^ {0,3}(`{3,20}|~{3,20})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(?<!`)(`{1,8})(?!`)[^\n]{1,400}?(?<!`)\1(?!`)")
_TITLE = r"""(?:[ \t]+(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'|\([^()\n]{0,200}\)))?"""
_ADDRESS = r"(?:<([^<>\n]{1,1000})>|([^\s()<>]{1,1000}(?:\([^\s()<>]{0,200}\)[^\s()<>]{0,400})?))"
_TARGETS = r"\[(?:\[([^\[\]\n|]{1,400})(?:\|([^\[\]\n]{0,400}))?\]\]" rf"|([^\[\]\n]{{0,400}})\]\({_ADDRESS}{_TITLE}\))"
_LINK = re.compile(_TARGETS)
"""Begins with a bracket and nothing optional: so the text between links is passed over at once."""

_EMBEDDED = re.compile(f"!?{_TARGETS}")
_MARKUP = re.compile(r"[*_~=`]+|^(?:\s*(?:[#>+-]+|\d+[.)])\s+(?:\[[ xX]\]\s+)?)+")
_LINE_CHARS = 400


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """target: as it is written. words: what a reader of the note sees of it. before, after: what stands around it in its line, as seen."""

    target: str
    words: str
    before: str = ""
    after: str = ""


def has_links(text: str) -> bool:
    return "](" in text or "[[" in text


def written_targets(text: str) -> Iterator[str]:
    """The targets of `written_links` alone, in a third of the time."""
    for found in _LINK.finditer(_without_code(text)):
        yield (found[1] or found[4] or found[5]).strip()


def written_links(text: str) -> Iterator[WrittenLink]:
    """Every link that stands in a Markdown text, in order; also those that lead out."""
    bare = _without_code(text)
    for found in _LINK.finditer(bare):
        first = bare.rfind("\n", 0, found.start()) + 1
        last = bare.find("\n", found.end())
        last = len(bare) if last < 0 else last
        yield WrittenLink(
            (found[1] or found[4] or found[5]).strip(),
            _words(found).strip(),
            _seen(text[max(first, found.start() - _LINE_CHARS) : found.start()].removesuffix("!")),
            _seen(text[found.end() : min(last, found.end() + _LINE_CHARS)]),
        )


def _without_code(text: str) -> str:
    """The same text with blanks where code stands."""
    return _CODE.sub(_blank, _FENCE.sub(_blank, text)) if "`" in text or "~~~" in text else text


def _words(found: re.Match[str]) -> str:
    if found[1] is None:
        return _seen(found[3])
    return found[2] or found[1].replace("#", " › ").strip(" ›") or found[1]


def _seen(text: str) -> str:
    return _MARKUP.sub("", _EMBEDDED.sub(_words, text))


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])
