"""The citation chips within a written answer: small numbers in the text, behind the sentences that the notes support."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor, QTextDocument

from assistant.desktop.common.offset_map import OffsetMap
from assistant.desktop.common.theme import Theme
from assistant.desktop.markdown.markdown_view import CITE, NBSP
from assistant.domain.answers import SentenceCheck

AT_ONCE = 40
"""More chips at once would hold the window up: each moves all that is drawn behind it."""
_ENDINGS = ".。!！?？…,，;；:：”’\"')）]】 \n"


@dataclass(slots=True)
class Chip:
    """A drawn chip: its positions, its number, and the text offset it stands behind."""

    start: int
    end: int
    number: int
    offset: int


class AnswerChips:
    """Puts chips into a document and takes them out. moved(position, by): the document grew or shrank there."""

    def __init__(self, document: QTextDocument, theme: Theme, moved: Callable[[int, int], None]) -> None:
        self._document = document
        self._theme = theme
        self._tell_moved = moved
        self._chips: list[Chip] = []

    @property
    def standing(self) -> tuple[Chip, ...]:
        return tuple(self._chips)

    def any_from(self, position: int) -> bool:
        return any(chip.start >= position for chip in self._chips)

    def forget(self) -> None:
        """The document was cleared."""
        self._chips = []

    def bring_in_line(self, source: str, checks: Sequence[SentenceCheck], offsets: OffsetMap) -> bool:
        """Take away the chips that no check asks for any more, and put in some of those that are missing. source: the text that is drawn.
        Returns whether all stand now."""
        wanted = {
            (_chip_offset(check, source), check.citation)
            for check in checks
            if check.citation is not None and check.end <= len(source)
        }
        standing = {(chip.offset, chip.number) for chip in self._chips}
        missing = sorted(wanted - standing)
        if wanted == standing:
            return True
        cursor = QTextCursor(self._document)
        cursor.beginEditBlock()
        for chip in [chip for chip in self._chips if (chip.offset, chip.number) not in wanted]:
            self._remove(chip)
        for offset, number in missing[:AT_ONCE]:
            self._insert(offset, number, offsets)
        cursor.endEditBlock()
        return len(missing) <= AT_ONCE

    def remove_from(self, position: int) -> None:
        for chip in sorted(self._chips, key=lambda item: -item.start):
            if chip.start >= position:
                self._remove(chip)

    def _insert(self, offset: int, number: int, offsets: OffsetMap) -> None:
        position = offsets.position_after(offset)
        if position is None:
            return
        cursor = QTextCursor(self._document)
        cursor.setPosition(position)
        gap = self._small(cursor.charFormat())
        gap.setAnchor(False)
        gap.setAnchorHref("")
        gap.setFontUnderline(False)
        gap.clearBackground()
        chip = QTextCharFormat(gap)
        font = QFont(gap.font())
        font.setWeight(QFont.Weight.DemiBold)
        chip.setFont(font)
        chip.setForeground(self._theme.color("accent"))
        chip.setAnchor(True)
        chip.setAnchorHref(f"{CITE}{number}")
        text = f"{NBSP}{number}{NBSP}"
        cursor.insertText(NBSP, gap)
        cursor.insertText(text, chip)
        self._move(position, 1 + len(text))
        self._chips.append(Chip(position, position + 1 + len(text), number, offset))

    def _small(self, before: QTextCharFormat) -> QTextCharFormat:
        form = QTextCharFormat(before)
        font = QFont(self._theme.font("small"))
        font.setPixelSize(self._theme.px(11))
        form.setFont(font)
        return form

    def _remove(self, chip: Chip) -> None:
        cursor = QTextCursor(self._document)
        cursor.setPosition(chip.start)
        cursor.setPosition(chip.end, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        self._chips.remove(chip)
        self._move(chip.end, chip.start - chip.end)

    def _move(self, position: int, by: int) -> None:
        for chip in self._chips:
            if chip.start >= position:
                chip.start, chip.end = chip.start + by, chip.end + by
        self._tell_moved(position, by)


def _chip_offset(check: SentenceCheck, source: str) -> int:
    """Before the punctuation that ends the sentence, as footnote marks of running text stand here."""
    end = min(check.end, len(source))
    while end > check.start + 1 and source[end - 1] in _ENDINGS:
        end -= 1
    return end
