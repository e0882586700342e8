"""The first letters of the pinyin of Chinese characters, by which names are typed without an input method: "lsb" finds 里斯本.

The common characters stand in GB 2312 in the order of their pinyin, so that no dictionary is needed; those with several readings are named
here. A rare character sounds like nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

# The first 3,755 characters of GB 2312 stand in the order of their pinyin: the first character of each letter bounds it.
_FIRST_OF_LETTER = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_LETTERS = "abcdefghjklmnopqrstwxyz"
_LAST = "座"
MOST_LETTERS = 24
_SECOND_BYTES = range(0xA1, 0xFF)

_OTHER_READINGS = dict(
    part.split(":")
    for part in (
        "重:zc 长:cz 行:xh 乐:ly 朝:cz 调:dt 弹:td 传:cz 藏:cz 曾:cz 参:cs 还:hx 会:hk 系:xj 校:xj 解:jx 卡:kq 单:ds 盛:sc 石:sd 省:sx "
        "识:sz 属:sz 提:td 尾:wy 吓:xh 降:jx 车:cj 查:cz 率:ls 叶:yx 粘:zn 折:zs 种:zc 区:qo 贾:jg 万:wm 厦:xs 合:hg 巷:xh 红:hg "
        "虹:hj 奇:jq 圈:jq 茄:jq 畜:cx 伺:cs 颤:cz 殖:zs 囤:dt 屯:tz 沈:cs 泊:bp 堡:bp 便:bp 辟:bp 扁:bp 匙:cs 炮:bp 秘:bm 弄:ln 纤:xq "
        "轧:yz 蔓:mw 否:fp 冯:fp 伽:gjq 颈:gj 咳:hk 括:gk 见:jx 尉:wy 仇:cq 翟:dz 澄:cd 宿:sx 给:gj"
    ).split()
)
"""By character, the first letters of all its readings, where they are not the same."""


def sounds_like(typed: str, name: str) -> bool:
    """Whether letters stand in a row in what a name sounds like, whichever reading its characters have. A sign between two words parts
    them; nothing fits a name without Chinese characters, or less than two letters."""
    wanted = typed.casefold().strip()
    if not 2 <= len(wanted) <= MOST_LETTERS or name.isascii() or not (wanted.isascii() and wanted.isalnum()):
        return False
    return any(not found[1].isascii() for found in _pattern(wanted).finditer(name.casefold()))


@lru_cache(maxsize=64)
def _pattern(wanted: str) -> re.Pattern[str]:
    """Finds every place where these letters stand, or characters that sound like them; compiled, it reads a name in a microsecond."""
    characters = _characters_by_letter()
    alike = "".join(f"[{letter}{characters.get(letter, '')}]" for letter in wanted)
    return re.compile(f"(?=({alike}))")


@lru_cache(maxsize=1)
def _characters_by_letter() -> dict[str, str]:
    found: dict[str, list[str]] = {letter: [] for letter in _LETTERS}
    bounds = [character.encode("gb2312") for character in _FIRST_OF_LETTER]
    for code in range(int.from_bytes(bounds[0], "big"), int.from_bytes(_LAST.encode("gb2312"), "big") + 1):
        if code & 0xFF not in _SECOND_BYTES:
            continue
        both = code.to_bytes(2, "big")
        character = both.decode("gb2312")
        letters = _OTHER_READINGS.get(character) or _LETTERS[sum(1 for bound in bounds if bound <= both) - 1]
        for letter in letters:
            found[letter].append(character)
    for character, letters in _OTHER_READINGS.items():
        if character.encode("gb2312") > _LAST.encode("gb2312"):  # among the rarer ones, which stand in another order
            for letter in letters:
                found[letter].append(character)
    return {letter: "".join(characters) for letter, characters in found.items()}
