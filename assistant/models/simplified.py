"""Traditional Chinese characters as their simplified ones, so that a question in one script finds a note in the other.

Character by character: what a word would be called elsewhere (軟體, 软件) is another matter, and a mapping that looks at words would
depend on where a text was cut. The characters come from OpenCC.
"""

from __future__ import annotations

from functools import cache

_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))


def to_simplified(text: str) -> str:
    """As many characters as before; what has no simplified form stays. The first call with Chinese takes some 0.1 s, later ones as long
    as a str.translate."""
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, str]:
    from opencc import OpenCC  # only where there is any Chinese: the window and most commands start without it

    # One line a character: none has a neighbour that could make a word of it.
    characters = "\n".join(chr(code) for first, end in _HAN for code in range(first, end))
    simplified = OpenCC("t2s").convert(characters)
    assert len(simplified) == len(characters), "not one character for one"
    return {ord(old): new for old, new in zip(characters, simplified, strict=True) if old != new}
