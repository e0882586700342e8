"""Words and names of a text, in the form in which a claim and its proof are compared.

Latin words are folded and cut to a rough stem; Chinese becomes overlapping character pairs, as in the keyword index, because most of
its words have two characters and no dictionary is needed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from assistant.models.simplified import to_simplified

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:['’][^\W_{_HAN}]+)?")
_CAPITAL_WORD = re.compile(rf"[A-Z\u00c0-\u00de][^\W_{_HAN}]*(?:['’-][^\W_{_HAN}]+)*")

_STOP_WORDS = frozenset(
    "a an the and or but nor so yet if then than as at by for from in into of off on onto out over per to up upon with without within "
    "about after again against all also am any are be because been before being below between both can could did do does doing done "
    "down during each few had has have having he her here hers him his how i is it its itself just may me might more most much must my "
    "no not now once one only other our ours own same shall she should some such that their theirs them these they this those through "
    "too under until very was we were what when where which while who whom whose why will would you your yours there s t don didn "
    "isn wasn doesn according answer question note notes text passage say says said state states stated mention mentions mentioned "
    "describe describes described known called named name based following given".split()
)
_ZH_STOP_CHARS = frozenset(
    "的是了在和有与及也就都而着或被把对于从到向以为之其这那个们吗呢吧啊哪谁么什怎可会能要不很还又中上下里"
)


def fold(text: str) -> str:
    return to_simplified(unicodedata.normalize("NFKC", text)).casefold()


def words_of(text: str) -> list[str]:
    """Folded words in order: Latin words as they are, a Chinese stretch as its overlapping pairs (a single character alone)."""
    found: list[str] = []
    for match in _WORD.finditer(fold(text)):
        word = match[0]
        if is_han(word[0]):
            found.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        else:
            found.append(word.replace("’", "'").removesuffix("'s"))
    return found


def terms_of(text: str) -> list[str]:
    """Words for comparing meanings: Latin stems, and of Chinese the characters that carry content with the pairs they form."""
    found: list[str] = []
    for match in _WORD.finditer(fold(text)):
        word = match[0]
        if is_han(word[0]):
            found.extend(char for char in word if char not in _ZH_STOP_CHARS)
            found.extend(
                word[i : i + 2] for i in range(len(word) - 1) if not _ZH_STOP_CHARS.intersection(word[i : i + 2])
            )
        else:
            found.append(stem(word.replace("’", "'").removesuffix("'s")))
    return found


def is_stop_word(word: str) -> bool:
    """True for words and character pairs that carry no content by themselves. Takes words and stems, in any case."""
    folded = word.casefold()
    if is_han(folded[0]):
        return all(char in _ZH_STOP_CHARS for char in folded)
    return folded in _STOP_WORDS or stem(folded) in _STOP_WORDS or folded.endswith("n't")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A rough English stem: enough that "invented", "invents" and "inventing" are one. Digits are left alone."""
    if len(word) <= 3 or not word.isalpha():
        return word
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and not word.endswith("ss"):
            cut = word[: -len(ending)] + instead
            if len(cut) >= 3 and any(vowel in cut for vowel in "aeiouy"):
                word = cut
                break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def names_of(sentence: str) -> set[str]:
    """Stems of capitalised words, without the one that begins the sentence (it is capitalised anyway) and the little words."""
    start = len(sentence) - len(sentence.lstrip(" \t\"'“‘(*_-"))
    found: set[str] = set()
    for match in _CAPITAL_WORD.finditer(sentence):
        if match.start() > start and not match[0].startswith(("I'", "I’")):
            found.update(term for term in terms_of(match[0]) if not is_stop_word(term))
    return found


def is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff"
