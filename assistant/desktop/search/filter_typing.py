"""What is being typed at the cursor of the search field: the beginning of a filter's key, or of its value. No Qt in here.

The engine alone decides what a whole query means; this only looks at the stretch before the cursor, to offer what may come next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.desktop.common.filter_writing import NAMES

DATE_KEYS = frozenset({"after", "before", "date"})
ASKED_KEYS = frozenset({"folder", "type", "tag"})
"""Keys whose values the engine knows."""
DATE_WORDS = (
    ("today", "yesterday", "last-week", "last-month", "this-year"),
    ("今天", "昨天", "上周", "上个月", "今年"),
)
STATE_WORDS = (("ready", "words", "waiting", "unread"), ("就绪", "按字词", "等待", "未读"))
SHORTEST_BEGINNING = 2

_KEY_OF = {name: key for key, names in NAMES.items() for name in names}
_OTHER_NAMES = {
    "folder": "in path 資料夾 资料夹 目录 目錄",
    "type": "filetype ext 類型 格式",
    "tag": "標籤",
    "after": "since from 之後 晚于 晚於",
    "before": "until 早于 早於",
    "date": "on",
    "state": "status 狀態",
}
"""Further names that the engine takes: their values are completed too, but they are not taught."""
_KEY_OF_ANY = _KEY_OF | {name: key for key, names in _OTHER_NAMES.items() for name in names.split()}
_ALL_NAMES = "|".join(sorted(_KEY_OF_ANY, key=len, reverse=True))
_BEGINNING = r"(?<![^\s，。；、！？,;])[-\u2212\uff0d]?"
_VALUE = re.compile(
    rf"{_BEGINNING}(?:(?P<name>{_ALL_NAMES})[:：]|(?P<hash>[#＃]))"
    r"(?:[\"“”](?P<quoted>[^\"“”]*)|(?P<bare>[^\s\"“”]*))$",
    re.IGNORECASE,
)
_KEY = re.compile(rf"{_BEGINNING}(?P<name>[^\W\d_]+)$")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Typing:
    """A filter under the cursor. `text[start:end]` is the stretch to replace: a key's beginning, or a value with its opening quotation mark.

    key: "" while a key is being typed. is_chinese: the filter is written in Chinese.
    """

    key: str
    beginning: str
    start: int
    end: int
    is_chinese: bool = False
    is_hash: bool = False


def typing_at(text: str, cursor: int) -> Typing | None:
    """What the part of `text` that ends at `cursor` is the beginning of; None for ordinary words."""
    before, after = text[:cursor], text[cursor:]
    if after and not after[0].isspace():
        return None
    value = _VALUE.search(before)
    if value is not None:
        return _value_typing(value, cursor)
    key = _KEY.search(before)
    if key is None or after or len(key["name"]) < SHORTEST_BEGINNING or not keys_from(key["name"]):
        return None
    name = key["name"]
    return Typing("", name, key.start("name"), cursor, bool(_CHINESE.search(name)))


def keys_from(beginning: str) -> list[str]:
    """The names of keys that begin like this, in the language it is written in."""
    folded = beginning.casefold()
    return [name for name in _KEY_OF if name.startswith(folded)]


def key_of(name: str) -> str:
    """The key that a name stands for in either language."""
    return _KEY_OF[name]


def _value_typing(found: re.Match[str], cursor: int) -> Typing:
    name = (found["name"] or "tag").casefold()
    quoted = found["quoted"] is not None
    beginning = found["quoted"] if quoted else found["bare"]
    start = found.start("quoted") - 1 if quoted else found.start("bare")
    return Typing(_KEY_OF_ANY[name], beginning, start, cursor, bool(_CHINESE.search(name)), found["hash"] is not None)


# ---- offsets ---------------------------------------------------------------------------------------------------------


def moved_stretch(old: str, new: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the stretch `old[start:end]` stands in `new`, which was typed on from `old`; None if it was touched."""
    head = _common(old, new)
    room = min(len(old), len(new)) - head
    tail = min(_common(old[::-1], new[::-1]), room)
    if end <= head:
        shift = 0
    elif start >= len(old) - tail:
        shift = len(new) - len(old)
    else:
        return None
    place = start + shift, end + shift
    grew = _stands_free(old, start, end) and not _stands_free(new, *place)
    return None if grew else place


def _stands_free(text: str, start: int, end: int) -> bool:
    return not text[max(0, start - 1) : start].strip() and not text[end : end + 1].strip()


def with_space_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch to delete so that one space is left where the words around it meet, and none at the ends."""
    while end < len(text) and text[end].isspace():
        end += 1
    if end == len(text):
        while start > 0 and text[start - 1].isspace():
            start -= 1
    return start, end


def _common(first: str, second: str) -> int:
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count
