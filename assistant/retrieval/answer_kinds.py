"""What a question asks for (a time, a number, a person), and the words of a sentence that look like it."""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.models.simplified import to_simplified


class AnswerKind(StrEnum):
    TIME = "time"
    NUMBER = "number"
    PERSON = "person"
    ANY = "any"


_ASKED = (
    (
        AnswerKind.TIME,
        re.compile(
            r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade|time)\b"
            r"|哪一?年|何时|什么时候|什么时间|几年|几月|几号|哪一?天|年份"
        ),
    ),
    (
        AnswerKind.NUMBER,
        re.compile(
            r"\bhow (?:many|much|long|far|old|big|tall|large|high|deep|often|fast|heavy)\b|\bwhat (?:percent|number|share)"
            r"|\bpopulation\b|多少|几|多[长大久高重远快深]"
        ),
    ),
    (AnswerKind.PERSON, re.compile(r"\bwho(?:m|se)?\b|谁|哪位|何人|什么人")),
)

_MONTH = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?"
    "|Dec(?:ember)?"
)
_HAN_DIGITS = "〇零一二两三四五六七八九十百千万亿"
_TIME = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?\b(?:{_MONTH})\b(?:\s+\d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\s+\d{{4}})?"
    r"|\b(?:1\d{3}|20\d\d)s?\b|\b\d{1,2}(?:st|nd|rd|th) century\b|\b\d{1,2}:\d\d\b|\b\d{1,3} ?(?:BC|AD|BCE|CE)\b"
    rf"|[\d{_HAN_DIGITS}]{{2,4}}\s*年(?:\s*[\d{_HAN_DIGITS}]{{1,3}}\s*月)?(?:\s*[\d{_HAN_DIGITS}]{{1,3}}\s*[日号])?"
    rf"|[\d{_HAN_DIGITS}]{{1,3}}\s*月(?:\s*[\d{_HAN_DIGITS}]{{1,3}}\s*[日号])?|[\d{_HAN_DIGITS}]+\s*世纪"
)
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*(?:\s?(?:%|percent|per cent|million|billion|thousand|hundred))?"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|hundred|thousand|million|billion|dozen|half|twice)\b"
    rf"|[{_HAN_DIGITS}]+(?=[个位人座次名种米元岁天层公里条间所家部集页号])",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b[A-Z][^\W\d_]+(?:\s+(?:de|van|von|der|la|al|bin|of)\s+|[\s\-]+)(?:[A-Z]\.\s*)*[A-Z][^\W\d_]+(?:\s+[A-Z][^\W\d_]+)*"
    r"|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff·]{1,14}"
)
_LOOKS = {AnswerKind.TIME: _TIME, AnswerKind.NUMBER: _NUMBER, AnswerKind.PERSON: _PERSON}


def answer_kind(question: str) -> AnswerKind:
    plain = to_simplified(question.casefold())
    return next((kind for kind, asked in _ASKED if asked.search(plain)), AnswerKind.ANY)


def fitting_words(kind: AnswerKind, sentence: str) -> list[tuple[int, int]]:
    """Ranges of the sentence that could be the answer. Empty for AnswerKind.ANY."""
    looks = _LOOKS.get(kind)
    return [match.span() for match in looks.finditer(to_simplified(sentence))] if looks is not None else []
