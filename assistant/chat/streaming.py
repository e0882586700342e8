"""Cleaning of a token stream on its way to the screen: what a model writes beside its answer is taken out, and loops are cut."""

from __future__ import annotations

import re

from assistant.chat.terms import fold, words_of
from assistant.domain.sentences import is_question, split_sentences

# "[2]", "[1, 3]", "[^2]", "【2】", "[Passage 2]" with the space before it, but not "items[0]"; and a start of such a marker at the end of a piece.
_MARKER = re.compile(
    r"[ \t]*(?:\[(?:\^|passages? ?|notes? ?)?[1-9]\d{0,2}(?:\s?[,;-]\s?[1-9]\d{0,2})*\]|【[1-9]\d{0,2}(?:[,，、]\s?[1-9]\d{0,2})*】)",
    re.IGNORECASE,
)
_MARKER_START = re.compile(
    r"[ \t]*(?:\[(?:\^|p[a-z]{0,7} ?|n[a-z]{0,4} ?)?[\d,; -]{0,16}|【[\d,，、 ]{0,16})?$", re.IGNORECASE
)
_THINK_OPEN, _THINK_CLOSE = "<think>", "</think>"


class StreamCleaner:
    """Takes out a model's citation markers and its thinking block, however they are cut into pieces.

    A space or a bracket at the end of a piece is held back until it is known what follows.
    """

    def __init__(self) -> None:
        self._held = ""
        self._is_thinking = False
        self._has_begun = False

    def feed(self, piece: str) -> str:
        """The text that can be shown now."""
        self._held += piece
        return self._release(is_last=False)

    def finish(self) -> str:
        """What was held back and turned out to be text."""
        return self._release(is_last=True).rstrip()

    def _release(self, *, is_last: bool) -> str:
        self._drop_thinking(is_last=is_last)
        text = _MARKER.sub("", self._held)
        if not self._has_begun:
            text = text.lstrip()
        hold_from = len(text) if is_last else self._hold_from(text)
        shown, self._held = text[:hold_from], text[hold_from:]
        self._has_begun = self._has_begun or bool(shown)
        return shown

    def _hold_from(self, text: str) -> int:
        if self._is_thinking:
            return 0
        if not self._has_begun and _THINK_OPEN.startswith(text):
            return 0
        match = _MARKER_START.search(text)
        assert match is not None
        return match.start()

    def _drop_thinking(self, *, is_last: bool) -> None:
        if not self._has_begun and self._held.lstrip().startswith(_THINK_OPEN):
            self._is_thinking = True
        if not self._is_thinking:
            return
        end = self._held.find(_THINK_CLOSE)
        if end >= 0:
            self._held = self._held[end + len(_THINK_CLOSE) :]
            self._is_thinking = False
        elif is_last:
            self._held = ""


_TAIL_CHARS = 480
_LOOP_CHARS = 4000
_REPEATED_TAIL = re.compile(r"(.{2,120}?)\1{3,}.{0,20}$", re.DOTALL)
_LOOK_EVERY_CHARS = 24
_ITEM_MARK = re.compile(r"\A(?:\d{1,3}[.)]|[-*•])\s+")


class LoopGuard:
    """Notices when a small model begins to say the same thing again and again. Looks at the text every few words."""

    def __init__(self) -> None:
        self._looked_at = 0

    def cut_at(self, text: str) -> int | None:
        """Where the text must be cut because the rest only repeats it; None while it does not."""
        if len(text) - self._looked_at < _LOOK_EVERY_CHARS:
            return None
        self._looked_at = len(text)
        before = max(0, len(text) - _LOOP_CHARS)
        found = loop_start(text[before:])
        return None if found is None else before + found


def loop_start(text: str) -> int | None:
    """Start of a repetition at the end of text: a sentence of four words or more said twice running or three times in all, or a
    shorter stretch four times in a row. The number of a list item does not make it another sentence."""
    said: dict[str, int] = {}
    previous = ""
    for start, end in split_sentences(text):
        sentence = fold(_ITEM_MARK.sub("", text[start:end]))
        if len(words_of(sentence)) >= 4:
            said[sentence] = said.get(sentence, 0) + 1
            if said[sentence] >= 3 or sentence == previous:
                return start
        previous = sentence
    match = _REPEATED_TAIL.search(text, max(0, len(text) - _TAIL_CHARS))
    if match and sum(char.isalpha() for char in match[1]) >= 2:
        return match.end(1)
    return None


def whole_sentences(text: str) -> str:
    """text without an unfinished last sentence; all of it if there is no other."""
    ranges = split_sentences(text)
    if len(ranges) < 2 or text[ranges[-1][0] : ranges[-1][1]].rstrip("\"'”’)]*").endswith(
        (".", "!", "?", "…", "。", "！", "？")
    ):
        return text
    return text[: ranges[-2][1]]


def only_asks(text: str) -> bool:
    """True if a text says nothing but questions: a very small model sometimes repeats the one it was asked."""
    return all(is_question(text[start:end]) for start, end in split_sentences(text))
