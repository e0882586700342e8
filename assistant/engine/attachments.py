"""Where a picture may lie that a note shows: beside the note, or by its name alone where note programs keep what is attached."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

_USUAL = ("", "attachments", "Attachments", "assets", "images", "img", "media", "files", "_resources", "附件", "图片")


def image_targets(note: str, target: str) -> Iterator[str]:
    """The target, then other spellings of it, nearest first; one with a leading slash begins at the root of the notes."""
    yield target
    path = target.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/"):
        return
    parents = [part for part in note.split("/")[:-1] if part]
    above = ["", *accumulate(parents, lambda path, part: f"{path}/{part}")]
    for folder in reversed(above):
        for usual in _USUAL if "/" not in path else ("",):
            yield "/" + "/".join(part for part in (folder, usual, path) if part)
