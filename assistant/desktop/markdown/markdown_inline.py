"""Inline Markdown of one block: emphasis, code, links, images, formulas, entities, each run with its place in the source.

Differs from CommonMark where answers need it: `**重点：**内容` is strong (its flanking rules leave the stars standing when Chinese
punctuation meets a Chinese word), a line break is kept as a break, raw HTML is text, and nothing is ever fetched.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from assistant.desktop.markdown.formula_text import formula_text
from assistant.desktop.markdown.markdown_runs import Run, Style
from assistant.domain.formulas import FORMULA_ENDS, formula_end

_TOKEN = re.compile(
    r"(?P<formula>\\\(|\\\[|\$\$|\$(?=\S))"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<code>`+)"
    r"|(?P<image>!\[(?P<alt>[^\[\]\n]{0,1000})\]\((?P<src>[^()\s]{0,2000}(?:\([^()\s]{0,1000}\)[^()\s]{0,1000})?)(?:\s+[\"'][^\"'\n]*[\"'])?\))"
    r"|(?P<link>\[(?P<label>(?:[^\[\]\\]|\\.){1,1000})\]"
    r"\(<?(?P<href>[^()\s<>]{0,2000}(?:\([^()\s<>]{0,1000}\)[^()\s<>]{0,1000})?)>?(?:\s+[\"'][^\"'\n]*[\"'])?\))"
    r"|(?P<auto><(?P<url>[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]{1,2000})>)"
    r"|(?P<bare>(?<![\w/])https?://[^\s<>\"'，。；、）】》]{1,2000})"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<mark>\*+|_+|~+)"
    r"|(?P<newline>[ ]*\\?\n[ ]*)",
)
_TRAILING = ".,;:!?'\")*_~"
_STYLE_OF = {("*", 1): Style.EMPHASIS, ("*", 2): Style.STRONG, ("_", 1): Style.EMPHASIS, ("_", 2): Style.STRONG}


class SourceLines:
    """The text of a block put together from slices of the source (prefixes of quotes and lists are gone)."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._firsts: list[int] = []
        self._sources: list[int] = []
        self._length = 0

    def add(self, text: str, source: int) -> None:
        if self._parts:
            self._parts.append("\n")
            self._length += 1
        self._firsts.append(self._length)
        self._sources.append(source)
        self._parts.append(text)
        self._length += len(text)

    def text(self) -> str:
        return "".join(self._parts)

    def cuts_within(self, start: int, end: int) -> list[int]:
        """start, the beginnings of lines between them, end."""
        return [start, *(first for first in self._firsts if start < first < end), end]

    def source_of(self, index: int) -> int:
        if not self._firsts:
            return -1
        line = max(0, bisect_right(self._firsts, index) - 1)
        return self._sources[line] + index - self._firsts[line]


@dataclass(slots=True)
class _Piece:
    text: str
    index: int
    style: Style = Style.PLAIN
    target: str = ""
    same: bool = True
    length: int = 1


@dataclass(slots=True)
class _Delimiter:
    piece: int
    char: str
    count: int
    opens: bool
    closes: bool
    used: list[int] = field(default_factory=list)


def parse_inline(lines: SourceLines, *, open_ended: bool = False) -> tuple[Run, ...]:
    """Runs of a block, in order. open_ended: more may still come, so what is begun counts as if it were closed."""
    pieces, delimiters = _pieces(lines.text(), open_ended)
    _match(pieces, delimiters, open_ended)
    return tuple(run for piece in pieces for run in _runs_of(piece, lines))


def parse_formula(lines: SourceLines) -> tuple[Run, ...]:
    """The run of a formula that fills a block, signs around it included; words as they are written while it is not closed."""
    text = lines.text()
    opening = text[:2]
    closing = FORMULA_ENDS[opening]
    if len(text) < 5 or not text.endswith(closing):
        return tuple(run for run in _runs_of(_Piece(text, 0), lines))
    inner = text[2 : -len(closing)]
    first = 2 + len(inner) - len(inner.lstrip())
    return tuple(_runs_of(formula_piece(inner.strip(), first), lines))


def _runs_of(piece: _Piece, lines: SourceLines) -> list[Run]:
    """The piece as runs, cut where a line of the source ends: what stood between two lines may be a quote mark."""
    if not piece.text:
        return []
    if not piece.same:
        return [_whole_run(piece, lines)]
    cuts = lines.cuts_within(piece.index, piece.index + len(piece.text))
    return [
        Run(piece.text[start - piece.index : end - piece.index], lines.source_of(start), piece.style, piece.target)
        for start, end in pairwise(cuts)
    ]


def _whole_run(piece: _Piece, lines: SourceLines) -> Run:
    source = lines.source_of(piece.index)
    length = lines.source_of(piece.index + piece.length - 1) + 1 - source
    return Run(piece.text, source, piece.style, piece.target, same=False, length=length)


def _pieces(text: str, open_ended: bool) -> tuple[list[_Piece], list[_Delimiter]]:
    pieces: list[_Piece] = []
    delimiters: list[_Delimiter] = []
    at = 0
    while found := _TOKEN.search(text, at):
        if found.start() > at:
            pieces.append(_Piece(text[at : found.start()], at))
        at = _take(found, text, pieces, delimiters, open_ended)
    if at < len(text):
        pieces.append(_Piece(text[at:], at))
    return pieces, delimiters


def _take(found: re.Match[str], text: str, pieces: list[_Piece], delimiters: list[_Delimiter], open_ended: bool) -> int:
    """Add the piece of one token; the index where reading goes on."""
    kind, start, end = found.lastgroup or "", found.start(), found.end()
    if found["escape"]:
        pieces.append(_Piece(text[start + 1], start + 1))
    elif found["code"]:
        return _take_code(found["code"], start, text, pieces, open_ended)
    elif found["formula"]:
        return _take_formula(found["formula"], start, text, pieces)
    elif found["image"] is not None and found["image"]:
        pieces.append(
            _Piece(found["alt"] or found["src"], found.start("alt"), Style.IMAGE, found["src"], bool(found["alt"]))
        )
    elif found["link"]:
        _take_link(found, pieces)
    elif found["auto"]:
        pieces.append(_Piece(found["url"], found.start("url"), Style.LINK, found["url"]))
    elif found["bare"]:
        url = found["bare"].rstrip(_TRAILING)
        pieces.append(_Piece(url, start, Style.LINK, url))
        return start + len(url)
    elif found["entity"]:
        pieces.append(_Piece(html.unescape(found["entity"]), start, same=False))
    elif found["mark"]:
        _take_mark(found["mark"], start, text, pieces, delimiters)
    elif kind or found["newline"]:
        pieces.append(_Piece("\u2028", start + found["newline"].index("\n")))
    return end


def _take_link(found: re.Match[str], pieces: list[_Piece]) -> None:
    label = SourceLines()
    label.add(found["label"], found.start("label"))
    inner = parse_inline(label)
    pieces += [
        _Piece(run.text, run.source, run.style | Style.LINK, found["href"], run.same, run.length) for run in inner
    ]


def _take_code(ticks: str, start: int, text: str, pieces: list[_Piece], open_ended: bool) -> int:
    first = start + len(ticks)
    closing = re.compile(rf"(?<!`){ticks}(?!`)").search(text, first)
    if closing is None and not open_ended:
        pieces.append(_Piece(ticks, start))
        return first
    last = closing.start() if closing else len(text)
    inner_first, inner_last = first, last
    if last - first > 2 and text[first] == " " == text[last - 1]:
        inner_first, inner_last = first + 1, last - 1
    pieces.append(_Piece(text[inner_first:inner_last].replace("\n", " "), inner_first, Style.CODE))
    return closing.end() if closing else last


def _take_formula(opening: str, start: int, text: str, pieces: list[_Piece]) -> int:
    closing = FORMULA_ENDS[opening]
    first = start + len(opening)
    last = formula_end(opening, text, start)
    if last <= first:
        is_escape = opening[0] == "\\"
        pieces.append(_Piece(opening[1:] if is_escape else opening, start + is_escape))
        return first
    pieces.append(formula_piece(text[first:last], first))
    return last + len(closing)


def formula_piece(latex: str, index: int) -> _Piece:
    """A formula as it is read; its target is how it is written."""
    latex = latex.replace("\n", " ")
    shown = formula_text(latex)
    return _Piece(shown, index, Style.FORMULA, latex, same=shown == latex, length=len(latex))


def _take_mark(marks: str, start: int, text: str, pieces: list[_Piece], delimiters: list[_Delimiter]) -> None:
    before = text[start - 1] if start else " "
    after = text[start + len(marks)] if start + len(marks) < len(text) else " "
    pieces.append(_Piece(marks, start))
    opens, closes = _flanks(before, after)
    if marks[0] == "_":
        inside = _is_word(before) and _is_word(after)
        opens, closes = opens and not inside, closes and not inside
    if opens or closes:
        delimiters.append(_Delimiter(len(pieces) - 1, marks[0], len(marks), opens, closes))


def _flanks(before: str, after: str) -> tuple[bool, bool]:
    """Whether a run of marks between two characters can open and can close."""
    if _is_cjk(before) or _is_cjk(after):
        return not after.isspace(), not before.isspace()
    before_loose = before.isspace() or not (before.isalnum())
    after_loose = after.isspace() or not (after.isalnum())
    opens = not after.isspace() and (after.isalnum() or before_loose)
    closes = not before.isspace() and (before.isalnum() or after_loose)
    return opens, closes


def _is_word(char: str) -> bool:
    return char.isalnum() and not _is_cjk(char)


def _is_cjk(char: str) -> bool:
    return (
        "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\uff00" <= char <= "\uffef" or char in "“”‘’…—"
    )


def _match(pieces: list[_Piece], delimiters: list[_Delimiter], open_ended: bool) -> None:
    """Pair the delimiters, innermost first, and style what lies between."""
    openers: list[_Delimiter] = []
    for mark in delimiters:
        while mark.closes and mark.count:
            opener = next((item for item in reversed(openers) if _pairs(item, mark)), None)
            if opener is None:
                break
            width = min(2, opener.count, mark.count)
            _style(pieces, opener, mark, width)
            del openers[openers.index(opener) + 1 :]
            if not opener.count:
                openers.remove(opener)
        if mark.opens and mark.count:
            openers.append(mark)
    if open_ended:
        for opener in openers:
            width = min(2, opener.count) if opener.char != "~" else opener.count
            style = Style.STRIKE if opener.char == "~" else _STYLE_OF[opener.char, width]
            for piece in pieces[opener.piece + 1 :]:
                piece.style |= style
            _shorten(pieces[opener.piece], width, from_end=True)


def _pairs(opener: _Delimiter, closer: _Delimiter) -> bool:
    if opener.char != closer.char or not opener.count:
        return False
    if opener.char == "~":
        return opener.count == closer.count <= 2
    # CommonMark's rule of three: `*a**b*` must not pair a run that can do both with one of a length that adds up to three.
    both = (opener.opens and opener.closes) or (closer.opens and closer.closes)
    return not (both and (opener.count + closer.count) % 3 == 0 and (opener.count % 3 or closer.count % 3))


def _style(pieces: list[_Piece], opener: _Delimiter, closer: _Delimiter, width: int) -> None:
    style = Style.STRIKE if opener.char == "~" else _STYLE_OF[opener.char, width]
    for piece in pieces[opener.piece + 1 : closer.piece]:
        piece.style |= style
    _shorten(pieces[opener.piece], width, from_end=True)
    _shorten(pieces[closer.piece], width, from_end=False)
    opener.count -= width
    closer.count -= width


def _shorten(piece: _Piece, width: int, *, from_end: bool) -> None:
    if from_end:
        piece.text = piece.text[: len(piece.text) - width]
    else:
        piece.text, piece.index = piece.text[width:], piece.index + width
