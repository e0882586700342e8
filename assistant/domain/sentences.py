"""Where sentences begin and end, in English, Chinese and mixtures of both.

Rules instead of a model: the same ranges are needed by the splitter, the instant quote and the citation check, thousands of
times a second, and must not change under a stored citation. One pass with bounded look-back, so that hostile text costs no
more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A full-width stop ends a sentence whatever follows it; an ASCII stop only in the right company.
_HARD_STOPS = "。！？；｡．︒।॥؟۔"
_CLOSERS = "\"'”’»）)】］\\]」』》〉｝}"
_STOP = re.compile(rf"[{_HARD_STOPS}.!?…‼⁇⁈⁉]+(?:\[\d{{1,3}}\]|[{_CLOSERS}]|[*_`]+)*")
_NEVER_AFTER = frozenset("，、：；。！？,;:）)】」』》”’")

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_OTHER_LETTER = re.compile(r"[^\W\d_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

# The stop of these belongs to the word; a name follows.
_TITLES = _words(
    "mr mrs ms mx dr prof st ste mt rev hon gen col capt cpt lt sgt gov sen rep pres messrs mme mlle vs cf e.g i.e eg ie "
    "viz resp eds dept univ assn bros"
)
# The same where a number follows ("No. 5", "pp. 12-14", "Vol. II"), else an ordinary word ("He said no.").
_BEFORE_NUMBERS = _words("no nos fig figs eq eqs sec ch chap vol vols p pp par para art ref refs tab ex approx ca ed")
_NUMBER = re.compile(r"\d|[IVXLC]+\b")
# These may end a sentence; they do so when a typical first word follows.
_MAYBE = _words(
    "etc al inc ltd co corp llc jr sr esq a.m p.m am pm u.s u.k u.n e.u ph.d m.d b.a m.a d.c b.c a.d jan feb mar apr jun jul aug "
    "sep sept oct nov dec mon tue wed thu fri sat sun"
)
_STARTERS = _words(
    "the this that these those it its he she they we i you there here in on at for from with when while if as after "
    "before but and so yet however although though because since thus then what who why how where his her their our "
    "my your no not all some many most each every one two both by to an a"
)
_LAST_WORD = re.compile(r"[^\W_](?:[^\W_]|\.(?=[^\W_]))*$")
_NEXT_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENUMERATOR = re.compile(r"[(（]?(?:\d{1,3}|[A-Za-z]|[ivxlcIVXLC]{1,6})(?:\.\d{1,3})*$")
_LIST_START = re.compile(r"(?:[-*+•‣▪◦·–—>#|☐☑]|\d{1,3}[.)、．]|[(（]?[a-zA-Z\d]{1,3}[)）])\s?")
_AFTER_A_MARK = "\"'”’»」』）)*_ \n"
_LOOK_BACK = 24
_WRAPPED_LINE = 50
_ROW_LOOK = 80
_LANGUAGE_SAMPLE = 4000


def split_sentences(text: str, *, may_be_wrapped: bool = True) -> list[tuple[int, int]]:
    """Split text into sentences.

    may_be_wrapped: a line break may stand within a sentence; False where every one ends what is said.

    Returns:
        Half-open character ranges, in order, without overlap, without white space at their ends. Together they hold every
        character that is not white space. Empty or blank text gives an empty list.

    Blank lines end a sentence, and so does any line break that does not look like the wrapping of a longer line (a heading, a
    list item, a table row, a line of code).
    """
    found: list[tuple[int, int]] = []
    for start, end in _segments(text, may_be_wrapped):
        found.extend(_sentences_in(text, start, end))
    return found


def is_question(sentence: str) -> bool:
    """True if a sentence ends with a question mark, whatever closes it."""
    return sentence.rstrip(_AFTER_A_MARK).endswith(("?", "？"))


def contains_han(text: str) -> bool:
    """True if text holds at least one Chinese character."""
    return _HAN.search(text) is not None


def text_language(text: str) -> str:
    """ "zh" or "en", whichever the words of text mostly are; "en" for text without letters.

    Looks at the first 4,000 characters. One Chinese character says about as much as four Latin letters, hence the factor.
    """
    sample = text[:_LANGUAGE_SAMPLE]
    han = len(_HAN.findall(sample))
    if not han:
        return "en"
    return "zh" if han * 4 >= len(_OTHER_LETTER.findall(sample)) else "en"


def _segments(text: str, may_be_wrapped: bool) -> Iterator[tuple[int, int]]:
    """Ranges that no sentence crosses: lines, with wrapped lines put together."""
    start = 0
    position = 0
    while True:
        newline = text.find("\n", position)
        if newline < 0:
            yield start, len(text)
            return
        if not (may_be_wrapped and _is_wrap(text, position, newline)):
            yield start, newline
            start = newline + 1
        position = newline + 1


def _is_wrap(text: str, line_start: int, newline: int) -> bool:
    """True if the line break at `newline` only wraps a running sentence."""
    after = newline + 1
    while after < len(text) and after - newline <= 16 and text[after] in " \t\u3000":
        after += 1
    if after >= len(text) or text[after].isspace() or _LIST_START.match(text, after):
        return False
    if " | " in text[line_start:newline] or " | " in text[after : after + _ROW_LOOK].partition("\n")[0]:
        return False  # rows of a table
    before = newline - 1
    while before >= line_start and newline - before <= 16 and text[before].isspace():
        before -= 1
    if before < line_start or text[before].isspace():
        return False
    length = before + 1 - line_start
    if text[after].islower():
        return length >= 20 and not _ends_line(text[before])
    if _HAN.match(text[after]) and _HAN.match(text[before]):
        return length >= 20
    return length >= _WRAPPED_LINE and (text[before].isalnum() or text[before] in ",-–")


def _ends_line(char: str) -> bool:
    return char in _HARD_STOPS or char in ".!?:：|"


def _sentences_in(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    sentence = start
    for stop in _STOP.finditer(text, start, end):
        if _ends_sentence(text, sentence, stop.start(), stop.end(), end):
            yield from _trimmed(text, sentence, stop.end())
            sentence = stop.end()
    yield from _trimmed(text, sentence, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _ends_sentence(text: str, sentence: int, stop: int, after: int, limit: int) -> bool:
    if after >= limit:
        return True
    following = text[after]
    marks = text[stop : min(after, stop + 64)]
    if any(char in _HARD_STOPS for char in marks):
        return following not in _NEVER_AFTER
    if "…" in marks and not following.isspace():
        return bool(_HAN.match(following)) or (stop > 0 and bool(_HAN.match(text[stop - 1])))
    if _HAN.match(following):
        return not (marks[0] == "." and stop > 0 and text[stop - 1].isdigit())
    if not following.isspace():
        return False
    head = after
    while head < limit and head - after < _LOOK_BACK and (text[head].isspace() or text[head] in "\"'“‘«([（「*_"):
        head += 1
    if head >= limit:
        return True
    if text[head].islower():
        return False
    if marks.startswith("....") and (text[head].isdigit() or text[head] in "$€£¥+("):
        return False  # dots that lead the eye to a number at the end of the line
    if marks.startswith("..") or marks[0] != ".":
        return True
    return _stop_ends(text, sentence, stop, head)


def _stop_ends(text: str, sentence: int, stop: int, head: int) -> bool:
    """Decide about one full stop followed by white space and something that is not a small letter."""
    before = text[max(sentence, stop - _LOOK_BACK) : stop]
    if stop - sentence <= _LOOK_BACK and _ENUMERATOR.fullmatch(before.strip()):
        return False
    word = _LAST_WORD.search(before)
    if word is None:
        return True
    last = word.group().lower()
    if last in _TITLES:
        return False
    if last in _BEFORE_NUMBERS and _NUMBER.match(text, head):
        return False
    is_initial = len(last) == 1 and last.isalpha() and word.group().isupper()
    if not is_initial and last not in _MAYBE and not _is_dotted(last):
        return True
    following = _NEXT_WORD.match(text, head, head + _LOOK_BACK)
    return following is not None and following.group().split("'")[0].lower() in _STARTERS


def _is_dotted(word: str) -> bool:
    """True for abbreviations such as u.s.a: single letters with stops between."""
    parts = word.split(".")
    return len(parts) > 1 and all(len(part) == 1 and part.isalpha() for part in parts)
