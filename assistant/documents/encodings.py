"""Bytes of a text file become text, in whatever encoding they were written.

The order is from proof to guess: a byte-order mark, strict UTF-8 (other text almost never passes it), the same between stray zero
bytes, the zero bytes of UTF-16 and UTF-32, then a guess among the legacy encodings, then UTF-8 with replacement characters.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from assistant.documents.limits import unreadable
from assistant.domain.documents import ReasonCode

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE_BYTES = 64_000
_HOLES = re.compile(b"\0{4,}")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROL_SHARE = 0.02
# Multi-byte encodings a note may be in. Each is tried strictly; the text that looks most like language wins.
_EAST_ASIAN = ("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "big5hkscs", "cp949")
# What the detection library may choose from: the encodings that files were really written in, without the exotic ones it
# otherwise takes short texts for.
# fmt: off
_SINGLE_BYTE = [
    "cp1252", "cp1250", "cp1251", "koi8_r", "koi8_u", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "cp1258", "cp874", "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_15", "mac_roman", "mac_cyrillic", "cp437", "cp850", "cp852", "cp866",
]
# fmt: on
# Windows code pages for Western and Central Europe agree on most letters; these are what Western text is made of.
_WESTERN = frozenset("éèêëàâäáãåæçùûüúôöóõøœîïíìñßýÿÉÈÊËÀÂÄÁÃÅÆÇÙÛÜÚÔÖÓÕØŒÎÏÍÌÑÝ¿¡«»‘’“”„–—…€£§°·•ªº²³½¼©®™\xa0")
_FREQUENT_HANGUL = frozenset(
    "이다는을를에의가고하지은로도서한기사인대정자어시나리있과스그수것아들만일보제여게오해부으장전구"
)
_FREQUENT_HAN = frozenset(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能"
    "好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把"
    "這來個國說們為時會過學對她裡後麼沒於還發當無開見經頭動兩長樣現將與進機點關實業電問應體義戰數產"
    "日本人大年会国中者社自分見上方同時場東京学生名前今回気出行手部内事間"
)


def decode_text(data: bytes, declared: str = "") -> tuple[str, str]:
    """Decode a text file.

    Args:
        declared: an encoding the file names for itself (an HTML page does); believed if it decodes strictly.

    Returns:
        The text and the name of the encoding; "utf-8 (damaged)" where bytes had to be replaced.

    Raises:
        NoteUnreadableError: NOT_TEXT, the bytes are no text in any of them.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(name, "replace")), name
    if declared and (text := _strictly(data, declared)) is not None:
        return _checked(text), declared
    if (text := _strictly(data, "utf-8")) is not None and "\0" not in text:
        return _checked(text), "utf-8"
    if b"\0" in data and (text := _between_zeros(data)):
        return _checked(text), "utf-8 (damaged)"
    name = _wide_encoding(data) or _legacy_encoding(data)
    if name and (text := _strictly(data, name)) is not None:
        return _checked(text), name
    if b"\0" in data:
        raise unreadable(ReasonCode.NOT_TEXT)
    return _checked(data.decode(name or "utf-8", "replace")), f"{name or 'utf-8'} (damaged)"


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _between_zeros(data: bytes) -> str:
    """UTF-8 with zero bytes in it, such as the block of them that a power cut leaves in a file; "" if it is anything else.

    In UTF-16 and UTF-32 every other byte of Latin text is zero, and what stands between the zeros of other scripts is no UTF-8, or full of
    control characters."""
    rest = _HOLES.sub(b"", data)
    if rest.count(b"\0") * 3 > len(rest):
        return ""
    text = _strictly(rest.replace(b"\0", b""), "utf-8") or ""
    return "" if _CONTROL.search(text) else text


def _checked(text: str) -> str:
    sample = text[:_SAMPLE_BYTES]
    unusable = len(_CONTROL.findall(sample)) + sample.count("\ufffd") / 3
    if unusable > max(2.0, len(sample) * _MOST_CONTROL_SHARE):
        raise unreadable(ReasonCode.NOT_TEXT)
    return text


def _wide_encoding(data: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: recognised by what the text would be, since Chinese has few zero bytes."""
    best, best_score = "", 0.6
    size = min(len(data), _SAMPLE_BYTES) & ~3
    for name, unit in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        if len(data) % unit:
            continue
        # A pair may be cut at the sample's end: errors there are the sample's, not the text's.
        text = data[: size or len(data)].decode(name, "replace").rstrip("\ufffd")
        if text and "\0" not in text and "\ufffd" not in text and (score := _wide_score(text, data)) > best_score:
            best, best_score = name, score
    return best


def _wide_score(text: str, data: bytes) -> float:
    """Share of characters that notes are made of. Read in the wrong width or order, text is scattered over all of Unicode."""
    plain = sum(char.isascii() and (char.isprintable() or char in "\n\r\t") for char in text)
    frequent = sum(
        char in _FREQUENT_HAN or char in "，。、！？：；“”（）「」　" or "\u3040" <= char <= "\u30ff" for char in text
    )
    latin = sum("\u00c0" <= char <= "\u024f" or "\u0370" <= char <= "\u052f" for char in text)
    if not plain + frequent:
        return 0.0
    if b"\0" in data:
        han = sum("\u4e00" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in text)
        return (plain + latin + han + frequent) / len(text)
    # Without zero bytes there is no ASCII in it: only text that is thick with the commonest characters is believed.
    return 0.5 + frequent / len(text) if frequent / len(text) > 0.2 else 0.0


def _legacy_encoding(data: bytes) -> str:
    sample = data[:_SAMPLE_BYTES]
    if len(data) > _SAMPLE_BYTES:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    east = _east_asian_encoding(sample)
    if east:
        return east
    western = _strictly(sample, "cp1252")
    if western is not None and all(char.isascii() or char in _WESTERN for char in western):
        return "cp1252"
    guess = from_bytes(sample, cp_isolation=_SINGLE_BYTE).best()
    return guess.encoding if guess is not None else ""


def _east_asian_encoding(sample: bytes) -> str:
    """The detection library mistakes short Chinese and Japanese texts for one another, so these are weighed by hand first."""
    best, best_score = "", 0.0
    for name in _EAST_ASIAN:
        text = _strictly(sample, name)
        if text is None:
            continue
        score = _east_asian_score(text, name)
        if score > best_score + 0.01:
            best, best_score = name, score
    return best if best_score > 0.12 else ""


def _east_asian_score(text: str, name: str) -> float:
    """Share of characters that text is made of among those beyond ASCII, minus that of characters no note is made of."""
    wide = [char for char in text if not char.isascii()]
    if not wide:
        return 0.0
    good = sum(char in _FREQUENT_HAN or char in "，。、！？：；“”（）《》「」『』　" for char in wide)
    kana = sum("\u3040" <= char <= "\u30ff" for char in wide)
    hangul = sum("\uac00" <= char <= "\ud7a3" for char in wide) + 3 * sum(char in _FREQUENT_HANGUL for char in wide)
    usual = sum("\u4e00" <= char <= "\u9fff" and _is_first_level(char, name) for char in wide)
    odd = sum(
        "\ue000" <= char <= "\uf8ff" or "\uff61" <= char <= "\uff9f" or "\u2500" <= char <= "\u257f" or char > "\uffff"
        for char in wide
    )
    return (good + 0.5 * kana + 0.2 * hangul + 0.3 * usual - odd) / len(wide)


# The national standards put their most used characters first: lead bytes of that first level.
_FIRST_LEVEL = {
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5": ("big5", 0xA4, 0xC6),
    "big5hkscs": ("big5", 0xA4, 0xC6),
    "shift_jis": ("shift_jis", 0x88, 0x97),
    "euc_jp": ("shift_jis", 0x88, 0x97),
}


def _is_first_level(char: str, name: str) -> bool:
    if name not in _FIRST_LEVEL:
        return False
    standard, first, last = _FIRST_LEVEL[name]
    return first <= char.encode(standard, "replace")[0] <= last
