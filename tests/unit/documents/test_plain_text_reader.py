"""Plain text files keep their lines; control characters do not survive."""

from __future__ import annotations

import json
import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.cleaning import clean_text
from assistant.documents.limits import ReaderLimits
from assistant.documents.plain_text import read_plain_text
from assistant.domain.documents import BlockKind


def test_blank_lines_separate_paragraphs_and_lines_stay() -> None:
    document = read_plain_text(b"one\r\ntwo\r\n\r\n\r\n  three\r\n", ReaderLimits())
    assert document.text == "one\ntwo\n\n  three"
    assert [document.text[b.start : b.end] for b in document.blocks] == ["one\ntwo", "  three"]


def test_source_code_is_code_with_its_language() -> None:
    document = read_plain_text(b"def f():\n    return 1\n", ReaderLimits(), ".py")
    assert [(block.kind, block.language) for block in document.blocks] == [(BlockKind.CODE, "python")]


def test_a_text_longer_than_allowed_is_cut_between_words() -> None:
    document = read_plain_text(b"nine char " * 10, ReaderLimits(max_chars=53))
    assert document.text == " ".join(["nine char"] * 5)
    assert document.notices == ("partial",)
    assert read_plain_text(b"x" * 100, ReaderLimits(max_chars=50)).text == "x" * 50


@given(st.text(alphabet=st.characters(codec=None)))
def test_cleaned_text_can_be_stored_sent_and_written(text: str) -> None:
    cleaned = clean_text(text)
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert json.loads(json.dumps(cleaned)) == cleaned
    with sqlite3.connect(":memory:") as store:
        assert store.execute("SELECT ?", (cleaned,)).fetchone() == (cleaned,)
    store.close()
    assert clean_text(cleaned) == cleaned
    assert not any(ord(char) < 32 and char not in "\n\t" for char in cleaned)


def test_surrogate_halves_are_joined_or_replaced() -> None:
    assert clean_text("\ud83d\ude00 \ud800!") == "😀 �!"
