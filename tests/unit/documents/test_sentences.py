"""Sentence ranges: what a reader of English, Chinese or both would call a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.sentences import contains_han, split_sentences, text_language


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Smith met Mrs. Jones. They spoke.", ["Dr. Smith met Mrs. Jones.", "They spoke."]),
        ("It costs 3.50 euros. See fig. 2 on p. 14.", ["It costs 3.50 euros.", "See fig. 2 on p. 14."]),
        ("He said no. Then he left.", ["He said no.", "Then he left."]),
        ("Locksmith ..... 0555 012 088", ["Locksmith ..... 0555 012 088"]),
        ("He waited .... Then he left.", ["He waited ....", "Then he left."]),
        ("We came at 3 p.m. The door was shut.", ["We came at 3 p.m.", "The door was shut."]),
        ("The U.S. Senate met. J. R. R. Tolkien wrote.", ["The U.S. Senate met.", "J. R. R. Tolkien wrote."]),
        ('"Really?" he asked. "Yes!" She left.', ['"Really?" he asked.', '"Yes!"', "She left."]),
        ("(It rained.) We stayed.", ["(It rained.)", "We stayed."]),
        ("Read https://a.example/b.c?d=e.f now. Then go.", ["Read https://a.example/b.c?d=e.f now.", "Then go."]),
        ("Use e.g. tea, i.e. a drink. Fine.", ["Use e.g. tea, i.e. a drink.", "Fine."]),
        ("It was so.[12] Others doubt it.", ["It was so.[12]", "Others doubt it."]),
        ("Well... maybe. Wait... No.", ["Well... maybe.", "Wait...", "No."]),
        ("Yahoo! is old. Version 2.0.1 is out.", ["Yahoo! is old.", "Version 2.0.1 is out."]),
        ("1. Mix the flour. 2. Bake it.", ["1. Mix the flour.", "2. Bake it."]),
    ],
)
def test_english_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天下雨。我们没出门！为什么？", ["今天下雨。", "我们没出门！", "为什么？"]),
        ("他说：“你好吗？”我说好。", ["他说：“你好吗？”", "我说好。"]),
        ("「好。」她点头。（完。）下一章", ["「好。」", "她点头。", "（完。）", "下一章"]),
        ("价格是3.5元；不贵……真的。", ["价格是3.5元；", "不贵……", "真的。"]),
        ("“好！”，他说。", ["“好！”，他说。"]),
        ("Python 3.11发布了。Then we upgraded. 很快。", ["Python 3.11发布了。", "Then we upgraded.", "很快。"]),
        ("我用的是Node.js和Vue.js。很好", ["我用的是Node.js和Vue.js。", "很好"]),
    ],
)
def test_chinese_and_mixed_sentences_keep_their_closing_quotes(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_headings_list_items_and_rows_are_sentences_of_their_own() -> None:
    text = "Shopping\n\nmilk\nbread and butter\n• tea\n名称 | 价格\n苹果 | 三元"
    assert sentences(text) == ["Shopping", "milk", "bread and butter", "• tea", "名称 | 价格", "苹果 | 三元"]


def test_a_wrapped_line_does_not_end_its_sentence() -> None:
    wrapped = "The committee that met in the spring of that year decided\nagainst the plan. It was late."
    assert sentences(wrapped) == [
        "The committee that met in the spring of that year decided\nagainst the plan.",
        "It was late.",
    ]


def test_blank_text_has_no_sentences() -> None:
    assert split_sentences("") == []
    assert split_sentences(" \n\t\u3000\n") == []


@given(
    st.text(alphabet=st.sampled_from(list('aB .!?。！？…；"”」)[1]\n\t　中文,，:-•e.g')), max_size=300)
    | st.text(max_size=200)
)
def test_ranges_are_in_order_trimmed_and_hold_every_visible_character(text: str) -> None:
    ranges = split_sentences(text)
    position = 0
    for start, end in ranges:
        assert position <= start < end <= len(text)
        assert text[position:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        position = end
    assert text[position:].strip() == ""


@pytest.mark.parametrize("unit", [".", "a. ", '"', "a", ". \n", "。」", ".)", "[1", "a \t", "…", " \n", "中", "J. "])
def test_a_long_line_of_stops_is_split_in_one_pass(unit: str) -> None:
    # Anything quadratic would take minutes and run into the time limit of the test.
    text = unit * (100_000 // len(unit)) + "x"
    assert split_sentences(text)[-1][1] == len(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is this?", "en"),
        ("这是什么？", "zh"),
        ("What does 面子 mean in business?", "en"),
        ("请问 Python 怎么安装在 Windows 上？", "zh"),
        ("", "en"),
        ("12345 !?", "en"),
    ],
)
def test_language_is_that_of_most_words(text: str, language: str) -> None:
    assert text_language(text) == language


def test_han_is_found_beyond_the_basic_plane() -> None:
    assert contains_han("x𠮷y")
    assert not contains_han("ひらがな and letters")
