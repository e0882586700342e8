"""Text to search terms: the same analysis for what is indexed and for what is asked.

SQLite's tokenizer only stems and folds accents afterwards; words are found here, because none of its own finds the two-character
words that most Chinese queries are made of. A run of Chinese becomes its overlapping character pairs and its last character alone,
so that a single character is found as the beginning of a pair or as the end of a run.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assistant.models.simplified import to_simplified

TERMS_VERSION = 2
"""Of the terms in an index. A library with others is given these from the texts it holds, without reading a note."""

MOST_QUERY_CHARS = 2000
"""A pasted page is a question too, but its first words say enough; bounds the work of one search."""

MOST_QUERY_TERMS = 48

_PAIRED = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<paired>[{_PAIRED}]+)|(?P<word>[^\W_{_PAIRED}]+)")
_COMPOUND = re.compile(
    r"(?<![a-z0-9_])(?:[a-z0-9_]+(?:[._\-+#/:@][a-z0-9_]+)+|[a-z0-9]+_[a-z0-9_]*)|(?<![a-z])[a-z]+(?:\+\+|#)|#[a-z]+\b"
)
_ACCENT = re.compile("[\u0300-\u036f]")
_WHOLE_LETTERS = str.maketrans(
    {"æ": "ae", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "œ": "oe", "þ": "th", "ŧ": "t"}
)
"""Letters that Unicode does not take apart into a plain one and an accent."""

_GROUPED_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+")
_CAMEL = re.compile(r"\b[a-z]+(?:[A-Z][a-z0-9]+)+\b|\b(?:[A-Z][a-z0-9]+){2,}\b")
_CAMEL_PART = re.compile(r"[A-Z]?[a-z0-9]+")
QUOTATION = (
    rf'(?<![^\W_{_PAIRED}])"[^"]{{0,200}}"|“[^”]{{0,200}}”|「[^」]{{0,200}}」|『[^』]{{0,200}}』|《[^》]{{0,200}}》'
)
"""A pattern without groups. A straight mark behind a letter opens nothing: 27" is a size; behind Chinese, where no space stands, it may."""

_QUOTED = re.compile(QUOTATION)

COMPOUND_CHARACTERS = "_.+#-@:/"
"""Kept inside a term by the tokenizer; only compound terms hold them."""

ENGLISH_STOP_WORDS = frozenset(
    """a an the and or but nor so if then than as at by for from in into of off on onto out over to under up upon with within
    without about above after again against among around because been before being below between both during each few further
    here there once only own same some such no not very just also am is are was were be do does did doing done has have having
    had will would shall should can could may might must i me my mine we us our you your he him his she her hers it its they them
    their theirs this that these those who whom whose which what when where why how many much any all s t d ll re ve m don
    didn doesn isn wasn aren weren please tell give show find name called
    happen happens happened happening
    """.split()
)

_CHINESE_QUESTION = re.compile(
    "为什么|是?[做干]什么用?的|是?什么意思|有什么用|怎么回事|是什么|叫什么|什么时候|什么样|什么|有哪些|哪一年|哪一|哪些|哪里|哪儿|哪个|哪位|哪种|哪|怎么样|怎么|怎样|如何|为何|何时|何地"
    "|多少|多久|多长|几个|是谁|谁|请问|是否|有没有|吗|呢|吧|啊"
    "|我(?:的笔记(?:里|中)?|写过?了?|记得|记录?过?了?|提到?过?了?)|(?:有|在)?[哪那]?(?:一?[个篇条]|些)?笔记(?!本)(?:里|中)?|提到过?了?|关于|有关|告诉我|讲讲|说说|介绍一下|的事情?"
)
_ENGLISH_LEAD = re.compile(
    r"\A\W*(?:please\s+|can you\s+|could you\s+)*(?:"
    r"(?:what|where|when|which notes?)\s+(?:did|have|do|had)\s+i\s+(?:write|written|note|noted|say|said|mention|mentioned|record|recorded|save|saved)"
    r"(?:\s+down)?(?:\s+(?:about|on|of|regarding))?"
    r"|what\s+(?:do|did)\s+(?:i|we|you)\s+(?:know|have|remember)\s+(?:about|on|of)"
    r"|i(?:\s+(?:vaguely|dimly|kind of|sort of))?\s+(?:remember|recall)\s+(?:something|someone|somebody|a\s+notes?|reading|writing)(?:\s+(?:called|named|about|on|of))+"
    r"|what\s+(?:do|does|did)\s+(?:my|the|our)\s+notes?\s+(?:say|tell)(?:\s+(?:about|on|of))?"
    r"|(?:which|what)\s+notes?\s+(?:mentions?|is|are|talks?|says?|has|have)(?:\s+(?:about|on))?"
    r"|(?:find|show|search|list|get|give|tell)(?:\s+(?:me|us))?(?:\s+(?:all|any|every|my|the|more|for))*(?:\s+notes?)?(?:\s+(?:about|on|of|for|with|that|which|mentioning|regarding))+"
    r"|(?:all|any|my|the)?\s*notes?\s+(?:about|on|regarding|mentioning)"
    r")\s+(?=\S)"
)
"""How people address an assistant for notes. It says what they want of us, not what the note is about; a note on writing or on notes
would win otherwise."""

_ORDINARY_NUMBER = re.compile(
    r"(?:1\d|20|21)\d\ds?|\d+(?:st|nd|rd|th|s|am|pm|k|m|x|g|h|d|mm|cm|km|kg|mg|ml|min|gb|mb|tb)|[^\x00-\x7f]*"
)
"""A year, or a number with its ending or its unit."""

_SHORTEST_CODE, _FEWEST_DIGITS = 4, 2

_CHINESE_PARTICLES = frozenset("的了是在和与及或也都而之其于以被把让给从向对为有就着过个这那些此该")


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """What a query asks for. words: distinct, in order. phrases: quoted, as sequences of words. prefix: the last word, if it
    may be unfinished. compounds: identifiers, versions and the like, kept whole."""

    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...] = ()
    compounds: tuple[str, ...] = ()
    prefix: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases or self.compounds or self.prefix)


def fold(text: str) -> str:
    """Full-width and compatibility forms become plain ones, traditional characters simplified ones; case, accents and lone surrogates go.

    Whoever changes what follows, or what becomes a term, must raise TERMS_VERSION.
    """
    if text.isascii():
        return text.casefold()
    plain = to_simplified(unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode("utf-8"))).casefold()
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", plain))).translate(_WHOLE_LETTERS)


def words(text: str) -> list[str]:
    """Index terms of a text in reading order, without compounds."""
    return _words_of(fold(text))


def quoted(text: str) -> list[str]:
    """What stands in quotation marks of either language, in order, as written."""
    return [text[start:end] for start, end in quoted_spans(text) if start < end]


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Where that stands, without the marks; a span is empty where nothing is between them."""
    return [(match.start() + 1, match.end() - 1) for match in _QUOTED.finditer(text)]


def phrase_words(text: str) -> list[str]:
    """Index terms that stand in a row wherever a text holds this phrase, also in the middle of a longer run of Chinese."""
    return _words_of(fold(text), singles=False)


def compounds(text: str) -> list[str]:
    """Terms that hold punctuation: identifiers, versions, "c++", grouped numbers without their commas; and the words inside
    camel-case names."""
    plain = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode("utf-8"))
    found = [part.casefold() for name in _CAMEL.findall(plain) for part in _CAMEL_PART.findall(name)]
    plain = plain.casefold()
    found += [match.strip("-:/@") for match in _COMPOUND.findall(plain)]
    found += [number.replace(",", "") for number in _GROUPED_NUMBER.findall(plain)]
    return found


def parse_query(text: str, *, unfinished: bool = False) -> QueryTerms:
    """The terms of a query. unfinished: somebody is still typing, so the last word may only be a beginning.

    Words that nearly every note has are left out, unless nothing else is left.
    """
    plain = fold(text[:MOST_QUERY_CHARS])
    phrases = tuple(tuple(parts) for phrase in quoted(plain) if len(parts := phrase_words(phrase)) > 1)
    prefix = _last_word(plain) if unfinished else ""
    everything = _words_of(plain)
    told = _CHINESE_QUESTION.sub(" ", _ENGLISH_LEAD.sub(" ", plain))
    content = [word for word in _words_of(told, singles=False) if not is_filler(word)]
    chosen = dict.fromkeys(word for word in (content or everything) if word != prefix)
    found = dict.fromkeys(compounds(text[:MOST_QUERY_CHARS]))
    return QueryTerms(
        words=tuple(chosen)[:MOST_QUERY_TERMS],
        phrases=phrases[:4],
        compounds=tuple(word for word in found if word not in chosen)[:MOST_QUERY_TERMS],
        prefix=prefix,
    )


def runs(text: str) -> list[tuple[int, int]]:
    """Where the words of a text stand, as it is written; a stretch of Chinese is one."""
    return [match.span() for match in _RUN.finditer(text)]


def is_filler(word: str) -> bool:
    """True for words that say nothing about what a note is about."""
    return word in ENGLISH_STOP_WORDS or all(character in _CHINESE_PARTICLES for character in word)


def is_code(word: str) -> bool:
    """True for a term that stands for one thing and no other: a long number that is no year, or digits and letters that are no unit."""
    if len(word) < _SHORTEST_CODE or not word.isalnum() or _ORDINARY_NUMBER.fullmatch(word):
        return False
    return sum(character.isdigit() for character in word) >= _FEWEST_DIGITS


def is_across_words(pair: str) -> bool:
    """True for a pair of Chinese characters that holds a particle: rarely a word, mostly the end of one thing and the beginning of another."""
    return len(pair) == 2 and not _CHINESE_PARTICLES.isdisjoint(pair)


def is_paired(word: str) -> bool:
    """True for a term made of a script that is written without spaces."""
    return _RUN.match(word) is not None and _RUN.match(word).lastgroup == "paired"  # type: ignore[union-attr]


def _words_of(folded: str, *, singles: bool = True) -> list[str]:
    """singles: also the last character of each longer Chinese run."""
    found: list[str] = []
    for match in _RUN.finditer(folded):
        run = match.group()
        if match.lastgroup == "word" or len(run) == 1:
            found.append(run)
            continue
        found += [run[i : i + 2] for i in range(len(run) - 1)]
        if singles:
            found.append(run[-1])
    return found


def _last_word(folded: str) -> str:
    """The word at the very end, if it is written in a script with spaces; a Chinese query needs no prefix, its pairs are short."""
    last = next(reversed(list(_RUN.finditer(folded))), None)
    if last is None or last.end() != len(folded) or last.lastgroup != "word" or len(last.group()) < 2:
        return ""
    return last.group()
