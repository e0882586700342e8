"""Plain text files, and files that are read as if they were (source code, logs, tables of values, other markup)."""

from __future__ import annotations

import re

from assistant.documents.building import DocumentBuilder
from assistant.documents.cleaning import clean_text
from assistant.documents.encodings import decode_text
from assistant.documents.limits import ReaderLimits, cut_text, unreadable
from assistant.domain.documents import BlockKind, Document, NoteFormat, ReasonCode

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")

CODE_LANGUAGES = {
    "bash": "bash", "bat": "bat", "c": "c", "cc": "cpp", "cfg": "ini", "conf": "ini", "cpp": "cpp", "cs": "csharp",
    "css": "css", "go": "go", "h": "c", "hpp": "cpp", "ini": "ini", "java": "java", "js": "javascript", "json": "json",
    "jsonl": "json", "jsx": "javascript", "kt": "kotlin", "lua": "lua", "php": "php", "pl": "perl", "ps1": "powershell",
    "py": "python", "r": "r", "rb": "ruby", "rs": "rust", "scala": "scala", "sh": "bash", "sql": "sql", "swift": "swift",
    "toml": "toml", "ts": "typescript", "tsx": "typescript", "vue": "html", "xml": "xml", "yaml": "yaml", "yml": "yaml",
}  # fmt: skip
"""Suffixes of files whose lines and indentation carry meaning, and the language they are written in."""


def read_plain_text(data: bytes, limits: ReaderLimits, suffix: str = "") -> Document:
    """Read a text file; paragraphs are what blank lines separate, and lines stay as they are.

    Raises: NoteUnreadableError (EMPTY, NOT_TEXT).
    """
    text, encoding = decode_text(data)
    builder = DocumentBuilder(NoteFormat.TEXT)
    builder.encoding = encoding
    add_plain_text(builder, text, limits, suffix)
    if not builder.chars:
        raise unreadable(ReasonCode.EMPTY)
    return builder.build()


def add_plain_text(builder: DocumentBuilder, text: str, limits: ReaderLimits, suffix: str = "") -> None:
    """Add text as paragraphs, or as blocks of code if the suffix says so. Of too much of it the beginning, with the notice "partial"."""
    if len(text) > limits.max_chars:
        text = cut_text(text, limits.max_chars)
        builder.add_notice(ReasonCode.PARTIAL.value)
    language = CODE_LANGUAGES.get(suffix.lstrip(".").lower(), "")
    kind = BlockKind.CODE if language else BlockKind.PARAGRAPH
    text = clean_text(text)
    line, at = 1, 0
    for paragraph in _BLANK_LINES.split(text):
        first = at + len(paragraph) - len(paragraph.lstrip("\n"))
        if builder.add_text(kind, paragraph, language=language):
            builder.lines.append(line + first - at)
        after = _BLANK_LINES.match(text, at + len(paragraph))
        line += paragraph.count("\n") + (after[0].count("\n") if after else 0)
        at = after.end() if after else len(text)
