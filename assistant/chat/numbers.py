"""Numbers of a text in digits and in words, in the form in which a claim and its proof are compared.

A sign makes another number, a currency may contradict another one, and what only points back ("both", 这两个) is no number that a reader
would check. Where it is unclear how a note means a number, each reading counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from assistant.chat.terms import fold, is_han, words_of

_ZH_NUMERAL = re.compile("[〇零一二两三四五六七八九十百千万亿]+")
_DIGITS = re.compile(r"\d+(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_ZH_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ZH_UNITS = {"十": 10, "百": 100, "千": 1000}
_LONGEST_NUMERAL = 20
_ZH_MEASURE = (
    "[个天年月日号次人元块岁位名座条只本册层楼米里斤吨度倍种件张台辆艘架家间所部篇章节届级周秒口匹头棵枚颗代场集支组批项门点]|"
    "小时|分钟|星期|礼拜|世纪|公[里斤]|千[米克]|[厘毫]米|欧元|美元|英镑|日元"
)
# 两人都 is "both of them", 这两个 points back, 十分 is "very"; 甲和乙两个 only adds up.
_ZH_COUNT = re.compile(
    rf"(?<![这那们其此](?=[二两]))(?!十分(?!钟))[二两三四五六七八九十](?={_ZH_MEASURE})(?!..?[都均皆])"
)
_ADDED_UP = re.compile("[和及与、][^，。；,;]{0,12}$")

_CARDINALS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth"
)
_NUMBER_WORDS = (
    {word: value for value, word in enumerate(_CARDINALS.split())}
    | {word: 10 * value for value, word in enumerate(_TENS.split(), 2)}
    | {word: value for value, word in enumerate(_ORDINALS.split(), 1)}
    | {"hundred": 100, "thousand": 1000}
)
_ANY_NUMBER_WORD = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_NUMBER_RUN = re.compile(
    rf"\b(?:{_ANY_NUMBER_WORD})(?:(?:[ -]|(?<=hundred) and |(?<=thousand) and )(?:{_ANY_NUMBER_WORD}))*\b(?! and an? (?:half|quarter))"
)
# In a note these are a number, too; in an answer they are no more than a way of speaking.
_OTHER_NUMBER_WORDS = {"none": "0", "once": "1", "twice": "2", "both": "2", "pair": "2", "couple": "2", "dozen": "12"}
_POINTS_BACK = re.compile(r"\b(the|these|those|of|other|between|his|her|its|their|an?|one)[ -]$")

_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "bn": 10**9}
_SCALES |= {
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
}
_SCALE = re.compile(
    r"(?: ?(?:-|–|to|and|or|至|到) ?\d[\d.,]*)? ?(hundred\b|thousand\b|[mb]illion\b|bn\b|[十百千]亿|[百千]?万|[亿百千])"
)
_CURRENCIES = {"$": "$", "€": "€", "£": "£", "¥": "¥"}
_CURRENCIES |= dict.fromkeys(("dollar", "dollars", "usd", "美元", "美金"), "$")
_CURRENCIES |= dict.fromkeys(("euro", "euros", "eur", "欧元"), "€")
_CURRENCIES |= dict.fromkeys(("pound", "pounds", "gbp", "英镑"), "£")
_CURRENCIES |= dict.fromkeys(("yen", "jpy", "日元", "日圆"), "yen")
_CURRENCIES |= dict.fromkeys(("yuan", "cny", "rmb", "人民币", "元", "块"), "yuan")
_SAME_SIGN = {"¥": ("yen", "yuan"), "yen": ("¥",), "yuan": ("¥",)}
_CURRENCY_BEFORE = re.compile(r"([$€£¥]|\b(?:eur|usd|gbp|jpy|cny|rmb)) ?[-−–]?$")
_CURRENCY_BEHIND = re.compile(
    rf"(?:{_SCALE.pattern})?[多余]? ?([$€£¥]|(?:dollars?|euros?|pounds?|usd|eur|gbp|jpy|cny|rmb|yen|yuan)\b|美[元金]|欧元|英镑|日[元圆]|人民币|元|块)"
)
_DEGREE = re.compile(r" ?(?:°|degrees?\b|度)")
_UNIT = re.compile(
    r" ?(?:[%°米克斤吨升秒天度年月岁倍万亿]|[公千][里米克斤]|[厘毫][米升]|小时|分钟|(?:per ?cent|degrees?|[mb]illion|thousand|hundred|"
    r"(?:kilo|centi|milli)?(?:met(?:er|re)|lit(?:er|re)|gram)s?|tons?|tonnes?|miles?|feet|inch(?:es)?|hours?|minutes?|seconds?|"
    r"days?|weeks?|months?|years?|times|[kcm]?m|[km]?g|m?l|k?wh?|[kmg]b|h|v)\b)"
)
_MINUS_WORD = re.compile(r"(?:\bminus|\bnegative|零下|负) ?$")
_BELOW_ZERO = re.compile(r" ?(?:°? ?[cf]?|degrees?(?: \w+)?) below (?:zero|freezing)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text. wanted: what must be among the readings of a number elsewhere for both to be the same; "" if a reader would not
    check it ("one", "both"). readings: all that it may be found as. "=2.5" is the value, however many zeros it is written with; without
    "=" zeros count, as in versions. currency: "" if none stands there."""

    wanted: str
    readings: frozenset[str]
    currency: str


def numbers_in(text: str) -> list[Number]:
    """All numbers of a text in digits and in the words of either language."""
    folded = fold(text)
    found = [_digits_at(folded, match) for match in _DIGITS.finditer(folded)]
    found += [number for match in _ZH_NUMERAL.finditer(folded) if (number := _zh_numeral_at(folded, match))]
    for match in _NUMBER_RUN.finditer(folded):
        found += _number_words_at(folded, match)
    return found


def written_numbers(text: str) -> set[str]:
    """Numbers a reader would check: digits, number words from "two" up, Chinese numerals of two characters or more and single ones that
    count something. "1,200" and "１２００" are "1200", "-5" is not "5"."""
    return wanted_numbers(numbers_in(text))


def all_numbers(text: str, numbers: Sequence[Number] | None = None) -> set[str]:
    """What a number in an answer may be found as: every reading of every number, however small. numbers: those of the text, if known."""
    found = {reading for number in (numbers_in(text) if numbers is None else numbers) for reading in number.readings}
    return found | {_OTHER_NUMBER_WORDS[word] for word in words_of(text) if word in _OTHER_NUMBER_WORDS}


def wanted_numbers(numbers: Sequence[Number]) -> set[str]:
    """As written_numbers, of numbers that are known."""
    return {number.wanted for number in numbers if number.wanted}


def wanted_money(numbers: Sequence[Number]) -> set[tuple[str, str]]:
    """Those of wanted_numbers that stand with a currency, with it."""
    return {(number.wanted, number.currency) for number in numbers if number.wanted and number.currency}


def all_money(numbers: Sequence[Number]) -> set[tuple[str, str]]:
    """Every reading of every number that stands with a currency, with each that it may be meant in ("¥" is that of two countries)."""
    return {
        (reading, currency)
        for number in numbers
        if number.currency
        for reading in number.readings
        for currency in (number.currency, *_SAME_SIGN.get(number.currency, ()))
    }


def _digits_at(folded: str, match: re.Match[str]) -> Number:
    currency = _currency_at(folded, match.start(), match.end())
    is_measured = bool(currency) or _UNIT.match(folded, match.end()) is not None
    written, plain = _as_written(match[0]), _plain(match[0])
    readings = {written}
    wanted = written
    if "." in written:
        readings.add(f"={plain}")
        if is_measured:
            wanted = f"={plain}"
            whole, _, fraction = plain.partition(".")
            readings |= {plain, f"{whole}.{fraction:0<2}"}
    scale = _SCALE.match(folded, match.end())
    if scale and len(plain) <= _LONGEST_NUMERAL:
        wanted = _scaled(plain, scale[1])
        readings.add(wanted)
    return _signed(folded, match, Number(wanted, frozenset(readings), currency), is_measured=is_measured)


def _zh_numeral_at(folded: str, match: re.Match[str]) -> Number | None:
    numeral = match[0]
    readings: set[str] = set()
    wanted = ""
    if len(numeral) == 1:
        value = str(_ZH_DIGITS.get(numeral, 10 if numeral == "十" else ""))
        readings.add(value)
        wanted = value if _counts_something(folded, match.start()) else ""
    else:
        value = _zh_value(numeral)
        readings.add(value)
        wanted = "" if numeral[0] in "百千万亿" else value
        if numeral[-1] in "万亿":
            readings.add(_zh_value(numeral[:-1]))
        if _is_about(numeral):
            wanted = ""
            readings.update(str(_ZH_DIGITS[char]) for char in numeral if char in _ZH_DIGITS)
    readings.discard("")
    if not readings:
        return None
    currency = _currency_at(folded, match.start(), match.end())
    return _signed(folded, match, Number(wanted, frozenset(readings), currency), is_measured=True)


def _counts_something(folded: str, start: int) -> bool:
    if not _ZH_COUNT.match(folded, start):
        return False
    return folded[start] not in "二两" or not _ADDED_UP.search(folded, max(0, start - 14), start)


def _number_words_at(folded: str, match: re.Match[str]) -> Iterator[Number]:
    runs = _word_values(re.findall(r"[a-z]+", match[0].replace(" and ", " ")))
    for place, (value, words) in enumerate(runs):
        readings = {str(value)}
        if len(words) > 1 and words[1] in ("hundred", "thousand"):
            readings.add(str(_NUMBER_WORDS[words[0]]))
        points_back = place == 0 and _POINTS_BACK.search(folded, max(0, match.start() - 10), match.start())
        is_loose = value < 2 or words == ["second"] or _is_loose(value, words, points_back[1] if points_back else "")
        wanted = "" if is_loose else str(value)
        scale = _SCALE.match(folded, match.end()) if place == len(runs) - 1 else None
        if scale:
            readings.add(_scaled(str(value), scale[1]))
            wanted = _scaled(str(value), scale[1])
        currency = _currency_at(folded, match.start(), match.end()) if place == len(runs) - 1 else ""
        number = Number(wanted, frozenset(readings), currency)
        yield _signed(folded, match, number, is_measured=True) if place == 0 else number


def _is_loose(value: int, words: Sequence[str], before: str) -> bool:
    """ "the two" may be any two, and "a third" is a part."""
    if before in ("a", "an", "one"):
        return words == ["third"]
    return bool(before) and value == 2


def _word_values(words: Sequence[str]) -> list[tuple[int, list[str]]]:
    """ "two hundred five" is one number, "nineteen eighty four" are two. Each with its words."""
    found: list[tuple[int, list[str]]] = []
    thousands = rest = 0
    own: list[str] = []
    for word in words:
        value = _NUMBER_WORDS[word]
        if word == "hundred":
            fits = rest < 100
        elif word == "thousand":
            fits = thousands == 0
        else:
            fits = rest == 0 or rest % 100 == 0 or (value < 10 and rest % 10 == 0 and rest % 100 >= 20)
        if own and (not fits or own[-1] in _ORDINALS.split() or own[-1] == "zero"):
            found.append((thousands + rest, own))
            thousands, rest, own = 0, 0, []
        if word == "hundred":
            rest = (rest or 1) * 100
        elif word == "thousand":
            thousands, rest = (rest or 1) * 1000, 0
        else:
            rest += value
        own.append(word)
    return [*found, (thousands + rest, own)]


def _signed(folded: str, match: re.Match[str], number: Number, *, is_measured: bool) -> Number:
    """A minus makes another number. An amount in a list of payments is often written with one that the answer leaves out; a temperature
    is another one without it."""
    is_degree = _DEGREE.match(folded, match.end()) is not None
    if not _is_minus(folded, match, is_measured=is_measured, is_degree=is_degree):
        return number
    readings = frozenset(_negative(reading) for reading in number.readings)
    is_below_zero = (
        is_degree or folded[: match.start()].rstrip().endswith("零下") or _BELOW_ZERO.match(folded, match.end())
    )
    return replace(
        number,
        wanted=_negative(number.wanted) if number.wanted else "",
        readings=readings if is_below_zero else readings | number.readings,
    )


def _negative(reading: str) -> str:
    return f"=-{reading[1:]}" if reading.startswith("=") else f"-{reading}"


def _is_minus(folded: str, match: re.Match[str], *, is_measured: bool, is_degree: bool) -> bool:
    """Not the dash of a range, of a list or within a name."""
    before = folded[max(0, match.start() - 16) : match.start()]
    if _MINUS_WORD.search(before) or _BELOW_ZERO.match(folded, match.end()):
        return True
    before = before.rstrip("$€£¥")
    if not before.endswith(("-", "−", "–")):
        return False
    before = before[:-1]
    line = before.rpartition("\n")[2].rstrip()
    if not line:
        return is_measured  # or it is the dash of a list
    if before[-1].isspace():
        return not line[-1].isdigit()
    return is_degree if is_han(before[-1]) else before[-1] in "([:=|~\"'“‘*"


def _currency_at(folded: str, start: int, end: int) -> str:
    sign = _CURRENCY_BEFORE.search(folded, max(0, start - 6), start)
    behind = None if sign else _CURRENCY_BEHIND.match(folded, end)
    return _CURRENCIES[sign[1]] if sign else _CURRENCIES[behind[2]] if behind else ""


def _scaled(plain: str, scale: str) -> str:
    return _plain(format(Decimal(plain) * _SCALES[scale], "f"))


def _as_written(digits: str) -> str:
    """Without leading zeros and separators; "3.10" keeps its last zero, "2.0" is "2"."""
    whole, _, fraction = digits.replace(",", "").partition(".")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if fraction.strip("0") else "")


def _plain(digits: str) -> str:
    written = _as_written(digits)
    return written.rstrip("0") if "." in written else written


def _zh_value(numeral: str) -> str:
    """ "二〇一七" is "2017", "一百二十" "120" and "两万五" "25000"; "" for what is no number ("万一" is "in case")."""
    if len(numeral) > _LONGEST_NUMERAL or numeral == "万一":
        return ""
    if all(char in _ZH_DIGITS for char in numeral):
        return _plain("".join(str(_ZH_DIGITS[char]) for char in numeral))
    total = part = section = digit = 0
    unit = 1  # what a bare digit at the end counts
    for char in numeral:
        if char in _ZH_DIGITS:
            digit = _ZH_DIGITS[char]
            unit = unit if digit else 1
            continue
        if char in _ZH_UNITS:
            size = _ZH_UNITS[char]
            section += (digit or 1) * size
        elif char == "万":
            size = 10_000
            part += (section + digit or 1) * size
            section = 0
        else:
            size = 100_000_000
            total = (total + part + section + digit or 1) * size
            part = section = 0
        unit, digit = size // 10, 0
    return str(total + part + section + digit * unit)


def _is_about(numeral: str) -> bool:
    """Two digits side by side beside a unit (七八十) say "seven or eight"."""
    return any(char not in _ZH_DIGITS for char in numeral) and any(
        one in _ZH_DIGITS and other in _ZH_DIGITS and "0" not in (str(_ZH_DIGITS[one]), str(_ZH_DIGITS[other]))
        for one, other in pairwise(numeral)
    )
