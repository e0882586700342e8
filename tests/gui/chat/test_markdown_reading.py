"""Markdown of answers: what is read, and that every drawn character knows its place in the source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.desktop.markdown.markdown_blocks import parse_markdown
from assistant.desktop.markdown.markdown_runs import RUN_LIMIT_CHARS, RichBlock, Run, Style, broken_up
from assistant.domain.documents import BlockKind


def words(block: RichBlock) -> str:
    return "".join(run.text for run in block.runs)


def styled(text: str, style: Style) -> list[str]:
    return [run.text for block in parse_markdown(text) for run in block.runs if run.style & style]


def all_runs(blocks: list[RichBlock]) -> list[Run]:
    return [run for block in blocks for run in (*block.runs, *(run for cell in block.cells for run in cell))]


def test_emphasis_is_read():
    assert styled("a **strong** and *soft* word", Style.STRONG) == ["strong"]
    assert styled("a **strong** and *soft* word", Style.EMPHASIS) == ["soft"]
    assert styled("~~gone~~", Style.STRIKE) == ["gone"]


def test_chinese_emphasis_closes_behind_punctuation():
    assert styled("**重点：**带上护照", Style.STRONG) == ["重点："]


def test_words_with_underscores_stay_as_they_are():
    assert words(parse_markdown("snake_case_name")[0]) == "snake_case_name"


def test_raw_html_is_text():
    assert (
        words(parse_markdown('<img src="file:///etc/passwd"> <b>x</b>')[0]) == '<img src="file:///etc/passwd"> <b>x</b>'
    )


def test_an_image_is_its_description():
    runs = parse_markdown("see ![a map](http://example.org/map.png)")[0].runs
    assert [(run.text, run.target) for run in runs if run.style & Style.IMAGE] == [
        ("a map", "http://example.org/map.png")
    ]


def test_money_is_no_formula():
    assert styled("it costs $5 and $6", Style.FORMULA) == []
    assert styled("so $x^2$ holds", Style.FORMULA) == ["x²"]


def test_lists_nest_and_keep_their_markers():
    blocks = parse_markdown("- one\n  - two\n- [x] done\n\n1. first")
    assert [(block.marker, block.indent) for block in blocks] == [("•", 1), ("•", 2), ("☑", 1), ("1.", 1)]


def test_table_rows_have_cells():
    blocks = parse_markdown("| a | b |\n|---|---|\n| 1 | `x|y` |")
    assert [[cell[0].text for cell in block.cells] for block in blocks] == [["a", "b"], ["1", "x|y"]]
    assert [block.level for block in blocks] == [1, 0]


def test_code_keeps_its_lines_and_their_spaces():
    block = parse_markdown("```python\ndef f():\n    return 1\n```")[0]
    assert (block.kind, block.language, words(block)) == (BlockKind.CODE, "python", "def f():\n    return 1")


def test_an_unclosed_fence_is_open_while_growing_and_closed_at_the_end():
    assert not parse_markdown("```\nx", growing=True)[0].closed
    assert parse_markdown("```\nx")[0].closed


def test_begun_emphasis_is_drawn_as_such_while_growing():
    runs = parse_markdown("this is **very impor", growing=True)[0].runs
    assert [run.text for run in runs if run.style & Style.STRONG] == ["very impor"]
    assert "*" not in words(parse_markdown("this is **very impor", growing=True)[0])


def test_a_long_word_is_broken_into_pieces():
    block = parse_markdown("x" * 9_000)
    pieces = [piece for item in block for piece in broken_up(item)]
    assert all(len(words(piece)) <= RUN_LIMIT_CHARS + 1 for piece in pieces)
    assert "".join(words(piece) for piece in pieces) == "x" * 9_000


MARKDOWN = st.text(alphabet="ab 重。\n*_`~#>-1.|[]()!<&$\\\t😀", max_size=200)


@given(MARKDOWN)
def test_every_drawn_character_stands_where_its_run_says(source: str):
    for run in all_runs(parse_markdown(source)):
        if run.same and run.source >= 0:
            drawn = source[run.source : run.source + len(run.text)]
            assert drawn.replace("\n", "\u2028").replace("\t", " ") in (run.text, run.text.replace("\n", "\u2028")) or (
                drawn.split() == run.text.split()
            )


@given(MARKDOWN)
def test_runs_come_in_order_and_never_overlap(source: str):
    at = 0
    for run in all_runs(parse_markdown(source)):
        assert run.source >= at
        at = run.source + (len(run.text) if run.same else 1)


@given(MARKDOWN, st.integers(0, 200))
def test_reading_can_start_again_at_any_closed_block(source: str, cut: int):
    blocks = parse_markdown(source)
    if not blocks:
        return
    block = blocks[cut % len(blocks)]
    if block.kind is BlockKind.TABLE_ROW or (block.quote and block.start):
        return
    again = parse_markdown(source, block.start, block.resume)
    assert words(again[0]).strip() == words(block).strip()


@pytest.mark.parametrize("source", ["", "\n\n", "   ", "|", "```", "> ", "- ", "#", "[](", "![]()", "****", "\\"])
def test_odd_pieces_are_read_without_fuss(source: str):
    for growing in (True, False):
        parse_markdown(source, growing=growing)
