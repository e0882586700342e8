"""A passage on one line: without what stands beside it, its blocks apart."""

from __future__ import annotations

import pytest

from assistant.desktop.common.glance import passage_line


@pytest.mark.parametrize(
    ("note", "text", "headings", "line"),
    [
        (
            "Bags.md",
            "Things with wires\nChargers\nCamera, charged",
            ("Things with wires",),
            "Chargers · Camera, charged",
        ),
        ("Roof.docx", "Decision\nWe chose one.\nStill to do", ("Decision",), "We chose one. Still to do"),
        ("预算.md", "三月\n房租 800 元\n合计：900 元。\n下月再议", ("三月",), "房租 800 元 · 合计：900 元。下月再议"),
        ("letter.txt", "One sentence that\ngoes on here.", (), "One sentence that goes on here."),
        ("only.md", "Decision", ("Decision",), "Decision"),
        ("empty.md", " \n ", (), ""),
        ("front.md", "title: Bags\ntags: a\n\nChargers", (), "Chargers"),
    ],
)
def test_headings_named_beside_it_are_left_out_and_blocks_stay_apart(
    note: str, text: str, headings: tuple[str, ...], line: str
) -> None:
    assert passage_line(text, 0, note, headings) == line


def test_what_looks_like_front_matter_further_down_is_kept() -> None:
    assert passage_line("title: Bags\n\nChargers", 40, "bags.md") == "title: Bags · Chargers"
