"""Passages on one line, for reading at a glance in cards and lists."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain.documents import front_matter_end, may_be_wrapped

_BETWEEN = " · "
_ENDS = tuple(".!?…:;,")
_WIDE_ENDS = tuple("。！？：；，、")  # a space is part of them


def one_line(text: str) -> str:
    return " ".join(text.split())


def passage_line(text: str, start: int, note: str, headings: Sequence[str] = ()) -> str:
    """A passage without the note's front matter and without the headings that are named beside it; blocks stay apart.

    start: the passage's offset in its document. note: its path, for the file's kind. headings: what is shown beside the line anyway.
    """
    body = text[front_matter_end(text, start) :] or text
    lines = [one_line(line) for line in body.splitlines() if line.strip()]
    while len(lines) > 1 and lines[0] in headings:
        del lines[0]
    if may_be_wrapped(note):
        return " ".join(lines)
    joined = lines[0] if lines else ""
    for line in lines[1:]:
        joined += ("" if joined.endswith(_WIDE_ENDS) else " " if joined.endswith(_ENDS) else _BETWEEN) + line
    return joined
