"""Markdown notes become plain text with structure beside it."""

from __future__ import annotations

import pytest

from assistant.documents.limits import ReaderLimits
from assistant.documents.markdown import read_markdown, tame_html
from assistant.domain.documents import Block, BlockKind, Document, SpanKind
from assistant.domain.errors import NoteUnreadableError


def read(text: str) -> Document:
    return read_markdown(text.encode(), ReaderLimits())


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind is kind]


def spans(document: Document, kind: SpanKind) -> list[tuple[str, str]]:
    return [(document.text[s.start : s.end], s.target) for s in document.spans if s.kind is kind]


def blocks(document: Document, kind: BlockKind) -> list[Block]:
    return [block for block in document.blocks if block.kind is kind]


def test_the_text_has_no_markup_and_spans_say_what_was_there() -> None:
    document = read("A **bold** and *soft* `code` ~~gone~~ [link](https://x.example/y) &amp; ![a cat](cat%201.png)")
    assert document.text == "A bold and soft code gone link & a cat"
    assert spans(document, SpanKind.STRONG) == [("bold", "")]
    assert spans(document, SpanKind.EMPHASIS) == [("soft", "")]
    assert spans(document, SpanKind.CODE) == [("code", "")]
    assert spans(document, SpanKind.STRIKE) == [("gone", "")]
    assert spans(document, SpanKind.LINK) == [("link", "https://x.example/y")]
    assert spans(document, SpanKind.IMAGE) == [("a cat", "cat 1.png")]


def test_headings_make_paths() -> None:
    document = read("# One\n\n## Two\n\nbody\n\n# Three\n\nend")
    assert [block.heading_path for block in document.blocks] == [(), ("One",), ("One", "Two"), (), ("Three",)]
    assert [block.level for block in blocks(document, BlockKind.HEADING)] == [1, 2, 1]
    assert document.title == "One"


def test_front_matter_gives_title_tags_and_words_to_find() -> None:
    document = read("---\ntitle: My trip\ntags: [travel, 旅行]\naliases: [Holiday]\nuuid: 12-34\n---\n# Other\n")
    assert document.title == "My trip"
    assert document.tags == ("travel", "旅行")
    assert texts(document, BlockKind.FRONT_MATTER) == ["title: My trip\ntags: travel, 旅行\naliases: Holiday"]


def test_front_matter_without_words_is_left_out() -> None:
    document = read("---\nid: 17\npublish: true\nweight: 3\n---\nbody")
    assert document.text == "body"


@pytest.mark.parametrize("front", ["---\n: [broken\n---\nbody", "---\njust a sentence\n---\nbody"])
def test_what_only_looks_like_front_matter_stays_text(front: str) -> None:
    assert "body" in read(front).text
    assert read(front).title != "body"


def test_front_matter_with_a_billion_laughs_is_cut_short() -> None:
    bomb = "a: &a [lol, lol]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
    )
    assert len(read(f"---\n{bomb}---\nbody").text) < 10_000


def test_wikilinks_show_their_words_and_keep_their_target() -> None:
    document = read("See [[Plan 2024|the plan]], [[Berlin]] and ![[map.png]].")
    assert document.text == "See the plan, Berlin and map.png."
    assert spans(document, SpanKind.WIKILINK) == [("the plan", "Plan 2024"), ("Berlin", "Berlin")]
    assert spans(document, SpanKind.IMAGE) == [("map.png", "map.png")]
    assert document.links == ("Plan 2024", "Berlin")


def test_a_tag_of_a_list_may_have_spaces_and_a_line_of_tags_is_parted_at_them() -> None:
    assert read("---\ntags: [travel, big plans]\n---\nText.\n").tags == ("travel", "big plans")
    assert read("---\ntags: travel plans, home\n---\nText.\n").tags == ("travel", "plans", "home")


def test_tags_are_collected_from_text_but_not_from_code() -> None:
    document = read("A #project/alpha and #中文 tag, not `#this` nor a.b#c nor #123.\n\n```\n#no\n```")
    assert document.tags == ("project/alpha", "中文")


def test_lists_keep_nesting_markers_and_tasks() -> None:
    document = read("- [ ] open\n- [x] done\n  - inner\n\n3. third\n4. fourth\n")
    items = [(document.text[b.start : b.end], b.level, b.marker) for b in blocks(document, BlockKind.LIST_ITEM)]
    assert items == [
        ("open", 1, "☐"),
        ("done", 1, "☑"),
        ("inner", 2, "•"),
        ("third", 1, "3."),
        ("fourth", 1, "4."),
    ]
    assert document.text == "open\ndone\ninner\n\nthird\nfourth"


def test_table_rows_are_blocks_with_cells() -> None:
    document = read("| A | B |\n|---|---|\n| **1** | |\n")
    assert texts(document, BlockKind.TABLE_ROW) == ["A | B", "1 | "]
    assert [block.level for block in blocks(document, BlockKind.TABLE_ROW)] == [1, 0]
    assert [text for text, _ in spans(document, SpanKind.CELL)] == ["A", "B", "1", ""]


def test_code_keeps_its_white_space_and_language() -> None:
    document = read("```python\ndef f():\n    return 1\n\n\n    # end\n```")
    (block,) = blocks(document, BlockKind.CODE)
    assert document.text == "def f():\n    return 1\n\n\n    # end"
    assert block.language == "python"


def test_quotes_nest_and_callouts_lose_their_mark() -> None:
    document = read("> [!warning] Careful\n> hot\n>\n> > deeper")
    assert [(document.text[b.start : b.end], b.level) for b in blocks(document, BlockKind.QUOTE)] == [
        ("Careful hot", 1),
        ("deeper", 2),
    ]


def test_wrapped_chinese_lines_join_without_a_space() -> None:
    assert read("今天下雨，\n我们没出门。\nThen we\nslept.").text == "今天下雨，我们没出门。 Then we slept."


def test_raw_html_becomes_its_text() -> None:
    document = read("<div><b>Hello</b> <i>there</i></div>\n\nLine<br>break <u>under</u> <!-- hidden -->end")
    assert "Hello there" in document.text
    assert "Line\nbreak under" in document.text
    assert "hidden" not in document.text


@pytest.mark.parametrize(
    "opener",
    ["<script>", "<style>", "<!--", "<textarea>", "<title>", "<svg>", "<template>", "<head>", "<iframe>", "<a href='"],
)
def test_unfinished_html_does_not_swallow_the_note(opener: str) -> None:
    assert "after" in read(f"before {opener} middle\n\nafter").text


def test_only_known_elements_are_left_of_raw_html() -> None:
    assert tame_html("<b>x</b><x-wikilink target=y>z</x-wikilink> 1 < 2") == "<b>x</b> z  1 &lt; 2"
    assert "alert" not in tame_html("<script>alert(1)</script>")


def test_footnotes_are_kept() -> None:
    document = read("Claim.[^1]\n\n[^1]: The source of it.")
    assert document.text == "Claim.[1]\n\nThe source of it."


def test_links_that_run_code_are_no_links() -> None:
    document = read("[x](javascript:alert(1)) <a href='javascript:alert(2)'>y</a>")
    assert document.links == ()
    assert spans(document, SpanKind.LINK) == []


def test_an_empty_note_says_so() -> None:
    with pytest.raises(NoteUnreadableError) as caught:
        read("  \n\n")
    assert caught.value.reason == "empty"


def test_deep_nesting_neither_crashes_nor_loses_the_end() -> None:
    document = read("> " * 3000 + "deep\n\nafter")
    assert "after" in document.text
