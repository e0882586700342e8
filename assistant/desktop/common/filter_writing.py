"""How filters are written into a query, in the search field and in a question. No Qt in here.

The engine alone decides what a query means.
"""

from __future__ import annotations

import re

NAMES: dict[str, tuple[str, str]] = {
    "folder": ("folder", "文件夹"),
    "type": ("type", "类型"),
    "tag": ("tag", "标签"),
    "title": ("title", "标题"),
    "after": ("after", "之后"),
    "before": ("before", "之前"),
    "date": ("date", "日期"),
    "state": ("state", "状态"),
}
"""Each key as it is written in English and in Chinese. Both are understood, whatever language the window speaks."""

_PLAIN_VALUE = re.compile(r"[^\s\"“”「」，。；、！？]*[^\s\"“”「」，。；、！？,;]")
_HASH_VALUE = re.compile(r"[^\W\d_][\w/-]{0,99}")

_WRITTEN = re.compile(
    rf"(?<![^\s，。；、！？,;(（])[-\u2212\uff0d]?(?:"
    rf"(?:{'|'.join(name for key in ('title', 'folder', 'tag', 'type') for name in NAMES[key])})[:：]"
    r"(?:\"[^\"\n]{1,200}\"|“[^”\n]{1,200}”|[^\s\"“”，。；、！？]+)|[#＃][^\W\d_][\w/-]{0,99}(?=[\s，。；、！？：,;.?!)）]|$))",
    re.IGNORECASE,
)


def written_value(value: str, *, is_hash: bool = False) -> tuple[str, bool]:
    """A value as it is written after its key. The second: it needs the long form, because `#` cannot hold it."""
    if is_hash and _HASH_VALUE.fullmatch(value):
        return value, False
    return (value if _PLAIN_VALUE.fullmatch(value) else f'"{value}"'), is_hash


def points_before(text: str, units: int) -> int:
    """How many characters of `text` lie before a position that Qt counts in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore"))


def written_filters(text: str) -> list[tuple[int, int]]:
    """Where filters for notes, folders, tags and types stand in a text, as they are to be seen in it."""
    return [found.span() for found in _WRITTEN.finditer(text)]
