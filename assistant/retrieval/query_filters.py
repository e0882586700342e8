"""The filters of a query: `folder:work`, 类型：pdf, `#tag`, `-title:draft`, `after:2024-03`, taken apart from the words to look for.

What looks like a filter but is none stays among the words: an address, a drive, a time of day, "note: buy milk", a date that nobody
understands. Nothing is ever refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from assistant.domain.search import DateRange, FilterKey, QueryFilter, Understood
from assistant.retrieval.query_dates import MOST_CHARS, find_dates
from assistant.retrieval.terms import QUOTATION, quoted, quoted_spans

_KEYS = {
    name: key
    for names, key in (
        ("folder folders in path 文件夹 資料夾 资料夹 目录 目錄", FilterKey.FOLDER),
        ("type types filetype ext 类型 類型 格式", FilterKey.TYPE),
        ("tag tags 标签 標籤", FilterKey.TAG),
        ("title name 标题 標題 名称 名稱", FilterKey.TITLE),
        ("after since from 之后 之後 晚于 晚於", FilterKey.AFTER),
        ("before until 之前 早于 早於", FilterKey.BEFORE),
        ("date on 日期", FilterKey.DATE),
        ("state status 状态 狀態", FilterKey.STATE),
    )
    for name in names.split()
}
_DATE_KEYS = {FilterKey.AFTER, FilterKey.BEFORE, FilterKey.DATE}

# Chinese punctuation and an opening bracket need no space behind them; but print(type:int) is code.
_BEGINNING = r"(?<![^\s，。；、！？,;(（])(?<![0-9A-Za-z_\]]\()"
_QUOTES = r'"(?P<straight>[^"]{1,200})"|“(?P<curly>[^”]{1,200})”|「(?P<corner>[^」]{1,200})」'
_BARE = r'(?P<bare>[^\s"“”「」，。；、！？]{1,200})'
_TOKEN = re.compile(
    rf"{QUOTATION}|{_BEGINNING}(?P<minus>[-−－]?)(?:"
    rf"(?P<key>{'|'.join(sorted(_KEYS, key=len, reverse=True))})[:：](?:{_QUOTES}|{_BARE})"
    r"|[#＃](?P<tag>[^\W\d_][\w/-]{0,99})(?=[\s，。；、！？：,;.?!)）]|:(?!\S)|$))",
    re.IGNORECASE,
)

_SEPARATORS = ",;，；、"
"""Behind a filter they part it from what follows."""

_CLOSING = ",;.?!)）"
"""At the end of a bare value they belong to the sentence; a bracket only if none is open in the value."""

_EMPTY_BRACKETS = re.compile(r"[(（]\s*[)）]")

MOST_TOKENS = 64
"""Filters and phrases looked at in one query; bounds what a pasted page costs."""

_SUFFIXES: dict[str, tuple[str, ...]] = {
    name: suffixes
    for names, suffixes in (
        ("pdf", (".pdf",)),
        ("word doc docx", (".docx", ".doc")),
        ("markdown md mdown mkd mkdn", (".md", ".markdown", ".mdown", ".mkd", ".mkdn")),
        ("text txt plain 文本 纯文本 純文本 文字", (".txt", ".text")),
        ("html htm xhtml web webpage 网页 網頁", (".html", ".htm", ".xhtml", ".mht", ".mhtml")),
        ("mht mhtml", (".mht", ".mhtml")),
        ("org", (".org",)),
        ("rst", (".rst",)),
        ("asciidoc adoc", (".adoc", ".asciidoc")),
        ("log 日志 日誌", (".log",)),
        ("csv", (".csv",)),
        ("tsv", (".tsv",)),
        ("table 表格", (".csv", ".tsv")),
        ("tex latex", (".tex",)),
        ("bib bibtex", (".bib",)),
        ("subtitles subtitle 字幕", (".srt", ".vtt")),
        ("srt", (".srt",)),
        ("vtt", (".vtt",)),
    )
    for name in names.split()
}

_STATES: dict[str, str] = {
    name: state
    for names, state in (
        ("ready done 就绪 就緒", "ready"),
        ("words by-words 按字词 按字詞", "words"),
        ("waiting queued 等待 等待中", "waiting"),
        ("unread not-read failed 未读 未讀 无法读取 無法讀取", "unread"),
    )
    for name in names.split()
}


def parse_filters(query: str, today: date) -> Understood:
    """Take a query apart.

    filters: start and end are of `query`, the minus included. `days` are those that the value names, with offsets into `value`; only
    `until:2024`, which takes the year in where `before:2024` ends ahead of it, is given as before the day after.
    words: what is left of the query, tidied; also all of it beyond the first MOST_CHARS, where no filter is looked for. Nothing where only
    punctuation is left.
    dates: those that `words` names outside quotation marks, with offsets into `words`: "The Day After Tomorrow" is a name.
    phrases: what stands in quotation marks in `words`.
    """
    filters: list[QueryFilter] = []
    rest: list[str] = []
    end = 0
    for found in _filters(query[:MOST_CHARS], today):
        filters.append(found)
        rest.append(query[end : found.start].lstrip(_SEPARATORS if end else ""))
        end = found.end
    rest.append(query[end:].lstrip(_SEPARATORS if end else ""))
    words = _tidied(" ".join(rest), bool(filters))
    return Understood(
        words=words,
        filters=tuple(filters),
        dates=_outside_quotations(find_dates(words, today), words),
        phrases=tuple(stripped for phrase in quoted(words) if (stripped := phrase.strip())),
    )


def _tidied(rest: str, is_cut: bool) -> str:
    """is_cut: filters were taken out of it, which leaves brackets around nothing and the question mark behind a filter at the end."""
    if is_cut:
        rest = _EMPTY_BRACKETS.sub(" ", rest)
        if not any(map(str.isalnum, rest)):
            return ""
    return " ".join(rest.split())


def _outside_quotations(dates: tuple[DateRange, ...], words: str) -> tuple[DateRange, ...]:
    spans = quoted_spans(words)
    return tuple(one for one in dates if not any(start <= one.start and one.end <= end for start, end in spans))


def suffixes_of(value: str) -> tuple[str, ...]:
    """The file suffixes, with their dot, that the value of a type filter stands for; () if it stands for none."""
    return _SUFFIXES.get(value.strip().casefold().removeprefix("*").removeprefix("."), ())


def state_of(value: str) -> str:
    """What the value of a state filter stands for: ready, words (its meaning is not read yet), waiting, unread; "" for nothing."""
    return _STATES.get(value.strip().casefold().replace(" ", "-"), "")


def _filters(query: str, today: date) -> Iterator[QueryFilter]:
    for match in islice(_TOKEN.finditer(query), MOST_TOKENS):
        if match["tag"]:
            yield QueryFilter(FilterKey.TAG, match["tag"], match.start(), match.end(), bool(match["minus"]))
        elif match["key"] and (found := _read_filter(match, today)):
            yield found


def _read_filter(match: re.Match[str], today: date) -> QueryFilter | None:
    """None if the value says nothing."""
    bare = match["bare"]
    value = _without_closing(bare) if bare else match["straight"] or match["curly"] or match["corner"]
    end = match.start("bare") + len(value) if bare else match.end()
    name = match["key"].casefold()
    key = _KEYS[name]
    value = value.strip()
    if key is FilterKey.TAG:
        value = value.lstrip("#＃")
    if not value or value.startswith("//"):
        return None
    days = _days_of(value, today) if key in _DATE_KEYS else None
    if days is not None and name == "until":
        days = _day_after(days)
    if key in _DATE_KEYS and days is None:
        return None
    if key is FilterKey.STATE and not state_of(value):
        return None
    return QueryFilter(key, value, match.start(), end, bool(match["minus"]), days, is_quoted=not bare)


def _without_closing(bare: str) -> str:
    """in:work. and (tag:work), but title:f(x)."""
    while bare and bare[-1] in _CLOSING and not (bare[-1] in ")）" and ("(" in bare or "（" in bare)):
        bare = bare[:-1]
    return bare


def _days_of(value: str, today: date) -> DateRange | None:
    """What a value names if all of it is one date: as it stands, with spaces for hyphens, as after "in" (march), "on" (fri), "in the" (summer).
    Two dots stand for "to"."""
    for text in dict.fromkeys((value, value.replace("-", " ").replace("_", " "), value.replace("..", " to "))):
        for opening in ("", "in ", "on ", "in the "):
            dates = find_dates(opening + text, today)
            if len(dates) == 1 and dates[0].end == len(opening + text) and _says_nothing(opening + text, dates[0]):
                found = dates[0]
                return DateRange(
                    found.first, found.last, max(0, found.start - len(opening)), len(value), found.is_relative
                )
    return None


def _says_nothing(text: str, found: DateRange) -> bool:
    return text[: found.start].strip().casefold() in {"", "in", "on", "the", "in the", "on the"}


def _day_after(days: DateRange) -> DateRange | None:
    if days.last == date.max:
        return None
    day = days.last + timedelta(1)
    return DateRange(day, day, days.start, days.end, days.is_relative)
