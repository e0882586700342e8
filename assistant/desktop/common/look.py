"""What a page of text needs to know of the theme, so that it can be drawn on paper as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtGui import QColor, QFont

from assistant.desktop.common.theme import LIGHT, READING_LINE_HEIGHT, SIZES_PX, Theme


class Look(Protocol):
    def color(self, name: str) -> QColor: ...

    def px(self, pixels: float) -> int: ...

    def gap_px(self, pixels: float) -> int: ...

    @property
    def line_height(self) -> float: ...

    def font(self, role: str = "interface", *, bold: bool = False) -> QFont: ...


class PaperLook:
    """Light colours at their plain size, whatever the window looks like. Thread: any, one at a time."""

    def __init__(self, families: Sequence[str], mono_families: Sequence[str]) -> None:
        self._families = list(families)
        self._mono_families = list(mono_families)

    def color(self, name: str) -> QColor:
        return QColor(getattr(LIGHT, name))

    def px(self, pixels: float) -> int:
        return max(1, round(pixels))

    def gap_px(self, pixels: float) -> int:
        return self.px(pixels)

    @property
    def line_height(self) -> float:
        return READING_LINE_HEIGHT

    def font(self, role: str = "interface", *, bold: bool = False) -> QFont:
        font = QFont()
        font.setFamilies(self._mono_families if role == "code" else self._families)
        font.setPixelSize(self.px(SIZES_PX[role]))
        # Signs that a font draws otherwise beside others (the colon of 07:45) would be lost when the text is taken out of a PDF.
        font.setFeature(QFont.Tag("calt"), 0)
        if bold or role in {"title", "page-title"}:
            font.setWeight(QFont.Weight.DemiBold)
        return font


def paper_look(theme: Theme) -> PaperLook:
    """The fonts of the window on paper. Thread: the UI thread."""
    return PaperLook(theme.font().families(), theme.font("code").families())
