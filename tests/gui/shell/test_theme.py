"""Text can be read in both themes, and everything follows the choice."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QApplication, QPushButton

from assistant.desktop.common.theme import DARK, LIGHT, Theme, Tokens, contrast

GROUNDS = ("ground", "pane", "card")


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "grounds"),
    [
        ("ink", (*GROUNDS, "accent_ground", "mark", "bubble", "hover", "warn_ground")),
        ("soft", (*GROUNDS, "accent_ground", "hover")),
        ("accent", (*GROUNDS, "accent_ground", "hover")),
        ("warn", (*GROUNDS, "warn_ground")),
        ("on_accent", ("accent", "accent_hover")),
        *(
            (f"code_{kind}", ("card", "mark", "accent_ground"))
            for kind in ("keyword", "string", "number", "comment", "name")
        ),
    ],
)
def test_text_one_must_read_has_enough_contrast(tokens: Tokens, text: str, grounds: tuple[str, ...]):
    poor = {g: round(contrast(getattr(tokens, text), getattr(tokens, g)), 2) for g in grounds}
    assert {g: value for g, value in poor.items() if value < 4.5} == {}


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_focus_rings_and_dots_can_be_seen(tokens: Tokens):
    for mark in ("accent", "faint", "warn"):
        for ground in GROUNDS:
            assert contrast(getattr(tokens, mark), getattr(tokens, ground)) >= 3


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_choosing_dark_repaints_the_window(qtbot, theme: Theme):
    button = QPushButton("Ask")
    qtbot.addWidget(button)
    with qtbot.waitSignal(theme.changed):
        theme.choose("dark", 1.0)
    assert theme.is_dark
    assert QApplication.palette().window().color() == QColor(DARK.ground)
    assert button.palette().buttonText().color() == QColor(DARK.ink)
    assert DARK.ground in QApplication.instance().styleSheet()


def test_nothing_is_announced_when_nothing_changes(qtbot, theme: Theme):
    with qtbot.assertNotEmitted(theme.changed, wait=20):
        theme.choose("light", 1.0)


def test_all_sizes_follow_the_font_size_setting(theme: Theme):
    before = theme.font("reading").pixelSize()
    theme.choose("light", 2.0)
    assert theme.font("reading").pixelSize() == 2 * before
    assert theme.px(28) == 56


@pytest.mark.parametrize("dark", [False, True])
def test_the_style_sheet_has_no_token_left_over(theme: Theme, dark: bool):
    theme.choose("dark" if dark else "light", 1.0)
    assert "$" not in theme.style_sheet()
    assert (DARK if dark else LIGHT).accent in theme.style_sheet()


def test_chinese_has_fonts_to_fall_back_on(theme: Theme):
    assert "Noto Sans CJK SC" in theme.font().families()


def test_compact_rows_stand_closer_and_text_keeps_its_size(qtbot, theme: Theme):
    size, row, gap, line = theme.font("reading").pixelSize(), theme.row_px(28), theme.gap_px(12), theme.line_height
    with qtbot.waitSignal(theme.changed):
        theme.choose("light", 1.0, "compact")
    assert theme.font("reading").pixelSize() == size
    assert theme.row_px(28) < row
    assert theme.gap_px(12) < gap
    assert theme.line_height < line


@pytest.mark.parametrize("scale", [0.9, 1.0, 1.6, 2.0])
def test_a_compact_row_still_holds_a_line_of_text_in_either_script(theme: Theme, scale: float):
    theme.choose("light", scale, "compact")
    assert theme.row_px(28) >= QFontMetrics(theme.font()).tightBoundingRect("Ågy 笔记").height()


def test_movement_can_be_turned_off(theme: Theme):
    theme.choose("light", 1.0, motion="none")
    assert theme.motion_ms() == 0
