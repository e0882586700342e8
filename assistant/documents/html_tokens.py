"""HTML as a flat stream of tags and text, in time proportional to its length whatever it holds.

The standard library's parser goes back to where it began at every unfinished tag or comment, which a hostile page turns into
minutes; the tree builders stop at a depth or recurse. A reader needs neither a tree nor repairs, only what stands where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape


@dataclass(frozen=True, slots=True)
class StartTag:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EndTag:
    name: str


HtmlToken = StartTag | EndTag | str

_NAME = re.compile(r"[a-zA-Z][^\s/>]{0,60}")
_ATTRIBUTE = re.compile(r"([^\s=/>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
_QUOTE_OR_END = re.compile(r"[>\"']")
_RAW = re.compile(r"</(script|style|textarea|title|xmp|noembed)\b", re.IGNORECASE)
_RAW_NAMES = frozenset(["script", "style", "textarea", "title", "xmp", "noembed"])
_MOST_ATTRIBUTES = 60
_ATTRIBUTES_CHARS = 20_000


def html_tokens(markup: str) -> Iterator[HtmlToken]:
    """Yield start tags, end tags and text (entities resolved, never empty) in order. Comments and declarations are left out.

    A "<" that begins nothing, and a tag that never ends, is text.
    """
    return _Scanner(markup).tokens()


class _Scanner:
    """Looks for each kind of end only while one can still be found: what failed once is not searched for again."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._last = {mark: markup.rfind(mark) for mark in (">", '"', "'", "-->", "]]>")}
        self._raw_ends: dict[str, int] = {}
        for found in _RAW.finditer(markup):
            self._raw_ends[found.group(1).lower()] = found.start()

    def tokens(self) -> Iterator[HtmlToken]:
        markup = self._markup
        position = text_start = 0
        while (opening := markup.find("<", position)) >= 0:
            end, token = self._at(opening)
            if end < 0:
                position = opening + 1
                continue
            if opening > text_start:
                yield unescape(markup[text_start:opening])
            if token is not None:
                yield token
            position = text_start = end
            if isinstance(token, StartTag) and token.name in _RAW_NAMES:
                raw_end = self._raw_end(token.name, position)
                if raw_end > position:
                    raw = markup[position:raw_end]
                    yield unescape(raw) if token.name in {"title", "textarea"} else raw
                position = text_start = raw_end
        if text_start < len(markup):
            yield unescape(markup[text_start:])

    def _at(self, opening: int) -> tuple[int, HtmlToken | None]:
        """What begins at a "<": where it ends (-1: it is only a character) and the tag, if it is one."""
        markup = self._markup
        following = markup[opening + 1 : opening + 2]
        if following == "!":
            return self._declaration(opening), None
        if following == "?":
            return self._find(">", opening), None
        is_end = following == "/"
        name = _NAME.match(markup, opening + 1 + is_end)
        if name is None or self._last[">"] < opening:
            return -1, None
        end = self._tag_end(name.end())
        if is_end:
            return end, EndTag(name.group().lower())
        inside = markup[name.end() : min(end - 1, name.end() + _ATTRIBUTES_CHARS)]
        return end, StartTag(name.group().lower(), _attributes(inside))

    def _declaration(self, opening: int) -> int:
        if self._markup.startswith("<!--", opening):
            return self._find("-->", opening + 2)
        if self._markup.startswith("<![CDATA[", opening):
            # Its text is text; only the brackets go.
            return opening + 9 if self._last["]]>"] >= opening else -1
        return self._find(">", opening)

    def _find(self, mark: str, start: int) -> int:
        if self._last[mark] < start:
            return -1
        return self._markup.find(mark, start) + len(mark)

    def _tag_end(self, position: int) -> int:
        """The character after the ">" that ends a tag; a ">" inside quotes does not, if the quote is closed."""
        while found := _QUOTE_OR_END.search(self._markup, position):
            mark, after = found.group(), found.end()
            if mark == ">":
                return after
            follows_equals = self._markup[found.start() - 1] == "=" or self._markup[found.start() - 1].isspace()
            if follows_equals and self._last[mark] >= after:
                closing = self._markup.find(mark, after) + 1
                if self._last[">"] >= closing:
                    position = closing
                    continue
            position = after
        return self._markup.find(">", position) + 1 or len(self._markup)

    def _raw_end(self, name: str, start: int) -> int:
        """Where the raw text of a script ends: at its end tag, or at once if it has none, so that nothing is swallowed."""
        if self._raw_ends.get(name, -1) < start:
            return start
        pattern = re.compile(rf"</{name}\b", re.IGNORECASE)
        found = pattern.search(self._markup, start)
        return found.start() if found else start


def _attributes(inside: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if not inside or inside.isspace():
        return found
    for match in _ATTRIBUTE.finditer(inside):
        name, double, single, bare = match.groups()
        value = double if double is not None else single if single is not None else bare or ""
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
        if len(found) >= _MOST_ATTRIBUTES:
            break
    return found
