"""What is being typed at the cursor of the question: `@` begins a note or a folder, `#` a tag. No Qt in here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.desktop.common.filter_writing import NAMES, written_value

_TYPING = re.compile(
    r"(?P<before>^|[\s，。；、！？：,;:(（\"“]|[\u3400-\u9fff])(?P<sign>[@＠#＃])(?P<beginning>[^\s@#＠＃\"“”]{0,60})$"
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
UNWRITABLE = '"“”「」\n'
"""A value that holds one of these cannot be written as a filter."""


@dataclass(frozen=True, slots=True)
class MentionTyping:
    """`text[start:end]` is what is typed, its sign included. needs_space: something stands before it that a filter may not touch."""

    is_tag: bool
    beginning: str
    start: int
    end: int
    needs_space: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        return ("tag",) if self.is_tag else ("title", "folder")


def mention_at(text: str, cursor: int) -> MentionTyping | None:
    """What ends at the cursor; None for ordinary words and for an address (ada@example.org)."""
    before, after = text[:cursor], text[cursor:]
    if after and not (after[0].isspace() or _CHINESE.match(after[0]) or after[0] in "，。；、！？,.;!?)）"):
        return None
    found = _TYPING.search(before)
    if found is None:
        return None
    stands_before = found["before"]
    return MentionTyping(
        found["sign"] in "#＃",
        found["beginning"],
        found.start("sign"),
        cursor,
        needs_space=bool(stands_before) and (bool(_CHINESE.match(stands_before)) or stands_before in '：:"“'),
    )


def mention_text(typing: MentionTyping, key: str, value: str, *, in_chinese: bool) -> str:
    """What takes the place of what was typed: a filter that the search field takes as well."""
    if key == "tag":
        written, needs_long = written_value(value, is_hash=True)
        text = f"{NAMES['tag'][in_chinese]}:{written}" if needs_long else f"#{written}"
    else:
        text = f'{NAMES[key][in_chinese]}:"{value}"'
    return f"{' ' if typing.needs_space else ''}{text}"
